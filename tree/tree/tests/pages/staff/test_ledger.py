"""The ledger for auditors, managers and approvers: with who and why, as a page and as a file."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest

from chalicelib.people.staff.rules import Role
from tests.core.http import summer as summers
from tests.core.http.summer import PAUSED, REASON
from tests.pages.frame.browsing import Browser


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", ["/office/ledger", "/office/ledger.csv"])
def test_it_is_for_those_who_may_read_reasons(role: Role, path: str) -> None:
    allowed = role in (Role.AUDITOR, Role.MANAGER, Role.APPROVER)
    assert Browser().sign_in(role).get(path).status == (200 if allowed else 403)


def test_an_entry_says_who_and_why() -> None:
    shown = Browser().sign_in(Role.AUDITOR).get("/office/ledger")

    assert REASON in shown.text
    assert "Els Maes" in shown.text
    assert "Bouwkamp (Lembeke)" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_what_was_chosen_is_in_the_file_too() -> None:
    browser = Browser().sign_in(Role.AUDITOR)
    browser.get(f"/office/ledger?opening={PAUSED}")

    found = rows(browser.follow("Downloaden als CSV").body)

    assert [(one["number"], one["what"], one["by"]) for one in found] == [
        ("8", "paused", "Els Maes"),
        ("3", "published", "Els Maes"),
    ]
    assert found[0]["reason"] == REASON
