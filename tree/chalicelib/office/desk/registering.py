"""Registering for a family: it joins the same order as everybody, and somebody else types.

The seats, or the place on the waiting list, come in one transaction with the ledger's entry. The pass stays, also when
it is too early to register: from then on the family draws with everybody else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.booking.offers.accept import accept
from chalicelib.booking.registrations import moving, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.booking.registrations.register import Leaving, RegistrationOutcome, RegistrationRequest, Way
from chalicelib.booking.registrations.rules import (
    ID_LENGTH,
    Ended,
    EndedBy,
    Registration,
    RegistrationStatus,
    Standing,
    reference,
    registration_id,
)
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.office import scope
from chalicelib.office.desk.exceptions import Deed, opening_of
from chalicelib.office.desk.families import Visitor, desk_number, keep_addressee, pass_of
from chalicelib.people import access
from chalicelib.people.families import table as families
from chalicelib.people.families.proving import naming
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel
from chalicelib.seats.waiting_list import table as waiting_list

Record = Callable[[str, Sequence[Mapping[str, Any]]], None]


@dataclass(frozen=True)
class StaffRegistration:
    """A registration as staff see it."""

    registration: Registration
    standing: Standing
    family: Pass


def register_for(
    deed: Deed, visitor: Visitor, session_id: str, waitlist: bool, key: str
) -> tuple[RegistrationOutcome, Pass]:
    """The outcome that the family would have got by itself at this moment; raises the same Problems."""
    checked_reason(deed.reason)
    scope.must_have(deed.by, session_id)
    found = pass_of(visitor, key, deed.now)
    family = naming(found.family, deed.now) if found.is_new else found.family
    if found.is_new:
        families.put(family)
    keep_addressee(visitor, family, deed.now)
    child_ids = tuple(one.child_id for one in found.children)
    wish = RegistrationRequest(session_id, child_ids, waitlist, key)
    way = _with_an_entry(deed, session_id, registration_id(family.family_id, key), len(child_ids))
    try:
        return register.register(family.bearer, wish, deed.now, way), family
    except Problem as problem:
        number = desk_number(family)
        if number is None:
            raise
        # Without mail address, only its number makes it the same family the next time.
        raise Problem(
            problem.kind, {**problem.extra, "desk_number": number}, problem.errors, problem.retry_after
        ) from None


def accept_for(deed: Deed, registration_id: str) -> StaffRegistration:
    """Takes up an offer for a family that has no mail to do it from, or calls; raises the Problems of `accept`."""
    checked_reason(deed.reason)
    found, family = _known(registration_id)
    record = _entries(deed, LedgerAct.OFFER_ACCEPTED, found.session_id, registration_id, len(found.child_ids))
    accepted, standing = accept(family.bearer, registration_id, deed.now, partial(record, "seats"))
    return StaffRegistration(accepted, standing, family)


def cancel_for(deed: Deed, registration_id: str, child_id: str | None = None) -> StaffRegistration:
    """Gives up a seat, an offer or a place on the waiting list for a family that calls, or only one child's. What is
    given up already is answered as it is, and needs no entry. Raises Problem `not-found`."""
    checked_reason(deed.reason)
    found, family = _known(registration_id)
    is_part = child_id is not None and len(found.child_ids) > 1
    children = 1 if is_part else len(found.child_ids)
    record = _entries(deed, LedgerAct.DESK_CANCELLATION, found.session_id, registration_id, children)

    def leave(deletes: Sequence[Mapping[str, Any]]) -> None:
        record("waiting-list", deletes)

    def part(writes: Sequence[Mapping[str, Any]]) -> None:
        record("seats" if "Update" in writes[0] else "waiting-list", writes)

    by = Ended(EndedBy.DESK, deed.by.name, deed.reason)
    stands = register.standings([found], deed.now)[0]
    if child_id is not None:
        how = Leaving(_alone_with(record), leave, part, by)
        register.cancel_child(family.bearer, registration_id, child_id, deed.now, how)
    elif (
        stands is None or stands.status is not RegistrationStatus.CANCELLED
    ):  # None: a try to cancel broke off behind the seat
        register.cancel(family.bearer, registration_id, deed.now, _alone_with(record), leave, by)
    return StaffRegistration(*register.look_up(family.bearer, registration_id, deed.now), family)


def move_for(deed: Deed, registration_id: str, wish: Transfer) -> tuple[RegistrationOutcome, Pass]:
    """Moves children to another session for a family that calls, with an entry; raises the Problems of `transfer`."""
    checked_reason(deed.reason)
    scope.must_have(deed.by, wish.session_id)
    found, family = _known(registration_id)
    children = len(wish.child_ids or found.child_ids)
    left = programme.get(found.session_id)
    title = left.title if left else found.session_id
    record = _entries(deed, LedgerAct.DESK_TRANSFER, wish.session_id, registration_id, children, title)
    return moving.transfer(family.bearer, registration_id, wish, deed.now, Way(Channel.DESK), record), family


def look_up(registration_id: str, now: datetime) -> StaffRegistration:
    """Raises Problem `not-found`, also for what never came to be."""
    _, family = _known(registration_id)
    return StaffRegistration(*register.look_up(family.bearer, registration_id, now), family)


def _known(registration_id: str) -> tuple[Registration, Pass]:
    found = registrations.get(registration_id) if len(registration_id) == ID_LENGTH else None
    family = families.get(found.family_id, found.pass_id) if found else None
    if found is None or family is None:
        raise Problem(NOT_FOUND)
    access.about(family.family_id, found.child_ids, found.session_id)
    return found, family


def _with_an_entry(deed: Deed, session_id: str, registration: str, children: int) -> Way:
    record = _entries(deed, LedgerAct.DESK_REGISTRATION, session_id, registration, children)

    def join(puts: Sequence[Mapping[str, Any]]) -> None:
        record("waiting-list", puts)

    return Way(Channel.DESK, _alone_with(record), join, holds=False)


def _entries(
    deed: Deed, what: LedgerAct, session_id: str, registration: str, children: int, left: str | None = None
) -> Record:
    """A function that writes something together with its entry in the ledger. `left`: the session that they leave."""
    opening = opening_of(session_id, deed.now)

    def record(outcome: str, writes: Sequence[Mapping[str, Any]]) -> None:
        ledger.record(
            what,
            deed.by,
            deed.reason,
            deed.now,
            opening_id=opening.opening_id if opening else None,
            session_id=session_id,
            registration_id=registration,
            details={"children": children, "outcome": outcome, **({"from": left} if left else {})},
            together_with=writes,
        )

    return record


def _alone_with(record: Record) -> Callable[[Mapping[str, Any]], None]:
    """One update of the seats with its entry, which is refused as a single write would be."""

    def take(update: Mapping[str, Any]) -> None:
        record("seats", [{"Update": update}])

    return take


def of_family(by: Staff, family_id: str, now: datetime) -> list[StaffRegistration]:
    """Those in sessions of `by`'s, the newest last. Nothing else of the family is read."""
    found = registrations.of_family(family_id)
    own = scope.session_ids_of(by) if found else set()
    return list(with_standings([one for one in found if one.session_id in own], now))


def of_session(by: Staff, session_id: str, wanted: str, now: datetime) -> list[StaffRegistration]:
    """The registrations of a session with this reference: of those that have seats or wait. A reference is a digest, so
    it is compared with those of all of them. None of a session that is not `by`'s."""
    if session_id not in scope.session_ids_of(by):
        return []
    seats = seats_table.get([session_id]).get(session_id)
    holders = [] if seats is None else seats.registrations
    waiting = [place.registration_id for place in waiting_list.places(session_id)]
    kept = registrations.kept_references()
    ids = [one for one in dict.fromkeys([*holders, *waiting]) if kept.get(one, reference(one)) == wanted]
    return list(with_standings([one for one in map(registrations.get, ids) if one], now))


def with_standings(found: Sequence[Registration], now: datetime) -> Iterator[StaffRegistration]:
    for registration, stands in zip(found, register.standings(found, now), strict=True):
        family = families.get(registration.family_id, registration.pass_id) if stands else None
        if stands and family:
            access.about(family.family_id, registration.child_ids, registration.session_id)
            yield StaffRegistration(registration, stands, family)
