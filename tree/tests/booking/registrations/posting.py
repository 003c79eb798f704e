"""The way from the table to the mails on DynamoDB Local: its stream, our outbox, a queue without order, our mails."""

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from functools import lru_cache
from typing import Any

import boto3
import pytest

from chalicelib.mail import delivery, outbox, sending
from chalicelib.seats import table as seats

STREAM_AND_TABLE = (
    ("dynamodbstreams", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"),
    ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
)


class Post:
    """`queue`: messages that wait. `mails`: how often each mail went out, by its Message-ID (one a kind and a
    registration)."""

    def __init__(self) -> None:
        self.queue: list[str] = []
        self.mails: Counter[str] = Counter()
        self._seen: set[str] = set()

    def collect(self) -> None:
        """What changed in the table since the last time becomes messages, as Lambda and the outbox do it."""
        new = (record for record in _stream() if record["dynamodb"]["SequenceNumber"] not in self._seen)
        records = [json.loads(json.dumps(record, default=str)) for record in new]
        self._seen |= {record["dynamodb"]["SequenceNumber"] for record in records}
        assert outbox.forward({"Records": records}) == {"batchItemFailures": []}

    def deliver(self, place: int, *, keeps_it: bool = False) -> None:
        """One message of the queue, whichever; SQS may hand it over again."""
        body = self.queue[place] if keeps_it else self.queue.pop(place)
        record = {"messageId": "1", "receiptHandle": "r", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
        assert delivery.deliver({"Records": [record]}) == {"batchItemFailures": []}

    def run_dry(self) -> None:
        self.collect()
        while self.queue:
            self.deliver(-1)  # the latest first: the queue keeps no order
            self.collect()

    # What boto3's clients are asked for:

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> Mapping[str, Any]:  # noqa: N803
        self.queue += [entry["MessageBody"] for entry in Entries]
        return {}

    def send_email(self, Content: Mapping[str, Any], **_: Any) -> Mapping[str, Any]:  # noqa: N803
        self.mails[message_from_bytes(Content["Raw"]["Data"])["Message-ID"]] += 1
        return {"MessageId": "1"}


@contextmanager
def posting(current: Callable[[], Post]) -> Iterator[None]:
    """Our code sends to the `current` post."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUEUE_URL", "http://127.0.0.1/queue")
        patch.setattr(outbox, "_sqs", current)
        patch.setattr(sending, "_ses", current)
        # What is remembered of a refusal is forgotten when the story says that a moment passes, not when one does.
        patch.setattr(seats._refused, "seconds", math.inf)
        yield


def _stream() -> Iterator[dict[str, Any]]:
    """All records of the table's stream, in order."""
    streams, dynamodb = (_client(service, os.environ[endpoint]) for service, endpoint in STREAM_AND_TABLE)
    arn = dynamodb.describe_table(TableName="stormloop")["Table"]["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**start)["ShardIterator"]
        while iterator:
            answer = streams.get_records(ShardIterator=iterator)
            if not answer["Records"]:
                break
            yield from answer["Records"]
            iterator = answer.get("NextShardIterator")


@lru_cache
def _client(service: str, url: str) -> Any:
    """A story reads its stream a hundred times."""
    return boto3.client(service, endpoint_url=url)
