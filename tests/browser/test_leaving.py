"""A public computer with a script: warned before, kept by typing, and off the screen when nobody does anything. And a
phone of one's own, which keeps what is not sent yet whatever else it looks at."""

from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.conftest import context_of
from tests.browser.pages import ANYBODY, FAMILY


def test_who_is_warned_and_types_stays_and_who_does_not_is_signed_out(chromium: Browser, site: str) -> None:
    context = context_of(chromium, site, FAMILY)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{site}/public-computer")
    page.get_by_role("button", name="Ja, dit is een openbare computer").click()
    warning = page.locator("[data-warning]")
    expect(page.locator(".site-leaving")).to_be_visible()
    expect(warning).to_be_hidden()

    page.clock.run_for(9 * 60_000 + 2_000)
    expect(warning).to_be_visible()
    with page.expect_response("**/public-computer"):
        page.keyboard.press("Shift")
    expect(warning).to_be_hidden()

    page.clock.run_for(10 * 60_000 + 2_000)
    page.wait_for_url("**/idle")
    expect(page.locator("h1")).to_have_text("Je bent afgemeld")
    assert not [one for one in context.cookies() if one["name"] == "pass"]
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Claeys")
    context.close()


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Versturen").click()


def test_a_report_waits_through_somebodys_link_and_is_sent_once_by_two_of_ours(chromium: Browser, here: str) -> None:
    context = context_of(chromium, here, ANYBODY)
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{here}/forms/street")
    waiting = one.locator("[data-later]")
    context.set_offline(True)

    # Without what the city needs it would be refused when nobody looks any more: so it is not kept.
    one.get_by_label("Wat is er stuk?").fill("Een gat in de weg")
    press_send(one)
    expect(one.locator("[data-missing]")).to_contain_text("nog niet bewaard")
    expect(one.get_by_label("Adres, of het dichtste huis")).to_be_focused()
    expect(waiting).to_be_hidden()
    one.get_by_label("Adres, of het dichtste huis").fill("Veld 1")
    press_send(one)
    expect(waiting).to_contain_text("nog niet verstuurd")

    # Somebody follows a link to where a public computer forgets.
    def no_line(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    context.route("**/forms/street", no_line)
    context.set_offline(False)
    context.new_page().goto(f"{here}/idle")
    one.reload()
    expect(waiting).to_contain_text("nog niet verstuurd")

    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    context.unroute("**/forms/street", no_line)
    for page in (one, two):
        page.evaluate("dispatchEvent(new Event('online'))")
    for page in (one, two):
        expect(page.locator("[data-later]")).to_contain_text("Het ontvangstbewijs")
    assert len([request for request in sent if request.url.endswith("/forms/street")]) == 1
    context.close()
