"""A family's account: what it owes and paid for all that it booked, each line with why, and how it pays.

It is the family's alone. The other parent of a shared child has its own account, with what it registered itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.city.face import table as faces
from chalicelib.city.texts import table as texts
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.languages import in_words
from chalicelib.money.orders import table
from chalicelib.money.orders.paying import Payable, payable
from chalicelib.money.orders.rules import Order, OrderLine
from chalicelib.money.orders.slip import PaymentSlip, SlipLine
from chalicelib.money.payees import table as payees
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session


@dataclass(frozen=True)
class AccountOrder:
    """`payable`: None where nothing is left to pay."""

    order: Order
    payable: Payable | None

    @property
    def paid_cents(self) -> int:
        """Cents that came in, less those that went back."""
        return self.order.received_cents - self.order.returned_cents


@dataclass(frozen=True)
class OrderNames:
    """Names for the ids in lines: sessions, and the first names of children, as far as they are still known."""

    sessions: Mapping[str, Session]
    children: Mapping[str, str]

    def about(self, line: OrderLine, language: str) -> str:
        """ "Bouwkamp, 16 August 2027 (Lotte)"; empty for a line about the whole order."""
        session, child = self.sessions.get(line.session_id), self.children.get(line.child_id, "")
        if session is None or session.starts_on is None:
            return child
        camp = f"{session.title}, {in_words.day(session.starts_on, language, weekday=False)}"
        return f"{camp} ({child})" if child else camp


def of_family(family_id: str) -> list[AccountOrder]:
    """The newest first. One query; none of payees that is not remembered."""
    known = payees.remembered()
    return [AccountOrder(order, payable(order, known)) for order in reversed(table.of_family(family_id))]


def balance_of(orders: Sequence[AccountOrder]) -> int:
    """Above 0: the family owes it. Below 0: it is to go back."""
    return sum(one.order.balance_cents for one in orders)


def names_of(orders: Sequence[Order], family_id: str) -> OrderNames:
    """One read of the sessions and one query of the family's passes, as they were a moment ago; none without a line."""
    sessions = {line.session_id for order in orders for line in order.lines if line.session_id}
    if not sessions:
        return OrderNames({}, {})
    passes = families.of_family(family_id)
    first_names = {child.child_id: child.first_name for one in passes for child in one.children}
    return OrderNames(programme.several(sessions, consistent=False), first_names)


def slip_of(order_id: str, language: str) -> PaymentSlip:
    """Raises Problem `not-found` where there is nothing left to pay by it. Whoever asks has proven whose it is."""
    order = table.get(order_id)
    found = payable(order, payees.remembered()) if order else None
    if order is None or found is None:
        raise Problem(NOT_FOUND)
    names = names_of([order], order.family_id)
    sender = faces.remembered().letterhead(order.municipality, texts.remembered(), language)
    lines = [
        SlipLine(
            names.about(line, language),
            line.label.said(language),
            line.quantity,
            line.unit_cents,
            line.amount_cents,
            line.article,
        )
        for line in order.lines
    ]
    return PaymentSlip(
        sender, found.transfer, found.due_on, lines, order.amount_cents, order.received_cents - order.returned_cents
    )
