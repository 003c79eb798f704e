"""What an invocation used stands in its line, as DynamoDB counts it, and nothing else does."""

import json
from io import StringIO
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib.core import metering, table
from chalicelib.core.refusals import Refused
from chalicelib.mail import handlers
from tests.bench.registration import event
from tests.camps import LOU, family, published, without_openings

LAMBDA = SimpleNamespace(aws_request_id="5f0c")


def lines(logged: StringIO, message: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, logged.getvalue().splitlines()) if line["message"] == message]


@pytest.mark.usefixtures("real_table")
def test_a_registration_says_its_two_writes_its_session_and_its_request(logged: StringIO):
    session, claeys = published(), family(LOU)
    without_openings()

    app.app(event(claeys.token, session.session_id, [LOU.child_id], "key"), LAMBDA)

    line = lines(logged, "answered")[-1]
    assert line["request_id"] == "5f0c"
    assert line["used"]["write"] == 2
    assert "read" not in line["used"]
    assert line["used"]["sent"] > 100
    assert line["sessions"] == [session.session_id]
    assert line["registered"] == {session.session_id: 1}


@pytest.mark.usefixtures("table")
def test_the_same_key_again_registers_nothing_more(logged: StringIO):
    session, claeys = published(), family(LOU)
    asked = event(claeys.token, session.session_id, [LOU.child_id], "key")
    app.app(asked, LAMBDA)

    app.app(asked, LAMBDA)

    assert "registered" not in lines(logged, "answered")[-1]


@pytest.mark.usefixtures("table")
def test_what_somebody_typed_as_an_id_is_not_written_down(logged: StringIO):
    asked = event("", "", [], "key")
    asked |= {"resource": "/api/sessions/{session_id}", "httpMethod": "GET", "body": None}
    asked |= {"path": "/api/sessions/lou-claeys", "pathParameters": {"session_id": "lou-claeys"}}
    asked["requestContext"] |= {"resourcePath": "/api/sessions/{session_id}", "httpMethod": "GET"}

    assert app.app(asked, LAMBDA)["statusCode"] == 404

    assert "lou-claeys" not in logged.getvalue()


@pytest.mark.usefixtures("table")
def test_the_outbox_has_a_line_for_each_invocation(logged: StringIO):
    handlers.outbox({"Records": []}, LAMBDA)

    assert [line["request_id"] for line in lines(logged, "forwarded")] == ["5f0c"]


def test_a_request_to_the_queue_is_counted_by_the_call():
    sqs = metering.watch(boto3.client("sqs", region_name="eu-west-1"))
    metering.begin(LAMBDA)
    with Stubber(sqs) as stub:
        stub.add_response("send_message_batch", {"Successful": [], "Failed": []}, {"QueueUrl": ANY, "Entries": ANY})
        sqs.send_message_batch(QueueUrl="https://sqs", Entries=[{"Id": "0", "MessageBody": "{}"}])

    assert metering.take() == {"request_id": "5f0c", "used": {"queue": 1}}


@pytest.mark.usefixtures("table")
def test_a_refused_write_counts_by_what_was_in_the_way():
    table.call("PutItem", Item={"pk": {"S": "TEXTS"}, "sk": {"S": "one"}, "text": {"S": "x" * 2000}})
    metering.begin(LAMBDA)

    with pytest.raises(Refused):
        table.call(
            "PutItem",
            Item={"pk": {"S": "TEXTS"}, "sk": {"S": "one"}},
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert metering.take()["used"] == {"write": 2}


@given(st.integers(min_value=0, max_value=5000))
def test_a_unit_is_a_kilobyte_begun(length: int):
    assert metering.units_of({"pk": {"S": "x" * length}}) == max(1, -(-(length + 2) // 1024))
