"""Marking who is there, at the gate or afterwards, and reading what was marked.

A tap is written on the condition that it stands as its sender saw it (booking/presence/table.py). That the child has a
seat is looked up before, once for all taps of a request: it keeps out what is nobody's, and a family that gives up a
seat at that very second was marked a second earlier.

What a tap costs beside its one write unit: a read unit for the session, one for each 4 KB of its seats (20 children:
1; 300: 3), half a unit for who leads which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import Mark, Marked, Marker, Outcome, Presence, Tap
from chalicelib.booking.registrations.rules import family_of
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels, today
from chalicelib.office.attendance import reading
from chalicelib.office.attendance.rules import AttendanceList, AttendanceRow, takes_place
from chalicelib.people import access
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table

NOT_YET = N_("That day is still to come: mark who is there on the day itself.")


@dataclass(frozen=True)
class Wanted:
    """A mark that somebody asks for. `seen`, `note`: as of a Tap. `at`: when it was so; None: now."""

    child_id: str
    mark: Mark
    seen: int = 0
    at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True)
class Expected:
    """A child of a day. `row`: None for a child that was marked and has no seat any more."""

    row: AttendanceRow | None
    presence: Presence

    @property
    def child(self) -> Child | None:
        return self.row.child if self.row else None


@dataclass(frozen=True)
class Day:
    """Who is expected, as the list has it, and how each is marked. `gone`: who was marked that day and has no seat any
    more."""

    list: AttendanceList
    expected: Sequence[Expected]
    gone: Sequence[Presence]


def of_day(by: Staff, session_id: str, day: date, now: datetime) -> Day:
    """Raises what reading the list raises."""
    found = reading.of_session(by, session_id, day, now)
    marked = dict(presences.of_day(session_id, day))
    expected = [Expected(row, marked.pop(row.child_id, Presence(row.child_id))) for row in found.rows]
    return Day(found, expected, list(marked.values()))


def marks(session_id: str, day: date) -> Mapping[str, Presence]:
    """How each child is marked, without who it is."""
    found = presences.of_day(session_id, day)
    for one in found.values():
        if one.registration_id:
            access.about(family_of(one.registration_id), [one.child_id], session_id)
    return found


def mark(by: Staff, session_id: str, day: date, wanted: Sequence[Wanted], now: datetime) -> dict[str, Marked]:
    """Marks each child for itself, in their order: what became of each. Raises Problem `not-found` for a session that
    does not take place that day, `not-now` for a day to come; and Busy: then whatever was marked stays, and sending all
    of it again is the same."""
    _must_be_marked_then(session_id, day, now)
    seats = existing(seats_table.get([session_id]).get(session_id))
    holders = seats.at(int(now.timestamp())).children
    marker = Marker(by.staff_id, by.name)
    outcomes = {}
    for one in wanted:
        registration_id = holders.get(one.child_id)
        if registration_id is None:
            outcomes[one.child_id] = Marked(Outcome.NO_SEAT, Presence(one.child_id))
            continue
        access.about(family_of(registration_id), [one.child_id], session_id)
        at = min(one.at or now, now)
        tap = Tap(one.child_id, registration_id, one.mark, one.seen, at, marker, one.note)
        outcomes[one.child_id] = presences.mark(session_id, day, tap)
    return outcomes


def must_be_of_use(outcomes: Mapping[str, Marked]) -> None:
    """Raises Problem if nothing that was sent stands now: `changed` if somebody else marked it otherwise, `not-found`
    if nobody of it has a seat."""
    kinds = {one.outcome for one in outcomes.values()}
    if not kinds.intersection((Outcome.STORED, Outcome.SAME)):
        raise Problem(CHANGED if Outcome.CONFLICT in kinds else NOT_FOUND)


def begins(day: date) -> datetime:
    """Nothing of a day was so before it began, by the clocks in Brussels."""
    return datetime.combine(day, time.min, brussels())


def _must_be_marked_then(session_id: str, day: date, now: datetime) -> None:
    session = programme.get(session_id)
    if session is None or session.missing or not takes_place(session, day):
        raise Problem(NOT_FOUND)
    if day > today(now):
        raise not_now(NOT_YET)
