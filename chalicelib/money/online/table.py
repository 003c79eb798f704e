"""Payments on line in the table.

| pk              | sk          | what                                                                            |
| --------------- | ----------- | ------------------------------------------------------------------------------- |
| PAYMENT#id      | STATE       | a payment, and what of it is booked                                             |
| PAYMENT#id      | CALLS#hour  | calls: how often whoever may ask had us ask the provider in that hour; expires  |
| PAYING#order_id | ATTEMPT     | the order's last attempt to be paid, and the ids of all its payments            |
| PAYMENTS        | PAYMENT#id  | mark, is_missed: it is looked at each hour                                      |

A payment is written when its provider has made it, so an id that stands here is no invention of whoever calls us. Every
later write of it has the edition as it was read as its condition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import ids, table
from chalicelib.core.refusals import went_through
from chalicelib.money.online.rules import Payment, PaymentStatus
from chalicelib.money.stream import WATCHED_PAYMENTS

PAYMENT, STATE, CALLS = "PAYMENT#", "STATE", "CALLS#"
PAYING, ATTEMPT = "PAYING#", "ATTEMPT"
# Bookkeeping is kept for ten years after the year in which it was made.
KEPT = timedelta(days=11 * 366)
# A provider calls some ten times for all of a payment's life, and a family looks now and then.
MOST_CALLS_AN_HOUR = 60

Write = dict[str, Any]


class PaymentItem(table.Item):
    """`made_at`, `changed_at`: epoch seconds."""

    order_id = UnicodeAttribute()
    municipality = UnicodeAttribute()
    cents = NumberAttribute()
    checkout_url = UnicodeAttribute()
    made_at = NumberAttribute()
    changed_at = NumberAttribute()
    status = UnicodeAttribute()
    paid = NumberAttribute()
    charged_back = NumberAttribute()
    returned = NumberAttribute()
    is_returning = BooleanAttribute()
    edition = NumberAttribute()
    expires = NumberAttribute()


class CallsItem(table.Item):
    calls = NumberAttribute()
    expires = NumberAttribute()


class AttemptItem(table.Item):
    """`began`: epoch seconds."""

    attempts = NumberAttribute()
    key = UnicodeAttribute()
    cents = NumberAttribute()
    return_url = UnicodeAttribute()
    began = NumberAttribute()
    payment_id = UnicodeAttribute(null=True)
    payments: ListAttribute[str] = ListAttribute(default=list)
    expires = NumberAttribute()


class WatchedItem(table.Item):
    mark = UnicodeAttribute()
    is_missed = BooleanAttribute(default=False)


@dataclass(frozen=True)
class PaymentAttempt:
    """An order's attempt of this `number` (from 1) to be paid. `key`: of the request that began it. `payment_id`: None
    until the provider has made it. `payments`: those of all attempts, the first one first."""

    number: int
    key: str
    cents: int
    return_url: str
    began: datetime
    payment_id: str | None
    payments: Sequence[str] = ()


@dataclass(frozen=True)
class Watched:
    """`mark`: another one each time that it is put. `is_missed`: somebody said that there is news of it, and the
    provider could not be asked then."""

    payment_id: str
    mark: str
    is_missed: bool


def get(payment_id: str) -> Payment | None:
    """As it is now; one read unit."""
    item = PaymentItem.find(PAYMENT + payment_id, STATE)
    return _read(item) if item else None


def glance(payment_id: str) -> Payment | None:
    """As it was a moment ago; half a read unit, also for an id that nobody knows."""
    item = PaymentItem.glance(PAYMENT + payment_id, STATE)
    return _read(item) if item else None


def may_ask(payment_id: str, now: datetime) -> bool:
    """Whether the provider may be asked once more in this hour because somebody calls; a write unit either way."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    item = CallsItem(PAYMENT + payment_id, f"{CALLS}{hour:%Y-%m-%dT%H}")
    is_left = CallsItem.calls.does_not_exist() | (CallsItem.calls < MOST_CALLS_AN_HOUR)
    actions: list[Action] = [
        CallsItem.calls.add(1),
        CallsItem.expires.set(int((hour + timedelta(hours=2)).timestamp())),
    ]
    return went_through(lambda: item.update(actions, is_left))


def attempt(order_id: str) -> PaymentAttempt | None:
    item = AttemptItem.find(PAYING + order_id, ATTEMPT)
    if item is None:
        return None
    return PaymentAttempt(
        *(int(item.attempts), item.key, int(item.cents), item.return_url, _moment(item.began), item.payment_id),
        payments=tuple(item.payments),
    )


def of_order(order_id: str) -> list[Payment]:
    """All payments of an order, the first one first; a read unit for each, and one."""
    found = attempt(order_id)
    keys = [table.key(PAYMENT + one, STATE) for one in (found.payments if found else ())]
    items = [PaymentItem.from_raw_data(dict(item)) for item in (table.batch_get(keys) if keys else ())]
    return sorted(map(_read, items), key=lambda payment: payment.made_at)


def begin(order_id: str, new: PaymentAttempt, before: PaymentAttempt | None) -> None:
    """An attempt, before the provider is asked for a payment. Raises Refused unless `before` is still the last one."""
    as_read = table.as_read("attempts", before.number if before else 0)
    table.call("PutItem", Item=_attempt(order_id, new).serialize(), **as_read)


def putting(payment: Payment, begun: PaymentAttempt) -> list[Write]:
    """Writes of a transaction: the provider made the payment of this attempt, and it is looked at each hour. Refused if
    the order has another attempt by now, or this one its payment."""
    made = replace(begun, payment_id=payment.payment_id, payments=(*begun.payments, payment.payment_id))
    of_this = {
        "ConditionExpression": "attempts = :number AND attribute_not_exists(payment_id)",
        "ExpressionAttributeValues": {":number": {"N": str(begun.number)}},
    }
    return [
        {"Put": {"Item": _attempt(payment.order_id, made).serialize(), **of_this}},
        {"Put": {"Item": _item(payment).serialize(), "ConditionExpression": "attribute_not_exists(pk)"}},
        watching(payment.payment_id),
    ]


def changing(before: Payment, after: Payment) -> Write:
    """One write of a transaction. Refused if the payment is not as it was read."""
    return {"Put": {"Item": _item(after).serialize(), **table.as_read("edition", before.edition)}}


def watching(payment_id: str, *, is_missed: bool = False) -> Write:
    """One write of a transaction: the payment is looked at each hour, until the hourly look finds it at its end."""
    item = WatchedItem(WATCHED_PAYMENTS, PAYMENT + payment_id, mark=ids.by_chance(8), is_missed=is_missed)
    return {"Put": {"Item": item.serialize()}}


def miss(payment_id: str) -> None:
    """There is news of it, perhaps, and it is looked at within the hour."""
    table.call("PutItem", **watching(payment_id, is_missed=True)["Put"])


def unwatch(watched: Watched) -> bool:
    """Nothing of it is expected any more. False: somebody put it there again meanwhile, and there it stays."""
    item = WatchedItem(WATCHED_PAYMENTS, PAYMENT + watched.payment_id)
    return went_through(lambda: item.delete(WatchedItem.mark == watched.mark))


def all_watched(after: str = "") -> Iterator[Watched]:
    """In the order of their ids, from behind the id `after`, page by page."""
    behind = WatchedItem.sk > PAYMENT + after if after else None
    for item in WatchedItem.query(WATCHED_PAYMENTS, behind, consistent_read=True):
        yield Watched(item.sk.removeprefix(PAYMENT), item.mark, item.is_missed)


def _attempt(order_id: str, attempt: PaymentAttempt) -> AttemptItem:
    return AttemptItem(
        PAYING + order_id,
        ATTEMPT,
        attempts=attempt.number,
        key=attempt.key,
        cents=attempt.cents,
        return_url=attempt.return_url,
        began=int(attempt.began.timestamp()),
        payment_id=attempt.payment_id,
        payments=list(attempt.payments),
        expires=int((attempt.began + KEPT).timestamp()),
    )


def _item(payment: Payment) -> PaymentItem:
    return PaymentItem(
        PAYMENT + payment.payment_id,
        STATE,
        order_id=payment.order_id,
        municipality=payment.municipality,
        cents=payment.cents,
        checkout_url=payment.checkout_url,
        made_at=int(payment.made_at.timestamp()),
        changed_at=int(payment.changed_at.timestamp()),
        status=payment.status,
        paid=payment.paid_cents,
        charged_back=payment.charged_back_cents,
        returned=payment.returned_cents,
        is_returning=payment.is_returning,
        edition=payment.edition,
        expires=int((payment.made_at + KEPT).timestamp()),
    )


def _read(item: PaymentItem) -> Payment:
    return Payment(
        payment_id=item.pk.removeprefix(PAYMENT),
        order_id=item.order_id,
        municipality=item.municipality,
        cents=int(item.cents),
        checkout_url=item.checkout_url,
        made_at=_moment(item.made_at),
        changed_at=_moment(item.changed_at),
        status=PaymentStatus(item.status),
        paid_cents=int(item.paid),
        charged_back_cents=int(item.charged_back),
        returned_cents=int(item.returned),
        is_returning=item.is_returning,
        edition=int(item.edition),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
