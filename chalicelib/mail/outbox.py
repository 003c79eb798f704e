"""The outbox: from the table's stream to the queue of mails.

Guarantee: at least once. A change of the table stays in the stream until its messages are in the queue: what SQS did
not take is reported to Lambda, which hands the records over again from the first of them. So a message may be queued
twice, and never not at all within the 24 hours that a stream keeps its records (the alarm on its lag is earlier). The
consumer makes the second one harmless (see delivery.py).

Powertools' batch utility is not used here: it handles one record at a time, and SQS takes ten for the same price.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import sleep
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.booking.offers import timers
from chalicelib.core import metering, settings
from chalicelib.core.observability import log
from chalicelib.core.refusals import is_busy
from chalicelib.links import table as webhooks
from chalicelib.links.rules import Event
from chalicelib.mail.events import events, grouped
from chalicelib.mail.rules import DELAYS, MORE, TO_MANY, Message, messages

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST_IN_A_BATCH = 10
# Of some 250 bytes each; ten messages are less than SQS takes in a call.
MOST_EVENTS = 50
# Before each try of what SQS left out of a batch; whole calls that fail are retried by botocore already.
PAUSES = (0.0, 0.1, 0.4)

Failures = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class OutboxMessage:
    """`sequence`: the number of the stream's record that calls for the message."""

    sequence: str
    message: Message


def forward(event: Mapping[str, Any]) -> Failures:
    """Queues the messages that a stream event calls for; answers what Lambda is to hand over again, in its words."""
    due = [*_events(event["Records"]), *_due(event["Records"])]
    for one in due:
        metering.about(**one.message.about)
    for start in range(0, len(due), MOST_IN_A_BATCH):
        left = _send(due[start : start + MOST_IN_A_BATCH])
        if left:
            _begin_with_many(due)
            # Lambda repeats everything from here on, so sending the rest now would only send it twice. Events stand
            # before messages of earlier records.
            first = min(left, key=lambda one: int(one.sequence))
            return {"batchItemFailures": [{"itemIdentifier": first.sequence}]}
    _begin_with_many(due)
    return {"batchItemFailures": []}


def _due(records: Sequence[Mapping[str, Any]]) -> Iterator[OutboxMessage]:
    """In the order of the stream; a message that siblings call for twice stands at the first of them only."""
    seen = set()
    for record in records:
        change = record["dynamodb"]
        keys, old, new = (_plain(change.get(part, {})) for part in ("Keys", "OldImage", "NewImage"))
        for message in messages(record["eventName"], keys, old, new):
            if message not in seen:
                seen.add(message)
                yield OutboxMessage(change["SequenceNumber"], message)


def _events(records: Sequence[Mapping[str, Any]]) -> list[OutboxMessage]:
    """Before all messages, so that whatever breaks off behind them repeats too much and nothing too little. A city
    without a webhook has none."""
    if not _has_webhooks():
        return []
    found: list[tuple[str, Event]] = []
    for record in records:
        change = record["dynamodb"]
        keys, old, new = (_plain(change.get(part, {})) for part in ("Keys", "OldImage", "NewImage"))
        found += [(str(change["SequenceNumber"]), one) for one in events(record, keys, old, new)]
    return [OutboxMessage(one.id, one) for one in grouped(found, MOST_EVENTS)]


def _has_webhooks() -> bool:
    """Where the table does not say, whoever delivers looks again: no mail waits for it."""
    try:
        return any(one.is_told for one in webhooks.remembered())
    except Exception as error:
        if not is_busy(error):
            raise
        log.warning("webhooks_unknown")
        return True


def queue(messages: Sequence[Message]) -> int:
    """Queues messages that no change of the table calls for, in batches; answers how many SQS did not take."""
    left = 0
    due = [OutboxMessage("", message) for message in messages]
    for start in range(0, len(due), MOST_IN_A_BATCH):
        left += len(_send(due[start : start + MOST_IN_A_BATCH]))
    _begin_with_many(due)
    return left


def _begin_with_many(due: Sequence[OutboxMessage]) -> None:
    """Behind the messages, so that whoever ends the timer because nothing waits finds them when it looks once more
    (more.py). A timer that was there already brings them too. Where none can be made, the message that says that there
    is more makes it: a family's own mails do not wait for that."""
    if not any(one.message.kind in TO_MANY for one in due):
        return
    try:
        is_new = timers.begin_every_minute(MORE.id, MORE.to_json())
    except (ClientError, BotoCoreError) as error:
        log.error("timer_unreachable", error=type(error).__name__)
        is_new = True
    if is_new:
        _send([OutboxMessage("", MORE)])  # the first of them need not wait for a minute


def _send(due: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """The messages that SQS did not take, in order. Mails to many wait in a queue of their own."""
    many = [one for one in due if one.message.kind in TO_MANY]
    others = [one for one in due if one.message.kind not in TO_MANY]
    left = [*_send_to(settings.queue_url(), others), *_send_to(settings.later_url(), many)]
    return [one for one in due if one in left]


def _send_to(queue_url: str, due: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    left = list(due)
    for pause in PAUSES if due else ():
        sleep(pause)
        try:
            answer = _sqs().send_message_batch(
                QueueUrl=queue_url,
                Entries=[
                    {
                        "Id": str(number),
                        "MessageBody": one.message.to_json(),
                        "DelaySeconds": DELAYS.get(one.message.kind, 0),
                    }
                    for number, one in enumerate(left)
                ],
            )
        except (ClientError, BotoCoreError) as error:
            log.error("queue_unreachable", error=type(error).__name__, messages=len(left))
            return left
        refused = answer.get("Failed", [])
        if not refused:
            return []
        log.warning("queue_refused", codes=sorted({entry["Code"] for entry in refused}), messages=len(refused))
        left = [left[number] for number in sorted(int(entry["Id"]) for entry in refused)]
    return left


def _plain(image: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is binary, such as an opening's seed: no mail is about it, and Lambda hands it over as a text that
    boto3 does not take for one."""
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in image.items() if "B" not in value}


@lru_cache
def _sqs() -> "SQSClient":
    client: SQSClient = metering.watch(boto3.client("sqs"))
    return client
