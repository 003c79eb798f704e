"""Every morning: which reminders are due, and a message for each family that they may concern.

| reminder                            | from                             | until               | families are found by |
| ----------------------------------- | -------------------------------- | ------------------- | --------------------- |
| the family's own moment is known    | families are told (passes_until) | everybody may enter | a scan of the table   |
| it comes: that day or the next      | the day before it                | that day            | a scan of the table   |
| the camp comes, what it still lacks | CAMP_DAYS before it              | the day before it   | who has its seats     |

A reminder is due once for an opening, for a day of an opening, or for a session; that its messages are queued, or how
far, stands in the table. So a run that was missed, or broke off, is made up for by the next one, and what is past by
then is not told any more. Two runs at once queue a message twice; the second finds the mark of the first
(reminders.py), which also looks whether it still concerns the family.

While no opening and no session is near, a run reads the openings and the programme: some 20 read units for 300
sessions. For 50,000 families with a pass for two children and a registration each, each scan takes 5,000 ($0.0007), as
that of an incident does (office/incidents/announcing.py); a session takes its seats' item, 2 to 5 units. What each
reminder that is sent costs beside its mail, tests/mail/test_reminding.py counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute

from chalicelib.booking.registrations.rules import family_of
from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.mail import households, outbox
from chalicelib.mail.households import Household
from chalicelib.mail.rules import CAMP_DAYS, MailKind, Message
from chalicelib.mail.waiting import PARTITION
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, Window
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats

A_DAY = timedelta(days=1)
PREFIX = "REMIND#"
# How long it stands that a reminder's messages are queued: longer than anything is due.
KEPT = timedelta(days=60)


class NotQueued(Exception):
    """SQS did not take every message; Lambda tries again."""


class ReminderRunItem(table.Item):
    """How far the messages of one reminder are queued: `after`, a key of the scan; `is_over`: all of them are."""

    after = JSONAttribute(null=True)
    is_over = BooleanAttribute(null=True)
    expires = NumberAttribute()


@dataclass(frozen=True)
class OpeningReminder:
    """`day`: of the families' moments; None: all of them, which are known since now."""

    opening: Opening
    day: date | None = None

    @property
    def name(self) -> str:
        return f"{self.opening.opening_id}#{self.day}" if self.day else self.opening.opening_id

    def message(self, to: Pass) -> Message | None:
        """None: its window has no moment on that day, or nobody proved its mailbox."""
        if (
            not to.email
            or not to.is_proven
            or (self.day and not any(self._may_be(one) for one in _window_of(self.opening, to.postcode)))
        ):
            return None
        kind = MailKind.MOMENT_SOON if self.day else MailKind.MOMENT
        return Message(kind, f"{to.family_id}/{to.pass_id}", self.name)

    def _may_be(self, window: Window) -> bool:
        return self.day in days_of(self.opening, window)


@dataclass(frozen=True)
class CampReminder:
    session: Session

    @property
    def name(self) -> str:
        return f"camp#{self.session.session_id}"


def remind(now: datetime) -> int:
    """Queues the messages of everything that is due; answers how many. Raises NotQueued and Busy; what was queued
    stays, and the next run goes on from there."""
    of_openings = [one for opening in openings.remembered(now) for one in due_of(opening, now)]
    of_camps = [CampReminder(session) for session in near(programme.all_sessions(), today(now))]
    if not of_openings and not of_camps:
        return 0
    begun = _begun()
    queued = 0
    for opening, reminders in _by_opening(of_openings):
        queued += _of_opening(opening, reminders, begun, now)
    queued += _of_camps([one for one in of_camps if not _is_over(begun, one.name)], now)
    log.info("reminded", messages=queued)
    return queued


def due_of(opening: Opening, now: datetime) -> list[OpeningReminder]:
    """Of an opening in which each family has its own moment; none during a pause, which moves them."""
    is_told = now >= opening.plan.passes_until
    if opening.kind is OpeningKind.DRAW or opening.state is not State.PUBLISHED or not is_told:
        return []
    days = [
        day
        for day in (today(now), today(now) + A_DAY)
        if any(day in days_of(opening, one) for one in opening.plan.windows)
    ]
    known = [OpeningReminder(opening)] if now < opening.spread_ends_at else []
    return [*known, *(OpeningReminder(opening, day) for day in days)]


def days_of(opening: Opening, window: Window) -> list[date]:
    """The days, in Brussels, on which families of a window have their moments."""
    first, last = today(opening.shifted(window.opens_at)), today(opening.shifted(window.ends_at))
    return [first + number * A_DAY for number in range((last - first).days + 1)]


def near(sessions: Iterable[Session], day: date) -> list[Session]:
    """Those that begin in the next CAMP_DAYS days, not today any more."""
    return [one for one in sessions if one.starts_on and day < one.starts_on <= day + timedelta(days=CAMP_DAYS)]


def _by_opening(reminders: Iterable[OpeningReminder]) -> list[tuple[Opening, list[OpeningReminder]]]:
    found: dict[str, list[OpeningReminder]] = {}
    for one in reminders:
        found.setdefault(one.opening.opening_id, []).append(one)
    return [(several[0].opening, several) for several in found.values()]


def _of_opening(
    opening: Opening, reminders: list[OpeningReminder], begun: Mapping[str, ReminderRunItem], now: datetime
) -> int:
    """Who hears today that its moment is known hears today of no moment of today or tomorrow once more."""
    first = reminders[0]
    if first.day is None and not _is_over(begun, first.name):
        queued = _queue(first, begun.get(first.name), now)
        for one in reminders[1:]:
            _note(one.name, None, now, is_over=True)
        return queued
    left = [one for one in reminders if one.day and not _is_over(begun, one.name)]
    return sum(_queue(one, begun.get(one.name), now) for one in left)


def _queue(reminder: OpeningReminder, begun: ReminderRunItem | None, now: datetime) -> int:
    sessions = list(seats_table.get(reminder.opening.plan.session_ids).values())
    queued = 0
    for found, last in households.pages(begun.after if begun else None):
        messages = list(_messages(reminder, found, sessions, now))
        if outbox.queue(messages):
            raise NotQueued
        queued += len(messages)
        _note(reminder.name, last, now)
    _note(reminder.name, None, now, is_over=True)
    return queued


def _messages(
    reminder: OpeningReminder, found: Iterable[Household], sessions: list[Seats], now: datetime
) -> Iterator[Message]:
    for household in found:
        awaiting = household.awaits(reminder.opening.plan, sessions, now)
        message = reminder.message(awaiting) if awaiting else None
        if message:
            yield message


def _of_camps(reminders: list[CampReminder], now: datetime) -> int:
    """One message for each family and session, by the first of its registrations."""
    if not reminders:
        return 0
    seats = seats_table.get([one.session.session_id for one in reminders])
    queued = 0
    for one in reminders:
        session_id = one.session.session_id
        if session_id in seats:
            final = sorted(seats[session_id].final(int(now.timestamp())), reverse=True)
            firsts = {family_of(registration): registration for registration in final}
            if outbox.queue([Message(MailKind.CAMP_SOON, first, session_id) for first in firsts.values()]):
                raise NotQueued
            queued += len(firsts)
        _note(one.name, None, now, is_over=True)
    return queued


def _window_of(opening: Opening, postcode: str) -> list[Window]:
    """The one by which a family is admitted: the first that is for its postcode."""
    return [one for one in opening.plan.windows if one.is_for(postcode)][:1]


def _begun() -> Mapping[str, ReminderRunItem]:
    items = ReminderRunItem.query(PARTITION, ReminderRunItem.sk.startswith(PREFIX), consistent_read=True)
    return {item.sk.removeprefix(PREFIX): item for item in items}


def _is_over(begun: Mapping[str, ReminderRunItem], name: str) -> bool:
    return name in begun and bool(begun[name].is_over)


def _note(name: str, after: Mapping[str, Any] | None, now: datetime, *, is_over: bool = False) -> None:
    expires = int((now + KEPT).timestamp())
    ReminderRunItem(
        PARTITION, PREFIX + name, after=dict(after) if after else None, is_over=is_over or None, expires=expires
    ).save()
