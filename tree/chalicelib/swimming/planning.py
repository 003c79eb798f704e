"""The programme manager's work on the timetable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from chalicelib.core.http.fields import LINE, Day, Field, Model, Text, WholeInQuery, check
from chalicelib.core.http.problems import INVALID, FieldError, Problem, existing, invalid
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.moments import today
from chalicelib.people import access
from chalicelib.people.families import table as families
from chalicelib.swimming import rules, table, timetable
from chalicelib.swimming.rules import MOST_CLOSED, MOST_DAYS, MOST_PATTERNS, Pattern, Slot, SwimmingTerms, Timetable
from chalicelib.swimming.table import Taken

AS_LANE = N_("Say where, as visitors know it, for example Lane 1. At most 60 characters.")
AS_WEEKDAY = N_("Choose a day of the week.")
AS_HOUR = N_("Give an hour as 18:30.")
AS_PLACES = N_("Give the number of places, 1 to 500.")
AS_VISITS = N_("Give the number of visits in a week, 1 to 50.")
AS_CANCEL_HOURS = N_("Give a number of hours, 0 to 168, which is a week.")
AS_WHY = N_("Tell visitors in each language, nl, fr and en, why. At most 200 characters.")
ENDS_BEFORE = N_("This must be after the hour at which it starts.")
UNTIL_BEFORE = N_("This must not be before the first day.")
TOO_LONG = N_("A pattern is for 366 days at most. Make another one for what follows.")
NO_SUCH_DAY = N_("There is no such day of the week between the first day and the last.")
OVERLAPS = N_("This overlaps with another hour there: {starts} to {ends}, from {first} until {last}.")
CLOCKS = N_("On {day} the clocks skip or repeat one of these hours. Choose other hours, or other days.")
TOO_MANY = N_("There are {most} of these already, which is the most. Old ones disappear by themselves.")
IS_PAST = N_("This day is over.")

HOUR = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
PATTERN = Model(
    {
        "lane": Text(AS_LANE, LINE, 60),
        "weekday": WholeInQuery(AS_WEEKDAY, 0, 6),
        "starts": Text(AS_HOUR, HOUR, 5),
        "ends": Text(AS_HOUR, HOUR, 5),
        "places": WholeInQuery(AS_PLACES, 1, 500),
        "valid_from": Day(),
        "valid_until": Day(),
    }
)
CHANGE = Model({"places": WholeInQuery(AS_PLACES, 1, 500), "valid_until": Day()})
_WHY: dict[str, Field] = {language: Text(AS_WHY, LINE, 200) for language in LANGUAGES}
CLOSED_DAY = Model({"day": Day(), "why": Model(_WHY, AS_WHY)})
TERMS = Model({"visits_a_week": WholeInQuery(AS_VISITS, 1, 50), "cancel_hours": WholeInQuery(AS_CANCEL_HOURS, 0, 168)})


@dataclass(frozen=True)
class Occupied:
    """A slot and what is taken of it."""

    slot: Slot
    taken: Taken


@dataclass(frozen=True)
class ToTell:
    """A slot that does not take place, and who has booked it. `addresses`: of the families; one whose pass is no longer
    kept has none."""

    slot: Slot
    families: int
    people: int
    addresses: Sequence[str]


def add_pattern(form: Mapping[str, Any], now: datetime) -> Pattern:
    """Raises Problem `invalid`, which says beside each field what is wrong."""
    sent = check(PATTERN, form)
    starts, ends = time.fromisoformat(sent["starts"]), time.fromisoformat(sent["ends"])
    first, last = sent["valid_from"], sent["valid_until"]
    new = Pattern(
        pattern_id=rules.pattern_id(sent["lane"], sent["weekday"], starts, first),
        lane=sent["lane"],
        weekday=sent["weekday"],
        starts=starts,
        ends=ends,
        places=sent["places"],
        valid_from=first,
        valid_until=last,
        planned_until=last,
    )
    errors = []
    if ends <= starts:
        errors.append(FieldError("ends", ENDS_BEFORE))
    if last < first:
        errors.append(FieldError("valid_until", UNTIL_BEFORE))
    elif not any(new.days(first, last)):
        errors.append(FieldError("weekday", NO_SUCH_DAY))
    if errors:
        raise Problem(INVALID, errors=errors)

    def with_it(current: Timetable) -> Timetable:
        kept = rules.without_past(current, today(now))
        known = next((one for one in kept.patterns if one.pattern_id == new.pattern_id), None)
        if known and (known.ends, known.valid_until) == (new.ends, new.valid_until):
            return replace(kept, patterns=_in_order(rules.with_pattern(kept, replace(known, places=new.places))))
        if known:
            raise _overlaps("starts", known)
        if len(kept.patterns) >= MOST_PATTERNS:
            raise invalid("lane", TOO_MANY, most=MOST_PATTERNS)
        _check(kept, new, "starts")
        return replace(kept, patterns=_in_order(rules.with_pattern(kept, new)))

    timetable.change(with_it)
    return new


def change_pattern(pattern_id: str, form: Mapping[str, Any]) -> Pattern:
    """How many places it has and until when it is valid; its day and hours stay, because people have booked them. What
    they booked beyond a new end is among `to_tell`."""
    sent = check(CHANGE, form)
    changed: list[Pattern] = []

    def with_it(current: Timetable) -> Timetable:
        known = existing(next((one for one in current.patterns if one.pattern_id == pattern_id), None))
        until = sent["valid_until"]
        if until < known.valid_from:
            raise invalid("valid_until", UNTIL_BEFORE)
        new = replace(known, places=sent["places"], valid_until=until, planned_until=max(known.planned_until, until))
        _check(current, new, "valid_until")
        changed[:] = [new]
        return replace(current, patterns=_in_order(rules.with_pattern(current, new)))

    timetable.change(with_it)
    return changed[0]


def close(form: Mapping[str, Any], now: datetime) -> list[ToTell]:
    """Closes the pool on a day, or gives other words for it; answers who has booked on that day."""
    sent = check(CLOSED_DAY, form)
    day: date = sent["day"]
    if day < today(now):
        raise invalid("day", IS_PAST)

    def without_it(current: Timetable) -> Timetable:
        kept = rules.without_past(current, today(now))
        if day not in kept.closed and len(kept.closed) >= MOST_CLOSED:
            raise invalid("day", TOO_MANY, most=MOST_CLOSED)
        return replace(kept, closed={**kept.closed, day: sent["why"]})

    timetable.change(without_it)
    return [one for one in to_tell(now) if one.slot.day == day]


def reopen(day: date) -> None:
    """Again and again is the same."""
    timetable.change(
        lambda current: replace(current, closed={one: why for one, why in current.closed.items() if one != day})
    )


def set_terms(form: Mapping[str, Any]) -> SwimmingTerms:
    """They hold for what is booked, changed or cancelled from now on."""
    terms = SwimmingTerms(**check(TERMS, form))
    timetable.change(lambda current: replace(current, terms=terms))
    return terms


def occupancy(monday: date) -> list[Occupied]:
    """The slots of a week and what is taken of them."""
    found = rules.slots(timetable.current(), monday, monday + timedelta(6))
    taken = table.taken(one.slot_id for one in found)
    return [Occupied(one, taken[one.slot_id]) for one in found]


def to_tell(now: datetime) -> list[ToTell]:
    """The families that booked hours which do not take place, from today on. Nobody tells them by itself."""
    off = rules.that_are_off(timetable.current(), today(now))
    taken = table.taken(one.slot_id for one in off)
    return [
        ToTell(one, len(by), sum(by.values()), sorted(filter(None, map(_address, by))))
        for one in off
        if (by := taken[one.slot_id].by)
    ]


def _address(family_id: str) -> str:
    passes = families.of_family(family_id)
    access.about(family_id)
    return passes[-1].email if passes else ""


def _check(current: Timetable, new: Pattern, beside: str) -> None:
    """Raises Problem `invalid` for what cannot be with the others, or by the clocks. `beside`: the field to say it."""
    if (new.valid_until - new.valid_from).days >= MOST_DAYS:
        raise invalid("valid_until", TOO_LONG)
    if other := rules.overlapping(current.patterns, new):
        raise _overlaps(beside, other)
    if day := rules.clock_trouble(new):
        raise invalid(beside, CLOCKS, day=day.isoformat())


def _overlaps(beside: str, other: Pattern) -> Problem:
    return invalid(
        beside,
        OVERLAPS,
        starts=other.starts.isoformat("minutes"),
        ends=other.ends.isoformat("minutes"),
        first=other.valid_from.isoformat(),
        last=other.valid_until.isoformat(),
    )


def _in_order(changed: Timetable) -> tuple[Pattern, ...]:
    return tuple(sorted(changed.patterns, key=lambda one: (one.lane, one.weekday, one.starts, one.valid_from)))
