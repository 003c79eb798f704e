"""Mails to many families at once, an announcement or a draw's results, at their share of the rate.

They wait in a queue of their own that nobody polls, so it costs nothing. While it holds some, a timer calls every
minute (EventBridge Scheduler; there is none otherwise), and as many move to the mails' queue as leave room for a
family's own mails: at most two fifths of what is sent in a minute, less as many as wait there already. So no
confirmation, offer or pass stands behind them for a minute, however many there are (tests/mail/flood.py simulates it).

Guarantee: at least once. A mail leaves this queue when the other one has it; that it was sent stands in the table.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from pynamodb.attributes import NumberAttribute

from chalicelib.booking.offers import timers
from chalicelib.core import settings, table
from chalicelib.core.refusals import went_through
from chalicelib.mail import queues, quota, waiting
from chalicelib.mail.quota import Waits
from chalicelib.mail.rules import MORE, MailKind

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

SHARE = 0.4
# The function has 60, and one of the two messages of its batch may be a mail for which SES takes 26.
MOST_SECONDS = 20.0


class MoreItem(table.Item):
    """The last minute in which mails moved: each has one turn, however often the timer calls."""

    minute = NumberAttribute()


def move(now: datetime) -> None:
    """Moves what may go in this minute; ends the timer if nothing waits any more."""
    if not _is_first(int(now.timestamp()) // 60):
        return
    timers.begin_every_minute(MORE.id, MORE.to_json())  # as a rule it is there: it has just called
    try:
        quota.leave_room(MailKind.ANNOUNCEMENT)
    except Waits:  # they wait here as well as there
        waiting.tell_staff(now, all_of_them=False)
        return
    room = how_many(settings.mails_a_second(), _waiting(settings.queue_url(), "Messages", "MessagesDelayed"))
    if room and not _move(room) and not _waiting(settings.later_url(), "MessagesNotVisible"):
        _end_timer()
        # What was queued meanwhile found the timer there: it was queued before the timer ended, so it is seen now.
        if _move(room):
            timers.begin_every_minute(MORE.id, MORE.to_json())


def how_many(a_second: float, waiting: int) -> int:
    """Of the mails to many, may follow in this minute. `waiting`: mails that nobody has begun with."""
    return max(0, int(a_second * 60 * SHARE) - waiting)


def _is_first(minute: int) -> bool:
    item = MoreItem("MAILS", "MORE")
    is_later = MoreItem.minute.does_not_exist() | (MoreItem.minute < minute)
    return went_through(lambda: item.update([MoreItem.minute.set(minute)], is_later))


def _end_timer() -> None:
    """The one of `timers.begin_every_minute`, which may have ended already."""
    with suppress(_scheduler().exceptions.ResourceNotFoundException):
        _scheduler().delete_schedule(Name=timers.name(MORE.id))


def _move(room: int) -> int:
    """Spread over the minute; answers how many."""
    moved, until = 0, monotonic() + MOST_SECONDS
    while moved < room and monotonic() < until:
        found = queues.client().receive_message(
            QueueUrl=settings.later_url(), MaxNumberOfMessages=min(10, room - moved), WaitTimeSeconds=1
        )
        messages = found.get("Messages", [])
        if not messages:
            break
        _hand_over(messages, [(moved + place) * 60 // room for place in range(len(messages))])
        moved += len(messages)
    return moved


def _hand_over(messages: Sequence[Any], delays: Sequence[int]) -> None:
    """The rest of a call's work is done when the message is seen again, two minutes later."""
    sent = queues.client().send_message_batch(
        QueueUrl=settings.queue_url(),
        Entries=[
            {"Id": str(place), "MessageBody": message["Body"], "DelaySeconds": delay}
            for place, (message, delay) in enumerate(zip(messages, delays, strict=True))
        ],
    )
    taken = [int(one["Id"]) for one in sent.get("Successful", [])]
    if taken:
        queues.client().delete_message_batch(
            QueueUrl=settings.later_url(),
            Entries=[{"Id": str(place), "ReceiptHandle": messages[place]["ReceiptHandle"]} for place in taken],
        )


def _waiting(queue_url: str, *of: str) -> int:
    names: Any = [f"ApproximateNumberOf{one}" for one in of]
    found = queues.client().get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return sum(map(int, found.values()))


@lru_cache
def _scheduler() -> "EventBridgeSchedulerClient":
    # Deleting a timer costs nothing, so it is not metered.
    config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})
    client: EventBridgeSchedulerClient = boto3.client("scheduler", config=config)
    return client
