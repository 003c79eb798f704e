"""The debts of families and their due days, of each municipality, the earliest due day first.

A part costs half a read unit for each 4 KB of its lines, and a unit for each order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Annotated

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.http.answers import Count
from chalicelib.core.moments import today
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.references import spoken
from chalicelib.money.orders.rules import Order, OrderStatus
from chalicelib.people import access
from chalicelib.people.families import table as families
from chalicelib.people.families.names import full_name
from chalicelib.programme.sessions import whose

AT_ONCE = 50
MOST_LONG = 300  # of the place at which a part begins
# As many as a file has at most; it is made within one request.
MOST_IN_A_FILE = 5_000


@dataclass(frozen=True)
class Receivable:
    """One order of which something is owed."""

    order_id: str
    municipality: str
    reference: Annotated[str, "As families write it on their transfer."]
    amount_cents: Count
    paid_cents: Annotated[int, "What came in, less what went back."]
    owed_cents: Count
    made_on: date
    due_on: date
    days_late: Annotated[Count, "0: it is not due yet, or due today."]
    status: OrderStatus


@dataclass(frozen=True)
class Receivables:
    receivables: Sequence[Receivable]
    next: Annotated[str | None, "Behind what the next part begins; null after the last one."]


def municipalities() -> list[str]:
    """Those of the programme, by name."""
    return sorted({one.municipality for one in whose.every()})


def part(municipality: str | None, after: str, now: datetime, most: int = AT_ONCE) -> Receivables:
    """`municipality` None: of all, one after the other. `after`: what the part before said."""
    found = list(islice(_owing(municipality, after), most + 1))
    shown, more = found[:most], found[most:]
    orders = orders_table.several(owed.order_id for _, owed in shown)
    lines = [_line(orders[owed.order_id], now) for _, owed in shown if owed.order_id in orders]
    place = f"{shown[-1][0]}#{shown[-1][1].place}" if more else None
    return Receivables([line for line in lines if line.owed_cents > 0], place)


def names(order_ids: Sequence[str]) -> dict[str, str]:
    """Of the children for whom each order was made, as far as their registration is still there; for finance."""
    records = registrations.several(dict.fromkeys(order_ids)) if order_ids else []
    passes = families.several((one.family_id, one.pass_id) for one in records)
    found: dict[str, str] = {}
    for one in records:
        known = passes.get((one.family_id, one.pass_id))
        children = [child for child in known.children if child.child_id in one.every_child] if known else []
        access.about(one.family_id, [child.child_id for child in children])
        found[one.registration_id] = ", ".join(full_name(child) for child in children)
    return found


def _owing(municipality: str | None, after: str) -> Iterator[tuple[str, orders_table.Owed]]:
    begins, _, place = after[:MOST_LONG].partition("#")
    wanted = [municipality] if municipality else [one for one in municipalities() if one >= begins]
    for one in wanted:
        for owed in orders_table.owing(one, (place or " ") if one == begins else " "):
            yield one, owed


def _line(order: Order, now: datetime) -> Receivable:
    return Receivable(
        order.order_id,
        order.municipality,
        spoken(order.reference),
        order.amount_cents,
        order.received_cents - order.returned_cents,
        max(0, order.balance_cents),
        today(order.made_at),
        order.due_on,
        max(0, (today(now) - order.due_on).days),
        order.status,
    )
