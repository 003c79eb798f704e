"""Each page in each state, as somebody sees it who cannot see, has no mouse, or needs four times the size."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import context_of
from tests.browser.pages import LOOKS, Look

DESKTOP = {"width": 1280, "height": 900}
# 1280 pixels at 400 %: WCAG 1.4.10.
NARROW = {"width": 320, "height": 256}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What stands to the right of the window and is not in a box of its own that scrolls (tables may: WCAG 1.4.10).
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Whatever the keyboard must reach; of radio buttons with one name, one.
STOPS = """() => {
  const names = new Set();
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(all)]
    .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}))
    .filter(one => one.type !== "radio" || (!names.has(one.name) && names.add(one.name))).length
}"""
# Notes where the focus goes from now on, and whether one sees it there; null: out of the page.
WATCH = """() => {
  window.visited = [];
  addEventListener("focusin", event => {
    const one = event.target, style = getComputedStyle(one);
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    one.dataset.visited = "yes";
    visited.push({what: one.outerHTML.slice(0, 120), seen});
  });
  addEventListener("focusout", event => { if (!event.relatedTarget) visited.push(null); });
  document.body.focus();
}"""


@pytest.fixture(scope="module")
def contexts(chromium: Browser, site: str) -> Iterator[Any]:
    made: dict[str, BrowserContext] = {}

    @cache
    def of(who: str) -> BrowserContext:
        made[who] = context_of(chromium, site, who, viewport=DESKTOP)
        return made[who]

    yield of
    for one in made.values():
        one.close()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_everybody_can_use_it(look: Look, contexts: Any, site: str) -> None:
    page: Page = contexts(look.who).new_page()
    page.add_init_script("window.setInterval = () => 0")  # figures that come anew have links that nobody visited yet
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(site + look.path)
    assert answer
    try:
        assert look.says in page.inner_text("body")
        assert page.locator("h1").count() == 1
        refused = [one for one in said if "Failed to load resource" not in one or answer.ok]
        assert refused == []
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations] == []
        assert_the_keyboard_reaches_everything(page)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        assert page.evaluate(SIDEWAYS) <= 0
    finally:
        page.close()


def assert_the_keyboard_reaches_everything(page: Page) -> None:
    """Each stop once, seen, and out again at the end."""
    expected = page.evaluate(STOPS)
    page.evaluate(WATCH)
    # Where a page begins at a field of its own, the keyboard comes round to what stands before it.
    ends = 1 + page.locator("[autofocus]").count()
    visited: list[dict[str, Any] | None] = []
    for presses in (expected + 1, *[expected // 2 + 8] * 6):
        for _ in range(presses):
            page.keyboard.press("Tab")
        visited = page.evaluate("visited")
        if visited.count(None) >= ends:
            break
    else:
        raise AssertionError("the keyboard does not get out")
    assert [one["what"] for one in visited if one and not one["seen"]] == []
    assert page.locator("[data-visited]").count() >= expected
