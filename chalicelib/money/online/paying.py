"""A family pays an order on line: one payment at a time, however many tabs it has open.

Four steps, each of which may be the last before a crash: (1) the attempt is written, (2) the provider makes the payment
under the attempt's key, (3) the payment and that it is this attempt's are written together, (4) the family is sent to
the provider. After (1) or (2) the next try goes on with the same attempt and key, so the provider answers with the same
payment; a payment whose address nobody was given, nobody pays. After (3) the next try finds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import ids, settings
from chalicelib.core.http.problems import NOT_FOUND, PROVIDER_AWAY, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.online import table
from chalicelib.money.online.looking import look
from chalicelib.money.online.provider import Charge, NoSuchPayment, Provider, ProviderAway, ProviderRefuses, of_city
from chalicelib.money.online.rules import Payment, PaymentStatus
from chalicelib.money.online.table import PaymentAttempt
from chalicelib.money.orders import references
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order

# Mollie remembers a key for an hour.
KEY_GOOD_FOR = timedelta(minutes=50)
# A family that tries and tries is no family, or needs somebody's help.
MOST_ATTEMPTS = 50
TRIES = 5
METHODS_SECONDS = 300.0
_methods: Memory[tuple[int, str], Sequence[str]] = Memory(METHODS_SECONDS)
WEBHOOK = "/api/payments/provider"

NOTHING_TO_PAY = N_("Nothing is to be paid for this order any more.")
UNDER_WAY_ALREADY = N_(
    "A payment for this order is on its way: your bank has not confirmed it yet. Wait until it has; then you see here "
    "whether it came."
)
TOO_MANY = N_("You tried to pay this order very often. Pay it by transfer instead, or call your municipality.")
AWAY_SECONDS = 60


@dataclass(frozen=True)
class PaymentBegun:
    """`payment_url`: the provider's page, where the family pays."""

    payment_url: str


@dataclass(frozen=True)
class PayingNow:
    """An order that may be paid on line, as it is now. `payment`: the last one that was begun; None: there is none.
    `is_seen`: False: the provider did not answer, so more may be true than is known here."""

    order: Order
    payment: Payment | None
    is_seen: bool


def of_family(order_id: str, family_id: str) -> tuple[Provider, Order]:
    """Raises Problem `not-found` where the city takes no payments on line, and for an order of another family."""
    provider = of_city()
    order = orders.get(order_id) if provider else None
    if provider is None or order is None or order.family_id != family_id:
        raise Problem(NOT_FOUND)
    return provider, order


def as_it_is(provider: Provider, order: Order, now: datetime) -> PayingNow:
    """For the family that comes back from the provider, perhaps before its call; what is new is booked. Raises Busy."""
    last = table.attempt(order.order_id)
    payment = table.get(last.payment_id) if last and last.payment_id else None
    if payment is None or payment.status is PaymentStatus.PAID:
        return PayingNow(order, payment, is_seen=True)
    if not table.may_ask(payment.payment_id, now):
        return PayingNow(order, payment, is_seen=False)
    try:
        payment = look(provider, payment, now)
    except (ProviderAway, ProviderRefuses):
        return PayingNow(order, payment, is_seen=False)
    return PayingNow(orders.get(order.order_id) or order, payment, is_seen=True)


def methods(provider: Provider, cents: int, language: str) -> Sequence[str]:
    """The methods by which a family can pay so much, in its language; empty: the provider does not say."""
    try:
        return _methods.get((cents, language), lambda: provider.methods(cents, language))
    except (ProviderAway, ProviderRefuses):
        return ()


def begin(provider: Provider, order_id: str, key: str, return_url: str, language: str, now: datetime) -> PaymentBegun:
    """The page where this order is paid; of a payment that is open already, that one's. `key`: the same for each try.
    `return_url`: ours.

    Raises Problem `not-now` if there is nothing to pay or a payment is on its way, `busy` if the provider is away.
    """
    try:
        for _ in range(TRIES):
            try:
                return PaymentBegun(_begin(provider, order_id, key, return_url, language, now))
            except Refused:
                continue  # another tab was quicker
    except (ProviderAway, ProviderRefuses) as error:
        raise Problem(PROVIDER_AWAY, retry_after=AWAY_SECONDS) from error
    raise Busy(is_conflict=True)


def _begin(provider: Provider, order_id: str, key: str, return_url: str, language: str, now: datetime) -> str:
    last = table.attempt(order_id)
    payment = _last(provider, last, now)
    order = orders.get(order_id)
    if order is None:
        raise Problem(NOT_FOUND)
    if payment and payment.status in (PaymentStatus.PENDING, PaymentStatus.AUTHORIZED):
        raise not_now(UNDER_WAY_ALREADY)
    cents = order.balance_cents
    if cents <= 0:
        raise not_now(NOTHING_TO_PAY)
    if last and payment and last.key == key and payment.status is not PaymentStatus.PAID:
        return payment.checkout_url
    if payment and payment.status is PaymentStatus.OPEN and payment.cents == cents:
        return payment.checkout_url
    attempt = last
    if last is None or last.payment_id or last.cents != cents or now >= last.began + KEY_GOOD_FOR:
        if last and last.number >= MOST_ATTEMPTS:
            raise not_now(TOO_MANY)
        number, payments = (last.number + 1, last.payments) if last else (1, ())
        attempt = PaymentAttempt(number, key, cents, return_url, now, None, payments)
        table.begin(order_id, attempt, last)
    assert attempt
    made = provider.create(
        Charge(
            attempt.cents,
            references.spoken(order.reference),
            order_id,
            attempt.return_url,
            settings.public_url() + WEBHOOK,
            language,
            ids.named(f"{order_id}#{attempt.number}", 24),
        )
    )
    payment = Payment(made.payment_id, order_id, order.municipality, made.cents, made.checkout_url, now, now)
    transact_write_patiently(table.putting(payment, attempt))
    return payment.checkout_url


def _last(provider: Provider, last: PaymentAttempt | None, now: datetime) -> Payment | None:
    """The payment of the last attempt as it is now. What came of it meanwhile is booked, so that nobody pays twice
    because a call of the provider is late."""
    payment = table.get(last.payment_id) if last and last.payment_id else None
    if payment is None or payment.status is PaymentStatus.PAID:
        return payment
    try:
        return look(provider, payment, now)
    except NoSuchPayment:  # then nobody can pay it either
        return None
