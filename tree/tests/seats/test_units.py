"""What a claim costs, in DynamoDB's own units, up to the most seats that a session may have: so many seats a second."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.core import table as stormloop_table
from chalicelib.core.ids import ALPHABET
from chalicelib.programme.openings import limits
from chalicelib.seats import item as seats_item
from chalicelib.seats import table
from chalicelib.seats.rules import MOST_SEATS, Channel, Claim, Seats, units_of_a_claim

NOW = 1_800_000_000


def ids(number: int, length: int) -> list[str]:
    chance = random.Random(f"{number} {length}")
    return ["".join(chance.choice(ALPHABET) for _ in range(length)) for _ in range(number)]


def all_but_one_taken(capacity: int) -> Seats:
    """Given a session whose seats are taken, one registration for each, but for the last one."""
    holders = dict(zip(ids(capacity - 1, 10), ids(capacity - 1, 19), strict=True))
    born = date(2018, 1, 1), date(2024, 1, 1)
    return Seats("k7mxfar3ct", capacity, 1, holders, NOW - 60, NOW + 10**6, *born)


def units_of_the_last(seats: Seats, *, until: int | None = None, channel: Channel | None = None) -> float:
    """When a child gets the last seat, this is what it costs."""
    used = []

    def write(update: dict[str, Any]) -> None:
        answer = stormloop_table.call("UpdateItem", **update, ReturnConsumedCapacity="TOTAL")
        used.append(answer["ConsumedCapacity"]["CapacityUnits"])

    stormloop_table.call("PutItem", Item=seats_item.item_of(seats))
    child, registration = "lou-claeys", "claeys-registration"
    claim = Claim(seats.session_id, registration, {child: date(2022, 5, 1)}, NOW, until, channel, from_list=True)
    assert table.claim(claim, write) is None
    return used[0]


@pytest.mark.parametrize("capacity", [20, 30, 60, MOST_SEATS])
@pytest.mark.parametrize("is_held", [False, True])
def test_the_units_that_an_opening_is_checked_with_are_those_that_a_claim_costs(real_table, capacity, is_held):
    seats = all_but_one_taken(capacity)
    until = NOW + 600 if is_held else None
    if is_held:
        seats = replace(seats, until=dict.fromkeys(seats.registrations, NOW + 600))

    assert units_of_the_last(seats, until=until) == units_of_a_claim(capacity, is_held=is_held)


def test_the_largest_session_sells_a_hundred_seats_a_second_to_the_last_one(real_table):
    units = units_of_the_last(all_but_one_taken(MOST_SEATS))

    assert limits.ITEM_WRITE_UNITS_PER_SECOND / units >= 100


def test_offered_and_extended_seats_cost_what_the_decision_says(real_table):
    """Long after the rush, one by one: docs/decisions.md has the table."""
    seats = all_but_one_taken(MOST_SEATS)
    offered = seats.registrations
    worst = replace(
        seats,
        until=dict.fromkeys(offered, NOW + 600),
        channels=dict.fromkeys(offered, Channel.WAITING_LIST),
        extended=frozenset(offered),
        queued=True,
        blocked=NOW - 60,
        kept_for=123_456,
    )

    assert units_of_the_last(worst, until=NOW + 600, channel=Channel.WAITING_LIST) == 30
