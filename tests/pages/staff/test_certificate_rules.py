"""The rules that issue certificates: one enters, another accepts, anybody of them ends."""

import pytest

from chalicelib.front_door.counter import rule_table
from chalicelib.people.staff.rules import Role
from tests.front_door.city import a_city
from tests.pages.frame.browsing import Browser

LEVEL = "http://eidas.europa.eu/LoA/high"
TYPED = {"form_id": "household", "levels": f" {LEVEL} \n\n", "days": "90"}


@pytest.fixture(autouse=True)
def city(table: None) -> None:
    a_city()


def manager(name: str) -> Browser:
    browser = Browser().sign_in(Role.MANAGER, name=name, email=f"{name.lower()}@kaprijke.example")
    browser.get("/office/certificate-rules")
    return browser


def test_one_enters_it_another_accepts_it_and_either_ends_it():
    piet, rik = manager("Piet"), manager("Rik")
    shown = piet.submit(TYPED, "De regel invoeren")
    assert "Wacht op een tweede persoon" in shown.text
    assert "De regel aanvaarden" not in shown.text
    assert rule_table.in_force("household") is None

    rik.get("/office/certificate-rules")
    shown = rik.submit(button="De regel aanvaarden")

    assert "werkt vanaf nu" in shown.text
    rule = rule_table.in_force("household")
    assert rule
    assert (rule.levels, rule.desk, rule.days) == ((LEVEL,), False, 90)
    assert "geen koppeling met het bevolkingsregister" in shown.text

    shown = rik.submit(button="De regel stoppen")
    assert rule_table.in_force("household") is None
    assert "De regel stoppen" not in shown.text


def test_whoever_entered_it_cannot_accept_it_by_typing_the_button():
    piet = manager("Piet")
    piet.submit(TYPED, "De regel invoeren")
    assert piet.submit({"accept": "household#1"}, "De regel invoeren").status == 409
    assert rule_table.in_force("household") is None
    for wrong in ("household#2", "street#1", "x"):
        assert piet.submit({"accept": wrong}, "De regel invoeren").status == 404


@pytest.mark.parametrize(
    "wrong",
    [{"levels": " "}, {"levels": "two words"}, {"days": "x"}, {"form_id": "birth"}, {"form_id": "criminal-595"}],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(wrong):
    assert manager("Piet").submit({**TYPED, **wrong}, "De regel invoeren").status == 422
    assert rule_table.every() == {}


def test_it_is_tried_on_the_last_year():
    piet = manager("Piet")
    piet.submit(TYPED, "De regel invoeren")
    assert "0 aanvragen die er nog zijn" in piet.get("/office/certificate-rules?try=household").text
    assert piet.get("/office/certificate-rules?try=nonsense").status == 200


def test_a_clerk_enters_none():
    clerk = Browser().sign_in(Role.HANDLER, name="Nadia", email="nadia.baert@kaprijke.example")
    assert clerk.get("/office/certificate-rules").status == 403
