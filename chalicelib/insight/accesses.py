"""Who of the city saw or changed what, as the log has it: for the auditor, a day or a family at a time.

FilterLogEvents costs nothing and takes a few calls a second; a page asks for at most MOST_CALLS of them. A family is
looked for by its mail address or its number: the log knows only a digest, which is worked out from that.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.core import settings
from chalicelib.core.moments import brussels
from chalicelib.people.access import family_digest
from chalicelib.people.families import desk_numbers
from chalicelib.people.families.identity import FAMILY_ID
from chalicelib.people.families.mailboxes import family_of

ON_A_PAGE = 100
MOST_CALLS = 3
KEPT_DAYS = 365


@dataclass(frozen=True)
class AccessLine:
    """`families`, `children`: how many; `notes`: of how many children something medical was shown or changed.
    `cases`: how many that people sent, with mails that became none."""

    at: datetime
    staff_id: str
    route: str
    sessions: Sequence[str]
    families: int
    children: int
    notes: int
    cases: int


@dataclass(frozen=True)
class AccessLines:
    """In the order of their time. `more`: where to go on; None: these are all."""

    lines: Sequence[AccessLine]
    more: str | None


def of_day(day: date, more: str | None = None) -> AccessLines:
    """By the clocks in Brussels."""
    start = datetime.combine(day, time.min, brussels())
    return _found(start, start + timedelta(days=1), None, more)


def of_family(typed: str, now: datetime, more: str | None = None) -> AccessLines:
    """Of the last year. What can be no family's finds nothing."""
    wanted = typed.strip()
    family = family_of(wanted) if "@" in wanted else desk_numbers.family_of(wanted) or wanted.lower()
    if not re.fullmatch(FAMILY_ID, family):
        return AccessLines((), None)
    return _found(now - timedelta(days=KEPT_DAYS), now + timedelta(minutes=1), family_digest(family), more)


def _found(start: datetime, end: datetime, digest: str | None, more: str | None) -> AccessLines:
    """A page of events may have none and yet be followed by others."""
    lines: list[AccessLine] = []
    for _ in range(MOST_CALLS):
        answer = _logs().filter_log_events(
            logGroupName=settings.access_log(),
            startTime=round(start.timestamp() * 1000),
            endTime=round(end.timestamp() * 1000) - 1,
            limit=ON_A_PAGE,
            **({"filterPattern": f'"{digest}"'} if digest else {}),
            **({"nextToken": more} if more else {}),
        )
        said = [json.loads(one["message"]) for one in answer["events"]]
        # An emulator that answers may know no patterns.
        lines += [_line(one) for one in said if digest is None or digest in one["families"]]
        more = answer.get("nextToken")
        if not more or lines:
            break
    return AccessLines(lines, more)


def _line(said: Mapping[str, Any]) -> AccessLine:
    return AccessLine(
        at=datetime.fromisoformat(said["at"]).astimezone(UTC),
        staff_id=said["who"],
        route=said["route"],
        sessions=said["sessions"],
        families=len(said["families"]),
        children=len(said["children"]),
        notes=said["notes"],
        cases=len(said.get("cases", ())),
    )


@lru_cache
def _logs() -> Any:
    # Somebody waits, and the function has ten seconds.
    return boto3.client("logs", config=Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2}))
