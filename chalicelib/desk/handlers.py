"""What the desk and programme managers do, as requests. Whatever changes something asks for a reason: the ledger's."""

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import ID, Choice, Model, Moment, OrNull, Text, TrueOrFalse, Whole, queried, read_json
from chalicelib.api.problems import invalid
from chalicelib.desk import exceptions, registering
from chalicelib.desk.exceptions import Deed, Wanted
from chalicelib.desk.families import Visitor, desk_number
from chalicelib.desk.registering import Found
from chalicelib.families.handlers import AS_EMAIL, EMAIL, PASS, children_of
from chalicelib.families.identity import FAMILY_ID, FAMILY_LENGTH, family_id
from chalicelib.families.rules import Pass
from chalicelib.languages import N_
from chalicelib.ledger.rules import REASON
from chalicelib.programme.cells import MOST_SEATS
from chalicelib.programme.rules import SESSION_ID
from chalicelib.registrations.handlers import REGISTRATION, idempotency_key, shown
from chalicelib.registrations.rules import REFERENCE_LENGTH, Registration, Standing
from chalicelib.seats.rules import HeldFor, Seats
from chalicelib.staff.rules import Staff

AS_DESK_NUMBER = N_("Give the number that is in the family's letters, 11 letters and digits.")
EITHER = N_("Give the mail address, or the number of a family without one, not both.")
AS_FROM = N_("Say which seats are given: free, staff or reduced.")
AS_HELD_FOR = N_("Say for whom the seats are held back: staff or reduced.")
AS_SEATS = N_("Say how many seats are to be held back from now on, 0 to 10,000.")
AS_CAPACITY = N_("Give the number of seats, 1 to 10,000.")
AS_REFERENCE = N_("Give a reference, for example 4W3-KPA-9RTX.")
BY_WHAT = N_("Search by mail address, by the number of a family without one, or by reference and session.")

FREE = "free"
DESK_NUMBER = Text(AS_DESK_NUMBER, FAMILY_ID, FAMILY_LENGTH)
FAMILY = {
    **PASS.fields,
    "email": OrNull(Text(AS_EMAIL, EMAIL, 254)),
    "desk_number": OrNull(DESK_NUMBER),
}
WITH_REASON = {"reason": REASON}
FOR_A_FAMILY = Model(
    {
        **FAMILY,
        "session_id": REGISTRATION.fields["session_id"],
        "waitlist": REGISTRATION.fields["waitlist"],
        **WITH_REASON,
    }
)
GRANT = Model(
    {
        **FAMILY,
        "from": Choice(AS_FROM, [FREE, *HeldFor]),
        "despite_age": TrueOrFalse(default=False),
        **WITH_REASON,
    }
)
ACCEPTANCE = Model(WITH_REASON)
CANCELLATION = Model(WITH_REASON)
RESERVED = Model(
    {"held_for": Choice(AS_HELD_FOR, list(HeldFor)), "seats": Whole(AS_SEATS, 0, MOST_SEATS), **WITH_REASON}
)
CAPACITY = Model({"capacity": Whole(AS_CAPACITY, 1, MOST_SEATS), **WITH_REASON})
CLOSING = Model({"closes_at": Moment(), **WITH_REASON})
SEARCH = Model(
    {
        "email": Text(AS_EMAIL, EMAIL, 254, is_required=False),
        "desk_number": Text(AS_DESK_NUMBER, FAMILY_ID, FAMILY_LENGTH, is_required=False),
        "reference": Text(AS_REFERENCE, "[0-9A-Za-z -]+", 20, is_required=False),
        "session_id": Text(SESSION_ID.expects, ID, 64, is_required=False),
    }
)


def register_family(call: Call, by: Staff) -> Answer:
    """201 with a new registration, 200 with the one that the same key made before."""
    key = idempotency_key(call)
    wanted = read_json(FOR_A_FAMILY, call.body)
    visitor = _visitor(wanted, call.now.date())
    deed = Deed(by, wanted["reason"], call.now)
    outcome, family = registering.register_for(deed, visitor, wanted["session_id"], wanted["waitlist"], key)
    return Answer(201 if outcome.is_new else 200, _registered(outcome.registration, outcome.standing, family))


def accept_offer(call: Call, by: Staff, registration_id: str) -> Answer:
    deed = Deed(by, read_json(ACCEPTANCE, call.body)["reason"], call.now)
    return Answer(200, _found(registering.accept_for(deed, registration_id)))


def cancel_for_family(call: Call, by: Staff, registration_id: str) -> Answer:
    deed = Deed(by, read_json(CANCELLATION, call.body)["reason"], call.now)
    return Answer(200, _found(registering.cancel_for(deed, registration_id)))


def grant_seats(call: Call, by: Staff, session_id: str) -> Answer:
    """201 with a new registration, 200 with the one that the same key made before."""
    key = idempotency_key(call)
    wanted = read_json(GRANT, call.body)
    held_for = None if wanted["from"] == FREE else HeldFor(wanted["from"])
    what = Wanted(session_id, _visitor(wanted, call.now.date()), held_for, wanted["despite_age"], key)
    outcome, family = exceptions.grant(Deed(by, wanted["reason"], call.now), what)
    return Answer(201 if outcome.is_new else 200, _registered(outcome.registration, outcome.standing, family))


def reserve_seats(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = read_json(RESERVED, call.body)
    deed = Deed(by, wanted["reason"], call.now)
    return Answer(200, _seats(exceptions.hold_back(deed, session_id, HeldFor(wanted["held_for"]), wanted["seats"])))


def change_capacity(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = read_json(CAPACITY, call.body)
    deed = Deed(by, wanted["reason"], call.now)
    return Answer(200, _seats(exceptions.set_capacity(deed, session_id, wanted["capacity"])))


def move_closing(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = read_json(CLOSING, call.body)
    deed = Deed(by, wanted["reason"], call.now)
    return Answer(200, _seats(exceptions.set_closing(deed, session_id, wanted["closes_at"])))


def find_registrations(call: Call, by: Staff) -> Answer:
    """A family's, by its mail address or number; or those of a session that have seats or wait, by reference."""
    wanted = queried(SEARCH, call.query)
    if wanted["email"] or wanted["desk_number"]:
        found = registering.of_family(wanted["desk_number"] or family_id(wanted["email"]), call.now)
    elif wanted["reference"] and wanted["session_id"]:
        found = registering.of_session(wanted["session_id"], _reference(wanted["reference"]), call.now)
    else:
        raise invalid("email", BY_WHAT)
    return Answer(200, {"registrations": [_found(one) for one in found]})


def _visitor(wanted: dict[str, Any], today: date) -> Visitor:
    if wanted["email"] and wanted["desk_number"]:
        raise invalid("desk_number", EITHER)
    return Visitor(
        email=wanted["email"],
        desk_number=wanted["desk_number"],
        language=wanted["language"],
        postcode=wanted["postcode"],
        children=children_of(wanted["children"], today),
    )


def _registered(registration: Registration, standing: Standing, family: Pass) -> dict[str, Any]:
    """The Registration as parents see it; of a family without mail address also its number and its letter."""
    answer = {**vars(shown(registration, standing)), "desk_number": desk_number(family), "letter": None}
    if answer["desk_number"]:
        from chalicelib.desk.letters import letter_of  # noqa: PLC0415 templates, for these families only

        answer["letter"] = letter_of(registration, standing, family)
    return answer


def _found(one: Found) -> dict[str, Any]:
    children = {
        child.child_id: {
            "child_id": child.child_id,
            "first_name": child.first_name,
            "last_name": child.last_name,
            "birth_date": child.birth_date.isoformat(),
        }
        for child in one.family.children
    }
    return {
        **_registered(one.registration, one.standing, one.family),
        "email": one.family.email or None,
        "language": one.family.language,
        "children": [children[child] for child in one.registration.child_ids if child in children],
    }


def _seats(seats: Seats) -> dict[str, Any]:
    return {
        "session_id": seats.session_id,
        "capacity": seats.capacity,
        "free": seats.free,
        "held_back": {held_for.value: len(held_for.of(seats)) for held_for in HeldFor},
        "closes_at": datetime.fromtimestamp(seats.closes, UTC).isoformat(),
    }


def _reference(typed: str) -> str:
    """As `reference` writes it, however it was read out."""
    plain = "".join(typed.replace("-", " ").split()).upper()
    return f"{plain[:3]}-{plain[3:6]}-{plain[6 : REFERENCE_LENGTH + 1]}"
