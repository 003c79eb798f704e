"""The calendar files (iCalendar, RFC 5545) of a registration, of the moment of an opening and of an hour in the pool,
for a parent to open.

The UID of the first is the registration, so that the file of a cancellation changes the entry that the confirmation
made.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

ZONE = ZoneInfo("Europe/Brussels")
WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)
METHOD = "PUBLISH"
CANCEL = "CANCEL"
REMINDER_LASTS = timedelta(minutes=15)
RINGS_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True)
class CalendarEntry:
    """An entry of a calendar. `hours` None: not known, so whole days; `place` None: not known. `organizer_email`
    None: the file comes from a page; only what a mail publishes has an organizer (RFC 5546). `sequence`: how often its
    families were told of a change of the session, and a child of this one left it. `method`: CANCEL takes it out of the
    calendar."""

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
    sequence: int = 0
    method: str = METHOD


def calendar_file(entry: CalendarEntry, now: datetime) -> bytes:
    calendar = _calendar()
    del calendar["METHOD"]
    if entry.organizer_email is not None:
        calendar.add("METHOD", entry.method)
    calendar.add_component(_event(entry, now))
    if entry.hours:
        calendar.add_component(_zone())
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Stormloop//Stormloop//NL")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", METHOD)
    return calendar


def _zone() -> Timezone:
    """Brussels, by the rule of the European Union since 1996. Each part begins by the clock that it ends (RFC 5545,
    3.6.5): summer at two in winter's time. One rule for each, which is what Outlook reads; icalendar's own list of
    moments begins summer at three."""
    zone = Timezone()
    zone.add("TZID", ZONE.key)
    for part, name, begins, before, since, month in (
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), WINTER, SUMMER, 3),  # noqa: DTZ001 local time
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), SUMMER, WINTER, 10),  # noqa: DTZ001
    ):
        part.add("DTSTART", begins)
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", since)
        part.add("TZNAME", name)
        zone.add_component(part)
    return zone


def _organize(event: Event, name: str, email: str) -> None:
    organizer = vCalAddress(f"mailto:{email}")
    organizer.params["CN"] = vText(name)
    event.add("ORGANIZER", organizer)


def _event(entry: CalendarEntry, now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry.registration_id}@stormloop")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", entry.sequence + entry.is_cancelled)
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("SUMMARY", entry.summary)
    event.add("DESCRIPTION", entry.description)
    event.add("TRANSP", "TRANSPARENT")  # the child is away, the parent is not
    if entry.place:
        event.add("LOCATION", entry.place)
    if entry.organizer_email:
        _organize(event, entry.organizer_name, entry.organizer_email)
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
    """The moment from which on a family may register in an opening. `url`: the page on which it does. `organizer_email`
    empty: the city has said none; then the file publishes nothing, and is the family's own note."""

    opening_id: str
    family_id: str
    summary: str
    description: str
    at: datetime
    url: str
    organizer_name: str = ""
    organizer_email: str = ""


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
    return _published(event, reminder.organizer_name, reminder.organizer_email)


@dataclass(frozen=True)
class Swim:
    """An hour in the pool that a family booked. `organizer_email`: as above."""

    slot_id: str
    family_id: str
    summary: str
    description: str
    starts: datetime
    ends: datetime
    lane: str
    organizer_name: str
    organizer_email: str


def swim_file(swim: Swim, now: datetime) -> bytes:
    """The UID is the family's and the slot's, so that the file of another number of people replaces the one before."""
    event = Event()
    event.add("UID", f"{swim.slot_id}-{swim.family_id}@stormloop")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", int(now.timestamp()) // 60)
    event.add("SUMMARY", swim.summary)
    event.add("DESCRIPTION", swim.description)
    event.add("LOCATION", swim.lane)
    event.add("DTSTART", swim.starts.astimezone(UTC))
    event.add("DTEND", swim.ends.astimezone(UTC))
    return _published(event, swim.organizer_name, swim.organizer_email)


def _published(event: Event, organizer: str, email: str) -> bytes:
    """A file that publishes an event names who organizes it (RFC 5546, 3.2.1); one that names nobody publishes none."""
    calendar = _calendar()
    if email:
        _organize(event, organizer, email)
    else:
        del calendar["METHOD"]
    calendar.add_component(event)
    return bytes(calendar.to_ical())
