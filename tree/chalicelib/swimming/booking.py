"""The use cases of a family: book a slot, change what it booked, cancel, look at it.

Two writes for a booking, and no read but of the timetable, once in five seconds and container. Everything else is for
when something is in the way: the same form comes again, a try broke off, the week is full.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NoReturn

from chalicelib.core.http.problems import BUSY, NOT_FOUND, FieldError, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.swimming import rules, table, timetable
from chalicelib.swimming.rules import MOST_PEOPLE, BookingRefusal, Off, Slot, Timetable
from chalicelib.swimming.table import Taken, VisitWeek

FULL = N_("Places left: {left}. Choose another hour, or fewer people.")
WEEK_FULL = N_("A family may book {visits} times in a week, and you have done so. Change or cancel one of these first.")
HAS_ONE = N_("You have booked this hour already; number of people: {people}. You can change it at your bookings.")
OVER = N_("This hour has begun. Choose another one.")
CLOSED = N_("The pool is closed on that day. Choose another one.")
ENDED = N_("This hour is no longer in the timetable. Choose another one.")
TOO_LATE = N_(
    "It is too late to change or cancel this: it could be done until {hours} hours before. If you do not come, please "
    "tell the pool."
)


@dataclass(frozen=True)
class Booking:
    """`may_change`: whether it can be changed or cancelled still."""

    slot: Slot
    people: int
    may_change: bool


@dataclass(frozen=True)
class SlotChoice:
    """A slot as a visitor sees it: how many places are left, and how many their family has in it."""

    slot: Slot
    left: int
    own: int


def book(family_id: str, slot_id: str, people: int, now: datetime) -> Booking:
    """Again and again is the same. Raises Problem if it cannot be; nothing of it is left then."""
    current = timetable.remembered()
    return _book(current, family_id, _slot(current, slot_id), people, now)


def move(family_id: str, slot_id: str, to: str, people: int, now: datetime) -> Booking:
    """Another slot, or another number of people, in the place of what was booked: first the new one, then the old one
    is given up, so that nobody ends with none. Should it break off in between, the same again completes it; until then
    the family has both. Again and again is the same."""
    current = timetable.remembered()
    old, new = _slot(current, slot_id), _slot(current, to)
    held = table.taken([slot_id, to])
    if family_id not in held[slot_id].by:
        if held[to].by.get(family_id) == people:  # this was done a moment ago
            return _booking(current, new, people, now)
        raise Problem(NOT_FOUND)
    _check_time(current, old, now)
    if old.slot_id == new.slot_id:
        return _other_number(current, family_id, old, people, held[slot_id].by[family_id], now)
    booked = _book(current, family_id, new, people, now, instead_of=old)
    _give_up(family_id, old, now)
    return booked


def cancel(family_id: str, slot_id: str, now: datetime) -> None:
    """Again and again is the same. Raises Problem if it is too late."""
    current = timetable.remembered()
    slot = _slot(current, slot_id)
    _check_time(current, slot, now)
    _give_up(family_id, slot, now)


def bookings(family_id: str, now: datetime) -> list[Booking]:
    """The bookings of a family that are not over, the next one first."""
    current = timetable.remembered()
    entered = [slot_id for week in table.weeks(family_id) for slot_id in week.entries]
    taken = table.taken(entered)
    found = []
    for slot_id in entered:
        slot, people = rules.slot(current, slot_id), taken[slot_id].by.get(family_id)
        if slot and people and slot.ends > now:
            found.append(_booking(current, slot, people, now))
    return sorted(found, key=lambda one: (one.slot.starts, one.slot.lane))


def own(family_id: str, slot_id: str, now: datetime) -> Booking:
    """The booking of a family in a slot; raises Problem `not-found`."""
    current = timetable.remembered()
    slot = _slot(current, slot_id)
    people = existing(table.taken([slot_id])[slot_id].by.get(family_id))
    return _booking(current, slot, people, now)


def people_last_time(family_id: str) -> int | None:
    """How many came along in the latest week for which the family booked."""
    return next((week.people for week in reversed(table.weeks(family_id)) if week.people), None)


def week(monday: date, family_id: str | None = None) -> list[SlotChoice]:
    """The slots of a week, in their order, as they were a second ago."""
    found = rules.slots(timetable.remembered(), monday, monday + timedelta(6))
    taken = table.taken_in(rules.week_of(monday))
    return [_choice(slot, taken.get(slot.slot_id, Taken()), family_id) for slot in found]


def choice(slot_id: str, family_id: str | None = None) -> SlotChoice:
    """One slot as it is now; raises Problem `not-found`."""
    slot = _slot(timetable.remembered(), slot_id)
    return _choice(slot, table.taken([slot_id])[slot_id], family_id)


def _choice(slot: Slot, taken: Taken, family_id: str | None) -> SlotChoice:
    return SlotChoice(slot, max(0, slot.places - taken.places), taken.by.get(family_id, 0) if family_id else 0)


def _slot(current: Timetable, slot_id: str) -> Slot:
    return existing(rules.slot(current, slot_id))


def _booking(current: Timetable, slot: Slot, people: int, now: datetime) -> Booking:
    return Booking(slot, people, rules.may_change(slot, current.terms, now))


def _book(
    current: Timetable, family_id: str, slot: Slot, people: int, now: datetime, instead_of: Slot | None = None
) -> Booking:
    assert 1 <= people <= MOST_PEOPLE, "whoever reads the form says so"
    _check_is_available(slot, now)
    # The old one gives its visit back.
    more = 1 if instead_of and instead_of.week == slot.week else 0
    own = _enter(current, family_id, slot, people, now, more)
    if own is None:
        return _booking(current, slot, people, now)
    refused = table.claim(family_id, slot, people)
    if refused:
        held = refused.by.get(family_id, 0)
        if reason := rules.refusal(slot, refused.places, held, people):
            if own.is_alone and not held:
                table.withdraw(family_id, slot.slot_id, own.attempt)
            _refuse(reason, slot, refused, held)
    if own.has_joined:
        # The earlier try may have had the places, and a cancellation of these may be about to take our entry away:
        # it takes none that it has not seen.
        table.keep_entered(family_id, slot, people, table.attempt(now))
    return _booking(current, slot, people, now)


@dataclass(frozen=True)
class _Entry:
    """`has_joined`: an earlier try had entered it. `is_alone`: nothing of an earlier one can be under way any more."""

    attempt: str
    has_joined: bool = False
    is_alone: bool = True


def _enter(current: Timetable, family_id: str, slot: Slot, people: int, now: datetime, more: int) -> _Entry | None:
    """Enters the visit, for a claim to follow. None: the family has these places. Raises Problem."""
    attempt = table.attempt(now)
    most = current.terms.visits_a_week + more
    week = table.enter(family_id, slot, people, attempt, most)
    if week and slot.slot_id not in week.entries:
        week = table.enter(family_id, slot, people, attempt, most + _tidy(current, family_id, week, now))
        if week and slot.slot_id not in week.entries:
            raise _beside_people(WEEK_FULL, visits=current.terms.visits_a_week)
    if week is None:
        return _Entry(attempt)

    earlier = week.entries[slot.slot_id]
    taken = table.taken([slot.slot_id])[slot.slot_id]
    if held := taken.by.get(family_id, 0):
        if held != people:
            _refuse(BookingRefusal.HAS_ONE, slot, taken, held)
        return None
    if not table.join_in(family_id, slot, people, attempt, earlier):
        raise Problem(BUSY, retry_after=1)
    return _Entry(attempt, has_joined=True, is_alone=table.is_settled(earlier, now))


def _tidy(current: Timetable, family_id: str, full: VisitWeek, now: datetime) -> int:
    """Takes away the entries of tries that broke off. How many of the others count against nobody, because what was
    booked does not take place."""
    uncounted = 0
    taken = table.taken(full.entries)
    for slot_id, attempt in full.entries.items():
        slot = rules.slot(current, slot_id)
        if family_id not in taken[slot_id].by:
            if table.is_settled(attempt, now):
                table.withdraw(family_id, slot_id, attempt)
        elif slot is None or slot.off:
            uncounted += 1
    return uncounted


def _other_number(current: Timetable, family_id: str, slot: Slot, people: int, held: int, now: datetime) -> Booking:
    if people == held:
        return _booking(current, slot, people, now)
    _check_is_available(slot, now)
    refused = table.change(family_id, slot, people, held)
    if refused and refused.by.get(family_id) != people:
        if refused.by.get(family_id) != held:
            raise Problem(BUSY, retry_after=1)  # another tab was quicker
        raise _beside_people(FULL, left=max(0, slot.places - refused.places))
    return _booking(current, slot, people, now)


def _give_up(family_id: str, slot: Slot, now: datetime) -> None:
    entry = table.week(family_id, slot.week).entries.get(slot.slot_id)
    released = table.release(family_id, slot)
    # A young entry without places may be a try under way, which is about to have them.
    if entry and (released or table.is_settled(entry, now)):
        table.withdraw(family_id, slot.slot_id, entry)


def _check_is_available(slot: Slot, now: datetime) -> None:
    if reason := rules.unavailable(slot, now):
        _refuse(reason, slot, Taken(), 0)


def _check_time(current: Timetable, slot: Slot, now: datetime) -> None:
    if not rules.may_change(slot, current.terms, now):
        raise _beside_people(TOO_LATE, hours=current.terms.cancel_hours)


def _refuse(reason: BookingRefusal, slot: Slot, taken: Taken, held: int) -> NoReturn:
    match reason:
        case BookingRefusal.OFF:
            raise _beside_people(CLOSED if slot.off is Off.CLOSED else ENDED)
        case BookingRefusal.OVER:
            raise _beside_people(OVER)
        case BookingRefusal.HAS_ONE:
            raise _beside_people(HAS_ONE, people=held)
        case BookingRefusal.FULL:
            raise _beside_people(FULL, left=max(0, slot.places - taken.places))


def _beside_people(why: str, **values: object) -> Problem:
    """Why it cannot be, said beside the field in which a family says how many people come."""
    return not_now(why, [FieldError("people", why, values)], **values)
