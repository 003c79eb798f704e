"""From the stream to the queue, and what SQS may do to it."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.links import table as webhooks
from chalicelib.mail import handlers, outbox
from tests.mail.conftest import PEETERS


def record(number: int, sk: str = "SEATS", change: str = "MODIFY", **images: Any) -> dict[str, Any]:
    """The stream's record of registration r<number> that gets a seat."""
    keys = {"pk": {"S": "S#k7mxfar3ct"}, "sk": {"S": sk}}
    if not images:
        old = {"holders": {"M": {f"c{n}": {"S": f"r{n}"} for n in range(number)}}}
        new = {"holders": {"M": {f"c{n}": {"S": f"r{n}"} for n in range(number + 1)}}}
        images = {"OldImage": {**keys, **old}, "NewImage": {**keys, **new}}
    return {"eventName": change, "dynamodb": {"Keys": keys, "SequenceNumber": str(1000 + number), **images}}


class Queue:
    """SQS that refuses some entries. `refuses`: ids of registrations and how often."""

    def __init__(self, refuses: dict[str, int] | None = None, error: Exception | None = None) -> None:
        self.refuses, self.error = refuses or {}, error
        self.calls: list[list[str]] = []
        self.taken: list[str] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        if self.error:
            raise self.error
        assert 1 <= len(Entries) <= 10
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        ids = {entry["Id"]: json.loads(entry["MessageBody"])["id"] for entry in Entries}
        self.calls.append(list(ids.values()))
        failed = []
        for entry, registration in ids.items():
            if self.refuses.get(registration, 0) > 0:
                self.refuses[registration] -= 1
                failed.append({"Id": entry, "Code": "InternalError", "SenderFault": False})
            else:
                self.taken.append(registration)
        return {"Successful": [], "Failed": failed}


def test_what_is_binary_holds_up_no_mail(use):
    """Lambda writes it as a text; boto3 takes none for one. An opening's seed is, and no mail is about it."""
    keys = {"pk": {"S": "OPENINGS"}, "sk": {"S": "2027-k7m2xq"}}
    image = {**keys, "state": {"S": "draft"}, "version": {"N": "2"}, "seed": {"B": "AAECAwQFBgc="}}
    change = {"eventName": "INSERT", "dynamodb": {"Keys": keys, "SequenceNumber": "1", "NewImage": image}}
    queue = use(Queue())

    assert handlers.outbox({"Records": [change]}) == {"batchItemFailures": []}
    assert queue.taken == ["2027-k7m2xq/2"]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUEUE_URL", "https://sqs.example/mails")
    monkeypatch.setattr(outbox, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(webhooks, "remembered", tuple)  # none

    def use(queue: Queue) -> Queue:
        monkeypatch.setattr(outbox, "_sqs", lambda: queue)
        return queue

    return use


def test_ten_at_a_time_in_order(use):
    queue = use(Queue())
    answer = handlers.outbox({"Records": [record(number) for number in range(25)]})
    assert answer == {"batchItemFailures": []}
    assert [len(call) for call in queue.calls] == [10, 10, 5]
    assert queue.taken == [f"r{number}" for number in range(25)]


def test_what_a_batch_left_out_is_tried_again_alone(use):
    queue = use(Queue(refuses={"r3": 1, "r7": 2}))
    assert handlers.outbox({"Records": [record(number) for number in range(10)]}) == {"batchItemFailures": []}
    assert queue.calls[1:] == [["r3", "r7"], ["r7"]]
    assert sorted(queue.taken) == sorted(f"r{number}" for number in range(10))


def test_what_stays_out_is_handed_over_again_from_there(use):
    queue = use(Queue(refuses={"r12": 99, "r14": 99}))
    answer = handlers.outbox({"Records": [record(number) for number in range(25)]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1012"}]}
    assert not {"r12", "r14", "r20"} & set(queue.taken)  # the third ten will come again anyway
    assert {"r0", "r11", "r13"} <= set(queue.taken)


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SendMessageBatch"),
        EndpointConnectionError(endpoint_url="https://sqs.example"),
    ],
)
def test_a_queue_out_of_reach_loses_nothing(use, error):
    use(Queue(error=error))
    answer = handlers.outbox({"Records": [record(4), record(5)]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1004"}]}


def test_changes_that_are_no_news_cost_no_call(use):
    queue = use(Queue())
    unchanged = {"OldImage": {"holders": {"M": {}}}, "NewImage": {"holders": {"M": {}}, "opens": {"N": "1556820000"}}}
    assert handlers.outbox({"Records": [record(1, **unchanged)]}) == {"batchItemFailures": []}
    assert queue.calls == []


def test_siblings_who_wait_get_one_message(use):
    queue = use(Queue())
    place = {"NewImage": {"registration_id": {"S": "r1"}, "ticket": {"N": "1"}}}
    records = [record(number, f"W#c{number}", "INSERT", **place) for number in (1, 2)]
    assert handlers.outbox({"Records": records}) == {"batchItemFailures": []}
    assert queue.taken == ["r1", "k7mxfar3ct"]  # and the session's list is looked at once


def test_the_queue_gets_ids_and_nothing_about_anybody(city):
    session = city.publish()
    city.register(PEETERS, session)
    city.outbox()
    queued = city.queued()
    assert [set(message) for message in queued] == [{"kind", "id", "session_id"}]
    for word in ("Lotte", "Peeters", "example.be", "2014"):
        assert word not in json.dumps(queued)


def test_moto_takes_what_we_send(city):
    """The call as botocore checks it, not as the double above takes it."""
    session = city.publish()
    city.register(PEETERS, session)
    assert city.outbox() == {"batchItemFailures": []}
    attributes = boto3.client("sqs").get_queue_attributes(
        QueueUrl=city.queue_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "1"
