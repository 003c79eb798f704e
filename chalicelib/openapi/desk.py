from typing import Any

from chalicelib.api import problems
from chalicelib.desk.handlers import FoundRegistration, FoundRegistrations, RegistrationAtDesk, SeatsOfSession
from chalicelib.desk.requests import ACCEPTANCE, CANCELLATION, CAPACITY, CLOSING, FOR_A_FAMILY, GRANT, RESERVED, SEARCH
from chalicelib.openapi.examples import A_CHILD, A_FAMILY, CHILD_ID, SESSION_ID
from chalicelib.openapi.offers import NOT_HELD
from chalicelib.openapi.operations import Operation, Part, path_parameter, query_parameters
from chalicelib.openapi.registrations import A_REGISTRATION, IN_THE_WAY, KEY_PARAMETER
from chalicelib.openapi.registrations import BY_ID as BY_REGISTRATION

BY_ID = path_parameter("session_id", SESSION_ID)
REASON = "Mrs Claeys has no internet and came to the town hall."
REGISTERED: dict[str, Any] = A_REGISTRATION | {"desk_number": None, "letter": None}
SEATS = {
    "session_id": SESSION_ID,
    "capacity": 20,
    "free": 3,
    "held_back": {"staff": 2, "reduced": 0},
    "closes_at": "2027-08-15T22:00:00+00:00",
}
FOUND = {
    **REGISTERED,
    "email": A_FAMILY["email"],
    "language": "nl",
    "children": [{"child_id": CHILD_ID, **A_CHILD}],
}
PART = Part(
    tag="desk",
    about="The desk and programme managers act for families, also out of the ordinary. Each action needs a reason and "
    "is written into the ledger.",
    schemas={
        "RegistrationAtDesk": RegistrationAtDesk,
        "FoundRegistration": FoundRegistration,
        "FoundRegistrations": FoundRegistrations,
        "SeatsOfSession": SeatsOfSession,
    },
    requests={
        "DeskRegistrationRequest": FOR_A_FAMILY,
        "AcceptanceRequest": ACCEPTANCE,
        "CancellationRequest": CANCELLATION,
        "GrantRequest": GRANT,
        "ReservedRequest": RESERVED,
        "CapacityRequest": CAPACITY,
        "ClosingRequest": CLOSING,
    },
    examples={
        "DeskRegistrationRequest": {**A_FAMILY, "session_id": SESSION_ID, "waitlist": True, "reason": REASON},
        "AcceptanceRequest": {"reason": "Mrs Claeys called: she takes the seat."},
        "CancellationRequest": {"reason": "Mrs Claeys called: Lou is ill and stays at home."},
        "GrantRequest": {**A_FAMILY, "from": "reduced", "despite_age": False, "reason": REASON},
        "ReservedRequest": {"held_for": "staff", "seats": 2, "reason": "Two seats for the children of our monitors."},
        "CapacityRequest": {"capacity": 24, "reason": "A second room was found for this camp."},
        "ClosingRequest": {"closes_at": "2027-08-01T12:00", "reason": "The list of names goes to the camp on Sunday."},
        "RegistrationAtDesk": REGISTERED,
        "FoundRegistration": FOUND,
        "FoundRegistrations": {"registrations": [FOUND]},
        "SeatsOfSession": SEATS,
    },
    paths={
        "/api/staff/registrations": {
            "post": Operation(
                "registerFamily",
                "Register for a family, in the same order as everybody",
                {201: "RegistrationAtDesk", 200: "RegistrationAtDesk"},
                [problems.INVALID, problems.NOT_FOUND, *IN_THE_WAY],
                about="A family without mail address gets letters, and the desk knows it by `desk_number`. Its pass "
                "stays if the request comes too early: from then on the family draws with everybody else.",
                body="DeskRegistrationRequest",
                parameters=[KEY_PARAMETER],
            ),
            "get": Operation(
                "findRegistrations",
                "Find a family's registrations by mail address or desk number, or one by its reference and session",
                {200: "FoundRegistrations"},
                [problems.INVALID],
                parameters=query_parameters(SEARCH),
            ),
        },
        "/api/staff/registrations/{registration_id}/acceptance": {
            "post": Operation(
                "acceptForFamily",
                "Accept an offer for a family that has no mail",
                {200: "FoundRegistration"},
                [problems.INVALID, *NOT_HELD],
                body="AcceptanceRequest",
                parameters=[BY_REGISTRATION],
            )
        },
        "/api/staff/registrations/{registration_id}/cancellation": {
            "post": Operation(
                "cancelForFamily",
                "Give up a seat, an offer or a place on the waiting list for a family that calls",
                {200: "FoundRegistration"},
                [problems.INVALID, problems.NOT_FOUND],
                about="Repeating is harmless: a cancelled registration is answered as it is.",
                body="CancellationRequest",
                parameters=[BY_REGISTRATION],
            )
        },
        "/api/staff/sessions/{session_id}/grants": {
            "post": Operation(
                "grantSeats",
                "Give free or held-back seats out of order, never more than there are",
                {201: "RegistrationAtDesk", 200: "RegistrationAtDesk"},
                [
                    problems.INVALID,
                    problems.NOT_FOUND,
                    problems.NOT_NOW,
                    problems.NOT_ELIGIBLE,
                    problems.CLOSED,
                    problems.ALREADY_REGISTERED,
                    problems.SOLD_OUT,
                ],
                body="GrantRequest",
                parameters=[BY_ID, KEY_PARAMETER],
            )
        },
        "/api/staff/sessions/{session_id}/reserved": {
            "post": Operation(
                "reserveSeats",
                "Set the number of held-back seats; seats that become free go to the next family",
                {200: "SeatsOfSession"},
                [problems.INVALID, problems.NOT_FOUND, problems.NOT_NOW],
                body="ReservedRequest",
                parameters=[BY_ID],
            )
        },
        "/api/staff/sessions/{session_id}/capacity": {
            "put": Operation(
                "changeCapacity",
                "Change the number of seats; it can only fall by seats that are free",
                {200: "SeatsOfSession"},
                [problems.INVALID, problems.NOT_FOUND, problems.NOT_NOW],
                body="CapacityRequest",
                parameters=[BY_ID],
            )
        },
        "/api/staff/sessions/{session_id}/closing": {
            "put": Operation(
                "moveClosing",
                "Move the deadline of a session",
                {200: "SeatsOfSession"},
                [problems.INVALID, problems.NOT_FOUND, problems.NOT_NOW],
                body="ClosingRequest",
                parameters=[BY_ID],
            )
        },
    },
)
