"""Every `Set-Cookie` is a cookie (RFC 6265), whatever a browser sends; and who may read and send ours."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from chalicelib.pages.frame.cookies import COOKIES, HOST_ONLY, read
from chalicelib.pages.frame.signing_in import Client
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Role
from chalicelib.routes import ROUTES
from tests.camps import request
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser

LINE = re.compile(
    r"__Host-[a-z-]+=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*; Path=/(?:; Max-Age=\d+)?; HttpOnly; SameSite=Lax"
    r"; Secure"
)
# Behind a signature that holds, or alone. Base64 passes over all of it.
HOSTILE = ("=;x", "=;Domain=example.org", '="', "=,", "=\\", "= ", "=\r\nX-Evil: 1", "é", "=", "==", "\x00")
GETS = [route.address for route in ROUTES if route.method == "GET" and not route.is_api]
# What ends up in a cookie: of an address, and of a cookie that is written anew.
PARAMETERS = ("token", "link", "language", "next", "to", "code", "state", "done")


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture(autouse=True)
def _pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.pages.frame.signing_in._client", lambda: Client("client-of-kaprijke", "its secret"))


def lines_of(path: str, cookies: str = "") -> list[str]:
    answer = request("GET", path, headers={"Host": "kamp.kaprijke.example", "Cookie": cookies})
    assert answer.status_code != 500, path
    lines = answer.headers.get("Set-Cookie", [])
    return lines if isinstance(lines, list) else [lines]


@pytest.mark.parametrize("address", GETS)
def test_every_cookie_of_every_page_is_cookie_octets(address: str) -> None:
    path = re.sub(r"\{registration_id\}", summers.OFFERED_ID, address)
    path = re.sub(r"\{session_id\}", summers.OPEN, path)
    path = re.sub(r"\{opening_id\}", summers.HELD, path)
    path = re.sub(r"\{\w+\}", "x", path)
    for ending in ("", "=;x", '="'):
        own = {"token": summers.OWN.token, "link": summers.OFFER_TOKEN}
        asked = urlencode({name: own.get(name, "fr") + ending for name in PARAMETERS})
        sent = {
            "pass": summers.OWN.token,
            "link": summers.OFFER_TOKEN,
            "staff": Browser().sign_in(*Role).cookies["staff"],
        }
        cookies = "; ".join(
            f"{prefix}{name}={sent.get(name, 'nl')}{ending}" for name in COOKIES for prefix in ("", HOST_ONLY)
        )
        for lines in (lines_of(f"{path}?{asked}"), lines_of(path, cookies), lines_of(f"{path}?{asked}", cookies)):
            assert all(LINE.fullmatch(line) for line in lines), (address, ending, lines)


@pytest.mark.parametrize("ending", HOSTILE)
def test_what_stands_behind_a_valid_token_makes_it_none_of_ours(ending: str) -> None:
    browser = Browser()

    assert browser.get("/enter?" + urlencode({"token": summers.OWN.token + ending})).status == 401
    assert browser.get("/offer?" + urlencode({"token": summers.OFFER_TOKEN + ending})).status == 401
    assert "pass" not in browser.cookies
    assert "link" not in browser.cookies


def test_a_broken_cookie_hides_no_other() -> None:
    sent = 'of-others={"a": "b, c"}; @=1; __Host-pass=abc; alone; __Host-visit=d=e; __Host-pass=second'

    assert read(sent, is_local=False) == {"pass": "abc", "visit": "d=e"}


def test_a_cookie_that_a_neighbouring_domain_could_plant_is_not_read() -> None:
    assert read(f"pass={summers.OWN.token}; visit=x", is_local=False) == {}
    assert request("GET", "/family", headers={"Cookie": f"pass={summers.OWN.token}"}).status_code == 401


def test_without_tls_on_the_own_machine_the_names_are_plain() -> None:
    answer = request("GET", "/leave", headers={"Host": "127.0.0.1:4566", "Cookie": f"pass={summers.OWN.token}"})

    assert re.fullmatch(r"visit=[\w-]+; Path=/; HttpOnly; SameSite=Lax", answer.headers["Set-Cookie"][0])


@pytest.mark.parametrize("cookie", COOKIES)
def test_the_page_about_privacy_names_each_cookie_why_and_how_long(cookie: str) -> None:
    shown = Browser("en").get("/privacy")

    assert HOST_ONLY + cookie in shown.text
    assert COOKIES[cookie].purpose in shown.text
    for how_long in ("90 days, or until", "60 minutes", "365 days", "Until you close", "12 hours", "10 minutes"):
        assert how_long in shown.text


@pytest.mark.parametrize("value", ["a;b", 'a"b', "a,b", "a b", "a\\b", "é", "a\nb"])
def test_we_set_no_cookie_that_is_none(value: str) -> None:
    from datetime import UTC, datetime

    with pytest.raises(ValueError, match="pass"):
        Visit({}, {}, b"", "nl", datetime.now(UTC)).set_cookie("pass", value)
