"""The acts of the desk and of programme managers, as requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from chalicelib.booking.registrations.handlers import ShownRegistration, idempotency_key, shown
from chalicelib.booking.registrations.register import RegistrationOutcome
from chalicelib.booking.registrations.rules import Registration, Standing
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, Schema
from chalicelib.core.http.fields import document
from chalicelib.core.languages import LANGUAGES
from chalicelib.office.desk import exceptions, namings, registering, requests
from chalicelib.office.desk.families import desk_number
from chalicelib.office.desk.registering import StaffRegistration
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.seats.rules import HeldFor, Seats


@dataclass(frozen=True)
class RegistrationAtDesk(ShownRegistration):
    """The Registration as parents see it; of a family without mail address also its number and its letter."""

    desk_number: Annotated[str | None, "The number of a family without mail address; the desk finds the family by it."]
    letter: Annotated[str | None, "A page of HTML to print for such a family, instead of a mail."]


@dataclass(frozen=True)
class FoundRegistration(RegistrationAtDesk):
    email: str | None
    language: Annotated[str, Schema(enum=list(LANGUAGES))]
    children: Sequence[Child]


@dataclass(frozen=True)
class FoundRegistrations:
    registrations: Sequence[FoundRegistration]


@dataclass(frozen=True)
class SeatsHeldBack:
    staff: Count
    reduced: Count


@dataclass(frozen=True)
class SeatsOfSession:
    session_id: str
    capacity: Count
    free: Count
    held_back: SeatsHeldBack
    closes_at: datetime


@dataclass(frozen=True)
class AllowedChildren:
    email: str
    children: Annotated[int, "How many children this mailbox may name this season."]


def register_family(call: Call, by: Staff) -> Answer:
    """201 with a new registration, 200 with the one that the same key made before."""
    key = idempotency_key(call)
    wanted = requests.to_register(document(call.body), by, call.now)
    return _made(*registering.register_for(*wanted, key))


def accept_offer(call: Call, by: Staff, registration_id: str) -> Answer:
    deed = requests.with_reason(document(call.body), by, call.now)
    return Answer(200, _found(registering.accept_for(deed, registration_id)))


def cancel_for_family(call: Call, by: Staff, registration_id: str) -> Answer:
    deed, child_id = requests.to_cancel(document(call.body), by, call.now)
    return Answer(200, _found(registering.cancel_for(deed, registration_id, child_id)))


def move_for_family(call: Call, by: Staff, registration_id: str) -> Answer:
    key = idempotency_key(call)
    deed, wish = requests.to_move_session(document(call.body), key, by, call.now)
    outcome, family = registering.move_for(deed, registration_id, wish)
    return Answer(200, _registered(outcome.registration, outcome.standing, family))


def grant_seats(call: Call, by: Staff, session_id: str) -> Answer:
    """201 with a new registration, 200 with the one that the same key made before."""
    key = idempotency_key(call)
    return _made(*exceptions.grant(*requests.to_grant(session_id, document(call.body), key, by, call.now)))


def reserve_seats(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = requests.to_hold_back(session_id, document(call.body), by, call.now)
    return Answer(200, _seats(exceptions.hold_back(*wanted)))


def change_capacity(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = requests.to_resize(session_id, document(call.body), by, call.now)
    return Answer(200, _seats(exceptions.set_capacity(*wanted)))


def move_closing(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = requests.to_close(session_id, document(call.body), by, call.now)
    return Answer(200, _seats(exceptions.set_closing(*wanted)))


def find_registrations(call: Call, by: Staff) -> Answer:
    """A family's, by its mail address or number; or those of a session that have seats or wait, by reference."""
    wanted = requests.to_find(call.query)
    if wanted.family_id:
        found = registering.of_family(by, wanted.family_id, call.now)
    else:
        found = registering.of_session(by, wanted.session_id, wanted.reference, call.now)
    return Answer(200, FoundRegistrations([_found(one) for one in found]))


def list_namings(call: Call, by: Staff) -> Answer:
    return Answer(200, namings.listed(requests.after(call.query)))


def move_naming(call: Call, by: Staff, child_id: str) -> Answer:
    deed, family_id = requests.to_move(document(call.body), by, call.now)
    return Answer(200, namings.move(deed, child_id, family_id))


def allow_children(call: Call, by: Staff) -> Answer:
    deed, email, children = requests.to_lift(document(call.body), by, call.now)
    namings.lift(deed, email, children)
    return Answer(200, AllowedChildren(email, children))


def _made(outcome: RegistrationOutcome, family: Pass) -> Answer:
    return Answer(201 if outcome.is_new else 200, _registered(outcome.registration, outcome.standing, family))


def _registered(registration: Registration, standing: Standing, family: Pass) -> RegistrationAtDesk:
    number, letter = desk_number(family), None
    if number:
        from chalicelib.office.desk.letters import letter_of  # noqa: PLC0415 templates, for these families only

        letter = letter_of(registration, standing, family)
    return RegistrationAtDesk(**vars(shown(registration, standing)), desk_number=number, letter=letter)


def _found(one: StaffRegistration) -> FoundRegistration:
    children = {child.child_id: child for child in one.family.children}
    return FoundRegistration(
        **vars(_registered(one.registration, one.standing, one.family)),
        email=one.family.email or None,
        language=one.family.language,
        children=[children[child] for child in one.registration.child_ids if child in children],
    )


def _seats(seats: Seats) -> SeatsOfSession:
    return SeatsOfSession(
        session_id=seats.session_id,
        capacity=seats.capacity,
        free=seats.free,
        held_back=SeatsHeldBack(**{held_for.value: len(held_for.of(seats)) for held_for in HeldFor}),
        closes_at=datetime.fromtimestamp(seats.closes, UTC),
    )
