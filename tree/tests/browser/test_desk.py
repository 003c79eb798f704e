"""A family calls: it is registered in under a minute, by somebody who does not touch the mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import context_of

# From the session to the button: session, waiting list, address, postcode, language, what a family without an address
# has, two names, a date in three parts with its calendar, further children, reason, own words.
STOPS = 15
# Of somebody who types 200 characters a minute, which is slow for a desk. A key that moves on counts as a character.
KEYS_A_MINUTE = 200


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    context = context_of(chromium, site, "desk")
    found = context.new_page()
    found.goto(f"{site}/office/desk/register")
    yield found
    context.close()


class Keyboard:
    """Counts the keys that are pressed, and the stops at which Tab leaves a field."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.stops = page, 0, 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def tab(self) -> None:
        self.page.keyboard.press("Tab")
        self.keys += 1
        self.stops += 1

    def tab_to(self, name: str) -> None:
        while self.page.evaluate("document.activeElement.name") != name:
            assert self.stops <= STOPS, f"{name} is too far"
            self.tab()

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.keys += 1


def test_a_family_is_registered_by_the_keyboard_alone_in_under_a_minute(page: Page) -> None:
    keyboard = Keyboard(page)

    assert page.evaluate("document.activeElement.name") == "session_id"
    keyboard.type("Bouwk")
    keyboard.tab_to("email")
    keyboard.type("j.peeters@example.be")
    keyboard.tab_to("postcode")
    keyboard.type("9970")
    keyboard.tab_to("children[0].first_name")
    keyboard.type("Janne")
    keyboard.tab_to("children[0].last_name")
    keyboard.type("Peeters")
    keyboard.tab_to("children[0].birth_date")
    keyboard.type("05052022")
    keyboard.enter()
    page.wait_for_url("**/registrations/**")

    assert "Lees de referentie voor aan het gezin." in page.inner_text("main")
    assert keyboard.keys <= 70
    assert keyboard.keys / KEYS_A_MINUTE * 60 < 60


def test_from_the_first_field_to_the_button_there_are_few_stops(page: Page) -> None:
    keyboard = Keyboard(page)

    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        keyboard.tab()

    assert page.evaluate("document.activeElement.innerText") == "Inschrijven"
    assert keyboard.stops <= STOPS


def test_the_search_is_where_the_desk_begins(page: Page, site: str) -> None:
    page.goto(f"{site}/office/desk")
    expect(page.locator("#f-q")).to_be_focused()

    page.keyboard.type("claeys lou")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Lou Claeys").first).to_be_visible()

    assert page.url == f"{site}/office/desk"  # no name in it
