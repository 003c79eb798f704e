"""Which spread for how many families."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programme.openings import limits
from chalicelib.programme.openings.load import LIMITS, REQUESTS_A_FAMILY, is_enough, spread_for

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("families", "minutes"), [(1, 0), (166, 0), (167, 1), (5_000, 1), (5_001, 2), (20_000, 4), (50_000, 10)]
)
def test_so_many_families_take_so_many_minutes(families, minutes):
    assert spread_for(families) == minutes * MINUTE


@given(st.integers(1, 1_000_000))
def test_the_spread_that_is_proposed_is_enough_and_a_minute_less_is_not(families):
    spread = spread_for(families)

    assert is_enough(families, spread)
    assert not spread or not is_enough(families, spread - MINUTE)


@given(st.integers(1, 1_000_000), st.integers(0, 1440), st.integers(0, 1440))
def test_a_longer_spread_is_never_worse(families, minutes, more):
    assert is_enough(families, (minutes + more) * MINUTE) or not is_enough(families, minutes * MINUTE) or minutes == 0


@given(st.integers(1, 1_000_000))
def test_half_of_each_limit_is_left(families):
    spread = spread_for(families)
    if spread:
        assert families / spread.total_seconds() <= min(limit.families for limit in LIMITS) / 2
    else:
        assert families * REQUESTS_A_FAMILY <= limits.STAGE_BUCKET / 2
