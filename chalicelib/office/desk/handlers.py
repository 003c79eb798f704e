"""The acts of the desk and of programme managers, as requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from chalicelib.booking.registrations.handlers import ShownRegistration, idempotency_key, shown
from chalicelib.booking.registrations.register import RegistrationOutcome
from chalicelib.booking.registrations.rules import Registration, Standing
from chalicelib.city.work.rules import WorkKind
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, Schema
from chalicelib.core.http.fields import check, document
from chalicelib.core.languages import LANGUAGES
from chalicelib.office.desk import (
    correcting,
    exceptions,
    joining,
    namings,
    overview,
    registering,
    requests,
    uniting,
    waiting_lists,
    work,
)
from chalicelib.office.desk.families import desk_number
from chalicelib.office.desk.registering import StaffRegistration
from chalicelib.office.desk.work import WorkLine
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.rights.handlers import NoLongerFits
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


@dataclass(frozen=True)
class ShownWork:
    """A piece of work for the desk."""

    work_id: str
    kind: WorkKind
    municipality: Annotated[str, "Empty for work of the whole city: a child whom several families name."]
    due: Annotated[date | None, "Null: as soon as can be."]
    since: datetime
    family_id: str | None
    registration_id: str | None
    session_id: str | None
    reference: str | None
    children: Sequence[Child]
    email: str | None
    desk_number: str | None
    phone: str | None
    offered_until: Annotated[datetime | None, "When the offer ends that the family does not know of."]
    reason: Annotated[str | None, "Why a mail reached nobody: `Letter`: no address; else as SES says it."]
    taken_by: Annotated[str | None, "Who of the city does it."]
    taken_at: datetime | None
    note: str
    edition: Annotated[Count, "To be sent back with what you do with it."]


@dataclass(frozen=True)
class WorkAnswer:
    work: Sequence[ShownWork]
    next: Annotated[str | None, "The value of `after` for the next part; null after the last one."]


def list_work(call: Call, by: Staff) -> Answer:
    """The desk's work, the oldest due first."""
    asked = requests.of_work(call.query)
    part = work.part(by, programme.all_sessions(), call.now, asked.after, asked.kinds, asked.municipality)
    return Answer(200, WorkAnswer([_shown_work(one) for one in part.lines], part.next))


def handle_work(call: Call, by: Staff) -> Answer:
    """204."""
    work.handle(by, *requests.to_handle(document(call.body)), call.now)
    return Answer(204)


def note_down(call: Call, by: Staff, family_id: str) -> Answer:
    """204. What was said with a family."""
    said = requests.to_note_down(document(call.body))
    overview.note_down(by, family_id, said, programme.all_sessions(), call.now)
    return Answer(204)


def list_waiting(call: Call, by: Staff, session_id: str) -> Answer:
    return Answer(200, waiting_lists.of(session_id, requests.behind(call.query), call.now))


def search_registrations(call: Call, by: Staff) -> Answer:
    """As `find_registrations`, by what stands in no address."""
    return _found_by(requests.to_find(check(requests.SEARCH, document(call.body))), by, call.now)


@dataclass(frozen=True)
class CorrectedFamily:
    """`address_asked`: one that counts when the link that was sent there is used."""

    family_id: str
    email: str | None
    address_asked: str | None
    language: Annotated[str, Schema(enum=list(LANGUAGES))]
    postcode: str
    children: Sequence[Child]
    no_longer_fits: Sequence[NoLongerFits]


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
    return _found_by(requests.to_find(call.query), by, call.now)


def list_namings(call: Call, by: Staff) -> Answer:
    return Answer(200, namings.listed(requests.after(call.query)))


def move_naming(call: Call, by: Staff, child_id: str) -> Answer:
    deed, family_id = requests.to_move(document(call.body), by, call.now)
    return Answer(200, namings.move(deed, child_id, family_id))


def allow_children(call: Call, by: Staff) -> Answer:
    deed, email, children = requests.to_lift(document(call.body), by, call.now)
    namings.lift(deed, email, children)
    return Answer(200, AllowedChildren(email, children))


def _found_by(wanted: requests.Search, by: Staff, now: datetime) -> Answer:
    if wanted.family_id:
        found = registering.of_family(by, wanted.family_id, now)
    else:
        found = registering.of_session(by, wanted.session_id, wanted.reference, now)
    return Answer(200, FoundRegistrations([_found(one) for one in found]))


def _shown_work(one: WorkLine) -> ShownWork:
    its, handling = one.work, one.handling
    return ShownWork(
        work_id=str(its.id),
        kind=its.kind,
        municipality=its.municipality,
        due=its.due,
        since=its.since,
        family_id=its.id.family_id or None,
        registration_id=its.about.get("registration_id"),
        session_id=its.about.get("session_id"),
        reference=one.reference,
        children=one.children,
        email=(one.family.email or None) if one.family else None,
        desk_number=one.desk_number,
        phone=one.addressee.phone or None,
        offered_until=one.until,
        reason=one.reason,
        taken_by=handling.taken_by.name if handling.taken_by else None,
        taken_at=handling.taken_at if handling.taken_by else None,
        note=handling.note,
        edition=handling.edition,
    )


@dataclass(frozen=True)
class OneChild:
    """`child_id`: of the child from now on."""

    child_id: str


def join_children(call: Call, by: Staff, child_id: str) -> Answer:
    deed, other = requests.to_join(document(call.body), by, call.now)
    joining.join(deed, child_id, other)
    return Answer(200, OneChild(child_id))


def tell_children_apart(call: Call, by: Staff, child_id: str) -> Answer:
    deed, family_id = requests.to_move(document(call.body), by, call.now)
    return Answer(200, OneChild(joining.tell_apart(deed, child_id, family_id)))


@dataclass(frozen=True)
class OneFamily:
    """`family_id`: of the family from now on."""

    family_id: str


def join_families(call: Call, by: Staff) -> Answer:
    deed, kept, other = requests.to_unite(document(call.body), by, call.now)
    uniting.unite(deed, kept, other)
    return Answer(200, OneFamily(kept))


def correct_family(call: Call, by: Staff) -> Answer:
    deed, family_id, asked, is_strangers = requests.to_correct(document(call.body), by, call.now)
    misfits = correcting.correct(deed, family_id, asked, is_strangers=is_strangers)
    known = correcting.of(by, family_id)
    return Answer(
        200,
        CorrectedFamily(
            family_id=family_id,
            email=known.newest.email or None,
            address_asked=asked.email if asked.email != known.newest.email else None,
            language=known.newest.language,
            postcode=known.newest.postcode,
            children=known.children,
            no_longer_fits=[NoLongerFits(one.registration_id, one.child_id) for one in misfits],
        ),
    )


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
