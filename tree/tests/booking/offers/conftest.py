"""A town in which time passes: what happens in the table becomes messages and mails, and timers ring."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError

from chalicelib.booking.offers import timers
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, State, Window
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Seats
from tests.containers import forget
from tests.mail.conftest import City, city  # noqa: F401 the fixture

EVENING = datetime(2027, 5, 7, 17, tzinfo=UTC)  # a Friday, 19 o'clock in Brussels
THE_NEXT_EVENING = datetime(2027, 5, 8, 18, tzinfo=UTC)  # 20 o'clock


@dataclass
class Timers:
    """EventBridge Scheduler, as far as it is asked. `waiting`: name to moment and message."""

    waiting: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    made: int = 0

    def create_schedule(self, **asked: Any) -> None:
        assert asked["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert asked["ActionAfterCompletion"] == "DELETE"
        if asked["Name"] in self.waiting:
            raise ClientError({"Error": {"Code": "ConflictException", "Message": ""}}, "CreateSchedule")
        moment = datetime.strptime(asked["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC)
        assert moment > datetime.now(UTC), "a timer in the past"
        self.made += 1
        self.waiting[asked["Name"]] = moment, asked["Target"]["Input"]

    def ring(self) -> list[str]:
        """The messages that are due."""
        now = datetime.now(UTC)
        due = [name for name, (moment, _) in self.waiting.items() if moment <= now]
        return [self.waiting.pop(name)[1] for name in due]

    @property
    def moments(self) -> list[datetime]:
        return sorted(moment for moment, _ in self.waiting.values())


@dataclass
class Town:
    city: City
    clock: time_machine.Traveller
    timers: Timers

    def go_to(self, moment: datetime) -> None:
        """Nothing rings or is delivered meanwhile."""
        self.clock.move_to(moment)
        forget()

    def run(self) -> list[EmailMessage]:
        """Everything that is due, until nothing more is; answers the mails that it brought. (Passes came long ago.)"""
        before = len(self.city.mailbox)
        while True:
            assert self.city.outbox() == {"batchItemFailures": []}
            messages = [*(one for one in self.city.queued() if one["kind"] != "pass"), *self.timers.ring()]
            if not messages:
                return self.city.mailbox[before:]
            assert self.city.deliver(messages) == []

    def run_at(self, moment: datetime) -> list[EmailMessage]:
        self.go_to(moment)
        return self.run()


@pytest.fixture
def town(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:  # noqa: F811
    waiting = Timers()
    monkeypatch.setenv("QUEUE_ARN", "arn:aws:sqs:eu-west-1:123456789012:mails")
    monkeypatch.setenv("TIMER_ROLE", "arn:aws:iam::123456789012:role/timer")
    monkeypatch.setenv("TIMER_PREFIX", "stormloop")
    monkeypatch.setattr(timers, "_scheduler", lambda: waiting)
    with time_machine.travel(EVENING, tick=False) as clock:
        yield Town(city, clock, waiting)


def opened(*sessions: Session, **plan: Any) -> Opening:
    """Given a published opening of these sessions, whose spread is over."""
    values: dict[str, Any] = {
        "kind": OpeningKind.FIRST_COME,
        "titles": {"nl": "Zomer", "fr": "Été", "en": "Summer"},
        "country": "BE",
        "session_ids": tuple(one.session_id for one in sessions),
        "windows": (Window(EVENING - timedelta(days=1), timedelta()),),
        "passes_until": EVENING - timedelta(days=2),
        "expected_families": 100,
        "incident_rule": {"nl": "Opnieuw.", "fr": "À nouveau.", "en": "Again."},
    }
    opening = Opening("2027-k7m2xq", 1, Plan(**{**values, **plan}), State.PUBLISHED, b"s" * 32)
    openings.create(opening)
    openings.forget()
    return opening


def seats_of(session: Session) -> Seats:
    return seats.get([session.session_id])[session.session_id]
