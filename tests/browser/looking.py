"""Each page in each state, as somebody sees it who cannot see, has no mouse, or needs four times the size."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import context_of
from tests.browser.pages import ANYBODY, Look

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
# 1280 pixels at 400 %: WCAG 1.4.10.
NARROW: ViewportSize = {"width": 320, "height": 256}
AXE = Axe()
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


class Looking:
    """One page for each who looks: another would be a process of Chromium's own, and costs more than what is looked
    at. Each look begins with a document, so with a focus and a width, of its own."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self.chromium, self.site = chromium, site
        self.pages: dict[str, Page] = {}
        self.said: list[str] = []

    def page(self, who: str) -> Page:
        if who not in self.pages:
            page = context_of(self.chromium, self.site, who, viewport=DESKTOP).new_page()
            page.add_init_script("window.setInterval = () => 0")  # figures that come anew have links never visited yet
            page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: self.said.append(str(error)))
            self.pages[who] = page
        return self.pages[who]

    def close(self, who: str) -> None:
        """And whatever it would have said of the page that it leaves."""
        self.pages.pop(who).context.close()

    def at(self, look: Look) -> None:
        page = self.page(look.who)
        try:
            self._at(look, page)
        except BaseException:
            self.close(look.who)  # the next one that looks finds nothing of what went wrong
            raise

    def _at(self, look: Look, page: Page) -> None:
        page.set_viewport_size(DESKTOP)
        if look.who == ANYBODY:
            page.context.clear_cookies()  # what a page before gave to nobody in particular
        self.said.clear()
        answer = page.goto(self.site + look.path)
        assert answer
        assert look.says in page.inner_text("body")
        assert page.locator("h1").count() == 1
        refused = [one for one in self.said if "Failed to load resource" not in one or answer.ok]
        assert refused == []
        assert violations(page) == []
        assert_the_keyboard_reaches_everything(page)
        page.set_viewport_size(NARROW)
        assert page.evaluate(SIDEWAYS) <= 0


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Of RULES, and the elements that violate them."""
    found = AXE.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]


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
