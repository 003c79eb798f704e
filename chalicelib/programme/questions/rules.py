"""What the city asks of a family before a camp, beside what it always asks: its own questions. Plain rules.

A set of questions is a session's or an opening's; a session asks those of its opening first, then its own. It is kept
as JSON Schema (draft-07), with what the draft has no word for behind `x-`, and in versions: an answer says under which
version it was given. What was asked once keeps its key and its kind for ever; a question that is asked no more is
retired, so that a list can still name the answers that were given to it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.core.http.fields import AS_DATE
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.people.staff.rules import Role, Staff

# An opening's keys begin with it, and a session's do not: so no two questions of a session have one key.
OF_OPENING = "o_"
KEY = re.compile("[a-z][a-z0-9_]{0,39}")
MOST_QUESTIONS, MOST_CHOICES = 20, 20
# Characters of a question, of the text below it and of a choice; of an answer in words, and how large a number may be.
MOST_LABEL, MOST_HELP, MOST_CHOICE = 200, 500, 100
MOST_TEXT, MOST_NUMBER = 1_000, 1_000_000
# Of a set as JSON, those that are retired too: an item of the table has room for it, and a write costs no more than 60.
MOST_BYTES = 60_000
DRAFT = "http://json-schema.org/draft-07/schema#"
# No control characters, but for line breaks.
WORDS = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]+$"

# "date" of the draft alone takes other scripts' digits, and a year 0.
DAY = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"

AS_CHOICE = N_("Choose one of the answers.")
AS_SEVERAL = N_("Choose from the answers, each of them once.")
AS_YES_NO = N_("Answer yes or no.")
AS_WORDS = N_("Write {least} to {most} characters.")
AS_NUMBER = N_("Give a whole number from {least} to {most}.")
Json = dict[str, Any]


class QuestionKind(StrEnum):
    """How a question is answered. NUMBER: a whole one."""

    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes-no"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class Purpose(StrEnum):
    """What an answer is for, which says who reads it. STATISTICS: nobody reads whose answer it is. CASE: not of a
    camp but of a form (front_door/forms), whose cases the people of one unit read."""

    CAMP = "camp"
    KITCHEN = "kitchen"
    STATISTICS = "statistics"
    CASE = "case"


# What a camp's questions may be for.
OF_CAMPS = (Purpose.CAMP, Purpose.KITCHEN, Purpose.STATISTICS)


# Who reads whose answer it is; whoever else is concerned sees numbers at most.
_READERS = {
    Purpose.CAMP: frozenset({Role.LEADER, Role.DESK}),
    Purpose.KITCHEN: frozenset({Role.LEADER, Role.DESK, Role.MANAGER}),
    Purpose.STATISTICS: frozenset[Role](),
    Purpose.CASE: frozenset[Role](),
}


def readers(purpose: Purpose) -> frozenset[Role]:
    """The roles that read single answers; a leader, those of the sessions that they lead."""
    return _READERS[purpose]


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from. `label`: language to text."""

    value: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """`key`: what answers name it by. `label`, `help`: language to text; a help without any text is none.

    `choices` of a CHOICE and SEVERAL, in order. `least`, `most`: of a NUMBER the bounds, of a TEXT how many
    characters, one at least.
    """

    key: str
    kind: QuestionKind
    label: Mapping[str, str]
    required: bool
    purpose: Purpose
    help: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    least: int = 1
    most: int = MOST_TEXT

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(choice.value for choice in self.choices)

    @property
    def expects(self) -> tuple[str, Mapping[str, int]]:
        """The sentence that says how it is to be answered, and the values for its {names}."""
        match self.kind:
            case QuestionKind.CHOICE:
                return AS_CHOICE, {}
            case QuestionKind.SEVERAL:
                return AS_SEVERAL, {}
            case QuestionKind.YES_NO:
                return AS_YES_NO, {}
            case QuestionKind.DATE:
                return AS_DATE, {}
            case QuestionKind.TEXT | QuestionKind.NUMBER:
                text = AS_WORDS if self.kind is QuestionKind.TEXT else AS_NUMBER
                return text, {"least": self.least, "most": self.most}


@dataclass(frozen=True)
class QuestionSet:
    """One version of what a session or an opening (`of`: its id) asks. `version` counts from 1. `since`: aware, UTC.
    `retired`: what was asked by an earlier version, as it was asked last; its keys are never given again."""

    of: str
    version: int
    questions: tuple[Question, ...]
    since: datetime
    by: Staff
    retired: tuple[Question, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether one of its questions must be answered before a seat is a family's for good."""
        return any(question.required for question in self.questions)


@dataclass(frozen=True)
class Asked:
    """What a session asks: its opening's set, then its own; none of which need be there."""

    sets: tuple[QuestionSet, ...] = ()

    @property
    def versions(self) -> dict[str, int]:
        """By session_id or opening_id: what an answer is given under."""
        return {one.of: one.version for one in self.sets}

    @property
    def questions(self) -> tuple[Question, ...]:
        """In the order in which they are asked."""
        return tuple(question for one in self.sets for question in one.questions)

    @property
    def retired(self) -> tuple[Question, ...]:
        return tuple(question for one in self.sets for question in one.retired)

    @property
    def required(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.required)


def said(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, or else in Dutch, or in whichever there is; "" if there is none."""
    return next((texts[one] for one in (language, *LANGUAGES) if texts.get(one)), "")


def is_key(text: str, of_opening: bool) -> bool:
    return KEY.fullmatch(text) is not None and text.startswith(OF_OPENING) == of_opening


def in_order(questions: Sequence[Question], places: Mapping[str, int]) -> list[Question]:
    """By the place that somebody gave each key, from 1; one without keeps its own. What is moved to another one's place
    takes it: that one makes room."""

    def place(now: int, question: Question) -> tuple[int, int]:
        wanted = places.get(question.key, now)
        return wanted, (wanted > now) - (wanted < now)

    order = sorted((*place(now, one), now) for now, one in enumerate(questions, 1))
    return [questions[now - 1] for *_, now in order]


def schema_of(one: QuestionSet) -> Json:
    """JSON Schema draft-07 of one child's answers, which `set_of` reads back."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "properties": {question.key: property_of(question) for question in one.questions},
        "required": [question.key for question in one.questions if question.required],
        "additionalProperties": False,
        "x-order": [question.key for question in one.questions],
        "x-retired": {question.key: property_of(question) for question in one.retired},
        "x-retired-order": [question.key for question in one.retired],
        "x-of": one.of,
        "x-version": one.version,
        "x-since": one.since.isoformat(),
        "x-by": {"staff_id": one.by.staff_id, "name": one.by.name},
    }


def set_of(schema: Mapping[str, Any]) -> QuestionSet:
    return QuestionSet(
        of=schema["x-of"],
        version=schema["x-version"],
        questions=tuple(question_of(key, schema["properties"][key]) for key in schema["x-order"]),
        since=datetime.fromisoformat(schema["x-since"]),
        by=Staff(schema["x-by"]["staff_id"], schema["x-by"]["name"], frozenset()),
        retired=tuple(question_of(key, schema["x-retired"][key]) for key in schema["x-retired-order"]),
    )


def property_of(question: Question) -> Json:
    """What an answer to it must be, and how it is asked."""
    described: Json = {
        **type_of(question),
        "x-label": dict(question.label),
        "x-required": question.required,
        "x-purpose": question.purpose.value,
    }
    if question.help:
        described["x-help"] = dict(question.help)
    if question.choices:
        described["x-choices"] = {choice.value: dict(choice.label) for choice in question.choices}
    return described


def type_of(question: Question) -> Json:
    """What an answer to it must be, without a word of how it is asked."""
    match question.kind:
        case QuestionKind.CHOICE:
            return {"type": "string", "enum": list(question.values)}
        case QuestionKind.SEVERAL:
            each = {"type": "string", "enum": list(question.values)}
            return {"type": "array", "items": each, "uniqueItems": True, "minItems": 1}
        case QuestionKind.YES_NO:
            return {"type": "boolean"}
        case QuestionKind.DATE:
            return {"type": "string", "format": "date", "pattern": DAY}
        case QuestionKind.TEXT:
            return {"type": "string", "minLength": question.least, "maxLength": question.most, "pattern": WORDS}
        case QuestionKind.NUMBER:
            return {"type": "integer", "minimum": question.least, "maximum": question.most}


def question_of(key: str, described: Mapping[str, Any]) -> Question:
    """The question that `property_of` described."""
    kind = _kind_of(described)
    bounds = {QuestionKind.TEXT: ("minLength", "maxLength"), QuestionKind.NUMBER: ("minimum", "maximum")}.get(kind)
    values: Sequence[str] = described.get("enum") or described.get("items", {}).get("enum", ())
    return Question(
        key=key,
        kind=kind,
        label=described["x-label"],
        required=described["x-required"],
        purpose=Purpose(described["x-purpose"]),
        help=described.get("x-help", {}),
        choices=tuple(Choice(value, described["x-choices"][value]) for value in values),
        **(dict(zip(("least", "most"), map(described.__getitem__, bounds), strict=True)) if bounds else {}),
    )


def _kind_of(described: Mapping[str, Any]) -> QuestionKind:
    match described["type"]:
        case "array":
            return QuestionKind.SEVERAL
        case "boolean":
            return QuestionKind.YES_NO
        case "integer":
            return QuestionKind.NUMBER
    if "enum" in described:
        return QuestionKind.CHOICE
    return QuestionKind.DATE if described.get("format") == "date" else QuestionKind.TEXT
