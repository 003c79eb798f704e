"""A public computer forgets whom it knows when it is left alone: without a script too, and not who still types."""

import re

import pytest

from chalicelib.pages.frame.cookies import COOKIES
from tests.camps import LOU, family, published, request
from tests.pages.frame.browsing import HOST, Browser, family_browser

pytestmark = pytest.mark.usefixtures("table")


def cookie_lines(browser: Browser, path: str) -> list[str]:
    cookies = "; ".join(f"__Host-{name}={value}" for name, value in browser.cookies.items())
    answer = request("GET", path, headers={"Host": HOST.removeprefix("https://"), "Cookie": cookies})
    found = answer.headers.get("Set-Cookie", [])
    return found if isinstance(found, list) else [found]


def test_who_asks_for_pages_stays_and_who_asks_for_none_is_forgotten() -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.get("/public-computer")
    shown = browser.submit(button="Yes, this is a public computer")

    assert "you are signed out when you do nothing for 10 minutes" in shown.text
    assert re.search(r'<noscript><meta http-equiv="refresh" content="600;url=[./]*idle">', shown.html)
    for path in ("/family", "/programme", "/help"):
        (line,) = [one for one in cookie_lines(browser, path) if "pass=" in one]
        assert "Max-Age=600" in line, path
    left = browser.get("/idle")
    assert left.heading == "You were signed out"
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert set(browser.cookies) <= {"public", "language", "visit"}


def test_whoever_needs_longer_gets_it() -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.get("/public-computer")
    browser.submit(button="Yes, this is a public computer")
    shown = browser.submit(button="I need more time: 30 minutes")

    assert "nothing for 30 minutes" in shown.text
    assert any("Max-Age=1800" in one for one in cookie_lines(browser, "/family"))


def test_nothing_of_a_family_is_kept_by_the_browser_or_by_anybody_between() -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.cookies["public"] = "10"
    camp = published()

    for path in ("/family", "/programme", f"/sessions/{camp.session_id}"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path
    browser.get("/family")
    browser.submit(button="Sign out now")
    assert "pass" not in browser.cookies


def test_a_computer_of_ones_own_is_left_as_it_was() -> None:
    browser = family_browser(family(LOU).token, "en")

    assert "public computer: you are" not in browser.get("/family").text
    assert cookie_lines(browser, "/family") == [] or not any("pass=" in one for one in cookie_lines(browser, "/family"))
    assert COOKIES["pass"].seconds == 90 * 24 * 3600
