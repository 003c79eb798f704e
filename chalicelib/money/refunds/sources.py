"""The sources of an order's money."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from chalicelib.money.online import table as payments
from chalicelib.money.refunds import sepa
from chalicelib.money.refunds.rules import PaidFrom
from chalicelib.money.statements import table as statements
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTaskKind, MovementState, StoredMovement, task_of

SURPLUS = frozenset({MoneyTaskKind.TOO_MUCH, MoneyTaskKind.TWICE, MoneyTaskKind.AFTER_CANCELLING})


def of_order(order_id: str) -> Sequence[PaidFrom]:
    """Every transfer that came in, less what its account has back already without a refund of ours, and what is left of
    every payment on line; of those of one day what the order did not need any more comes first. Some five reads."""
    entries = [one for one in statements.of_order(order_id) if one.state is MovementState.MATCHED]
    return [*left_of(_surplus_first(entries)), *_on_line(order_id)]


def _surplus_first(entries: Sequence[StoredMovement]) -> Sequence[StoredMovement]:
    """A bank says a day, no hour. Of a family that paid and a stranger who typed its number on the same day, the
    stranger gets the money back: what came in when nothing was owed any more is a task."""
    came = {one.movement_id: task_of(one, MoneyTaskKind.TWICE).task_id for one in entries if one.cents > 0}
    if len(came) < 2:
        return entries
    surplus = {one.movement_id for one in tasks.several(came.values()) if one.kind in SURPLUS}
    return sorted(entries, key=lambda one: one.movement_id not in surplus)


def _on_line(order_id: str) -> Iterator[PaidFrom]:
    for one in payments.of_order(order_id):
        left = one.paid_cents - one.charged_back_cents - one.returned_cents
        if left > 0:
            yield PaidFrom("", "", left, one.made_at, one.payment_id)


def left_of(entries: Sequence[StoredMovement]) -> Iterator[PaidFrom]:
    """Payments, less the money that the bank took back or somebody paid back by hand: it is taken off the latest
    payment of that account."""
    back: dict[str, int] = {}
    for one in entries:
        if one.cents < 0:
            iban = _account(one)
            back[iban] = back.get(iban, 0) - one.cents
    came = (_paid(one) for one in entries if one.cents > 0)
    for payment in sorted(came, key=lambda one: one.at, reverse=True):
        less = min(back.get(payment.iban, 0), payment.cents)
        back[payment.iban] = back.get(payment.iban, 0) - less
        if payment.cents > less:
            yield replace(payment, cents=payment.cents - less)


def _paid(one: StoredMovement) -> PaidFrom:
    at = datetime.combine(one.movement.booked_on, time.min, UTC)
    return PaidFrom(_account(one), one.movement.name, one.cents, at)


def _account(one: StoredMovement) -> str:
    """Empty for one that no transfer reaches, or whose holder's name a file for the bank cannot have."""
    try:
        sepa.latin(one.movement.name, sepa.MOST_NAME)
        return sepa.account(one.movement.iban)
    except ValueError:
        return ""
