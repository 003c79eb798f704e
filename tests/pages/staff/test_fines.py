"""The desk or finance enters a fine on the page of a registration, and undoes it with a reason."""

from datetime import date

import pytest

from chalicelib.money.extras import fining, paid_stays
from chalicelib.money.extras import table as extras
from chalicelib.pages.staff import fines
from chalicelib.people.staff.rules import Role
from tests.camps import BOUWKAMP, LOU, Family, family, published
from tests.money.extras.test_priced import CITY, the_order
from tests.money.payees.given import pays_to
from tests.money.tariffs.stored import accepted
from tests.pages.frame.browsing import Browser, family_browser


@pytest.fixture
def an(table: None) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU)


@pytest.fixture
def address(an: Family) -> str:
    registration_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    return f"/office/desk/registrations/{registration_id}"


@pytest.fixture
def in_the_camp(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (paid_stays, fining, fines):
        monkeypatch.setattr(module, "today", lambda _: date(2027, 8, 17))


@pytest.mark.parametrize("role", [Role.DESK, Role.FINANCE])
def test_a_fine_is_entered_read_by_the_family_and_undone(an, address, in_the_camp, role):
    browser = Browser("en").sign_in(role)
    browser.get(f"{address}/fines")
    wrong = browser.submit({"reason": "Fetched at 18:20."}, button="Enter the fine")
    assert "Say how many minutes, from 1 to 600." in wrong.text

    entered = browser.submit({"minutes": "20", "day": "2027-08-16"}, button="Enter the fine")

    assert "late: Lou, 16 August 2027" in entered.text
    assert "€3.00" in entered.text
    assert the_order(an).amount_cents == 3000 + 300
    assert "art. late" in family_browser(an.token, "en").get("/account").text

    undone = browser.submit({"reason": "The bus was late."}, button="Undo it")

    assert "The bus was late." in undone.text
    assert "Undo this fine" not in undone.text
    assert the_order(an).amount_cents == 3000


def test_before_the_camp_nothing_is_entered(an, address):
    browser = Browser("en").sign_in(Role.DESK)

    assert browser.get(address).page.links["Fines"].endswith("/fines")
    assert "from the first day of the camp" in browser.get(f"{address}/fines").text
    assert not extras.get(address.rpartition("/")[2]).fines
