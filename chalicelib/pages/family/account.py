"""The payments of a family: its balance, each order with its lines, how to pay it, and the slip for a transfer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.booking.registrations.rules import belongs_to
from chalicelib.city.face.rules import whose
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.mail.payments import with_payment
from chalicelib.money.online import table as online
from chalicelib.money.online.provider import of_city
from chalicelib.money.orders import account
from chalicelib.money.orders import slip as slips
from chalicelib.money.orders.account import AccountOrder
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements.table import of_order
from chalicelib.money.uitpas import asking as uitpas
from chalicelib.pages.family.paying import Paying, paying_of
from chalicelib.pages.family.registration import receipt
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.quote_words import counted, said
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer


@dataclass(frozen=True)
class OrderCard:
    """`abouts`: of which camp and child each line is. `history`: what came in, and below 0 went back, day by day."""

    one: AccountOrder
    paying: Paying | None
    abouts: list[str]
    history: Sequence[tuple[date, int]]

    @property
    def is_late(self) -> bool:
        return self.paying is not None and self.paying.is_late

    @property
    def title(self) -> str:
        """The subjects of the order's lines, each once; empty if nobody knows them any more."""
        return " · ".join(dict.fromkeys(filter(None, self.abouts)))


def show(visit: Visit, who: Bearer) -> Answer:
    orders = account.of_family(who.family_id)
    names = account.names_of([one.order for one in orders], who.family_id)
    cards = [
        OrderCard(
            one,
            paying_of(one.payable, visit.now),
            [names.about(line, visit.language) for line in one.order.lines],
            _history(one.order),
        )
        for one in orders
    ]
    return page(
        visit,
        "pages/family/account.html",
        cards=cards,
        balance=account.balance_of(orders),
        label=lambda line: said(line.label, visit.language),
        counted=lambda line: counted(line, visit.language),
        pays_online=of_city() is not None,
        with_uitpas=uitpas.may_use([one.order for one in orders]),
        face_of=whose(one.order.municipality for one in orders),
    )


def _history(order: Order) -> list[tuple[date, int]]:
    """By the bank and on line; nothing is read where nothing came in."""
    if not order.received_cents and not order.returned_cents:
        return []
    by_bank = [(one.movement.booked_on, one.cents) for one in of_order(order.order_id)]
    on_line = [
        (today(one.changed_at), cents)
        for one in online.of_order(order.order_id)
        for cents in (one.paid_cents, -one.charged_back_cents, -one.returned_cents)
        if cents
    ]
    return sorted(by_bank + on_line)


def slip(visit: Visit, who: Bearer, order_id: str) -> Answer:
    """The same answer for another family's order and for none."""
    if not belongs_to(order_id, who.family_id):
        raise Problem(NOT_FOUND)
    return _slip(visit, order_id)


def slip_of_registration(visit: Visit, registration_id: str) -> Answer:
    """For its family, or who has the link of its mail."""
    booking = with_payment(receipt(visit, registration_id).booking)
    return _slip(visit, existing(booking.payable).order_id)


def _slip(visit: Visit, order_id: str) -> Answer:
    made = slips.printed(account.slip_of(order_id, visit.language), visit.language)
    return Answer(200, File(made, PDF, "payment.pdf"))
