"""UiTPAS's price for each place of an order, for the family that is about to pay it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.problems import NOT_FOUND, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.uitpas import table
from chalicelib.money.uitpas.rules import (
    PlaceKey,
    SaleStatus,
    TicketSale,
    UitpasAnswer,
    UitpasTariff,
    as_event,
    as_number,
    places_of,
)
from chalicelib.money.uitpas.service import Uitpas, UitpasAway, UitpasRefuses, of_city

AS_NUMBER = N_("Give the 13 digits on the UiTPAS.")
TOO_OFTEN = N_("This number was changed very often. Call your municipality.")
AS_EVENT = N_(
    "Give the id of the event in UiTdatabank, such as 5a0967f9-cc06-4c3c-9206-30481a767434, or leave it empty."
)
# A family that loads the page again within this time asks UiTPAS nothing.
REMEMBERED_SECONDS = 20.0
_answers: Memory[tuple[str, str, int], UitpasAnswer] = Memory(REMEMBERED_SECONDS)


@dataclass(frozen=True)
class UitpasPlace:
    """A child in a session that UiTPAS knows. `cents`: without UiTPAS. `number`: of the child's pass, "" unknown.
    `answer`: None: not asked, or UiTPAS does not answer (`is_away`). `sale`: what was used."""

    session_id: str
    child_id: str
    cents: int
    number: str
    answer: UitpasAnswer | None = None
    sale: TicketSale | None = None
    is_away: bool = False

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.child_id}"

    @property
    def tariffs(self) -> tuple[UitpasTariff, ...]:
        return self.answer.tariffs if self.answer and not self.sale else ()

    @property
    def is_used(self) -> bool:
        return self.sale is not None and self.sale.status is SaleStatus.SOLD


def of_family(order_id: str, family_id: str) -> tuple[Uitpas, Order]:
    """Raises Problem `not-found` where the city has no UiTPAS, and for an order of another family."""
    uitpas = of_city()
    order = orders.get(order_id) if uitpas else None
    if uitpas is None or order is None or order.family_id != family_id:
        raise Problem(NOT_FOUND)
    return uitpas, order


def may_use(some: list[Order]) -> set[str]:
    """Those of these orders of which something is to be paid for a session that UiTPAS knows: one read, and none where
    the city has no UiTPAS."""
    owed = [order for order in some if order.balance_cents > 0]
    if not owed or of_city() is None:
        return set()
    events = table.events_of(session_id for order in owed for session_id, _ in places_of(order))
    return {order.order_id for order in owed if any(one in events for one, _ in places_of(order))}


def places(uitpas: Uitpas, order: Order) -> list[UitpasPlace]:
    """UiTPAS is asked once for each place with a number, until it does not answer."""
    return list(_places(uitpas, order))


def _places(uitpas: Uitpas, order: Order) -> Iterator[UitpasPlace]:
    costs = places_of(order)
    events = table.events_of(session_id for session_id, _ in costs)
    numbers = table.numbers_of(order.family_id)
    sales = _sales(order)
    is_away = False
    for (session_id, child_id), cents in costs.items():
        event_id, number = events.get(session_id), numbers.get(child_id, "")
        sale = sales.get((session_id, child_id))
        answer = None
        if event_id is None:
            continue
        if number and not is_away and not sale and order.balance_cents > 0:
            try:
                answer = _asked(uitpas, event_id, number, cents)
            except UitpasAway:
                is_away = True
        missing = is_away and bool(number) and answer is None and not sale
        yield UitpasPlace(session_id, child_id, cents, number, answer, sale, missing)


def _sales(order: Order) -> Mapping[PlaceKey, TicketSale]:
    mine = (one for one in table.sales_of(order.family_id) if one.order_id == order.order_id)
    return {one.place: one for one in mine if one.status is not SaleStatus.SOLD or one.stands(order)}


def _asked(uitpas: Uitpas, event_id: str, number: str, cents: int) -> UitpasAnswer:
    try:
        return _answers.get((event_id, number, cents), lambda: uitpas.tariffs(event_id, number, cents))
    except UitpasRefuses:
        return UitpasAnswer()


def enter_number(order: Order, child_id: str, typed: str, now: datetime) -> None:
    """Empty: it is forgotten. Raises Problem `invalid`, `not-found`."""
    if child_id not in {child for _, child in places_of(order)}:
        raise Problem(NOT_FOUND)
    if not typed.strip():
        table.forget_number(order.family_id, child_id)
        return
    number = as_number(typed)
    if number is None:
        raise invalid("number", AS_NUMBER)
    if number != table.numbers_of(order.family_id).get(child_id) and not table.put_number(
        order.family_id, child_id, number, now
    ):
        raise invalid("number", TOO_OFTEN)


def name_event(session_id: str, typed: str) -> None:
    """Of a session; empty: it has none. Raises Problem `invalid`."""
    if not typed.strip():
        table.delete_event(session_id)
        return
    event_id = as_event(typed)
    if event_id is None:
        raise invalid("event_id", AS_EVENT)
    table.put_event(session_id, event_id)
