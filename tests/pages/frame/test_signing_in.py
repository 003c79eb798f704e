"""Staff sign in at the city's page (Cognito's), and are asked for there anew each hour."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from chalicelib.pages.frame import signing_in
from chalicelib.people.staff.rules import Role, Staff
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")
CLIENT = "client-of-kaprijke"


class Cognito:
    """Answers for the token endpoint; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.groups = ["desk"]
        self.knows_them = True
        self.audience = CLIENT

    def tokens(self, **asked: str) -> Any:
        self.asked.append(asked)
        if not self.knows_them:
            return None
        claims = {
            "sub": "7d1f",
            "name": "Jamila Aerts",
            "aud": self.audience,
            "token_use": "id",
            "cognito:groups": self.groups,
        }
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return {"id_token": f"e30.{payload}.signature", "refresh_token": "renewal"}


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Cognito:
    answering = Cognito()
    monkeypatch.setattr(signing_in, "_client", lambda: CLIENT)
    monkeypatch.setattr(signing_in, "_ask_for_tokens", answering.tokens)
    return answering


def begun(browser: Browser, path: str = "/office") -> dict[str, str]:
    """What the city's page is told."""
    shown = browser.get(path)
    return {name: values[0] for name, values in parse_qs(urlsplit(shown.headers["Location"]).query).items()}


def come_back(browser: Browser, state: str, code: str = "the-code") -> Any:
    return browser.get(f"/office/signed-in?code={code}&state={state}")


def test_whoever_signed_in_goes_on_where_they_wanted_to_go(cognito: Cognito) -> None:
    browser = Browser()
    told = begun(browser)

    shown = come_back(browser, told["state"])

    assert (shown.path, shown.heading) == ("/office", "Dag, Jamila Aerts")
    exchanged = cognito.asked[0]
    assert exchanged["redirect_uri"] == told["redirect_uri"] == "https://kamp.kaprijke.example/office/signed-in"
    assert exchanged["code"] == "the-code"
    assert len(exchanged["code_verifier"]) >= 43  # RFC 7636, 4.1


def test_an_answer_to_another_browser_signs_nobody_in(cognito: Cognito) -> None:
    other, browser = Browser(), Browser()
    state = begun(other)["state"]
    begun(browser)

    come_back(browser, state)

    assert cognito.asked == []
    assert "staff" not in browser.cookies


def test_a_code_that_the_city_does_not_know_signs_nobody_in(cognito: Cognito) -> None:
    browser = Browser()
    state = begun(browser)["state"]
    cognito.knows_them = False

    come_back(browser, state)

    assert "staff" not in browser.cookies


def test_a_token_for_another_client_is_no_sign_in(cognito: Cognito) -> None:
    browser = Browser()
    state = begun(browser)["state"]
    cognito.audience = "somebody-elses-client"

    come_back(browser, state)

    assert "staff" not in browser.cookies


def signed_in_at(moment: datetime) -> Browser:
    known = Staff("7d1f", "Jamila Aerts", frozenset({Role.DESK, Role.APPROVER}))
    with time_machine.travel(moment, tick=False):
        cookie = signing_in.cookie(known, "renewal")
    browser = Browser()
    browser.cookies["staff"] = cookie
    return browser


def test_within_the_hour_nobody_asks_the_city_again(cognito: Cognito) -> None:
    browser = signed_in_at(datetime.now(UTC) - timedelta(minutes=59))

    assert browser.get("/office").status == 200
    assert cognito.asked == []


def test_after_an_hour_a_role_that_was_taken_away_is_gone_and_the_person_stays_signed_in(cognito: Cognito) -> None:
    browser = signed_in_at(datetime.now(UTC) - timedelta(minutes=61))

    shown = browser.get("/office")

    assert shown.heading == "Dag, Jamila Aerts"
    assert cognito.asked == [{"grant_type": "refresh_token", "refresh_token": "renewal"}]
    assert "Loket" in shown.page.links
    assert browser.get("/office").status == 200
    assert len(cognito.asked) == 1


def test_whom_the_city_no_longer_knows_is_signed_out_after_the_hour(cognito: Cognito) -> None:
    browser = signed_in_at(datetime.now(UTC) - timedelta(minutes=61))
    cognito.knows_them = False

    shown = browser.get("/office")

    assert shown.status == 303
    assert "staff" not in browser.cookies


def test_the_next_day_everybody_signs_in_again(cognito: Cognito) -> None:
    browser = signed_in_at(datetime.now(UTC) - timedelta(hours=13))

    assert browser.get("/office").status == 303


def test_a_cookie_that_somebody_made_is_nobody(cognito: Cognito) -> None:
    browser = Browser().sign_in(Role.DESK)
    kept = browser.cookies["staff"]
    # Not its last letter: some of that one's bits mean nothing.
    browser.cookies["staff"] = kept[:-10] + ("A" if kept[-10] != "A" else "B") + kept[-9:]

    assert browser.get("/office").status == 303


@pytest.mark.parametrize("answer", [{"a": "b"}, {"id_token": "no.token"}, {"id_token": "a.%%%.c"}, ["x"], "x"])
def test_a_broken_answer_of_the_city_is_a_page_with_words_and_a_number(
    answer: Any, cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in_at(datetime.now(UTC) - timedelta(minutes=61))
    monkeypatch.setattr(signing_in, "_ask_for_tokens", lambda **_: answer)

    shown = browser.get("/office")

    assert shown.status == 500
    assert shown.heading == "Er liep bij ons iets mis"
    assert "staff" in browser.cookies


def test_whoever_cannot_be_recognized_may_still_sign_in_and_out(
    cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser().sign_in(Role.DESK)
    form = browser.get("/office")
    browser.cookies["staff"] = signed_in_at(datetime.now(UTC) - timedelta(minutes=61)).cookies["staff"]
    monkeypatch.setattr(signing_in, "_ask_for_tokens", lambda **_: {"a": "b"})

    assert browser.get("/office/sign-in").status == 303
    browser.shown = form
    browser.submit(button="Afmelden: Els Maes")

    assert "staff" not in browser.cookies
