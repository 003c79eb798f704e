from chalicelib.core.http.problems import CHANGED, NOT_NOW
from chalicelib.office.publication.drafts import NEW_VERSION, OF_VERSION
from chalicelib.office.publication.handlers import OpeningOfStaff, OpeningsOfStaff, ShownApproval, ShownFinding
from chalicelib.openapi.examples import COMMITMENT, OPENING_ID, at
from chalicelib.openapi.openings import A_PLAN, OPENING
from chalicelib.openapi.operations import Operation, Part
from chalicelib.programme.openings.plans import PLAN, PlanToSend, to_send
from chalicelib.programme.openings.rules import State

A_DRAFT = OpeningOfStaff(
    opening_id=OPENING_ID,
    version=3,
    state=State.DRAFT,
    commitment=COMMITMENT,
    plan=to_send(OPENING.plan),
    approvals=[ShownApproval("Anna Pauwels", at("2027-02-19T09:30:00+00:00"), version=3, counts=True)],
    findings=[
        ShownFinding(
            code="residents-only",
            field="windows[0].postcodes",
            session_id=None,
            message="The last window is for some postcodes only: other families cannot register at all.",
            is_notice=True,
        )
    ],
    passes_check=True,
    published_at=None,
)
PART = Part(
    tag="publication",
    about="Openings of staff: versions of a plan, two approvals of the same version, publication.",
    answers={"Plan": PlanToSend, "OpeningOfStaff": A_DRAFT, "OpeningsOfStaff": OpeningsOfStaff([A_DRAFT])},
    requests={
        "PlanRequest": (PLAN, A_PLAN),
        "NewVersionRequest": (NEW_VERSION, {"version": 2, "plan": A_PLAN}),
        "VersionRequest": (OF_VERSION, {"version": 3}),
    },
    operations={
        "POST /api/staff/openings": Operation(
            "createOpening",
            "Make a draft of an opening; its seed is drawn now, once and for all",
            "OpeningOfStaff",
            about="Moments without an offset are by the clocks in Brussels; a moment that these clocks skip or "
            "repeat needs an offset.",
            body="PlanRequest",
            statuses=(201,),
        ),
        "GET /api/staff/openings": Operation(
            "listOpeningsOfStaff",
            "List every opening, also drafts, with the findings of the check; the newest first",
            "OpeningsOfStaff",
        ),
        "GET /api/staff/openings/{opening_id}": Operation(
            "getOpeningOfStaff", "Read one opening, with the findings of the check", "OpeningOfStaff"
        ),
        "PUT /api/staff/openings/{opening_id}": Operation(
            "changeOpening",
            "Store a new version of a draft, for which no approval counts yet",
            "OpeningOfStaff",
            [CHANGED, NOT_NOW],
            about="`version` is the version that it replaces; the answer is `changed` if that is no "
            "longer the last one.",
            body="NewVersionRequest",
        ),
        "POST /api/staff/openings/{opening_id}/approvals": Operation(
            "approveOpening",
            "Approve this very version, once",
            "OpeningOfStaff",
            [CHANGED, NOT_NOW],
            body="VersionRequest",
        ),
        "POST /api/staff/openings/{opening_id}/publication": Operation(
            "publishOpening",
            "Publish a version that two different people approved; it does not change any more",
            "OpeningOfStaff",
            [CHANGED, NOT_NOW],
            body="VersionRequest",
        ),
    },
)
