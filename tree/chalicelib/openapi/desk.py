from chalicelib.booking.registrations.rules import reference
from chalicelib.city.work.rules import WorkKind
from chalicelib.core.http import problems
from chalicelib.office.desk.handlers import (
    AllowedChildren,
    CorrectedFamily,
    FoundRegistration,
    FoundRegistrations,
    OneChild,
    OneFamily,
    RegistrationAtDesk,
    SeatsHeldBack,
    SeatsOfSession,
    ShownWork,
    WorkAnswer,
)
from chalicelib.office.desk.namings import NamingFamily, SharedNaming, SharedNamings
from chalicelib.office.desk.requests import (
    ACCEPTANCE,
    ALLOWED,
    CANCELLATION,
    CAPACITY,
    CLOSING,
    CORRECTED,
    FOR_A_FAMILY,
    GRANT,
    HANDLED,
    JOINED,
    MOVE,
    MOVED,
    NAMINGS,
    RESERVED,
    SAID,
    SEARCH,
    UNITED,
    WAITING,
    WORK,
)
from chalicelib.office.desk.waiting_lists import Hindrance, OfferEnd, OfferMade, WaitingFamily, WaitingList
from chalicelib.openapi.examples import A_CHILD, A_FAMILY, REGISTRATION_ID, SESSION_ID, at
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.openapi.registrations import A_REGISTRATION, IN_THE_WAY, KEY_PARAMETER, NOT_HELD
from chalicelib.rights.handlers import NoLongerFits

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
A_CALL = ShownWork(
    work_id=f"call/{REGISTRATION_ID[:11]}/offered#{REGISTRATION_ID}",
    kind=WorkKind.CALL,
    municipality="Kaprijke",
    due=None,
    since=at("2027-05-20T09:00:00+02:00"),
    family_id=REGISTRATION_ID[:11],
    registration_id=REGISTRATION_ID,
    session_id=SESSION_ID,
    reference=reference(REGISTRATION_ID),
    children=[A_CHILD],
    email=None,
    desk_number="4W3K-PA9R",
    phone="0470 12 34 56",
    offered_until=at("2027-05-21T20:00:00+02:00"),
    reason="Letter",
    taken_by=None,
    taken_at=None,
    note="",
    edition=0,
)
A_WAITING_LIST = WaitingList(
    SESSION_ID,
    waiting=1,
    free=1,
    kept_since=None,
    stopped_since=None,
    is_closed=False,
    families=[
        WaitingFamily(
            1,
            REGISTRATION_ID,
            reference(REGISTRATION_ID),
            [A_CHILD],
            A_FAMILY["email"],
            at("2027-03-06T19:12:04+01:00"),
            [Hindrance.TOO_FEW],
        )
    ],
    next=None,
    offers=[
        OfferMade(
            REGISTRATION_ID,
            reference(REGISTRATION_ID),
            [A_CHILD],
            at("2027-05-20T09:00:00+02:00"),
            at("2027-05-21T20:00:00+02:00"),
            OfferEnd.ACCEPTED,
        )
    ],
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
        "ShownWork": A_CALL,
        "WorkAnswer": WorkAnswer([A_CALL], None),
        "WaitingFamily": A_WAITING_LIST.families[0],
        "OfferMade": A_WAITING_LIST.offers[0],
        "WaitingList": A_WAITING_LIST,
        "OneFamily": OneFamily("9rtx4w3kpaz"),
        "OneChild": OneChild(A_CHILD.child_id),
        "CorrectedFamily": CorrectedFamily(
            "9rtx4w3kpaz",
            A_FAMILY["email"],
            address_asked=None,
            language="nl",
            postcode="9970",
            children=[A_CHILD],
            no_longer_fits=[NoLongerFits(REGISTRATION_ID, A_CHILD.child_id)],
        ),
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
        "WorkRequest": (HANDLED, {"work_id": A_CALL.work_id, "edition": 0, "do": "take", "note": None}),
        "ConversationRequest": (
            SAID,
            {
                "way": "phone",
                "text": "Wants to know why it waits.",
                "waits_for_answer": True,
                "municipality": "Kaprijke",
            },
        ),
        "SearchRequest": (SEARCH, {"email": A_FAMILY["email"]}),
        "JoinedChildrenRequest": (
            JOINED,
            {"other_child_id": A_CHILD.child_id, "reason": "The mother showed the card: it is one child, typed twice."},
        ),
        "JoinedFamiliesRequest": (
            UNITED,
            {
                "family_id": "9rtx4w3kpaz",
                "other_family_id": "k7m2xq4w3kp",
                "reason": "The mother called: both mail addresses are hers.",
            },
        ),
        "FamilyCorrectionsRequest": (
            CORRECTED,
            {
                "family_id": "9rtx4w3kpaz",
                "children": [{"child_id": A_CHILD.child_id, **A_FAMILY["children"][0]}],
                "email": A_FAMILY["email"],
                "reason": "The mother showed the child's card: the first name was mistyped.",
            },
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
        "POST /api/staff/registrations/search": Operation(
            "searchRegistrations",
            "The same search, by what is sent and stands in no address",
            "FoundRegistrations",
            body="SearchRequest",
        ),
        "GET /api/staff/work": Operation(
            "listWork",
            "What the desk has to do, the oldest due first, in parts",
            "WorkAnswer",
            about="Letters to print, calls to make, mails that reached nobody, what is missing, what is to be paid "
            "back, families that wait for an answer, children whom several families name. What concerns nobody any "
            "more is left out.",
            parameters=query_parameters(WORK),
        ),
        "POST /api/staff/work": Operation(
            "handleWork",
            "Take a piece of work, leave it to others, write a note beside it, or say that it is done",
            refusals=[problems.NOT_FOUND, problems.NOT_NOW, problems.CHANGED],
            about="`edition` as the list said it: if a colleague came first, it is `changed`.",
            body="WorkRequest",
            statuses=(204,),
        ),
        "POST /api/staff/families/{family_id}/conversations": Operation(
            "noteDownConversation",
            "Write down what was said with a family, or a note about it",
            about="The family reads it in the file of all that is kept of it. One that waits for an answer is work "
            "until it has it.",
            body="ConversationRequest",
            statuses=(204,),
        ),
        "GET /api/staff/sessions/{session_id}/waiting-list": Operation(
            "listWaiting",
            "Who waits for a session, what holds them, and who was offered a seat, in parts",
            "WaitingList",
            parameters=query_parameters(WAITING),
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
        "POST /api/staff/namings/{child_id}/joining": Operation(
            "joinChildren",
            "Two records of one child become one",
            "OneChild",
            [problems.NOT_NOW, problems.CHANGED],
            about="All that families have under `other_child_id` is of the child in the address from then on, behind "
            "the family that named that one first. Refused where it would have two places of one session, or camps "
            "on the same days; and while a moment is known, as moving a naming is.",
            body="JoinedChildrenRequest",
        ),
        "POST /api/staff/namings/{child_id}/parting": Operation(
            "tellChildrenApart",
            "Two children of one name and birth date get an id each",
            "OneChild",
            [problems.NOT_NOW, problems.CHANGED],
            about="The answer is the id of this family's child; the family that named it first keeps the id. Each has "
            "its own chance and its own seat. Refused while a moment is known, as moving a naming is.",
            body="MovedNamingRequest",
        ),
        "POST /api/staff/families/joining": Operation(
            "joinFamilies",
            "Two mail addresses of one parent become one family",
            "OneFamily",
            [problems.NOT_FOUND, problems.NOT_NOW, problems.CHANGED, problems.TOO_MANY_CHILDREN],
            about="The other one must have nothing that stands: registrations stay with the family that made them. "
            "Both mailboxes lead to the family from then on, which gets a link with the children of both.",
            body="JoinedFamiliesRequest",
        ),
        "POST /api/staff/families/corrections": Operation(
            "correctFamilyAtDesk",
            "Correct a family: names, birth dates, mail address, postcode, language",
            "CorrectedFamily",
            [problems.NOT_FOUND, problems.NOT_NOW, problems.CHANGED],
            about="What the family has follows: a child keeps its id. A new address gets a link and counts once that "
            "was used; with `old_address_is_a_strangers` the old links stop at once, and mails go to the new address.",
            body="FamilyCorrectionsRequest",
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
