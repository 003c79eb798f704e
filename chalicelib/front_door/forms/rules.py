"""A form: what anybody may send the city, who answers it, and by when. Plain rules.

A complaint, a report, a question, a request for a certificate are forms of one kind: questions, an owner, a deadline, a
receipt. A form has versions; one that was published never changes, so that a case can always say what was asked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.front_door.deadlines import DayCount, DeadlineRule
from chalicelib.programme.questions.rules import DRAFT, Question, property_of, question_of

FORM_ID = re.compile("[a-z][a-z0-9-]{1,39}")
MOST_PHOTOS = 5
# The question whose answer is the reference of a registration: the case is about that one.
ABOUT_KEY = "reference"
# The version before is taken for so long: somebody filled it in meanwhile, or kept it in a phone without a network.
TAKEN_AFTERWARDS = timedelta(days=30)

Labels = Mapping[str, str]


class FormKind(StrEnum):
    COMPLAINT = "complaint"
    REPORT = "report"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    CERTIFICATE = "certificate"
    APPLICATION = "application"


class ContactRule(StrEnum):
    """OPTIONAL: it may come from nobody in particular, who keeps the receipt."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class PlaceRule(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class RoutingRule:
    """Cases that go to another unit than the form's owner: those whose `answers` are all among these, by the question's
    key, and whose place is in one of these areas; neither of them: every case."""

    unit_id: str
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """One version. `owner`: a unit_id. `routing`: the first that fits counts; none: the owner. `receipt`, `if_not`:
    texts of the receipt, and what to do if no answer comes. `at_once`, `at_once_link`: another portal that gives it at
    once and free, and its address; empty: none does. `opens_on`, `closes_on`: the first and the last day on which it is
    there; None: any. `kept_months`: after it is closed. Labels: language to text."""

    form_id: str
    version: int
    kind: FormKind
    title: Labels
    intro: Labels
    questions: tuple[Question, ...]
    owner: str
    deadline: DeadlineRule
    receipt: Labels
    if_not: Labels
    routing: tuple[RoutingRule, ...] = ()
    contact: ContactRule = ContactRule.REQUIRED
    place: PlaceRule = PlaceRule.NONE
    most_photos: int = 0
    is_confidential: bool = False
    at_once: Labels = field(default_factory=dict)
    at_once_link: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    kept_months: int = 24

    @property
    def units(self) -> tuple[str, ...]:
        """The unit_ids to which its cases may go, each once."""
        return tuple(dict.fromkeys((self.owner, *(rule.unit_id for rule in self.routing))))

    @property
    def areas(self) -> tuple[str, ...]:
        """The area_ids that its rules name, each once."""
        return tuple(dict.fromkeys(area_id for rule in self.routing for area_id in rule.areas))

    def is_open(self, day: date) -> bool:
        return not ((self.opens_on and day < self.opens_on) or (self.closes_on and day > self.closes_on))

    def schema(self) -> dict[str, Any]:
        """JSON Schema draft-07 of the answers, as sessions' questions are described."""
        return {
            "$schema": DRAFT,
            "type": "object",
            "properties": {question.key: property_of(question) for question in self.questions},
            "required": [question.key for question in self.questions if question.required],
            "additionalProperties": False,
            "x-order": [question.key for question in self.questions],
        }


@dataclass(frozen=True)
class FormHead:
    """The state of a form. `published`: the version that is there; 0: none is. `since`: when it was published.
    `before`: the version that it replaced; 0: none. `newest`: the last version that was begun. `dark_since`,
    `dark_why`: the form is there, but takes nothing now; why, for staff. `is_withdrawn`: somebody withdrew it,
    and it is not for want of people. `edition` counts the changes."""

    form_id: str
    published: int
    since: datetime | None
    before: int
    newest: int
    dark_since: datetime | None
    dark_why: str
    edition: int
    is_withdrawn: bool = False

    def takes(self, version: int, now: datetime) -> bool:
        """Whether what was typed into this version is taken."""
        if not self.published or self.dark_since:
            return False
        is_recent = self.since is not None and now - self.since < TAKEN_AFTERWARDS
        return version == self.published or (version == self.before and is_recent)


def document(form: Form) -> dict[str, Any]:
    """The form as JSON, which `form_of` reads back."""
    return {
        "form_id": form.form_id,
        "version": form.version,
        "kind": form.kind.value,
        "title": dict(form.title),
        "intro": dict(form.intro),
        "schema": form.schema(),
        "owner": form.owner,
        "deadline": {
            "days": form.deadline.days,
            "counted": form.deadline.counted.value,
            "country": form.deadline.country,
            "most_more_days": form.deadline.most_more_days,
            "law": form.deadline.law,
        },
        "receipt": dict(form.receipt),
        "if_not": dict(form.if_not),
        "routing": [
            {
                "unit_id": rule.unit_id,
                "answers": {key: list(values) for key, values in rule.answers.items()},
                "areas": list(rule.areas),
            }
            for rule in form.routing
        ],
        "contact": form.contact.value,
        "place": form.place.value,
        "most_photos": form.most_photos,
        "is_confidential": form.is_confidential,
        "at_once": dict(form.at_once),
        "at_once_link": form.at_once_link,
        "opens_on": form.opens_on.isoformat() if form.opens_on else None,
        "closes_on": form.closes_on.isoformat() if form.closes_on else None,
        "kept_months": form.kept_months,
    }


def form_of(said: Mapping[str, Any]) -> Form:
    deadline, schema = said["deadline"], said["schema"]
    return Form(
        form_id=said["form_id"],
        version=int(said["version"]),
        kind=FormKind(said["kind"]),
        title=said["title"],
        intro=said["intro"],
        questions=tuple(question_of(key, schema["properties"][key]) for key in schema["x-order"]),
        owner=said["owner"],
        deadline=DeadlineRule(
            int(deadline["days"]),
            DayCount(deadline["counted"]),
            deadline["country"],
            int(deadline["most_more_days"]),
            deadline["law"],
        ),
        receipt=said["receipt"],
        if_not=said["if_not"],
        routing=tuple(
            RoutingRule(
                rule["unit_id"],
                {key: tuple(values) for key, values in rule["answers"].items()},
                tuple(rule["areas"]),
            )
            for rule in said["routing"]
        ),
        contact=ContactRule(said["contact"]),
        place=PlaceRule(said["place"]),
        most_photos=int(said["most_photos"]),
        is_confidential=said["is_confidential"],
        at_once=said["at_once"],
        at_once_link=said["at_once_link"],
        opens_on=date.fromisoformat(said["opens_on"]) if said["opens_on"] else None,
        closes_on=date.fromisoformat(said["closes_on"]) if said["closes_on"] else None,
        kept_months=int(said["kept_months"]),
    )
