"""A child is in one camp at a time, unless the opening's plan allows more: whoever registers it, in whichever pass.

A registration stays two writes. Who gets the days is decided by a third, on the child's own item (`days.py`), when the
queue takes up the seat, before its confirmation goes out: a second registration for the same days gives its seat back
within seconds, and its mail says why. Where it costs a family nothing to know at once it is refused at once: `find`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.booking.registrations import days, register, table
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions.rules import Session

STANDS = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)


@dataclass(frozen=True)
class Overlap:
    """`child_id` has one of the days by `other`."""

    child_id: str
    other: Registration


def settle(record: Registration, session: Session, now: datetime) -> Overlap | None:
    """Takes the session's days for each child of a registration that has its seats. None: they are its, or nobody
    minds; again and again is the same. Otherwise what stands in the way: then it may not keep its seats."""
    wanted = _days(session, now)
    for child in record.child_ids if wanted else ():
        gone: set[str] = set()
        while others := days.take(child, wanted, record.registration_id, gone):
            if found := _standing(child, others, now):
                return found
            gone |= others
    return None


def find(child_ids: Iterable[str], session: Session, now: datetime, but: str = "") -> Overlap | None:
    """What `settle` would find for a registration of these children; nothing is written. `but`: a registration that
    does not count."""
    wanted = _days(session, now)
    for child in child_ids if wanted else ():
        if found := _standing(child, days.has(child, wanted) - {but}, now):
            return found
    return None


def _days(session: Session, now: datetime) -> list[date]:
    """None where a child may be in several camps at a time."""
    opening = openings.of_session(session.session_id, now)
    if session.starts_on is None or session.ends_on is None or (opening and opening.plan.may_overlap):
        return []
    return days.days(session.starts_on, session.ends_on)


def _standing(child_id: str, registration_ids: Iterable[str], now: datetime) -> Overlap | None:
    """The first of these registrations by which the child has a seat now."""
    records = [one for one in map(table.get, sorted(registration_ids)) if one and child_id in one.child_ids]
    for record, standing in zip(records, register.standings(records, now), strict=True):
        if standing and standing.status in STANDS:
            return Overlap(child_id, record)
    return None
