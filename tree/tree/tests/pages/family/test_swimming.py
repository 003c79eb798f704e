"""A family books swimming: two taps for one that comes back; what is wrong stands beside the field."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import boto3
import pytest
import time_machine
from icalendar import Calendar

from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.people.families.identity import family_id
from chalicelib.swimming import booking
from tests.camps import family
from tests.containers import forget
from tests.pages.frame.browsing import Browser, family_browser
from tests.swimming.pool import PEETERS, SATURDAY, SUNDAY, THIS_SATURDAY, THIS_SUNDAY, opened, pattern

NOW = datetime(2027, 6, 2, 16, tzinfo=UTC)
EMAIL = "an.claeys@example.be"


@pytest.fixture(autouse=True)
def _today(table: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        opened()
        yield


@pytest.fixture
def an() -> Browser:
    """Given a mother with her link, on her own phone."""
    return family_browser(family(email=EMAIL).token, "en")


def test_anybody_sees_the_hours_and_what_is_left() -> None:
    booking.book(PEETERS, THIS_SATURDAY, 3, NOW)

    shown = Browser("en").get("/swimming")

    assert shown.heading == "Swimming hours"
    assert "10:00 to 11:00 , Saturday 5 June, Lane 1 Lane 1 17 places left" in shown.text
    assert shown.headers["Cache-Control"] == "public, max-age=5"


def test_a_family_that_comes_back_books_in_two_taps(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SUNDAY, 4, NOW)
    an.get("/swimming")

    an.follow("10:00 to 11:00, Saturday 5 June, Lane 1")
    shown = an.submit(button="Confirm")

    assert shown.path.startswith("/swimming/bookings")
    assert "Saturday 5 June 2027, 10:00 to 11:00, Lane 1: 4 people." in shown.text
    assert "This is your confirmation" in shown.text


def test_whoever_has_no_link_is_told_how_to_get_one() -> None:
    browser = Browser("en")
    browser.get(f"/swimming/{THIS_SATURDAY}")

    browser.follow("Ask for your link")
    shown = browser.submit({"email": EMAIL}, button="Mail me the link")

    assert "A mail with your link is on its way." in shown.text
    [asked] = families.of_family(family_id(EMAIL))
    assert (asked.children, asked.postcode, asked.language) == ((), "", "en")


def test_a_link_without_children_books() -> None:
    browser = Browser("en")
    browser.get("/swimming/pass")
    browser.submit({"email": EMAIL}, button="Mail me the link")
    [asked] = families.of_family(family_id(EMAIL))

    shown = browser.get(f"/enter?token={tokens.sign(asked)}&to=/swimming")
    assert shown.path == "/swimming"
    browser.get(f"/swimming/{THIS_SATURDAY}")
    browser.submit({"people": "2"}, button="Confirm")

    [made] = booking.bookings(asked.family_id, NOW)
    assert (made.slot.slot_id, made.people) == (THIS_SATURDAY, 2)


@pytest.mark.parametrize("typed", ["an@", "", "an@example.be\nBcc: x@example.be"])
def test_what_is_no_mail_address_is_said_beside_it(typed: str) -> None:
    browser = Browser("en")
    browser.get("/swimming/pass")

    shown = browser.submit({"email": typed}, button="Mail me the link")

    assert shown.status == 422
    assert 'aria-describedby=" f-email-error"' in shown.html


@pytest.mark.parametrize("typed", ["0", "1000", "-1", "two", "", "1.5", "٣"])
def test_a_number_that_cannot_be_is_said_beside_it_and_kept(an: Browser, typed: str) -> None:
    an.get(f"/swimming/{THIS_SATURDAY}")

    shown = an.submit({"people": typed}, button="Confirm")

    assert shown.status == 422
    assert "Give the number of people, 1 to 10." in shown.text
    assert f'name="people" type="text" value="{typed}"' in shown.html
    assert booking.choice(THIS_SATURDAY).left == 20


def test_too_few_places_are_said_beside_the_number(an: Browser) -> None:
    opened(pattern(places=4))
    an.get(f"/swimming/{THIS_SATURDAY}")
    booking.book(PEETERS, THIS_SATURDAY, 3, NOW)

    shown = an.submit({"people": "2"}, button="Confirm")

    assert (shown.status, "Places left: 1. Choose another hour, or fewer people." in shown.text) == (409, True)
    assert 'value="2"' in shown.html


def test_a_full_week_is_said(an: Browser) -> None:
    opened(visits=1)
    booking.book(family_id(EMAIL), THIS_SUNDAY, 1, NOW)
    an.get(f"/swimming/{THIS_SATURDAY}")

    shown = an.submit(button="Confirm")

    assert "A family may book 1 times in a week, and you have done so." in shown.text


def test_a_full_hour_is_no_link() -> None:
    opened(pattern(places=3))
    booking.book(PEETERS, THIS_SATURDAY, 3, NOW)

    shown = Browser("en").get("/swimming")

    assert "10:00 to 11:00 Lane 1 Full" in shown.text
    assert not any(THIS_SATURDAY in link for link in shown.page.links.values())


def test_a_closed_day_says_why_in_the_visitors_language() -> None:
    opened(closed={date(2027, 6, 5): {"nl": "Pompen stuk", "fr": "Pompes en panne", "en": "Pumps broken"}})

    assert "Pompes en panne" in Browser("fr").get("/swimming").text
    assert "Pumps broken" in Browser("en").get(f"/swimming/{THIS_SATURDAY}").text


def test_a_booking_has_a_file_for_the_calendar(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 4, NOW)
    an.get(f"/swimming/bookings/{THIS_SATURDAY}")

    shown = an.follow("Put it in my calendar")

    assert shown.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(shown.body.decode()).events
    assert (event["SUMMARY"], event["LOCATION"]) == ("Swimming, for 4", "Lane 1")
    assert event.decoded("DTSTART") == datetime(2027, 6, 5, 8, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2027, 6, 5, 9, tzinfo=UTC)
    assert Browser("en").get(f"/swimming/bookings/{THIS_SATURDAY}/calendar.ics").path == "/swimming/pass"


def test_another_number_of_people(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 2, NOW)
    an.get("/swimming/bookings")
    an.follow("Saturday 5 June 2027, 10:00 to 11:00")

    shown = an.submit({"people": "3"}, button="Save the number")

    assert "Lane 1: 3 people." in shown.text


def test_another_hour_instead(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 2, NOW)
    an.get(f"/swimming/bookings/{THIS_SATURDAY}")
    an.follow("Choose another hour")
    an.follow("10:00 to 11:00, Sunday 6 June, Lane 1")

    shown = an.submit(button="Confirm")

    assert "Sunday 6 June 2027, 10:00 to 11:00, Lane 1: 2 people." in shown.text
    assert [one.slot.slot_id for one in booking.bookings(family_id(EMAIL), NOW)] == [THIS_SUNDAY]


def test_cancelling(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 2, NOW)
    an.get(f"/swimming/bookings/{THIS_SATURDAY}")

    shown = an.submit(button="Cancel this booking")

    assert "The places are free again." in shown.text
    assert "You have booked nothing that is still to come." in shown.text
    assert booking.choice(THIS_SATURDAY).left == 20


def test_too_late_is_said(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 2, NOW)
    an.get(f"/swimming/bookings/{THIS_SATURDAY}")

    with time_machine.travel(NOW + timedelta(days=2, hours=15), tick=True):
        late = an.submit(button="Cancel this booking")
        again = an.get(f"/swimming/bookings/{THIS_SATURDAY}")

    assert "It is too late to change or cancel this: it could be done until 2 hours before." in late.text
    assert "It could be changed or cancelled until" in again.text
    assert "Cancel this booking" not in again.text


def test_an_hour_that_does_not_take_place_is_shown_so(an: Browser) -> None:
    booking.book(family_id(EMAIL), THIS_SATURDAY, 2, NOW)
    opened(closed={date(2027, 6, 5): {"nl": "x", "fr": "x", "en": "Pumps broken"}})

    assert "Does not take place" in an.get("/swimming/bookings").text
    assert "Pumps broken" in an.get(f"/swimming/bookings/{THIS_SATURDAY}").text
    assert "you had booked this" in an.get("/swimming").text


def test_another_familys_booking_is_nobodys_business(an: Browser) -> None:
    booking.book(PEETERS, THIS_SATURDAY, 2, NOW)

    assert an.get(f"/swimming/bookings/{THIS_SATURDAY}").status == 404
    an.get(f"/swimming/{THIS_SATURDAY}?instead={THIS_SATURDAY}")
    assert "instead" not in dict(an.shown.page.forms[-1].fields)


@pytest.mark.parametrize("path", ["/swimming/bookings", f"/swimming/bookings/{THIS_SATURDAY}"])
def test_bookings_ask_a_stranger_for_their_link(path: str) -> None:
    assert Browser("en").get(path).path == "/swimming/pass"


@pytest.mark.parametrize("week", ["2027-06-09", "nonsense", "0001-01-01", "9999-12-31", "2027-02-30", ""])
def test_any_week_can_be_asked_for(week: str) -> None:
    shown = Browser("en").get(f"/swimming?week={week}")

    assert shown.status == 200
    assert ("12 June" in shown.text) == (week == "2027-06-09")


def test_when_nothing_is_left_of_this_week_the_next_one_is_shown() -> None:
    opened(SATURDAY, SUNDAY)

    with time_machine.travel(datetime(2027, 6, 6, 12, tzinfo=UTC), tick=True):
        shown = Browser("en").get("/swimming")

    assert "Week of 7 June 2027" in shown.text


def test_an_unknown_hour_is_not_found() -> None:
    assert Browser().get("/swimming/nonsense").status == 404


def test_a_city_without_a_pool(an: Browser) -> None:
    boto3.client("dynamodb").delete_item(TableName="stormloop", Key={"pk": {"S": "SWIMMING"}, "sk": {"S": "TIMETABLE"}})
    forget()
    assert "There are no swimming hours in this week." in an.get("/swimming").text


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_no_page_says_anything_about_children(language: str) -> None:
    browser = Browser(language)
    for path in ("/swimming/pass", f"/swimming/{THIS_SATURDAY}"):
        assert not re.search(r"Lou|Claeys|birth|geboorte|naissance", browser.get(path).text)
