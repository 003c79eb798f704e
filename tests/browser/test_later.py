"""A report written where there is no network: it arrives once, with its photo, whatever the browser does meanwhile."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.photos import table as photos
from tests.browser.conftest import patient
from tests.front_door.photos.taken import jpeg

WORDS = "Een losse tegel, gezien zonder bereik."


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = patient(chromium.new_context(locale="nl-BE", viewport={"width": 360, "height": 740}))
    yield context
    context.close()


def form_of(phone: BrowserContext, site: str) -> Page:
    page = phone.new_page()
    page.goto(f"{site}/forms/street")
    return page


def arrived() -> list[Case]:
    found = (cases.get(entry.case_id) for entry in cases.inbox("streets"))
    return [case for case in found if case and WORDS in str(case.answers)]


def test_a_report_without_a_network_arrives_once_from_two_tabs_with_its_photo(phone: BrowserContext, here: str) -> None:
    """Given two tabs of the form. In one a report is written without a network; then both hear of one at once, while
    the city's store of photos is slow, and one of them is loaded anew."""
    uploads: list[str] = []

    def store(route: Route) -> None:
        uploads.append(route.request.url)
        route.fulfill(status=201, headers={"Access-Control-Allow-Origin": "*"})

    phone.route("**/*.amazonaws.com/**", store)
    page, other = form_of(phone, here), form_of(phone, here)
    for button in ("of-photo", "open-map"):  # no photo says a place yet, and this city has no map
        expect(page.locator(f"[data-{button}]:visible")).to_have_count(0)
    phone.set_offline(True)
    page.locator('[name="answers.what"]').fill(WORDS)
    page.locator("[name=address]").fill("Veld 1, Kaprijke")
    page.set_input_files("input[type=file]", {"name": "tegel.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(page.locator("[data-photos] [data-list] li")).to_have_count(1)
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("[data-later]")).to_contain_text("nog niet verstuurd")
    assert arrived() == []

    phone.set_offline(False)

    expect(page.get_by_role("link", name="Het ontvangstbewijs")).to_have_count(1)
    other.reload()
    expect(other.get_by_role("link", name="Het ontvangstbewijs")).to_have_count(1)
    (case,) = arrived()
    assert [photos.get(key).case_id for key in case.photos] == [case.case_id]
    assert len(uploads) == 1
