"""The use since the last night's count, from the logs, when somebody asks. Nothing of it is written: at night
`gathering.py` counts the same days again, to their end.

A container goes on where it was, so that after the first time only new events are read. Reading is bounded in time, so
that the page answers within Lambda's limit; what was not reached is read when the page is asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.insight.cost import gathering, table
from chalicelib.insight.cost.gathering import KEPT, LONGEST, MILLISECOND
from chalicelib.insight.cost.lines import Counting, Event, SessionOwner, days
from chalicelib.insight.cost.usage import Usage, UsageKey

# Of the ten that the function has (.chalice/config.json): the last answer may take three more.
SECONDS_TO_READ = 4.0
SECONDS_REMEMBERED = 30
# CloudWatch shows an event some seconds after it was written.
SETTLED = timedelta(seconds=10)


class TimeIsOver(Exception):
    pass


@dataclass(frozen=True)
class InTime:
    """CloudWatch Logs, which is asked nothing more after `deadline` (monotonic): raises TimeIsOver."""

    deadline: float

    def filter_log_events(self, **asked: Any) -> Any:
        if monotonic() > self.deadline:
            raise TimeIsOver
        return _logs().filter_log_events(**asked)


@dataclass
class Reading:
    """Of the days from `first` on. `until`: all events before it are taken, and none after it. `is_known`: whether the
    days before these were counted, so that a day without events is a quiet one."""

    first: date
    places: Mapping[str, SessionOwner]
    until: datetime
    is_known: bool
    countings: dict[date, Counting] = field(default_factory=dict)
    rests_until: float = 0.0

    def go_on(self, now: datetime) -> None:
        """Takes the events until now, or as many as there is time for."""
        if monotonic() < self.rests_until:
            return
        for day in days(self.first, now.date()):
            self.countings.setdefault(day, Counting(day, self.places))
        deadline = monotonic() + SECONDS_TO_READ
        end = now - SETTLED
        try:
            for at, together in groupby(_events(self.until, end, InTime(deadline)), key=attrgetter("at")):
                for event in list(together):
                    self._take(event)
                self.until = at + MILLISECOND
                if monotonic() > deadline:
                    return
        except TimeIsOver:
            return
        except (BotoCoreError, ClientError) as error:
            log.warning("logs_not_read", error=type(error).__name__)
            return
        self.until = max(self.until, end)
        self.rests_until = monotonic() + SECONDS_REMEMBERED

    def _take(self, event: Event) -> None:
        """An invocation belongs to the day on which it ended: around midnight both days look at its events."""
        for day in {(event.at - LONGEST).date(), (event.at + LONGEST).date()}:
            if day in self.countings:
                self.countings[day].take(event)

    def found(self) -> dict[date, dict[UsageKey, Usage]]:
        """The use on each day that was reached."""
        found: dict[date, dict[UsageKey, Usage]] = {}
        for day, counting in sorted(self.countings.items()):
            used = counting.used()
            if day <= self.until.date() and (used or found or self.is_known):
                found[day] = dict(used)
        return found


def used_and_counted(
    first_day: date, last_day: date, now: datetime
) -> tuple[dict[UsageKey, Usage], dict[date, datetime]]:
    """As `table.used_and_counted`, and what the logs say of the days that no night has counted to their end."""
    used, counted = table.used_and_counted(first_day, last_day)
    due = {
        day
        for day in days(max(first_day, (now - KEPT).date()), min(last_day, now.date()))
        if day not in counted or counted[day] < _start(day) + timedelta(days=1)
    }
    if not due:
        return used, counted
    reading = _reading(now)
    for day, found in reading.found().items():
        if day in due and (day not in counted or counted[day] < reading.until):
            used = {key: usage for key, usage in used.items() if key.day != day} | found
            counted[day] = reading.until
    return used, counted


ALL = "all"
# The reading of this container. However old it is, it goes on where it was.
_readings: Memory[str, Reading] = Memory(SECONDS_REMEMBERED)


def _reading(now: datetime) -> Reading:
    """Begun anew where the programme has changed: whose a session is decides who pays."""
    places = table.places()
    reading = _readings.last(ALL)
    if reading is None or reading.places != places:
        reading = _new(places, now)
        _readings.put(ALL, reading)
    reading.go_on(now)
    return reading


def _new(places: Mapping[str, SessionOwner], now: datetime) -> Reading:
    first, is_known = gathering.first_to_count(now)
    return Reading(first, places, _start(first) - LONGEST, is_known)


def _events(start: datetime, end: datetime, logs: InTime) -> Any:
    """Of all functions, in the order of their time."""
    each = (gathering.events(function, start, end, logs) for function in gathering.GROUPS)
    return merge(*each, key=attrgetter("at"))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@lru_cache
def _logs() -> Any:
    return boto3.client("logs", config=Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1}))
