"""The check in the browser: a true list agrees, and whatever was changed in it is found."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from chalicelib.programme.openings.admission import draw_key
from chalicelib.programme.openings.published import document
from tests.booking.draw.allocations import BUNDLES, ENTRIES, STARTS
from tests.booking.draw.allocations import document as drawn_document
from tests.browser.conftest import context_of
from tests.browser.pages import ANYBODY
from tests.core.http import summer as summers
from tests.core.http.summer import DRAWN, HELD
from tests.programme.openings.test_verification import AS_OF, OPENING, ROWS

Changed = Callable[[dict[str, Any]], None]
FITS = [
    "✓ Het lotingsgetal past bij de controlecode.",
    "✓ De lijst heeft de vingerafdruk die ze noemt.",
]


@pytest.fixture(scope="module")
def page(chromium: Browser, site: str) -> Iterator[Page]:
    context = context_of(chromium, site, ANYBODY)
    yield context.new_page()
    context.close()


@pytest.fixture
def check(page: Page, site: str) -> Iterator[Callable[..., list[str]]]:
    """Opens an opening's page and lets it check what the API answers, changed like this; what it says."""

    def checked(opening_id: str, changed: Changed | None = None, own: str = "") -> list[str]:
        def answer(route: Route) -> None:
            document = route.fetch().json()
            if changed:
                changed(document)
            route.fulfill(json=document)

        page.route(f"**/api/openings/{opening_id}/*", answer)
        page.goto(f"{site}/openings/{opening_id}")
        page.fill("#own-key", own)
        page.click("#check-now")
        page.wait_for_selector("#check-now:enabled")
        return page.locator("#check-result p").all_inner_texts()

    yield checked
    page.unroute_all()


def own_key(opening_id: str) -> str:
    return draw_key(opening_id, summers.CLAEYS.family_id)


def one_millisecond_later(document: dict[str, Any]) -> None:
    document["rows"][0][document["columns"].index("admitted_at")] += 1


def before_its_moment(document: dict[str, Any]) -> None:
    columns, row = document["columns"], document["rows"][0]
    row[columns.index("registered_at")] = row[columns.index("admitted_at")] - 1


def another_seed(document: dict[str, Any]) -> None:
    terms = document.get("opening", document)
    terms["seed"] = ("f" if terms["seed"][0] != "f" else "e") + terms["seed"][1:]


def the_other_place(document: dict[str, Any]) -> None:
    first, second = document["results"]
    first["place"], second["place"] = second["place"], first["place"]


def a_wish_more(document: dict[str, Any]) -> None:
    document["entries"][0]["wishes"] *= 2


def test_a_true_list_agrees(check: Callable[..., list[str]]) -> None:
    assert check(HELD) == [*FITS, "✓ Regels die met het lotingsgetal kloppen: 1 van 1."]


def test_a_family_finds_its_own_moment(check: Callable[..., list[str]]) -> None:
    said = check(HELD, own=own_key(HELD))

    assert said[-1].startswith("✓ Volgens het lotingsgetal werd jouw gezin toegelaten vanaf zaterdag 6 maart 2027")


def test_one_changed_row_is_found(check: Callable[..., list[str]]) -> None:
    said = check(HELD, one_millisecond_later, own_key(HELD))

    assert said[1] == "✗ De lijst is gewijzigd: ze heeft NIET de vingerafdruk die ze noemt."
    assert said[2] == "✗ Regels die NIET kloppen: 1 van 1. De eerste: nummer 1."
    assert said[3].startswith("✗ Jouw regel klopt NIET")


def test_who_came_before_their_moment_is_found(check: Callable[..., list[str]]) -> None:
    assert "✗ Regels die voor hun moment ingeschreven zijn: 1. De eerste: nummer 1." in check(HELD, before_its_moment)


@pytest.mark.parametrize("opening_id", [HELD, DRAWN])
def test_another_seed_is_found(check: Callable[..., list[str]], opening_id: str) -> None:
    assert check(opening_id, another_seed)[0] == "✗ Het lotingsgetal past NIET bij de controlecode."


def test_a_key_of_nobody_is_not_in_the_list(check: Callable[..., list[str]]) -> None:
    assert check(HELD, own="aaaaaaaaaaaa")[-1] == "✗ Niets in deze lijst heeft deze lotsleutel."


def test_a_true_draw_agrees_and_says_which_place_a_family_had(check: Callable[..., list[str]]) -> None:
    said = check(DRAWN, own=own_key(DRAWN))

    assert said[:3] == [*FITS, "✓ Regels die met het lotingsgetal kloppen: 2 van 2."]
    assert said[3] in [f"✓ Jouw gezin was nummer {place} van 2 in de loting. Toegekende wensen: 1." for place in (1, 2)]


def test_places_that_were_swapped_are_found(check: Callable[..., list[str]]) -> None:
    assert check(DRAWN, the_other_place)[2] == "✗ Regels die NIET kloppen: 2 van 2. De eerste: nummer 1."


def test_a_list_of_wishes_that_was_changed_is_found(check: Callable[..., list[str]]) -> None:
    assert check(DRAWN, a_wish_more)[1] == "✗ De lijst is gewijzigd: ze heeft NIET de vingerafdruk die ze noemt."


def test_without_an_answer_it_says_so(check: Callable[..., list[str]]) -> None:
    def nothing(document: dict[str, Any]) -> None:
        document.clear()

    assert check(HELD, nothing) == ["✗ De lijst kon niet gelezen worden. Probeer het zo dadelijk opnieuw."]


def replaced_by(other: dict[str, Any]) -> Changed:
    def change(document: dict[str, Any]) -> None:
        document.clear()
        document.update(other)

    return change


@settings(max_examples=25, phases=[Phase.generate])
@given(ENTRIES, STARTS, BUNDLES, st.none() | st.text("0123456789 é", min_size=1))
def test_the_browser_draws_as_the_rules_do(check, entries, start, bundles, beacon):
    drawn = drawn_document(entries, start, bundles, beacon=beacon)

    said = check(DRAWN, replaced_by(drawn))

    assert said[1:] == [FITS[1], f"✓ Regels die met het lotingsgetal kloppen: {len(entries)} van {len(entries)}."]


@settings(max_examples=25, phases=[Phase.generate])
@given(ROWS)
def test_the_browser_admits_as_the_rules_do(check, rows):
    """In two windows, over an incident that moved what came after it; families in time and late."""
    said = check(HELD, replaced_by(document(OPENING, rows, AS_OF)))

    assert said[1:] == [FITS[1], f"✓ Regels die met het lotingsgetal kloppen: {len(rows)} van {len(rows)}."]
