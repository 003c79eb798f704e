"""Finance sets a year, sees what is missing, makes certificates and declares them."""

import json

import pytest

from chalicelib.core import table as core_table
from chalicelib.mail.rules import MailKind, Message, messages
from chalicelib.money.certificates import national
from chalicelib.money.certificates import table as certificates
from chalicelib.people.staff.rules import Role
from tests.camps import request, signed_in
from tests.money.certificates.given import DAYS, a_family, a_year, gives, marks, quick_books
from tests.money.certificates.samples import PAYER_NUMBER
from tests.pages.frame.browsing import Browser

ADDRESS = "/office/certificates"
SENT = "Belcotax-on-web accepted the real file: erase the national numbers"
ENTERED = {"year": "2026", "amount": "18,00", "source": "Staatsblad 30.12.2025, p. 12"}
ORGANIZER = {
    "name": "Gemeente Kaprijke",
    "kbo": "0207.500.123",
    "street": "Plein 1",
    "postcode": "9970",
    "town": "Kaprijke",
    "contact": "Financiën",
    "phone": "09 373 00 00",
    "email": "financien@kaprijke.example",
    "signed_by": "Els Maes",
    "signed_as": "financieel directeur",
    "language": "nl",
}


def finance(name: str = "Els Maes") -> Browser:
    return Browser("en").sign_in(Role.FINANCE, name=name)


@pytest.fixture
def an(table, monkeypatch):
    quick_books(monkeypatch)
    a_year()
    return a_family()


def test_a_maximum_counts_once_a_second_person_has_accepted_it(table):
    els, jan = finance(), finance("Jan Maes")
    els.get(ADDRESS)

    shown = els.submit(ENTERED, "Enter it")
    assert "Somebody else of finance has to accept it." in shown.text
    assert not certificates.maximum(2026).counts

    jan.get(ADDRESS)
    jan.submit({}, "I read it there too: accept €18.00")
    assert certificates.maximum(2026).accepted.name == "Jan Maes"

    els.get(ADDRESS)
    assert els.submit({**ENTERED, "amount": "19"}, "Enter it").status == 409


@pytest.mark.parametrize("amount", ["18,005", "-18", "9,99", "41", "eighteen", ""])
def test_an_amount_that_cannot_be_one_is_told_beside_its_field(table, amount):
    els = finance()
    els.get(ADDRESS)

    shown = els.submit({**ENTERED, "amount": amount}, "Enter it")

    assert (shown.status, 'id="f-amount-error"' in shown.html) == (422, True)
    assert certificates.maximum(2026) is None


def test_who_organises_the_care_has_a_number_that_can_be_one(table):
    els = finance()
    els.get(ADDRESS)

    assert els.submit({**ORGANIZER, "kbo": "0207.500.124"}, "Keep").status == 422
    els.submit(ORGANIZER, "Keep")

    (kept,) = certificates.organizers().values()
    assert (kept.name, kept.kbo, kept.phone) == ("Gemeente Kaprijke", "0207500123", "093730000")


def test_finance_sees_what_is_missing_of_whom_and_no_number(an):
    els = finance()

    shown = els.get(f"{ADDRESS}/2026")
    assert "the national number of a child; who pays, with the national number" in shown.text
    assert "Lou" in shown.text

    gives(an.pass_.family_id)
    shown = els.get(f"{ADDRESS}/2026")
    assert PAYER_NUMBER not in shown.html
    assert "the national number of a child" not in shown.text


def test_they_are_made_told_and_declared_test_first(an):
    gives(an.pass_.family_id)
    els = finance()
    els.get(f"{ADDRESS}/2026")

    assert "1 certificate was made" in els.submit({}, "Make what is due").text
    assert "0 certificates were made" in els.submit({}, "Make what is due").text
    assert "1 mail is on its way" in els.submit({}, "Send the mails").text
    assert "0 mails are on their way" in els.submit({}, "Send the mails").text

    assert b"<v0010_bestandtype>BCTEST<" in els.get(f"{ADDRESS}/2026/belcotax.xml").body
    els.get(f"{ADDRESS}/2026")
    els.submit({}, "Belcotax-on-web accepted the test")
    assert b"<v0010_bestandtype>BELCOTAX<" in els.get(f"{ADDRESS}/2026/belcotax.xml").body
    els.get(f"{ADDRESS}/2026")
    assert els.submit({"reference": "A-1"}, SENT).status == 422
    shown = els.submit({"reference": "AB12CD"}, SENT)

    assert "Nothing is to be declared." in shown.text
    assert national.of_family(an.pass_.family_id).payers == ()


def test_the_change_of_the_table_becomes_a_mail_without_any_number(an):
    gives(an.pass_.family_id)
    els = finance()
    els.get(f"{ADDRESS}/2026")
    els.submit({}, "Make what is due")
    els.submit({}, "Send the mails")

    found = core_table.query("pk = :pk", {":pk": {"S": f"CERTIFIED#{an.pass_.family_id}"}})
    (keys,) = [{name: item[name]["S"] for name in ("pk", "sk")} for item in found if "TELL#" in item["sk"]["S"]]

    (message,) = messages("INSERT", keys, {}, {})
    assert message == Message(MailKind.CERTIFICATES, f"{an.pass_.family_id}/2026")
    assert Message.from_json(message.to_json()) == message
    assert PAYER_NUMBER not in json.dumps(keys)


def test_the_api_gives_the_file_that_is_due_to_finance_alone(an):
    gives(an.pass_.family_id)
    els = finance()
    els.get(f"{ADDRESS}/2026")
    els.submit({}, "Make what is due")

    def asked(*roles, year=2026):
        return request("GET", f"/api/staff/tax-certificates.xml?year={year}", headers=signed_in(*roles))

    assert asked(Role.MANAGER).status_code == 403
    assert asked(Role.FINANCE, year=2025).status_code == 409
    assert b"BCTEST" in asked(Role.FINANCE).body
    national.erase(an.pass_.family_id)
    refused = asked(Role.FINANCE)
    assert (refused.status_code, ": 1. Er is niets gemaakt" in refused.json_body["why"]) == (409, True)


def test_two_clerks_who_confirm_at_once_are_told(an):
    gives(an.pass_.family_id)
    els, jan = finance(), finance("Jan Maes")
    els.get(f"{ADDRESS}/2026")
    els.submit({}, "Make what is due")
    els.get(f"{ADDRESS}/2026/belcotax.xml")
    for browser in (els, jan):
        browser.get(f"{ADDRESS}/2026")

    els.submit({}, "Belcotax-on-web accepted the test")
    shown = jan.submit({}, "Belcotax-on-web accepted the test")

    assert (shown.status, "Somebody else changed this meanwhile" in shown.text) == (409, True)


def test_a_year_without_a_maximum_makes_nothing(an):
    marks(DAYS[1])
    els = finance()

    shown = els.get(f"{ADDRESS}/2025")

    assert "The maximum a day of this year is not known yet" in shown.text
    assert els.get(f"{ADDRESS}/1999").status == 404
