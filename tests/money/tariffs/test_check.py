"""The check names what a reader of the decision would ask about."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chalicelib.money.tariffs import check as checking
from chalicelib.money.tariffs.check import Doubt, TariffFinding, check
from chalicelib.money.tariffs.conditions import (
    All,
    Among,
    Between,
    Has,
    Kind,
    Level,
    Measure,
    Order,
    Registered,
    Together,
    WholeSession,
)
from chalicelib.money.tariffs.rules import Formula, Mode, PriceRole, PublishedPrice, Rounding, Unit
from tests.money.tariffs import test_published as published
from tests.money.tariffs.council import discount, line, tariff


def doubts(given_tariff):
    return [(each.doubt.value, each.place, each.rules) for each in check(given_tariff)]


def test_the_published_price_that_no_formula_gives_is_named_with_both_amounts():
    assert check(published.KINDERCENTRUM) == (
        TariffFinding(Doubt.PUBLISHED, "versions[0].published[0].cents", ("half hour",), 789, 798),
    )


def test_published_prices_that_the_formula_gives_are_none():
    assert [each for each in check(published.GLABBEEK) if each.doubt == Doubt.PUBLISHED] == []


@pytest.mark.parametrize(("mode", "wrong"), [(Mode.HALF_UP, 0), (Mode.HALF_EVEN, 0), (Mode.DOWN, 1), (Mode.UP, 1)])
def test_another_rounding_gives_other_prices(mode, wrong):
    """0.85, 3.75, 5.00 and 10.00 less a quarter are 0.6375, 2.8125, 3.75 and 7.50."""
    (version,) = published.GLABBEEK.versions
    other = replace(published.GLABBEEK, versions=(replace(version, rounding=Rounding(mode)),))

    assert sum(each.doubt == Doubt.PUBLISHED for each in check(other)) == wrong


def test_a_published_price_that_is_not_what_its_formula_gives():
    given_tariff = tariff(line("day", 1650), line("second", 1325, formula=Formula("day", Decimal(80)), when=Order(2)))

    assert check(given_tariff) == (
        TariffFinding(Doubt.PUBLISHED, "versions[0].lines[1].cents", ("second",), 1325, 1320),
    )


def minutes(least=None, most=None):
    return Between(Measure.MINUTES, least, most)


def test_a_gap_is_named_by_an_example():
    over_three = tariff(line("short", 400, when=minutes(most=179)), line("long", 600, when=minutes(least=181)))

    (found,) = check(over_three)

    assert (found.doubt, found.place, found.rules) == (Doubt.GAP, "versions[0].lines[0]", ("short", "long"))
    assert ("minutes", "180") in found.example


def test_gaps_of_extras_and_of_orders():
    meal = line("meal", 300, role=PriceRole.EXTRA, name="meal", when=Level(("nursery",)))
    assert doubts(tariff(line("day", 500), meal)) == []  # of the levels that the tariff names

    first = tariff(line("first", 1500, when=Order(1, 1)), line("third", 1100, when=Order(3)))
    assert doubts(first) == [("gap", "versions[0].lines[0]", ("first", "third"))]
    (found,) = check(first)
    assert ("rank within day", "2") in found.example


def test_an_income_that_is_not_said_fits_no_limit():
    (found,) = check(
        tariff(
            line("low", 300, when=Between(Measure.INCOME, None, 999)),
            line("high", 900, when=Between(Measure.INCOME, 1000)),
        )
    )

    assert found.doubt == Doubt.GAP
    assert "income" not in dict(found.example)


def test_a_general_price_beside_a_lower_one_for_some_is_as_it_should_be():
    assert doubts(published.AARTSELAAR) == []
    assert doubts(published.BRASSCHAAT) == []
    assert doubts(published.LINT) == []
    assert doubts(published.KUURNE) == []


def test_a_price_that_nobody_pays():
    when = Has(("staff",))
    found = doubts(tariff(line("day", 1000), line("staff", 1200, when=when)))

    assert found == [("never", "versions[0].lines[1]", ("staff", "day"))]


def test_two_prices_that_some_could_pay_both_of():
    some = tariff(
        line("day", 2000),
        line("resident", 1000, when=Has(("resident-parent",))),
        line("early", 1500, when=Registered(before=datetime(2027, 1, 1, tzinfo=UTC))),
    )

    (found,) = check(some)

    assert (found.doubt, found.rules) == (Doubt.OVERLAP, ("early", "resident"))
    assert ("entitlements", "resident-parent") in found.example


def test_only_whole_camps_is_a_gap_that_a_person_accepts():
    (found, *_) = check(published.VILVOORDE)

    assert found.doubt == Doubt.GAP
    assert ("whole", "no") in found.example


def test_a_price_of_a_week_is_no_overlap_with_one_of_a_day():
    assert doubts(tariff(line("day", 1400), line("week", 6000, unit=Unit.WEEK))) == []


def test_published_prices_of_several_discounts_are_worked_out_by_their_order():
    given_tariff = tariff(
        line("day", 1000),
        discounts=(discount("social", 50, adds_up_with=("two",)), discount("two", 25, when=Together(2))),
        published=(
            PublishedPrice("day", 375, discounts=("social", "two")),
            PublishedPrice("day", 400, discounts=("social",)),
        ),
    )

    assert check(given_tariff) == (
        TariffFinding(Doubt.PUBLISHED, "versions[0].published[1].cents", ("day", "social"), 400, 500),
    )


def test_of_too_many_combinations_some_are_looked_at_and_the_check_says_so(monkeypatch):
    monkeypatch.setattr(checking, "MOST_EXAMPLES", 10)
    some = All(
        (Kind(("camp", "care")), minutes(60, 120), Between(Measure.AGE, 3, 12), WholeSession(), Order(2, 3, Among.CAMP))
    )

    assert ("not-all", "versions[0].lines[0]", ("day", "some")) in doubts(
        tariff(line("day", 1000), line("some", 500, when=some))
    )
