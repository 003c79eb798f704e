from chalicelib.booking.draw.entered import (
    DrawResult,
    EnteredWish,
    EnteredWishes,
    WaitingResult,
    WishedPair,
    WishResult,
)
from chalicelib.booking.draw.handlers import PART as PART_QUERY
from chalicelib.booking.draw.handlers import PublicDraw, PublicResult
from chalicelib.booking.draw.rules import DrawEntry, DrawVerdict, Room
from chalicelib.booking.draw.starting import BEACON, BeaconEntered, DrawState
from chalicelib.booking.draw.wishes import WISHES
from chalicelib.core.http import problems
from chalicelib.openapi.examples import CHILD_ID, COMMITMENT, KEY, OPENING_ID, SEED, SESSION_ID, at
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.programme.openings.rules import Bundles

A_WISH = {"children_sessions": [{"child_id": CHILD_ID, "session_id": SESSION_ID}]}
LIST_HASH = "9b" * 32
THE_RESULT = DrawResult(
    place=412,
    of=1840,
    explanation="Your place in the order of the draw was 412 of 1840.",
    wishes=[
        WishResult(
            DrawVerdict.FULL,
            [SESSION_ID],
            "Wish 1: not possible. When it was your turn, too few seats were left in "
            "Bouwkamp (Lembeke), Kaprijke, 2027-08-16.",
        )
    ],
    waiting=[
        WaitingResult(SESSION_ID, 3, "Waiting list of Bouwkamp (Lembeke), Kaprijke, 2027-08-16: you are number 3.")
    ],
    nearest=None,
    nearest_explanation="After the draw no other session of this opening had seats left that would suit your children.",
)
_TAKING_WISHES = (problems.NOT_NOW, problems.WISHES_OVER, problems.TOO_EARLY, problems.PAUSED)
PART = Part(
    tag="draw",
    about="Seats that are drawn by lot: wishes, the draw, its result, and everything that is needed to recompute it.",
    answers={
        "Wishes": EnteredWishes(
            opening_id=OPENING_ID,
            wishes=[EnteredWish([WishedPair(CHILD_ID, SESSION_ID)])],
            updated_at=at("2027-03-07T09:12:44+00:00"),
            result=THE_RESULT,
        ),
        "DrawResult": DrawResult,
        "Draw": PublicDraw(
            opening_id=OPENING_ID,
            bundles=Bundles.ONE,
            commitment=COMMITMENT,
            list_hash=LIST_HASH,
            number_of_entries=1,
            frozen_at=at("2027-03-13T18:01:12+00:00"),
            beacon_named="Lotto, 13 March 2027, six numbers in order",
            seed=SEED,
            beacon="3 8 17 22 30 41",
            sessions={SESSION_ID: Room(18, 20, 0, "2027-08-16", "2027-08-18")},
            entries=[DrawEntry(KEY, (KEY,), ((("h4x9kq2mwp", SESSION_ID),),))],
            results=[PublicResult(KEY, granted=[1], place=1, waiting=[], barred=[], not_waiting=[])],
        ),
        "DrawState": DrawState(
            opening_id=OPENING_ID,
            list_hash=LIST_HASH,
            number_of_entries=1840,
            awaits_beacon=True,
            is_drawn=False,
            short_of_seats=[],
        ),
        "BeaconEntered": BeaconEntered(OPENING_ID, is_confirmed=False),
    },
    requests={"WishesRequest": (WISHES, {"wishes": [A_WISH]}), "BeaconRequest": (BEACON, {"value": "3 8 17 22 30 41"})},
    operations={
        "PUT /api/openings/{opening_id}/wishes": Operation(
            "enterWishes",
            "Enter your wishes; they replace earlier ones, and it makes no difference when",
            "Wishes",
            [problems.NOT_FROM_THERE, *_TAKING_WISHES],
            body="WishesRequest",
        ),
        "GET /api/openings/{opening_id}/wishes": Operation(
            "getWishes",
            "Read your wishes and, after the draw, the result of each and why",
            "Wishes",
            [problems.NOT_NOW],
        ),
        "DELETE /api/openings/{opening_id}/wishes": Operation(
            "withdrawWishes", "Take your wishes back; repeating is harmless", refusals=_TAKING_WISHES, statuses=(204,)
        ),
        "GET /api/openings/{opening_id}/draw": Operation(
            "getDraw",
            "Read the hash of the list once it is closed; after the draw, everything that is needed to recompute it",
            "Draw",
            [problems.NOT_NOW],
            parameters=query_parameters(PART_QUERY),
        ),
        "POST /api/staff/openings/{opening_id}/beacon": Operation(
            "enterBeacon",
            "Enter the public value; two people must do so: 202 after the first, 200 after the second",
            "BeaconEntered",
            [problems.CHANGED, problems.NOT_NOW],
            about="A programme manager enters it first, then an approver; neither sees the value of the other.",
            body="BeaconRequest",
            statuses=(200, 202),
        ),
        "POST /api/staff/openings/{opening_id}/draw": Operation(
            "startDraw",
            "Close the list and draw: 202 while it is under way, 200 when the result is there",
            "DrawState",
            [problems.NOT_NOW],
            about="Ask again to see the progress, and to go on where the draw broke off. The result is the same "
            "however often you ask.",
            statuses=(200, 202),
        ),
    },
)
