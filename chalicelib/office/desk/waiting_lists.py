"""A session's waiting list as the desk sees it: who waits, since when and what holds them; who was offered seats, when,
and how that ended.

The places come whole, in one query (80 bytes a child), because their order is in their tickets; of a part of them alone
the registrations, passes and days are read, half a read unit to one for each. A list of 2,000 children costs 40 units,
and its parts 150 more, each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from chalicelib.booking.registrations import days, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import (
    Registration,
    RegistrationStatus,
    Standing,
    reference,
    reference_of,
)
from chalicelib.core.http.answers import Count, FromOne
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.mail.rules import MailKind
from chalicelib.people import access
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, Pass
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingOffer, WaitingPlace

# Registrations of a part.
AT_ONCE = 50


class Hindrance(StrEnum):
    """TOO_FEW: fewer seats are free than it needs. KEPT: and they are kept for it. TOO_MANY: it needs more than could
    ever be free together. SEATED: a child has a seat here by another registration. ELSEWHERE: a child is in another
    camp on a day of this one. MISFIT: a child is too young or too old."""

    TOO_FEW = "too-few"
    KEPT = "kept"
    TOO_MANY = "too-many"
    SEATED = "seated-here"
    ELSEWHERE = "elsewhere"
    MISFIT = "age"


class OfferEnd(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class WaitingFamily:
    position: FromOne
    registration_id: str
    reference: str
    children: Sequence[Child]
    email: Annotated[str | None, "Null for a family without mail address."]
    since: Annotated[datetime, "When the family registered."]
    hindrances: Annotated[Sequence[Hindrance], "What keeps it from the next free seats, beside those before it."]


@dataclass(frozen=True)
class OfferMade:
    registration_id: str
    reference: str
    children: Sequence[Child]
    offered_at: datetime
    until: datetime
    ended: Annotated[OfferEnd, "How it ended; `cancelled`: the seat was accepted, and given back later."]


@dataclass(frozen=True)
class WaitingList:
    """A part of it."""

    session_id: str
    waiting: Annotated[Count, "How many registrations wait in all."]
    free: Annotated[Count, "Seats that are free, and go to the waiting list."]
    kept_since: Annotated[datetime | None, "Since when free seats are kept for a family that needs more of them."]
    stopped_since: Annotated[datetime | None, "Since when the opening is paused: nothing moves on meanwhile."]
    is_closed: Annotated[bool, "Whether registration is closed: nobody is offered a seat any more."]
    families: Sequence[WaitingFamily]
    next: Annotated[str | None, "The value of `after` for the next part; null after the last one."]
    offers: Annotated[Sequence[OfferMade], "The newest offers, at most 50; with the first part alone."]


def of(session_id: str, after: int, now: datetime) -> WaitingList:
    """The part behind the ticket `after`; 0: the first one. Raises Problem `not-found` for a session without seats."""
    session = programme.get(session_id)
    seats = seats_table.get([session_id]).get(session_id) if session else None
    if session is None or seats is None:
        raise Problem(NOT_FOUND)
    seats = seats.at(int(now.timestamp()))
    tickets = _by_registration(waiting_list.places(session_id))
    behind = [one for one in tickets if one[0].ticket > after]
    shown = behind[:AT_ONCE]
    before = len(tickets) - len(behind)
    offers = _newest(waiting_list.offers(session_id)) if not after else []
    records = _records([*(one[0].registration_id for one in shown), *(one.registration_id for one in offers)])
    passes = families.several((one.family_id, one.pass_id) for one in records.values())
    for one in records.values():
        access.about(one.family_id, one.child_ids, session_id)
    elsewhere = _elsewhere(shown, session, records)
    return WaitingList(
        session_id,
        waiting=len(tickets),
        free=seats.free,
        kept_since=_moment(seats.blocked),
        stopped_since=_moment(seats.stopped),
        is_closed=now.timestamp() >= seats.closes,
        families=[
            _family(
                before + place, places, records, passes, hindrances(places, seats, passes_births(passes), elsewhere)
            )
            for place, places in enumerate(shown, 1)
        ],
        next=str(shown[-1][0].ticket) if len(behind) > AT_ONCE else None,
        offers=_ended(offers, records, passes, now),
    )


def hindrances(
    places: Sequence[WaitingPlace], seats: Seats, births: Mapping[str, date], elsewhere: Iterable[str]
) -> list[Hindrance]:
    """The reasons that keep a registration from free seats. `elsewhere`: children in another camp on these days."""
    children, needs = {one.child_id for one in places}, len(places)
    found = []
    if needs > seats.most:
        found.append(Hindrance.TOO_MANY)
    elif seats.free and needs > seats.free:
        is_kept = seats.blocked is not None and places[0].ticket == seats.kept_for
        found.append(Hindrance.KEPT if is_kept else Hindrance.TOO_FEW)
    if children & seats.children.keys():
        found.append(Hindrance.SEATED)
    if children & set(elsewhere):
        found.append(Hindrance.ELSEWHERE)
    if any(one in births and not seats.born_from <= births[one] <= seats.born_until for one in children):
        found.append(Hindrance.MISFIT)
    return found


def end_of(record: Registration | None, stands: Standing | None) -> OfferEnd:
    """How an offer ended. A record that is gone was erased: nobody has its seat."""
    status = stands.status if stands else None
    if status is RegistrationStatus.OFFERED:
        return OfferEnd.OPEN
    if status is RegistrationStatus.CONFIRMED:
        return OfferEnd.ACCEPTED
    if record and MailKind.DECLINED in record.mailed:
        return OfferEnd.DECLINED
    if record and MailKind.CONFIRMED in record.mailed:
        return OfferEnd.CANCELLED
    return OfferEnd.LAPSED


def passes_births(passes: Mapping[tuple[str, str], Pass]) -> dict[str, date]:
    return {child.child_id: child.birth_date for one in passes.values() for child in one.children}


def _by_registration(places: Iterable[WaitingPlace]) -> list[list[WaitingPlace]]:
    """The places of each registration, in the order of their tickets."""
    found: dict[str, list[WaitingPlace]] = {}
    for one in places:
        found.setdefault(one.registration_id, []).append(one)
    return list(found.values())


def _records(ids: Iterable[str]) -> dict[str, Registration]:
    return {one.registration_id: one for one in registrations.several(set(ids))}


def _elsewhere(
    shown: Sequence[Sequence[WaitingPlace]], session: Session, records: Mapping[str, Registration]
) -> set[str]:
    """The children who are in another camp on a day of this one, as their days say; not in one that they leave when
    they get a seat here."""
    if not (session.starts_on and session.ends_on):
        return set()
    children = [one.child_id for places in shown for one in places]
    taken = days.owners(children, days.days(session.starts_on, session.ends_on))
    owners = {child: set(by_day.values()) for child, by_day in taken.items()}
    others = registrations.several({one for each in owners.values() for one in each})
    standing = {
        (child, one.registration_id)
        for one in others
        if one.session_id != session.session_id and one.cancelled_at is None
        for child in one.child_ids
    }
    leaving = {
        (one.child_id, records[one.registration_id].moved_from)
        for places in shown
        for one in places
        if one.registration_id in records
    }
    return {child for child, each in owners.items() if {(child, one) for one in each} & standing - leaving}


def _family(
    position: int,
    places: Sequence[WaitingPlace],
    records: Mapping[str, Registration],
    passes: Mapping[tuple[str, str], Pass],
    held_by: Sequence[Hindrance],
) -> WaitingFamily:
    registration_id = places[0].registration_id
    record = records.get(registration_id)
    family = passes.get((record.family_id, record.pass_id)) if record else None
    return WaitingFamily(
        position,
        registration_id,
        reference_of(record) if record else reference(registration_id),
        _children({one.child_id for one in places}, family),
        (family.email or None) if family else None,
        record.created_at if record else datetime.fromtimestamp(0, UTC),
        held_by,
    )


def _newest(offers: Iterable[WaitingOffer]) -> list[WaitingOffer]:
    return sorted(offers, key=lambda one: (one.at, one.registration_id), reverse=True)[:AT_ONCE]


def _ended(
    offers: Sequence[WaitingOffer],
    records: Mapping[str, Registration],
    passes: Mapping[tuple[str, str], Pass],
    now: datetime,
) -> list[OfferMade]:
    offered = [records[one.registration_id] for one in offers if one.registration_id in records]
    stands = {
        one.registration_id: each for one, each in zip(offered, register.standings(offered, now), strict=True) if each
    }
    made = []
    for one in offers:
        record = records.get(one.registration_id)
        family = passes.get((record.family_id, record.pass_id)) if record else None
        standing = stands.get(one.registration_id)
        until = standing.held_until if standing and standing.held_until else datetime.fromtimestamp(one.until, UTC)
        made.append(
            OfferMade(
                one.registration_id,
                reference_of(record) if record else reference(one.registration_id),
                _children(set(record.child_ids) if record else set(), family),
                datetime.fromtimestamp(one.at, UTC),
                until,
                end_of(record, standing),
            )
        )
    return made


def _children(ids: set[str], family: Pass | None) -> list[Child]:
    return [one for one in family.children if one.child_id in ids] if family else []


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
