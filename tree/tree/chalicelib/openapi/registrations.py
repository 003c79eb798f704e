from dataclasses import replace
from typing import Any

from chalicelib.booking.registrations.handlers import AS_KEY, KEY, KEY_HEADER, REGISTRATION, TRANSFER, ShownRegistration
from chalicelib.booking.registrations.rules import RegistrationStatus, reference
from chalicelib.core.http import problems
from chalicelib.openapi.examples import CHILD_ID, REGISTRATION_ID, SESSION_ID, at
from chalicelib.openapi.operations import Operation, Parameter, Part

A_REGISTRATION = ShownRegistration(
    registration_id=REGISTRATION_ID,
    reference=reference(REGISTRATION_ID),
    session_id=SESSION_ID,
    child_ids=[CHILD_ID],
    status=RegistrationStatus.CONFIRMED,
    waitlist_position=None,
    held_until=None,
    created_at=at("2027-03-06T18:00:02+00:00"),
)
OFFERED = replace(A_REGISTRATION, status=RegistrationStatus.OFFERED, held_until=at("2027-03-07T19:00:00+00:00"))
A_REQUEST: dict[str, Any] = {"session_id": SESSION_ID, "child_ids": [CHILD_ID], "waitlist": True}
KEY_PARAMETER: Parameter = {
    "in": "header",
    "name": KEY_HEADER,
    "required": True,
    "description": AS_KEY,
    "schema": {"type": "string", "pattern": f"^{KEY}$"},
    "example": "9f0c6f1e-3e1b-4f0e-8a55-7d3a1d0f3c11",
}
# The refusals of a registration.
IN_THE_WAY = (
    problems.NOT_FOUND,
    problems.NOT_ELIGIBLE,
    problems.NOT_FROM_THERE,
    problems.OVERLAPS,
    problems.CLOSED,
    problems.ALREADY_REGISTERED,
    problems.SOLD_OUT,
    problems.TOO_EARLY,
    problems.PAUSED,
    problems.BY_DRAW,
    problems.BEING_DRAWN,
)
NOT_HELD = (problems.NOT_NOW, problems.OFFER_OVER)
PART = Part(
    tag="registrations",
    about="Seats, and places on the waiting list.",
    answers={"Registration": A_REGISTRATION, "Registrations": {"registrations": [A_REGISTRATION, OFFERED]}},
    requests={
        "RegistrationRequest": (REGISTRATION, A_REQUEST),
        "TransferRequest": (TRANSFER, {"session_id": SESSION_ID, "child_ids": [CHILD_ID], "waitlist": False}),
    },
    operations={
        "POST /api/registrations": Operation(
            "register",
            "Register children for a session: seats for all of them or none; 200 if the same key made it before",
            "Registration",
            IN_THE_WAY,
            about="If the session belongs to an opening, your moment is checked first: that costs nothing, however "
            "many families come too early. If the opening holds seats for payment or more data, the "
            "registration is `offered` until you accept it.",
            body="RegistrationRequest",
            parameters=[KEY_PARAMETER],
            statuses=(201, 200),
        ),
        "GET /api/registrations": Operation("listRegistrations", "Your registrations", "Registrations"),
        "GET /api/registrations/{registration_id}": Operation(
            "getRegistration", "Read one of your registrations", "Registration"
        ),
        "DELETE /api/registrations/{registration_id}": Operation(
            "cancel", "Cancel, or decline an offer; the seats are free again at once", statuses=(204,)
        ),
        "DELETE /api/registrations/{registration_id}/children/{child_id}": Operation(
            "cancelChild",
            "Cancel for one of several children: only its seat or place is free again",
            about="The other children keep what they have. The last child's is the whole registration's cancellation. "
            "Repeating is harmless.",
            statuses=(204,),
        ),
        "POST /api/registrations/{registration_id}/transfer": Operation(
            "transfer",
            "Move children to another session: seats there and none here any more, or nothing changes",
            "Registration",
            (*IN_THE_WAY, problems.NOT_NOW),
            about="The registration there has the same reference. Without `child_ids` everybody moves. With "
            "`waitlist`, if there are no seats: they wait there and keep their seats here until the seats there are "
            "accepted. The same key again gives the same registration.",
            body="TransferRequest",
            parameters=[KEY_PARAMETER],
        ),
    },
)
OFFERS = Part(
    tag="offers",
    about="Seats that are held for a family: an offer from the waiting list, or a hold for payment or more data. "
    "To decline, cancel the registration.",
    operations={
        "POST /api/registrations/{registration_id}/acceptance": Operation(
            "accept", "Accept the seats that are held for you; repeating is harmless", "Registration", NOT_HELD
        ),
        "POST /api/registrations/{registration_id}/extension": Operation(
            "askForMoreTime",
            "Ask for more time, once: the same time again for a hold, a day for an offer",
            "Registration",
            NOT_HELD,
        ),
    },
)
