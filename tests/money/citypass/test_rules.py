"""Whether a city pass is for a household, by the rule alone."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.money.citypass.rules import (
    IncomeRule,
    Likely,
    RuleVersion,
    Signatory,
    Situation,
    Why,
    faults,
    in_force,
    judge,
    month_later,
)
from tests.money.citypass.examples import BIKE, RULE, SPORT, SWIMMING

# A lone parent with two children: 1500 + 2 × 450 = 2400 a month.
LIMIT = 240_000
ALONE = Situation("9970", 1, 2, None)


@pytest.mark.parametrize(
    ("month", "likely", "why"),
    [
        (LIMIT, Likely.YES, Why.INCOME),
        (LIMIT + 1, Likely.PROBABLY, Why.NEAR),
        (264_000, Likely.PROBABLY, Why.NEAR),
        (264_001, Likely.NO, Why.ABOVE),
        (None, Likely.PROBABLY, Why.UNKNOWN),
    ],
)
def test_income_is_compared_with_the_limit_of_a_household_like_this_one(month, likely, why):
    found = judge(RULE, replace(ALONE, income_cents=None if month is None else 12 * month))

    assert (found.likely, found.why, found.limit_cents) == (likely, why, LIMIT)


def test_a_years_income_is_not_rounded_to_months():
    assert judge(RULE, replace(ALONE, income_cents=12 * LIMIT + 1)).likely is Likely.PROBABLY


def test_a_benefit_is_enough_whatever_the_income():
    found = judge(RULE, replace(ALONE, income_cents=99_999_999, benefits=frozenset({"leefloon"})))

    assert (found.likely, found.why) == (Likely.YES, Why.BENEFIT)


def test_a_benefit_that_the_rule_does_not_name_is_none():
    assert judge(RULE, replace(ALONE, income_cents=99_999_999, benefits=frozenset({"x"}))).likely is Likely.NO


def test_who_lives_elsewhere_is_told_so_first():
    found = judge(RULE, replace(ALONE, postcode="9000", benefits=frozenset({"leefloon"})))

    assert (found.likely, found.why) == (Likely.NO, Why.ELSEWHERE)


def version(number: int, first_day: date, *, is_accepted: bool = True) -> RuleVersion:
    by = Signatory("a", "An")
    return RuleVersion(number, replace(RULE, first_day=first_day), by, Signatory("b", "Bo") if is_accepted else None)


def test_what_nobody_accepted_does_not_count_and_a_later_one_ends_the_one_before():
    versions = [
        version(1, date(2027, 1, 1)),
        version(2, date(2028, 1, 1)),
        version(3, date(2027, 6, 1), is_accepted=False),
    ]

    found = {day: in_force(versions, day) for day in (date(2026, 12, 31), date(2027, 12, 31), date(2028, 1, 1))}

    assert [one and one.number for one in found.values()] == [None, 1, 2]


def test_two_versions_never_begin_on_one_day_and_none_begins_before_one_that_counts():
    assert "first_day" in faults(RULE, [version(1, RULE.first_day)])
    assert "first_day" in faults(RULE, [version(1, date(2027, 2, 1))])
    assert faults(RULE, [version(1, date(2027, 2, 1), is_accepted=False)]) == {}


def test_what_is_wrong_with_a_budget_is_named_where_it_stands():
    wrong = replace(RULE, budgets=(SPORT, SPORT, replace(SWIMMING, piece_cents=0), replace(BIKE, age_from=200)))

    assert sorted(faults(wrong, [])) == ["budgets[1].name", "budgets[2].piece_cents", "budgets[3].age_until"]


@given(st.integers(0, 10**9), st.integers(1, 5), st.integers(0, 8), st.integers(0, 10**6))
def test_who_earns_less_never_hears_worse(income, adults, children, less):
    order = [Likely.YES, Likely.PROBABLY, Likely.NO]
    one = judge(RULE, Situation("9970", adults, children, income))
    other = judge(RULE, Situation("9970", adults, children, max(income - less, 0)))

    assert order.index(other.likely) <= order.index(one.likely)


def test_a_limit_is_of_one_adult_and_more_for_each_other():
    assert IncomeRule(100, 50, 20).limit_cents(1, 0) == 100
    assert IncomeRule(100, 50, 20).limit_cents(2, 3) == 210


def test_a_month_later_is_the_same_day_or_the_last():
    assert month_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert month_later(date(2027, 11, 30), 12) == date(2028, 11, 30)
