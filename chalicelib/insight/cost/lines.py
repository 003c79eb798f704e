"""From log events to what was used: our lines and Lambda's own, joined by request id. Plain rules.

Lambda writes REPORT with the billed duration and the memory of each invocation; beside it stands our line, or several
where an invocation did several things (a batch of mails), with what that used (chalicelib/core/metering.py). What is
one invocation's (duration, requests, log) is shared equally among its lines, and each line's among the sessions that it
is about. So everything is counted once, whatever is missing: an invocation that crashed before its line has its
duration, one whose REPORT is missing its units.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.prices import Meter
from chalicelib.insight.cost.usage import UsageKey, added, of_function, of_route, shared

# Bytes that CloudWatch bills for an event besides its text.
OVERHEAD = 26
# How long an invocation's other events may come after its REPORT.
PATIENCE = timedelta(minutes=1)
API = "api"
# Lambda takes a batch from the queue and deletes it: two requests for each invocation.
REQUESTS_FOR_A_BATCH = {"mails": 2}

LAMBDAS = re.compile(r"(START|END|REPORT) RequestId: ([0-9a-fA-F-]+)")
REPORT = re.compile(r"Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB")
# By what our lines call them, the meters and how many of them one is.
METERS: Mapping[str, tuple[Meter, Decimal]] = {
    "read": (usage.READ_UNIT, Decimal(1)),
    "write": (usage.WRITE_UNIT, Decimal(1)),
    "queue": (usage.QUEUE_REQUEST, Decimal(1)),
    "mail": (usage.MAIL, Decimal(1)),
    "timer": (usage.TIMER, Decimal(1)),
    "metric": (usage.METRIC_READ, Decimal(1)),
    "sent": (usage.SENT, 1 / usage.GIGABYTE),
}


@dataclass(frozen=True)
class Event:
    """Of a log group. `at`: when it was written."""

    function: str
    at: datetime
    text: str


@dataclass(frozen=True)
class SessionOwner:
    """The municipality and the opening of a session."""

    municipality: str | None
    opening_id: str | None


@dataclass
class _Invocation:
    function: str
    at: datetime
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    used: dict[Meter, Decimal] = field(default_factory=dict)
    is_over: bool = False

    def add(self, meter: Meter, quantity: Decimal) -> None:
        self.used[meter] = self.used.get(meter, Decimal(0)) + quantity


class Counting:
    """Of one day (UTC): takes events, of each function in the order of their time, and says what was used.

    An invocation belongs to the day of its REPORT, so its events may come from the days beside: take those too.
    """

    def __init__(self, day: date, places: Mapping[str, SessionOwner]) -> None:
        self.start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self.end = self.start + timedelta(days=1)
        self.day, self.places = day, places
        self.found: dict[UsageKey, dict[Meter, Decimal]] = defaultdict(dict)
        self._open: dict[tuple[str, str], _Invocation] = {}
        self._over: deque[tuple[str, str]] = deque()
        self._openings = _of_openings(places)

    def take(self, event: Event) -> None:
        request_id, line = _read(event.text)
        self._settle(event)
        if not request_id:
            self._count_alone(event)
            return
        key = event.function, request_id
        one = self._open.setdefault(key, _Invocation(event.function, event.at))
        one.add(usage.LOG, _log(event.text))
        one.at = one.at if one.is_over else event.at
        if line is not None:
            one.lines.append(line)
        elif report := REPORT.search(event.text):
            self._bill(one, *map(int, report.groups()))
            one.at, one.is_over = event.at, True
            self._over.append(key)

    def used(self) -> dict[UsageKey, dict[Meter, Decimal]]:
        """Everything so far, with the invocations that are not over; more events may follow."""
        over = self.found
        self.found = defaultdict(dict, over)
        for one in self._open.values():
            self._count(one)
        found, self.found = dict(self.found), over
        return found

    def _settle(self, event: Event) -> None:
        """Counts and forgets invocations that ended a while ago: a day of a rush does not fit in the memory."""
        while self._over:
            key = self._over[0]
            one = self._open.get(key)
            if one and key[0] == event.function and event.at - one.at < PATIENCE:
                return
            self._over.popleft()
            if one:
                self._count(self._open.pop(key))

    def _bill(self, one: _Invocation, milliseconds: int, megabytes: int) -> None:
        one.add(usage.LAMBDA_REQUEST, Decimal(1))
        one.add(usage.LAMBDA_DURATION, Decimal(milliseconds) / 1000 * megabytes / 1024)
        if one.function == API:
            is_for_people = any(line.get("door") for line in one.lines)
            one.add(usage.PAGES_REQUEST if is_for_people else usage.API_REQUEST, Decimal(1))
        if requests := REQUESTS_FOR_A_BATCH.get(one.function):
            one.add(usage.QUEUE_REQUEST, Decimal(requests))

    def _count_alone(self, event: Event) -> None:
        """An event that says of no invocation whose it is: a warning, or that Lambda started a container."""
        if self.start <= event.at < self.end:
            self._add(UsageKey(self.day, of_function(event.function)), {usage.LOG: _log(event.text)})

    def _count(self, one: _Invocation) -> None:
        if not self.start <= one.at < self.end:
            return
        lines: Sequence[Mapping[str, Any]] = one.lines or [{}]
        for line, part in zip(lines, shared(one.used, len(lines)), strict=True):
            self._count_line(one.function, line, part)

    def _count_line(self, function: str, line: Mapping[str, Any], part: Mapping[Meter, Decimal]) -> None:
        route, activity = line.get("route"), of_function(function, line.get("kind"))
        if route:
            activity = of_route(route, str(line.get("method")))
        keys = self._keys(activity, line)
        for key, share in zip(keys, shared(added([part, _used(line)]), len(keys)), strict=True):
            self._add(key, share)
        for session_id, number in line.get("registered", {}).items():
            self._add(self._key(activity, session_id, line.get("opening_id")), {usage.REGISTRATION: Decimal(number)})

    def _keys(self, activity: Activity, line: Mapping[str, Any]) -> list[UsageKey]:
        opening_id = line.get("opening_id")
        sessions = [one for one in line.get("sessions", ()) if one in self.places]
        if sessions:
            return [self._key(activity, session_id, opening_id) for session_id in sessions]
        if opening_id in self._openings:
            return [UsageKey(self.day, activity, opening_id, self._openings[opening_id])]
        return [UsageKey(self.day, activity)]

    def _key(self, activity: Activity, session_id: str, opening_id: str | None) -> UsageKey:
        place = self.places.get(session_id, SessionOwner(None, None))
        known = opening_id if opening_id in self._openings else None
        return UsageKey(self.day, activity, place.opening_id or known, place.municipality)

    def _add(self, key: UsageKey, more: Mapping[Meter, Decimal]) -> None:
        self.found[key] = added([self.found[key], more])


def _read(text: str) -> tuple[str, Mapping[str, Any] | None]:
    """The request id that an event names, and our line if it is one; "" if it names none."""
    if lambdas := LAMBDAS.match(text):
        return lambdas[2], None
    if not text.startswith("{"):
        return "", None
    try:
        line = json.loads(text, parse_float=Decimal)
    except ValueError:
        return "", None
    request_id = line.get("request_id") if isinstance(line, dict) else None
    # Errors name the gateway's request id, which is none of Lambda's.
    return (str(request_id), line) if request_id and "level" in line and line["level"] == "INFO" else ("", None)


def _used(line: Mapping[str, Any]) -> dict[Meter, Decimal]:
    return {
        METERS[what][0]: Decimal(quantity) * METERS[what][1]
        for what, quantity in line.get("used", {}).items()
        if what in METERS
    }


def _log(text: str) -> Decimal:
    return (len(text.encode()) + OVERHEAD) / usage.GIGABYTE


def _of_openings(places: Mapping[str, SessionOwner]) -> dict[str, str | None]:
    """The municipality of each opening; None where it is several's."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for place in places.values():
        if place.opening_id:
            found[place.opening_id].add(place.municipality)
    return {opening_id: next(iter(whose)) if len(whose) == 1 else None for opening_id, whose in found.items()}


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
