"""A child is in one camp at a time, unless the opening's plan allows more: whoever registers it, in whichever pass.

A registration stays two writes. Who gets the days is decided by a third, on the child's own item (`days.py`), when the
queue takes up the seat, before its confirmation goes out: a second registration for the same days gives its seat back
within seconds, and its mail says why. Where it costs a family nothing to know at once it is refused at once: `find`.

Of one family's two registrations the one that took the days first stays. Of two families' it is that of the family
which named the child first (people/families/namings.py): else a stranger who knows a name and a birth date could take
a child's seat by registering it elsewhere. The desk moves a naming that is wrong.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.booking.registrations import days, register, table
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, family_of
from chalicelib.people.families import namings
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions.rules import Session

STANDS = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)


@dataclass(frozen=True)
class Overlap:
    """`child_id` has one of the days by `other`."""

    child_id: str
    other: Registration


def settle(
    record: Registration,
    session: Session,
    now: datetime,
    end: Callable[[Registration], None],
    stays: Callable[[], bool] = lambda: False,
) -> Overlap | None:
    """Takes the session's days for each child of a registration that has its seats. None: they are its, or nobody
    minds; again and again is the same. Otherwise what stands in the way: then it may not keep its seats.

    `end`: gives back the seats of another family's registration, for a child that this family named first. It comes
    before the days are taken, so that a crash in between is made up for by the next call. `stays`: whether this one
    stays whatever stands beside it, and nobody has to give way; asked only where something does.
    """
    wanted = _days(session, now)
    for child in sorted(record.child_ids) if wanted else ():
        over: set[str] = set()
        while others := days.take(child, wanted, record.registration_id, over):
            if not stays():
                # Of all children first: nobody is ended for a registration that gives way itself.
                if found := find(record.child_ids, session, now, record.registration_id):
                    return found
                for other in _standing(child, others, now):
                    end(other)
            over |= others
    return None


def hold(record: Registration, session: Session, now: datetime) -> Overlap | None:
    """The same for seats that are only held until their family accepts: they take the days that nobody has, and give
    way to whatever else stands there, also to another hold. So nobody holds seats of several camps on the same days. A
    family that named the child first keeps its hold beside another one's seat, which ends only when it accepts."""
    wanted = _days(session, now)
    for child in sorted(record.child_ids) if wanted else ():
        over: set[str] = set()
        while others := days.take(child, wanted, record.registration_id, over):
            if found := find(record.child_ids, session, now, record.registration_id):
                return found
            if _standing(child, others, now):
                break
            over |= others
    return None


def find(
    child_ids: Iterable[str], session: Session, now: datetime, registration_id: str, instead_of: str | None = None
) -> Overlap | None:
    """The registration that would stand in the way of this one, as `settle` looks for it; nothing is written.
    `instead_of`: one that ends together with this one's beginning, so it is in nobody's way."""
    wanted = _days(session, now)
    for child in child_ids if wanted else ():
        for other in _standing(child, days.has(child, wanted) - {registration_id, instead_of or registration_id}, now):
            if other.session_id == session.session_id:
                continue  # the claim itself says that
            if not _is_first(child, family_of(registration_id), other):
                return Overlap(child, other)
    return None


def others(child_ids: Iterable[str], session: Session, now: datetime, registration_id: str) -> list[Overlap]:
    """The registrations by which these children have another camp on the session's days, whoever came first; nothing is
    written."""
    wanted = _days(session, now)
    return [
        Overlap(child, other)
        for child in child_ids
        for other in (_standing(child, days.has(child, wanted) - {registration_id}, now) if wanted else ())
        if other.session_id != session.session_id
    ]


def move(record: Registration, session: Session, now: datetime) -> None:
    """The camp of a registration that has its seats takes place on other days. It takes those that are free, and leaves
    those that it had: nobody is ended for it, and a day that another registration has stays that one's. Again and again
    is the same."""
    wanted = _days(session, now)
    for child in record.child_ids if wanted else ():
        if days.take(child, wanted, record.registration_id):
            for day in wanted:
                days.take(child, [day], record.registration_id)
        days.forget(child, record.registration_id, but=wanted)


def elsewhere(wanted: Mapping[str, Sequence[Session]], now: datetime) -> set[tuple[str, str]]:
    """Of children and sessions that they wish for, by child_id, those that a seat in a camp on the same days forbids:
    child_id and session_id. For a draw: a read unit for each child, month and registration, a hundred in a call."""
    every = {day for sessions in wanted.values() for one in sessions for day in _days_of(one)}
    found = days.owners(list(wanted), every)
    holders = {one for by_day in found.values() for one in by_day.values()}
    standing = {one.registration_id: one for one in _stand(holders, now)}
    return {
        (child, session.session_id)
        for child, sessions in wanted.items()
        for session in sessions
        for day in _days_of(session)
        if (owner := standing.get(found.get(child, {}).get(day, "")))
        and child in owner.child_ids
        and owner.session_id != session.session_id
    }


def _days(session: Session, now: datetime) -> list[date]:
    """None where a child may be in several camps at a time."""
    opening = openings.of_session(session.session_id, now)
    return [] if opening and opening.plan.may_overlap else _days_of(session)


def _days_of(session: Session) -> list[date]:
    return days.days(session.starts_on, session.ends_on) if session.starts_on and session.ends_on else []


def _standing(child_id: str, registration_ids: Iterable[str], now: datetime) -> list[Registration]:
    """Those of these registrations by which the child has a seat now."""
    return [one for one in _stand(registration_ids, now) if child_id in one.child_ids]


def _stand(registration_ids: Iterable[str], now: datetime) -> list[Registration]:
    """One that is cancelled, or gave way itself, stands no more, even if its seats are not given back yet."""
    records = [one for one in table.several(sorted(registration_ids), consistent=True) if not one.cancelled_at]
    standings = zip(records, register.standings(records, now), strict=True)
    return [record for record, standing in standings if standing and standing.status in STANDS]


def _is_first(child_id: str, family_id: str, other: Registration) -> bool:
    """Whether this family named the child first, and the other registration is of another family."""
    return family_id != other.family_id and namings.firsts([child_id]).get(child_id) == family_id
