from typing import Any

from chalicelib.api import problems
from chalicelib.openapi.examples import CHILD_ID, REGISTRATION_ID, SESSION_ID
from chalicelib.openapi.operations import Operation, Parameter, Part, path_parameter
from chalicelib.openapi.schemas import a_list, an_object, ref
from chalicelib.registrations.handlers import AS_KEY, KEY, KEY_HEADER, REGISTRATION, ShownRegistration
from chalicelib.registrations.rules import reference

A_REGISTRATION: dict[str, Any] = {
    "registration_id": REGISTRATION_ID,
    "reference": reference(REGISTRATION_ID),
    "session_id": SESSION_ID,
    "child_ids": [CHILD_ID],
    "status": "confirmed",
    "waitlist_position": None,
    "held_until": None,
    "created_at": "2027-03-06T18:00:02+00:00",
}
OFFERED = A_REGISTRATION | {"status": "offered", "held_until": "2027-03-07T19:00:00+00:00"}
KEY_PARAMETER: Parameter = {
    "in": "header",
    "name": KEY_HEADER,
    "required": True,
    "description": AS_KEY,
    "schema": {"type": "string", "pattern": f"^{KEY}$"},
    "example": "9f0c6f1e-3e1b-4f0e-8a55-7d3a1d0f3c11",
}
BY_ID = path_parameter("registration_id", REGISTRATION_ID)
# The refusals of a registration, in the order of their statuses.
IN_THE_WAY = (
    problems.NOT_ELIGIBLE,
    problems.NOT_FROM_THERE,
    problems.CLOSED,
    problems.ALREADY_REGISTERED,
    problems.SOLD_OUT,
    problems.TOO_EARLY,
    problems.PAUSED,
    problems.BY_DRAW,
    problems.BEING_DRAWN,
)
PART = Part(
    tag="registrations",
    about="Seats, and places on the waiting list.",
    schemas={
        "Registration": ShownRegistration,
        "Registrations": an_object({"registrations": a_list(ref("schemas", "Registration"))}),
    },
    requests={"RegistrationRequest": REGISTRATION},
    examples={
        "RegistrationRequest": {"session_id": SESSION_ID, "child_ids": [CHILD_ID], "waitlist": True},
        "Registration": A_REGISTRATION,
        "Registrations": {"registrations": [A_REGISTRATION, OFFERED]},
    },
    paths={
        "/api/registrations": {
            "post": Operation(
                "register",
                "Register children for a session: seats for all of them or none; 200 if the same key made it before",
                {201: "Registration", 200: "Registration"},
                [problems.INVALID, problems.NOT_FOUND, *IN_THE_WAY],
                about="If the session belongs to an opening, your moment is checked first: that costs nothing, however "
                "many families come too early. If the opening holds seats for payment or more data, the "
                "registration is `offered` until you accept it.",
                body="RegistrationRequest",
                parameters=[KEY_PARAMETER],
            ),
            "get": Operation("listRegistrations", "Your registrations", {200: "Registrations"}),
        },
        "/api/registrations/{registration_id}": {
            "get": Operation(
                "getRegistration",
                "Read one of your registrations",
                {200: "Registration"},
                [problems.NOT_FOUND],
                parameters=[BY_ID],
            ),
            "delete": Operation(
                "cancel",
                "Cancel, or decline an offer; the seats are free again at once",
                {204: None},
                [problems.NOT_FOUND],
                parameters=[BY_ID],
            ),
        },
    },
)
