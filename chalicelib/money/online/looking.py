"""Looks at a payment: asks the provider what became of it, and books what is new.

Whoever has us look, a call of the provider, the family that comes back, the hourly look, says a payment's id and
nothing that is believed. What is new is one transaction: the payment as it is now, on the condition that it is as it
was read, what its order got, the entry in the books, and what a person must see. So whoever comes second books nothing,
whatever comes late is measured against what is true now, and nothing is half-written after a crash.
"""

from datetime import datetime

from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.online import table
from chalicelib.money.online.provider import Provider, ProviderAway, ProviderRefuses
from chalicelib.money.online.rules import Moves, OrderBefore, Payment, is_watched, moves, seen, task_kind
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTask

TRIES = 5


def look(provider: Provider, payment: Payment, now: datetime) -> Payment:
    """The payment as it is now, booked. `payment`: as it was read, a moment ago or now.

    Raises ProviderAway and ProviderRefuses, and Busy; what was there to be booked is then booked by a later look.
    """
    for _ in range(TRIES):
        told = provider.ask(payment.payment_id)
        if told.order_id != payment.order_id:  # no payment of ours: what it says is about something else
            log.error("payment_of_another_order", payment_id=payment.payment_id)
            raise ProviderRefuses(200, "metadata")
        after = seen(payment, told, now)
        if after == payment:
            return payment
        try:
            transact_write(_writes(provider.name, payment, after, now))
        except Refused:
            pass  # somebody else looked meanwhile, or the order changed: asked anew, so that the latest is booked
        except Busy as busy:
            if not busy.is_conflict:
                raise
        else:
            return after
        payment = table.get(payment.payment_id) or payment
    raise Busy(is_conflict=True)


def on_call(provider: Provider, payment_id: str, now: datetime) -> None:
    """Somebody says that there is news of a payment, perhaps the provider. Who says so and what else it says is not
    looked at. An id that is none of ours costs half a read unit, and the provider nothing; one of ours is asked for at
    most so often in an hour (table.MOST_CALLS_AN_HOUR). What was not seen is looked at within the hour. Raises Busy.
    """
    payment = table.glance(payment_id)
    if payment is None:
        return
    if not table.may_ask(payment_id, now):
        table.miss(payment_id)
        return
    try:
        look(provider, payment, now)
    except (ProviderAway, ProviderRefuses, Busy) as error:
        log.warning("payment_missed", payment_id=payment_id, error=type(error).__name__)
        table.miss(payment_id)


def _writes(name: str, before: Payment, after: Payment, now: datetime) -> list[table.Write]:
    writes = [table.changing(before, after)]
    if is_watched(after, now):
        writes.append(table.watching(after.payment_id))
    change = moves(before, after)
    if change == Moves(0, 0, 0):
        return writes
    order = orders.get(after.order_id)
    if order:
        writes += orders.moving_money(order, received=change.received, returned=change.returned)
    writes += [books.putting(entry) for entry in _entries(name, after, change, order, now)]
    return [*writes, *_task(before, after, change, order, now)]


def _task(before: Payment, after: Payment, change: Moves, order: Order | None, now: datetime) -> list[table.Write]:
    """The one task that a payment can have: another kind takes its place, and it is closed where all is as it was
    meant."""
    stood = OrderBefore(order.balance_cents, order.ended_on is not None) if order else None
    kind = task_kind(stood, change)
    if kind:
        about = {"payment_id": after.payment_id, "order_id": after.order_id}
        cents = after.paid_cents - after.charged_back_cents - after.returned_cents
        since = today(after.made_at)
        return tasks.hand_in(MoneyTask(kind, since, after.payment_id, cents, after.municipality, about))
    if (before.paid_cents, before.returned_cents) == (0, 0):
        return []
    open_task = tasks.get(f"{today(after.made_at).isoformat()}~{after.payment_id}")
    return tasks.closing(open_task, None, now) if open_task else []


def _entries(name: str, payment: Payment, change: Moves, order: Order | None, now: datetime) -> list[BookEntry]:
    """The provider's account against what the family owes; against what nobody knows yet where the order is gone."""
    provider = (BookAccount.PROVIDER, name)
    owed = (BookAccount.RECEIVABLE, payment.municipality) if order else (BookAccount.UNSETTLED, name)
    about = {"payment_id": payment.payment_id, "order_id": payment.order_id}
    acts = (
        (BookAct.RECEIVED, moved(provider, owed, change.paid), change.paid),
        (BookAct.RETURNED, moved(owed, provider, change.charged_back), change.charged_back),
        (BookAct.PAID_BACK, moved(owed, provider, change.returned), change.returned),
    )
    return [
        BookEntry(f"{payment.payment_id}#{payment.edition}#{act.value}", now, act, postings, about)
        for act, postings, cents in acts
        if cents
    ]
