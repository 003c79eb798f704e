"""A form is published, goes dark, and comes back.

Guarantee: whatever is sent by a form that is published and not dark reaches a unit that has people. That its units have
people, that its areas are there, drawn as its ways were looked for, and that a canary went through this very edition of
it are conditions of the write that publishes it. Each unit and area is written too: so whoever read one before does not
empty it after (units/editing.py), nor draw it anew (routing/editing.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.front_door.deadlines import COUNTRIES
from chalicelib.front_door.forms import canary, table
from chalicelib.front_door.forms.rules import Form, FormHead, Labels
from chalicelib.front_door.mapping import places
from chalicelib.front_door.routing import areas as areas_table
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.branches import branches
from chalicelib.front_door.units import table as units_table
from chalicelib.front_door.units.rules import Unit

NO_TITLE = N_("Write a title and an introduction in each language.")
NO_QUESTION = N_("Ask at least one question.")
NO_DEADLINE = N_("Say within how many days there is an answer.")
NO_OWNER = N_("Choose the unit that answers.")
NO_PEOPLE = N_("“{unit}” has no people: nobody would read what is sent. Give it people, or choose another unit.")
NO_RECEIPT = N_("Write in each language what the receipt says.")
NO_IF_NOT = N_("Write in each language what to do if no answer comes.")
HALF_AT_ONCE = N_("Say in each language where it is given at once, and give the link.")
IS_OVER = N_("Its last day is over. Choose a later one, or none.")
NOTHING_NEW = N_("There is no draft to publish. Begin a new version first.")
NOT_THERE = N_("This form was never published.")
IS_THERE = N_("This form is there already.")
MOST_WHY = 300


@dataclass(frozen=True)
class Missing:
    """`part`: of the form's pages. `message`: in English, with `values` for its {names}."""

    part: str
    message: str
    values: Mapping[str, Any]


def missing(form: Form, units: Mapping[str, Unit], areas: Mapping[str, Area], now: datetime) -> list[Missing]:
    """The faults that keep a draft from being published, within the border that the city has now."""
    found = [
        ("texts", NO_TITLE, _is_said(form.title) and _is_said(form.intro)),
        ("questions", NO_QUESTION, bool(form.questions)),
        ("answering", NO_OWNER, form.owner in units),
        ("answering", NO_DEADLINE, form.deadline.days >= 1 and form.deadline.country in COUNTRIES),
        ("receipt", NO_RECEIPT, _is_said(form.receipt)),
        ("receipt", NO_IF_NOT, _is_said(form.if_not)),
        ("dates", IS_OVER, form.closes_on is None or form.closes_on >= today(now)),
        ("dates", HALF_AT_ONCE, _is_said(form.at_once) if form.at_once_link else not form.at_once),
    ]
    faults = [Missing(part, message, {}) for part, message, is_there in found if not is_there]
    for unit_id in form.units:
        unit = units.get(unit_id)
        if unit_id and (unit is None or not unit.people):
            part = "answering" if unit_id == form.owner else "routing"
            faults.append(Missing(part, NO_PEOPLE, {"unit": unit.name["nl"] if unit else unit_id}))
    return faults + [Missing("routing", one.message, one.values) for one in branches(form, areas, places.border())[1]]


def publish(form_id: str, edition: int, now: datetime) -> Form:
    """Publishes the draft of which somebody saw this edition. Raises Problem `not-now`, which says what is missing or
    where the canary was lost; `changed` if the draft is another one, or something that it relies on changed."""
    head = existing(table.head(form_id))
    form, stored_edition = existing(table.draft(form_id, head.newest))
    if head.newest == head.published:
        raise not_now(NOTHING_NEW)
    if stored_edition != edition:
        raise Problem(CHANGED)
    areas = _must_be_ready(form, now)
    _fly(form, now)
    try:
        table.mark_passed(form, edition)
        after = replace(
            head,
            published=form.version,
            since=now,
            before=head.published,
            dark_since=None,
            dark_why="",
            is_withdrawn=False,
            edition=head.edition + 1,
        )
        items.transact_write(
            [table.publishing(form, edition, now), table.putting_head(after), *_relied_on(form, areas)]
        )
    except Refused:
        _must_be_ready(form, now)  # a unit that lost its people meanwhile is named
        raise Problem(CHANGED) from None
    _forget()
    return form


def withdraw(form_id: str, edition: int, why: str, now: datetime) -> None:
    """The form goes dark: its page says what else to do. `edition`: of the head that somebody saw. `why`: for staff.
    Raises Problem `changed`, `not-now`."""
    head = _as_seen(form_id, edition)
    if not head.published or head.dark_since:
        raise not_now(NOT_THERE)
    try:
        items.transact_write([table.putting_head(replace(dark(head, why, now), is_withdrawn=True))])
    except Refused:
        raise Problem(CHANGED) from None
    _forget()


def relight(form_id: str, edition: int, now: datetime) -> None:
    """A form that is dark is there again, as it was published last: if its units have people, and a canary gets
    through. Raises what `publish` raises."""
    head = _as_seen(form_id, edition)
    if not head.published:
        raise not_now(NOT_THERE)
    if not head.dark_since:
        raise not_now(IS_THERE)
    form, _ = existing(table.draft(form_id, head.published))
    areas = _must_be_ready(form, now)
    _fly(form, now)
    after = replace(head, dark_since=None, dark_why="", is_withdrawn=False, edition=head.edition + 1)
    try:
        items.transact_write([table.putting_head(after), *_relied_on(form, areas)])
    except Refused:
        _must_be_ready(form, now)
        raise Problem(CHANGED) from None
    _forget()


def there() -> list[tuple[FormHead, Form]]:
    """The forms that are there now, as they are now."""
    heads = [head for head in table.heads().values() if head.published and not head.dark_since]
    forms = [(head, table.version(head.form_id, head.published)) for head in heads]
    return [(head, form) for head, form in forms if form]


def leading_to(unit_id: str) -> list[tuple[FormHead, Form]]:
    """The forms that are there now and lead to this unit, as they are now."""
    return [(head, form) for head, form in there() if unit_id in form.units]


def relying_on(area_id: str) -> list[Form]:
    """The forms that are there now, a rule of which is about this area."""
    return [form for _, form in there() if area_id in form.areas]


def dark(head: FormHead, why: str, now: datetime) -> FormHead:
    return replace(head, dark_since=now, dark_why=why[:MOST_WHY], edition=head.edition + 1)


def _as_seen(form_id: str, edition: int) -> FormHead:
    head = existing(table.head(form_id))
    if head.edition != edition:
        raise Problem(CHANGED)
    return head


def _must_be_ready(form: Form, now: datetime) -> Mapping[str, Area]:
    """The areas by which it is."""
    areas = areas_table.every()
    faults = missing(form, units_table.every(), areas, now)
    if faults:
        errors: Sequence[FieldError] = [FieldError(one.part, one.message, one.values) for one in faults]
        raise Problem(INVALID, errors=errors)
    return areas


def _fly(form: Form, now: datetime) -> None:
    try:
        canary.fly(form, now)
    except canary.CanaryLost as lost:
        raise lost.problem from lost


def _relied_on(form: Form, areas: Mapping[str, Area]) -> list[dict[str, Any]]:
    drawn = [areas_table.relied_on(areas[one]) for one in form.areas]
    return [*map(units_table.relied_on, form.units), *drawn]


def _is_said(labels: Labels) -> bool:
    return all(labels.get(language, "").strip() for language in LANGUAGES)


def _forget() -> None:
    table.forget()
    units_table.forget()
    areas_table.forget()
