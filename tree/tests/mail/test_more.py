"""Mails to many wait in a queue of their own and follow minute by minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.booking.offers import timers as timers_of_offers
from chalicelib.mail import more, outbox, quota
from chalicelib.mail.quota import LastDay
from chalicelib.mail.rules import MailKind, Message

NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)


@pytest.fixture
def queues(table: None, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The mails' own, and the one of mails to many."""
    sqs = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=name.lower())["QueueUrl"] for name in ("QUEUE_URL", "LATER_URL")}
    for name, url in urls.items():
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("MAILS_A_SECOND", "0.5")  # twelve of mails to many in a minute
    return urls["QUEUE_URL"], urls["LATER_URL"]


def waiting(url: str) -> int:
    return more._waiting(url, "Messages", "MessagesDelayed")


def timers() -> list[str]:
    found: Any = boto3.client("scheduler").list_schedules()["Schedules"]
    return [one["Name"] for one in found]


def announce(families: int) -> None:
    to_all = [Message(MailKind.ANNOUNCEMENT, f"family{number}/pass", "opening#1") for number in range(families)]
    assert outbox.queue(to_all) == 0


def test_an_announcement_waits_elsewhere_and_follows_as_there_is_room(queues: tuple[str, str]):
    own, later = queues
    announce(30)
    assert (waiting(own), waiting(later)) == (1, 30)  # the one says that there is more
    assert timers() == ["stormloop-many"]

    more.move(NOW)
    assert (waiting(own), waiting(later)) == (12, 19)

    more.move(NOW + timedelta(seconds=20))  # the timer's message came twice
    assert (waiting(own), waiting(later)) == (12, 19)

    more.move(NOW + timedelta(minutes=1))  # those before have not gone yet
    assert (waiting(own), waiting(later)) == (12, 19)


def test_the_timer_ends_when_nothing_waits_and_begins_with_the_next(queues: tuple[str, str]):
    own, later = queues
    announce(3)
    more.move(NOW)
    assert waiting(later) == 0
    assert timers() == ["stormloop-many"]

    more.move(NOW + timedelta(minutes=1))
    assert timers() == []

    announce(2)
    assert timers() == ["stormloop-many"]
    more.move(NOW + timedelta(minutes=2))
    assert waiting(own) == 2 + 3 + 2  # each begin said that there is more


def test_what_was_queued_while_the_timer_ended_is_not_left_behind(
    queues: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    announce(1)
    more.move(NOW)
    ends = more._end_timer

    def queued_just_before() -> None:
        announce(1)
        ends()

    monkeypatch.setattr(more, "_end_timer", queued_just_before)
    more.move(NOW + timedelta(minutes=1))

    assert waiting(queues[1]) == 0
    assert timers() == ["stormloop-many"]


def test_while_the_day_has_no_room_for_them_they_stay(queues: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    announce(3)
    monkeypatch.setattr(quota, "_ask", lambda: LastDay(most=50_000, sent=41_000))

    more.move(NOW)

    assert waiting(queues[1]) == 3
    assert timers() == ["stormloop-many"]


def test_where_no_timer_can_be_made_the_first_of_them_makes_it(
    queues: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    busy: Any = {"Error": {"Code": "ThrottlingException", "Message": ""}}

    def refuses(*_: str) -> bool:
        raise ClientError(busy, "CreateSchedule")

    with monkeypatch.context() as patch:
        patch.setattr(timers_of_offers, "begin_every_minute", refuses)
        announce(3)
    assert (waiting(queues[0]), waiting(queues[1]), timers()) == (1, 3, [])

    more.move(NOW)
    assert (waiting(queues[1]), timers()) == (0, ["stormloop-many"])


def test_a_confirmation_never_waits_elsewhere(queues: tuple[str, str]):
    outbox.queue([Message(kind, "r", "s") for kind in (MailKind.CONFIRMED, MailKind.OFFERED)])
    outbox.queue([Message(MailKind.PASS, "family/pass")])

    assert [waiting(url) for url in queues] == [3, 0]
    assert timers() == []
