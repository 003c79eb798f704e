"""Data kept for a time ends by itself, by one scan of the table in each week in which something ends.

| what                                                 | until                                                |
| ---------------------------------------------------- | ---------------------------------------------------- |
| what the camp must know, and what stood there before | NOTES_KEPT after the last session of that child;     |
|                                                      | without one, a year after it was entered             |
| a registration, cancelled too                        | as many months after its session as the city sets    |
| a mail that was never delivered                      | as long                                              |
| who marked a child at the gate, when, and notes      | as long; that it was there that day, seven years     |

Everything else has a time to live of its own (docs/privacy.md). Notes have one too, which is longer; but only a look at
the registrations tells which session is a child's last, and a note must not be gone before the camp is over, also when
staff move it. Repeating it is harmless; what breaks off is done the next week.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.booking.presence import table as presence
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.mail import undelivered
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import NOTES_KEPT, NOTES_WITHOUT_SESSION
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.rights import erasing

MONTH = timedelta(days=30.4)
# As infra/template.yaml runs it.
EVERY = timedelta(days=7)
QUARTERS = (1, 4, 7, 10)

# session_id to its last day.
Ends = Mapping[str, date | None]


@dataclass
class Swept:
    """How many of each were deleted."""

    notes: int = 0
    registrations: int = 0


def sweep(now: datetime, months: int) -> Swept:
    """`months`: how long a registration is kept after its session. Raises Busy; what was done stays."""
    swept, kept, day = Swept(), months * MONTH, today(now)
    ends: Ends = {one.session_id: one.ends_on for one in programme.all_sessions(consistent_read=True)}
    if not is_due(ends, day, kept):
        return swept
    settled: set[str] = set()
    for items, _ in table.scan(**_SCAN):
        for item in items:
            if cares.is_care(item):
                family_id, child_id, care = cares.read(item)
                if notes_end(registrations.of_family(family_id), child_id, care.entered_at, ends) < day:
                    cares.delete(item)
                    swept.notes += 1
            elif registration_end(record := registrations.read(item), ends, kept) < day:
                # Before the first record of its session goes, which leads to it.
                if record.session_id not in settled:
                    presence.keep_days_alone(record.session_id)
                    settled.add(record.session_id)
                erasing.give_back(record, now)
                swept.registrations += 1
    undelivered.erase_before(now - kept)
    return swept


def is_due(ends: Ends, day: date, kept: timedelta) -> bool:
    """Whether the table is looked through on this day: when something may have ended in the last two weeks, so that a
    run that was missed is made up for, and at the beginning of a quarter, for what belongs to no session. Looking
    through a season costs 2,800 read units, which an idle month is not to pay for each week."""
    if day.month in QUARTERS and day.day <= EVERY.days:
        return True
    since = day - 2 * EVERY
    return any(since <= one + after < day for one in ends.values() if one for after in (NOTES_KEPT, kept))


def notes_end(records: list[Registration], child_id: str, entered_at: datetime, ends: Ends) -> date:
    """The last day on which it may have to be known. A session without a day, or out of the programme, counts as one
    that ends when its registration was made."""
    last = [
        ends.get(one.session_id) or one.created_at.date()
        for one in records
        if child_id in one.child_ids and one.cancelled_at is None
    ]
    if not last:
        return entered_at.date() + NOTES_WITHOUT_SESSION
    return max(*last, entered_at.date()) + NOTES_KEPT


def registration_end(record: Registration, ends: Ends, kept: timedelta) -> date:
    return (ends.get(record.session_id) or record.created_at.date()) + kept


_SCAN: dict[str, Any] = {
    "FilterExpression": "begins_with(pk, :family) AND (begins_with(sk, :notes) OR "
    "begins_with(sk, :former) OR begins_with(sk, :registration))",
    "ExpressionAttributeValues": {
        ":family": {"S": families.PARTITION},
        ":notes": {"S": cares.PREFIX},
        ":former": {"S": cares.FORMER},
        ":registration": {"S": registrations.PREFIX},
    },
}
