"""Who pays what: each its own, the rest by the registrations, and together the whole to the cent."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.chargeback import BY_REGISTRATIONS, EQUALLY, NobodyToCharge, chargeback, split
from chalicelib.insight.cost.usage import UsageKey
from tests.insight.cost.test_spent import ASKED, FRIDAY, USED, of

SHARED = {UsageKey(FRIDAY, Activity.LOOKING): {usage.MAIL: Decimal(10_000)}}  # $1.60


def test_the_rest_is_split_by_the_registrations():
    found = chargeback(of({**USED, **SHARED}), ["Eeklo", "Kaprijke"])

    assert found.rule == BY_REGISTRATIONS
    assert [(bill.municipality, bill.share) for bill in found.bills] == [
        ("Eeklo", Fraction(1, 4)),
        ("Kaprijke", Fraction(3, 4)),
    ]
    assert [bill.shared_cents for bill in found.bills] == [Decimal("0.40"), Decimal("1.20")]
    assert found.bills[1].own_usd == Decimal("0.0141")
    assert sum(bill.cents for bill in found.bills) == found.cents == Decimal("1.63")


def test_where_nobody_registered_it_is_split_equally_and_said():
    found = chargeback(of(SHARED), ["Asse", "Eeklo", "Kaprijke"])

    assert found.rule == EQUALLY
    assert [bill.shared_cents for bill in found.bills] == [Decimal("0.54"), Decimal("0.53"), Decimal("0.53")]


def test_who_used_something_pays_it_also_when_its_camps_are_gone():
    assert [bill.municipality for bill in chargeback(of(USED), []).bills] == ["Eeklo", "Kaprijke"]


def test_without_a_municipality_there_is_nobody_to_charge():
    with pytest.raises(NobodyToCharge):
        chargeback(of(SHARED), [])


def test_what_the_rest_is_made_of_is_shown():
    found = chargeback(of({**USED, **SHARED}, ASKED), ["Eeklo", "Kaprijke"])

    assert {figure.meter for figure in found.shared} == {usage.MAIL, usage.QUEUE_REQUEST}


@given(
    st.integers(min_value=0, max_value=100_000),
    st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=30).filter(any),
)
def test_a_split_adds_up_and_nobody_is_a_cent_off(cents: int, weights: list[int]):
    shares = [Fraction(weight, sum(weights)) for weight in weights]

    parts = split(Decimal(cents) / 100, shares)

    assert sum(parts) == Decimal(cents) / 100
    assert all(abs(Fraction(part) * 100 - share * cents) < 1 for part, share in zip(parts, shares, strict=True))
