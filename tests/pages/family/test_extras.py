"""A family chooses extras on the page of its registration, and sees what that changes before anything does."""

import pytest

from chalicelib.money.extras import table as extras
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.money.extras.test_priced import CITY, the_order
from tests.money.payees.given import pays_to
from tests.money.tariffs.stored import accepted
from tests.pages.frame.browsing import family_browser


@pytest.fixture
def an(table: None) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


@pytest.fixture
def lou(an: Family) -> str:
    registration_id: str = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    return registration_id


def test_it_sees_what_its_choice_changes_and_then_saves_it(an, lou):
    browser = family_browser(an.token, "en")
    assert browser.get(f"/registrations/{lou}").page.links["Choose extras"].endswith(f"/registrations/{lou}/extras")
    assert "€3.00 a day" in browser.get(f"/registrations/{lou}/extras").text

    meals = ["2027-08-16", "2027-08-17"]
    shown = browser.submit({"extras[0].0": meals, "extras[0].1": ["once"]}, button="See what it changes")
    assert "You pay €13.00 more in all." in shown.text
    assert "Nothing is saved yet." in shown.text
    assert extras.get(lou).edition == 0

    saved = browser.submit(button="Yes, save")

    assert "Saved" in saved.text
    assert the_order(an).amount_cents == 3000 + 2 * 300 + 700
    assert "hot-meal" in browser.get(f"/registrations/{lou}").text
    assert "hot-meal" in browser.get("/account").text


def test_what_costs_otherwise_by_now_is_shown_again(an, lou):
    browser = family_browser(an.token, "en")
    browser.get(f"/registrations/{lou}/extras")

    shown = browser.submit({"extras[0].1": ["once"], "shown": "0/300"}, button="See what it changes")

    assert "You pay €7.00 more in all." in shown.text
    assert extras.get(lou).edition == 0


def test_another_family_finds_nothing_there(an, lou):
    other = family(JEF, email="other@example.be")

    assert family_browser(other.token, "en").get(f"/registrations/{lou}/extras").status == 404


def test_a_city_without_a_tariff_offers_nothing(table):
    pays_to()
    published()
    an = family(LOU)
    registration_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    browser = family_browser(an.token, "en")

    assert "extras" not in browser.get(f"/registrations/{registration_id}").text
    assert browser.get(f"/registrations/{registration_id}/extras").status == 404
