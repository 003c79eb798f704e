"""The staff's part in a draw: two of them enter the public value that is mixed in, one of them has it held."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import boto3

from chalicelib.booking.draw import drawing, table
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import settings
from chalicelib.core.http.answers import Count, Sha256
from chalicelib.core.http.fields import LINE, Model, Text, check
from chalicelib.core.http.problems import CHANGED, NOT_ALLOWED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels
from chalicelib.core.refusals import Refused
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

AS_BEACON = N_("Give the value as it was published, at most 200 characters.")
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


@dataclass(frozen=True)
class BeaconEntered:
    opening_id: str
    is_confirmed: bool


@dataclass(frozen=True)
class DrawState:
    opening_id: str
    list_hash: Annotated[Sha256 | None, "Null as long as the list is not closed."]
    number_of_entries: Count | None
    awaits_beacon: bool
    is_drawn: bool
    short_of_seats: Annotated[
        Sequence[str],
        "Sessions in which somebody gave away seats that the draw had given: provide them again, and ask for the draw "
        "once more.",
    ]


def beacon_wanted(document: Any) -> str:
    """The value that was sent or typed, with one space between its parts; raises Problem `invalid`."""
    return " ".join(check(BEACON, document)["value"].split())


def enter_beacon(opening_id: str, value: str, by: Staff, now: datetime) -> BeaconEntered:
    """Two staff members enter the value, neither shown the other's: a manager, then somebody who approves."""
    opening = drawn_opening(opening_id)
    if opening.plan.beacon is None:
        raise not_now(NO_BEACON)
    frozen = table.valid_list(opening)
    if frozen is None:
        raise not_now(NOT_FROZEN)
    first = table.beacon(opening_id, frozen.frozen_at)
    if first and first.confirmed_at:
        raise not_now(BEACON_STANDS)
    if first and first.by != by.staff_id and Role.APPROVER in by.roles:
        _confirm(opening, first.value, value, by, now)
        return BeaconEntered(opening_id, is_confirmed=True)
    if Role.MANAGER not in by.roles:
        raise Problem(NOT_ALLOWED, {"roles": Role.MANAGER.value})
    if not table.enter_beacon(opening_id, value, by.staff_id, by.name, now, frozen.frozen_at):
        raise not_now(BEACON_STANDS)
    return BeaconEntered(opening_id, is_confirmed=False)


def start_draw(opening_id: str, by: Staff, now: datetime) -> DrawState:
    """Has the list frozen, or drawn from, and says how far that is. Asked again, it goes on where it broke off; however
    often it is asked for, it has one result."""
    opening = drawn_opening(opening_id)
    if opening.state is State.DRAWN:
        return _state(opening)
    if opening.state is State.PAUSED:
        raise not_now(PAUSED)
    if not drawing.may_freeze(opening, now):
        raise not_now(NOT_YET, until=_words(opening.wishes_until))
    if not drawing.attempts_are_in(opening):
        raise not_now(ATTEMPTS_ARE_MISSING)
    if not table.is_asked_for(opening_id):
        with suppress(Refused):  # somebody else asked at the same moment
            ledger.record(
                LedgerAct.DRAWN,
                by,
                REASON_OF_DRAW,
                now,
                opening_id=opening_id,
                together_with=[table.ask_put(opening_id, by.staff_id, by.name, now)],
            )
    _lambda().invoke(
        FunctionName=settings.draw_function(),
        InvocationType="Event",
        Payload=json.dumps({"opening_id": opening_id}).encode(),
    )
    return _state(opening)


def drawn_opening(opening_id: str) -> Opening:
    """A published opening whose seats are drawn by lot; raises Problem `not-found`, or `not-now` for another one."""
    found = openings.get(opening_id)
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    if found[0].kind is not OpeningKind.DRAW:
        raise not_now(NO_DRAW)
    return found[0]


def _confirm(opening: Opening, first: str, value: str, by: Staff, now: datetime) -> None:
    if value != first:
        raise invalid("value", ANOTHER_VALUE)
    try:
        ledger.record(
            LedgerAct.BEACON,
            by,
            REASON_OF_BEACON.format(words=opening.plan.beacon)[:1000],
            now,
            opening_id=opening.opening_id,
            details={"value": value},
            together_with=[table.confirm_beacon(opening.opening_id, value, by.staff_id, by.name, now)],
        )
    except Refused:
        raise Problem(CHANGED) from None


def _state(opening: Opening) -> DrawState:
    """`short_of_seats`: sessions in which somebody gave seats away that the draw had given; it goes on when they are
    there again, and it is asked for again."""
    frozen = table.valid_list(opening)
    awaits = False
    if opening.plan.beacon is not None and opening.state is not State.DRAWN:
        awaits = frozen is None or table.confirmed_beacon(opening.opening_id, frozen.frozen_at) is None
    return DrawState(
        opening_id=opening.opening_id,
        list_hash=frozen.list_hash if frozen else None,
        number_of_entries=frozen.entries if frozen else None,
        awaits_beacon=awaits,
        is_drawn=opening.state is State.DRAWN,
        short_of_seats=frozen.short if frozen else (),
    )


def _words(moment: datetime | None) -> str:
    return moment.astimezone(brussels()).isoformat(timespec="minutes") if moment else "?"


@lru_cache
def _lambda() -> "LambdaClient":
    return boto3.client("lambda")
