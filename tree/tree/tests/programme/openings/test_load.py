"""Which spread for how many families."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.programme.openings import limits
from chalicelib.programme.openings.load import REQUESTS_A_FAMILY, is_enough, limits_of, spread_for
from chalicelib.seats.rules import units_of_a_claim

MINUTE = timedelta(minutes=1)
UNITS = st.integers(1, 100)


@pytest.mark.parametrize(
    ("families", "minutes"), [(1, 0), (166, 0), (167, 1), (5_000, 1), (5_001, 2), (20_000, 4), (50_000, 10)]
)
def test_so_many_families_take_so_many_minutes(families, minutes):
    """With sessions of up to 100 seats, also where they are held for a time first."""
    assert spread_for(families, units_of_a_claim(20, is_held=False)) == minutes * MINUTE
    assert spread_for(families, units_of_a_claim(100, is_held=True)) == minutes * MINUTE


def test_sessions_that_are_larger_than_may_be_made_now_need_a_longer_spread():
    assert spread_for(50_000, units_of_a_claim(500, is_held=True)) == 47 * MINUTE


@given(st.integers(1, 1_000_000), UNITS)
@example(250_000, 45)  # 375 minutes, to the last family
def test_the_spread_that_is_proposed_is_enough_and_a_minute_less_is_not(families, units):
    spread = spread_for(families, units)

    assert is_enough(families, spread, units)
    assert not spread or not is_enough(families, spread - MINUTE, units)


@given(st.integers(1, 1_000_000), st.integers(0, 1440), st.integers(0, 1440))
def test_a_longer_spread_is_never_worse(families, minutes, more):
    longer, shorter = (is_enough(families, spread * MINUTE, 6) for spread in (minutes + more, minutes))
    assert longer or not shorter or minutes == 0


@given(st.integers(1, 1_000_000), UNITS)
def test_half_of_each_limit_is_left(families, units):
    spread = spread_for(families, units)
    if spread:
        assert families / spread.total_seconds() <= min(limit.families for limit in limits_of(units)) / 2
    else:
        assert families * REQUESTS_A_FAMILY <= limits.STAGE_BUCKET / 2
