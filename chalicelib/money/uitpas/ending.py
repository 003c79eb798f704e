"""Ticket sales of which nothing comes off an order any more are cancelled at UiTPAS: from the queue, tried again while
UiTPAS does not answer. What is not cancelled by then, and what nobody knows the end of, is finance's.

An order drops what UiTPAS took off when a place goes, or costs otherwise (money/orders/following.py): in the same
write, so that nobody keeps a discount whose sale is being cancelled.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.uitpas import table
from chalicelib.money.uitpas.rules import SaleStatus, TicketSale
from chalicelib.money.uitpas.selling import hand_to_finance
from chalicelib.money.uitpas.service import Uitpas, UitpasAway, UitpasRefuses, of_city

# Longer than the function that asks UiTPAS may run.
PATIENCE = timedelta(seconds=45)
# Some minutes apart; the queue gives a message up at its fifth.
MOST_TRIES = 4
# The function has 60 seconds, and one of the two messages of its batch may be a mail for which SES takes 26.
MOST_SECONDS = 15.0


def settle(family_id: str, now: datetime) -> None:
    """Brings the family's ticket sales to where its orders are; again is the same. Raises Busy while something is left
    to be done."""
    uitpas, is_any_left, until = of_city(), False, monotonic() + MOST_SECONDS
    for sale in table.sales_of(family_id):
        if monotonic() > until:
            raise Busy
        order = orders.get(sale.order_id)  # behind the sale: both are written together
        if sale.status is SaleStatus.ASKED:
            if now < sale.asked_at + PATIENCE:
                is_any_left = True
            else:
                hand_to_finance(sale, order.municipality if order else "", now)
        elif sale.status is SaleStatus.SOLD and not sale.stands(order):
            is_any_left |= not _cancelled(uitpas, sale, order, now)
    if is_any_left:
        raise Busy


def _cancelled(uitpas: Uitpas | None, sale: TicketSale, order: Order | None, now: datetime) -> bool:
    """False: UiTPAS does not answer now."""
    try:
        if uitpas is None:
            raise UitpasRefuses(0)
        uitpas.cancel(sale.sale_id)
    except UitpasAway:
        if sale.tries + 1 < MOST_TRIES:
            with suppress(Refused):
                transact_write_patiently([table.putting(sale, replace(sale, tries=sale.tries + 1))])
            return False
        hand_to_finance(sale, order.municipality if order else "", now)
        return True
    except UitpasRefuses as refusal:
        log.warning("uitpas_keeps_sale", session_id=sale.session_id, status=refusal.status)
        hand_to_finance(sale, order.municipality if order else "", now)
        return True
    with suppress(Refused):
        transact_write_patiently([table.deleting(sale)])
    return True
