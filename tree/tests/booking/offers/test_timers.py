"""What EventBridge Scheduler is asked for; moto and botocore check that it can be asked like this."""

import json
from datetime import UTC, datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.booking.offers import timers

MOMENT = datetime(2027, 5, 8, 18, 0, 5, tzinfo=UTC)
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:mails"
ROLE = "arn:aws:iam::123456789012:role/timer"


@pytest.fixture(autouse=True)
def account(table, monkeypatch):
    for name, value in (("QUEUE_ARN", QUEUE), ("TIMER_ROLE", ROLE), ("TIMER_PREFIX", "stormloop")):
        monkeypatch.setenv(name, value)
    forget = timers._scheduler.cache_clear
    forget()
    yield
    forget()


def names() -> list[str]:
    return [one["Name"] for one in boto3.client("scheduler").list_schedules()["Schedules"]]


def test_a_timer_rings_once_for_the_queue_and_is_deleted():
    message = json.dumps({"kind": "advance", "id": "k7mxfar3ct"})

    timers.send_at(MOMENT.astimezone(timezone(timedelta(hours=2))), "k7mxfar3ct", message)

    made = boto3.client("scheduler").get_schedule(Name="stormloop-k7mxfar3ct-1809799205")
    assert (made["ScheduleExpression"], made["ScheduleExpressionTimezone"]) == ("at(2027-05-08T18:00:05)", "UTC")
    assert (made["ActionAfterCompletion"], made["FlexibleTimeWindow"]) == ("DELETE", {"Mode": "OFF"})
    target = made["Target"]
    assert (target["Arn"], target["RoleArn"], target["Input"]) == (QUEUE, ROLE, message)


def test_the_same_timer_again_is_the_same():
    for _ in range(2):
        timers.send_at(MOMENT, "k7mxfar3ct", "{}")
    timers.send_at(MOMENT + timedelta(seconds=1), "k7mxfar3ct", "{}")

    assert len(names()) == 2


def test_a_timer_that_cannot_be_made_is_no_secret(monkeypatch):
    class Broken:
        def create_schedule(self, **_):
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "CreateSchedule")

    monkeypatch.setattr(timers, "_scheduler", Broken)

    with pytest.raises(ClientError):
        timers.send_at(MOMENT, "k7mxfar3ct", "{}")
