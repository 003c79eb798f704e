"""Attendance lists as pages and files: who sees what, and what is printed."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import pytest
import time_machine
from openpyxl import load_workbook

from chalicelib.people.child_info import entering
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions import leaders
from tests.camps import BOUWKAMP, LOU
from tests.core.http import summer as summers
from tests.core.printing.printed import pages
from tests.pages.frame.browsing import Browser, Shown

LIST = f"/office/attendance/{summers.OPEN}"
DAY = f"?day={BOUWKAMP.starts_on}"
CARE = {
    "contacts": [{"name": "An Claeys", "phone": "+32 470 12 34 56"}],
    "medical": "Notenallergie: EpiPen in het rode zakje.",
    "pick_up": ["Oma Rita"],
}


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        entering.enter(summers.CLAEYS.family_id, LOU.child_id, CARE, summers.NOW)
        yield


def see(path: str, *roles: Role, language: str = "en") -> Shown:
    return Browser(language).sign_in(*(roles or (Role.DESK,)), name="Jamila Aerts").get(path)


def test_a_day_says_which_groups_there_are_and_how_many_children() -> None:
    shown = see(f"/office/attendance{DAY}")

    assert shown.heading == "Attendance lists"
    assert "Bouwkamp (Lembeke)" in shown.page.links
    assert "3 children" in shown.text


def test_a_day_on_which_nothing_takes_place_says_so() -> None:
    assert "There are no sessions on that day whose list you may read." in see("/office/attendance?day=2027-12-25").text


def test_a_day_that_is_none_is_told_so() -> None:
    assert see("/office/attendance?day=tomorrow").status == 422


def test_a_list_says_who_comes_whom_to_call_and_who_may_pick_up() -> None:
    shown = see(f"{LIST}{DAY}")

    assert shown.heading == "Bouwkamp (Lembeke), Monday 16 August 2027"
    for text in ("Claeys", "Lou", "An Claeys +32 470 12 34 56", "Oma Rita", "Notenallergie"):
        assert text in shown.text
    names = ["Baert", "Claeys", "El Amrani"]
    assert sorted(names, key=shown.text.index) == names
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [LIST, f"{LIST}/list.csv"])
def test_the_programme_manager_reads_no_medical_notes(path: str) -> None:
    shown = see(f"{path}{DAY}", Role.MANAGER)

    assert "An Claeys" in shown.html
    assert "Notenallergie" not in shown.html
    assert "Medical" not in shown.html


def test_a_csv_is_a_file_of_its_day() -> None:
    shown = see(f"{LIST}/list.csv{DAY}", language="nl")

    assert shown.headers["Content-Disposition"] == 'attachment; filename="2027-08-16-bouwkamp-lembeke.csv"'
    rows = list(csv.reader(StringIO(shown.body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[:2] for row in rows] == [
        ["Familienaam", "Voornaam"],
        ["Baert", "Mila"],
        ["Claeys", "Lou"],
        ["El Amrani", "Noor"],
    ]


def test_an_xlsx_is_one_that_excel_opens() -> None:
    shown = see(f"{LIST}/list.xlsx{DAY}")

    sheet = load_workbook(BytesIO(shown.body)).active
    assert [cell.value for cell in sheet["A"][3:]] == ["Baert", "Claeys", "El Amrani"]


def test_tomorrows_lists_are_one_pdf() -> None:
    with time_machine.travel("2027-08-15T18:00:00+02:00"):
        shown = see("/office/attendance/tomorrow.pdf", language="nl")

    assert shown.headers["Content-Disposition"] == 'attachment; filename="2027-08-16.pdf"'
    printed = pages(shown.body)
    bouwkamp = next(page for page in printed if page[0].startswith("Bouwkamp (Lembeke), maandag 16 augustus 2027"))
    assert any("Notenallergie" in line for line in bouwkamp)
    assert all(page[-1] == f"Pagina {number} van {len(printed)}" for number, page in enumerate(printed, 1))


def test_a_session_that_is_not_that_day_has_no_list() -> None:
    assert see(f"{LIST}?day=2027-08-20").status == 404


def test_a_leader_is_told_which_lists_they_read_and_when() -> None:
    assert "the lists of the sessions that name you, from 14 days before" in see("/office/attendance", Role.LEADER).text


def test_a_manager_names_the_leaders_of_a_session() -> None:
    manager = Browser("en").sign_in(Role.MANAGER)
    manager.get(f"/office/sessions/{summers.OPEN}")
    manager.follow("Name the leaders")

    wrong = manager.submit({"leaders": "Yusuf"}, button="Save")
    assert (wrong.status, "Give at most 20 mail addresses" in wrong.text) == (422, True)
    assert "Yusuf" in wrong.text
    named = manager.submit({"leaders": "Yusuf.Demir@kaprijke.example\n\n"}, button="Save")

    assert "The change is stored." in named.text
    assert leaders.of_session(summers.OPEN) == ["yusuf.demir@kaprijke.example"]
    leader = Browser("en").sign_in(Role.LEADER, email="yusuf.demir@kaprijke.example", municipalities=())
    assert leader.get(f"{LIST}{DAY}").status == 404
    with time_machine.travel("2027-08-10T18:00:00+02:00"):
        leader.sign_in(Role.LEADER, email="yusuf.demir@kaprijke.example", municipalities=())
        assert "Notenallergie" in leader.get(f"{LIST}{DAY}").text
