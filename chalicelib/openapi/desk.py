from chalicelib.core.http import problems
from chalicelib.office.desk.handlers import (
    AllowedChildren,
    FoundRegistration,
    FoundRegistrations,
    RegistrationAtDesk,
    SeatsHeldBack,
    SeatsOfSession,
)
from chalicelib.office.desk.namings import NamingFamily, SharedNaming, SharedNamings
from chalicelib.office.desk.requests import (
    ACCEPTANCE,
    ALLOWED,
    CANCELLATION,
    CAPACITY,
    CLOSING,
    FOR_A_FAMILY,
    GRANT,
    MOVE,
    MOVED,
    NAMINGS,
    RESERVED,
    SEARCH,
)
from chalicelib.openapi.examples import A_CHILD, A_FAMILY, SESSION_ID, at
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.openapi.registrations import A_REGISTRATION, IN_THE_WAY, KEY_PARAMETER, NOT_HELD

REASON = "Mrs Claeys has no internet and came to the town hall."
REGISTERED = RegistrationAtDesk(**vars(A_REGISTRATION), desk_number=None, letter=None)
FOUND = FoundRegistration(**vars(REGISTERED), email=A_FAMILY["email"], language="nl", children=[A_CHILD])
SHARED = SharedNaming(
    A_CHILD.child_id,
    A_CHILD,
    [
        NamingFamily("k7m2xq4w3kp", "someone@example.com", None, at("2027-02-01T09:00:00+00:00"), is_first=True),
        NamingFamily("9rtx4w3kpaz", A_FAMILY["email"], None, at("2027-02-20T19:30:00+00:00"), is_first=False),
    ],
    0,
)
PART = Part(
    tag="desk",
    about="The desk and programme managers act for families, also out of the ordinary. Each action needs a reason and "
    "is written into the ledger.",
    answers={
        "RegistrationAtDesk": REGISTERED,
        "FoundRegistration": FOUND,
        "FoundRegistrations": FoundRegistrations([FOUND]),
        "SharedNaming": SHARED,
        "SharedNamings": SharedNamings([SHARED], None),
        "AllowedChildren": AllowedChildren(A_FAMILY["email"], 20),
        "SeatsOfSession": SeatsOfSession(SESSION_ID, 20, 3, SeatsHeldBack(2, 0), at("2027-08-15T22:00:00+00:00")),
    },
    requests={
        "DeskRegistrationRequest": (
            FOR_A_FAMILY,
            {**A_FAMILY, "session_id": SESSION_ID, "waitlist": True, "reason": REASON},
        ),
        "AcceptanceRequest": (ACCEPTANCE, {"reason": "Mrs Claeys called: she takes the seat."}),
        "CancellationRequest": (CANCELLATION, {"reason": "Mrs Claeys called: Lou is ill and stays at home."}),
        "DeskTransferRequest": (
            MOVE,
            {"session_id": SESSION_ID, "child_ids": None, "waitlist": False, "reason": REASON},
        ),
        "GrantRequest": (GRANT, {**A_FAMILY, "from": "reduced", "despite_age": False, "reason": REASON}),
        "ReservedRequest": (
            RESERVED,
            {"held_for": "staff", "seats": 2, "reason": "Two seats for the children of our monitors."},
        ),
        "CapacityRequest": (CAPACITY, {"capacity": 24, "reason": "A second room was found for this camp."}),
        "ClosingRequest": (
            CLOSING,
            {"closes_at": "2027-08-01T12:00", "reason": "The list of names goes to the camp on Sunday."},
        ),
        "MovedNamingRequest": (
            MOVED,
            {"family_id": "9rtx4w3kpaz", "reason": "The mother showed the child's card at the desk."},
        ),
        "AllowedChildrenRequest": (
            ALLOWED,
            {"email": A_FAMILY["email"], "children": 20, "reason": "A home that registers the children it cares for."},
        ),
    },
    operations={
        "POST /api/staff/registrations": Operation(
            "registerFamily",
            "Register for a family, in the same order as everybody",
            "RegistrationAtDesk",
            (*IN_THE_WAY, problems.TOO_MANY_CHILDREN),
            about="A family without mail address gets letters, and the desk knows it by `desk_number`. Its pass "
            "stays if the request comes too early: from then on the family draws with everybody else.",
            body="DeskRegistrationRequest",
            parameters=[KEY_PARAMETER],
            statuses=(201, 200),
        ),
        "GET /api/staff/registrations": Operation(
            "findRegistrations",
            "Find a family's registrations by mail address or desk number, or one by its reference and session",
            "FoundRegistrations",
            parameters=query_parameters(SEARCH),
        ),
        "POST /api/staff/registrations/{registration_id}/acceptance": Operation(
            "acceptForFamily",
            "Accept an offer for a family that has no mail",
            "FoundRegistration",
            NOT_HELD,
            body="AcceptanceRequest",
        ),
        "POST /api/staff/registrations/{registration_id}/cancellation": Operation(
            "cancelForFamily",
            "Give up a seat, an offer or a place on the waiting list for a family that calls",
            "FoundRegistration",
            about="Repeating is harmless: a cancelled registration is answered as it is.",
            body="CancellationRequest",
        ),
        "POST /api/staff/registrations/{registration_id}/transfer": Operation(
            "moveForFamily",
            "Move children to another session for a family that calls",
            "RegistrationAtDesk",
            (*IN_THE_WAY, problems.NOT_NOW),
            body="DeskTransferRequest",
            parameters=[KEY_PARAMETER],
        ),
        "GET /api/staff/namings": Operation(
            "listNamings",
            "The children whom several families name and whom the desk has not looked at, oldest first",
            "SharedNamings",
            parameters=query_parameters(NAMINGS),
        ),
        "POST /api/staff/namings/{child_id}": Operation(
            "moveNaming",
            "Move the first naming of a child to another family that names it",
            "SharedNaming",
            [problems.NOT_NOW, problems.CHANGED],
            about="Not from `passes_until` of a published opening until everybody is admitted there, nor between the "
            "last wish of a draw and its result. Moving it to the family that is the first already changes nothing.",
            body="MovedNamingRequest",
        ),
        "POST /api/staff/families/limits": Operation(
            "allowChildren",
            "Let a family name more children this season than the limit",
            "AllowedChildren",
            about="The next use of its link names them.",
            body="AllowedChildrenRequest",
        ),
        "POST /api/staff/sessions/{session_id}/grants": Operation(
            "grantSeats",
            "Give free or held-back seats out of order, never more than there are",
            "RegistrationAtDesk",
            [
                problems.NOT_NOW,
                problems.NOT_ELIGIBLE,
                problems.TOO_MANY_CHILDREN,
                problems.CLOSED,
                problems.ALREADY_REGISTERED,
                problems.SOLD_OUT,
            ],
            body="GrantRequest",
            parameters=[KEY_PARAMETER],
            statuses=(201, 200),
        ),
        "POST /api/staff/sessions/{session_id}/reserved": Operation(
            "reserveSeats",
            "Set the number of held-back seats; seats that become free go to the next family",
            "SeatsOfSession",
            [problems.NOT_NOW],
            body="ReservedRequest",
        ),
        "PUT /api/staff/sessions/{session_id}/capacity": Operation(
            "changeCapacity",
            "Change the number of seats; it can only fall by seats that are free",
            "SeatsOfSession",
            [problems.NOT_NOW],
            body="CapacityRequest",
        ),
        "PUT /api/staff/sessions/{session_id}/closing": Operation(
            "moveClosing", "Move the deadline of a session", "SeatsOfSession", [problems.NOT_NOW], body="ClosingRequest"
        ),
    },
)
