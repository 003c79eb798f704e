"""Hours in the pool that come back every week, and who may book how many places in them. Plain rules.

Nothing makes slots beforehand: one is worked out from its pattern and its day, and stands in the table from its first
booking on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from chalicelib.core.ids import named
from chalicelib.core.moments import brussels

# In one booking: a family with its guests. A school or a club rents a lane, at the desk.
MOST_PEOPLE = 10
# A pattern is for a season, or a year; the timetable is one item, which is read and changed as a whole.
MOST_DAYS = 366
MOST_PATTERNS = 150
MOST_CLOSED = 100
# Bookings are kept so long after their slot, for questions; then the table forgets who swam when.
KEPT_DAYS = 60

PATTERN_LENGTH = 8
SLOT_LENGTH = 8 + PATTERN_LENGTH


class Off(Enum):
    """Why a slot that people may have booked does not take place."""

    CLOSED = "closed"
    ENDED = "ended"


class BookingRefusal(Enum):
    """Why a booking is not made."""

    OFF = "off"
    OVER = "over"
    HAS_ONE = "has-one"
    FULL = "full"


@dataclass(frozen=True)
class Pattern:
    """`places` in `lane`, each week on `weekday` (0 is Monday) between these hours, on the days from `valid_from` to
    `valid_until`, these included. `planned_until`: the last day that people could ever book, so that whoever did so
    beyond `valid_until` is found."""

    pattern_id: str
    lane: str
    weekday: int
    starts: time
    ends: time
    places: int
    valid_from: date
    valid_until: date
    planned_until: date

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days between these, whether it is still valid then or was once planned to be."""
        day = max(first, self.valid_from)
        day += timedelta((self.weekday - day.weekday()) % 7)
        while day <= min(last, self.planned_until):
            yield day
            day += timedelta(7)


@dataclass(frozen=True)
class SwimmingTerms:
    """The rules of the city: the visits that a family may have in a week, and the hours before a slot until which it
    may change or cancel."""

    visits_a_week: int = 3
    cancel_hours: int = 2


@dataclass(frozen=True)
class Timetable:
    """`closed`: day to what visitors are told, by language. `edition` counts every change of it."""

    edition: int = 0
    patterns: tuple[Pattern, ...] = ()
    closed: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    terms: SwimmingTerms = SwimmingTerms()


@dataclass(frozen=True)
class Slot:
    """One hour on one day. `why`: of a closed day, what visitors are told, by language."""

    slot_id: str
    lane: str
    day: date
    starts: datetime
    ends: datetime
    places: int
    off: Off | None = None
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def week(self) -> str:
        return week_of(self.day)

    @property
    def expires(self) -> int:
        """Until when its bookings are kept, in epoch seconds."""
        return int((self.ends + timedelta(days=KEPT_DAYS)).timestamp())


def pattern_id(lane: str, weekday: int, starts: time, valid_from: date) -> str:
    """The same pattern has the same id: who sends the form twice has made one."""
    parts = (plain(lane), str(weekday), starts.isoformat("minutes"), valid_from.isoformat())
    return named("\n".join(parts), PATTERN_LENGTH)


def slot_id(pattern: Pattern, day: date) -> str:
    """`20270607k7mxfar3`: its day, and its pattern."""
    return f"{day:%Y%m%d}{pattern.pattern_id}"


def week_of(day: date) -> str:
    """`2027-W23`, as ISO 8601 counts weeks: from Monday."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def week_of_slot(slot_id: str) -> str:
    """Raises ValueError for what is no slot's id."""
    if len(slot_id) != SLOT_LENGTH or not slot_id[:8].isascii() or not slot_id[:8].isdigit():
        raise ValueError
    return week_of(date(int(slot_id[:4]), int(slot_id[4:6]), int(slot_id[6:8])))


def slots(timetable: Timetable, first: date, last: date) -> list[Slot]:
    """All slots between these days, in their order; those of closed days too, but not what has ended."""
    found = [_slot(timetable, one, day) for one in timetable.patterns for day in one.days(first, last)]
    return sorted((one for one in found if one.off is not Off.ENDED), key=lambda one: (one.starts, one.lane))


def slot(timetable: Timetable, wanted: str) -> Slot | None:
    """The slot of this id, also one that has ended; None if there never was one."""
    try:
        week_of_slot(wanted)
    except ValueError:
        return None
    day = date(int(wanted[:4]), int(wanted[4:6]), int(wanted[6:8]))
    for one in timetable.patterns:
        if one.pattern_id == wanted[8:] and day in one.days(day, day):
            return _slot(timetable, one, day)
    return None


def that_are_off(timetable: Timetable, today: date) -> list[Slot]:
    """The slots from today on that people may have booked and that do not take place: whoever has must be told."""
    found = []
    for one in timetable.patterns:
        days = {day for closed in timetable.closed for day in one.days(closed, closed)}
        days |= set(one.days(one.valid_until + timedelta(1), one.planned_until))
        found += [_slot(timetable, one, day) for day in days if day >= today]
    return sorted(found, key=lambda one: (one.starts, one.lane))


def unavailable(slot: Slot, now: datetime) -> BookingRefusal | None:
    """Why nobody can book it, if so."""
    if slot.off:
        return BookingRefusal.OFF
    return BookingRefusal.OVER if now >= slot.starts else None


def refusal(slot: Slot, taken: int, held: int, people: int) -> BookingRefusal | None:
    """Why a family that has `held` of the `taken` places cannot have `people`; None: it can, or has them."""
    if held:
        return None if held == people else BookingRefusal.HAS_ONE
    return BookingRefusal.FULL if taken + people > slot.places else None


def may_change(slot: Slot, terms: SwimmingTerms, now: datetime) -> bool:
    """Whether a family may still change or cancel its booking of the slot; always if the slot does not take place."""
    return slot.off is not None or now < changes_until(slot, terms)


def changes_until(slot: Slot, terms: SwimmingTerms) -> datetime:
    return slot.starts - timedelta(hours=terms.cancel_hours)


def overlapping(patterns: Sequence[Pattern], new: Pattern) -> Pattern | None:
    """The pattern of the same lane that has an hour and a day in common with `new`."""
    for one in patterns:
        if (
            one.pattern_id != new.pattern_id
            and plain(one.lane) == plain(new.lane)
            and one.weekday == new.weekday
            and one.starts < new.ends
            and new.starts < one.ends
            and any(new.days(max(one.valid_from, new.valid_from), min(one.valid_until, new.valid_until)))
        ):
            return one
    return None


def clock_trouble(pattern: Pattern) -> date | None:
    """The first of its days on which the clocks in Brussels skip or repeat the hour at which it starts or ends."""
    for day in pattern.days(pattern.valid_from, pattern.valid_until):
        for hour in (pattern.starts, pattern.ends):
            moment = datetime.combine(day, hour, brussels())
            if moment.utcoffset() != moment.replace(fold=1).utcoffset():
                return day
    return None


def with_pattern(timetable: Timetable, new: Pattern) -> Timetable:
    """In the place of the one with its id, if there is one."""
    others = [one for one in timetable.patterns if one.pattern_id != new.pattern_id]
    return replace(timetable, patterns=(*others, new))


def without_past(timetable: Timetable, today: date) -> Timetable:
    """Patterns that nobody asks about any more are left out."""
    since = today - timedelta(days=KEPT_DAYS)
    return replace(
        timetable,
        patterns=tuple(one for one in timetable.patterns if one.planned_until >= since),
        closed={day: why for day, why in timetable.closed.items() if day >= since},
    )


def plain(lane: str) -> str:
    """The form in which lanes are compared: capitals and spaces make no difference."""
    return " ".join(lane.casefold().split())


def _slot(timetable: Timetable, pattern: Pattern, day: date) -> Slot:
    why = timetable.closed.get(day)
    closed = None if why is None else Off.CLOSED
    return Slot(
        slot_id=slot_id(pattern, day),
        lane=pattern.lane,
        day=day,
        starts=datetime.combine(day, pattern.starts, brussels()).astimezone(UTC),
        ends=datetime.combine(day, pattern.ends, brussels()).astimezone(UTC),
        places=pattern.places,
        off=Off.ENDED if day > pattern.valid_until else closed,
        why=why or {},
    )
