"""The programme manager makes the timetable and sees what is booked; what is wrong stands beside the field."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from chalicelib.people.staff.rules import Role
from chalicelib.swimming import booking, timetable
from chalicelib.swimming.rules import SwimmingTerms
from tests.camps import family
from tests.pages.frame.browsing import Browser
from tests.swimming.pool import SATURDAY, THIS_SATURDAY, opened

NOW = datetime(2027, 6, 2, 16, tzinfo=UTC)
PAGES = (
    "/office/swimming",
    "/office/swimming/patterns",
    f"/office/swimming/patterns/{SATURDAY.pattern_id}",
    "/office/swimming/closed",
    "/office/swimming/terms",
)
SATURDAYS = {
    "lane": "Lane 1",
    "weekday": "5",
    "starts": "10:00",
    "ends": "11:00",
    "places": "20",
    "valid_from": "2027-06-01",
    "valid_until": "2027-08-31",
}
WHY = {"why.nl": "Pompen stuk", "why.fr": "Pompes en panne", "why.en": "Pumps broken"}


@pytest.fixture(autouse=True)
def _today(table: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def els() -> Browser:
    """Given a programme manager who is signed in."""
    return Browser("en").sign_in(Role.MANAGER)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
@pytest.mark.parametrize("path", PAGES)
def test_it_is_the_programme_managers(role: Role, path: str) -> None:
    opened(SATURDAY)
    assert Browser().sign_in(role).get(path).status == 403


@pytest.mark.parametrize("path", PAGES[1:])
def test_nobody_else_sends_its_forms(path: str) -> None:
    opened(SATURDAY)
    browser = Browser().sign_in(Role.MANAGER)
    browser.get(path)
    browser.sign_in(Role.DESK)

    assert browser.submit(SATURDAYS | WHY | {"day": "2027-06-05"}).status == 403
    assert timetable.current().patterns == (SATURDAY,)


def test_a_pattern_is_added(els: Browser) -> None:
    els.get("/office/swimming/patterns")

    shown = els.submit(SATURDAYS, button="Add")

    assert "Saved. Visitors see it within five seconds." in shown.text
    assert timetable.current().patterns == (SATURDAY,)
    assert "Lane 1 Saturday 10:00-11:00 20 1 June 2027 31 August 2027" in shown.text


def test_what_overlaps_is_said_beside_the_hour_and_what_was_typed_is_kept(els: Browser) -> None:
    opened(SATURDAY)
    els.get("/office/swimming/patterns")

    shown = els.submit(SATURDAYS | {"starts": "10:30", "ends": "12:00"}, button="Add")

    assert shown.status == 422
    assert "This overlaps with another hour there: 10:00 to 11:00" in shown.text
    assert dict(shown.page.forms[-1].fields) | {"csrf": ""} == SATURDAYS | {
        "starts": "10:30",
        "ends": "12:00",
        "csrf": "",
    }


def test_an_empty_form_says_what_each_field_wants(els: Browser) -> None:
    els.get("/office/swimming/patterns")

    shown = els.submit(dict.fromkeys(SATURDAYS, ""), button="Add")

    for name in SATURDAYS:
        assert f'id="f-{name}-error"' in shown.html


def test_a_pattern_is_changed(els: Browser) -> None:
    opened(SATURDAY)
    els.get("/office/swimming/patterns")
    els.follow("Change: Lane 1, Saturday, 10:00")

    els.submit({"places": "8"}, button="Save")

    assert timetable.current().patterns[0].places == 8


def test_a_closed_day_says_who_must_be_told_and_how_many(els: Browser) -> None:
    opened(SATURDAY)
    booking.book(family(email="an@example.be").pass_.family_id, THIS_SATURDAY, 3, NOW)
    booking.book(family(email="piet@example.be").pass_.family_id, THIS_SATURDAY, 2, NOW)
    els.get("/office/swimming/closed")

    shown = els.submit({"day": "2027-06-05", **WHY}, button="Close this day")

    assert "To be told: 2 families, 5 people" in shown.text
    assert "an@example.be, piet@example.be" in shown.text
    assert "Saturday 5 June 2027, 10:00 to 11:00, Lane 1: 2 families, 5 people" in shown.text
    assert "To be told: 2 families, 5 people" in els.get("/office/swimming").text


def test_a_closed_day_that_concerns_nobody_opens_again(els: Browser) -> None:
    opened(SATURDAY)
    els.get("/office/swimming/closed")
    shown = els.submit({"day": "2027-06-05", **WHY}, button="Close this day")
    assert "Nobody had booked on that day." in shown.text

    els.submit(button="Open again: Saturday 5 June 2027")

    assert timetable.current().closed == {}


def test_a_day_without_words_for_everybody_is_not_closed(els: Browser) -> None:
    els.get("/office/swimming/closed")

    shown = els.submit({"day": "2027-06-05", **WHY, "why.fr": " "}, button="Close this day")

    assert 'id="f-why-fr-error"' in shown.html
    assert "Pumps broken" in shown.html
    assert timetable.current().closed == {}


def test_the_terms(els: Browser) -> None:
    els.get("/office/swimming/terms")

    shown = els.submit({"visits_a_week": "2", "cancel_hours": "24"}, button="Save")

    assert "Saved." in shown.text
    assert timetable.current().terms == SwimmingTerms(2, 24)
    assert "Give the number of visits" in els.submit({"visits_a_week": "0"}, button="Save").text


def test_what_is_booked(els: Browser) -> None:
    opened(SATURDAY)
    booking.book("claeys23456", THIS_SATURDAY, 5, NOW)

    shown = els.get("/office/swimming")

    assert "Saturday 5 June, 10:00 to 11:00 Lane 1 1 5 20 25 %" in shown.text
    assert "There are no swimming hours in this week." in els.follow("Earlier week").text


def test_an_unknown_pattern_is_not_found(els: Browser) -> None:
    assert els.get("/office/swimming/patterns/unknown2").status == 404


@pytest.mark.parametrize("week", ["nonsense", "0001-01-01", "9999-12-31"])
def test_any_week_can_be_asked_for(els: Browser, week: str) -> None:
    opened(SATURDAY)
    assert els.get(f"/office/swimming?week={week}").status == 200
    assert els.get(f"/office/swimming/closed?closed={week}").status == 200


def test_a_day_of_the_past_is_not_closed(els: Browser) -> None:
    els.get("/office/swimming/closed")
    assert "This day is over." in els.submit({"day": "2027-06-01", **WHY}, button="Close this day").text
    assert date(2027, 6, 1) not in timetable.current().closed
