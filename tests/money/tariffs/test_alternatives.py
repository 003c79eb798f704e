"""Conditions as alternatives mean what they meant."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.tariffs.alternatives import TooManyAlternatives, alternatives_of, condition_of
from chalicelib.money.tariffs.conditions import (
    ALWAYS,
    All,
    Either,
    Facts,
    HalfDay,
    Has,
    Kind,
    Not,
    WholeSession,
    holds,
)
from tests.money.tariffs.council import NOW

SOCIAL, PASS, CAMP = Has(("social",)), Has(("pass",)), Kind(("camp",))
LEAVES = st.sampled_from([SOCIAL, PASS, CAMP, HalfDay(), WholeSession()])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda of: All(tuple(of)), st.lists(inner, max_size=3))
        | st.builds(lambda of: Either(tuple(of)), st.lists(inner, max_size=3))
    ),
    max_leaves=6,
)
EVERY = [
    Facts(kind, date(2027, 7, 5), NOW, entitlements=frozenset(filter(None, has)), is_half=half, is_whole=whole)
    for kind, has, half, whole in product(
        ("camp", "care"), product(("", "social"), ("", "pass")), (True, False), (True, False)
    )
]


@settings(max_examples=100)
@given(CONDITIONS)
def test_alternatives_hold_when_the_condition_does(condition):
    found = condition_of(alternatives_of(condition))

    assert [holds(found, facts) for facts in EVERY] == [holds(condition, facts) for facts in EVERY]
    assert alternatives_of(found) == alternatives_of(condition)


def test_what_always_holds_is_one_alternative_that_asks_for_nothing():
    assert alternatives_of(ALWAYS) == ((),)
    assert condition_of(((),)) == ALWAYS


def test_more_alternatives_than_anybody_reads_are_none():
    with pytest.raises(TooManyAlternatives):
        alternatives_of(All(tuple(Either((Has((f"a{n}",)), Has((f"b{n}",)))) for n in range(5))))
