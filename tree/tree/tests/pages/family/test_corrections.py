"""A family corrects itself on a page, without a script."""

from collections.abc import Iterator

import pytest

from chalicelib.people.families import table as families
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, family_browser

PAGE = "/family/corrections"


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def at_the_page() -> Browser:
    browser = family_browser(summers.OWN.token, "en")
    browser.get(PAGE)
    return browser


def test_a_mended_name_is_saved_and_the_page_says_what_is_left_to_do() -> None:
    shown = at_the_page().submit(
        {"children[1].first_name": "Jeff", "email": "an.claeys@example.org"}, "Save the corrections"
    )

    assert (shown.status, shown.heading) == (200, "It is corrected")
    assert "an.claeys@example.org" in shown.text
    names = [one.first_name for one in families.of_family(summers.CLAEYS.family_id)[-1].children]
    assert names == ["Lou", "Jeff", "Robbe"]


def test_another_child_is_told_at_its_place_and_nothing_is_saved() -> None:
    shown = at_the_page().submit({"children[1].first_name": "Noor"}, "Save the corrections")

    assert shown.status == 422
    assert 'id="f-children-1-error"' in shown.html
    assert 'value="Noor"' in shown.html
