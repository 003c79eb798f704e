"""What runs by itself, as an auditor and a programme manager see it."""

import csv
import io
from urllib.parse import quote

import pytest

from chalicelib.insight import by_itself
from chalicelib.people.staff.rules import Role
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

ADDRESS = "/office/by-itself"


def test_what_nothing_records_says_so_and_the_file_has_the_same():
    auditor = Browser("nl").sign_in(Role.AUDITOR)
    shown = auditor.get(ADDRESS)

    assert "niet bijgehouden" in shown.text
    assert "Terugbetaling" in shown.text
    rows = list(csv.DictReader(io.StringIO(auditor.get(f"{ADDRESS}.csv").body.decode("utf-8-sig")), delimiter=";"))
    assert [row["step"] for row in rows][:4] == ["registration", "payment", "refund", "tax-certificate"]
    assert (rows[2]["number"], rows[3]["number"]) == ("", "0")


def test_the_city_enters_how_it_was_before_and_it_stands_beside():
    manager = Browser("nl").sign_in(Role.MANAGER, name="Wim Willems")
    manager.get(f"{ADDRESS}/before")
    wrong = manager.submit({"step": "refund", "hands": "veel", "minutes": "35", "source": "kort"}, button="Bewaren")
    assert "Geef een geheel getal van 0 tot 50." in wrong.text

    shown = manager.submit({"hands": "4", "source": "40 terugbetalingen van mei 2026."}, button="Bewaren")

    assert "Wim Willems" in shown.text
    assert "35" in manager.get(ADDRESS).text


def test_an_auditor_does_not_enter_it():
    assert Browser("nl").sign_in(Role.AUDITOR).get(f"{ADDRESS}/before").status == 403


def test_rules_say_when_if_then_and_whose_they_are_and_can_be_tried():
    manager = Browser("nl").sign_in(Role.MANAGER)
    shown = manager.get(f"{ADDRESS}/rules?days=14")

    assert "Onbetaalde bestellingen stoppen" in shown.text
    assert "zouden hun plaats" in shown.text
    assert manager.get(f"{ADDRESS}/rules?days=abc").status == 200


@pytest.mark.parametrize("year", ["1", "0", "-2027", "99999", "2027x", "١٩٩٩", "9" * 400])
def test_a_year_without_figures_is_refused_before_any_is_read(year: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(by_itself, "of_year", lambda *_: pytest.fail("it read them"))
    manager = Browser("nl").sign_in(Role.MANAGER)

    assert manager.get(f"{ADDRESS}?year={quote(year)}").status == 404
    assert manager.get(f"{ADDRESS}.csv?year={quote(year)}").status == 404
