"""The price before the choice, and before something is given up."""

from dataclasses import replace

import pytest

from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import ProofStatus
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.money.payees.given import pays_to
from tests.money.quotes.test_booked import SOCIAL
from tests.money.quotes.test_handlers import CITY
from tests.money.tariffs.stored import accepted
from tests.pages.frame.browsing import Browser, family_browser

SESSION = f"/sessions/{BOUWKAMP.session_id}"


@pytest.fixture
def an(table: None) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


def test_who_has_no_link_sees_the_most_that_it_costs(an):
    assert "at most €30.00 per child" in Browser("en").get(SESSION).text


def test_a_family_sees_what_each_child_costs_line_by_line_with_why(an):
    text = family_browser(an.token, "en").get(SESSION).text

    assert "What it costs you" in text
    assert "3 days, each €10.00" in text
    assert "Taken off the price." in text
    assert "All together: €54.00" in text


def test_it_is_worked_out_for_who_is_chosen_and_nothing_is_stored(an):
    browser = family_browser(an.token, "en")
    browser.get(SESSION)

    shown = browser.submit({"child_ids": [JEF.child_id]}, button="Work out the price for who is chosen")

    assert "Together: €30.00" in shown.text
    assert an.get("/api/registrations").json_body == {"registrations": []}


def test_what_it_will_cost_once_something_is_proven_is_said(an):
    entitlements.put(replace(SOCIAL, family_id=an.pass_.family_id, status=ProofStatus.WAITING, decision=None))

    assert "Once what you declared is proven: €30.00." in family_browser(an.token, "en").get(SESSION).text


def test_a_city_that_takes_no_money_tells_the_price_of_the_session(table):
    published()

    assert "€45.00 per child" in family_browser(family().token, "en").get(SESSION).text
