"""The receipt: how a registration stands, what it costs to cancel, what can still be done; and who may look at it."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from icalendar import Calendar

from chalicelib.booking.offers import links
from chalicelib.booking.registrations.rules import reference
from chalicelib.people.child_info import table
from chalicelib.people.child_info.rules import Care, Contact
from chalicelib.programme.sessions.rules import Session
from tests.booking.offers.conftest import THE_NEXT_EVENING, Town
from tests.booking.offers.test_offering import registered, status
from tests.camps import JEF, LOU, NOOR, Family, family, published, request
from tests.office.desk.counter import MANAGER
from tests.pages.frame.browsing import Browser, family_browser

CARE = Care((Contact("An", "0470 11 22 33"),), "Pinda", (), datetime(2027, 5, 1, tzinfo=UTC))


@pytest.fixture
def session(town: Town) -> Session:
    return published(capacity=2, note="kansentarief 15.00")


@pytest.fixture
def claeys(session: Session) -> Family:
    return family(LOU, JEF)


@pytest.fixture
def both(session: Session, claeys: Family) -> str:
    """Lou's and Jef's seats."""
    return registered(claeys, session, LOU, JEF)


@pytest.fixture
def amrani(both: str) -> Family:
    return family(NOOR, email="fatima@example.be", language="fr")


@pytest.fixture
def waiting(session: Session, amrani: Family) -> str:
    """Noor's place on the waiting list."""
    return registered(amrani, session, NOOR)


def test_it_says_who_what_when_what_it_costs_and_how_it_stands(both: str, claeys: Family):
    shown = family_browser(claeys.token).get(f"/registrations/{both}")

    assert (shown.status, shown.heading) == (200, "De inschrijving is bevestigd")
    for words in (
        "Lou en Jef", "Bouwkamp (Lembeke)", "16 augustus", "Lembeke", reference(both), "Kaprijke",
        "€ 90,00 in totaal: 2 kinderen, elk € 45,00", "(kansentarief 15.00)",
    ):  # fmt: skip
        assert words in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_it_says_what_cancelling_costs_now_and_until_when(both: str, claeys: Family):
    text = family_browser(claeys.token).get(f"/registrations/{both}").text

    assert "Tot en met maandag 2 augustus 2027: gratis" in text
    assert "Tot en met zaterdag 14 augustus 2027: € 45,00" in text
    assert "Daarna: € 90,00" in text


def test_a_rule_that_came_later_does_not_change_what_was_told(both: str, claeys: Family, session: Session):
    rule = {"version": 0, "steps": [], "then": 10, "reason": "Het nieuwe reglement van 8 mei."}
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        answer = request("PUT", "/api/staff/cancellation", json.dumps(rule).encode(), MANAGER)
        assert answer.status_code == 200

        assert "Daarna: € 90,00" in family_browser(claeys.token).get(f"/registrations/{both}").text


def test_what_the_camp_must_know_is_asked_for_until_it_is_said(both: str, claeys: Family):
    browser = family_browser(claeys.token)
    text = browser.get(f"/registrations/{both}").text
    assert "Eén ding moet nog: laat het kamp weten wie het kan bellen en wat het moet weten van Lou en Jef" in text
    assert "Je hoeft niets meer te doen" not in text

    for child in (LOU, JEF):
        table.replace(claeys.pass_.family_id, child.child_id, None, CARE, 2**31)

    assert "Je hoeft niets meer te doen" in browser.get(f"/registrations/{both}").text


def test_the_link_of_the_mail_leads_to_what_is_missing_and_shows_nothing_that_was_said(both: str, claeys: Family):
    browser = Browser("nl")
    link = urlsplit(links.to_registration(both, claeys.pass_.pass_id))
    browser.get(f"{link.path}?{link.query}")
    browser.follow("Wat het kamp moet weten over Lou")

    shown = browser.submit({"contacts[0].name": "Oma Rita", "contacts[0].phone": "0470 12 34 56", "medical": "Noten"})

    assert shown.path == f"/registrations/{both}"
    assert "wat het moet weten van Jef" in shown.text
    kept = table.get(claeys.pass_.family_id, LOU.child_id)
    assert kept is not None
    assert (kept.contacts[0].name, kept.medical) == ("Oma Rita", "Noten")
    again = browser.get(f"/registrations/{both}/children/{LOU.child_id}")
    assert again.path == f"/registrations/{both}"
    assert "Noten" not in again.html


def test_nobody_says_by_that_link_what_somebody_said_meanwhile(both: str, claeys: Family):
    browser = Browser("nl")
    link = urlsplit(links.to_registration(both, claeys.pass_.pass_id))
    browser.get(f"{link.path}?{link.query}")
    browser.get(f"/registrations/{both}/children/{LOU.child_id}")
    table.replace(claeys.pass_.family_id, LOU.child_id, None, CARE, 2**31)

    assert browser.submit({"medical": "Niets"}).path == f"/registrations/{both}"
    assert table.get(claeys.pass_.family_id, LOU.child_id) == CARE
    assert browser.get(f"/registrations/{both}/children/{NOOR.child_id}").status == 404


def test_it_says_what_to_bring_in_the_city_s_words(both: str, claeys: Family):
    shown = family_browser(claeys.token).get(f"/registrations/{both}")

    assert "Wat meebrengen" in shown.page.headings
    assert "kleren die vuil mogen worden" in shown.text


def test_the_picture_for_the_desk_has_the_reference_and_no_token(both: str, claeys: Family):
    html = family_browser(claeys.token).get(f"/registrations/{both}").html

    assert f'aria-label="QR-code met de referentie {reference(both)}"' in html
    assert claeys.token not in html


def test_the_calendar_file_is_that_of_the_mail_and_forgets_what_is_cancelled(both: str, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}")
    (event,) = Calendar.from_ical(browser.follow("In mijn agenda zetten").body.decode()).events
    assert (event["UID"], event["STATUS"]) == (f"{both}@stormloop", "CONFIRMED")

    claeys.cancel(both)
    browser.get(f"/registrations/{both}")

    (event,) = Calendar.from_ical(browser.follow("Uit mijn agenda halen").body.decode()).events
    assert (event["UID"], event["STATUS"]) == (f"{both}@stormloop", "CANCELLED")


def test_cancelling_asks_once_more_and_says_what_it_costs(town: Town, both: str, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}")
    asked = browser.follow("Deze inschrijving annuleren")
    assert asked.heading == "Deze inschrijving annuleren?"
    assert "Nu annuleren kost niets" in asked.text
    assert status(claeys, both) == "confirmed"

    shown = browser.submit(button="Ja, annuleren")

    assert (shown.path, shown.heading) == (f"/registrations/{both}", "Deze inschrijving is geannuleerd")
    assert status(claeys, both) == "cancelled"
    assert browser.get(f"/registrations/{both}/cancel").path == f"/registrations/{both}"


def test_if_it_costs_more_by_then_it_asks_again(town: Town, both: str, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}/cancel")
    town.go_to(datetime(2027, 8, 3, 10, tzinfo=UTC))

    shown = browser.submit(button="Ja, annuleren")

    assert shown.status == 409
    assert "Nu annuleren kost € 45,00" in shown.text
    assert status(claeys, both) == "confirmed"
    assert browser.submit(button="Ja, annuleren").heading == "Deze inschrijving is geannuleerd"


def test_who_waits_reads_what_that_means_and_where_there_are_seats(waiting: str, amrani: Family, session: Session):
    published(title="Danskamp")
    published(title="Volle kamp", capacity=1, opens_at=None)

    shown = family_browser(amrani.token).get(f"/registrations/{waiting}")

    assert shown.heading == "Je staat op de wachtlijst"
    assert "Je nummer op de wachtlijst 1" in shown.text
    assert "Danskamp" in shown.page.links
    assert "Volle kamp" not in shown.text


def test_leaving_the_waiting_list_costs_nothing(waiting: str, amrani: Family):
    browser = family_browser(amrani.token)
    browser.get(f"/registrations/{waiting}")
    assert "Dit kost niets." in browser.follow("De wachtlijst verlaten").text

    browser.submit(button="Ja, afstaan")

    assert status(amrani, waiting) == "cancelled"


@pytest.mark.parametrize(
    ("button", "heading"),
    [
        ("Ja, ik aanvaard de plaats", "De inschrijving is bevestigd"),
        ("Ik heb tijd nodig tot zondag 9 mei 2027 om 20.00 uur", "Er wordt een plaats voor je vrijgehouden"),
    ],
)
def test_an_offer_is_answered_on_it(town: Town, both, claeys, waiting, amrani, button: str, heading: str):
    claeys.cancel(both)
    town.run()
    browser = family_browser(amrani.token)
    shown = browser.get(f"/registrations/{waiting}")
    assert "zaterdag 8 mei 2027 om 20.00 uur" in shown.text
    assert status(amrani, waiting) == "offered"

    assert browser.submit(button=button).heading == heading


def test_giving_up_an_offered_seat_is_asked_once_more(town: Town, both, claeys, waiting, amrani):
    claeys.cancel(both)
    town.run()
    browser = family_browser(amrani.token)
    browser.get(f"/registrations/{waiting}")

    asked = browser.follow("Nee, ik sta de plaats af")
    assert (asked.heading, status(amrani, waiting)) == ("De plaats afstaan?", "offered")

    assert browser.submit(button="Ja, afstaan").heading == "Deze inschrijving is geannuleerd"


def test_what_lapsed_says_so_and_where_there_are_seats(town: Town, both, claeys, waiting, amrani, session):
    claeys.cancel(both)
    town.run()
    town.go_to(THE_NEXT_EVENING)

    for _ in range(2):  # before and after the mail that says so
        shown = family_browser(amrani.token).get(f"/registrations/{waiting}")
        assert shown.heading == "Deze plaats wordt niet meer voor je vrijgehouden"
        assert "Bouwkamp (Lembeke)" in shown.text
        town.run()


def test_who_has_a_pass_is_asked_what_the_camp_must_know_and_who_has_a_link_is_not(both: str, claeys: Family):
    assert "Jef" in family_browser(claeys.token).get(f"/registrations/{both}").page.links

    browser = Browser("nl")
    browser.get(f"/registrations/{both}?link={links.sign(both, claeys.pass_.pass_id)}")

    assert browser.shown
    assert "Jef" not in browser.shown.page.links


# Who may look.


def test_the_link_of_a_mail_opens_this_registration_and_leaves_no_token_in_the_address(both: str, claeys: Family):
    other = registered(claeys, published(title="Danskamp"), LOU)
    browser = Browser("nl")

    shown = browser.get(f"/registrations/{both}?link={links.sign(both, claeys.pass_.pass_id)}")

    assert (shown.path, shown.heading) == (f"/registrations/{both}", "De inschrijving is bevestigd")
    assert "pass" not in browser.cookies
    assert browser.get(f"/registrations/{both}/cancel").status == 200
    assert browser.get(f"/registrations/{other}").status == 401
    assert browser.get("/api/registrations").status == 401


def test_whoever_came_by_a_link_can_leave_the_device(both: str, claeys: Family):
    browser = Browser("nl")
    browser.get(f"/registrations/{both}?link={links.sign(both, claeys.pass_.pass_id)}")

    browser.follow("Afmelden op dit toestel")
    browser.submit(button="Afmelden")

    assert browser.get(f"/registrations/{both}").status == 401


def test_another_family_s_and_an_unknown_one_are_the_same_page(both: str, amrani: Family):
    browser = family_browser(amrani.token)

    theirs, unknown = browser.get(f"/registrations/{both}"), browser.get(f"/registrations/{both[:11]}xxxxxxxx")

    assert theirs.status == unknown.status == 404
    assert theirs.text == unknown.text
    for path in ("cancel", "calendar.ics"):
        assert browser.get(f"/registrations/{both}/{path}").status == 404


def test_nobody_without_pass_or_link_sees_anything(both: str):
    for path in ("", "/cancel", "/calendar.ics", "?link=forged"):
        shown = Browser().get(f"/registrations/{both}{path}")
        assert shown.status == 401
        assert "Je link aanvragen" in shown.page.links


def test_a_form_from_elsewhere_cancels_nothing(both: str, claeys: Family):
    headers = {"Cookie": f"__Host-pass={claeys.token}", "Content-Type": "application/x-www-form-urlencoded"}

    assert request("POST", f"/registrations/{both}/cancel", b"cents=0", headers).status_code == 403
    assert status(claeys, both) == "confirmed"


def test_a_name_is_shown_and_not_run(town: Town):
    title = "<script>alert(1)</script>"
    claeys = family(LOU)
    id_ = registered(claeys, published(title=title), LOU)

    shown = family_browser(claeys.token).get(f"/registrations/{id_}")

    assert title in shown.text
    assert "<script" not in shown.html


# One child of several, and another session.


def test_one_child_is_cancelled_alone_after_it_was_said_what_that_costs(town: Town, both: str, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}")
    asked = browser.follow("Alleen voor Lou annuleren")
    assert asked.heading == "Alleen voor Lou annuleren?"
    assert "Voor Jef verandert er niets." in asked.text

    town.go_to(datetime(2027, 8, 3, 10, tzinfo=UTC))
    assert browser.submit(button="Ja, annuleer voor Lou").status == 409
    assert "€ 22,50" in browser.get(f"/registrations/{both}/children/{LOU.child_id}/cancel").text
    shown = browser.submit(button="Ja, annuleer voor Lou")

    assert (shown.path, shown.heading) == (f"/registrations/{both}", "De inschrijving is bevestigd")
    assert claeys.get(f"/api/registrations/{both}").json_body["child_ids"] == [JEF.child_id]


def test_a_family_moves_to_another_week_in_one_step(town: Town, both: str, claeys: Family):
    there = published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}")
    asked = browser.follow("Naar een ander kamp wisselen")
    assert "Nu wisselen kost per kind niets" in asked.text
    assert browser.submit(button="Wisselen").status == 422

    shown = browser.submit({"session_id": there.session_id}, button="Wisselen")

    assert shown.heading == "De inschrijving is bevestigd"
    assert "Dierenkamp" in shown.text
    assert reference(both) in shown.text
    old = browser.get(f"/registrations/{both}")
    assert old.heading == "Je bent naar een ander kamp gewisseld"
    assert "Dierenkamp" in old.text


def test_a_full_week_refuses_or_is_waited_for_with_the_seat_here(town: Town, both: str, claeys: Family):
    there = published(title="Dierenkamp", capacity=2, starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    registered(family(NOOR, email="fatima@example.be"), there, NOOR)
    browser = family_browser(claeys.token)
    browser.get(f"/registrations/{both}/move")
    refused = browser.submit({"session_id": there.session_id}, button="Wisselen")
    assert (refused.status, "je houdt je plaats hier" in refused.text) == (409, True)

    shown = browser.submit({"session_id": there.session_id, "waitlist": "true"}, button="Wisselen")

    assert shown.heading == "Je staat op de wachtlijst"
    assert "Je houdt je plaats in Bouwkamp (Lembeke)" in shown.text
    assert status(claeys, both) == "confirmed"


def test_the_link_of_a_mail_moves_nobody(both: str, claeys: Family):
    browser = Browser()
    browser.get(f"/registrations/{both}?link={links.sign(both, claeys.pass_.pass_id)}")

    assert browser.get(f"/registrations/{both}/move").status == 401
