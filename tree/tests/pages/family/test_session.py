"""A session's page: for whom it is, how it stands, registering on it, and where else when it cannot be."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.programme.sessions.rules import Session
from tests.booking.offers.conftest import EVENING, Town, opened
from tests.camps import JEF, LOU, NOOR, TOO_OLD, Family, family, published
from tests.pages.frame.browsing import Browser, Shown, family_browser

REGISTER = "Nu inschrijven"


@pytest.fixture
def session(town: Town) -> Session:
    return published(capacity=2, note="kansentarief 15.00")


@pytest.fixture
def claeys(session: Session) -> Family:
    return family(LOU, JEF, TOO_OLD)


def address(session: Session) -> str:
    return f"/sessions/{session.session_id}"


def choices(shown: Shown) -> list[tuple[str, str]]:
    """The children on the form: id, and how their box stands."""
    boxes = re.findall(r'<input[^>]* name="child_ids" value="(\w+)"([^>]*)>', shown.html)
    return [
        (id_, "disabled" if " disabled" in rest else "checked" if " checked" in rest else "") for id_, rest in boxes
    ]


def confirmed(browser: Browser, shown: Shown) -> str:
    """The id in the address of the receipt that it led to."""
    assert shown.heading == "De inschrijving is bevestigd", shown.text
    return shown.path.rpartition("/")[2]


def test_everybody_reads_for_whom_it_is_what_it_costs_and_how_it_stands(session: Session):
    shown = Browser().get(address(session))

    assert shown.heading == "Bouwkamp (Lembeke)"
    for words in (
        "3 tot 6 jaar",
        "16 augustus",
        "Lembeke",
        "€ 45,00 per kind",
        "kansentarief 15.00",
        "nog 2 van 2 vrij",
    ):
        assert words in shown.text
    assert "Je link aanvragen" in shown.page.links
    assert shown.headers["Cache-Control"] == "public, max-age=5"
    assert shown.page.forms == []


def test_before_the_opening_it_says_when_it_is(town: Town):
    shown = Browser().get(address(published(opens_at=EVENING + timedelta(days=1))))

    assert "De inschrijvingen openen zaterdag 8 mei 2027 om 19.00 uur." in shown.text
    assert "Bereid je nu voor" in shown.page.links


def test_a_moment_that_is_not_known_yet_is_not_made_up(town: Town):
    assert "nog niet bekend" in Browser().get(address(published(opens_at=None))).text


def test_the_family_sees_which_of_its_children_can_come(session: Session, claeys: Family):
    shown = family_browser(claeys.token).get(address(session))

    assert choices(shown) == [(LOU.child_id, "checked"), (JEF.child_id, "checked"), (TOO_OLD.child_id, "disabled")]
    assert "12 jaar op de eerste dag; dit is voor 3 tot 6 jaar." in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_one_tap_registers_the_chosen_children_and_shows_the_receipt(session: Session, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(address(session))

    shown = browser.submit(button=REGISTER)

    found = claeys.get(f"/api/registrations/{confirmed(browser, shown)}").json_body
    assert found["child_ids"] == [LOU.child_id, JEF.child_id]
    assert choices(browser.get(address(session)))[0] == (LOU.child_id, "disabled")
    assert browser.follow("Naar de inschrijving voor dit kamp").path == shown.path


def test_a_double_tap_is_one_registration(session: Session, claeys: Family):
    browser = family_browser(claeys.token)
    form = browser.get(address(session))
    first = browser.submit(button=REGISTER)
    browser.shown = form

    second = browser.submit(button=REGISTER)

    assert second.path == first.path
    assert len(claeys.get("/api/registrations").json_body["registrations"]) == 1


def test_an_old_form_with_other_children_asks_to_look_first(session: Session, claeys: Family):
    browser = family_browser(claeys.token)
    form = browser.get(address(session))
    browser.submit({"child_ids": [LOU.child_id]}, button=REGISTER)
    browser.shown = form

    shown = browser.submit({"child_ids": [JEF.child_id]}, button=REGISTER)

    assert shown.status == 422
    assert "Dit formulier is al eens verstuurd" in shown.text
    assert (JEF.child_id, "checked") in choices(shown)
    confirmed(browser, browser.submit(button=REGISTER))


def test_nobody_chosen_is_said_beside_the_children(session: Session, claeys: Family):
    browser = family_browser(claeys.token)
    browser.get(address(session))

    shown = browser.submit({"child_ids": [], "waitlist": None}, button=REGISTER)

    assert shown.status == 422
    assert 'id="f-child_ids-error"' in shown.html
    assert [state for _, state in choices(shown)] == ["", "", "disabled"]
    assert re.search(r'name="waitlist" value="true">', shown.html)


def test_who_is_refused_reads_why_and_where_else(session: Session, claeys: Family):
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    published(title="Danskamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    browser = family_browser(claeys.token)
    browser.get(address(session))

    shown = browser.submit({"waitlist": None}, button=REGISTER)

    assert shown.status == 409
    assert "Vrije plaatsen: 1." in shown.text
    assert 'role="alert"' in shown.html
    assert "Danskamp" in shown.page.links
    assert choices(shown)[:2] == [(LOU.child_id, "checked"), (JEF.child_id, "checked")]
    assert claeys.get("/api/registrations").json_body["registrations"] == []


def test_who_rather_waits_is_on_the_list(session: Session, claeys: Family):
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    browser = family_browser(claeys.token)
    browser.get(address(session))

    assert browser.submit(button=REGISTER).heading == "Je staat op de wachtlijst"


def test_a_full_session_says_what_waiting_means_and_takes_who_waits(town: Town):
    session = published(capacity=1)
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    browser = family_browser(family(LOU).token)

    shown = browser.get(address(session))

    assert "het gezin aan dat het langst wacht" in shown.text
    assert browser.submit(button="Op de wachtlijst gaan staan").heading == "Je staat op de wachtlijst"


def test_a_family_whose_moment_has_not_come_reads_when_it_comes(town: Town, session: Session, claeys: Family):
    from chalicelib.programme.openings.rules import Window

    opened(session, windows=(Window(EVENING + timedelta(hours=1), timedelta()),))
    browser = family_browser(claeys.token)
    browser.get(address(session))

    shown = browser.submit(button=REGISTER)

    assert shown.status == 425
    assert "Vanaf vrijdag 7 mei 2027 om 20.00 uur." in shown.text
    assert int(shown.headers["Retry-After"]) == 3600


def test_a_closed_session_says_so(town: Town, session: Session, claeys: Family):
    town.go_to(datetime(2027, 8, 17, tzinfo=UTC))

    shown = family_browser(claeys.token).get(address(session))

    assert "Voor dit kamp kan je niet meer inschrijven." in shown.text
    assert shown.page.forms == []


def test_an_old_pass_only_looks(session: Session):
    browser = family_browser("forged")

    assert "Je link aanvragen" in browser.get(address(session)).page.links


def test_there_is_no_such_session(town: Town):
    assert Browser().get("/sessions/none").status == 404
