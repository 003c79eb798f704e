"""Words of a quote: how much of what, why this price, and what else would have fitted."""

from datetime import timedelta

from chalicelib.money.tariffs.conditions import Has
from chalicelib.money.tariffs.quoting import quote
from chalicelib.money.tariffs.rules import PriceRole, PublishedPrice, Unit
from chalicelib.pages.frame.quote_words import called, in_items
from tests.money.tariffs.council import MONDAY, NOW, discount, family, item, line, one_day, tariff

PASS_HOLDER = family("noor", entitlements=("pass",))


def lines(of, items, by):
    return [line for one in in_items(quote(of, items, by, NOW), by, "en") for line in one.lines]


def test_a_line_says_how_much_of_what_and_what_else_would_have_fitted():
    by = tariff(line("pass holder", 330, when=Has(("pass",))), line("others", 2475))

    (only,) = lines(PASS_HOLDER, [item("noor")], by)

    assert (only.label, only.counted, only.cents) == ("pass holder", "5 days, each €3.30", 1650)
    assert only.days == "5 July – 9 July"
    assert only.reasons == ("The lowest of the prices that fit. By another one you would pay more: “others”.",)
    assert only.article == "Council’s decision: art. pass holder"


def test_a_discount_is_a_line_of_its_own():
    by = tariff(line("day", 500), discounts=(discount("pass", 80, when=Has(("pass",))),))

    whole, less = lines(PASS_HOLDER, [item("noor", taken=1)], by)

    assert (whole.counted, whole.reasons) == ("1 day", ())
    assert (less.label, less.cents, less.reasons) == ("pass", -400, ("Taken off the price.",))


def test_a_published_amount_is_no_multiple_of_a_price():
    half_hours = line("half hour", 114, unit=Unit.SLICE, size=30)
    by = tariff(half_hours, published=(PublishedPrice("half hour", 789, quantity=7),))

    (only,) = lines(family("noor"), [one_day("noor", "9:00", "12:30")], by)

    assert only.counted == "7 times 30 minutes that have begun"
    assert only.reasons == ("The council published this amount for this number.",)


def test_units_that_are_no_days():
    week = tariff(line("week", 6000, unit=Unit.WEEK))
    card = tariff(line("card", 4000, unit=Unit.CARD, size=10))
    trip = tariff(line("day", 500), line("trip", 800, unit=Unit.CAMP, role=PriceRole.EXTRA, name="trip"))
    long = tuple(MONDAY + timedelta(days=number) for number in range(11))

    assert lines(family("noor"), [item("noor")], week)[0].counted == "1 week"
    assert lines(family("noor"), [item("noor", days=long, by_card=True)], card)[0].counted == (
        "2 cards of 10 turns, each €40.00"
    )
    assert lines(family("noor"), [item("noor", extras=("trip",))], trip)[0].counted == "once"


def test_what_the_city_named_itself_is_shown_as_it_wrote_it():
    assert (called("social", "en"), called("Kansenpas Zuid", "en")) == ("social rate", "Kansenpas Zuid")
