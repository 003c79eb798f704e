"""The timer of the hourly look: there is one while a payment is to be looked at, and none otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest

from chalicelib.booking.offers import timers
from chalicelib.core.refusals import Busy
from chalicelib.mail import delivery, outbox
from chalicelib.mail.rules import LOOK, WATCH, MailKind, Message, messages
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.online import watching
from tests.money.online.given import Paying

KEYS = {"pk": "PAYMENTS", "sk": "PAYMENT#tr_7UhSN1zuXS"}


@pytest.fixture(autouse=True)
def scheduler() -> Iterator[None]:
    timers._scheduler.cache_clear()
    yield
    timers._scheduler.cache_clear()


def ringing() -> list[str]:
    """What the timers that there are will say."""
    client = boto3.client("scheduler")
    names = [one["Name"] for one in client.list_schedules()["Schedules"]]
    said = [client.get_schedule(Name=name)["Target"]["Input"] for name in names]
    for name in names:
        client.delete_schedule(Name=name)
    return said


def test_a_payment_to_be_looked_at_is_news_and_nothing_else_of_it_is() -> None:
    assert messages("INSERT", KEYS, {}, {"mark": "x"}) == [WATCH]
    assert messages("MODIFY", KEYS, {"mark": "x"}, {"mark": "y"}) == []
    assert messages("REMOVE", KEYS, {"mark": "x"}, {}) == []
    assert messages("INSERT", {"pk": "PAYMENT#tr_7UhSN1zuXS", "sk": "STATE"}, {}, {}) == []


@pytest.mark.parametrize("message", [WATCH, LOOK, Message(MailKind.PAYMENTS, "tr_7UhSN1zuXS")])
def test_each_of_its_messages_is_read_back(message: Message) -> None:
    assert Message.from_json(message.to_json()) == message


def test_a_timer_is_there_until_all_has_ended(paying: Paying) -> None:
    payment = paying.begun()
    for _ in range(2):  # however many begin within the hour
        delivery.DO[MailKind.PAYMENTS](WATCH)
    assert ringing() == [LOOK.to_json()]

    delivery.DO[MailKind.PAYMENTS](LOOK)
    assert ringing() == [LOOK.to_json()]

    paying.standin.becomes(payment, "paid", "never")
    delivery.DO[MailKind.PAYMENTS](LOOK)
    assert ringing() == []
    assert paying.booked()[BookAccount.PROVIDER] == 4500


def test_what_is_left_when_its_time_is_over_is_looked_at_next(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Message] = []
    monkeypatch.setattr(outbox, "queue", lambda some: sent.extend(some) or 0)
    first = paying.begun()
    paying.standin.becomes(first, "failed")
    second = paying.begun()
    clock = iter([0.0, 99.0])  # when it begins, and after the first
    monkeypatch.setattr(watching, "monotonic", lambda: next(clock))

    delivery.DO[MailKind.PAYMENTS](LOOK)

    assert sent == [Message(MailKind.PAYMENTS, min(first, second))]
    assert ringing() == [LOOK.to_json()]


def test_a_look_that_breaks_off_leaves_a_timer(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy(is_throttled=True)

    monkeypatch.setattr(watching, "look_at_all", busy)
    with pytest.raises(Busy):
        delivery.DO[MailKind.PAYMENTS](LOOK)
    assert ringing() == [LOOK.to_json()]


def test_a_city_whose_contract_ended_has_no_timer(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    paying.begun()
    monkeypatch.setenv("PAYMENTS_KEY", "")
    delivery.DO[MailKind.PAYMENTS](LOOK)
    assert ringing() == []
    assert watching.look_at_all(datetime.now(UTC)) == watching.HourlyLook(None, is_any_left=False)
