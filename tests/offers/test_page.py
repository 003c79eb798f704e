"""The page behind the link in a mail: what it shows, what it does, and what it must not do."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib.offers import links
from tests.camps import JEF, LOU, NOOR, family, published, request
from tests.confirmations.conftest import part
from tests.offers.conftest import THE_NEXT_EVENING, Town, opened, seats_of
from tests.offers.test_offering import accepts, registered, status

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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


def look(token: str, **headers: str):
    return request("GET", "/offer?" + urlencode({"token": token}), headers=headers)


def send(token: str, answer: str):
    return request("POST", "/offer", urlencode({"token": token, "answer": answer}).encode(), FORM)


def text(answer) -> str:
    body = answer.body.decode().partition("<body>")[2]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", body)).split())


def buttons(answer) -> list[str]:
    return re.findall('<button[^>]* value="([a-z]+)"', answer.body.decode())


def test_the_mail_links_it(town: Town, session, amrani):
    claeys = family(LOU)
    first, second = registered(claeys, session), registered(amrani, session)
    town.run()
    claeys.cancel(first)
    mail = next(one for one in town.run() if one["To"] == "fatima@example.be")

    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))

    assert links.read(parse_qs(urlsplit(link).query)["token"][0]).registration_id == second


def test_it_says_who_what_when_and_until_when_in_the_family_s_language(token):
    answer = look(token, **{"Accept-Language": "nl"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="fr">' in answer.body.decode()
    for words in ("Noor", "Bouwkamp (Lembeke)", "16 août", "samedi 8 mai 2027 à 20h00", "Kaprijke"):
        assert words in text(answer)
    assert buttons(answer) == ["accept", "decline", "extend"]


def test_looking_changes_nothing_however_often_a_scanner_follows_the_link(offered, token, session, amrani):
    before = seats_of(session)

    for _ in range(3):
        look(token)

    assert seats_of(session) == before
    assert status(amrani, offered) == "offered"


def test_the_address_goes_to_nobody_and_nothing_is_fetched_or_kept(token):
    answer = look(token)

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search("<script|<link|<img|src=|@import|url\\(|style=", answer.body.decode())


def test_the_style_is_the_one_that_the_policy_allows(token):
    import base64
    import hashlib

    answer = look(token)

    style = re.search("<style>(.*?)</style>", answer.body.decode(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_accepting_shows_that_the_seat_is_theirs(offered, token, amrani):
    answer = send(token, "accept")

    assert (answer.status_code, buttons(answer)) == (200, [])
    assert "La place est à vous" in text(answer)
    assert status(amrani, offered) == "confirmed"
    assert text(send(token, "accept")) == text(look(token)) == text(answer)


def test_declining_shows_that_it_is_given_up(offered, token, amrani):
    answer = send(token, "decline")

    assert answer.status_code == 200
    assert "Vous avez rendu la place" in text(answer)
    assert status(amrani, offered) == "cancelled"
    assert text(send(token, "decline")) == text(answer)
    assert look(token).status_code == 409


def test_more_time_is_asked_for_once(token):
    answer = send(token, "extend")

    assert "dimanche 9 mai 2027 à 20h00" in text(answer)
    assert buttons(answer) == ["accept", "decline"]
    assert send(token, "extend").status_code == 409


def test_an_old_mail_does_not_cancel_what_is_final(offered, token, amrani):
    accepts(amrani, offered)

    answer = send(token, "decline")

    assert "La place est à vous" in text(answer)
    assert status(amrani, offered) == "confirmed"


def test_when_the_offer_is_over_the_page_says_so(town: Town, token):
    town.go_to(THE_NEXT_EVENING)

    for answer in (look(token), send(token, "accept"), send(token, "extend")):
        assert (answer.status_code, buttons(answer)) == (409, [])
        assert "n’est plus réservée" in text(answer)


def test_a_hold_is_completed_by_the_same_page(town: Town, session):
    opened(session, hold=timedelta(hours=2))
    claeys = family(LOU)
    id_ = registered(claeys, session)
    token = links.sign(id_, claeys.pass_.pass_id)
    assert "vrijdag 7 mei 2027 om 21.00 uur" in text(look(token))

    send(token, "accept")

    assert status(claeys, id_) == "confirmed"


def test_a_name_is_shown_and_not_run(town: Town):
    title = "<script>alert(1)</script>"
    session = published(capacity=1, title=title)
    claeys, jef = family(LOU), family(JEF, email="piet@example.be")
    first, second = registered(claeys, session), registered(jef, session)
    claeys.cancel(first)
    town.run()

    answer = look(links.sign(second, jef.pass_.pass_id))

    assert title in text(answer)
    assert "<script" not in answer.body.decode()


@pytest.mark.parametrize("bad", ["", "x", "a.b.c"])
def test_a_link_that_is_not_ours_opens_nothing(town: Town, bad):
    for answer in (look(bad, **{"Accept-Language": "en"}), send(bad, "accept")):
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert request("GET", "/offer").status_code == 401


def test_a_pass_s_token_is_no_offer_s_and_the_other_way_round(token, amrani):
    assert look(amrani.token).status_code == 401
    assert request("GET", "/api/pass", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_link_for_another_family_s_registration_cannot_be_made_of_two(offered, town: Town):
    other = family(JEF, email="piet@example.be")

    assert look(links.sign(offered, other.pass_.pass_id)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff", b"token", b"answer=accept&" * 50, b"answer=accept"])
def test_a_form_that_is_not_ours_is_refused(offered, body, amrani):
    assert request("POST", "/offer", body, FORM).status_code in (401, 422)
    assert status(amrani, offered) == "offered"


def test_an_unknown_answer_is_refused(offered, token, amrani):
    assert send(token, "perhaps").status_code == 422
    assert status(amrani, offered) == "offered"
