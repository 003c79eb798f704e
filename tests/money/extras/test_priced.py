"""Extras and fines on a registration's order: priced by the tariff, and what becomes of them when it is given up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work.rules import Worker
from chalicelib.core import table as core_table
from chalicelib.core.refusals import Refused
from chalicelib.money.extras import table as extras
from chalicelib.money.extras.rules import Beside, Fine, Undone
from chalicelib.money.orders import leaving, table
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import OrderPart
from chalicelib.money.stream import family_to_measure
from chalicelib.money.tariffs.conditions import Among, Order
from chalicelib.money.tariffs.rules import Kept, Labels, PriceRole, Unit
from chalicelib.rights.erasing import give_back
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, post, published
from tests.money.payees.given import pays_to
from tests.money.tariffs.council import discount, line, tariff
from tests.money.tariffs.stored import accepted

NOW = datetime.now(UTC)
WORDS = Labels("kosten", "frais", "costs")
# Three days. Half of the place is kept of whoever cancels; a second child has a fifth less.
MEAL = line("hot-meal", 300, role=PriceRole.EXTRA, name="meal", is_discountable=False)
TRIP = line("bus", 700, role=PriceRole.EXTRA, name="trip", unit=Unit.CAMP, is_discountable=False)
LATE = line("late", 150, role=PriceRole.FINE, name="late", unit=Unit.SLICE, size=15)
CITY = tariff(
    line("day", 1000),
    MEAL,
    TRIP,
    LATE,
    discounts=(discount("second", 20, when=Order(2, within=Among.SEASON)),),
    cancelling=(Kept("always", WORDS, "art. 9", percent=Decimal(50)),),
)


ELS = Worker("els", "Els Maes")
FIRST_DAY = date(2027, 8, 16)


def a_fine(child_id=LOU.child_id, minutes=20) -> Fine:
    return Fine("fine-1", child_id, "late", FIRST_DAY, minutes, "Fetched at 18:20.", ELS, NOW)


@pytest.fixture
def an(table) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


@pytest.fixture
def lou(an) -> str:
    answer = an.register(BOUWKAMP, LOU)
    assert answer.status_code == 201, answer.json_body
    registration_id: str = answer.json_body["registration_id"]
    return registration_id


def store(after: Beside) -> None:
    """Whatever stood there before."""
    edition = extras.get(after.registration_id).edition + 1
    core_table.transact_write([extras.replacing(replace(after, edition=edition), NOW)])


def the_order(an: Family):
    follow(an.pass_.family_id, datetime.now(UTC))
    [order] = table.of_family(an.pass_.family_id)
    return order


def cents(order) -> dict[OrderPart, int]:
    found: dict[OrderPart, int] = {}
    for one in order.lines:
        found[one.part] = found.get(one.part, 0) + one.amount_cents
    return found


def test_extras_are_on_the_order_for_all_days_for_some_and_once(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None, "trip": None}}))
    assert cents(the_order(an)) == {OrderPart.PRICE: 3000, OrderPart.EXTRA: 3 * 300 + 700}

    store(extras.get(lou).with_extras({LOU.child_id: {"meal": (FIRST_DAY,)}}))
    order = the_order(an)

    assert cents(order) == {OrderPart.PRICE: 3000, OrderPart.EXTRA: 300}
    assert {(one.rule, one.article) for one in order.lines} == {("day", "art. day"), ("hot-meal", "art. hot-meal")}


def test_an_extra_that_is_taken_away_lowers_the_order(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None}}))
    the_order(an)

    store(extras.get(lou).with_extras({LOU.child_id: {}}))

    assert the_order(an).amount_cents == 3000


def test_what_the_tariff_has_no_price_for_costs_nothing_and_takes_nothing_else_along(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"pony": None, "meal": None}}))

    assert cents(the_order(an)) == {OrderPart.PRICE: 3000, OrderPart.EXTRA: 900}


def test_of_a_session_without_a_tariff_nothing_beside_is_charged(table):
    pays_to()
    published()
    an = family(LOU)
    registration_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    store(Beside(registration_id).with_extras({LOU.child_id: {"meal": None}}).with_fine(a_fine()))

    assert the_order(an).amount_cents == 4500


def test_a_fine_is_priced_by_the_slices_that_have_begun_outside_discounts(an):
    registration_id = an.register(BOUWKAMP, LOU, JEF).json_body["registration_id"]
    without = the_order(an).amount_cents

    store(Beside(registration_id).with_fine(a_fine(JEF.child_id)))
    order = the_order(an)

    assert (without, order.amount_cents) == (5400, 5400 + 2 * 150)
    assert cents(order)[OrderPart.FINE] == 300


def test_a_fine_that_is_undone_is_owed_no_more(an, lou):
    store(Beside(lou).with_fine(a_fine()))
    the_order(an)

    store(extras.get(lou).without_fine("fine-1", Undone(ELS, NOW, "The bus was late.")))

    assert the_order(an).amount_cents == 3000
    [fine] = extras.get(lou).fines
    assert fine.undone == Undone(ELS, NOW, "The bus was late.")


def test_who_cancels_keeps_paying_a_part_of_the_stay_and_of_the_extras_and_all_fines(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None}}).with_fine(a_fine()))
    the_order(an)
    told = leaving.of_cancelling(an.pass_.family_id, lou, [LOU.child_id], NOW)
    assert an.cancel(lou).status_code == 204

    order = the_order(an)

    assert cents(order) == {OrderPart.KEPT: (3000 + 900) // 2, OrderPart.FINE: 300}
    assert [one.price_cents for one in order.gone] == [3900]  # fines aside
    assert told
    assert told.kept_cents == 1950
    assert told.difference_cents == 1950 - 3900

    store(extras.get(lou).without_fine("fine-1", Undone(ELS, NOW, "The bus was late.")))
    assert cents(the_order(an)) == {OrderPart.KEPT: 1950}


def test_what_another_choice_would_cost_is_told_and_comes_true(an, lou):
    the_order(an)
    after = extras.get(lou).with_extras({LOU.child_id: {"meal": None}})

    told = leaving.of_choosing(an.pass_.family_id, after, NOW)
    store(after)

    assert told.difference_cents == 900 == the_order(an).amount_cents - 3000
    assert [(one.before_cents, one.after_cents) for one in told.others] == [(3000, 3900)]


def test_who_comes_second_is_refused(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None}}))

    with pytest.raises(Refused):
        core_table.transact_write([extras.replacing(Beside(lou).with_extras({LOU.child_id: {"trip": None}}), NOW)])


def test_when_its_registration_is_erased_it_goes_and_the_order_stands(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None}}).with_fine(a_fine()))
    before = the_order(an)
    found = registrations.get(lou)
    assert found

    give_back(found, NOW)

    assert extras.get(lou) == Beside(lou)
    assert cents(the_order(an)) == cents(before)


def test_a_child_that_gets_another_id_keeps_what_is_beside_its_stay():
    renamed = Beside("r", {"old": {"meal": None}}, (a_fine("old"),), 1).renamed("old", "new")

    assert renamed.taken == {"new": {"meal": None}}
    assert [child for child, _ in renamed.events()] == ["new"]


def test_a_change_makes_the_orders_be_worked_out_anew(lou):
    keys = {"pk": "F#family", "sk": "EXTRAS#suffix"}

    assert family_to_measure(keys, {}, {"edition": 1}) == "family"


def test_a_quote_of_what_a_family_has_is_with_the_extras_that_it_took_unless_it_asks_for_others(an, lou):
    store(Beside(lou).with_extras({LOU.child_id: {"meal": None}}))
    asked = {"session_id": BOUWKAMP.session_id, "child_ids": [LOU.child_id]}

    quotes = [
        post("/api/quotes", {"items": [{**asked, **more}]}, an.authorization).json_body["total_cents"]
        for more in ({}, {"extras": []}, {"extras": ["trip"]})
    ]

    assert quotes == [3900, 3000, 3700]
