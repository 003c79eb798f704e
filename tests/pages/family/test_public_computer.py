"""A public computer forgets whom it knows when it is left alone: without a script too, and not who still types."""

import re
from unittest import mock

import pytest

from chalicelib.pages.frame.cookies import COOKIES
from tests.camps import LOU, family, published, request
from tests.pages.frame import browsing
from tests.pages.frame.browsing import HOST, Browser, family_browser

# As a browser says that a page of ours leads there.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}

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
    left = browser.get("/idle", **FROM_HERE)
    assert left.heading == "You were signed out"
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert set(browser.cookies) <= {"public", "language", "visit"}


@pytest.mark.parametrize("came", [FROM_HERE, {"Referer": f"{HOST}/family"}])
def test_a_page_of_a_public_computer_signs_out(came: dict[str, str]) -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.cookies["public"] = "10"

    assert browser.get("/idle", **came).headers["Clear-Site-Data"] == '"cache"'
    assert "pass" not in browser.cookies


@pytest.mark.parametrize(
    "came",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Referer": f"{HOST}/family"},
        {"Referer": "https://elsewhere.example/"},
        {},
    ],
)
@pytest.mark.parametrize("computer", [{}, {"public": "10"}])
def test_nobody_elses_picture_or_link_makes_a_browser_forget(came: dict[str, str], computer: dict[str, str]) -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.cookies |= computer

    shown = browser.get("/idle", **came)

    assert shown.heading == "Sign out on this device"
    assert "Clear-Site-Data" not in shown.headers
    assert "pass" in browser.cookies


def test_ones_own_phone_is_not_signed_out_by_a_page_that_was_public_before() -> None:
    browser = family_browser(family(LOU).token, "en")

    assert "Clear-Site-Data" not in browser.get("/idle", **FROM_HERE).headers
    assert "pass" in browser.cookies


def test_every_page_of_a_public_computer_is_left_whoever_looks_at_it() -> None:
    browser = Browser("en")
    browser.cookies["public"] = "10"

    for path in ("/programme", "/forms", "/cases/ABCD-EFGH-JKLMN", "/public-computer", "/leave"):
        assert 'http-equiv="refresh" content="600;' in browser.get(path).html, path
    assert "refresh" not in browser.get("/idle", **FROM_HERE).html


def test_signing_out_keeps_what_a_phone_has_not_sent_yet() -> None:
    browser = family_browser(family(LOU).token, "en")
    browser.get("/leave")
    with mock.patch.object(browsing, "MOST_REDIRECTS", 1), pytest.raises(AssertionError, match="redirects"):
        browser.submit(button="Sign out")

    assert browser.shown
    assert browser.shown.headers["Clear-Site-Data"] == '"cache"'


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
