"""The claim as DynamoDB evaluates it, on DynamoDB Local: Amazon's own engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.seats import table
from chalicelib.seats.rules import Claim, Reason, Seats, is_granted, refusal

NOW = 1_800_000_000
BORN = date(2022, 5, 1)
BOUWKAMP = Seats(
    "bouwkamp",
    capacity=20,
    free=20,
    holders={},
    opens=NOW - 60,
    closes=NOW + 60,
    born_from=date(2020, 8, 20),
    born_until=date(2024, 8, 19),
)


def put(seats: Seats) -> Seats:
    table.forget()
    boto3.client("dynamodb").put_item(TableName="stormloop", Item=table.item_of(seats))
    return seats


def now(session_id="bouwkamp") -> Seats:
    return table.get([session_id])[session_id]


def claim(*children: str, registration="registration-1", session="bouwkamp") -> Claim:
    return Claim(session, registration, dict.fromkeys(children, BORN), NOW)


def test_a_claim_takes_a_seat_for_each_child(real_table):
    put(BOUWKAMP)

    assert table.claim(claim("lou", "jef")) is None

    assert now().free == 18
    assert now().holders == {"lou": "registration-1", "jef": "registration-1"}


def test_the_same_claim_again_takes_no_second_seat(real_table):
    put(BOUWKAMP)
    table.claim(claim("lou"))

    assert table.claim(claim("lou")) is None

    assert now().free == 19


def test_siblings_get_seats_together_or_not_at_all(real_table):
    put(Seats(**{**vars(BOUWKAMP), "capacity": 1, "free": 1}))

    refused = table.claim(claim("lou", "jef"))

    assert refused.reason is Reason.TOO_FEW
    assert now().holders == {}


def test_a_child_has_one_seat_whoever_registers_it(real_table):
    put(BOUWKAMP)
    table.claim(claim("lou", registration="mother"))

    refused = table.claim(claim("lou", registration="father"))

    assert refused.reason is Reason.ALREADY_HELD
    assert refused.seats.holders == {"lou": "mother"}


def test_a_released_seat_is_free_at_once_also_where_full_was_remembered(real_table):
    put(Seats(**{**vars(BOUWKAMP), "capacity": 1, "free": 1}))
    table.claim(claim("lou"))
    assert table.claim(claim("jef", registration="registration-2")).reason is Reason.TOO_FEW

    assert table.release("bouwkamp", ["lou"], "registration-1")

    assert table.foresee(claim("jef", registration="registration-2")) is None
    assert table.claim(claim("jef", registration="registration-2")) is None


@pytest.mark.parametrize(
    ("children", "registration"),
    [(["lou"], "registration-2"), (["jef"], "registration-1"), (["lou", "jef"], "registration-1")],
)
def test_nobody_gives_back_what_they_do_not_hold(real_table, children, registration):
    put(BOUWKAMP)
    table.claim(claim("lou"))

    assert not table.release("bouwkamp", children, registration)

    assert now().free == 19


def test_an_unknown_session_is_said_to_be_unknown(real_table):
    refused = table.claim(claim("lou", session="nowhere"))

    assert refused.reason is Reason.UNKNOWN


def test_a_refusal_is_remembered_for_a_moment_and_costs_nothing_then(real_table):
    put(Seats(**{**vars(BOUWKAMP), "free": 0, "capacity": 0}))
    assert table.foresee(claim("lou")) is None

    table.claim(claim("lou"))

    assert table.foresee(claim("jef", registration="registration-2")).reason is Reason.TOO_FEW


CHILDREN = ("lou", "jef", "noor")
MOMENTS = st.sampled_from([NOW - 1, NOW, NOW + 1])
BIRTHS = st.sampled_from(
    [BOUWKAMP.born_from - timedelta(1), BOUWKAMP.born_from, BOUWKAMP.born_until, BOUWKAMP.born_until + timedelta(1)]
)
SEATS = st.builds(
    lambda free, holders, opens, closes: Seats(
        **{
            **vars(BOUWKAMP),
            "capacity": free + len(holders),
            "free": free,
            "holders": holders,
            "opens": opens,
            "closes": closes,
        }
    ),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(CHILDREN), st.sampled_from(["r1", "r2"])),
    st.none() | MOMENTS,
    MOMENTS,
)
CLAIMS = st.builds(
    lambda children: Claim("bouwkamp", "r1", children, NOW),
    st.dictionaries(st.sampled_from(CHILDREN), BIRTHS, min_size=1),
)


@settings(max_examples=150)
@given(seats=SEATS, wish=CLAIMS)
def test_dynamodb_grants_what_the_rules_grant_and_refuses_the_rest_unchanged(real_table, seats, wish):
    put(seats)

    refused = table.claim(wish)

    if is_granted(seats, wish):
        assert refused is None
        assert now() == seats
    elif (reason := refusal(seats, wish)) is None:
        assert refused is None
        assert now() == Seats(
            **{
                **vars(seats),
                "free": seats.free - len(wish.children),
                "holders": {**seats.holders, **dict.fromkeys(wish.children, "r1")},
            }
        )
    else:
        assert refused == table.Refusal(reason, seats)
        assert now() == seats


def test_a_rush_of_400_on_20_seats_sells_20_and_none_twice(real_table):
    put(BOUWKAMP)

    def come(number: int) -> Reason | None:
        refused = table.claim(claim(f"child{number}", registration=f"registration-{number}"))
        return refused and refused.reason

    with ThreadPoolExecutor(100) as parents:
        outcomes = list(parents.map(come, range(400)))

    assert outcomes.count(None) == 20
    assert outcomes.count(Reason.TOO_FEW) == 380
    holders = now().holders
    assert now().free == 0
    assert set(holders.items()) == {
        (f"child{number}", f"registration-{number}") for number, outcome in enumerate(outcomes) if outcome is None
    }


def test_a_claim_costs_one_write_unit_up_to_30_seats_taken_and_two_up_to_64(real_table):
    """The figure in seats/table.py, docs/decisions.md and the bench: ids as long as real ones."""
    client = boto3.client("dynamodb")
    units = []
    put(Seats(**{**vars(BOUWKAMP), "session_id": "k7mxfar3ct", "capacity": 70, "free": 70}))
    for number in range(70):
        answer = client.update_item(
            TableName="stormloop",
            Key=table.key("k7mxfar3ct"),
            UpdateExpression="SET #f = #f - :one, holders.#c = :registration",
            ExpressionAttributeNames={"#c": f"child{number:05d}", "#f": "free"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":registration": {"S": "k7mxfar3ct94ghx7r2p"}},
            ReturnConsumedCapacity="TOTAL",
        )
        units.append(answer["ConsumedCapacity"]["CapacityUnits"])

    assert [units.count(1.0), units.count(2.0)] == [30, 34]
