"""A family uses what UiTPAS gives, right before it pays: each ticket sale is registered there once.

Three steps, each of which may be the last before a crash: (1) it is written that UiTPAS is being asked, on the
condition that the order is as it was read, (2) UiTPAS sells, (3) its id and what it takes off the order are written
together. UiTPAS takes no key by which a second try would be known, so nothing is asked for twice: what broke off
between (1) and (3), or was asked and not answered, becomes a task of finance, which looks at UiTPAS (ending.py).
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import tasks
from chalicelib.money.uitpas import table
from chalicelib.money.uitpas.rules import SaleStatus, TicketSale, UitpasTariff, places_of
from chalicelib.money.uitpas.service import Uitpas, UitpasAway, UitpasRefuses, UitpasUnclear

TRIES = 5
NOTHING_TO_PAY = N_("Nothing is to be paid for this order any more.")
NOT_CLEAR = N_(
    "UiTPAS did not say whether it took your discount. Somebody of the city looks at it. Until then the price without "
    "UiTPAS holds."
)


def sell(uitpas: Uitpas, order_id: str, session_id: str, child_id: str, tariff: UitpasTariff, now: datetime) -> None:
    """Uses this tariff for a child in a session; used already, it does nothing. Whoever asks has proven whose the order
    is.

    Raises UitpasAway and UitpasRefuses, where nothing was sold; Problem `not-now`, `not-found`, `changed`; Busy.
    """
    order = orders.get(order_id)
    cents = places_of(order).get((session_id, child_id)) if order else None
    event_id = table.events_of([session_id]).get(session_id)
    if order is None or cents is None or event_id is None:
        raise Problem(NOT_FOUND)
    number = table.numbers_of(order.family_id).get(child_id)
    before = table.sale(order_id, session_id, child_id)
    if number is None:
        raise Problem(NOT_FOUND)
    if before and before.status is SaleStatus.SOLD and before.stands(order):
        return
    if before and not _is_looked_at(before):
        raise not_now(NOT_CLEAR)
    if order.balance_cents <= 0:
        raise not_now(NOTHING_TO_PAY)
    at, asked_for = now.replace(microsecond=0), SaleStatus.ASKED
    asked = TicketSale(order_id, session_id, child_id, asked_for, cents, tariff, at, order.last_day)
    try:
        transact_write_patiently([table.putting(before, asked), orders.standing(order)])
    except Refused:
        raise Problem(CHANGED) from None
    asked = replace(asked, edition=before.edition + 1 if before else 1)
    try:
        sale_id, sold_for = uitpas.sell(event_id, number, cents, tariff.tariff_id)
    except (UitpasAway, UitpasRefuses):
        transact_write_patiently([table.deleting(asked)])
        raise
    except UitpasUnclear as unclear:
        hand_to_finance(replace(asked, sale_id=unclear.sale_id), order.municipality, now)
        raise not_now(NOT_CLEAR) from None
    _keep(asked, replace(asked, status=SaleStatus.SOLD, sale_id=sale_id, tariff=sold_for))
    with suppress(Busy):  # then the outbox works it out, seconds later
        follow(order.family_id, now)


def _is_looked_at(sale: TicketSale) -> bool:
    """Whether somebody of finance has done with it: then UiTPAS has no sale of it any more."""
    if sale.status is not SaleStatus.STUCK or sale.since is None:
        return False
    return tasks.get(sale.task(sale.since, "").task_id) is None


def _keep(asked: TicketSale, sold: TicketSale) -> None:
    """With what it takes off the order, if the place still costs what UiTPAS was told. Else without: then it is
    cancelled there (ending.py). Raises Problem `changed`."""
    for _ in range(TRIES):
        order = orders.get(sold.order_id)
        if order is None or places_of(order).get(sold.place) != sold.regular_cents:
            break
        try:
            transact_write_patiently([table.putting(asked, sold), *orders.putting(order, _with(order, sold))])
        except Refused:
            continue  # money came in, or the order was worked out anew
        return
    with suppress(Refused):
        transact_write_patiently([table.putting(asked, sold)])
    raise Problem(CHANGED)


def _with(order: Order, sold: TicketSale) -> Order:
    others = (one for one in order.adjustments if one.adjustment_id != sold.adjustment.adjustment_id)
    return replace(order, adjustments=(*others, sold.adjustment))


def hand_to_finance(sale: TicketSale, municipality: str, now: datetime) -> None:
    """Nobody but a person knows what became of it; again is the same. `sale.edition`: as it was read."""
    stuck = replace(sale, status=SaleStatus.STUCK, since=today(now))
    with suppress(Refused):  # somebody else said what became of it
        task = stuck.task(today(now), municipality)
        transact_write_patiently([table.putting(sale, stuck), *tasks.hand_in(task)])
