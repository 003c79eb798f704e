"""The page behind the link in a mail: what it shows, what it does, and what it must not do."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib.booking.offers import links
from tests.booking.offers.conftest import THE_NEXT_EVENING, Town, opened, seats_of
from tests.booking.offers.test_offering import accepts, registered, status
from tests.camps import JEF, LOU, NOOR, family, published, request
from tests.mail.conftest import part
from tests.office.desk.counter import close
from tests.pages.frame.browsing import Browser, Shown

ACCEPT, DECLINE = "Oui, j’accepte la place", "Non, je rends la place"
EXTEND = "J’ai besoin de temps jusqu’au dimanche 9 mai 2027 à 20h00"


@pytest.fixture
def session(town: Town):
    return published(capacity=1)


@pytest.fixture
def amrani():
    return family(NOOR, email="fatima@example.be", language="fr")


@pytest.fixture
def offered(town: Town, session, amrani) -> str:
    """Fatima's registration, to which a seat is offered."""
    claeys = family(LOU)
    first, second = registered(claeys, session), registered(amrani, session)
    claeys.cancel(first)
    town.run()
    return second


@pytest.fixture
def token(offered, amrani) -> str:
    return links.sign(offered, amrani.pass_.pass_id)


@pytest.fixture
def browser() -> Browser:
    return Browser("nl")


def look(browser: Browser, token: str) -> Shown:
    return browser.get("/offer?" + urlencode({"token": token}))


def buttons(shown: Shown) -> list[str]:
    return [pressed[1] for form in shown.page.forms for pressed in form.buttons.values() if pressed]


def test_the_mail_links_it(town: Town, session, amrani):
    claeys = family(LOU)
    first, second = registered(claeys, session), registered(amrani, session)
    town.run()
    claeys.cancel(first)
    mail = next(one for one in town.run() if one["To"] == "fatima@example.be")

    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))

    assert links.read(parse_qs(urlsplit(link).query)["token"][0]).registration_id == second


def test_an_answer_is_for_the_registration_that_was_shown_and_not_for_a_later_link(browser, token, offered, amrani):
    shown, other = look(browser, token), family(JEF)
    look(browser, links.sign(registered(other, published(title="Danskamp")), other.pass_.pass_id))

    browser.shown = shown
    assert browser.submit(button=ACCEPT).status == 403
    assert status(amrani, offered) == "offered"


def test_it_says_who_what_when_and_until_when_in_the_family_s_language(browser, token):
    shown = look(browser, token)

    assert shown.status == 200
    assert '<html lang="fr">' in shown.html
    for words in ("Noor", "Bouwkamp (Lembeke)", "16 août", "samedi 8 mai 2027 à 20h00", "Kaprijke"):
        assert words in shown.text
    assert buttons(shown) == ["accept", "extend"]
    assert DECLINE in shown.text


def test_whoever_chose_a_language_keeps_it(browser, token):
    browser.get("/programme?language=nl")

    assert '<html lang="nl">' in look(browser, token).html


def test_looking_changes_nothing_however_often_a_scanner_follows_the_link(offered, token, session, amrani):
    before = seats_of(session)

    for _ in range(3):
        look(Browser(), token)

    assert seats_of(session) == before
    assert status(amrani, offered) == "offered"


def test_the_token_leaves_the_address_at_once_and_is_kept_for_an_hour_where_no_script_reads_it(browser, token):
    answer = request("GET", "/offer?" + urlencode({"token": token}))
    line = next(one for one in answer.headers["Set-Cookie"] if one.startswith("__Host-link="))
    assert "; Max-Age=3600; HttpOnly; SameSite=Lax; Secure" in line

    shown = look(browser, token)

    assert shown.path == "/offer"
    assert token not in shown.html
    assert shown.headers["Cache-Control"] == "no-store"


def test_accepting_shows_that_the_seat_is_theirs(offered, browser, token, amrani):
    look(browser, token)

    shown = browser.submit(button=ACCEPT)

    assert (shown.status, buttons(shown), shown.heading) == (200, [], "La place est à vous")
    assert status(amrani, offered) == "confirmed"
    assert look(browser, token).text == shown.text
    assert browser.follow("Mon inscription").path == f"/registrations/{offered}"


def test_accepting_in_two_tabs_is_the_same(offered, browser, token):
    look(browser, token)
    first = browser.shown
    browser.submit(button=ACCEPT)
    browser.shown = first

    assert browser.submit(button=ACCEPT).heading == "La place est à vous"


def test_giving_up_is_asked_once_more_and_then_done(offered, browser, token, amrani):
    look(browser, token)

    asked = browser.follow(DECLINE)
    assert (asked.heading, status(amrani, offered)) == ("Rendre la place ?", "offered")
    shown = browser.submit(button="Oui, la rendre")

    assert (shown.status, shown.heading) == (200, "Cette inscription est annulée")
    assert status(amrani, offered) == "cancelled"
    assert look(browser, token).status == 409


def test_it_says_what_backing_out_costs_now_and_once_it_is_accepted(browser, token):
    shown = look(browser, token).text

    assert "La rendre ne coûte rien. Si vous l’acceptez et annulez plus tard, cela coûte :" in shown
    assert re.search("Jusqu’au .*2 août.* inclus", shown)


def test_more_time_is_asked_for_once(browser, token):
    look(browser, token)
    first = browser.shown

    shown = browser.submit(button=EXTEND)

    assert "dimanche 9 mai 2027 à 20h00" in shown.text
    assert buttons(shown) == ["accept"]
    browser.shown = first
    assert browser.submit(button=EXTEND).status == 409


def test_no_more_time_is_shown_where_registration_closes_before(session, browser, token):
    assert close(session, "2027-05-08T20:00").status_code == 200

    assert buttons(look(browser, token)) == ["accept"]


def test_an_old_page_does_not_cancel_what_is_final(offered, browser, token, amrani):
    look(browser, token)
    browser.follow(DECLINE)
    accepts(amrani, offered)

    assert browser.submit(button="Oui, la rendre").status == 409
    assert status(amrani, offered) == "confirmed"


def test_when_the_offer_is_over_the_page_says_so(town: Town, browser, token):
    first = look(browser, token)
    town.go_to(THE_NEXT_EVENING)

    answers = [look(browser, token)]
    for button in (ACCEPT, EXTEND):
        browser.shown = first
        answers.append(browser.submit(button=button))
    for shown in answers:
        assert (shown.status, buttons(shown)) == (409, [])
        assert "n’est plus gardée" in shown.text


def test_a_hold_is_completed_by_the_same_page(town: Town, browser, session):
    opened(session, hold=timedelta(hours=2))
    claeys = family(LOU)
    id_ = registered(claeys, session)
    assert "vrijdag 7 mei 2027 om 21.00 uur" in look(browser, links.sign(id_, claeys.pass_.pass_id)).text

    browser.submit(button="Ja, ik aanvaard de plaats")

    assert status(claeys, id_) == "confirmed"


def test_a_name_is_shown_and_not_run(town: Town, browser):
    title = "<script>alert(1)</script>"
    session = published(capacity=1, title=title)
    claeys, jef = family(LOU), family(JEF, email="piet@example.be")
    first, second = registered(claeys, session), registered(jef, session)
    claeys.cancel(first)
    town.run()

    shown = look(browser, links.sign(second, jef.pass_.pass_id))

    assert title in shown.text
    assert "<script" not in shown.html


@pytest.mark.parametrize("bad", ["", "x", "a.b.c"])
def test_a_link_that_is_not_ours_opens_nothing(town: Town, bad):
    browser = Browser("en")
    assert look(browser, bad).status == 401
    assert browser.get("/offer").status == 401
    browser.cookies["link"] = bad
    assert browser.get("/offer").status == 401


def test_a_pass_s_token_is_no_offer_s_and_the_other_way_round(token, browser, amrani):
    assert look(browser, amrani.token).status == 401
    assert request("GET", "/api/pass", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert browser.get("/enter?" + urlencode({"token": token})).status == 401


def test_a_link_for_another_family_s_registration_cannot_be_made_of_two(offered, town: Town, browser):
    other = family(JEF, email="piet@example.be")

    assert look(browser, links.sign(offered, other.pass_.pass_id)).status == 401


@pytest.mark.parametrize("body", [b"", b"\xff", b"answer", b"answer=accept", b"answer=accept&csrf=x"])
def test_a_form_that_is_not_ours_is_refused(offered, body, token, amrani):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"__Host-link={token}; __Host-visit=abc"}

    assert request("POST", "/offer", body, headers).status_code in (403, 422)
    assert status(amrani, offered) == "offered"


def test_an_unknown_answer_is_refused(offered, browser, token, amrani):
    look(browser, token)

    assert browser.submit({"answer": "perhaps"}).status == 422
    assert status(amrani, offered) == "offered"
