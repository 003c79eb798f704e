"""The public ledger: what, when, about which opening, and how to verify it; never who or why."""

from collections.abc import Iterator

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.insight import entries
from tests.core.http import summer as summers
from tests.core.http.summer import PAUSED, REASON
from tests.pages.frame.browsing import Browser


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def test_entries_stand_in_words_the_latest_first_without_who_and_why() -> None:
    shown = Browser().get("/ledger")

    assert shown.page.headings[1] == "9. Ingeschreven aan het loket"
    assert "resultaat: plaatsen" in shown.text
    assert ledger.head().hash in shown.text
    for secret in (REASON, "Maes", "sub-"):
        assert secret not in shown.html


def test_whoever_wants_only_one_opening_or_one_kind_chooses_it() -> None:
    browser = Browser()
    browser.get("/ledger")

    shown = browser.submit({"opening": PAUSED, "what": "paused"})

    assert shown.page.headings[1:-1] == ["8. Opening onderbroken"]
    assert browser.follow("Alles tonen").page.headings[1].startswith("9.")


def test_a_long_ledger_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "ON_A_PAGE", 4)
    browser = Browser()
    browser.get("/ledger")

    shown = browser.follow("Eerdere regels")

    assert "Pagina 2 van 3" in shown.text
    assert shown.page.headings[1].startswith("5. ")
    assert browser.get("/ledger?page=999").page.headings[1].startswith("1. ")
    assert browser.get("/ledger?page=x").page.headings[1].startswith("9. ")
