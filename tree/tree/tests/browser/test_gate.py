"""A leader at the gate, on a phone whose line drops: taps go on, are sent when it is back, and undo nobody's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import Mark
from chalicelib.office.attendance import marking
from chalicelib.office.attendance.marking import Wanted
from chalicelib.people.staff.rules import Role, Staff
from tests.browser.conftest import context_of
from tests.browser.test_registering import assert_everybody_can_use_it
from tests.camps import LOU, NOOR
from tests.containers import forget
from tests.core.http import summer as summers
from tests.infra.test_run import wait_for

MONDAY = date(2027, 8, 16)
GATE = f"/office/attendance/{summers.OPEN}/gate?day={MONDAY}"
SOFIE = Staff("7d0c-44", "Sofie Maes", frozenset({Role.DESK}), municipalities=frozenset({"*"}))
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(chromium: Browser, here: str) -> Iterator[tuple[BrowserContext, str]]:
    with time_machine.travel("2027-08-16T08:55:00+02:00", tick=True):
        forget()
        context = context_of(chromium, here, "desk", viewport=PHONE)
        yield context, here
        context.close()


def marks() -> dict[str, Mark]:
    return {child: one.mark for child, one in presences.of_day(summers.OPEN, MONDAY).items()}


def row(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(".gate-child").filter(has_text=name)


def tap(page: Page, name: str, label: str) -> None:
    row(page, name).get_by_role("button", name=label).click()


def test_taps_go_on_without_a_line_and_are_sent_when_it_is_back(phone: tuple[BrowserContext, str]) -> None:
    context, base = phone
    page = context.new_page()
    page.goto(base + GATE)
    tap(page, "Claeys", "Aanwezig")
    expect(page.locator("[data-said]")).to_contain_text("Alles is verstuurd.")
    assert_everybody_can_use_it(page)
    assert marks() == {LOU.child_id: Mark.PRESENT}

    context.set_offline(True)
    tap(page, "Claeys", "Opgehaald")
    tap(page, "El Amrani", "Aanwezig")
    tap(page, "Baert", "Afwezig")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("[data-said]")).to_contain_text("Op deze telefoon wachten nog: 3.")
    expect(row(page, "El Amrani").locator("[data-text]")).to_have_text("Aanwezig, nog niet verstuurd")
    kept = page.evaluate("Object.entries(localStorage).flat().join()")
    assert LOU.child_id in kept
    assert not any(name in kept for name in ("Claeys", "Lou", "Amrani", "Noor", "Baert"))
    # Meanwhile a colleague, who has a line.
    marking.mark(SOFIE, summers.OPEN, MONDAY, [Wanted(NOOR.child_id, Mark.LATE)], datetime.now(UTC))

    context.set_offline(False)
    refused = page.locator(".gate-refused")
    expect(refused).to_contain_text("jij duidde ‘Aanwezig’ aan, maar intussen is het ‘Te laat, ")
    assert marks() == {LOU.child_id: Mark.FETCHED, NOOR.child_id: Mark.LATE}

    # It is there after a reload too, and one of the two is chosen.
    page.reload()
    page.get_by_role("button", name="Maak er dit van: Aanwezig").click()
    expect(page.locator("[data-said]")).to_contain_text("Alles is verstuurd.")
    expect(refused).to_have_count(0)
    assert marks()[NOOR.child_id] is Mark.PRESENT
    assert page.evaluate("localStorage.length") == 0


def test_what_a_closed_page_left_is_sent_from_the_next_day(phone: tuple[BrowserContext, str]) -> None:
    context, base = phone
    page = context.new_page()
    page.goto(base + GATE)
    context.set_offline(True)
    tap(page, "Claeys", "Te laat")
    expect(page.locator("[data-said]")).to_contain_text("Geen verbinding.")
    page.close()
    assert marks() == {}

    context.set_offline(False)
    with time_machine.travel("2027-08-17T08:55:00+02:00", tick=True):
        again = context.new_page()
        again.goto(f"{base}/test/staff?desk")
        again.goto(base + GATE.replace("08-16", "08-17"))
        wait_for(lambda: again.evaluate("localStorage.length") == 0, "what was left is sent")

        assert marks() == {LOU.child_id: Mark.LATE}
        again.fill("#f-q", "noor")
        expect(row(again, "Claeys")).to_be_hidden()
        expect(row(again, "El Amrani")).to_be_visible()
