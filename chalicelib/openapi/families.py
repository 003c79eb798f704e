from chalicelib.api import problems
from chalicelib.families.handlers import PASS as PASS_REQUEST
from chalicelib.families.rules import Child
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
from chalicelib.openapi.schemas import TEXT, an_object
from chalicelib.openings.passes import OwnMoment, OwnPass

ID = "3k9rtgw5mxpa"
PART = Part(
    tag="families",
    about="Passes: a mail address that a link proved, and its children.",
    schemas={
        "AskedPass": an_object({"pass_id": TEXT}),
        "Child": Child,
        "Admission": OwnMoment,
        "Pass": OwnPass,
    },
    requests={"PassRequest": PASS_REQUEST},
    examples={
        "PassRequest": A_FAMILY,
        "AskedPass": {"pass_id": ID},
        "Pass": {
            "pass_id": ID,
            "children": [{"child_id": CHILD_ID, **A_CHILD}],
            "admission": [
                {
                    "opening_id": OPENING_ID,
                    "title": TEXTS["nl"],
                    "kind": "first-come",
                    "state": "published",
                    "child_ids": [CHILD_ID],
                    "keys": [KEY],
                    "window": 0,
                    "opens_at": OPENS_AT,
                    "is_late": False,
                    "known_from": PASSES_UNTIL,
                    "at": ADMITTED_AT,
                    "wishes_until": None,
                }
            ],
        },
    },
    paths={
        "/api/passes": {
            "post": Operation(
                "askPass",
                "Ask for a pass; its token comes by mail",
                {202: "AskedPass"},
                [problems.INVALID],
                body="PassRequest",
            )
        },
        "/api/pass": {
            "get": Operation(
                "getPass",
                "Read your pass, and when you may register",
                {200: "Pass"},
            )
        },
    },
)
