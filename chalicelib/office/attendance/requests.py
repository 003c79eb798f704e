"""Requests of programs that mark who is there, checked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.booking.presence.rules import MOST_OF_A_NOTE, Mark
from chalicelib.core.http.fields import (
    LINE,
    Choice,
    Day,
    Field,
    JsonSchema,
    Model,
    Moment,
    OrNull,
    Text,
    Whole,
    check,
)
from chalicelib.core.http.problems import FieldError, existing, invalid
from chalicelib.core.languages import N_
from chalicelib.office.attendance.marking import Wanted, begins
from chalicelib.seats.rules import MOST_SEATS

AS_MARK = N_("Give present, late, absent, fetched, or unmarked to take a mark back.")
AS_MARKS = N_("Give the marks of 1 to 300 children, each by its child_id.")
AS_EDITION = N_("Give the edition that you saw, a whole number; 0: no mark.")
AS_NOTE = N_("Write at most 120 characters in one line, for example who fetched the child.")
NOT_THAT_DAY = N_("That was before this day began, or is still to come.")

_MARK = Choice(AS_MARK, [one.value for one in Mark])
_MORE = Model(
    {
        "mark": _MARK,
        "edition": OrNull(Whole(AS_EDITION, 0, 1_000_000)),
        "at": OrNull(Moment()),
        "note": OrNull(Text(AS_NOTE, LINE, MOST_OF_A_NOTE)),
    },
    AS_MARK,
)
_DAY = Day()


class _MarkOrMore(Field):
    """The mark alone, or an object with it."""

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        if isinstance(value, Mapping):
            return _MORE.read(value, path, errors)
        return {"mark": _MARK.read(value, path, errors), "edition": None, "at": None, "note": None}

    def parse(self, value: Any) -> Any:
        return value

    def json_schema(self) -> JsonSchema:
        return {"anyOf": [_MARK.json_schema(), _MORE.json_schema()]}


class ByChild(Model):
    """One value for each child_id."""

    def __init__(self, each: Field, most: int) -> None:
        super().__init__({}, AS_MARKS)
        self.each, self.most = each, most

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        if not isinstance(value, Mapping) or not 0 < len(value) <= self.most:
            errors.append(FieldError(path or "body", AS_MARKS))
            return {}
        return {child_id: self.each.read(one, child_id, errors) for child_id, one in value.items()}

    def json_schema(self) -> JsonSchema:
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": self.most,
            "additionalProperties": self.each.json_schema(),
        }


MARKS = ByChild(_MarkOrMore(AS_MARK), MOST_SEATS)


def day_of(text: str) -> date:
    """The day in an address; raises Problem `not-found` for what is none."""
    try:
        return _DAY.parse(text)
    except ValueError:
        return existing(None)


def to_mark(content: Any, day: date, now: datetime) -> Sequence[Wanted]:
    """Raises Problem `invalid`."""
    given = check(MARKS, content)
    for child_id, one in given.items():
        if one["at"] and not begins(day) <= one["at"] <= now:
            raise invalid(f"{child_id}.at", NOT_THAT_DAY)
    return [
        Wanted(child_id, Mark(one["mark"]), one["edition"] or 0, one["at"], one["note"])
        for child_id, one in given.items()
    ]
