"""Once a day, from the logs to the table: what was used, by activity, opening and municipality.

Reads the log groups (FilterLogEvents, which AWS does not bill) of every day that is not counted to its end, and writes
one item for each. A day is always counted whole and replaces what was there, so that it may break off, and be done
again at any moment.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

from chalicelib.core import settings
from chalicelib.insight.cost import table
from chalicelib.insight.cost.lines import Counting, Event, SessionOwner, days
from chalicelib.insight.cost.usage import FUNCTIONS

GROUPS = ("api", *FUNCTIONS)
# How long logs are kept (infra/template.yaml), and a function may run: so far may lie the events of one invocation.
KEPT = timedelta(days=30)
LONGEST = timedelta(minutes=15)
MOST_EVENTS = 10_000
NO_GROUP = "ResourceNotFoundException"
# Functions of their own, which a city does without.
MAY_BE_MISSING = ("photos", "seal")
MILLISECOND = timedelta(milliseconds=1)


def gather(now: datetime) -> list[date]:
    """Counts every day that is not counted to its end, today until `now`; answers which."""
    first, _ = first_to_count(now)
    known = table.places()
    counted = []
    for day in days(first, now.date()):
        used = count(day, known)
        if used:  # also on a quiet day we ourselves were there; before the first one nobody was
            table.keep(day, used, now)
            counted.append(day)
    return counted


def first_to_count(now: datetime) -> tuple[date, bool]:
    """The first day that is not counted to its end, of those whose logs are kept; and whether any was ever counted."""
    until = table.gathered_until()
    oldest = (now - KEPT).date()
    return (max((until - LONGEST).date(), oldest), True) if until else (oldest, False)


def count(day: date, known: dict[str, SessionOwner]) -> Any:
    """The use of that day, as far as the logs say it now."""
    counting = Counting(day, known)
    for function in GROUPS:
        for event in events(function, counting.start - LONGEST, counting.end + LONGEST):
            counting.take(event)
    return counting.used()


def events(function: str, start: datetime, end: datetime, logs: Any = None) -> Iterator[Event]:
    """Of the function's log group, from `start` until before `end`, in the order of their time; none of a function that
    this city does without, which has no group. `logs`: who is asked, if not AWS with all patience."""
    more: dict[str, Any] = {}
    while True:
        try:
            answer = (logs or _logs()).filter_log_events(
                logGroupName=settings.log_group(function),
                startTime=_milliseconds(start),
                endTime=_milliseconds(end - MILLISECOND),
                limit=MOST_EVENTS,
                **more,
            )
        except ClientError as error:
            if function in MAY_BE_MISSING and error.response["Error"]["Code"] == NO_GROUP:
                return
            raise
        token = answer.get("nextToken")
        if not token and not more and len(answer["events"]) == MOST_EVENTS and end - start > MILLISECOND:
            # MiniStack names no next page: half the time has fewer events.
            middle = start + (end - start) / 2
            yield from events(function, start, middle, logs)
            yield from events(function, middle, end, logs)
            return
        for one in answer["events"]:
            yield Event(function, datetime.fromtimestamp(one["timestamp"] / 1000, UTC), one["message"].rstrip("\n"))
        if not token:
            return
        more = {"nextToken": token}


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@lru_cache
def _logs() -> Any:
    return boto3.client("logs")
