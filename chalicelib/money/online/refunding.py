"""Money goes back through the provider by which it came.

The books and the order follow by the look at the payment (looking.py), like a refund that somebody makes at the
provider's own site: whoever refunds here books nothing. A refund that fails later comes in by the same way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from chalicelib.money.online import table
from chalicelib.money.online.looking import look
from chalicelib.money.online.provider import NoSuchPayment, ProviderAway, ProviderRefuses, of_city
from chalicelib.money.online.rules import ProviderRefund
from chalicelib.money.orders import references
from chalicelib.money.orders import table as orders

# From this status of HTTP on, an answer says no.
REFUSALS = 300


def refund(payment_id: str, cents: int, refund_id: str, now: datetime) -> ProviderRefund:
    """So much of a payment goes back to who paid it, and is booked. `refund_id`: ours; the same one again is the same
    refund, also after a crash and days later.

    Raises ProviderAway, where it may be on its way, ProviderRefuses, which says that it is not, and Busy.
    """
    provider, payment = of_city(), table.get(payment_id)
    if provider is None or payment is None:
        raise ProviderRefuses(404)
    # The provider forgets a key within the hour, but not a refund.
    with _unknown_if():
        made = next((one for one in provider.ask(payment_id).refunds if one.ours == refund_id), None)
    if made is None:
        order = orders.get(payment.order_id)
        table.miss(payment_id)  # a crash behind the refund leaves it to the hourly look
        said = references.spoken(order.reference) if order else payment.order_id
        with _unknown_if(lambda refusal: refusal.status < REFUSALS):
            made = provider.refund(payment_id, cents, refund_id, said)
    with _unknown_if():
        look(provider, payment, now)
    return made


@contextmanager
def _unknown_if(is_unknown: Callable[[ProviderRefuses], bool] = lambda _: True) -> Iterator[None]:
    """Only who was asked for the refund and says no has not made it. Of any other refusal, and of an answer that nobody
    understands, it may have been made by then or before: were it taken back, it would be paid twice."""
    try:
        yield
    except NoSuchPayment:
        raise
    except ProviderRefuses as refusal:
        if is_unknown(refusal):
            raise ProviderAway(str(refusal)) from refusal
        raise
