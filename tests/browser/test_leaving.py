"""A public computer with a script: warned before, kept by typing, and off the screen when nobody does anything."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import context_of
from tests.browser.pages import FAMILY


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
