"""UiTPAS's price for a place, and the ticket sale that is registered there. Amounts are whole cents.

Nothing is computed here: a price is UiTPAS's own answer, for this pass, this event and this regular price.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.core import ids
from chalicelib.money.orders.rules import Adjustment, Order, OrderPart
from chalicelib.money.statements.movements import MoneyTask, MoneyTaskKind

NUMBER = "[0-9]{13}"
EVENT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Of an adjustment: who decided it. No person of the city.
BY = "uitpas"

PlaceKey = tuple[str, str]  # session_id, child_id


@dataclass(frozen=True)
class UitpasTariff:
    """A tariff of UiTPAS and the ticket's price by it. `name`: as UiTPAS calls it, in Dutch."""

    tariff_id: str
    name: str
    cents: int


@dataclass(frozen=True)
class UitpasAnswer:
    """`message`: UiTPAS's own words for who has the pass, in Dutch; they are always shown."""

    tariffs: tuple[UitpasTariff, ...] = ()
    message: str = ""


class SaleStatus(StrEnum):
    """ASKED: UiTPAS is being asked, or nobody knows what it answered. SOLD: it has an id. STUCK: somebody of finance
    looks at UiTPAS what became of it."""

    ASKED = "asked"
    SOLD = "sold"
    STUCK = "stuck"


@dataclass(frozen=True)
class TicketSale:
    """A ticket sale at UiTPAS: for a child in a session, in an order. `regular_cents`: what UiTPAS was told that the
    place costs. `sale_id`: UiTPAS's. `since`: the day of its task, if it is STUCK. `tries`:
    how often UiTPAS did not answer when it was to be cancelled. No number of a pass stands here."""

    order_id: str
    session_id: str
    child_id: str
    status: SaleStatus
    regular_cents: int
    tariff: UitpasTariff
    asked_at: datetime
    last_day: date
    sale_id: str = ""
    since: date | None = None
    tries: int = 0
    edition: int = 0

    @property
    def place(self) -> PlaceKey:
        return self.session_id, self.child_id

    @property
    def adjustment(self) -> Adjustment:
        """By which the order follows what UiTPAS said; it goes when the place does not cost `regular_cents` any more
        (money/orders/following.py)."""
        return Adjustment(
            f"{BY}#{self.session_id}#{self.child_id}",
            self.tariff.cents - self.regular_cents,
            f"UiTPAS: {self.tariff.name}",
            BY,
            self.asked_at,
            self.session_id,
            self.child_id,
            self.regular_cents,
        )

    def stands(self, order: Order | None) -> bool:
        """Whether the order costs less by it."""
        adjustment_id = self.adjustment.adjustment_id
        return order is not None and any(one.adjustment_id == adjustment_id for one in order.adjustments)

    def task(self, since: date, municipality: str) -> MoneyTask:
        """Somebody of finance looks at UiTPAS, and takes the sale away there if it is there."""
        about = {"order_id": self.order_id, "session_id": self.session_id, "child_id": self.child_id}
        if self.sale_id:
            about["sale_id"] = self.sale_id
        subject = f"uitpas-{ids.named(f'{self.order_id}#{self.session_id}#{self.child_id}', 16)}"
        cents = self.tariff.cents - self.regular_cents
        return MoneyTask(MoneyTaskKind.UITPAS, since, subject, cents, municipality, about)


def places_of(order: Order) -> Mapping[PlaceKey, int]:
    """The price of each child's place in a session without UiTPAS, in cents; places that cost nothing are left out."""
    costs: dict[PlaceKey, int] = {}
    for line in order.lines:
        if line.part is OrderPart.PRICE and line.session_id and line.child_id:
            key = line.session_id, line.child_id
            costs[key] = costs.get(key, 0) + line.amount_cents
    return {key: cents for key, cents in costs.items() if cents > 0}


def as_number(typed: str) -> str | None:
    """The 13 digits of a pass, however they are grouped; None for anything else."""
    digits = re.sub(r"[\s.-]", "", typed)
    return digits if re.fullmatch(NUMBER, digits, re.ASCII) else None


def as_event(typed: str) -> str | None:
    """The id of an event in UiTdatabank, also from its web address; None for anything else."""
    found = re.search(rf"(?:^|/){EVENT}(?=$|[/?#])", typed.strip().lower())
    return found.group().lstrip("/") if found else None
