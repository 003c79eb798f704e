"""Finance enters to whom families pay, on pages; a colleague confirms another account."""

import pytest

from chalicelib.money.payees import table
from chalicelib.people.staff.rules import Role
from tests.camps import published
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

TYPED = {
    "name": "Gemeente Kaprijke",
    "iban": "BE68 5390 0754 7034",
    "scheme": "be",
    "due_from": "first-day",
    "due_days": "-10",
    "reminders": "3, 10",
    "cancels_after": "21",
    "postcodes": "9970",
    "reason": "Reglement van de gemeenteraad, 12 februari 2027",
}


def finance(name: str, language: str = "nl") -> Browser:
    return Browser(language).sign_in(Role.FINANCE, name=name)


def test_two_people_of_finance_say_where_families_pay():
    published()
    tom, els = finance("Tom Maes"), finance("Els Claeys")
    tom.get("/office/payees")
    tom.follow("Kaprijke")
    shown = tom.submit(TYPED, button="Bewaren")
    assert "Het wacht op een tweede persoon van financiën." in shown.text
    assert "Deze rekening bevestigen" not in shown.page.forms[-2].buttons

    els.get("/office/payees/Kaprijke")
    wrong = els.submit({"reason": "ok"}, button="Deze rekening bevestigen")
    assert wrong.status == 422
    assert table.of("Kaprijke") is None
    confirmed = els.submit({"reason": "Vergeleken met ons uittreksel"}, button="Deze rekening bevestigen")

    assert "Gezinnen betalen voortaan op deze rekening." in confirmed.text
    assert "10 dagen voor de eerste dag van het kamp" in confirmed.text
    assert table.of("Kaprijke").iban == "BE68539007547034"


def test_who_sends_an_old_page_is_told_and_sends_what_was_typed_again():
    published()
    tom, els = finance("Tom Maes"), finance("Els Claeys")
    for who in (tom, els):
        who.get("/office/payees/Kaprijke")
    tom.submit(TYPED, button="Bewaren")

    refused = els.submit({**TYPED, "iban": "BE43 0689 9999 9501"}, button="Bewaren")
    assert refused.status == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in refused.text
    assert 'value="BE43 0689 9999 9501"' in refused.html

    els.submit({"reason": "Vergeleken met ons uittreksel"}, button="Deze rekening bevestigen")
    assert table.of("Kaprijke").iban == "BE68539007547034"


def test_what_is_wrong_stands_beside_its_field_with_what_was_typed():
    published()
    tom = finance("Tom Maes")
    tom.get("/office/payees/Kaprijke")

    shown = tom.submit({**TYPED, "iban": "BE68 5390 0754 7035", "name": "x" * 71}, button="Bewaren")

    assert shown.status == 422
    assert "Dit is geen rekeningnummer" in shown.text
    assert "Deze naam telt 71 tekens." in shown.text
    assert 'value="BE68 5390 0754 7035"' in shown.html


@pytest.mark.parametrize("role", [Role.DESK, Role.MANAGER, Role.AUDITOR, Role.LEADER])
def test_nobody_else_sees_or_changes_it(role: Role):
    published()

    assert Browser().sign_in(role).get("/office/payees/Kaprijke").status == 403


def test_a_municipality_that_is_none_has_no_page():
    assert finance("Tom Maes").get("/office/payees/Nergens").status == 404
