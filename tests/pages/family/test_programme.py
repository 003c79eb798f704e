"""Anybody looks at the programme, and filters it."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.camps import published
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, family_browser


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer(), time_machine.travel(summers.NOW):
        yield


def test_camps_stand_by_week_with_their_price_and_seats() -> None:
    published(title="Duinenkamp", note="tweede kind 40,00")

    shown = Browser().get("/programme")

    assert "Week van 16 augustus 2027" in shown.page.headings
    assert "tweede kind 40,00" in shown.text
    assert "Volzet: wachtlijst" in shown.text


def test_what_is_over_is_not_shown() -> None:
    assert "Beestenboel" not in Browser().get("/programme").text


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("age=5", "Bouwkamp (Lembeke)", "Tienerkamp"),
        ("age=14", "Tienerkamp", "Bouwkamp (Lembeke)"),
        ("kind=sport", "Tienerkamp", "Bouwkamp (Lembeke)"),
        ("municipality=Zoersel", "Tienerkamp", "Bouwkamp (Lembeke)"),
        ("week=2027-07-05", "Tienerkamp", "Bouwkamp (Lembeke)"),
        ("seats=free", "Bouwkamp (Lembeke)", "Danskamp"),
    ],
)
def test_a_filter_leaves_what_fits(query: str, there: str, gone: str) -> None:
    published(
        title="Tienerkamp", municipality="Zoersel", kind="sport", age_min=13, age_max=16,
        starts_on=summers.NOW.date().replace(month=7, day=5), ends_on=summers.NOW.date().replace(month=7, day=9),
    )  # fmt: skip

    shown = Browser().get(f"/programme?{query}")

    assert there in shown.text
    assert gone not in shown.text


def test_a_family_can_see_only_what_suits_its_children() -> None:
    """Given Lou and Jef, toddlers, and Robbe, who is twelve."""
    published(title="Tienerkamp", age_min=13, age_max=16)

    shown = family_browser(summers.OWN.token).get("/programme?mine=yes")

    assert "Bouwkamp (Lembeke)" in shown.text
    assert "Tienerkamp" not in shown.text


def test_nothing_that_fits_is_said() -> None:
    assert "Niets past bij deze keuze." in Browser().get("/programme?age=18").text


@pytest.mark.parametrize(
    "query",
    [
        *("age=x", "age=-1", "age=%C2%B2", f"age={'1' * 5000}"),
        *("week=yesterday", "municipality=<b>", "kind=%00", "seats=all"),
    ],
)
def test_what_nobody_can_choose_breaks_nothing(query: str) -> None:
    assert Browser().get(f"/programme?{query}").status == 200
