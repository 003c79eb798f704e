"""Statistics for auditor, manager and finance: each figure with what it is derived from, as a page and as a file."""

from collections.abc import Iterator

import pytest

from chalicelib.people.staff.rules import Role
from tests.core.http import summer as summers
from tests.core.http.summer import DRAFT, HELD
from tests.pages.frame.browsing import Browser
from tests.pages.staff.test_ledger import rows


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", ["/office/statistics", "/office/statistics.csv"])
def test_it_is_for_those_who_answer_for_it(role: Role, path: str) -> None:
    allowed = role in (Role.AUDITOR, Role.MANAGER, Role.FINANCE)
    assert Browser().sign_in(role).get(path).status == (200 if allowed else 403)


def test_a_year_says_of_each_figure_what_it_is_derived_from() -> None:
    shown = Browser().sign_in(Role.AUDITOR).get("/office/statistics")

    assert shown.heading == "Statistieken: 2027"
    assert "Via het loket 1 Kinderen die nu een plaats hebben" in shown.text
    assert "niet geteld Geteld terwijl aanvragen binnenkomen: minstens" in shown.text
    assert "Geen cijfers: er is nog niets geteld terwijl aanvragen binnenkwamen." in shown.text


def test_an_opening_has_figures_of_its_own() -> None:
    browser = Browser().sign_in(Role.FINANCE)
    browser.get("/office/statistics?year=2027")

    shown = browser.follow(f"Kampen zomer 2027 ({HELD})")

    assert shown.heading == "Statistieken: Kampen zomer 2027"
    assert "Voorbehouden 2" in shown.text


def test_the_file_of_a_year_has_all_of_its_openings() -> None:
    found = rows(Browser().sign_in(Role.AUDITOR).get("/office/statistics.csv").body)

    assert {one["opening_id"] for one in found} >= {"", HELD}
    seats = [one for one in found if one["opening_id"] == HELD and one["group"] == "seats"]
    assert {one["figure"]: int(one["number"]) for one in seats}["held-back"] == 2
    assert {one["at_least"] for one in seats} == {"no"}
    assert {one["at_least"] for one in found if one["derived_from"] == "tally"} == {"yes"}


def test_the_file_of_an_opening_is_called_like_it() -> None:
    shown = Browser().sign_in(Role.AUDITOR).get(f"/office/statistics.csv?opening={HELD}")

    assert shown.headers["Content-Disposition"] == f'attachment; filename="statistics-{HELD}.csv"'
    assert {one["opening_id"] for one in rows(shown.body)} == {HELD}


@pytest.mark.parametrize("opening_id", [DRAFT, "2027-aaaaaa"])
def test_drafts_have_none(opening_id: str) -> None:
    assert Browser().sign_in(Role.AUDITOR).get(f"/office/statistics?opening={opening_id}").status == 404


def test_a_year_that_nobody_knows_is_this_one() -> None:
    assert Browser().sign_in(Role.AUDITOR).get("/office/statistics?year=x").heading == "Statistieken: 2027"
