"""A citizen shows who they are by signing in, at a stand-in that believes everybody; and what others try with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.core import memory
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Case, Contact, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.counter import kinds, table
from chalicelib.front_door.counter.rules import IdentityWay
from infra.local import identity as standin
from tests.front_door.city import a_city, publish
from tests.pages.frame.browsing import Browser, Shown

ASKED = {"whom": "self", "name": "An Claeys", "born": "1985-04-12"}
AN, BEN = {"name": "An Claeys", "birthdate": "1985-04-12"}, {"name": "Ben Peeters", "birthdate": "1990-01-02"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[standin.Provider]:
    memory.forget_all()
    found = standin.Provider()
    with standin.serving(found) as address:
        monkeypatch.setenv("IDENTITY_ISSUER", address)
        monkeypatch.setenv("IDENTITY_CLIENT_ID", standin.CLIENT_ID)
        monkeypatch.setenv("IDENTITY_CLIENT_SECRET", standin.SECRET)
        yield found


@pytest.fixture
def case(table: None) -> Case:
    a_city()
    publish(kinds.form_of(kinds.BY_FORM["household"], "streets"))
    contact = Contact(email="an.claeys@example.org", name="An Claeys")
    return sending.send(CaseRequest("household", ASKED, Way.PAGE, "gezin-1", contact=contact), datetime.now(UTC)).case


def own(case: Case) -> str:
    return f"/cases/{case.receipt}/certificate?secret={case.secret}"


def signed_in(browser: Browser, case: Case, provider: standin.Provider, who: dict[str, str]) -> Shown:
    """As the provider sends the browser back."""
    sent = browser.get(f"/cases/{case.receipt}/identity?secret={case.secret}")
    location = sent.headers["Location"]
    assert location.startswith(f"{provider.address}/authorize?")
    asked = dict(parse_qsl(urlsplit(location).query))
    assert asked["prompt"] == "login"
    returned = urlsplit(provider.sign_in({**asked, **who}))
    return browser.get(f"{returned.path}?{returned.query}")


def test_whoever_signs_in_and_says_that_it_is_theirs_has_shown_who_they_are(case, provider):
    browser = Browser()
    assert "Aanmelden" in browser.get(own(case)).text
    shown = signed_in(browser, case, provider, AN)
    assert table.identity(case.case_id) is None  # nothing before they said so
    assert case.receipt in shown.text

    shown = browser.submit(button="Ja, ik heb ze verstuurd")

    assert "We weten wie je bent" in shown.text
    found = table.identity(case.case_id)
    assert found
    assert (found.way, found.name, str(found.born)) == (IdentityWay.SIGN_IN, "An Claeys", "1985-04-12")
    assert standin.ASSURANCE in found.what


def test_whoever_was_sent_anothers_link_says_no_and_nothing_is_proven(case, provider):
    browser = Browser()
    signed_in(browser, case, provider, BEN)
    browser.submit(button="Nee")
    assert table.identity(case.case_id) is None


def test_whoever_turns_back_at_the_provider_is_where_they_were(case, provider):
    browser = Browser()
    sent = browser.get(f"/cases/{case.receipt}/identity?secret={case.secret}")
    state = dict(parse_qsl(urlsplit(sent.headers["Location"]).query))["state"]
    shown = browser.get(f"/certificates/signed-in?error=access_denied&state={state}")
    assert shown.path == own(case)


def test_what_was_proven_stays_whoever_signs_in_next(case, provider):
    first, second = Browser(), Browser()
    signed_in(first, case, provider, AN)
    first.submit(button="Ja, ik heb ze verstuurd")

    signed_in(second, case, provider, BEN)
    shown = second.submit(button="Ja, ik heb ze verstuurd")

    assert shown.status == 409
    found = table.identity(case.case_id)
    assert found
    assert found.name == "An Claeys"


def test_a_code_of_another_browser_or_another_sign_in_proves_nothing(case, provider):
    browser, stranger = Browser(), Browser()
    signed_in(browser, case, provider, AN)
    assert browser.shown
    assert stranger.get(browser.shown.path).status == 404  # no sign-in was begun there
    signed_in(stranger, case, provider, BEN)
    shown = stranger.submit({"code": next(iter(provider.given))}, "Ja, ik heb ze verstuurd")  # An's code
    assert shown.status == 409
    assert table.identity(case.case_id) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "x"},
        {"aud": "another"},
        {"aud": [standin.CLIENT_ID, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 0},
        {"birthdate": "?"},
    ],
)
def test_a_token_for_somebody_else_or_of_another_time_proves_nothing(case, provider, monkeypatch, wrong):
    said = standin.Provider.claims
    monkeypatch.setattr(standin.Provider, "claims", lambda self, given: {**said(self, given), **wrong})
    browser = Browser()
    signed_in(browser, case, provider, AN)
    assert browser.submit(button="Ja, ik heb ze verstuurd").status == 409
    assert table.identity(case.case_id) is None


def test_a_city_without_a_provider_offers_none(case):
    assert "Aanmelden" not in Browser().get(own(case)).text
    assert Browser().get(f"/cases/{case.receipt}/identity?secret={case.secret}").status == 404


def test_nobody_without_the_secret_sees_or_begins_anything(case, provider):
    for path in ("certificate", "identity"):
        assert Browser().get(f"/cases/{case.receipt}/{path}?secret={'A' * 16}").status == 404


def test_the_page_of_the_request_leads_there(case, provider):
    browser = Browser()
    browser.get(f"/cases/{case.receipt}?secret={case.secret}")
    assert browser.follow("Toon wie je bent").path == own(case)
