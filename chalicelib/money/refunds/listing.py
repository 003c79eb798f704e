"""Orders with money that waits to go back, over all municipalities: a part at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.money.orders import table as orders
from chalicelib.money.orders.table import Owed
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import releasing
from chalicelib.money.refunds.releasing import OrderRefunds
from chalicelib.money.statements import receivables

# Three reads for each, and a release of each is a transaction.
AT_ONCE = 25


@dataclass(frozen=True)
class Waiting:
    """Orders of which something is to go back. `next`: behind what the next part begins; None: there is none."""

    orders: list[OrderRefunds]
    next: str | None


@dataclass(frozen=True)
class OverpaidSum:
    """Of all municipalities: how many orders, and how many cents are to go back."""

    orders: int
    cents: int


def waiting(after: str) -> Waiting:
    """`after`: what the part before said, `municipality#order_id`."""
    lines = ((place, owed) for place, owed in _overpaid() if place > after)
    some = list(islice(lines, AT_ONCE + 1))
    found = {one.order.order_id: one for one in releasing.of_orders(owed.order_id for _, owed in some[:AT_ONCE])}
    shown = [found[owed.order_id] for _, owed in some[:AT_ONCE] if owed.order_id in found]
    return Waiting([one for one in shown if one.refunds], some[AT_ONCE - 1][0] if len(some) > AT_ONCE else None)


def overpaid() -> OverpaidSum:
    """A read unit for some eighty of them."""
    cents = [owed.cents for _, owed in _overpaid()]
    return OverpaidSum(len(cents), sum(cents))


def municipalities() -> list[str]:
    """Those of the programme, and those with a payee of their own."""
    return sorted({*receivables.municipalities(), *payees.remembered().by_municipality} - {""})


def _overpaid() -> Iterator[tuple[str, Owed]]:
    """Each with its place in the list."""
    for municipality in municipalities() if payees.remembered() else ():
        for owed in orders.overpaid(municipality):
            yield f"{municipality}#{owed.order_id}", owed
