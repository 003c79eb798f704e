"""Refunds from what is over to what is released: two people of finance, and each step a condition of its write.

Whoever releases says what they saw: the amount and where it goes. If that is not what it would be now, nothing is
released. The second release is one transaction: the refund as it was read, released by somebody else, its account typed
by somebody else; the order as it was read, which has so much more returned from then on; the entry in the books. So
never more goes back than came in, and an order that is owed something again by then keeps its money.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.money.books import table as books
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import rules, sepa, sources, table, through_provider
from chalicelib.money.refunds.rules import Destination, Refund, RefundState
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff

ANOTHER = N_(
    "Somebody else of finance must release this: you released it already, typed its account or amount, or changed what "
    "the order costs."
)
NO_ACCOUNT = N_("Nobody knows yet to which account this goes. Enter it first.")
NO_PAYEE = N_("No account of the city is set for this municipality. Enter one first.")
NOT_WAITING = N_("This was released already, or it does not go back any more.")
AS_ACCOUNT = N_("Give an account number (IBAN) whose check digits are right, for example BE68 5390 0754 7034.")
OUT_OF_REACH = N_("This account is in a country to which no SEPA transfer goes. Ask the family for another one.")
AS_HOLDER = N_("Give the name of whoever the account belongs to, in at most 70 characters.")
AS_AMOUNT = N_("Give an amount of at least 0.01 and at most {most}.")


@dataclass(frozen=True)
class OrderRefunds:
    """An order, and all of its refunds: those that waited or went, and behind them those that are proposed now."""

    order: Order
    refunds: tuple[Refund, ...]

    @property
    def waiting(self) -> list[Refund]:
        return [one for one in self.refunds if one.state is RefundState.WAITING]


def of_order(order_id: str) -> OrderRefunds:
    """As it is now. What waited and is more than is over by now is gone. Raises Problem `not-found`."""
    order = orders.get(order_id)
    if order is None:
        raise Problem(NOT_FOUND)
    return _of(order)


def of_orders(order_ids: Iterable[str]) -> list[OrderRefunds]:
    return [_of(order) for order in orders.several(order_ids).values()]


def _of(order: Order) -> OrderRefunds:
    access.about(order.family_id)
    stored = table.of_order(order.order_id)
    if rules.is_stale(order, stored):
        _withdraw([one for one in stored if one.state is RefundState.WAITING])
        stored = table.of_order(order.order_id)
    paid = sources.of_order(order.order_id) if rules.over(order) > rules.pending(stored) else ()
    return OrderRefunds(order, (*stored, *rules.proposed(order, paid, stored)))


def _withdraw(refunds: Sequence[Refund]) -> None:
    """One that somebody releases or withdraws at this moment stays as they leave it."""
    for one in refunds:
        try:
            core_table.transact_write([table.deleting(one)])
        except Refused:
            continue


@dataclass(frozen=True)
class Seen:
    """A refund as whoever releases it saw it."""

    order_id: str
    number: int
    cents: int
    source: str


def release(seen: Seen, by: Staff, now: datetime) -> Refund:
    """By the first or the second person. Raises Problem `not-found`, `not-now` where it must be somebody else,
    `changed` if it is not what they saw."""
    found = of_order(seen.order_id)
    refund = next((one for one in found.refunds if one.number == seen.number), None)
    if refund is None or (refund.cents, refund.to.source) != (seen.cents, seen.source):
        raise Problem(CHANGED)
    if refund.state is not RefundState.WAITING:
        raise not_now(NOT_WAITING)
    if not refund.to.is_known:
        raise not_now(NO_ACCOUNT)
    if not rules.may_release(refund, found.order, by.staff_id):
        raise not_now(ANOTHER)
    try:
        return _second(refund, found.order, by, now) if refund.first_by else _first(refund, by, now)
    except Refused:
        raise Problem(CHANGED) from None


def _first(refund: Refund, by: Staff, now: datetime) -> Refund:
    after = replace(refund, first_by=by.staff_id)
    core_table.transact_write_patiently([table.putting(after, now)])
    return replace(after, edition=after.edition + 1)


def _second(refund: Refund, order: Order, by: Staff, now: datetime) -> Refund:
    payee = payees.remembered().of(order.municipality)
    if payee is None:
        raise not_now(NO_PAYEE)
    after = replace(refund, state=RefundState.RELEASED, second_by=by.staff_id, from_iban=payee.iban)
    writes = [table.putting(after, now, by=by.staff_id)]
    if refund.to.payment_id:
        writes.append(orders.standing(order))
    else:
        writes += orders.moving_money(order, returned=refund.cents)
        writes += [table.listing(refund), books.putting(rules.released_entry(after, now))]
    core_table.transact_write_patiently(writes)
    after = replace(after, edition=after.edition + 1)
    return through_provider.ask(after, now) if refund.to.payment_id else after


def give_account(order_id: str, number: int, iban: str, holder: str, cents: int, by: Staff, now: datetime) -> Refund:
    """A person says to which account a refund goes, and how much of it; two others release it then. Whoever released it
    before did not see this, so that counts no more. Raises Problem `invalid`, `not-now`, `changed`."""
    found = of_order(order_id)
    refund = next((one for one in found.refunds if one.number == number), None)
    if refund is None:
        raise Problem(NOT_FOUND)
    if refund.state is not RefundState.WAITING:
        raise not_now(NOT_WAITING)
    others = rules.pending(found.refunds) - refund.cents
    most = min(refund.cents, rules.over(found.order) - others)
    to = Destination(account(iban), holder_name(holder))
    if not 0 < cents <= most:
        raise invalid("amount", AS_AMOUNT, most=f"{most / 100:.2f}")
    # A person who types only the amount anew leaves the account that a colleague typed: neither of them releases it.
    typed = tuple(dict.fromkeys((*refund.given_by, by.staff_id)))
    after = replace(refund, to=to, cents=cents, given_by=typed, first_by="")
    try:
        core_table.transact_write_patiently([table.putting(after, now)])
    except Refused:
        raise Problem(CHANGED) from None
    return replace(after, edition=after.edition + 1)


def account(text: str) -> str:
    """Raises Problem `invalid` for what is no account, or one that no transfer reaches."""
    try:
        return sepa.account(text)
    except sepa.OutOfReach:
        raise invalid("iban", OUT_OF_REACH) from None
    except sepa.NotAnAccount:
        raise invalid("iban", AS_ACCOUNT) from None


def holder_name(text: str) -> str:
    name = " ".join(text.split())
    try:
        sepa.latin(name, sepa.MOST_NAME)
    except ValueError:
        raise invalid("name", AS_HOLDER) from None
    if len(name) > sepa.MOST_NAME:
        raise invalid("name", AS_HOLDER)
    return name
