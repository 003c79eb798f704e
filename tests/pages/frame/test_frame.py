"""The frame of every page: who a browser is, what it may load, what it remembers, and that forms are ours."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.pages.frame import signing_in
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import tokens
from chalicelib.people.staff.rules import Role
from chalicelib.routes import ROUTES, Route
from tests.camps import NOOR, Family, family, request
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, family_browser


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.mark.parametrize(("language", "heading"), [("nl", "Programma"), ("fr", "Programme"), ("en", "Programme")])
def test_a_page_speaks_the_language_of_the_browser(language: str, heading: str) -> None:
    shown = Browser(language).get("/programme")

    assert shown.heading == heading
    assert f'<html lang="{language}">' in shown.html


def test_a_language_that_was_chosen_is_remembered() -> None:
    browser = Browser("nl")
    browser.get("/programme")

    assert browser.follow("FR").heading == "Programme"
    assert '<html lang="fr">' in browser.get("/leave").html


def test_a_page_says_what_it_may_load_and_that_is_our_own() -> None:
    shown = Browser().get("/programme")

    policy = shown.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert "max-age" in shown.headers["Strict-Transport-Security"]
    assert not re.search(r"<[^>]+\s(style|on\w+)=|<style|<script>", shown.html)
    assert not re.search(r'(src|href)="(https?:)?//', shown.html)


PUBLIC = (
    *("/", "/programme", "/prepare", "/openings", "/status", "/ledger", "/help", "/accessibility", "/privacy"),
    *("/swimming", f"/sessions/{summers.OPEN}", f"/openings/{summers.HELD}"),
)


@pytest.mark.parametrize("path", PUBLIC)
def test_what_everybody_may_know_may_be_found(path: str) -> None:
    assert "X-Robots-Tag" not in Browser().get(path).headers


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.is_api], ids=lambda route: route.address)
def test_no_page_about_a_family_or_for_staff_may_be_found(route: Route) -> None:
    path = re.sub(r"\{\w+\}", "x", route.address)
    cookie = f"__Host-pass={summers.OWN.token}"

    answer = request(
        route.method, path, headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    )

    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/api/health", "/api/sessions", "/api/registrations", "/programme"])
def test_every_answer_says_tls_only_and_no_guessing(path: str) -> None:
    headers = request("GET", path).headers

    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/openings", f"/api/openings/{summers.HELD}", "/help"])
def test_a_cache_keeps_languages_apart(path: str) -> None:
    answer = request("GET", path, headers={"Accept-Language": "fr"})

    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["Content-Language"] == "fr"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_cache_hands_nothing_compressed_to_whoever_cannot_read_it() -> None:
    assert "Accept-Encoding" in Browser().get("/help").headers["Vary"]


def test_the_programme_may_be_kept_for_a_moment_by_whoever_passes_it_on() -> None:
    assert Browser().get("/programme").headers["Cache-Control"] == "public, max-age=5"


def test_what_a_page_loads_has_a_name_of_its_own_content_and_is_kept_for_ever() -> None:
    browser = Browser()
    style = re.search(r'href="\./(assets/[^"]+\.css)"', browser.get("/programme").html)
    assert style

    shown = browser.get("/" + style[1])

    assert shown.headers["Cache-Control"].endswith("immutable")
    assert "utrecht-button" in shown.html
    assert browser.get("/assets/stormloop.00000000.css").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["passwd", "..%2Fpages.py", "x.svg", "pages.12345678.py"])
def test_nothing_else_is_an_asset(name: str) -> None:
    assert Browser().get(f"/assets/{name}").status == 404


def test_a_page_is_compressed_for_whoever_reads_that() -> None:
    shown = Browser().get("/programme", **{"Accept-Encoding": "gzip, br", "Accept": "text/html"})

    assert shown.headers["Content-Encoding"] == "gzip"
    assert len(shown.body) < 6000


def test_the_link_of_a_mail_leaves_no_token_in_an_address() -> None:
    browser = Browser()

    shown = browser.get(f"/enter?token={summers.OWN.token}&to=/leave")

    assert shown.path == "/leave"
    assert browser.cookies["pass"] == summers.OWN.token


def other_family() -> Family:
    from chalicelib.people.families import table

    other = family(NOOR, email="fatima@example.be")
    table.put(other.pass_)
    return other


def test_a_link_of_another_family_asks_before_it_replaces_the_one_that_is_there() -> None:
    other, browser = other_family(), family_browser(summers.OWN.token, "en")

    shown = browser.get(f"/enter?token={other.token}&to=/leave")

    assert (shown.status, shown.heading) == (200, "Another family uses this browser")
    assert browser.cookies["pass"] == summers.OWN.token
    assert "an.claeys@example.be" not in shown.html
    assert shown.headers["Cache-Control"] == "no-store"
    shown = browser.submit(button="Go on as fatima@example.be")
    assert shown.path == "/leave"
    assert browser.cookies["pass"] == other.token


def test_whoever_keeps_the_family_that_is_there_stays_it() -> None:
    browser = family_browser(summers.OWN.token, "en")
    browser.get(f"/enter?token={other_family().token}")

    assert browser.follow("Keep the family that is signed in").path == "/family"
    assert browser.cookies["pass"] == summers.OWN.token


def test_another_site_cannot_answer_that_question() -> None:
    other, browser = other_family(), family_browser(summers.OWN.token, "en")
    browser.get(f"/enter?token={other.token}")

    assert browser.submit({"csrf": "guessed"}, button="Go on as fatima@example.be").status == 403
    assert browser.cookies["pass"] == summers.OWN.token


def test_a_later_link_of_the_same_family_asks_nothing() -> None:
    browser = family_browser(summers.OWN.token)
    later = tokens.sign(replace(summers.CLAEYS, pass_id="4k9rtgw5mxpa"))

    assert browser.get(f"/enter?token={later}&to=/leave").path == "/leave"
    assert browser.cookies["pass"] == later


def test_a_pass_that_is_over_is_replaced_without_a_question() -> None:
    browser = family_browser("over")

    assert browser.get(f"/enter?token={summers.OWN.token}&to=/leave").path == "/leave"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "leave"])
def test_a_link_of_ours_leads_to_nobody_elses_page(to: str) -> None:
    shown = Browser().get(f"/enter?token={summers.OWN.token}&to={to}")

    assert shown.path.startswith("/family")


def test_a_broken_link_says_how_to_get_another_one() -> None:
    shown = Browser().get("/enter?token=forged")

    assert shown.status == 401
    assert "Je link aanvragen" in shown.page.links


def test_a_cookie_is_for_us_alone_and_for_no_script() -> None:
    answer = request("GET", f"/enter?token={summers.OWN.token}", headers={"Host": "kamp.kaprijke.example"})

    line = next(one for one in answer.headers["Set-Cookie"] if one.startswith("__Host-pass="))
    assert line.endswith("; HttpOnly; SameSite=Lax; Secure")


def test_leaving_forgets_the_family_on_this_device() -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")

    browser.submit(button="Afmelden")

    assert "pass" not in browser.cookies


def test_a_form_that_another_site_made_is_refused() -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")

    shown = browser.submit({"csrf": "guessed"}, button="Afmelden")

    assert shown.status == 403
    assert "pass" in browser.cookies


def test_a_form_of_another_browser_is_refused() -> None:
    other, browser = Browser(), family_browser(summers.OWN.token)
    other.get("/leave")
    browser.get("/leave")
    browser.cookies["visit"] = other.cookies["visit"]

    assert browser.submit(button="Afmelden").status == 403


def test_a_form_that_one_family_was_shown_no_other_can_send() -> None:
    """One browser, two families: what the first left open is not sent as the second."""
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")
    browser.cookies["pass"] = other_family().token

    assert browser.submit(button="Afmelden").status == 403
    assert "pass" in browser.cookies


def test_a_form_that_a_family_was_shown_cannot_be_sent_without_it() -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")
    del browser.cookies["pass"]

    assert browser.submit(button="Afmelden").status == 403


def test_a_later_link_of_the_family_leaves_its_open_forms_good() -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")
    browser.cookies["pass"] = tokens.sign(replace(summers.CLAEYS, pass_id="4k9rtgw5mxpa"))

    assert browser.submit(button="Afmelden").status == 200


def test_a_form_outlives_a_change_of_keys_and_no_key_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    old, browser = os.environ["FORM_KEYS"], family_browser(summers.OWN.token)
    browser.get("/leave")

    monkeypatch.setenv("FORM_KEYS", f"new:a new key,{old}")
    assert browser.submit(button="Afmelden").status == 200
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")
    monkeypatch.setenv("FORM_KEYS", old)
    assert browser.submit(button="Afmelden").status == 403


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://kamp.kaprijke.example.evil.example"},
    {"Origin": "https://other.kaprijke.example", "Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
    {"Origin": "https://["},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://kamp.kaprijke.example", "Sec-Fetch-Site": "cross-site"},
)
OWN = ({}, {"Origin": "https://kamp.kaprijke.example"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"})


@pytest.mark.parametrize("said", FOREIGN)
def test_a_form_that_another_site_sent_is_refused_even_with_our_mark(said: dict[str, str]) -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")

    assert browser.submit(button="Afmelden", **said).status == 403
    assert "pass" in browser.cookies


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.method == "POST" and not one.is_api], ids=lambda one: one.address
)
def test_no_page_takes_a_form_from_another_site(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing by the names in the address exists: a page that looks it up first has nothing to refuse. Nor has one that
    takes a file, which this is none."""
    asked: list[bool] = []
    monkeypatch.setattr(Visit, "is_from_elsewhere", property(lambda _: asked.append(True) or True))
    staff = Browser().sign_in(*Role).cookies["staff"]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"__Host-staff={staff}; __Host-pass={summers.OWN.token}; __Host-link={summers.OFFER_TOKEN}",
    }
    path = re.sub(r"\{\w+\}", "2027-aaaaaa", route.address)

    assert request("POST", path, headers=headers).status_code in (403, 404, 422)
    files = ("/tariffs", "/account/conditions", "/statements", "/intake/mail", "/intake/scan", "/office/areas")
    takes_a_file = route.address.endswith(files)
    assert asked or "{" in route.address or "import" in route.address or takes_a_file


@pytest.mark.parametrize("said", OWN)
def test_a_form_of_ours_passes_and_an_old_browser_s_too(said: dict[str, str]) -> None:
    browser = family_browser(summers.OWN.token)
    browser.get("/leave")

    assert browser.submit(button="Afmelden", **said).status == 200
    assert "pass" not in browser.cookies


def test_whoever_is_not_signed_in_is_sent_to_the_citys_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "_client", lambda: signing_in.Client("client-of-kaprijke", "its secret"))

    shown = Browser().get("/office")

    assert shown.headers["Location"].startswith("https://sign-in.kaprijke.example/logout?client_id=client-of-kaprijke")
    where = Browser().get("/office/sign-in/page").headers["Location"]
    assert where.startswith("https://sign-in.kaprijke.example/oauth2/authorize?client_id=client-of-kaprijke")
    assert "code_challenge_method=S256" in where


def test_staff_who_are_signed_in_are_greeted_by_name() -> None:
    assert Browser().sign_in(Role.DESK, name="Jamila Aerts").get("/office").heading == "Dag, Jamila Aerts"


def test_signing_out_forgets_them() -> None:
    browser = Browser().sign_in(Role.DESK)
    browser.get("/office")

    browser.submit(button="Afmelden: Els Maes")

    assert "staff" not in browser.cookies
