"""What reminders cost on Amazon's own engine, beside their mails; and that it takes their expressions."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from chalicelib.booking.registrations import table as registrations
from chalicelib.core import metering
from chalicelib.mail import outbox, reminders
from chalicelib.mail.reminding import remind
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import Message
from chalicelib.people.families import table as families
from chalicelib.programme.openings import table as openings
from tests.camps import BOUWKAMP, LOU, family
from tests.mail.test_reminding import given_opening, known, morning


def used(work: Any) -> tuple[float, float]:
    """Read and write units of what it does."""
    openings.forget()
    metering.begin(None)
    work()
    units = metering.take().get("used", {})
    return units.get("read", 0), units.get("write", 0)


def test_a_reminder_costs_some_reads_and_two_writes(real_table: None, monkeypatch: pytest.MonkeyPatch):
    queued: list[Message] = []
    monkeypatch.setattr(outbox, "queue", lambda some: queued.extend(some) or 0)
    given_opening()
    claeys = known(LOU).pass_

    def tell() -> None:
        due = reminders.of_moment(queued[0], Sending("sport@kaprijke.example", morning(5)))
        assert due
        families.mark_mailed(claeys.family_id, claeys.pass_id, reminders.mark_of(queued[0]))

    with time_machine.travel(morning(5), tick=False):
        assert used(lambda: remind(morning(5)))[1] <= 6  # how far it is, whatever the number of families
        assert len(queued) == 1
        assert used(tell) <= (5, 2)
    assert used(lambda: remind(morning(1))) <= (2, 0)  # nothing is near: the openings and a programme of one session

    with time_machine.travel(datetime(2027, 6, 1, tzinfo=UTC)):
        made = family(LOU).register(BOUWKAMP, LOU)
    assert made.status_code == 201
    remind(morning(12, 8))

    def recall() -> None:
        due = reminders.of_camp(queued[-1], Sending("sport@kaprijke.example", morning(12, 8)))
        assert due
        registrations.mark_mailed(due.of or "", queued[-1].kind)

    assert used(recall) <= (7, 2)
