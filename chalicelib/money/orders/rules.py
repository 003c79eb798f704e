"""An order: what a family owes for a registration and for those that continue it after a move, and what came in.

Amounts are whole cents, days are those of Brussels.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.booking.registrations.rules import family_of
from chalicelib.money.tariffs.rules import Labels


class OrderStatus(StrEnum):
    """OVERPAID: more came in than it costs, and is to go back. CANCELLED, REFUNDED: its registrations are cancelled and
    nothing is owed any more; REFUNDED if money went back."""

    OPEN = "open"
    PAID = "paid"
    PARTLY_PAID = "partly-paid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class OrderPart(StrEnum):
    """The subject of an order's line. PRICE: the stay. EXTRA, FINE: a thing that the family took beside it, and a deed
    against the rules; each with the amounts taken off it. KEPT: the amount that the city keeps of a cancelled
    registration. ADJUSTED: a change by a person of the city, with a reason."""

    PRICE = "price"
    EXTRA = "extra"
    FINE = "fine"
    KEPT = "kept"
    ADJUSTED = "adjusted"


# Parts of the cost of a child's place: the city keeps a share of them when it is cancelled. A fine stays owed.
OF_THE_PLACE = (OrderPart.PRICE, OrderPart.EXTRA)


@dataclass(frozen=True)
class OrderLine:
    """As a line of a quote (money/tariffs/quoting.py). `rule`: of the tariff; `price`: the session's own price."""

    session_id: str
    child_id: str
    label: Labels
    quantity: int
    unit_cents: int
    amount_cents: int
    rule: str
    article: str
    unit: str
    size: int = 1
    part: OrderPart = OrderPart.PRICE

    @property
    def is_of_the_place(self) -> bool:
        """Whether it is part of what a child's place costs: its price and extras, and what UiTPAS takes off it."""
        return self.part in OF_THE_PLACE or (self.part is OrderPart.ADJUSTED and bool(self.child_id))


@dataclass(frozen=True)
class Gone:
    """A child that was in it and is no more. `price_cents`: what its place cost then, fines aside. `free`: the city
    keeps nothing, because the camp does not take place or we took the seat back. `registered_on`: of its version of the
    tariff."""

    session_id: str
    child_id: str
    price_cents: int
    registered_at: datetime
    cancelled_at: datetime
    free: bool = False


@dataclass(frozen=True)
class Adjustment:
    """A change by a person of the city, or a reduction by UiTPAS: `cents` more, or less if below 0. `session_id` and
    `child_id`: whose place UiTPAS made cheaper; it holds as long as this place costs `of_cents` without it."""

    adjustment_id: str
    cents: int
    why: str
    by: str
    at: datetime
    session_id: str = ""
    child_id: str = ""
    of_cents: int = 0


@dataclass(frozen=True)
class Order:
    """`order_id`: the registration that it began with. `reference`: the digits that the family writes on its transfer.
    `amount_cents`: what is charged now. `received_cents`: what came in, less what the bank took back. `returned_cents`:
    what went back to the family. `proofs`: accepted by a person, with the day on which they were handed in; for what is
    kept of who cancelled. `ended_on`: since when all of its registrations are cancelled. `last_day`: of its camps."""

    order_id: str
    municipality: str
    reference: str
    amount_cents: int
    received_cents: int
    returned_cents: int
    due_on: date
    last_day: date
    lines: tuple[OrderLine, ...]
    made_at: datetime
    gone: tuple[Gone, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    proofs: Mapping[str, date] = field(default_factory=dict, hash=False)
    ended_on: date | None = None
    edition: int = 1
    proven_by: tuple[str, ...] = ()

    @property
    def family_id(self) -> str:
        return family_of(self.order_id)

    @property
    def balance_cents(self) -> int:
        """Above 0: the family owes it. Below 0: it is to go back."""
        return self.amount_cents - self.received_cents + self.returned_cents

    @property
    def status(self) -> OrderStatus:
        if self.balance_cents < 0:
            return OrderStatus.OVERPAID
        if self.balance_cents > 0:
            return OrderStatus.PARTLY_PAID if self.received_cents > self.returned_cents else OrderStatus.OPEN
        if self.ended_on is None:
            return OrderStatus.PAID
        return OrderStatus.REFUNDED if self.returned_cents else OrderStatus.CANCELLED


def holding(adjustments: Iterable[Adjustment], lines: Iterable[OrderLine]) -> tuple[Adjustment, ...]:
    """Those that hold with these lines of prices: one for a place goes when the place does, or costs otherwise."""
    costs: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.part is OrderPart.PRICE:
            key = line.session_id, line.child_id
            costs[key] = costs.get(key, 0) + line.amount_cents
    return tuple(
        one for one in adjustments if not one.child_id or costs.get((one.session_id, one.child_id)) == one.of_cents
    )


def total(lines: Iterable[OrderLine]) -> int:
    return sum(line.amount_cents for line in lines)
