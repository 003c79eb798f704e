"""The mails of 24 hours: who may use how much of them, and what becomes of a mail when they are used up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.mail import delivery, handlers, queues, quota, sending, undelivered, waiting
from chalicelib.mail.quota import LastDay, has_room
from chalicelib.mail.rules import MailKind
from tests.mail.conftest import PEETERS, City

USED_UP: Any = {
    "Error": {"Code": "LimitExceededException", "Message": "Daily message quota exceeded."},
    "ResponseMetadata": {"HTTPStatusCode": 400},
}


class SesWithoutRoom:
    """SES as it answers when the day's mails are used up."""

    def __init__(self) -> None:
        self.asked = 0

    def send_email(self, **_: Any) -> None:
        self.asked += 1
        raise ClientError(USED_UP, "SendEmail")


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> SesWithoutRoom:
    ses = SesWithoutRoom()
    monkeypatch.setattr(sending, "_ses", lambda: ses)
    return ses


def received(city: City, times: int) -> dict[str, Any]:
    """One message of the queue as Lambda hands it over, received so often."""
    (message,) = boto3.client("sqs").receive_message(QueueUrl=city.queue_url)["Messages"]
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {"ApproximateReceiveCount": str(times)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:mails",
        "awsRegion": "eu-west-1",
    }


@pytest.mark.parametrize(
    ("sent", "may_go"),
    [
        (39_999, {"announcement", "result", "pass", "confirmed", "offered"}),
        (40_000, {"pass", "confirmed", "offered"}),
        (45_000, {"confirmed", "offered"}),
        (50_000, set()),
    ],
)
def test_mails_to_many_stop_first_and_passes_next(sent, may_go):
    kinds = [MailKind(kind) for kind in ("announcement", "result", "pass", "confirmed", "offered")]

    assert {kind.value for kind in kinds if has_room(kind, LastDay(50_000, sent))} == may_go


def test_an_account_without_a_limit_and_one_that_does_not_answer_have_room():
    assert has_room(MailKind.ANNOUNCEMENT, LastDay(-1, 10_000_000))
    assert has_room(MailKind.ANNOUNCEMENT, None)


def test_a_mail_that_waits_is_hidden_and_stays_and_nothing_is_wrong_with_it(city: City, no_room: SesWithoutRoom):
    city.register(PEETERS, city.publish())
    city.outbox()
    hidden: list[dict[str, Any]] = []
    sqs = queues.client()
    sqs.meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility", lambda params, **_: hidden.append(dict(params))
    )

    event = {"Records": [received(city, times=1)]}
    answers = [handlers.mails(event) for _ in range(2)]

    assert [len(answer["batchItemFailures"]) for answer in answers] == [1, 1]
    assert [one["VisibilityTimeout"] for one in hidden] == [600, 600]
    assert no_room.asked == 1  # and not for each mail that comes next
    assert undelivered.every() == []
    assert waiting.told(datetime.now(UTC)) == waiting.ALL
    assert waiting.told(datetime.now(UTC) + timedelta(hours=5)) is None


def test_before_it_would_be_a_dead_letter_a_copy_takes_its_place(city: City, no_room: SesWithoutRoom):
    city.register(PEETERS, city.publish())
    city.outbox()
    last = received(city, times=delivery.LAST_WAIT)

    assert handlers.mails({"Records": [last]}) == {"batchItemFailures": []}  # Lambda deletes it
    assert [one["kind"] for one in city.queued()] == ["confirmed"]


def test_it_goes_when_there_is_room_again(city: City, no_room: SesWithoutRoom, monkeypatch: pytest.MonkeyPatch):
    city.register(PEETERS, city.publish())
    city.outbox()
    queued = city.queued()
    assert city.deliver(queued) == [0]

    monkeypatch.undo()
    monkeypatch.setenv("QUEUE_URL", city.queue_url)
    quota._used_up.forget()
    assert city.deliver([json.dumps(one) for one in queued]) == []
    assert len(city.mailbox) == 1
