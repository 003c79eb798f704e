from chalicelib.core.http import problems
from chalicelib.openapi.examples import (
    A_CHILD,
    A_FAMILY,
    ADMITTED_AT,
    CHILD_ID,
    KEY,
    OPENING_ID,
    OPENS_AT,
    PASSES_UNTIL,
    TEXTS,
)
from chalicelib.openapi.operations import Operation, Part
from chalicelib.people.families.handlers import PASS as PASS_REQUEST
from chalicelib.people.families.rules import Child
from chalicelib.programme.openings.passes import OwnChild, OwnMoment, OwnPass
from chalicelib.programme.openings.rules import OpeningKind, State

ID = "3k9rtgw5mxpa"
A_MOMENT = OwnMoment(
    opening_id=OPENING_ID,
    title=TEXTS["nl"],
    kind=OpeningKind.FIRST_COME,
    state=State.PUBLISHED,
    child_ids=[CHILD_ID],
    keys=[KEY],
    window=0,
    opens_at=OPENS_AT,
    is_late=False,
    known_from=PASSES_UNTIL,
    at=ADMITTED_AT,
    wishes_until=None,
)
AN_OWN_CHILD = OwnChild(**vars(A_CHILD), named_elsewhere=False)
PART = Part(
    tag="families",
    about="Passes: a mail address that a link proved, and its children.",
    answers={
        "AskedPass": {"pass_id": ID},
        "Child": Child,
        "OwnChild": AN_OWN_CHILD,
        "Admission": OwnMoment,
        "Pass": OwnPass(ID, [AN_OWN_CHILD], [A_MOMENT]),
    },
    requests={"PassRequest": (PASS_REQUEST, A_FAMILY)},
    operations={
        "POST /api/passes": Operation(
            "askPass",
            "Ask for a pass; its token comes by mail",
            "AskedPass",
            body="PassRequest",
            refusals=(problems.TOO_MANY_LINKS, problems.LINKS_BUSY),
            statuses=(202,),
        ),
        "GET /api/pass": Operation(
            "getPass",
            "Read your pass, and when you may register",
            "Pass",
            about="Like every call with the token of a mail, it proves the mail address: from the first one on the "
            "children are named by your family. Call it before `passes_until` of the opening; until then the pass has "
            "no effect.",
        ),
    },
)
