"""The outcome of a refund that was released: the bank's statement shows it, gives it back, or it was never sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.money.books import table as books
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import rules, table
from chalicelib.money.refunds.rules import Refund, RefundState
from chalicelib.people.staff.rules import Staff

Write = dict[str, Any]

NOT_ON_ITS_WAY = N_("The bank has this already, or it does not go out any more.")
NO_FILE_YET = N_("Its file is still being made. Fetch the file first.")
ANOTHER = N_("Somebody else of finance must confirm that this was not sent: you asked for it.")


def found(references: Sequence[str]) -> dict[str, Refund]:
    """The refunds of these references on a statement (`EndToEndId`); those that are none of ours are left out."""
    ids = {text: of for text in references if (of := rules.of_reference(text))}
    by_id = {(one.order_id, one.number): one for one in table.several(ids.values())}
    return {text: by_id[of] for text, of in ids.items() if of in by_id}


def went_out(refund: Refund, cents: int, from_iban: str, now: datetime) -> list[Write] | None:
    """Writes of a transaction: the statement of the city's account `from_iban` shows it going out. None: it is not what
    was released, or the statement showed it before, so that a person must look. Refused if it changed since."""
    if refund.state is not RefundState.SENT or (refund.cents, refund.from_iban) != (cents, from_iban):
        return None
    after = replace(refund, state=RefundState.OUT, undoing_by="")
    return [table.putting(after, now), books.putting(rules.out_entry(after, now))]


def came_back(refund: Refund, cents: int, from_iban: str, now: datetime) -> list[Write] | None:
    """The same where the statement shows that it came back whole: the order is overpaid again, and what is over waits.
    None: a person must look."""
    if refund.state is not RefundState.OUT or (refund.cents, refund.from_iban) != (cents, from_iban):
        return None
    order = orders.get(refund.order_id)
    if order is None:
        return None
    after = replace(refund, state=RefundState.RETURNED)
    entry = books.putting(rules.returned_entry(after, now))
    return [table.putting(after, now), *orders.moving_money(order, returned=-refund.cents), entry]


def undo(order_id: str, number: int, by: Staff, now: datetime) -> Refund:
    """It was not sent, or the bank refused its file: the order has the money again, and what is over waits. What is in
    a file needs a second person, because a file that was sent after all would pay it twice.

    Raises Problem `not-found`, `not-now`, `changed`."""
    refund, order = table.get(order_id, number), orders.get(order_id)
    if refund is None or order is None:
        raise Problem(NOT_FOUND)
    if refund.to.payment_id or refund.state not in (RefundState.RELEASED, RefundState.SENT):
        raise not_now(NOT_ON_ITS_WAY)
    if refund.state is RefundState.SENT:
        file = table.file(refund.file)
        if file is None or file.made_at is None:
            raise not_now(NO_FILE_YET)
        if refund.undoing_by == by.staff_id:
            raise not_now(ANOTHER)
    is_over = refund.state is RefundState.RELEASED or bool(refund.undoing_by)
    state = RefundState.TAKEN_BACK if is_over else refund.state
    after = replace(refund, state=state, undoing_by=refund.undoing_by or by.staff_id)
    writes = [table.putting(after, now)]
    if is_over:
        writes += orders.moving_money(order, returned=-refund.cents)
        writes.append(books.putting(rules.undone_entry(after, now)))
        if refund.state is RefundState.RELEASED:
            writes.append(table.unlisting(refund))
    try:
        core_table.transact_write_patiently(writes)
    except Refused:
        raise Problem(CHANGED) from None
    return replace(after, edition=after.edition + 1)
