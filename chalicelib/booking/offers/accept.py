"""A family accepts a seat that is held for it, or asks for more time. Declining is cancelling
(booking/registrations/register.py)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.answers.answering import must_suffice
from chalicelib.booking.offers.rules import terms, until_of
from chalicelib.booking.registrations import moving, register
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.core import metering
from chalicelib.core.http.problems import BUSY, OFFER_OVER, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel

WAITING = N_("You are on the waiting list. As soon as there is a seat for you, you get a mail.")
# How often what is given up is looked at anew.
LOOKS = 3
FINAL = N_("Your registration is final already. You need no more time.")
EXTENDED = N_("You can ask for more time once, and not beyond the moment at which registration closes.")


def accept(
    who: Bearer,
    registration_id: str,
    now: datetime,
    write: Callable[[Sequence[Mapping[str, Any]]], None] | None = None,
) -> tuple[Registration, Standing]:
    """The seats are the family's for good; again and again, and in two tabs at once, is the same. Raises Problem
    `closed` for what lapsed or was cancelled, `not-now` for who still waits, `not-eligible` for a child that is in
    another camp on these days, `not-found`. `write` carries out what is to be written, perhaps together with something
    else. A family that waits to move gives up its seat elsewhere in the same transaction.

    A family that accepts by itself (`write` None) has answered what is required, else Problem `answers-missing`: that
    it still has, or that nothing is required, is a condition of the write. For the desk it is no condition: what is
    missing is shown, and the family is asked for it."""
    found, standing = register.look_up(who, registration_id, now)
    for look in range(LOOKS):
        if standing.status is not RegistrationStatus.OFFERED:
            break
        before = moving.gives_up(found, now) if found.moved_from else None
        other = before.registration_id if before else None
        register.refuse_overlap(found.session_id, found.child_ids, now, registration_id, other)
        with_it = moving.ends_with(found, before, now) if before else []
        # Seats may ask for a while although no question does: refused for that, it is known from the questions.
        answered = [] if write else must_suffice(found, now, trusts_seats=look == 0)
        with_it += answered
        settle = _settling(write, with_it) if write or with_it else seats_table.alone
        seconds, unasked = int(now.timestamp()), not write and not answered
        seats_table.settle(found.session_id, found.child_ids, registration_id, seconds, settle, unasked=unasked)
        metering.registered(found.session_id)
        found, standing = register.look_up(who, registration_id, now)  # by us or by the other tab
    if standing.status is RegistrationStatus.OFFERED:  # what it gives up changed each time that it was looked at
        raise Problem(BUSY, retry_after=1)
    if standing.status is not RegistrationStatus.CONFIRMED:
        raise _not_held(standing)
    return found, standing


def _settling(
    write: Callable[[Sequence[Mapping[str, Any]]], None] | None, with_it: Sequence[Mapping[str, Any]]
) -> Callable[[Mapping[str, Any]], None]:
    """Carries out the update that makes the seats final together with what ends, or must be so, at that moment."""
    together = write or moving.together
    return lambda update: together([{"Update": update}, *with_it])


def extend(who: Bearer, registration_id: str, now: datetime) -> tuple[Registration, Standing]:
    """More time, once, for whoever needs it: as long again for a hold, another day for an offer; never beyond the
    moment at which the session closes. Raises Problem `not-now` the second time, and what `accept` raises."""
    found, standing = register.look_up(who, registration_id, now)
    if standing.held_until is None:
        raise _not_held(standing)
    end = longer(found, standing, now)
    if end is None or not seats_table.extend(
        found.session_id, found.child_ids, registration_id, int(end.timestamp()), int(now.timestamp())
    ):
        raise not_now(EXTENDED)
    return register.look_up(who, registration_id, now)


def longer(registration: Registration, standing: Standing, now: datetime) -> datetime | None:
    """Until when its seats would be held if the family asked for more time; None: it gets no more. Nothing is read for
    a registration that could not ask anyway, else the seats."""
    if standing.held_until is None or not standing.can_extend:
        return None
    seats = seats_table.get([registration.session_id])[registration.session_id]
    opening = openings.of_session(registration.session_id, now)
    by_list = seats.channels.get(registration.registration_id) is Channel.WAITING_LIST
    if not by_list:
        end = standing.held_until + register.hold_of(opening)
    else:
        end = until_of(standing.held_until, max(1, terms(opening).days), terms(opening).hour)
    end = min(end, datetime.fromtimestamp(seats.closes, UTC))
    return end if end > standing.held_until else None


def _not_held(standing: Standing) -> Problem:
    match standing.status:
        case RegistrationStatus.WAITLISTED:
            return not_now(WAITING)
        case RegistrationStatus.CONFIRMED:
            return not_now(FINAL)
        case _:
            return Problem(OFFER_OVER)
