"""Staff sign in at the city's page (Cognito's), and have a session in the table, which signing out ends."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.pages.frame import signing_in
from chalicelib.people.staff import sessions
from chalicelib.people.staff.rules import Role
from tests.camps import request
from tests.pages.frame.browsing import HOST, Browser, Shown

pytestmark = pytest.mark.usefixtures("table")
CLIENT = "client-of-kaprijke"
CITY = "https://sign-in.kaprijke.example"


@dataclass
class Response:
    status: int
    content: Any = None

    def json(self) -> Any:
        return self.content


@dataclass
class Cognito:
    """Answers what its endpoints are asked, and remembers it. `meanwhile`: what happens while it is thinking."""

    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    groups: list[str] = field(default_factory=lambda: ["desk"])
    sub: str = "7d1f"
    audience: str = CLIENT
    status: int = 200
    answers: bool = True
    meanwhile: Callable[[], object] = lambda: None

    def post(self, path: str, **asked: str) -> Response:
        self.asked.append((path, asked))
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if not self.answers:
            raise Problem(BUSY, retry_after=2)
        if self.status != 200 or path == "/oauth2/revoke":
            return Response(self.status)
        claims = {
            "sub": self.sub,
            "name": "Jamila Aerts",
            "aud": self.audience,
            "token_use": "id",
            "cognito:groups": self.groups,
        }
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return Response(200, {"id_token": f"e30.{payload}.signature", "refresh_token": f"renewal-{len(self.asked)}"})

    @property
    def revoked(self) -> list[str]:
        return [asked["token"] for path, asked in self.asked if path == "/oauth2/revoke"]


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Cognito:
    answering = Cognito()
    monkeypatch.setattr(signing_in, "_client", lambda: signing_in.Client(CLIENT, "its secret"))
    monkeypatch.setattr(signing_in, "_post", answering.post)
    return answering


def told(shown: Shown, path: str) -> dict[str, str]:
    """What the city's sign-in is told, to which an answer leads."""
    to = urlsplit(shown.headers["Location"])
    assert f"{to.scheme}://{to.netloc}{to.path}" == CITY + path
    return {name: values[0] for name, values in parse_qs(to.query).items()}


def begun(browser: Browser, path: str = "/office") -> dict[str, str]:
    """What the city's page is told, when its own session in this browser is over."""
    back = told(browser.get(path), "/logout")["logout_uri"]
    return told(browser.get(back.removeprefix(HOST)), "/oauth2/authorize")


def come_back(browser: Browser, state: str, code: str = "the-code") -> Any:
    return browser.get(f"/office/signed-in?code={code}&state={state}")


def signed_in(browser: Browser | None = None) -> Browser:
    """Somebody who signed in at the city's page just now."""
    browser = browser or Browser()
    come_back(browser, begun(browser)["state"])
    assert "staff" in browser.cookies
    return browser


@contextmanager
def later(**how_long: float) -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC) + timedelta(**how_long), tick=True):
        yield


def same_cookies(browser: Browser) -> Browser:
    """Another tab, or whoever copied the browser's cookies."""
    other = Browser()
    other.cookies = dict(browser.cookies)
    return other


def stored() -> list[dict[str, Any]]:
    """The sessions that are in the table."""
    items = [item for page, _ in stormloop_table.scan() for item in page]
    return [dict(item) for item in items if item["pk"]["S"].startswith(sessions.PREFIX)]


def test_whoever_signed_in_goes_on_where_they_wanted_to_go(cognito: Cognito) -> None:
    browser = Browser()
    city = begun(browser)

    shown = come_back(browser, city["state"])

    assert (shown.path, shown.heading) == ("/office", "Dag, Jamila Aerts")
    ((path, exchanged),) = cognito.asked
    assert path == "/oauth2/token"
    assert exchanged["redirect_uri"] == city["redirect_uri"] == "https://kamp.kaprijke.example/office/signed-in"
    assert exchanged["code"] == "the-code"
    assert len(exchanged["code_verifier"]) >= 43  # RFC 7636, 4.1


def test_the_browser_has_an_id_and_the_table_only_its_digest(cognito: Cognito) -> None:
    browser = signed_in()

    assert re.fullmatch(r"[\w-]{43}", browser.cookies["staff"])
    assert len(stored()) == 1
    assert browser.cookies["staff"] not in json.dumps(stored())
    # What stands in the table signs nobody in.
    browser.cookies["staff"] = stored()[0]["pk"]["S"].removeprefix(sessions.PREFIX)
    assert browser.get("/office").status == 303


def test_the_next_person_at_the_desk_types_their_own_password(cognito: Cognito) -> None:
    """Whatever the one before did: the city's own session in this browser is ended first, an hour before its time."""
    browser = Browser()

    shown = browser.get("/office/desk")

    assert told(shown, "/logout") == {"client_id": CLIENT, "logout_uri": f"{HOST}/office/sign-in/page"}
    state = told(browser.get("/office/sign-in/page"), "/oauth2/authorize")["state"]
    assert come_back(browser, state).path == "/office/desk"


def test_whoever_comes_to_the_city_s_page_in_their_own_way_signs_in_too(cognito: Cognito) -> None:
    browser = Browser()

    state = told(browser.get("/office/sign-in/page"), "/oauth2/authorize")["state"]

    assert come_back(browser, state).path == "/office"


def test_a_way_back_that_was_lost_is_no_circle(cognito: Cognito) -> None:
    browser = Browser()
    back = told(come_back(browser, "of another browser"), "/logout")["logout_uri"]

    state = told(browser.get(back.removeprefix(HOST)), "/oauth2/authorize")["state"]

    assert come_back(browser, state).path == "/office"


def test_an_answer_to_another_browser_signs_nobody_in(cognito: Cognito) -> None:
    other, browser = Browser(), Browser()
    state = begun(other)["state"]
    begun(browser)

    come_back(browser, state)

    assert cognito.asked == []
    assert "staff" not in browser.cookies


@pytest.mark.parametrize(
    ("attempt", "state"),
    [("", ""), ("..", ""), (".b.Lw==", ""), ("a.b", "a"), ("a.b.w", "a"), ("a.b.Lw==.d", "a"), ("a.b.Lw==", "%C3%A9")],
)
def test_an_answer_to_nobody_signs_nobody_in(attempt: str, state: str, cognito: Cognito) -> None:
    browser = Browser()
    browser.cookies["sign-in"] = attempt

    assert come_back(browser, state).status == 303
    assert cognito.asked == []
    assert "staff" not in browser.cookies


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_leads_to_a_page_of_ours_whatever_the_browser_says(wanted: str, cognito: Cognito) -> None:
    browser = Browser()
    state = begun(browser)["state"]
    kept = browser.cookies["sign-in"].rpartition(".")[0]
    browser.cookies["sign-in"] = f"{kept}.{base64.urlsafe_b64encode(wanted.encode()).decode()}"

    assert come_back(browser, state).path == "/office"


def test_a_code_that_the_city_does_not_know_signs_nobody_in(cognito: Cognito) -> None:
    browser = Browser()
    state = begun(browser)["state"]
    cognito.status = 400

    come_back(browser, state)

    assert "staff" not in browser.cookies


def test_a_token_for_another_client_is_no_sign_in(cognito: Cognito) -> None:
    browser = Browser()
    state = begun(browser)["state"]
    cognito.audience = "somebody-elses-client"

    come_back(browser, state)

    assert "staff" not in browser.cookies


def test_within_five_minutes_nobody_asks_the_city_again(cognito: Cognito) -> None:
    browser = signed_in()

    with later(minutes=4.9):
        assert browser.get("/office").status == 200
    assert len(cognito.asked) == 1


def test_after_five_minutes_a_role_that_was_taken_away_is_gone_and_the_person_stays_signed_in(cognito: Cognito) -> None:
    cognito.groups = ["desk", "finance"]
    browser = signed_in()
    cognito.groups = ["desk"]

    with later(minutes=5.1):
        assert browser.get("/office/cost").status == 403
        assert browser.get("/office").heading == "Dag, Jamila Aerts"
    assert cognito.asked[1:] == [("/oauth2/token", {"grant_type": "refresh_token", "refresh_token": "renewal-1"})]
    with later(minutes=10.3):
        browser.get("/office")
    assert cognito.asked[-1][1]["refresh_token"] == "renewal-2"


def test_whose_account_is_disabled_is_out_after_five_minutes(cognito: Cognito) -> None:
    browser = signed_in()
    cognito.status = 400

    with later(minutes=5.1):
        assert browser.get("/office").status == 303
    assert "staff" not in browser.cookies
    assert stored() == []


def test_a_token_about_somebody_else_renews_nobody(cognito: Cognito) -> None:
    browser = signed_in()
    cognito.sub = "9e2a"

    with later(minutes=5.1):
        assert browser.get("/office").status == 303
    assert stored() == []


def test_a_desk_that_was_left_alone_is_signed_out(cognito: Cognito) -> None:
    browser = signed_in()

    with later(minutes=29):
        assert browser.get("/office").status == 200
    with later(minutes=29 + 31):
        assert browser.get("/office").status == 303
    assert "staff" not in browser.cookies


def test_a_page_that_refreshes_by_itself_keeps_nobody_signed_in(cognito: Cognito) -> None:
    cognito.groups = ["programme-manager"]
    browser = signed_in()

    for minutes in range(1, 30):
        with later(minutes=minutes):
            assert browser.get("/office/openings/2027-aaaaaa/live/figures").status == 404
    with later(minutes=31):
        assert browser.get("/office/openings/2027-aaaaaa/live/figures").status == 303


def test_a_page_that_refreshes_by_itself_hides_no_work(cognito: Cognito) -> None:
    cognito.groups = ["programme-manager"]
    browser = signed_in()

    for minutes in range(6, 60, 6):
        with later(minutes=minutes):
            browser.get("/office/openings/2027-aaaaaa/live/figures")
            assert browser.get("/office").status == 200


def test_whoever_works_on_signs_in_again_after_twelve_hours_even_if_time_to_live_is_late(cognito: Cognito) -> None:
    browser = signed_in()

    for minutes in range(25, 12 * 60, 25):
        with later(minutes=minutes):
            assert browser.get("/office").status == 200
    with later(hours=12):
        assert browser.get("/office").status == 303
    assert len(stored()) == 1


def test_a_cookie_from_before_signing_out_is_nobody(cognito: Cognito) -> None:
    browser = signed_in()
    browser.get("/office")
    copied = same_cookies(browser)

    browser.submit(button="Afmelden: Jamila Aerts")

    assert "staff" not in browser.cookies
    assert copied.get("/office").status == 303
    assert stored() == []
    assert cognito.revoked == ["renewal-1"]


def test_signing_out_ends_the_city_s_own_session_too(cognito: Cognito) -> None:
    browser = signed_in()
    shown = browser.get("/office")

    left = browser.submit(button="Afmelden: Jamila Aerts")

    assert told(left, "/logout") == {"client_id": CLIENT, "logout_uri": f"{HOST}/programme"}
    # Marks of the gate go by the page's script: the browser's whole store would take a report that waits with it.
    assert "Clear-Site-Data" not in left.headers
    assert "signing_out." in shown.html
    # A browser follows a form only to where the page with the form said that forms may lead.
    assert f"form-action 'self' {CITY};" in shown.headers["Content-Security-Policy"]
    assert f"form-action 'self' {CITY};" in left.headers["Content-Security-Policy"]
    assert CITY not in browser.get("/programme").headers["Content-Security-Policy"]


@pytest.mark.parametrize("fault", [{"answers": False}, {"status": 404}])
def test_signing_out_works_when_the_city_does_not_answer(fault: dict[str, Any], cognito: Cognito) -> None:
    browser = signed_in()
    browser.get("/office")
    copied = same_cookies(browser)
    for name, value in fault.items():
        setattr(cognito, name, value)

    assert browser.submit(button="Afmelden: Jamila Aerts").status == 303

    assert "staff" not in browser.cookies
    assert copied.get("/office").status == 303


def test_signing_out_works_when_nobody_knows_the_client(cognito: Cognito, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> signing_in.Client:
        raise Problem(BUSY)

    browser = signed_in()
    browser.get("/office")
    monkeypatch.setattr(signing_in, "_client", unknown)

    assert browser.submit(button="Afmelden: Jamila Aerts").path == "/programme"
    assert stored() == []


def test_signing_out_twice_is_no_mistake(cognito: Cognito) -> None:
    browser = signed_in()
    form = browser.get("/office")
    browser.submit(button="Afmelden: Jamila Aerts")

    browser.shown = form
    assert browser.submit(button="Afmelden: Jamila Aerts").status == 303


def test_another_site_signs_nobody_out(cognito: Cognito) -> None:
    browser = signed_in()
    browser.get("/office")

    assert browser.submit({"csrf": "guessed"}, button="Afmelden: Jamila Aerts").status == 403
    assert browser.get("/office").status == 200


def test_signing_in_again_ends_the_session_before(cognito: Cognito) -> None:
    browser = signed_in()
    copied = same_cookies(browser)
    city = begun(browser, "/office/sign-in")

    come_back(browser, city["state"])

    assert len(stored()) == 1
    assert copied.get("/office").status == 303
    assert browser.get("/office").status == 200
    assert cognito.revoked == ["renewal-1"]


def test_two_tabs_that_renew_at_once_both_go_on(cognito: Cognito) -> None:
    browser = signed_in()
    other = same_cookies(browser)

    with later(minutes=6):
        cognito.meanwhile = lambda: other.get("/office")
        assert browser.get("/office").status == 200
        assert other.shown
        assert other.shown.status == 200
        assert browser.get("/office").status == 200
    assert len(cognito.asked) == 3


def test_a_tab_that_is_refused_because_the_other_has_renewed_goes_on(cognito: Cognito) -> None:
    """A pool may take each token once."""
    browser = signed_in()
    other = same_cookies(browser)

    def other_is_faster() -> None:
        other.get("/office")
        cognito.status = 400

    with later(minutes=6):
        cognito.meanwhile = other_is_faster
        assert browser.get("/office").status == 200
    assert "staff" in browser.cookies


def test_who_signs_out_while_another_tab_renews_stays_out(cognito: Cognito) -> None:
    browser = signed_in()
    other = same_cookies(browser)
    other.get("/office")

    with later(minutes=6):
        cognito.meanwhile = lambda: other.submit(button="Afmelden: Jamila Aerts")
        assert browser.get("/office").status == 303
    assert stored() == []


@pytest.mark.parametrize("fault", [{"answers": False}, {"status": 500}, {"status": 429}])
def test_while_the_city_does_not_answer_staff_work_on_for_a_quarter_of_an_hour(
    fault: dict[str, Any], cognito: Cognito
) -> None:
    browser = signed_in()
    for name, value in fault.items():
        setattr(cognito, name, value)

    with later(minutes=14):
        assert browser.get("/office").status == 200
    with later(minutes=16):
        assert browser.get("/office").status == 503
    assert "staff" in browser.cookies
    cognito.answers, cognito.status = True, 200
    with later(minutes=17):
        assert browser.get("/office").status == 200


def test_a_cookie_that_somebody_made_is_nobody(cognito: Cognito) -> None:
    browser = Browser().sign_in(Role.DESK)
    browser.cookies["staff"] = "A" + browser.cookies["staff"][1:-1] + "_"

    assert browser.get("/office").status == 303


@pytest.mark.parametrize("answer", [{"a": "b"}, {"id_token": "no.token"}, {"id_token": "a.%%%.c"}, ["x"], "x"])
def test_a_broken_answer_of_the_city_is_a_page_with_words_and_a_number(
    answer: Any, cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in()
    monkeypatch.setattr(signing_in, "_post", lambda *_, **__: Response(200, answer))

    with later(minutes=6):
        shown = browser.get("/office")

    assert shown.status == 500
    assert shown.heading == "Er liep bij ons iets mis"
    assert "staff" in browser.cookies


def test_whoever_cannot_be_recognized_may_still_sign_in_and_out(
    cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in()
    form = browser.get("/office")
    monkeypatch.setattr(signing_in, "_post", lambda *_, **__: Response(200, {"a": "b"}))

    with later(minutes=6):
        assert browser.get("/office/sign-in").status == 303
        browser.shown = form
        browser.submit(button="Afmelden: Jamila Aerts")

    assert "staff" not in browser.cookies


def test_what_colleagues_left_open_the_next_one_cannot_send(cognito: Cognito) -> None:
    """One browser at the desk: the form that the first one was shown is none of the second one's."""
    browser = Browser("en").sign_in(Role.MANAGER, name="Els Maes")
    left_open = browser.get("/office/cancellation")
    browser.sign_in(Role.MANAGER, name="Anna Peeters")

    browser.shown = left_open
    assert browser.submit(form=len(left_open.page.forms) - 1).status == 403


def test_a_session_is_asked_for_where_staff_work_and_nowhere_else(cognito: Cognito) -> None:
    staff = signed_in().cookies["staff"]

    for path in ("/programme", "/office/sign-in"):
        request("GET", path, headers={"Cookie": f"__Host-staff={staff}"})
    with later(minutes=6):
        request("GET", "/programme", headers={"Cookie": f"__Host-staff={staff}"})
    assert len(cognito.asked) == 1
