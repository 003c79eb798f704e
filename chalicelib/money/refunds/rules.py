"""Money that goes back: how much, to which account, and who may say so.

An order of which more came in than it costs is owed back, whatever the reason: cancelled, called off, paid twice, a
proof that was accepted later. So nothing has to notice it: what is over follows from the order. It goes back to the
account that paid, the latest payment first, and never more to an account than came from it.

A refund is one transfer to one account, or one payment on line that is undone. From the moment when a second person
releases it, the order counts it as returned, and the books have it on its way (TRANSIT) until the bank's statement
shows it going out. So nothing can be paid back twice, and the bank's balance is what its statement says at any time.

Amounts are whole cents.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.booking.registrations.rules import ID_LENGTH
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.orders.rules import Order
from chalicelib.money.refunds.sepa import reference as checked_reference

# Of the letters that each bank takes, and shorter than 35: an order has fewer than 10,000 refunds.
_REFERENCE = re.compile(rf"R-([0-9a-z]{{{ID_LENGTH}}})-([0-9]{{1,4}})")


class RefundState(StrEnum):
    """WAITING: nobody released it, or one person did. RELEASED: two did; it is in no file yet, or its provider is
    asked. SENT: it is in a file for the bank. OUT: the bank's statement shows it, or the provider says so. RETURNED:
    the bank gave it back. TAKEN_BACK: it was not sent after all, or the bank refused the file."""

    WAITING = "waiting"
    RELEASED = "released"
    SENT = "sent"
    OUT = "out"
    RETURNED = "returned"
    TAKEN_BACK = "taken-back"


# Of these the money did not leave, or is back: their source may give it once more.
UNDONE = frozenset({RefundState.RETURNED, RefundState.TAKEN_BACK})


@dataclass(frozen=True)
class PaidFrom:
    """Money that came in for an order from one account by one transfer. `iban`: empty if the bank did not say it.
    `payment_id`: of a payment on line, which goes back through its provider; `cents` is what is left of that."""

    iban: str
    name: str
    cents: int
    at: datetime
    payment_id: str = ""

    @property
    def source(self) -> str:
        return self.payment_id or self.iban


@dataclass(frozen=True)
class Destination:
    """The destination of a refund. `iban` and `payment_id` empty: nobody knows it yet."""

    iban: str = ""
    name: str = ""
    payment_id: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.iban or self.payment_id)

    @property
    def source(self) -> str:
        return self.payment_id or self.iban


@dataclass(frozen=True)
class Refund:
    """`number`: of its order, from 1. `from_iban`: the city's account that it leaves; empty while it waits. `given_by`:
    everybody who ever typed its account or amount (staff_ids; empty: nobody, it goes back where it came from).
    `first_by`, `second_by`: who released it. `file`: the number of its file; 0: none. `undoing_by`: who asked to take
    it back. `edition`: counts its changes; 0: it is not stored."""

    order_id: str
    number: int
    municipality: str
    cents: int
    to: Destination
    state: RefundState = RefundState.WAITING
    given_by: tuple[str, ...] = ()
    first_by: str = ""
    second_by: str = ""
    from_iban: str = ""
    file: int = 0
    undoing_by: str = ""
    changed_at: datetime | None = None
    edition: int = 0

    @property
    def reference(self) -> str:
        """As the bank's file and its statement have it."""
        return checked_reference(f"R-{self.order_id}-{self.number}")

    @property
    def id(self) -> str:
        return f"{self.order_id}-{self.number}"

    @property
    def is_pending(self) -> bool:
        """Whether the order does not count it as returned yet. One on line is booked when its provider says so."""
        return self.state is RefundState.WAITING or (self.state is RefundState.RELEASED and bool(self.to.payment_id))

    @property
    def uses_up(self) -> bool:
        """Whether its source has so much less to give back. Of a payment on line the provider says what is left, once
        it was asked."""
        return self.is_pending if self.to.payment_id else self.state not in UNDONE


def of_reference(text: str) -> tuple[str, int] | None:
    """The order and the number of a refund, from a reference on a statement; None: it is none of ours."""
    found = _REFERENCE.fullmatch(text.strip())
    return (found[1], int(found[2])) if found else None


def over(order: Order) -> int:
    """Cents that are to go back: 0 if none are."""
    return max(0, -order.balance_cents)


def is_stale(order: Order, refunds: Iterable[Refund]) -> bool:
    """Whether refunds that wait come to more than is over by now: they go, and are proposed anew."""
    return pending(refunds) > over(order)


def pending(refunds: Iterable[Refund]) -> int:
    """Cents that are about to go back, and that the order does not count yet."""
    return sum(one.cents for one in refunds if one.is_pending)


def proposed(order: Order, paid: Iterable[PaidFrom], refunds: Sequence[Refund]) -> Iterator[Refund]:
    """Refunds of the money that is over beside the refunds that wait already, account by account, the latest payment
    first; money that no account is known for comes last. `refunds`: every one that the order ever had."""
    left = over(order) - pending(refunds)
    number = max((one.number for one in refunds), default=0)
    went: dict[str, int] = {}
    for one in refunds:
        if one.uses_up:
            went[one.to.source] = went.get(one.to.source, 0) + one.cents
    for each in sorted(paid, key=lambda payment: payment.at, reverse=True):
        if not each.source:
            continue
        earlier = min(went.get(each.source, 0), each.cents)
        went[each.source] = went.get(each.source, 0) - earlier
        cents = min(left, each.cents - earlier)
        if cents > 0:
            number, left = number + 1, left - cents
            yield _new(order, number, cents, Destination(each.iban, each.name, each.payment_id))
    if left > 0:
        yield _new(order, number + 1, left, Destination())


def _new(order: Order, number: int, cents: int, to: Destination) -> Refund:
    return Refund(order.order_id, number, order.municipality, cents, to)


def may_release(refund: Refund, order: Order, staff_id: str) -> bool:
    """Neither who released it already, nor who typed its account or amount, nor who changed what the order costs."""
    changed_by = (one.by for one in order.adjustments)
    return staff_id not in {refund.first_by, *refund.given_by, *changed_by, *order.proven_by}


def released_entry(refund: Refund, at: datetime) -> BookEntry:
    """The order is paid back, and the money is on its way out of the city's account."""
    to, source = (BookAccount.RECEIVABLE, refund.municipality), (BookAccount.TRANSIT, refund.from_iban)
    return _entry(refund, "paid-back", at, BookAct.PAID_BACK, to, source)


def undone_entry(refund: Refund, at: datetime) -> BookEntry:
    """The opposite of `released_entry`: it was not sent after all."""
    to, source = (BookAccount.TRANSIT, refund.from_iban), (BookAccount.RECEIVABLE, refund.municipality)
    return _entry(refund, "undone", at, BookAct.REVERSED, to, source)


def out_entry(refund: Refund, at: datetime) -> BookEntry:
    """The statement shows it."""
    to, source = (BookAccount.TRANSIT, refund.from_iban), (BookAccount.BANK, refund.from_iban)
    return _entry(refund, "out", at, BookAct.WENT_OUT, to, source)


def returned_entry(refund: Refund, at: datetime) -> BookEntry:
    """The statement shows that it came back."""
    to, source = (BookAccount.BANK, refund.from_iban), (BookAccount.RECEIVABLE, refund.municipality)
    return _entry(refund, "returned", at, BookAct.RETURNED, to, source)


def _entry(
    refund: Refund, what: str, at: datetime, act: BookAct, to: tuple[BookAccount, str], source: tuple[BookAccount, str]
) -> BookEntry:
    about = {"order_id": refund.order_id, "refund": refund.reference}
    return BookEntry(f"{what}#{refund.reference}", at, act, moved(to, source, refund.cents), about)
