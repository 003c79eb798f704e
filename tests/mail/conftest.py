"""A municipality, its families, and the way from the table to their mailboxes at moto."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from icalendar import Calendar
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.register import RegistrationOutcome, RegistrationRequest
from chalicelib.booking.registrations.rules import Registration
from chalicelib.mail import handlers
from chalicelib.mail.rules import MailKind
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Bearer, Pass, child
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.changes import ProgrammeRow
from chalicelib.programme.sessions.rules import Session
from tests.camps import named_by
from tests.programme.sessions.examples import bouwkamp

NOW = datetime(2019, 5, 2, 18, tzinfo=UTC)
LOTTE, WOUT = child("Lotte", "Peeters", date(2014, 3, 1)), child("Wout", "Peeters", date(2015, 6, 9))
NOOR = child("Noor", "Diallo", date(2014, 11, 30))
PEETERS = Pass(
    pass_id="pass23456789",
    family_id="peeters2345",
    email="an.peeters@example.be",
    language="nl",
    postcode="9970",
    children=(LOTTE, WOUT),
    created_at=NOW,
    namings=named_by("peeters2345", LOTTE.child_id, WOUT.child_id),
)
DIALLO = Pass(
    pass_id="pass98765432",
    family_id="diallo23456",
    email="m.diallo@example.be",
    language="fr",
    postcode="1800",
    children=(NOOR,),
    created_at=NOW,
    namings=named_by("diallo23456", NOOR.child_id),
)


@lru_cache
def _client(service: str) -> Any:
    """One for all tests: moto answers it, whichever test asks."""
    return boto3.client(service)


@dataclass
class City:
    """What happens in the table reaches the mailboxes with `run`; `outbox` and `mails` are its two halves."""

    queue_url: str
    place_in_stream: str | None = None  # up to where the outbox has read; None: nothing yet
    messages: Iterator[int] = field(default_factory=count)

    def publish(self, capacity: int = 20, **changes: object) -> Session:
        session = bouwkamp(capacity=capacity, **changes)
        programme.save_import([ProgrammeRow(2, session)])
        programme.set_opening([session.session_id], NOW)
        return session

    def register(
        self, family: Pass, session: Session, names: Sequence[str] = (), key: str = "key-1"
    ) -> RegistrationOutcome:
        children = {one.child_id: one.birth_date for one in family.children}
        wanted = tuple(one.child_id for one in family.children if not names or one.first_name in names)
        who = Bearer(family.pass_id, family.family_id, family.language, family.postcode, children, family.namings)
        return register.register(who, RegistrationRequest(session.session_id, wanted, True, key), NOW)

    def cancel(self, family: Pass, registration_id: str) -> None:
        children = {one.child_id: one.birth_date for one in family.children}
        who = Bearer(family.pass_id, family.family_id, family.language, family.postcode, children, family.namings)
        register.cancel(who, registration_id, NOW)

    def outbox(self) -> dict[str, Any]:
        """Hands the changes since the last time to the outbox, as Lambda does."""
        streams = _client("dynamodbstreams")
        if self.place_in_stream is None:
            arn = streams.list_streams(TableName="stormloop")["Streams"][0]["StreamArn"]
            shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
            start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
            self.place_in_stream = start["ShardIterator"]
        read = streams.get_records(ShardIterator=self.place_in_stream)
        changes, self.place_in_stream = read["Records"], read["NextShardIterator"]
        for change in changes:  # Lambda has it as a number
            at = change["dynamodb"]["ApproximateCreationDateTime"]
            change["dynamodb"]["ApproximateCreationDateTime"] = at.timestamp()
        return handlers.outbox({"Records": changes})

    def queued(self) -> list[dict[str, Any]]:
        """What is on the queue, off it now."""
        sqs = _client("sqs")
        found = []
        while messages := sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return [one for one in found if one["kind"] != "more"]

    def deliver(self, messages: Iterable[Mapping[str, Any] | str]) -> list[int]:
        """Hands messages to the mails function, as Lambda does; answers which of them stay on the queue."""
        records = [
            {
                "messageId": str(number),
                "receiptHandle": "handle",
                "body": message if isinstance(message, str) else json.dumps(message),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:mails",
                "awsRegion": "eu-west-1",
            }
            for number, message in enumerate(messages)
        ]
        answer = handlers.mails({"Records": records})
        return [int(item["itemIdentifier"]) for item in answer["batchItemFailures"]]

    def run(self) -> list[EmailMessage]:
        """Everything that is due; answers the mails that it brought."""
        before = len(self.mailbox)
        assert self.outbox() == {"batchItemFailures": []}
        assert self.deliver(self.queued()) == []
        return self.mailbox[before:]

    @property
    def mailbox(self) -> list[EmailMessage]:
        """Everything that SES took."""
        sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages
        return [message_from_bytes(mail.raw_data.encode(), policy=policy.default) for mail in sent]


@pytest.fixture
def city(table: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """Two families have a pass, whose mails are out already."""
    queue_url = _client("sqs").create_queue(QueueName="mails")["QueueUrl"]
    monkeypatch.setenv("QUEUE_URL", queue_url)
    # Mails to many come on the same queue here; that they wait in one of their own is tested in test_more.py.
    monkeypatch.setenv("LATER_URL", queue_url)
    _client("sesv2").create_email_identity(EmailIdentity="sport@kaprijke.example")
    for family in (PEETERS, DIALLO):
        families.put(family)
    city = City(queue_url)
    city.outbox()
    city.queued()
    return city


def part(mail: EmailMessage, kind: str) -> str:
    """The plain text, the HTML or the calendar of a mail."""
    if kind == "calendar":
        found = [one for one in mail.iter_attachments() if one.get_content_type() == "text/calendar"]
        assert len(found) == 1
        return str(found[0].get_content())
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def message(kind: MailKind, registration: str, session_id: str) -> dict[str, str]:
    return {"kind": kind.value, "id": registration, "session_id": session_id}


def has_no_time_to_live(kept: Registration) -> bool:
    item = registrations.RegistrationItem
    return item.count(f"F#{kept.family_id}", item.sk.startswith("R#"), filter_condition=item.expires.exists()) == 0


def uid(mail: Any) -> str:
    return str(Calendar.from_ical(part(mail, "calendar")).events[0]["UID"])


def crash(*_: object) -> None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb.example")
