"""A refund of a payment on line, once two people released it: its provider is asked, and books it (money/online).

It stays RELEASED until the provider has answered, and the order counts it only then; until then it counts as pending,
so that it goes back once. Asking again is the same refund, because it has our reference.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import NOT_FOUND, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.observability import log
from chalicelib.core.refusals import went_through
from chalicelib.money.online import refunding
from chalicelib.money.online.provider import ProviderAway, ProviderRefuses
from chalicelib.money.online.rules import NOT_REFUNDED
from chalicelib.money.refunds import table
from chalicelib.money.refunds.rules import Refund, RefundState

NOT_TO_BE_ASKED = N_("The provider has this already, or it is not released.")


def ask(refund: Refund, now: datetime) -> Refund:
    """How it stands then: OUT; TAKEN_BACK where the provider refuses, so that what is over waits again; RELEASED while
    the provider is away, or whether it has it is unknown. Raises Busy."""
    try:
        made = refunding.refund(refund.to.payment_id, refund.cents, refund.reference, now)
    except ProviderAway:
        log.warning("refund_not_asked")
        return refund
    except ProviderRefuses:
        return _now(refund, RefundState.TAKEN_BACK, now)
    return _now(refund, RefundState.TAKEN_BACK if made.status in NOT_REFUNDED else RefundState.OUT, now)


def ask_again(order_id: str, number: int, now: datetime) -> Refund:
    """Raises Problem `not-found`, `not-now`; Busy."""
    refund = table.get(order_id, number)
    if refund is None:
        raise Problem(NOT_FOUND)
    if refund.state is not RefundState.RELEASED or not refund.to.payment_id:
        raise not_now(NOT_TO_BE_ASKED)
    return ask(refund, now)


def _now(refund: Refund, state: RefundState, now: datetime) -> Refund:
    """Another request at the same time may have written the refund first: the answer is the same."""
    after = replace(refund, state=state)
    went_through(lambda: core_table.transact_write([table.putting(after, now)]))
    return after
