"""A payment on line: what the provider says of it, what of that is booked, and what is to be done about the rest.

The provider alone knows what became of a payment. Each look measures what it says against what is booked, and books the
difference: so it makes none whether a call of the provider comes once, twice, late, in another order or never.

Amounts are whole cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.money.statements.movements import MoneyTaskKind

# A payment of which nothing came is looked at for so much longer: "failed" may still become "paid".
WATCHED_AFTER_END = timedelta(days=1)
# A payment that is under way for longer than this is looked at no more: by then every provider has ended it.
WATCHED_AT_MOST = timedelta(days=40)


class PaymentStatus(StrEnum):
    """As the provider says it. OPEN: the family has not paid. PENDING, AUTHORIZED: it has, and the money is not there
    yet. FAILED, CANCELED, EXPIRED: it is not to be expected; it comes now and then."""

    OPEN = "open"
    PENDING = "pending"
    AUTHORIZED = "authorized"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"


UNDER_WAY = frozenset({PaymentStatus.OPEN, PaymentStatus.PENDING, PaymentStatus.AUTHORIZED})


class RefundStatus(StrEnum):
    """QUEUED: it waits until the city has money enough at the provider."""

    QUEUED = "queued"
    PENDING = "pending"
    PROCESSING = "processing"
    REFUNDED = "refunded"
    FAILED = "failed"
    CANCELED = "canceled"


NOT_REFUNDED = frozenset({RefundStatus.FAILED, RefundStatus.CANCELED})


@dataclass(frozen=True)
class ProviderRefund:
    """`ours`: the id under which we asked for it; empty: it was made at the provider's own site."""

    refund_id: str
    cents: int
    status: RefundStatus
    ours: str = ""


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as the provider tells it. `order_id`: what we said that it is for. `checkout_url`: where the family
    pays; empty once it cannot. `charged_back_cents`: what a bank or card company took back from the city."""

    payment_id: str
    status: PaymentStatus
    cents: int
    order_id: str
    checkout_url: str = ""
    refunds: Sequence[ProviderRefund] = ()
    charged_back_cents: int = 0


@dataclass(frozen=True)
class Payment:
    """A payment as we know it. `cents`: for which it was asked. `paid_cents`, `charged_back_cents`, `returned_cents`:
    what of it is booked. `is_returning`: a refund is under way. `changed_at`: when we last saw something new.
    `edition`: how often that was."""

    payment_id: str
    order_id: str
    municipality: str
    cents: int
    checkout_url: str
    made_at: datetime
    changed_at: datetime
    status: PaymentStatus = PaymentStatus.OPEN
    paid_cents: int = 0
    charged_back_cents: int = 0
    returned_cents: int = 0
    is_returning: bool = False
    edition: int = 1


@dataclass(frozen=True)
class Moves:
    """The cents to be booked between two editions of a payment; below 0: they are undone."""

    paid: int
    charged_back: int
    returned: int

    @property
    def received(self) -> int:
        """The cents that the order received more; below 0: less."""
        return self.paid - self.charged_back


def seen(payment: Payment, told: ProviderPayment, now: datetime) -> Payment:
    """The payment after a look at it; the same one if there is nothing new."""
    back = [one for one in told.refunds if one.status not in NOT_REFUNDED]
    after = replace(
        payment,
        status=told.status,
        paid_cents=told.cents if told.status is PaymentStatus.PAID else 0,
        charged_back_cents=told.charged_back_cents,
        returned_cents=sum(one.cents for one in back),
        is_returning=any(one.status is not RefundStatus.REFUNDED for one in back),
    )
    return payment if after == payment else replace(after, changed_at=now, edition=payment.edition + 1)


def moves(before: Payment, after: Payment) -> Moves:
    return Moves(
        after.paid_cents - before.paid_cents,
        after.charged_back_cents - before.charged_back_cents,
        after.returned_cents - before.returned_cents,
    )


def is_watched(payment: Payment, now: datetime) -> bool:
    """Whether it is looked at each hour, because something may change of which nobody tells us."""
    if now >= payment.changed_at + WATCHED_AT_MOST:
        return False
    if payment.status in UNDER_WAY or payment.is_returning:
        return True
    return payment.status is not PaymentStatus.PAID and now < payment.changed_at + WATCHED_AFTER_END


def next_hour(now: datetime) -> datetime:
    """The full hour after next: what begins now has time to end by itself."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2 if now.minute >= 45 else 1)


@dataclass(frozen=True)
class OrderBefore:
    """Of an order, before a payment moved. `owed_cents`: below 0, it is overpaid. `is_cancelled`: all of its
    registrations are."""

    owed_cents: int
    is_cancelled: bool


def task_kind(order: OrderBefore | None, moved: Moves) -> MoneyTaskKind | None:
    """The task for a person of the city, because an order is not as the payment was meant to leave it. `order` None:
    there is none for which the payment was. Money that is there and owed is nobody's task, and neither is a refund of
    what was too much."""
    if moved == Moves(0, 0, 0):
        return None
    if order is None:
        return MoneyTaskKind.UNKNOWN
    owed = order.owed_cents - moved.received + moved.returned
    if moved.received < 0 or (moved.returned > 0 and owed > 0):
        return MoneyTaskKind.RETURNED
    if owed >= 0 or owed >= order.owed_cents:
        return None
    if order.is_cancelled:
        return MoneyTaskKind.AFTER_CANCELLING
    return MoneyTaskKind.TOO_MUCH if order.owed_cents > 0 or moved.returned < 0 else MoneyTaskKind.TWICE
