"""The simulation behind docs/spread.md, held against what arithmetic says. Small crowds, fixed seeds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.programme.openings.load import spread_for
from chalicelib.seats.rules import units_of_a_claim
from tests.bench.spread import assumed
from tests.bench.spread.simulation import (
    NO_LIMITS,
    Answer,
    Bucket,
    Crowd,
    Limits,
    Outcome,
    Refuser,
    Simulation,
    percentile,
    simulate,
    without_spread,
)

# A hundredth of the opening: 500 families, 3 sessions. In the rush each limit is reached by one of the tests.
SMALL = Crowd(families=500, spread=60.0, sessions=3, seats=20)
RUSH = without_spread(SMALL)
# Of the claim of the last of 20 seats.
UNITS = units_of_a_claim(20, is_held=False)


def test_a_bucket_gives_its_size_at_once_and_then_its_rate():
    bucket = Bucket(rate=16, size=5)

    at_once = sum(bucket.take(0.0) for _ in range(20))
    in_a_second = sum(bucket.take(number / 128) for number in range(1, 129))

    assert at_once == 5
    assert in_a_second == 16


def test_a_bucket_saves_up_no_more_than_its_size():
    bucket = Bucket(rate=10, size=5)

    assert sum(bucket.take(3600.0) for _ in range(20)) == 5


@given(
    st.integers(1, 50),
    st.integers(1, 50),
    st.lists(st.integers(0, 3_000), min_size=1, max_size=200).map(sorted),
)
def test_a_bucket_never_gives_more_than_its_size_and_what_flowed_in(rate, size, milliseconds):
    bucket = Bucket(rate, size)

    taken = sum(bucket.take(at / 1000) for at in milliseconds)

    assert taken <= size + rate * milliseconds[-1] / 1000 + 1e-9
    assert taken >= min(len(milliseconds), size)


def test_lambda_starts_environments_as_fast_as_it_may_and_uses_warm_ones_first():
    given_ = Simulation(SMALL, replace(NO_LIMITS, new_environments=(100, 1000), environments=1500)).lambda_

    taken = [given_.take(0.0) for _ in range(1200)]
    assert taken.count(Refuser.SCALING) == 200

    environment, _ = taken[0]
    given_.give_back(environment)
    assert given_.take(0.0) == (environment, False)
    assert sum(given_.take(1.0) is not Refuser.SCALING for _ in range(200)) == 100


def test_lambda_has_so_many_environments_at_once_and_no_more():
    lambda_ = Simulation(SMALL, replace(NO_LIMITS, environments=10)).lambda_

    assert [lambda_.take(0.0) for _ in range(12)].count(Refuser.CONCURRENCY) == 2


@settings(max_examples=20)
@given(
    families=st.integers(1, 300),
    spread=st.sampled_from((0.0, 5.0, 60.0)),
    sessions=st.integers(1, 5),
    seats=st.integers(1, 40),
    early=st.sampled_from((0.0, 0.3, 1.0)),
    seed=st.integers(0, 1000),
    tightness=st.sampled_from((1, 20, 100)),
)
def test_every_family_ends_in_one_way_and_no_seat_is_sold_twice(
    families, spread, sessions, seats, early, seed, tightness
):
    crowd = Crowd(families, spread, sessions, seats, early if spread else 0.0, seed)

    result = simulate(crowd, tight(tightness))

    assert result.outcomes.total() == families == len(result.waits)
    assert min(result.seats_left) >= 0
    assert result.outcomes[Outcome.SEAT] == sessions * seats - sum(result.seats_left)
    assert result.outcomes[Outcome.SEAT] == result.answered[Answer.SEAT]
    assert sum(result.refused_by.values()) == result.refused
    assert sum(counts.total() for counts in result.by_second.values()) == result.requests


def tight(times: int) -> Limits:
    """A small account under a small crowd is what a whole one is under a large crowd."""
    usual = Limits()
    return Limits(
        *(tuple(number / times for number in pair) for pair in (usual.stage, usual.account)),
        environments=usual.environments / times,
        new_environments=tuple(number / times for number in usual.new_environments),
        item_writes=usual.item_writes / times,
        item_reads=usual.item_reads / times,
        table_writes=usual.table_writes / times,
        table_reads=usual.table_reads / times,
    )


def test_without_limits_nobody_is_refused_however_many_come_at_once():
    result = simulate(RUSH, NO_LIMITS)

    assert result.refused == 0
    assert result.outcomes[Outcome.GAVE_UP] == 0
    assert max(result.waits) < 4 * assumed.COLD_START + 2


@pytest.mark.parametrize(
    ("narrow", "refuser"),
    [
        ({"stage": (10, 20)}, Refuser.STAGE),
        ({"account": (10, 20)}, Refuser.ACCOUNT),
        ({"environments": 5}, Refuser.CONCURRENCY),
        ({"new_environments": (1, 5)}, Refuser.SCALING),
        ({"item_writes": 10}, Refuser.ITEM),
        ({"item_reads": 10}, Refuser.ITEM),
        ({"table_writes": 10}, Refuser.TABLE),
        ({"table_reads": 2}, Refuser.TABLE),
    ],
)
def test_each_limit_refuses_by_its_name_and_alone(narrow, refuser):
    result = simulate(RUSH, replace(NO_LIMITS, **narrow))

    assert set(result.refused_by) == {refuser}


def test_the_stage_lets_through_what_its_bucket_holds_and_what_flows_in():
    result = simulate(RUSH, replace(NO_LIMITS, stage=(10, 20)))

    let_through = result.requests - result.refused
    assert let_through <= 20 + 10 * (result.last_second + 1)


def test_the_same_seed_gives_the_same_opening():
    assert vars(simulate(SMALL)) == vars(simulate(SMALL))


def test_an_early_family_is_told_so_and_is_no_worse_off():
    punctual = simulate(replace(SMALL, early=0.0))
    early = simulate(replace(SMALL, early=1.0))

    assert punctual.answered[Answer.TOO_EARLY] == 0
    assert early.answered[Answer.TOO_EARLY] > SMALL.families
    assert early.outcomes[Outcome.SEAT] == punctual.outcomes[Outcome.SEAT] == 60


def test_a_spread_makes_a_steady_stream_of_a_rush():
    crowd = Crowd(families=6_000, spread=600.0, sessions=30)

    arrivals = simulate(crowd, NO_LIMITS).arrivals

    by_minute = [sum(arrivals[second] for second in range(60 * minute, 60 * minute + 60)) for minute in range(1, 10)]
    # 600 families a minute, give or take what chance does: four standard deviations of a Poisson number.
    assert all(abs(count - 600) < 4 * 600**0.5 for count in by_minute)


@pytest.mark.parametrize("families", [50, 150, 400, 2_000, 6_000])
def test_the_spread_that_the_check_asks_for_turns_nobody_away(families):
    """The closed form and the simulation know each other only by the limits."""
    spread = spread_for(families, UNITS)
    crowd = Crowd(families, spread.total_seconds())

    result = simulate(crowd if spread else without_spread(crowd))

    assert result.refused == 0


def test_the_check_would_refuse_a_spread_in_which_the_simulation_turns_families_away():
    """So the test above is not empty."""
    crowd = Crowd(families=10_000, spread=0.0, early=0.0)

    assert simulate(crowd).refused_in_time > 0
    assert spread_for(crowd.families, UNITS) > timedelta()


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed():
    assert percentile([5, 1, 4, 2, 3], 50) == 3
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7], 99) == 7
