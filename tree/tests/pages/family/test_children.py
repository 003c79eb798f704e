"""A family says what the camp must know of its child, on the child's own page."""

from collections.abc import Iterator

import pytest

from chalicelib.people.child_info import table as care
from tests.camps import JEF, LOU, NOOR
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown, family_browser

PAGE = f"/children/{LOU.child_id}"
FILLED = {
    "contacts[0].name": "An Claeys",
    "contacts[0].phone": "0470 12 34 56",
    "medical": "Notenallergie.\r\nBel 112.",
    "pick_up[1]": "Oma Rita",
}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def at_the_page(language: str = "en") -> Browser:
    browser = family_browser(summers.OWN.token, language)
    browser.get(PAGE)
    return browser


def sent(**changed: str) -> Shown:
    return at_the_page().submit({**FILLED, **changed}, button="Save")


def test_what_is_saved_is_there_the_next_time() -> None:
    shown = sent()

    assert (shown.status, shown.path) == (200, f"{PAGE}?saved=yes")
    assert "The camp sees it from now on" in shown.text
    fields = dict(at_the_page().shown.page.forms[-1].fields)  # type: ignore[union-attr]
    assert fields["contacts[0].phone"] == "0470 12 34 56"
    assert fields["medical"] == "Notenallergie.\nBel 112."
    assert fields["pick_up[0]"] == "Oma Rita"


def test_there_is_always_room_for_one_more() -> None:
    assert 'name="contacts[2].name"' not in at_the_page().shown.html  # type: ignore[union-attr]

    shown = sent(**{"contacts[1].name": "Oma Rita", "contacts[1].phone": "09 377 11 22"})

    assert 'name="contacts[2].name"' in shown.html


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept() -> None:
    shown = sent(
        **{"contacts[0].name": "", "contacts[0].phone": "", "contacts[1].name": "Oma", "contacts[1].phone": "x"}
    )

    assert shown.status == 422
    assert 'id="f-contacts-0-phone-error"' in shown.html
    assert 'value="Oma"' in shown.html
    assert "Notenallergie." in shown.html
    assert care.get(summers.CLAEYS.family_id, LOU.child_id) is None


def test_emptying_the_page_deletes_all_of_it() -> None:
    sent()

    at_the_page().submit(dict.fromkeys(["contacts[0].name", "contacts[0].phone", "medical", "pick_up[0]"], ""), "Save")

    assert care.get(summers.CLAEYS.family_id, LOU.child_id) is None


def test_the_page_says_who_sees_it_and_until_when() -> None:
    shown = at_the_page().shown

    assert shown
    assert "When somebody reads medical notes, we record that." in shown.text
    assert "We delete it by" in shown.text


@pytest.mark.parametrize("child_id", [NOOR.child_id, "2222222222"])
def test_another_familys_child_is_not_found(child_id: str) -> None:
    assert family_browser(summers.OWN.token).get(f"/children/{child_id}").status == 404


def test_without_a_pass_there_is_nothing_to_see() -> None:
    assert Browser().get(PAGE).status == 401


def test_another_child_of_the_family_has_its_own_page() -> None:
    sent()

    shown = family_browser(summers.OWN.token, "en").get(f"/children/{JEF.child_id}")

    assert "Jef" in shown.heading
    assert "Notenallergie" not in shown.html


def test_it_is_in_no_cache() -> None:
    assert at_the_page().shown.headers["Cache-Control"] == "no-store"  # type: ignore[union-attr]
