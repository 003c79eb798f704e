from chalicelib.api import problems
from chalicelib.draw.entered import DrawResult, EnteredWishes
from chalicelib.draw.handlers import PART as PART_QUERY
from chalicelib.draw.handlers import PublicDraw
from chalicelib.draw.starting import BEACON, BeaconEntered, DrawState
from chalicelib.draw.wishes import WISHES
from chalicelib.openapi.examples import CHILD_ID, COMMITMENT, KEY, OPENING_ID, SEED, SESSION_ID
from chalicelib.openapi.openings import BY_ID
from chalicelib.openapi.operations import Operation, Part, query_parameters

A_WISH = {"children_sessions": [{"child_id": CHILD_ID, "session_id": SESSION_ID}]}
LIST_HASH = "9b" * 32
A_ROOM = {"free": 18, "capacity": 20, "ahead": 0, "starts_on": "2027-08-16", "ends_on": "2027-08-18"}
_TAKING_WISHES = (problems.NOT_FOUND, problems.NOT_NOW, problems.WISHES_OVER, problems.TOO_EARLY, problems.PAUSED)
PART = Part(
    tag="draw",
    about="Seats that are drawn by lot: wishes, the draw, its result, and everything that is needed to recompute it.",
    schemas={
        "Wishes": EnteredWishes,
        "DrawResult": DrawResult,
        "Draw": PublicDraw,
        "DrawState": DrawState,
        "BeaconEntered": BeaconEntered,
    },
    requests={"WishesRequest": WISHES, "BeaconRequest": BEACON},
    examples={
        "WishesRequest": {"wishes": [A_WISH]},
        "Wishes": {
            "opening_id": OPENING_ID,
            "wishes": [A_WISH],
            "updated_at": "2027-03-07T09:12:44+00:00",
            "result": {
                "place": 412,
                "of": 1840,
                "explanation": "Your place in the order of the draw was 412 of 1840.",
                "wishes": [
                    {
                        "outcome": "full",
                        "session_ids": [SESSION_ID],
                        "explanation": "Wish 1: not possible. When it was your turn, too few seats were left in "
                        "Bouwkamp (Lembeke), Kaprijke, 2027-08-16.",
                    }
                ],
                "waiting": [
                    {
                        "session_id": SESSION_ID,
                        "waitlist_position": 3,
                        "explanation": "Waiting list of Bouwkamp (Lembeke), Kaprijke, 2027-08-16: you are number 3.",
                    }
                ],
                "nearest": None,
                "nearest_explanation": "After the draw no other session of this opening had seats left that would suit "
                "your children.",
            },
        },
        "Draw": {
            "opening_id": OPENING_ID,
            "bundles": "one",
            "commitment": COMMITMENT,
            "list_hash": LIST_HASH,
            "number_of_entries": 1,
            "frozen_at": "2027-03-13T18:01:12+00:00",
            "beacon_named": "Lotto, 13 March 2027, six numbers in order",
            "seed": SEED,
            "beacon": "3 8 17 22 30 41",
            "sessions": {SESSION_ID: A_ROOM},
            "seated": [],
            "waiting": [],
            "entries": [{"entry": KEY, "keys": [KEY], "wishes": [[["h4x9kq2mwp", SESSION_ID]]]}],
            "results": [{"entry": KEY, "place": 1, "granted": [1], "waiting": []}],
            "next": None,
        },
        "DrawState": {
            "opening_id": OPENING_ID,
            "list_hash": LIST_HASH,
            "number_of_entries": 1840,
            "awaits_beacon": True,
            "is_drawn": False,
            "short_of_seats": [],
        },
        "BeaconRequest": {"value": "3 8 17 22 30 41"},
        "BeaconEntered": {"opening_id": OPENING_ID, "is_confirmed": False},
    },
    paths={
        "/api/openings/{opening_id}/wishes": {
            "put": Operation(
                "enterWishes",
                "Enter your wishes; they replace earlier ones, and it makes no difference when",
                {200: "Wishes"},
                [problems.INVALID, problems.NOT_FROM_THERE, *_TAKING_WISHES],
                body="WishesRequest",
                parameters=[BY_ID],
            ),
            "get": Operation(
                "getWishes",
                "Read your wishes and, after the draw, the result of each and why",
                {200: "Wishes"},
                [problems.NOT_FOUND, problems.NOT_NOW],
                parameters=[BY_ID],
            ),
            "delete": Operation(
                "withdrawWishes",
                "Take your wishes back; repeating is harmless",
                {204: None},
                _TAKING_WISHES,
                parameters=[BY_ID],
            ),
        },
        "/api/openings/{opening_id}/draw": {
            "get": Operation(
                "getDraw",
                "Read the hash of the list once it is closed; after the draw, everything that is needed "
                "to recompute it",
                {200: "Draw"},
                [problems.INVALID, problems.NOT_FOUND, problems.NOT_NOW],
                parameters=[BY_ID, *query_parameters(PART_QUERY)],
            )
        },
        "/api/staff/openings/{opening_id}/beacon": {
            "post": Operation(
                "enterBeacon",
                "Enter the public value; two people must do so: 202 after the first, 200 after the second",
                {200: "BeaconEntered", 202: "BeaconEntered"},
                [problems.INVALID, problems.NOT_FOUND, problems.CHANGED, problems.NOT_NOW],
                about="A programme manager enters it first, then an approver; neither sees the value of the other.",
                body="BeaconRequest",
                parameters=[BY_ID],
            )
        },
        "/api/staff/openings/{opening_id}/draw": {
            "post": Operation(
                "startDraw",
                "Close the list and draw: 202 while it is under way, 200 when the result is there",
                {200: "DrawState", 202: "DrawState"},
                [problems.NOT_FOUND, problems.NOT_NOW],
                about="Ask again to see the progress, and to go on where the draw broke off. The result is the same "
                "however often you ask.",
                parameters=[BY_ID],
            )
        },
    },
)
