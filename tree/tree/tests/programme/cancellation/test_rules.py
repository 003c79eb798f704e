"""What cancelling costs: until when, how much, and what it can never be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programme.cancellation.rules import (
    ALL,
    MOST_DAYS,
    MOST_STEPS,
    CancellationStep,
    DatedRule,
    Rule,
    charge,
    charges,
    in_force,
    part,
    still_to_come,
)

OURS = Rule()
FIRST_DAY = date(2027, 8, 16)
IN_MAY = datetime(2027, 5, 8, 10, tzinfo=UTC)


def cost_at(moment: datetime, price_cents: int = 4500) -> int:
    return charge(OURS, price_cents, FIRST_DAY, moment).cents


def test_long_before_it_is_free_until_the_end_of_the_fourteenth_day_before():
    found = charge(OURS, 4500, FIRST_DAY, IN_MAY)

    assert (found.percent, found.cents) == (0, 0)
    assert found.until == datetime(2027, 8, 2, 22, tzinfo=UTC)  # midnight in Brussels, in summer
    assert found.last_day == date(2027, 8, 2)


def test_then_half_of_the_price_and_in_the_end_all_of_it():
    assert cost_at(datetime(2027, 8, 2, 21, 59, 59, tzinfo=UTC)) == 0
    assert cost_at(datetime(2027, 8, 2, 22, tzinfo=UTC)) == 2250
    assert cost_at(datetime(2027, 8, 14, 21, 59, 59, tzinfo=UTC)) == 2250
    assert cost_at(datetime(2027, 8, 14, 22, tzinfo=UTC)) == 4500
    assert cost_at(datetime(2027, 8, 20, tzinfo=UTC)) == 4500


def test_what_it_costs_in_the_end_it_costs_for_good():
    last = charge(OURS, 4500, FIRST_DAY, datetime(2027, 8, 15, tzinfo=UTC))

    assert (last.until, last.last_day) == (None, None)


def test_a_day_ends_when_it_ends_in_brussels_also_when_the_clocks_change_in_between():
    """28 March 2027 has 23 hours there."""
    first, second, _ = charges(Rule((CancellationStep(14, 0), CancellationStep(2, 50))), 100, date(2027, 4, 5))

    assert first.until == datetime(2027, 3, 22, 23, tzinfo=UTC)
    assert second.until == datetime(2027, 4, 3, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "percent", "charged"),
    [(4500, 50, 2250), (1, 50, 0), (3, 50, 1), (5, 50, 2), (101, 25, 25), (102, 25, 25), (103, 25, 26), (99, 100, 99)],
)
def test_half_a_cent_is_in_the_family_s_favour(cents: int, percent: int, charged: int):
    assert part(cents, percent) == charged


def test_a_city_that_charges_one_part_at_all_times_needs_no_step():
    assert [(one.cents, one.until) for one in charges(Rule((), 10), 4500, FIRST_DAY)] == [(450, None)]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (OURS, None),
        (Rule((), 0), None),
        (Rule((CancellationStep(2, 0), CancellationStep(14, 50))), 1),
        (Rule((CancellationStep(14, 0), CancellationStep(14, 50))), 1),
        (Rule((CancellationStep(14, 50), CancellationStep(2, 50))), 1),
        (Rule((CancellationStep(14, 0), CancellationStep(2, 50)), 50), 2),
        (Rule((CancellationStep(14, 100),)), 1),
    ],
)
def test_each_step_is_later_and_costs_more(rule: Rule, fault: int | None):
    assert rule.fault == fault


def test_whoever_registered_before_a_change_keeps_the_rule_that_stood_then():
    second = Rule((CancellationStep(21, 0),), 80)
    versions = [DatedRule(1, IN_MAY, Rule((), 10)), DatedRule(2, IN_MAY + timedelta(days=7), second)]

    assert in_force(versions, IN_MAY - timedelta(seconds=1)) == OURS
    assert in_force(versions, IN_MAY) == Rule((), 10)
    assert in_force(versions, IN_MAY + timedelta(days=8)) == second
    assert in_force([], IN_MAY) == OURS


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Whatever a city may set."""
    number = draw(st.integers(0, MOST_STEPS))
    days = draw(st.lists(st.integers(0, MOST_DAYS), min_size=number, max_size=number, unique=True))
    percents = draw(st.lists(st.integers(0, ALL), min_size=number + 1, max_size=number + 1, unique=True))
    steps = zip(sorted(days, reverse=True), sorted(percents), strict=False)
    rule = Rule(tuple(CancellationStep(*step) for step in steps), max(percents))
    assert rule.fault is None
    return rule


prices = st.integers(0, 1_000_000)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
# Around every one of these days, in seconds since 1970.
moments = st.integers(1_500_000_000, 2_300_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(rules(), prices, days, moments)
def test_it_is_never_more_than_the_price_and_never_less_than_nothing(rule, price, first_day, now):
    assert 0 <= charge(rule, price, first_day, now).cents <= price


@given(rules(), prices, days, moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_it_never_becomes_less_by_waiting(rule, price, first_day, now, later):
    assert charge(rule, price, first_day, now).cents <= charge(rule, price, first_day, now + later).cents


@given(rules(), prices, days, moments)
def test_what_is_told_holds_until_the_moment_that_is_told_and_no_longer(rule, price, first_day, now):
    found = charge(rule, price, first_day, now)

    if found.until:
        assert now < found.until
        assert charge(rule, price, first_day, found.until - timedelta(microseconds=1)) == found
        assert charge(rule, price, first_day, found.until).percent > found.percent


@given(rules(), prices, days, moments)
def test_what_is_still_to_come_ends_with_what_holds_for_good(rule, price, first_day, now):
    left = still_to_come(charges(rule, price, first_day), now)

    assert left[-1].until is None
    assert [one.percent for one in left] == sorted({one.percent for one in left})
