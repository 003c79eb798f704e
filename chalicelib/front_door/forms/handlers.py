"""The published forms, for anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, FromOne, InLanguages
from chalicelib.core.http.problems import existing
from chalicelib.core.moments import today
from chalicelib.front_door.deadlines import DayCount
from chalicelib.front_door.forms import table
from chalicelib.front_door.forms.rules import ContactRule, Form, FormKind, PlaceRule
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit

CACHED = {"Cache-Control": "public, max-age=5"}


@dataclass(frozen=True)
class ShownUnit:
    unit_id: str
    name: InLanguages


@dataclass(frozen=True)
class ShownForm:
    form_id: str
    version: Annotated[FromOne, "Send it with a case, so that what somebody filled in before a change is taken."]
    kind: FormKind
    title: InLanguages
    intro: InLanguages
    schema: Annotated[
        Mapping[str, object],
        "JSON Schema (draft-07) of `answers`, with what the draft has no word for behind `x-`; `x-order` is the order "
        "of the questions.",
    ]
    deadline_days: Annotated[FromOne, "Within so many days there is an answer."]
    deadline_counted: Annotated[DayCount, "`working`: without weekends and public holidays."]
    owner: Annotated[ShownUnit, "The unit of the city that answers, unless place or answers lead to another."]
    contact: Annotated[ContactRule, "`optional`: it may come from nobody in particular."]
    location: PlaceRule
    most_photos: Count
    at_once: Annotated[InLanguages, "Another place gives this at once and free; empty: none does."]
    at_once_link: str
    closes_on: Annotated[date | None, "The last day on which it is there; null: it stays."]


@dataclass(frozen=True)
class ShownForms:
    forms: Sequence[ShownForm]


def list_forms(call: Call) -> Answer:
    return Answer(200, ShownForms(shown_forms(call.now)), CACHED)


def get_form(call: Call, form_id: str) -> Answer:
    found = {form.form_id: form for form in shown_forms(call.now)}
    return Answer(200, existing(found.get(form_id)), CACHED)


def shown_forms(now: datetime) -> list[ShownForm]:
    """Those that take something today, by their title in Dutch."""
    day, owners = today(now), units.remembered()
    forms = [form for form in table.published().values() if form.is_open(day) and form.owner in owners]
    return [_shown(form, owners[form.owner]) for form in sorted(forms, key=lambda form: form.title["nl"])]


def _shown(form: Form, owner: Unit) -> ShownForm:
    return ShownForm(
        form_id=form.form_id,
        version=form.version,
        kind=form.kind,
        title=form.title,
        intro=form.intro,
        schema=form.schema(),
        deadline_days=form.deadline.days,
        deadline_counted=form.deadline.counted,
        owner=ShownUnit(owner.unit_id, owner.name),
        contact=form.contact,
        location=form.place,
        most_photos=form.most_photos,
        at_once=form.at_once,
        at_once_link=form.at_once_link,
        closes_on=form.closes_on,
    )
