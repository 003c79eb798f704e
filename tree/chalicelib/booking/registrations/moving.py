"""Children move from one session to another in one step: a seat there and none here any more, or nothing changed.

It is a registration there like any other (register.py), with every condition of that session; but its claim is one
transaction with the end of the seats here and of the record here. So no crash and no race leaves a child with two seats
or none. It keeps the reference, which the family tells on the phone.

Is there no seat, and the family wants to wait, it keeps its seat here and waits there. Accepting the seat that is
offered there is the same transaction: then the seat here goes to whoever is next.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import sleep
from typing import Any

from chalicelib.booking.registrations import register, table
from chalicelib.booking.registrations.register import BY_ITSELF, RegistrationOutcome, RegistrationRequest, Way
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, reference_of, registration_id
from chalicelib.core import table as core_table
from chalicelib.core.http.problems import ALREADY_REGISTERED, BUSY, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Refused
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table

WAITS = N_("You are on the waiting list here. Register in the other session, then leave this waiting list.")
NOT_ACCEPTED = N_("Accept the seat that is held for you first. Then you can move to another session.")
OVER = N_("This registration is cancelled, or has moved already. Register in the other session.")
BEGUN = N_("This camp has begun. Call your municipality if your child cannot go on.")
AS_ITS_CHILD = N_("Name children of this registration.")
# How often a registration moves at most, for whoever follows it.
MOST_MOVES = 20

Writes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Transfer:
    """`child_ids`: who moves, none: everybody in it. `waitlist`: if there is no seat, wait there and keep the seat
    here."""

    session_id: str
    child_ids: tuple[str, ...]
    waitlist: bool
    key: str


def together(writes: Writes) -> None:
    """One transaction, tried again where another one was at the same items."""
    for pause in (*core_table.PAUSES, None):
        try:
            core_table.transact_write(writes)
        except Busy as busy:
            if pause is None or not busy.is_conflict:
                raise
            sleep(pause)
        else:
            return


def transfer(
    who: Bearer,
    registration_id_: str,
    wish: Transfer,
    now: datetime,
    way: Way = BY_ITSELF,
    write: Callable[[str, Writes], None] = lambda _, writes: together(writes),
) -> RegistrationOutcome:
    """The registration in the other session. `way`: how it comes in there; `write` carries out all of it, "seats" or
    "waiting-list", perhaps together with what must be written down about it.

    The same key gives the same registration, however often and however broken off. Raises the Problems of registering
    there, `not-now` for what has no final seat here, `not-found`; nothing has changed then.
    """
    found, stands = register.look_up(who, registration_id_, now)
    new_id = registration_id(who.family_id, wish.key)
    earlier = table.get(new_id)
    if earlier and earlier.moved_from == registration_id_:
        asked = _asked(wish, wish.child_ids or tuple(sorted(earlier.every_child)))
        if outcome := register.as_it_stands(earlier, asked, now, found):
            return outcome
    children = wish.child_ids or found.child_ids
    for place, child in enumerate(children):
        if child not in found.child_ids:
            raise invalid(f"child_ids[{place}]", AS_ITS_CHILD)
    _must_be_final(stands.status)
    if wish.session_id == found.session_id:
        raise Problem(ALREADY_REGISTERED, {"registration_id": registration_id_})
    session = programme.get(found.session_id)
    if session and session.starts_on and session.starts_on <= today(now):
        raise not_now(BEGUN)

    def take(update: Mapping[str, Any]) -> None:
        ends = _ends(found, children, new_id, now)
        _carry_out(lambda: write("seats", [{"Update": update}, *ends, keeps]))

    def join(puts: Writes) -> None:
        write("waiting-list", [*puts, keeps])

    keeps = table.keeping_reference(new_id, reference_of(found))
    own_way = replace(way, take=take, join=join, holds=False, continues=found)
    outcome = register.register(who, _asked(wish, children), now, own_way)
    seats_table.forget()
    return outcome


def gives_up(waiting: Registration, now: datetime) -> Registration | None:
    """The registration whose seats end when this one is accepted: the one that it was to continue, or what continues
    that one by now. None: there is none that stands."""
    for one in _line(waiting):
        if one.cancelled_at or not set(one.child_ids).intersection(waiting.child_ids):
            continue
        stands = register.standings([one], now)[0]
        return one if stands and stands.status is RegistrationStatus.CONFIRMED else None
    return None


def came_from(record: Registration) -> Registration | None:
    """The registration whose seats ended when this one got its own; None: none did."""
    own = record.registration_id
    return next((one for one in _line(record) if one.moved_to == own or own in one.left.values()), None)


def ends_with(accepted: Registration, before: Registration, now: datetime) -> list[Mapping[str, Any]]:
    """The writes that end the seats of `before` for the children of `accepted`, which stands in its place."""
    children = [one for one in before.child_ids if one in accepted.child_ids]
    return _ends(before, children, accepted.registration_id, now)


def _line(record: Registration) -> list[Registration]:
    """Those before this one in its line, from the one that it was made to continue on."""
    found: list[Registration] = []
    following = record.moved_from
    while following and following != record.registration_id and len(found) < MOST_MOVES:
        one = table.get(following)
        if one is None:
            break
        found.append(one)
        following = one.moved_to or next((to for child, to in one.left.items() if to and child in record.child_ids), "")
    return found


def _ends(before: Registration, children: Sequence[str], to: str, now: datetime) -> list[Mapping[str, Any]]:
    stay = next((one for one in before.child_ids if one not in children), None)
    return [
        seats_table.giving_up(before.session_id, children, before.registration_id, stay, is_final=True),
        table.moving(before, children, to, now),
    ]


def _carry_out(write: Callable[[], None]) -> None:
    """Raises Refused, with the item of the first write, if that is refused; else Problem `busy`: what is moved changed
    since it was looked at, and the next try finds how it stands."""
    try:
        write()
    except Refused as refused:
        if 0 in refused.items:
            raise
        raise Problem(BUSY, retry_after=1) from refused


def _must_be_final(status: RegistrationStatus) -> None:
    match status:
        case RegistrationStatus.WAITLISTED:
            raise not_now(WAITS)
        case RegistrationStatus.OFFERED:
            raise not_now(NOT_ACCEPTED)
        case RegistrationStatus.CANCELLED:
            raise not_now(OVER)


def _asked(wish: Transfer, children: tuple[str, ...]) -> RegistrationRequest:
    return RegistrationRequest(wish.session_id, children, wish.waitlist, wish.key)
