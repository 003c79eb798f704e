"""Whether the system works now, and when it did not: for the public status page. What was not measured is said to be
so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.core import metering, settings
from chalicelib.core.counters import table as tally
from chalicelib.core.counters.rules import ANSWERS, FAILED, added
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy, is_busy
from chalicelib.core.table import key
from chalicelib.insight import history
from chalicelib.insight.history import Stretch
from chalicelib.office.incidents.outages import Minute, Outage
from chalicelib.office.incidents.public import PublicIncident, public_incident
from chalicelib.programme.openings import log as incidents
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

# A container asks once in so many seconds, however many look; for the history, which is long, less often.
SECONDS_REMEMBERED, HISTORY_REMEMBERED = 5.0, 60.0
# The requests of so long say how it goes.
RECENTLY = timedelta(minutes=10)
# Mails that wait: more than go out in about a minute.
MANY_WAITING = 500
# How far back the history goes, and how many of its days one visit may add up.
SHOWN = timedelta(days=90)
MOST_DAYS_AT_ONCE = 10


class Condition(StrEnum):
    WORKS = "works"
    DISTURBED = "disturbed"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StatusPart:
    """One thing that works, or does not. `name`: "requests", "table", "mails"; `figures`: what was measured of it."""

    name: str
    condition: Condition
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reported:
    """An incident of an opening, as its log has it."""

    opening: Opening
    entry: PublicIncident


@dataclass(frozen=True)
class SystemStatus:
    """`paused`: openings that are paused now. `measured`: outages that our own count saw, the latest first; `since`:
    the first day that was counted, None: none was.
    `reported`: incidents of openings, the latest first, with what API Gateway's metrics said of each. `history_read`:
    whether the table told us about all that."""

    at: datetime
    parts: tuple[StatusPart, ...]
    paused: tuple[Opening, ...] = ()
    measured: tuple[Outage, ...] = ()
    since: datetime | None = None
    reported: tuple[Reported, ...] = ()
    history_read: bool = True


_found: Memory[str, SystemStatus] = Memory(SECONDS_REMEMBERED)
_history: Memory[str, Stretch] = Memory(HISTORY_REMEMBERED)


def status(now: datetime) -> SystemStatus:
    """As it is at `now`, at most SECONDS_REMEMBERED ago. Never raises for what does not work: it says so."""
    return _found.get("", lambda: _now(now.astimezone(UTC)))


def _now(now: datetime) -> SystemStatus:
    mails = _mails()
    if not _table_answers():
        return _without_table(now, mails)
    try:
        recent = added(tally.between(now - RECENTLY, now + timedelta(seconds=1)).values())
        requests = of_requests(now, recent[ANSWERS], recent[FAILED])
        shown = openings.remembered(now)
        past = _past(now)
        reported = [
            Reported(one, public_incident(entry)) for one in shown for entry in incidents.log_of(one.opening_id)
        ]
    except (Busy, ClientError, BotoCoreError, PynamoDBException) as error:
        if not is_busy(error):
            raise
        return _without_table(now, mails)
    return SystemStatus(
        at=now,
        parts=(requests, StatusPart("table", Condition.WORKS), mails),
        paused=tuple(one for one in shown if one.is_paused(now)),
        measured=tuple(reversed(past.outages)),
        since=datetime(past.since.year, past.since.month, past.since.day, tzinfo=UTC) if past.since else None,
        reported=tuple(sorted(reported, key=lambda one: one.entry.at or now, reverse=True)),
    )


def _without_table(now: datetime, mails: StatusPart) -> SystemStatus:
    unknown = StatusPart("requests", Condition.UNKNOWN)
    return SystemStatus(now, (unknown, StatusPart("table", Condition.FAILS), mails), history_read=False)


def _table_answers() -> bool:
    """Asked by a client of its own: the others are patient, and would not be back before the function's time is up."""
    try:
        _dynamodb().get_item(TableName=settings.table_name(), Key=key(openings.PK, "-"))
    except (ClientError, BotoCoreError) as error:
        log.warning("table_does_not_answer", error=type(error).__name__)
        return False
    return True


def _past(now: datetime) -> Stretch:
    return _history.get("", lambda: history.stretch((now - SHOWN).date(), now, most=MOST_DAYS_AT_ONCE))


def of_requests(now: datetime, answers: int, failed: int) -> StatusPart:
    """As `office/incidents/outages.py` tells a bad minute: one failure in a hundred, and not only a handful."""
    if not answers:
        return StatusPart("requests", Condition.UNKNOWN)
    is_bad = Minute(now, answers, failed).is_bad
    broken = Condition.FAILS if failed * 2 >= answers else Condition.DISTURBED
    return StatusPart("requests", broken if is_bad else Condition.WORKS, {"answers": answers, "failed": failed})


def of_mails(waiting: int, given_up: int) -> StatusPart:
    """`given_up`: what five attempts did not bring away, until somebody has mended it."""
    disturbed = given_up > 0 or waiting >= MANY_WAITING
    figures = {"waiting": waiting, "given_up": given_up}
    return StatusPart("mails", Condition.DISTURBED if disturbed else Condition.WORKS, figures)


def _mails() -> StatusPart:
    try:
        return of_mails(_length(settings.queue_url()), _length(settings.dead_letters_url()))
    except (ClientError, BotoCoreError) as error:
        log.warning("queue_not_measured", error=type(error).__name__)
        return StatusPart("mails", Condition.UNKNOWN)


def _length(queue_url: str) -> int:
    """Messages on it, in work or not, as SQS counts them (approximately)."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer: Mapping[str, Any] = _sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
    return sum(map(int, answer["Attributes"].values()))


# Somebody waits for the page, and in an outage AWS may not answer.
_IMPATIENT = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})


@lru_cache
def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_IMPATIENT)


@lru_cache
def _sqs() -> "SQSClient":
    client: SQSClient = metering.watch(boto3.client("sqs", config=_IMPATIENT))
    return client
