"""A parent registers on a phone whose line drops, that sleeps, that has two tabs, that runs no script."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from chalicelib.booking.registrations import register
from chalicelib.booking.wishes import preparing
from chalicelib.booking.wishes.rules import WantedSession
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.programme.openings import table as openings
from tests.booking.draw.lots import changed
from tests.browser.conftest import patient
from tests.browser.looking import violations
from tests.browser.pages import ENTER
from tests.camps import JEF, LOU
from tests.core.http import summer as summers
from tests.core.http.summer import CLAEYS, HELD, SESSIONS

SESSION = SESSIONS[HELD]
SMALL: Any = {"width": 360, "height": 740}
TAP = "Mijn wensen inschrijven"
GRANTED = "Gelukt: de plaats is voor jou."
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def phone(chromium: Browser, here: str) -> Iterator[BrowserContext]:
    """The family's own, which followed the link in its mail some days ago."""
    context = patient(chromium.new_context(locale="nl-BE", viewport=SMALL))
    context.new_page().goto(here + ENTER)
    yield context
    context.close()


@pytest.fixture
def address(here: str) -> str:
    return f"{here}/opening/{HELD}"


def prepare(*children: Any, by_itself: bool = False) -> None:
    wishes = [WantedSession(SESSION, (child.child_id,)) for child in children]
    preparing.save(CLAEYS.bearer, HELD, wishes, by_itself, datetime.now(UTC))


def opens(at: datetime, told: datetime | None = None) -> None:
    """Everybody's moment is this one; `told`: from when on they are told it."""
    found = openings.get(HELD)
    assert found
    window = replace(found[0].plan.windows[0], opens_at=at, spread=timedelta(0))
    passes_until = told or found[0].plan.passes_until
    changed(found[0], plan=replace(found[0].plan, windows=(window,), hold=None, passes_until=passes_until))
    openings.forget()


@pytest.fixture(autouse=True)
def _is_open(here: str) -> None:
    opens(datetime.now(UTC) - timedelta(hours=1))
    prepare(JEF)


@contextmanager
def it_is(moment: datetime, page: Page) -> Iterator[None]:
    """In the city, whose time goes on from there; the phone, looked at again, asks what time it is."""
    with time_machine.travel(moment, tick=True):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        yield


def registrations() -> list[dict[str, Any]]:
    """Jef's, in this session, that stand."""
    every = summers.OWN.get("/api/registrations").json_body["registrations"]
    return [
        one
        for one in every
        if one["session_id"] == SESSION and one["child_ids"] == [JEF.child_id] and one["status"] != "cancelled"
    ]


def open_page(phone: BrowserContext, address: str) -> Page:
    page = phone.new_page()
    page.goto(address)
    return page


def expect_granted(page: Page) -> None:
    expect(page.get_by_text(GRANTED)).to_be_visible()


def assert_everybody_can_use_it(page: Page) -> None:
    assert violations(page) == []


def only_posts(do: Callable[[Route], None]) -> Callable[[Route], None]:
    return lambda route: do(route) if route.request.method == "POST" else route.continue_()


def test_one_tap_and_it_is_said_at_once_what_came_of_it(phone: BrowserContext, address: str) -> None:
    page = open_page(phone, address)

    page.get_by_role("button", name=TAP).click()

    expect_granted(page)
    expect(page.get_by_role("status")).to_have_text("Klaar: hieronder zie je het resultaat van elke wens.")
    expect(page.get_by_role("link", name="Naar deze inschrijving")).to_be_visible()
    assert len(registrations()) == 1
    assert_everybody_can_use_it(page)


def test_the_line_drops_between_the_tap_and_the_answer(phone: BrowserContext, address: str) -> None:
    page, sent = open_page(phone, address), []

    def cut(route: Route) -> None:
        sent.append(route.request.post_data)
        answer = route.fetch()
        if len(sent) == 1:
            route.abort("connectionreset")  # it was registered, and nobody heard
        else:
            route.fulfill(response=answer)

    page.route(address, only_posts(cut))
    page.get_by_role("button", name=TAP).click()

    expect(page.get_by_role("status")).to_contain_text("Geen verbinding")
    expect_granted(page)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert len(registrations()) == 1


def test_two_tabs_are_one_registration(phone: BrowserContext, address: str) -> None:
    first, second = open_page(phone, address), open_page(phone, address)

    first.get_by_role("button", name=TAP).click(no_wait_after=True)
    second.get_by_role("button", name=TAP).click(no_wait_after=True)

    expect_granted(first)
    expect_granted(second)
    assert len(registrations()) == 1


def test_a_reload_without_a_line_forgets_no_tap(phone: BrowserContext, address: str) -> None:
    page = open_page(phone, address)
    page.route(address, only_posts(lambda route: route.abort("internetdisconnected")))
    page.get_by_role("button", name=TAP).click()
    expect(page.get_by_role("status")).to_contain_text("Geen verbinding")
    page.unroute(address)

    page.reload()

    expect_granted(page)


def test_back_to_the_page_shows_what_came_of_it(phone: BrowserContext, address: str) -> None:
    page = open_page(phone, address)
    page.get_by_role("button", name=TAP).click()
    expect_granted(page)

    page.get_by_role("link", name="Naar mijn gezin").click()
    page.go_back()

    expect_granted(page)
    assert len(registrations()) == 1


def test_without_a_line_it_waits_for_one_and_goes_on_at_once(phone: BrowserContext, address: str) -> None:
    page = open_page(phone, address)
    phone.set_offline(True)
    page.get_by_role("button", name=TAP).click()
    expect(page.get_by_role("status")).to_contain_text("Geen verbinding")

    phone.set_offline(False)

    expect_granted(page)


def test_a_busy_city_is_asked_again_when_it_said(phone: BrowserContext, address: str) -> None:
    page, asked = open_page(phone, address), []
    granted = register.register

    def busy_at_first(*wish: Any) -> Any:
        asked.append(datetime.now(UTC))
        if len(asked) == 1:
            raise Problem(BUSY, retry_after=2)
        return granted(*wish)

    with mock.patch.object(register, "register", busy_at_first):
        page.get_by_role("button", name=TAP).click()
        expect(page.get_by_role("status")).to_contain_text("je wordt niet twee keer ingeschreven")
        expect_granted(page)

    assert asked[1] - asked[0] >= timedelta(seconds=2)


def test_at_the_moment_it_registers_by_itself_whatever_the_phones_clock_says(
    phone: BrowserContext, address: str
) -> None:
    prepare(JEF, by_itself=True)
    at = datetime.now(UTC) + AN_HOUR
    opens(at)
    phone.add_init_script("Date.now = () => 0; Date = class extends Date { constructor() { super(0) } }")

    page = open_page(phone, address)

    expect(page.get_by_text("Je bent aan de beurt over")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Laat deze pagina open")
    assert registrations() == []
    with it_is(at - timedelta(seconds=3), page):
        expect_granted(page)
        assert datetime.fromisoformat(registrations()[0]["created_at"]) >= at.replace(microsecond=0)


def test_a_page_of_before_moments_are_told_shows_the_own_one_when_it_is_and_registers(
    phone: BrowserContext, address: str
) -> None:
    prepare(JEF, by_itself=True)
    told, at = datetime.now(UTC) + AN_HOUR, datetime.now(UTC) + 2 * AN_HOUR
    opens(at, told)
    page = open_page(phone, address)
    expect(page.get_by_text("zie je hier wanneer je aan de beurt bent")).to_be_visible()
    expect(page.get_by_role("button", name=TAP)).to_have_count(0)

    with it_is(told + timedelta(minutes=5), page):
        expect(page.get_by_text("Je bent aan de beurt over")).to_be_visible()
    with it_is(at + timedelta(seconds=2), page):
        expect_granted(page)


def test_a_phone_that_slept_asks_what_time_it_is(phone: BrowserContext, address: str) -> None:
    prepare(JEF, by_itself=True)
    at = datetime.now(UTC) + AN_HOUR
    opens(at)
    phone.add_init_script(
        "const real = performance.now.bind(performance); performance.now = () => window.asleep ?? real()"
    )
    page = open_page(phone, address)
    page.evaluate("window.asleep = performance.now()")
    expect(page.get_by_role("status")).to_contain_text("Laat deze pagina open")
    assert registrations() == []

    with it_is(at + timedelta(seconds=2), page):
        expect_granted(page)


def test_a_tap_before_the_moment_counts_at_the_moment(phone: BrowserContext, address: str) -> None:
    at = datetime.now(UTC) + AN_HOUR
    opens(at)
    page = open_page(phone, address)

    page.get_by_role("button", name=TAP).click()

    expect(page.get_by_role("status")).to_contain_text("Je hebt getikt, dat volstaat")
    assert registrations() == []
    with it_is(at - timedelta(seconds=3), page):
        expect_granted(page)


def test_what_is_refused_does_not_stop_the_next_one(phone: BrowserContext, address: str) -> None:
    prepare(LOU, JEF)  # Lou has a seat there, by another registration
    page = open_page(phone, address)

    page.get_by_role("button", name=TAP).click()

    expect_granted(page)
    expect(page.get_by_text("Niet ingeschreven: Al ingeschreven.")).to_be_visible()
    assert_everybody_can_use_it(page)


def test_a_form_that_is_not_right_is_read_out_and_mended(chromium: Browser, here: str) -> None:
    page = patient(chromium.new_context(locale="nl-BE", viewport=SMALL)).new_page()
    page.goto(here + "/prepare")
    for name, text in {"Voornaam": "Lou", "Familienaam": "Claeys", "Geboortedatum": "2022-05-01"}.items():
        page.get_by_label(name).fill(text)
    page.get_by_role("textbox", name="Mailadres").fill("an@")
    page.get_by_role("textbox", name="Postcode").fill("9970")
    page.get_by_role("textbox", name="Postcode").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Geef een mailadres")
    described = re.compile("Geef een mailadres")
    expect(page.get_by_role("textbox", name="Mailadres")).to_have_accessible_description(described)
    assert_everybody_can_use_it(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_role("textbox", name="Mailadres")).to_be_focused()

    page.get_by_role("textbox", name="Mailadres").fill("an.claeys@example.be")
    page.get_by_role("button", name="Stuur me de link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mailbox")


def test_without_a_script_a_form_does_the_same(chromium: Browser, here: str, address: str) -> None:
    phone = patient(chromium.new_context(locale="nl-BE", java_script_enabled=False))
    phone.new_page().goto(here + ENTER)
    page = open_page(phone, address)

    page.get_by_role("button", name=TAP).click()

    expect_granted(page)
    page.reload()
    expect_granted(page)
    assert len(registrations()) == 1
    phone.close()
