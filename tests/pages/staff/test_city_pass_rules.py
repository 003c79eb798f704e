"""The rule of the city pass, as one enters it and another accepts it."""

import pytest
import time_machine

from chalicelib.money.citypass import versions
from chalicelib.people.staff.rules import Role
from tests.camps import published
from tests.money.citypass.examples import NOW, RULE
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")
ADDRESS = "/office/citypass/rules"


def words(at, label):
    return {f"{at}.label.nl": label.nl, f"{at}.label.fr": label.fr, f"{at}.label.en": label.en}


def typed():
    """As somebody types RULE."""
    found = {
        "first_day": "2027-01-01",
        "article": RULE.article,
        "municipality": "Kaprijke",
        "entitlement": "kansenpas",
        "postcodes": "9970, 9971",
        "one_adult": "1500",
        "more_adult": "750,00",
        "child": "450",
        "margin_percent": "10",
        "benefits[1].name": "leefloon",
        **words("benefits[1]", RULE.benefits[0].label),
    }
    for at, one in enumerate(RULE.budgets):
        place = f"budgets[{at}]"
        is_cents = one.unit.value == "cents"
        found |= {
            f"{place}.name": one.name,
            **words(place, one.label),
            f"{place}.unit": one.unit.value,
            f"{place}.amount": str(one.amount // 100 if is_cents else one.amount),
            f"{place}.piece_cents": "" if is_cents else "2,50",
            f"{place}.years": str(one.years),
            f"{place}.owner": one.owner.value,
            f"{place}.age_until": str(one.age_until),
        }
    return found


@pytest.fixture
def browser():
    with time_machine.travel(NOW, tick=False):
        published()
        yield Browser("nl").sign_in(Role.FINANCE)


def test_one_enters_it_and_another_accepts_it(browser):
    browser.get(ADDRESS)
    entered = browser.submit(typed(), button="Deze versie invoeren")
    assert "telt nog niet" in entered.text
    assert "Versie 1 aanvaarden" not in entered.html

    other = Browser("nl").sign_in(Role.MANAGER, name="Jan Claes")
    other.get(ADDRESS)
    accepted = other.submit(button="Versie 1 aanvaarden")

    assert "Geldt vandaag" in accepted.text
    assert "€ 3.150,00" in accepted.text  # two adults with two children
    assert versions.every()[0].rule == RULE


def test_who_entered_it_cannot_accept_it_with_a_form_of_their_own(browser):
    browser.get(ADDRESS)
    browser.submit(typed(), button="Deze versie invoeren")

    shown = browser.submit({"accept": "1"}, button="Deze versie invoeren")

    assert shown.status == 409
    assert not versions.every()[0].is_accepted


def test_what_is_wrong_stands_beside_its_field(browser):
    browser.get(ADDRESS)

    wrong = {"one_adult": "-1500", "child": "4,505", "budgets[1].amount": "1,5", "months": "0"}
    shown = browser.submit({**typed(), **wrong}, button="Deze versie invoeren")

    assert shown.status == 422
    for name in ("one_adult", "child", "months"):
        assert f'id="f-{name}-error"' in shown.html
    assert versions.every() == []


def test_somebody_else_entered_one_meanwhile(browser):
    browser.get(ADDRESS)
    other = Browser("nl").sign_in(Role.FINANCE, name="Jan Claes")
    other.get(ADDRESS)
    other.submit(typed(), button="Deze versie invoeren")

    assert browser.submit(typed(), button="Deze versie invoeren").status == 409
    assert len(versions.every()) == 1
