"""From quantities to money, exactly, and to cents that add up."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.cost.figures import CENT, charge, dollars, exact_sum, figure, how, in_cents, rounded, total
from chalicelib.insight.cost.prices import PriceMissing
from tests.insight.cost.lists import MAILS, MILLION, REQUESTS, TIERS, prices

LIST = prices(MAILS, *TIERS)
AMOUNTS = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=12)
QUANTITIES = st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=6)


def test_a_thousandth_of_a_cent_is_not_lost() -> None:
    assert charge(REQUESTS, Decimal(1), LIST, free=False) == Decimal("0.0000004")


def test_each_tier_has_its_price() -> None:
    assert charge(REQUESTS, 250 * MILLION, LIST, free=False) == 40 + 30 + 10


def test_what_is_free_comes_first_and_only_if_asked() -> None:
    assert charge(REQUESTS, MILLION, LIST, free=True) == 0
    assert charge(REQUESTS, 3 * MILLION, LIST, free=True) == Decimal("0.80")
    assert charge(REQUESTS, 3 * MILLION, LIST, free=False) == Decimal("1.20")


def test_nothing_used_costs_nothing_at_a_price_that_is_known() -> None:
    assert charge(REQUESTS, Decimal(0), LIST, free=False) == 0
    with pytest.raises(PriceMissing):
        charge(("sqs", "fifo-request"), Decimal(0), LIST, free=False)


@pytest.mark.parametrize("quantity", ["-1", "NaN", "Infinity"])
def test_a_quantity_that_there_cannot_be_is_no_bill(quantity: str) -> None:
    with pytest.raises(ValueError, match=quantity):
        charge(REQUESTS, Decimal(quantity), LIST, free=False)


def test_a_figure_can_be_followed() -> None:
    one = figure("Mails", ("ses", "mail"), Decimal(25), LIST, how("the line 'mailed' in the log"))
    assert (one.quantity, one.unit, one.usd) == (25, "mails", Decimal("0.0025"))
    assert one.price.published.isoformat() == "2026-10-01"
    assert one.query.said("en") == "the line 'mailed' in the log"
    assert total([one, one]) == Decimal("0.005")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 openings x 12,500 x 0.5: make bill"),
        ("nl", "3 openingen × 12\u202f500 × 0.5: make bill"),
        ("fr", "3 ouvertures × 12\u202f500 × 0.5\u00a0: make bill"),
    ],
)
def test_how_a_quantity_comes_about_is_said_in_each_language_and_a_command_stays_as_it_is(
    language: str, said: str
) -> None:
    measured = how("{often} x {uses}: {command}", often=Decimal("12500.0"), uses=Decimal("0.50"), command="make bill")
    assert how("{openings} openings x {how}", openings=3, how=measured).said(language) == said


@given(QUANTITIES, QUANTITIES)
def test_more_never_costs_less_and_the_free_tier_never_more(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert charge(REQUESTS, less, LIST, free=False) <= charge(REQUESTS, more, LIST, free=False)
    assert 0 <= charge(REQUESTS, more, LIST, free=True) <= charge(REQUESTS, more, LIST, free=False)


@given(st.lists(QUANTITIES, min_size=1, max_size=20))
def test_parts_of_one_tier_cost_what_the_whole_costs_exactly(parts: list[Decimal]) -> None:
    mail = ("ses", "mail")
    whole = charge(mail, exact_sum(parts), LIST, free=False)
    assert exact_sum(charge(mail, part, LIST, free=False) for part in parts) == whole


@given(st.dictionaries(st.integers(), AMOUNTS, max_size=30))
def test_the_cents_of_the_parts_are_the_cents_of_the_whole(parts: dict[int, Decimal]) -> None:
    shown = in_cents(parts)
    assert exact_sum(shown.values()) == rounded(exact_sum(parts.values()))
    assert list(shown) == list(parts)
    assert all(abs(shown[key] - part) < CENT for key, part in parts.items())
    assert all(part == part.quantize(CENT) for part in shown.values())


def test_thirds_of_a_dollar() -> None:
    third: Any = Decimal(1) / 3
    assert in_cents({"a": third, "b": third, "c": third}) == {
        "a": Decimal("0.34"),
        "b": Decimal("0.33"),
        "c": Decimal("0.33"),
    }


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        ("0", "$0.00"),
        ("0.00000407", "$0.00000407"),
        ("0.0144", "$0.0144"),
        ("0.10", "$0.10"),
        ("1234.555", "$1,234.56"),
        ("-0.0028", "-$0.00280"),
    ],
)
def test_small_sums_are_shown_as_what_they_are(usd: str, shown: str) -> None:
    assert dollars(Decimal(usd)) == shown
