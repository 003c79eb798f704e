"""An opening of the Bouwkamp that two approvers agreed to, and staff who do something about it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.core.http import fields
from chalicelib.mail import outbox
from chalicelib.office.incidents import announcing, reporting
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.plans import PLAN as PLAN_MODEL
from chalicelib.programme.openings.plans import plan_of
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import table as programme
from tests import camps
from tests.camps import post, request
from tests.programme.openings import plans
from tests.programme.openings.plans import MANAGER, OPENS_AT, PLAN

TEXTS = {"nl": "Wat er is.", "fr": "Ce qui se passe.", "en": "What happens."}
REASON = "The system did not answer from 19:04 on."


class Lambda:
    """Notes what it is called with; `fails`: it does not answer."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.fails: Exception | None = None

    def invoke(self, *, Payload: bytes, **asked: Any) -> None:  # noqa: N803 boto3's name for it
        assert asked == {"FunctionName": "announce", "InvocationType": "Event"}
        if self.fails:
            raise self.fails
        self.events.append(json.loads(Payload))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Lambda:
    stub = Lambda()
    monkeypatch.setenv("ANNOUNCE_FUNCTION", "announce")
    monkeypatch.setenv("API_NAME", "stormloop")
    monkeypatch.setattr(reporting, "_lambda", lambda: stub)
    monkeypatch.setattr(announcing, "sleep", lambda _: None)
    return stub


@pytest.fixture
def queue_url(table: None, monkeypatch: pytest.MonkeyPatch) -> str:
    url = outbox._sqs().create_queue(QueueName="mails")["QueueUrl"]
    monkeypatch.setenv("QUEUE_URL", url)
    monkeypatch.setenv("LATER_URL", url)
    return url


@pytest.fixture
def opening(table: None, called: Lambda, queue_url: str) -> Opening:
    """Friday 7 May 2027 from 19:00 on, over half an hour."""
    return given_opening()


def given_opening(capacity: int = 20, **changed: Any) -> Opening:
    """Published, whatever its check would have said of it."""
    session = camps.published(opens_at=None, capacity=capacity)
    plan = plan_of(fields.check(PLAN_MODEL, PLAN | changed))
    found = Opening("2027-kampen", 1, plan, State.PUBLISHED, bytes(range(32)))
    openings.create(found)
    programme.join_opening(session.session_id, found.opening_id, found.opens_at)
    openings.forget()
    return found


def at(moment: datetime) -> Any:
    """What happens at that moment, in a container that has read the openings anew."""
    openings.forget()
    return time_machine.travel(moment, tick=False)


def after(minutes: float) -> datetime:
    """So many minutes after seven o'clock."""
    return OPENS_AT + timedelta(minutes=minutes)


def report(opening_id: str, action: str, headers: dict[str, str] = MANAGER, **more: Any) -> HTTPResponse:
    sent = {"action": action, "why": TEXTS, "cause": TEXTS, "reason": REASON, **more}
    return post(f"/api/staff/openings/{opening_id}/incidents", sent, dict(headers))


def done(answer: HTTPResponse) -> dict[str, Any]:
    assert answer.status_code in (200, 201, 202), answer.json_body
    openings.forget()
    body: dict[str, Any] = answer.json_body
    return body


def approved(opening_id: str, action: str, **more: Any) -> dict[str, Any]:
    """What one proposed and another confirmed."""
    number = done(report(opening_id, action, **more))["number"]
    return done(approve(opening_id, number))


def approve(opening_id: str, number: int, by: dict[str, str] = plans.ANNA) -> HTTPResponse:
    return post(f"/api/staff/openings/{opening_id}/incidents/{number}/approval", {}, dict(by))


def page(opening_id: str) -> dict[str, Any]:
    answer = request("GET", f"/api/openings/{opening_id}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json_body
    return body


def queued(url: str) -> list[dict[str, Any]]:
    """What is on the queue, off it now."""
    sqs = outbox._sqs()
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return [one for one in found if one["kind"] != "more"]
