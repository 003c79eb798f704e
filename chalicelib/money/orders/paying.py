"""How an order is paid by transfer: to which account, how much, with which communication and until when.
Plain rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.booking.registrations.rules import Registration
from chalicelib.money.orders.epc import Transfer, spoken_iban, text_of
from chalicelib.money.orders.references import label_of, spoken
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees.rules import Payees


@dataclass(frozen=True)
class Payable:
    """The details by which a family pays an order. `label`: what the country calls the communication (to be
    translated)."""

    order_id: str
    transfer: Transfer
    due_on: date

    @property
    def name(self) -> str:
        return self.transfer.name

    @property
    def cents(self) -> int:
        return self.transfer.cents

    @property
    def iban(self) -> str:
        return spoken_iban(self.transfer.iban)

    @property
    def communication(self) -> str:
        return spoken(self.transfer.reference)

    @property
    def label(self) -> str:
        return label_of(self.transfer.reference)

    @property
    def epc(self) -> str:
        return text_of(self.transfer)


def payable(order: Order, payees: Payees) -> Payable | None:
    """None: nothing of it is owed, or nobody takes money there any more."""
    payee = payees.of(order.municipality)
    if payee is None or order.balance_cents <= 0:
        return None
    transfer = Transfer(payee.name, payee.iban, order.balance_cents, order.reference)
    return Payable(order.order_id, transfer, order.due_on)


def order_of(registration: Registration, orders: Iterable[Order]) -> Order | None:
    """The order that a registration is part of: its own, or the one that it continues after a move."""
    several = list(orders)
    own = next((order for order in several if order.order_id == registration.registration_id), None)
    if own or registration.moved_from is None:
        return own
    places = {(registration.session_id, child) for child in registration.every_child}
    return next((one for one in several if places & {(line.session_id, line.child_id) for line in one.lines}), None)
