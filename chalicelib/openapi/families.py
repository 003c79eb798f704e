from chalicelib.api import problems
from chalicelib.families.handlers import PASS as PASS_REQUEST
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
from chalicelib.openapi.schemas import COUNT, DAY, MOMENT, TEXT, YES_OR_NO, a_list, an_object, one_of, or_null, ref
from chalicelib.openings.rules import Kind, State

ID = "3k9rtgw5mxpa"
LIVE = [state.value for state in State if state is not State.DRAFT]
PART = Part(
    tag="families",
    about="Passes: a mail address that a link proved, and its children.",
    schemas={
        "AskedPass": an_object({"pass_id": TEXT}),
        "Child": an_object({"child_id": TEXT, "first_name": TEXT, "last_name": TEXT, "birth_date": DAY}),
        "Admission": {
            **an_object(
                {
                    "opening_id": TEXT,
                    "title": {**TEXT, "description": "The title of the opening, in the language asked for."},
                    "kind": one_of([kind.value for kind in Kind]),
                    "state": one_of(LIVE),
                    "child_ids": a_list(TEXT, minItems=1),
                    "keys": a_list(
                        TEXT, description="The key under which the children are drawn and appear in the published list."
                    ),
                    "window": {
                        **or_null(COUNT),
                        "description": "The number of the window; null if none is for your postcode.",
                    },
                    "opens_at": {**or_null(MOMENT), "description": "When that window opens."},
                    "is_late": {
                        **YES_OR_NO,
                        "description": "True if the children were named too late: they come after the spread.",
                    },
                    "known_from": {
                        **MOMENT,
                        "description": "The moment from which families are told their own moment.",
                    },
                    "at": {
                        **or_null(MOMENT),
                        "description": "The moment from which these children can be registered; null as long as it is "
                        "not told, in a draw, and if no window is for the postcode.",
                    },
                    "wishes_until": {**or_null(MOMENT), "description": "The moment until which a draw takes wishes."},
                }
            ),
            "description": "The moment from which children of a pass may register in an opening; as a rule one for all "
            "of them. Children who are registered together wait for the last of their moments.",
        },
        "Pass": an_object(
            {
                "pass_id": TEXT,
                "children": a_list(ref("schemas", "Child"), minItems=1),
                "admission": a_list(
                    ref("schemas", "Admission"),
                    description="One entry for each published opening whose seed is secret; the next opening first.",
                ),
            }
        ),
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
