"""Before it pays, a family sees what UiTPAS says, uses it, and pays what is left."""

import re

import pytest

from chalicelib.money.uitpas import asking
from chalicelib.people.staff.rules import Role
from infra.local.uitpas import BLOCKED, BLOCKED_WORDS, EVENT, SOCIAL
from tests.camps import BOUWKAMP, JEF, family
from tests.money.uitpas.given import WithUitpas
from tests.pages.frame.browsing import Browser, family_browser

FIELD = f"use-{BOUWKAMP.session_id}/"


@pytest.fixture
def browser(uitpas: WithUitpas) -> Browser:
    return family_browser(uitpas.an.token, "en")


def page_of(one: WithUitpas) -> str:
    return f"/account/orders/{one.order_id}/uitpas"


def enters(browser: Browser, one: WithUitpas, number: str) -> None:
    browser.get("/account")
    assert browser.follow("Pay with UiTPAS").status == 200
    browser.submit({"number": number}, button="Store the number")


def test_a_family_enters_the_number_sees_its_price_and_pays_it(browser: Browser, uitpas: WithUitpas) -> None:
    enters(browser, uitpas, "0900 0000 67513")
    shown = browser.get(page_of(uitpas))
    assert "Without UiTPAS: €45.00" in shown.text
    assert "€9.00" in shown.text
    assert SOCIAL not in shown.html

    (field,) = {name for name in _names(shown.html) if name.startswith(FIELD)}
    browser.submit({field: "SOCIALTARIFF"}, button="Go on and pay by transfer")

    account = browser.get("/account").text
    assert "Transfer €9.00" in account
    assert "UiTPAS: Kansentarief" in account


def _names(html: str) -> set[str]:
    return set(re.findall('name="([^"]+)"', html))


def test_what_uitpas_says_is_shown_as_it_says_it(browser: Browser, uitpas: WithUitpas) -> None:
    enters(browser, uitpas, BLOCKED)
    shown = browser.get(page_of(uitpas))
    assert BLOCKED_WORDS in shown.text
    assert "Kansentarief" not in shown.text


def test_a_number_that_is_none_is_said_beside_its_field(browser: Browser, uitpas: WithUitpas) -> None:
    enters(browser, uitpas, "12")
    assert "Give the 13 digits" in browser.submit({"number": "12"}, button="Store the number").text


def test_while_uitpas_is_away_the_family_is_told_what_it_can_do(browser: Browser, uitpas: WithUitpas) -> None:
    enters(browser, uitpas, SOCIAL)
    uitpas.standin.way = "away"
    asking._answers.forget()
    shown = browser.get(page_of(uitpas))
    assert "as long as you have not paid, we ask UiTPAS again" in shown.text
    assert "Without UiTPAS: €45.00" in shown.text
    browser.submit({}, button="Go on and pay by transfer")
    assert "Transfer €45.00" in browser.get("/account").text


def test_another_familys_order_is_not_shown(uitpas: WithUitpas) -> None:
    assert family_browser(family(JEF, email="ex@example.be").token).get(page_of(uitpas)).status == 404


def test_where_the_city_has_no_uitpas_nothing_of_it_is_there(
    browser: Browser, uitpas: WithUitpas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITPAS_CLIENT_ID", "")
    assert browser.get(page_of(uitpas)).status == 404
    assert "UiTPAS" not in browser.get("/account").text


def test_a_manager_says_which_event_a_session_is(uitpas: WithUitpas) -> None:
    manager = Browser().sign_in(Role.MANAGER)
    assert manager.get(f"/office/sessions/{BOUWKAMP.session_id}/uitpas").status == 200
    assert manager.submit({"event_id": "x"}).status == 422
    manager.submit({"event_id": f"https://www.uitdatabank.be/event/{EVENT}"})
    assert EVENT in manager.get(f"/office/sessions/{BOUWKAMP.session_id}/uitpas").html
