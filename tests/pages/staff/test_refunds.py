"""Money that goes back, as two people of finance see it."""

from xml.etree import ElementTree

import pytest

from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import RefundState
from chalicelib.people.staff.rules import Role
from tests.camps import request, signed_in
from tests.money.payees.given import pays_to
from tests.money.refunds.given import given_order, order_id, paid, paid_from
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("city")

ADDRESS = "/office/refunds"
RELEASE, MAKE, ENTER = "Vrijgeven wat is aangevinkt", "Het bestand maken", "De rekening invoeren"


@pytest.fixture
def city(table):
    pays_to()
    with paid_from(paid(9000)):
        yield


def finance(name: str) -> Browser:
    return Browser("nl").sign_in(Role.FINANCE, name=name)


def release(name: str):
    browser = finance(name)
    browser.get(ADDRESS)
    form = next(one for one in browser.shown.page.forms if RELEASE in one.buttons)
    return browser.submit({"refund": form.choices["refund"]}, button=RELEASE)


def test_two_people_release_it_and_it_comes_into_a_file():
    given_order(4500, 9000)
    els, jan = finance("Els Maes"), finance("Jan Claes")

    first = els.get(ADDRESS)
    assert "€ 45,00 aan An Claeys" in first.text
    assert "BE71 0961 2345 6769" in first.text
    assert "Er kwam meer binnen dan het kost" in first.text
    again = release("Els Maes")
    assert "1 terugbetaling heeft jouw vrijgave" in again.text
    assert "Jij gaf dit vrij" in again.text
    assert not any("refund" in form.choices or RELEASE in form.buttons for form in again.page.forms)

    assert "Een collega gaf dit vrij" in jan.get(ADDRESS).text
    done = release("Jan Claes")
    assert "1 terugbetaling is vrijgegeven en zit nog in geen bestand: € 45,00" in done.text
    jan.get(ADDRESS)
    made = jan.submit(button=MAKE)

    assert "Bestand 1 is gemaakt" in made.text
    file = jan.follow("Bestand 1 downloaden")
    assert file.headers["Content-Type"] == "application/xml"
    assert 'filename="refunds-00001.xml"' in file.headers["Content-Disposition"]
    assert ElementTree.fromstring(file.body).find(".//{*}InstdAmt").text == "45.00"
    assert orders.get(order_id()).balance_cents == 0
    assert "Er is niets terug te betalen" in jan.get(ADDRESS).text


def test_nothing_ticked_is_said():
    given_order(4500, 9000)
    browser = finance("Els Maes")
    browser.get(ADDRESS)

    shown = browser.submit({"refund": []}, button=RELEASE)

    assert shown.status == 422
    assert "Vink minstens één terugbetaling aan" in shown.text


def test_what_changed_since_it_was_shown_is_not_released():
    order = given_order(4500, 9000)
    browser = finance("Els Maes")
    browser.get(ADDRESS)

    shown = browser.submit({"refund": f"{order.order_id}/1/4501/BE71096123456769"}, button=RELEASE)

    assert "1 werd niet vrijgegeven" in shown.text
    assert refunds.of_order(order.order_id) == []


def test_an_account_that_nobody_knows_is_entered_and_checked():
    with paid_from():
        order = given_order(4500, 9000)
        browser = finance("Els Maes")
        assert "een rekening die nog niemand kent" in browser.get(ADDRESS).text
        browser.get(f"{ADDRESS}/{order.order_id}")

        wrong = browser.submit({"iban": "BE00", "name": "Jef Claeys"}, button=ENTER)
        assert wrong.status == 422
        assert 'id="f-iban-error"' in wrong.html
        assert 'value="Jef Claeys"' in wrong.html
        done = browser.submit({"iban": "NL91 ABNA 0417 1643 00", "name": "Jef Claeys", "amount": "45,00"}, button=ENTER)

        assert "De rekening is ingevoerd" in done.text
        assert refunds.get(order.order_id, 1).given_by == ("sub-Els Maes",)
        assert "Een collega voerde deze rekening of dit bedrag in" in browser.get(ADDRESS).text


def test_what_the_bank_did_not_carry_out_is_taken_back_by_two():
    order = given_order(4500, 9000)
    release("Els Maes"), release("Jan Claes")
    els, jan = finance("Els Maes"), finance("Jan Claes")
    els.get(ADDRESS)
    els.submit(button=MAKE)

    els.get(f"{ADDRESS}/{order.order_id}")
    asked = els.submit(button="De bank voerde dit niet uit")
    assert "Een tweede collega moet dat bevestigen" in asked.text
    jan.get(f"{ADDRESS}/{order.order_id}")
    jan.submit(button="Bevestigen: de bank voerde dit niet uit")

    assert refunds.get(order.order_id, 1).state is RefundState.TAKEN_BACK
    assert orders.get(order.order_id).balance_cents == -4500


def test_the_api_gives_the_same_file_to_finance_alone():
    given_order(4500, 9000)
    path = "/api/staff/refunds.xml"

    nothing = request("GET", path, headers=signed_in(Role.FINANCE))
    assert (nothing.status_code, nothing.json_body["type"].rpartition("/")[2]) == (409, "not-now")
    release("Els Maes"), release("Jan Claes")
    first = request("GET", path, headers=signed_in(Role.FINANCE))
    second = request("GET", path, headers=signed_in(Role.FINANCE))
    by_number = request("GET", f"{path}?number=1", headers=signed_in(Role.FINANCE))

    assert first.body == second.body == by_number.body
    assert first.headers["Content-Type"] == "application/xml"
    assert request("GET", f"{path}?number=2", headers=signed_in(Role.FINANCE)).status_code == 404
    assert request("GET", path, headers=signed_in(Role.DESK)).status_code == 403


def test_finance_has_one_page_of_money():
    given_order(4500, 9000)

    shown = finance("Els Maes").get("/office/money")

    assert "Geld terug naar gezinnen" in shown.text
    assert "1 bestellingen wachten: € 45,00" in shown.text
    assert "Er is nog geen dag afgesloten" in shown.text


def test_an_order_is_found_by_its_reference():
    order = given_order(4500, 4500)
    browser = finance("Els Maes")
    browser.get(ADDRESS)

    assert (
        browser.get(f"{ADDRESS}?reference=%2B%2B%2B000%2F0000%2F00101%2B%2B%2B").path == f"{ADDRESS}/{order.order_id}"
    )
    assert "Van deze bestelling moet niets terug" in browser.shown.text
    wrong = browser.get(f"{ADDRESS}?reference=12")
    assert (wrong.status, "Geen bestelling heeft deze referentie" in wrong.text) == (404, True)
