"""Whether a city pass is for somebody, as they see it before they apply."""

import pytest
import time_machine

from chalicelib.money.citypass import figures
from tests.core.http.conftest import stored
from tests.money.citypass.examples import NOW, accepted
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def browser():
    with time_machine.travel(NOW, tick=False):
        yield Browser("nl")


def test_a_city_without_a_rule_has_none(browser):
    assert "geen stadspas" in browser.get("/citypass").text


@pytest.mark.parametrize(
    ("income", "heading"),
    [
        ("2.400", None),
        ("2400,00", "Ja, de stadspas is voor jou"),
        ("2500", "Waarschijnlijk"),
        ("3000", "niet voor jou"),
    ],
)
def test_it_says_yes_probably_or_no_with_the_rule_and_the_article(browser, income, heading):
    accepted()
    browser.get("/citypass")

    shown = browser.submit({"postcode": "9970", "adults": "1", "children": "2", "income": income})

    if heading is None:  # three decimals, as a program reads it
        assert shown.status == 422
    else:
        assert heading in shown.text
        assert "Reglement van 12 december 2026, artikel 4" in shown.text


def test_nothing_of_it_is_kept_but_how_often_it_was_asked(browser):
    accepted()
    before = [one for one in stored() if one["pk"]["S"] != figures.PK]
    browser.get("/citypass")

    browser.submit({"postcode": "9970", "adults": "1", "children": "2", "income": "", "benefits": ["leefloon"]})

    assert [one for one in stored() if one["pk"]["S"] != figures.PK] == before
    assert figures.of_year(2027) == {"visits": 1, "answer_yes": 1}
