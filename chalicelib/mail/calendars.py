"""The calendar files (iCalendar, RFC 5545) of a registration and of the moment of an opening, for a parent to open.

The UID of the first is the registration, so that the file of a cancellation changes the entry that the confirmation
made.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

ZONE = ZoneInfo("Europe/Brussels")
METHOD = "PUBLISH"
REMINDER_LASTS = timedelta(minutes=15)
RINGS_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True)
class CalendarEntry:
    """An entry of a calendar. `hours` None: not known, so whole days; `place` None: not known. `organizer_email`
    None: the file comes from a page; only what a mail publishes has an organizer (RFC 5546). `changes`: how often it
    changed since it was made."""

    registration_id: str
    summary: str
    description: str
    starts_on: date
    ends_on: date
    hours: tuple[time, time] | None
    place: str | None
    organizer_name: str
    organizer_email: str | None
    is_cancelled: bool
    changes: int = 0


def calendar_file(entry: CalendarEntry, now: datetime) -> bytes:
    calendar = _calendar()
    if entry.organizer_email is None:
        del calendar["METHOD"]
    calendar.add_component(_event(entry, now))
    if entry.hours:
        calendar.add_missing_timezones(date(entry.starts_on.year, 1, 1), date(entry.ends_on.year + 1, 1, 1))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Stormloop//Stormloop//NL")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", METHOD)
    return calendar


def _event(entry: CalendarEntry, now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry.registration_id}@stormloop")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", entry.changes + entry.is_cancelled)
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("SUMMARY", entry.summary)
    event.add("DESCRIPTION", entry.description)
    event.add("TRANSP", "TRANSPARENT")  # the child is away, the parent is not
    if entry.place:
        event.add("LOCATION", entry.place)
    if entry.organizer_email:
        organizer = vCalAddress(f"mailto:{entry.organizer_email}")
        organizer.params["CN"] = vText(entry.organizer_name)
        event.add("ORGANIZER", organizer)
    if entry.hours:
        first, last = entry.hours
        event.add("DTSTART", datetime.combine(entry.starts_on, first, ZONE))
        event.add("DTEND", datetime.combine(entry.starts_on, last, ZONE))
        days = (entry.ends_on - entry.starts_on).days + 1
        if days > 1:
            event.add("RRULE", {"FREQ": "DAILY", "COUNT": days})
    else:
        event.add("DTSTART", entry.starts_on)
        event.add("DTEND", entry.ends_on + timedelta(days=1))  # exclusive: the first day after it
    return event


@dataclass(frozen=True)
class Reminder:
    """The moment from which on a family may register in an opening. `url`: the page on which it does."""

    opening_id: str
    family_id: str
    summary: str
    description: str
    at: datetime
    url: str


def reminder_file(reminder: Reminder, now: datetime) -> bytes:
    """An entry at that moment that rings ten minutes before. Fetched again after an incident moved the moment, it takes
    the place of the one before."""
    event = Event()
    event.add("UID", f"{reminder.opening_id}-{reminder.family_id}@stormloop")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", int(now.timestamp()) // 60)
    event.add("SUMMARY", reminder.summary)
    event.add("DESCRIPTION", reminder.description)
    event.add("URL", reminder.url)
    event.add("DTSTART", reminder.at.astimezone(UTC))
    event.add("DTEND", reminder.at.astimezone(UTC) + REMINDER_LASTS)
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", reminder.summary)
    alarm.add("TRIGGER", -RINGS_BEFORE)
    event.add_component(alarm)
    calendar = _calendar()
    calendar.add_component(event)
    return bytes(calendar.to_ical())
