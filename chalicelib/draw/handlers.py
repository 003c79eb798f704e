"""Wishes, the beacon and the draw, as requests; and what the function for draws is called with."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib import metering, settings
from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import LINE, Model, Text, WholeInQuery, document, queried, read_json
from chalicelib.api.problems import CHANGED, NOT_ALLOWED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.draw import drawing, table, wishes
from chalicelib.draw.entered import result_of, shown
from chalicelib.families.rules import Bearer
from chalicelib.languages import N_
from chalicelib.ledger import table as ledger
from chalicelib.ledger.rules import What
from chalicelib.observability import naming_nobody
from chalicelib.openings import table as openings
from chalicelib.openings.rules import Kind, Opening, State
from chalicelib.refusals import Refused
from chalicelib.staff.rules import Role, Staff

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

# Of the published list: some 1,500 entries each, and Lambda answers 6 MB at most.
MOST_PARTS = 8
CACHED = {"Cache-Control": "public, max-age=60"}

AS_BEACON = N_("Give the value as it was published, at most 200 characters.")
AS_PART = N_("Give the number that the part before it gives as the next one.")
NO_DRAW = N_("The seats of this opening are not drawn by lot.")
NOT_YET = N_("Wishes can still be entered. Come back a minute after {until}.")
PAUSED = N_("The opening is paused. Resume it first.")
ATTEMPTS_ARE_MISSING = N_(
    "Attempts that failed because of us are still being entered as wishes. Ask again in a few minutes; if nothing "
    "changes, have the incident announced again."
)
NOT_FROZEN = N_(
    "The list of wishes is not closed yet: ask for the draw first. The hash of the list must be public before the "
    "value is."
)
NO_BEACON = N_("This opening names no public value that is mixed in.")
BEACON_STANDS = N_("The value is entered and confirmed. It cannot be changed any more.")
ANOTHER_VALUE = N_(
    "This is not the value that was entered first. One of the two is wrong: both of you compare your value with its "
    "source, and enter it again. Nothing was stored."
)

REASON_OF_DRAW = "The draw that the opening announced, after its wishes were closed."
REASON_OF_BEACON = "The public value that the opening names, entered by two: {words}."

BEACON = Model({"value": Text(AS_BEACON, LINE, 200)})
PART = Model({"part": WholeInQuery(AS_PART, 0, 9999, is_required=False)})


def put_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    entered = wishes.enter(who, opening_id, wishes.wanted(document(call.body)), call.now)
    return Answer(200, shown(entered))


def get_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    """What the family entered and, once the draw is over, what became of it."""
    opening, entered = wishes.look_up(who, opening_id, call.now)
    return Answer(200, shown(entered, result_of(entered, opening, call.language)))


def delete_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    wishes.withdraw(who, opening_id, call.now)
    return Answer(204)


def enter_beacon(call: Call, who: Staff, opening_id: str) -> Answer:
    """Two staff members enter the value, neither shown the other's: a manager, then somebody who approves."""
    value = " ".join(read_json(BEACON, call.body)["value"].split())
    opening = _draw(opening_id)
    if opening.plan.beacon is None:
        raise not_now(NO_BEACON)
    frozen = table.valid_list(opening)
    if frozen is None:
        raise not_now(NOT_FROZEN)
    first = table.beacon(opening_id, frozen.frozen_at)
    if first and first.confirmed_at:
        raise not_now(BEACON_STANDS)
    if first and first.by != who.staff_id and Role.APPROVER in who.roles:
        _confirm(opening, first.value, value, who, call.now)
        return Answer(200, {"opening_id": opening_id, "is_confirmed": True})
    if Role.MANAGER not in who.roles:
        raise Problem(NOT_ALLOWED, {"roles": Role.MANAGER.value})
    if not table.enter_beacon(opening_id, value, who.staff_id, who.name, call.now, frozen.frozen_at):
        raise not_now(BEACON_STANDS)
    return Answer(202, {"opening_id": opening_id, "is_confirmed": False})


def _confirm(opening: Opening, first: str, value: str, who: Staff, now: datetime) -> None:
    if value != first:
        raise invalid("value", ANOTHER_VALUE)
    try:
        ledger.record(
            What.BEACON,
            who,
            REASON_OF_BEACON.format(words=opening.plan.beacon)[:1000],
            now,
            opening_id=opening.opening_id,
            details={"value": value},
            together_with=[table.confirm_beacon(opening.opening_id, value, who.staff_id, who.name, now)],
        )
    except Refused:
        raise Problem(CHANGED) from None


def start_draw(call: Call, who: Staff, opening_id: str) -> Answer:
    """202: the list is being frozen, or drawn from; ask again to see how far it is, and to go on where it broke off.
    200: it is over. However often it is asked for, it has one result."""
    opening = _draw(opening_id)
    if opening.state is State.DRAWN:
        return Answer(200, _state(opening))
    if opening.state is State.PAUSED:
        raise not_now(PAUSED)
    if not drawing.may_freeze(opening, call.now):
        raise not_now(NOT_YET, until=_words(opening.wishes_until))
    if not drawing.attempts_are_in(opening):
        raise not_now(ATTEMPTS_ARE_MISSING)
    if not table.is_asked_for(opening_id):
        with suppress(Refused):  # somebody else asked at the same moment
            ledger.record(
                What.DRAWN,
                who,
                REASON_OF_DRAW,
                call.now,
                opening_id=opening_id,
                together_with=[table.ask_put(opening_id, who.staff_id, who.name, call.now)],
            )
    _lambda().invoke(
        FunctionName=settings.draw_function(),
        InvocationType="Event",
        Payload=json.dumps({"opening_id": opening_id}).encode(),
    )
    return Answer(202, _state(opening))


def get_draw(call: Call, opening_id: str) -> Answer:
    """Everything that anybody needs to recompute the draw, in parts if it is long. Before it is held: the hash of the
    list, so that everybody knows that it was not changed after the beacon was."""
    wanted = queried(PART, call.query)
    first = wanted["part"] or 0
    opening = _draw(opening_id)
    frozen = table.valid_list(opening)
    if frozen is None:
        raise Problem(NOT_FOUND)
    head = {
        "opening_id": opening_id,
        "bundles": opening.plan.bundles.value,
        "commitment": opening.commitment,
        "list_hash": frozen.list_hash,
        "number_of_entries": frozen.entries,
        "frozen_at": frozen.frozen_at.isoformat(timespec="seconds"),
        "beacon_named": opening.plan.beacon,
    }
    if opening.state is not State.DRAWN or frozen.start is None:
        nothing: dict[str, Any] = {"sessions": {}, "seated": [], "waiting": [], "entries": [], "results": []}
        return Answer(200, {**head, "seed": None, "beacon": None, **nothing, "next": None}, CACHED)
    if first and first >= frozen.parts:
        raise invalid("part", AS_PART)
    last = min(first + MOST_PARTS, frozen.parts)
    parts = range(first, last)
    return Answer(
        200,
        {
            **head,
            "seed": opening.seed.hex(),
            "beacon": table.confirmed_beacon(opening_id, frozen.frozen_at),
            **frozen.start.to_document(),
            "entries": [one.to_document() for part in parts for one in table.part_of_list(opening_id, frozen, part)],
            "results": [one for part in parts for one in table.part_of_results(opening_id, part)],
            "next": last if last < frozen.parts else None,
        },
        CACHED,
    )


def draw(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The function: {"opening_id": …}. Lambda calls it again when it fails, and it goes on where it broke off."""
    with naming_nobody(), metering.line(context, "worked"):
        metering.about(opening_id=event["opening_id"])
        return {"is_drawn": drawing.hold(event["opening_id"], datetime.now(UTC))}


def _draw(opening_id: str) -> Opening:
    found = openings.get(opening_id)
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    if found[0].kind is not Kind.DRAW:
        raise not_now(NO_DRAW)
    return found[0]


def _state(opening: Opening) -> dict[str, Any]:
    """`short_of_seats`: sessions in which somebody gave seats away that the draw had given; it goes on when they are
    there again, and it is asked for again."""
    frozen = table.valid_list(opening)
    awaits = False
    if opening.plan.beacon is not None and opening.state is not State.DRAWN:
        awaits = frozen is None or table.confirmed_beacon(opening.opening_id, frozen.frozen_at) is None
    return {
        "opening_id": opening.opening_id,
        "list_hash": frozen.list_hash if frozen else None,
        "number_of_entries": frozen.entries if frozen else None,
        "awaits_beacon": awaits,
        "is_drawn": opening.state is State.DRAWN,
        "short_of_seats": list(frozen.short) if frozen else [],
    }


def _words(moment: datetime | None) -> str:
    from chalicelib.moments import brussels  # noqa: PLC0415

    return moment.astimezone(brussels()).isoformat(timespec="minutes") if moment else "?"


@lru_cache
def _lambda() -> "LambdaClient":
    return boto3.client("lambda")
