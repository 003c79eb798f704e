"""What a calendar program reads from the attachment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from chalicelib.mail.calendars import CalendarEntry, Reminder, Swim, calendar_file, reminder_file, swim_file
from tests.programme.sessions.examples import DAYS

NOW = datetime(2019, 5, 2, 18, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")


def entry(**changes: object) -> CalendarEntry:
    values: dict[str, object] = {
        "registration_id": "peeters23454ghx7r2p",
        "summary": "Bouwkamp (Lembeke): Lotte en Wout",
        "description": "Referentie: 3G7-FGF-WYAA",
        "starts_on": date(2019, 8, 19),
        "ends_on": date(2019, 8, 21),
        "hours": None,
        "place": None,
        "organizer_name": "Kaprijke",
        "organizer_email": "sport@kaprijke.example",
        "is_cancelled": False,
    }
    return CalendarEntry(**{**values, **changes})


def event(of: CalendarEntry) -> Event:
    calendar = Calendar.from_ical(calendar_file(of, NOW).decode())
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar.get_missing_tzids() == set()
    (found,) = calendar.events
    assert found.errors == []
    return found


def days_with_hours(of: Event) -> list[tuple[datetime, datetime]]:
    """Each occurrence, in UTC, reckoned as RFC 5545 says: the rule counts in local time."""
    start, length = of.decoded("DTSTART"), of.decoded("DTEND") - of.decoded("DTSTART")
    rule = of.get("RRULE")
    local = start.replace(tzinfo=None)
    starts = rrulestr(rule.to_ical().decode(), dtstart=local) if rule else [local]
    return [
        (one.replace(tzinfo=BRUSSELS).astimezone(UTC), (one + length).replace(tzinfo=BRUSSELS).astimezone(UTC))
        for one in starts
    ]


def test_without_hours_it_is_whole_days_and_the_end_is_the_day_after():
    found = event(entry())
    assert found.decoded("DTSTART") == date(2019, 8, 19)
    assert found.decoded("DTEND") == date(2019, 8, 22)
    assert "RRULE" not in found
    assert b"DTSTART;VALUE=DATE:20190819" in calendar_file(entry(), NOW)
    assert b"VTIMEZONE" not in calendar_file(entry(), NOW)


def test_one_day_ends_the_next():
    found = event(entry(ends_on=date(2019, 8, 19)))
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2019, 8, 19), date(2019, 8, 20))


def test_with_hours_each_day_has_its_own():
    found = event(entry(hours=(time(9), time(16, 30))))
    assert days_with_hours(found) == [
        (datetime(2019, 8, day, 7, tzinfo=UTC), datetime(2019, 8, day, 14, 30, tzinfo=UTC)) for day in (19, 20, 21)
    ]
    assert b"DTSTART;TZID=Europe/Brussels:20190819T090000" in calendar_file(entry(hours=(time(9), time(16))), NOW)


def test_a_camp_over_a_weekend_has_all_its_days():
    weekend = entry(starts_on=date(2019, 8, 16), ends_on=date(2019, 8, 20), hours=(time(9), time(16)))
    assert [start.date().day for start, _ in days_with_hours(event(weekend))] == [16, 17, 18, 19, 20]


def test_nine_o_clock_stays_nine_o_clock_when_summer_time_ends():
    autumn = entry(starts_on=date(2019, 10, 25), ends_on=date(2019, 10, 28), hours=(time(9), time(16)))
    starts = [start for start, _ in days_with_hours(event(autumn))]
    assert [start.hour for start in starts] == [7, 7, 8, 8]
    assert {start.astimezone(BRUSSELS).time() for start in starts} == {time(9)}
    zone = Calendar.from_ical(calendar_file(autumn, NOW).decode()).timezones[0].to_tz()
    for start in starts:  # a program that only trusts the file's own time zone
        assert start.astimezone(zone).time() == time(9)


def test_the_time_zone_is_as_rfc_5545_has_it():
    """Each part begins by the clock that it ends: summer time at two o'clock of winter's, not at three."""
    (zone,) = Calendar.from_ical(calendar_file(entry(hours=(time(9), time(16))), NOW).decode()).timezones
    (summer,), (winter,) = zone.daylight, zone.standard
    assert summer["DTSTART"].to_ical() == b"19960331T020000"
    assert (summer["TZOFFSETFROM"].to_ical(), summer["TZOFFSETTO"].to_ical()) == ("+0100", "+0200")
    assert winter["DTSTART"].to_ical() == b"19961027T030000"
    assert (winter["TZOFFSETFROM"].to_ical(), winter["TZOFFSETTO"].to_ical()) == ("+0200", "+0100")
    assert [one["RRULE"].to_ical() for one in (summer, winter)] == [
        b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]
    of_file = zone.to_tz()
    for hours in range(0, 24 * 800, 6):
        moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        assert moment.astimezone(of_file).replace(tzinfo=None) == moment.astimezone(BRUSSELS).replace(tzinfo=None)


def test_a_cancellation_replaces_the_entry_that_was_confirmed():
    before, after = event(entry()), event(entry(is_cancelled=True))
    assert before["UID"] == after["UID"] == "peeters23454ghx7r2p@stormloop"
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert before.decoded("DTSTAMP") == NOW


def test_a_place_that_is_not_known_is_left_out():
    assert "LOCATION" not in event(entry())
    assert event(entry(place="Sportcentrum Hazeweide, Vilvoorde; zaal 2"))["LOCATION"] == (
        "Sportcentrum Hazeweide, Vilvoorde; zaal 2"
    )


@pytest.mark.parametrize("text", ["a\r\nSTATUS:CANCELLED", "a\nEND:VEVENT", 'a";X=b:c', "a;b,c\\d", "é" * 200])
def test_no_text_becomes_a_line_of_its_own(text):
    found = event(
        entry(summary=text, description=text, place=text, organizer_name=text.replace("\r\n", " ").replace("\n", " "))
    )
    assert found["STATUS"] == "CONFIRMED"
    assert found["SUMMARY"].replace("\r\n", "\n") == text.replace("\r\n", "\n")


@given(DAYS, st.integers(0, 59), st.none() | st.tuples(st.times(), st.times()).map(sorted))
def test_any_camp_reads_back_as_it_is(starts_on, length, hours):
    ends_on = starts_on + timedelta(days=length)
    of = entry(starts_on=starts_on, ends_on=ends_on,
               hours=hours and tuple(hour.replace(second=0, microsecond=0, fold=0) for hour in hours))  # fmt: skip
    found = event(of)
    if of.hours is None:
        assert found.decoded("DTSTART") == starts_on
        assert found.decoded("DTEND") - timedelta(days=1) == ends_on
    else:
        assert found.decoded("DTSTART").replace(tzinfo=None) == datetime.combine(starts_on, of.hours[0])
        assert found.decoded("DTEND").replace(tzinfo=None) == datetime.combine(starts_on, of.hours[1])
        assert len(days_with_hours(found)) == length + 1


def test_every_line_is_at_most_75_octets():
    long = entry(summary="Kleutersportkamp met uitstap (Lembeke): " + "Lotte, Élodie, " * 20)
    assert all(len(line) <= 75 for line in calendar_file(long, NOW).split(b"\r\n"))


@pytest.mark.parametrize("email", ["sport@kaprijke.example", ""])
def test_a_file_that_publishes_a_moment_or_an_hour_in_the_pool_names_who_organizes_it(email: str):
    """RFC 5546, 3.2.1: Outlook takes one without for an invitation from nobody."""
    at = datetime(2027, 5, 7, 17, 4, 12, tzinfo=UTC)
    moment = Reminder("2027-k7m2xq", "3k9rtgw5mxp", "Inschrijven", "Om", at, "https://x.example", "Kaprijke", email)
    swim = Swim(
        "20270607k7mxfar3", "3k9rtgw5mxp", "Zwemmen", "Tot", at, at + timedelta(hours=1), "Baan 1", "Kaprijke", email
    )

    for file in (reminder_file(moment, NOW), swim_file(swim, NOW)):
        calendar = Calendar.from_ical(file)
        (event,) = calendar.events
        assert (calendar.get("METHOD"), event.get("ORGANIZER")) == (
            ("PUBLISH", "mailto:sport@kaprijke.example") if email else (None, None)
        )
        assert event.errors == []


def test_the_moment_of_an_opening_rings_ten_minutes_before():
    at = datetime(2027, 5, 7, 17, 4, 12, tzinfo=UTC)
    reminder = Reminder("2027-k7m2xq", "3k9rtgw5mxp", "Inschrijven", "Om 19.04 uur", at, "https://kamp.example/opening")

    calendar = Calendar.from_ical(reminder_file(reminder, at - timedelta(days=1)))

    [event] = calendar.walk("VEVENT")
    [alarm] = event.walk("VALARM")
    assert event.decoded("DTSTART") == at
    assert event.decoded("URL") == "https://kamp.example/opening"
    assert alarm.decoded("TRIGGER") == -timedelta(minutes=10)
    later = Calendar.from_ical(reminder_file(reminder, at)).walk("VEVENT")[0]
    assert later["UID"] == event["UID"]
    assert later.decoded("SEQUENCE") > event.decoded("SEQUENCE")
