"""The calendar file of a registration (iCalendar, RFC 5545), as an attachment that a parent opens, or from its page.

The UID is the registration, so that the file of a cancellation changes the entry that the confirmation made.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

ZONE = ZoneInfo("Europe/Brussels")
METHOD = "PUBLISH"


@dataclass(frozen=True)
class Entry:
    """What stands in the calendar. `hours` None: not known, so whole days; `place` None: not known. `organizer_email`
    None: the file comes from a page; only what a mail publishes has an organizer (RFC 5546)."""

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


def calendar_file(entry: Entry, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", "-//Stormloop//Stormloop//NL")
    calendar.add("VERSION", "2.0")
    if entry.organizer_email:
        calendar.add("METHOD", METHOD)
    calendar.add_component(_event(entry, now))
    if entry.hours:
        calendar.add_missing_timezones(date(entry.starts_on.year, 1, 1), date(entry.ends_on.year + 1, 1, 1))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry.registration_id}@stormloop")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", 1 if entry.is_cancelled else 0)
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
