"""The city's timetable in the table: one item, read as a whole and changed as a whole, so that no two people make
patterns that overlap."""

from collections.abc import Callable
from datetime import date, time
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused
from chalicelib.swimming.rules import Pattern, SwimmingTerms, Timetable

PK, SK = "SWIMMING", "TIMETABLE"
# How long a container goes by what it read. Who books in these seconds what was closed in them is among those to tell.
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, Timetable] = Memory(SECONDS_REMEMBERED)
TRIES = 3


class TimetableItem(table.Item):
    edition = NumberAttribute()
    content = JSONAttribute()

    @classmethod
    def of(cls, timetable: Timetable) -> Self:
        return cls(
            PK,
            SK,
            edition=timetable.edition,
            content={
                "patterns": [_document(one) for one in timetable.patterns],
                "closed": {day.isoformat(): dict(why) for day, why in sorted(timetable.closed.items())},
                "terms": vars(timetable.terms),
            },
        )

    def timetable(self) -> Timetable:
        content = self.content
        return Timetable(
            edition=int(self.edition),
            patterns=tuple(map(_pattern, content["patterns"])),
            closed={date.fromisoformat(day): why for day, why in content["closed"].items()},
            terms=SwimmingTerms(**content["terms"]),
        )


def current() -> Timetable:
    """The current timetable; an empty one before the city has made any."""
    item = TimetableItem.find(PK, SK)
    return item.timetable() if item else Timetable()


def remembered() -> Timetable:
    """The timetable of at most SECONDS_REMEMBERED ago; no read meanwhile."""
    return _remembered.get(PK, current)


def change(changed: Callable[[Timetable], Timetable]) -> Timetable:
    """The timetable as `changed` makes it from what is there now, which it may be asked for again, if somebody else
    changes it meanwhile. Raises what `changed` raises, and Problem `changed` if that goes on."""
    for _ in range(TRIES):
        before = current()
        after = changed(before)
        item = TimetableItem.of(after)
        item.edition = before.edition + 1
        is_as_read = TimetableItem.edition == before.edition if before.edition else TimetableItem.pk.does_not_exist()
        try:
            item.save(condition=is_as_read)
        except Refused:
            # botocore repeats a put whose answer was lost: what stands is ours then.
            if current() != item.timetable():
                continue
        _remembered.forget()
        return item.timetable()
    raise Problem(CHANGED)


def _document(pattern: Pattern) -> dict[str, Any]:
    return {
        "id": pattern.pattern_id,
        "lane": pattern.lane,
        "weekday": pattern.weekday,
        "hours": [pattern.starts.isoformat("minutes"), pattern.ends.isoformat("minutes")],
        "places": pattern.places,
        "valid": [pattern.valid_from.isoformat(), pattern.valid_until.isoformat(), pattern.planned_until.isoformat()],
    }


def _pattern(document: dict[str, Any]) -> Pattern:
    starts, ends = map(time.fromisoformat, document["hours"])
    return Pattern(
        document["id"],
        document["lane"],
        document["weekday"],
        starts,
        ends,
        document["places"],
        *map(date.fromisoformat, document["valid"]),
    )
