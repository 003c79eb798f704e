"""The public page of an opening: what it promises, what happened, and the data for the check in the browser."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.programme.openings import table as openings
from tests.core.http import summer as summers
from tests.core.http.summer import DRAFT, DRAWN, HELD, LATER, PAUSED, WISHED
from tests.pages.frame.browsing import Browser, family_browser


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def test_openings_stand_by_what_is_coming_and_what_is_over() -> None:
    shown = Browser().get("/openings")

    assert shown.page.headings == ["Openingen", "Op komst of bezig", "Voorbij"]
    assert "Onderbroken" in shown.text
    assert shown.headers["Cache-Control"] == "public, max-age=5"
    for opening_id in (HELD, LATER, PAUSED, WISHED, DRAWN):
        assert f"/{opening_id}" in shown.html
    assert DRAFT not in shown.html


@pytest.mark.parametrize(
    ("language", "heading", "how"),
    [
        ("nl", "Kampen zomer 2027", "In volgorde, elk gezin op een eigen, geloot moment"),
        ("fr", "Camps été 2027", "chaque famille à son propre moment tiré au sort"),
        ("en", "Camps summer 2027", "each family at a moment of its own that is drawn"),
    ],
)
def test_an_opening_says_how_it_goes_in_each_language(language: str, heading: str, how: str) -> None:
    shown = Browser(language).get(f"/openings/{LATER}")

    assert shown.heading == heading
    assert how in shown.text


def test_before_the_seed_is_public_there_is_its_commitment_and_nothing_to_check() -> None:
    shown = Browser().get(f"/openings/{LATER}")
    found = openings.get(LATER)
    assert found

    assert found[0].commitment in shown.text
    assert found[0].seed.hex() not in shown.html
    assert "check-opening" not in shown.html


def test_afterwards_there_is_the_seed_the_list_and_the_check() -> None:
    shown = Browser().get(f"/openings/{HELD}")
    found = openings.get(HELD)
    assert found

    assert found[0].seed.hex() in shown.text
    assert f'data-url="../api/openings/{HELD}/list"' in shown.html
    assert f'data-commitment="{found[0].commitment}"' in shown.html
    assert re.search(r'<script src="\.\./assets/check-opening\.[0-9a-f]{8}\.js" defer>', shown.html)


def test_a_draw_is_checked_by_its_own_list() -> None:
    assert f'data-url="../api/openings/{DRAWN}/draw"' in Browser().get(f"/openings/{DRAWN}").html


def test_only_where_moments_are_drawn_a_pass_must_be_there_in_time() -> None:
    """A draw of wishes takes every wish that is there in time, on equal terms, however young its pass is."""
    for words in ("Pass confirmed before", "Last moment for a pass"):
        assert words in Browser("en").get(f"/openings/{HELD}").text
        assert words not in Browser("en").get(f"/openings/{DRAWN}").text


def test_a_pause_is_told_with_its_reason_and_stands_in_the_log() -> None:
    shown = Browser().get(f"/openings/{PAUSED}")

    assert "De inschrijving is even onderbroken" in shown.text
    assert "Wat er is, en wat volgt." in shown.text
    assert "Geen cijfers: hoeveel aanvragen mislukten, is niet gemeten." in shown.text


def test_seats_stand_in_a_table_and_in_a_picture_that_says_the_same() -> None:
    shown = Browser().get(f"/openings/{HELD}")

    assert "Voorbehouden: 2" in shown.html
    assert "<title" in shown.html
    assert re.search(r"Via de opening\s*1", shown.text)


def test_who_approved_is_nobodys_business() -> None:
    shown = Browser().get(f"/openings/{HELD}")

    assert "2 mensen keurden precies dit goed" in shown.text
    for name in ("Anna", "Pauwels", "Wouters", "Maes"):
        assert name not in shown.html


def test_a_family_sees_its_own_draw_key_and_its_page_is_kept_by_nobody() -> None:
    shown = family_browser(summers.OWN.token).get(f"/openings/{HELD}")

    key = re.search(r'id="own-key"[^>]* value="([a-z0-9]{12})"', shown.html)
    assert key
    rows = Browser().get(f"/api/openings/{HELD}/list")
    assert key[1] in rows.html
    assert shown.headers["Cache-Control"] == "no-store"
    assert Browser().get(f"/openings/{HELD}").headers["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize("opening_id", [DRAFT, "2027-aaaaaa", "<script>"])
def test_drafts_and_unknown_openings_are_not_found(opening_id: str) -> None:
    assert Browser().get(f"/openings/{opening_id}").status == 404
