"""Moves last years' sessions into the coming summer, to try the system with a real programme. Plain rules."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.changes import Broken, ProgrammeRow, RowError
from chalicelib.programme.sessions.rules import Session, identify, normalise

NO_PLACE = N_(
    "This session finds no place of its own in July and August {year}: "
    "it is too long, or too many sessions have the same title."
)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Summer:
    first: date
    last: date


def coming_summer(today: date) -> Summer:
    """July and August of this year, until 1 July; after that, of the next."""
    year = today.year + (today > date(today.year, 7, 1))
    return Summer(date(year, 7, 1), date(year, 8, 31))


def move_to_summer(rows: Sequence[ProgrammeRow], today: date) -> list[ProgrammeRow]:
    """`rows` in their order, each session moved by whole weeks: its weekdays and its length stay.

    What lay in July or August stays as near to its own day as possible. The rest goes to weeks that only its name and
    its date decide, so that the same file moves the same way. Sessions of the same name get different first days. What
    has no dates stays without. Raises Broken if a session does not fit.
    """
    summer = coming_summer(today)
    by_name: dict[tuple[str, str], list[ProgrammeRow]] = defaultdict(list)
    for row in rows:
        if row.session.starts_on:
            by_name[normalise(row.session.municipality), normalise(row.session.title)].append(row)
    errors: list[RowError] = []
    first_days: dict[str, date] = {}
    for namesakes in by_name.values():
        placed = _place(namesakes, summer)
        errors += [
            RowError(row.line, NO_PLACE, {"year": summer.first.year})
            for row in namesakes
            if row.session.session_id not in placed
        ]
        first_days.update(placed)
    if errors:
        raise Broken(errors)
    return [ProgrammeRow(row.line, _moved(row.session, first_days, summer)) for row in rows]


def _place(rows: Sequence[ProgrammeRow], summer: Summer) -> dict[str, date]:
    """The first day of each session that finds one of its own.

    Only where no day is left may a session push another one on to that one's next best day (augmenting paths, after
    Kuhn), so that all are placed whenever that is possible at all.
    """
    taken: dict[date, Session] = {}

    def place(session: Session, tried: set[date]) -> bool:
        days = [day for day in _wishes(session, summer) if day not in tried]
        for day in sorted(days, key=lambda day: day in taken):  # those that are free first
            if day in tried:
                continue
            tried.add(day)
            if day not in taken or place(taken[day], tried):
                taken[day] = session
                return True
        return False

    for session in sorted((row.session for row in rows), key=_turn):
        place(session, set())
    return {session.session_id: day for day, session in taken.items()}


def _turn(session: Session) -> tuple[bool, date]:
    """Who lay in the summer anyway chooses first. The order of the rows plays no part."""
    return not _lies_in_summer(session), _anchor(session)


def _wishes(session: Session, summer: Summer) -> list[date]:
    """The days of the summer on which it could begin, the best first."""
    anchor = _anchor(session)
    latest = summer.last - _length(session)
    day = summer.first + (anchor.weekday() - summer.first.weekday()) % 7 * DAY
    days = []
    while day <= latest:
        days.append(day)
        day += 7 * DAY
    if not days:
        return []
    if _lies_in_summer(session):
        own = anchor.replace(year=summer.first.year)
        return sorted(days, key=lambda day: (abs(day - own), day))
    start = int.from_bytes(hashlib.sha256(session.session_id.encode()).digest(), "big") % len(days)
    return days[start:] + days[:start]


def _moved(session: Session, first_days: dict[str, date], summer: Summer) -> Session:
    if session.starts_on:
        starts_on = first_days[session.session_id]
        return replace(
            session,
            session_id=identify(session.municipality, session.title, starts_on),
            starts_on=starts_on,
            ends_on=starts_on + _length(session) if session.ends_on else None,
        )
    if session.ends_on:  # a draft: nothing depends on its last day yet
        return replace(session, ends_on=_wishes(session, summer)[0])
    return session


def _anchor(session: Session) -> date:
    day = session.starts_on or session.ends_on
    if day is None:
        raise ValueError(f"{session.session_id} has no date")
    return day


def _length(session: Session) -> timedelta:
    """From the first day to the last: nothing for a session of one day."""
    return session.ends_on - session.starts_on if session.starts_on and session.ends_on else timedelta()


def _lies_in_summer(session: Session) -> bool:
    return any(day is not None and day.month in (7, 8) for day in (session.starts_on, session.ends_on))
