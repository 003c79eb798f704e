"""The claim as DynamoDB evaluates it, on DynamoDB Local: Amazon's own engine."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import table as core_table
from chalicelib.seats import item as seats_item
from chalicelib.seats import table
from chalicelib.seats.rules import Channel, Claim, Reason, Seats, holds, is_granted, refusal
from tests import dynamodb_local
from tests.booking.registrations.callers import Crash

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
    dynamodb_local.client().put_item(TableName="stormloop", Item=seats_item.item_of(seats))
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


# Seats that are held for a time.


def held(until=NOW + 60, **changed) -> Seats:
    """Given that Lou and Jef have seats until then, by one registration."""
    return put(
        replace(
            BOUWKAMP,
            **{
                "free": 18,
                "holders": {"lou": "registration-1", "jef": "registration-1"},
                "until": {"registration-1": until},
                "channels": {"registration-1": Channel.WAITING_LIST},
                **changed,
            },
        )
    )


def test_what_is_read_is_what_was_put(real_table):
    seats = held(extended=frozenset({"registration-1"}), queued=True, blocked=NOW - 5, kept_for=7)
    assert now() == seats


def test_seats_are_claimed_until_a_moment_and_it_is_said_how(real_table):
    put(BOUWKAMP)

    assert table.claim(replace(claim("lou"), until=NOW + 60, channel=Channel.DESK)) is None

    assert (now().until, now().channels) == ({"registration-1": NOW + 60}, {"registration-1": Channel.DESK})


def test_what_lapsed_stands_in_nobody_s_way(real_table):
    held(NOW, capacity=2, free=0)

    assert table.claim(claim("noor", registration="registration-2")) is None

    assert (now().free, now().holders) == (1, {"noor": "registration-2"})
    assert now().until == {"registration-1": NOW}  # until its family is told
    assert now().channels == {}


def test_the_child_whose_seat_lapsed_can_have_another(real_table):
    held(NOW)

    assert table.claim(claim("lou", registration="registration-2")) is None

    assert now().holders == {"lou": "registration-2"}
    assert now().free == 19


def test_more_lapsed_than_one_write_frees(real_table):
    children = [f"child{number}" for number in range(50)]
    holders = {child: f"registration-of-{child}" for child in children}
    put(replace(BOUWKAMP, capacity=50, free=0, holders=holders, until=dict.fromkeys(holders.values(), NOW)))

    assert table.claim(claim("lou")) is None

    assert now().at(NOW).holders == {"lou": "registration-1"}
    while now().lapsed(NOW):
        assert table.sweep(now(), NOW)
    assert (now().free, now().holders) == (49, {"lou": "registration-1"})


def test_what_was_accepted_meanwhile_is_not_swept(real_table):
    seen = held(NOW)
    assert table.settle("bouwkamp", ["lou", "jef"], "registration-1", NOW - 1)

    assert not table.sweep(seen, NOW)

    assert now().holders == seen.holders
    assert now().until == {}


def test_what_was_swept_is_not_accepted_by_a_request_that_came_in_time_and_was_slow(real_table):
    table.sweep(held(NOW), NOW)

    assert not table.settle("bouwkamp", ["lou", "jef"], "registration-1", NOW - 1)
    assert not table.extend("bouwkamp", ["lou", "jef"], "registration-1", NOW + 60, NOW - 1)

    assert now().holders == {}
    assert now().free == 20


def test_it_is_forgotten_that_something_lapsed_and_only_that(real_table):
    held()
    table.forget_lapsed("bouwkamp", "registration-1")
    assert now().until == {"registration-1": NOW + 60}
    table.sweep(held(NOW), NOW)
    table.forget_lapsed("bouwkamp", "registration-1")
    assert now() == BOUWKAMP


@pytest.mark.parametrize(("moment", "settled"), [(NOW + 59, True), (NOW + 60, False)])
def test_held_seats_are_accepted_until_the_second_at_which_they_end(real_table, moment, settled):
    seats = held(extended=frozenset({"registration-1"}))

    assert table.settle("bouwkamp", ["lou", "jef"], "registration-1", moment) == settled

    assert now() == (replace(seats, until={}, extended=frozenset()) if settled else seats)


def test_what_is_final_is_not_accepted_again(real_table):
    put(BOUWKAMP)
    table.claim(claim("lou", "jef"))

    assert not table.settle("bouwkamp", ["lou", "jef"], "registration-1", NOW)


def test_more_time_is_given_once(real_table):
    held()

    assert table.extend("bouwkamp", ["lou", "jef"], "registration-1", NOW + 120, NOW)
    assert not table.extend("bouwkamp", ["lou", "jef"], "registration-1", NOW + 180, NOW)

    assert now().until == {"registration-1": NOW + 120}
    assert now().extended == {"registration-1"}


def test_no_more_time_for_what_lapsed(real_table):
    held(NOW)

    assert not table.extend("bouwkamp", ["lou", "jef"], "registration-1", NOW + 120, NOW)


def test_given_back_seats_leave_nothing_behind(real_table):
    held(extended=frozenset({"registration-1"}))

    assert table.release("bouwkamp", ["lou", "jef"], "registration-1")

    assert now() == BOUWKAMP


def test_while_somebody_waits_free_seats_are_the_list_s(real_table):
    put(BOUWKAMP)
    table.queue("bouwkamp")
    table.queue("bouwkamp")

    assert table.claim(claim("lou")).reason is Reason.TOO_FEW
    assert table.claim(replace(claim("lou"), from_list=True)) is None

    table.end_queue("bouwkamp")
    table.end_queue("bouwkamp")
    assert table.claim(claim("jef", registration="registration-2")) is None


def test_no_session_comes_to_be_by_a_queue(real_table):
    table.queue("nowhere")
    assert table.get(["nowhere"]) == {}


def test_since_when_a_family_is_waited_for_is_kept_while_somebody_waits(real_table):
    seats = put(replace(BOUWKAMP, queued=True))
    table.block(replace(seats, free=19), NOW, 7)  # seen before another seat became free
    assert now().blocked is None

    table.block(seats, NOW, 7)
    assert (now().blocked, now().kept_for) == (NOW, 7)
    table.block(seats, None, 7)
    assert (now().blocked, now().kept_for) == (None, 7)

    table.block(seats, NOW, 8)
    table.end_queue("bouwkamp")
    assert now() == BOUWKAMP
    table.block(now(), NOW, 8)
    assert now().blocked is None


def test_whoever_has_the_seats_until_another_moment_is_told_that_they_are_held(real_table):
    held()

    refused = table.claim(claim("lou", "jef"))

    assert refused.reason is Reason.ALREADY_HELD
    assert holds(refused.seats, claim("lou", "jef"))


CHILDREN = ("lou", "jef", "noor")
MOMENTS = st.sampled_from([NOW - 1, NOW, NOW + 1])
BIRTHS = st.sampled_from(
    [BOUWKAMP.born_from - timedelta(1), BOUWKAMP.born_from, BOUWKAMP.born_until, BOUWKAMP.born_until + timedelta(1)]
)
SEATS = st.builds(
    lambda free, holders, opens, closes, until, queued, called_off: Seats(
        **{
            **vars(BOUWKAMP),
            "capacity": free + len(holders),
            "free": free,
            "holders": holders,
            "opens": opens,
            "closes": closes,
            "until": {one: end for one, end in until.items() if one in holders.values()},
            "queued": queued,
            "called_off": called_off,
        }
    ),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(CHILDREN), st.sampled_from(["r1", "r2"])),
    st.none() | MOMENTS,
    MOMENTS,
    st.dictionaries(st.sampled_from(["r1", "r2"]), MOMENTS),
    st.booleans(),
    st.none() | st.none() | st.just(NOW),
)
CLAIMS = st.builds(
    lambda children, until, from_list: Claim("bouwkamp", "r1", children, NOW, until, from_list=from_list),
    st.dictionaries(st.sampled_from(CHILDREN), BIRTHS, min_size=1),
    st.none() | st.just(NOW + 1),
    st.booleans(),
)


@settings(max_examples=150)
@given(seats=SEATS, wish=CLAIMS)
def test_dynamodb_grants_what_the_rules_grant_and_refuses_the_rest_unchanged(real_table, seats, wish):
    put(seats)

    refused = table.claim(wish)

    current = seats.at(NOW)
    if is_granted(current, wish):
        assert refused is None
        assert now() == seats
    elif (reason := refusal(seats, wish)) is None:
        assert refused is None
        left = now().at(NOW)
        assert left.free == current.free - len(wish.children)
        assert left.holders == {**current.holders, **dict.fromkeys(wish.children, "r1")}
        assert now().free + len(now().holders) == seats.capacity
    else:
        assert refused == table.ClaimRefusal(reason, seats)
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
    client = dynamodb_local.client()
    units = []
    put(Seats(**{**vars(BOUWKAMP), "session_id": "k7mxfar3ct", "capacity": 70, "free": 70}))
    for number in range(70):
        answer = client.update_item(
            TableName="stormloop",
            Key=seats_item.key("k7mxfar3ct"),
            UpdateExpression="SET #f = #f - :one, holders.#c = :registration",
            ExpressionAttributeNames={"#c": f"child{number:05d}", "#f": "free"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":registration": {"S": "k7mxfar3ct94ghx7r2p"}},
            ReturnConsumedCapacity="TOTAL",
        )
        units.append(answer["ConsumedCapacity"]["CapacityUnits"])

    assert [units.count(1.0), units.count(2.0)] == [30, 34]


def test_what_large_families_held_is_freed_however_many_lapse_together(real_table):
    holders = {f"child{family:02}{one:03}": f"registration-{family:06}" for family in range(20) for one in range(10)}
    lapsed = dict.fromkeys(holders.values(), NOW - 1)
    seats = put(replace(BOUWKAMP, capacity=200, free=0, holders=holders, until=lapsed))

    while seats.lapsed(NOW):
        assert table.sweep(seats, NOW)
        seats = now()

    assert (seats.free, seats.holders) == (200, {})


def stop(since: int) -> None:
    core_table.transact_write([table.stopping("bouwkamp", since)])


def test_nothing_ends_during_a_pause_that_had_not_ended_before_it(real_table):
    seats = held(closes=NOW + 999)
    stop(NOW + 30)

    assert table.sweep(seats, NOW + 90) is False  # as it was read before
    assert now().lapsed(NOW + 90) == []
    assert table.claim(replace(claim("lou", registration="registration-9"), now=NOW + 90)).reason is Reason.ALREADY_HELD
    assert now().holders == seats.holders


def test_what_is_held_is_accepted_and_extended_during_a_pause(real_table):
    held()
    stop(NOW + 30)

    assert table.extend("bouwkamp", ["lou", "jef"], "registration-1", NOW + 500, NOW + 90)
    assert table.settle("bouwkamp", ["lou", "jef"], "registration-1", NOW + 90)


def test_what_ended_before_the_pause_is_accepted_by_nobody(real_table):
    held()
    stop(NOW + 61)

    assert not table.settle("bouwkamp", ["lou", "jef"], "registration-1", NOW + 90)


@pytest.mark.parametrize("breaks_after", [1, 2, 99])
def test_each_end_moves_once_also_in_several_writes_of_which_one_is_the_last(real_table, monkeypatch, breaks_after):
    monkeypatch.setattr(table, "MOST_MOVED", 1)
    ends = {f"registration-{number}": NOW + 60 + number for number in range(3)}
    holders = {f"child-{number}": f"registration-{number}" for number in range(3)}
    put(replace(BOUWKAMP, capacity=3, free=0, holders=holders, until=ends, blocked=NOW, closes=NOW + 999))
    stop(NOW + 30)
    move, left = table._move, [breaks_after]

    def breaking(*asked):
        if not left[0]:
            raise Crash
        left[0] -= 1
        move(*asked)

    monkeypatch.setattr(table, "_move", breaking)
    if breaks_after < 3:
        with pytest.raises(Crash):
            table.move_on("bouwkamp", {NOW + 30: 600})
        assert now().stopped == NOW + 30
    left[0] = 99
    for _ in range(2):
        table.move_on("bouwkamp", {NOW + 30: 600, NOW - 999: 5})

    assert now().until == {one: end + 600 for one, end in ends.items()}
    assert (now().stopped, now().moved, now().blocked) == (None, frozenset(), NOW + 600)


def test_a_pause_that_is_not_over_moves_nothing(real_table):
    held()
    stop(NOW + 30)

    table.move_on("bouwkamp", {NOW: 600})

    assert now().stopped == NOW + 30
