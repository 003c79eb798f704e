"""A family's account, as a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Schema
from chalicelib.money.orders import account
from chalicelib.money.orders.account import AccountOrder
from chalicelib.money.orders.references import spoken
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.tariffs.rules import CURRENCY
from chalicelib.people.families.rules import Bearer


@dataclass(frozen=True)
class ShownOrderLine:
    session_id: Annotated[str | None, "Null for what is about the whole order."]
    child_id: str | None
    label: Annotated[str, "In the language asked for."]
    quantity: int
    unit_cents: int
    amount_cents: int
    rule: Annotated[str, "The tariff's code for this price; `price` where the session has a price of its own."]
    article: Annotated[str, "Of the council's decision; may be empty."]


@dataclass(frozen=True)
class ShownOrder:
    order_id: str
    reference: Annotated[
        str,
        Schema(pattern="^([+]{3}[0-9]{3}/[0-9]{4}/[0-9]{5}[+]{3}|[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4})$"),
        "What to write on the transfer: a Belgian structured communication, or a Dutch payment reference.",
    ]
    amount_cents: Annotated[int, "What is charged now; once it is cancelled, what the city keeps."]
    paid_cents: Annotated[int, "What came in, less what went back."]
    due_on: date
    status: OrderStatus
    lines: Sequence[ShownOrderLine]
    epc: Annotated[
        str | None, "The text of the QR code for banks (EPC069-12), with what is still to pay; null if that is nothing."
    ]


@dataclass(frozen=True)
class ShownAccount:
    balance_cents: Annotated[int, "What you still owe for all orders; below 0: what goes back to you."]
    currency: str
    orders: Annotated[Sequence[ShownOrder], "The newest first. One is there some seconds after its registration."]


def get_account(call: Call, who: Bearer) -> Answer:
    orders = account.of_family(who.family_id)
    shown = [_shown(one, call.language) for one in orders]
    return Answer(200, ShownAccount(account.balance_of(orders), CURRENCY, shown))


def _shown(one: AccountOrder, language: str) -> ShownOrder:
    order = one.order
    lines = [
        ShownOrderLine(
            line.session_id or None,
            line.child_id or None,
            line.label.said(language),
            line.quantity,
            line.unit_cents,
            line.amount_cents,
            line.rule,
            line.article,
        )
        for line in order.lines
    ]
    return ShownOrder(
        order.order_id,
        spoken(order.reference),
        order.amount_cents,
        one.paid_cents,
        order.due_on,
        order.status,
        lines,
        one.payable.epc if one.payable else None,
    )
