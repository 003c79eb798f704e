"""What the status page may claim: what was measured, and nothing else."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.core.counters import table as tally
from chalicelib.insight import status as statuses
from chalicelib.insight.status import Condition, StatusPart, of_mails, of_requests, status
from tests.bench.registration import spending
from tests.containers import forget
from tests.core.http.test_faults import Failing, refused
from tests.insight.conftest import at
from tests.office.incidents.conftest import Lambda, called, given_opening, report  # noqa: F401
from tests.programme.openings.plans import OPENS_AT

NOW = datetime(2027, 5, 10, 12, tzinfo=UTC)


@pytest.fixture
def queues(table, monkeypatch):
    """A queue with three mails that wait, and dead letters, none."""
    sqs = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("mails", "dead")}
    monkeypatch.setenv("QUEUE_URL", urls["mails"])
    monkeypatch.setenv("DEAD_LETTERS_URL", urls["dead"])
    statuses._sqs.cache_clear()
    statuses._dynamodb.cache_clear()
    forget()
    for number in range(3):
        sqs.send_message(QueueUrl=urls["mails"], MessageBody=json.dumps(number))
    yield urls
    statuses._sqs.cache_clear()
    statuses._dynamodb.cache_clear()
    forget()


def parts(found):
    return {one.name: (one.condition, dict(one.figures)) for one in found.parts}


def test_everything_works_as_far_as_it_was_measured(queues):
    tally.add(NOW - timedelta(minutes=3), {"answers": 400, "failed": 2})

    assert parts(status(NOW)) == {
        "requests": (Condition.WORKS, {"answers": 400, "failed": 2}),
        "table": (Condition.WORKS, {}),
        "mails": (Condition.WORKS, {"waiting": 3, "given_up": 0}),
    }


def test_without_figures_nothing_is_claimed(queues):
    found = status(NOW)

    assert parts(found)["requests"] == (Condition.UNKNOWN, {})
    assert (found.since, found.measured, found.reported) == (None, (), ())


def test_what_was_given_up_is_a_disturbance(queues):
    boto3.client("sqs").send_message(QueueUrl=queues["dead"], MessageBody="1")
    assert parts(status(NOW))["mails"] == (Condition.DISTURBED, {"waiting": 3, "given_up": 1})


def test_a_queue_that_does_not_answer_is_not_measured(queues, monkeypatch):
    monkeypatch.setenv("QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/unknown")
    assert parts(status(NOW))["mails"] == (Condition.UNKNOWN, {})


def test_a_table_that_does_not_answer_is_said_so_and_no_history_is_claimed(queues):
    with Failing(refused("ThrottlingException"), again=99):
        found = status(NOW)

    assert parts(found)["table"] == (Condition.FAILS, {})
    assert parts(found)["requests"] == (Condition.UNKNOWN, {})
    assert not found.history_read


def test_a_table_that_does_not_answer_at_all_is_asked_once_and_by_whoever_has_no_patience(queues, monkeypatch):
    class Away:
        def get_item(self, **_):
            raise ReadTimeoutError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com")

    with monkeypatch.context() as patch, spending() as spent:
        patch.setattr(statuses, "_dynamodb", Away)
        found = status(NOW)

    assert (parts(found)["table"], spent.calls) == ((Condition.FAILS, {}), [])


def test_outages_that_were_counted_and_incidents_that_were_reported_stand_in_the_history(queues, called: Lambda):  # noqa: F811
    given_opening()
    with at(OPENS_AT + timedelta(minutes=4)):
        report("2027-kampen", "pause")
    for number in range(6):
        tally.add(OPENS_AT.astimezone(UTC) + timedelta(seconds=10 * number), {"answers": 20, "failed": 10})
    forget()

    with at(NOW):
        found = status(NOW)

    assert [(one.start, one.failed) for one in found.measured] == [(OPENS_AT, 60)]
    assert [(one.opening.opening_id, one.entry.action) for one in found.reported] == [("2027-kampen", "pause")]
    assert [one.opening_id for one in found.paused] == ["2027-kampen"]
    assert found.since == datetime(2027, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answers", "failed", "condition"),
    [
        (0, 0, Condition.UNKNOWN),
        (1000, 4, Condition.WORKS),
        (1000, 9, Condition.WORKS),
        (500, 5, Condition.DISTURBED),
        (10, 5, Condition.FAILS),
    ],
)
def test_a_handful_of_failures_is_no_disturbance(answers, failed, condition):
    assert of_requests(NOW, answers, failed).condition is condition


def test_many_mails_that_wait_are_a_disturbance():
    assert of_mails(499, 0).condition is Condition.WORKS
    assert of_mails(500, 0) == StatusPart("mails", Condition.DISTURBED, {"waiting": 500, "given_up": 0})
