"""The status page says what was measured, and what was not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.counters import table as tally
from tests.core.http import summer as summers
from tests.core.http.summer import PAUSED
from tests.core.http.test_faults import Failing, refused
from tests.pages.frame.browsing import Browser


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def test_without_figures_it_claims_nothing() -> None:
    shown = Browser().get("/status")

    assert shown.status == 200
    assert "Geen cijfers In de laatste tien minuten is niets geteld." in shown.text
    assert "De wachtrij van de mails kon niet bevraagd worden." in shown.text
    assert "Geen cijfers: er is nog niets geteld." in shown.text
    assert shown.headers["Cache-Control"] == "public, max-age=5"


def test_a_paused_opening_is_something_that_does_not_work_as_it_should() -> None:
    shown = Browser().get("/status")

    assert "Er werkt iets niet zoals het hoort." in shown.text
    assert f"openings/{PAUSED}" in shown.html


def test_an_outage_that_was_counted_stands_there_with_its_numbers() -> None:
    now = datetime.now(UTC)
    for number in range(6):
        tally.add(now - timedelta(hours=30, seconds=10 * number), {"answers": 100, "failed": 30})
    tally.add(now - timedelta(minutes=1), {"answers": 700, "failed": 1})

    shown = Browser("fr").get("/status")

    assert "Au moins 180 requêtes sur 600 ont échoué." in shown.text
    assert "Au moins 700 requêtes dans les dix dernières minutes, dont 1 ont échoué par notre faute." in shown.text


def test_when_the_table_does_not_answer_the_page_does() -> None:
    with Failing(refused("ThrottlingException"), again=99):
        shown = Browser().get("/status")

    assert shown.status == 200
    assert "Werkt niet Ze antwoordde daarnet niet." in shown.text
    assert "Nu geen cijfers" in shown.text
