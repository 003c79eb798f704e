"""The file by which the bank pays refunds: made once, and fetched again as it was."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from chalicelib.core.http.answering import File
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Refused
from chalicelib.money.orders import references
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.payees.rules import Payees
from chalicelib.money.refunds import pain, table
from chalicelib.money.refunds.pain import AccountTransfers, Transfer, TransferFile
from chalicelib.money.refunds.rules import Refund, RefundState
from chalicelib.money.refunds.table import RefundFile

# A file of so many transfers is 70 KB in the table, where an item may have 400; more are for the next file.
MOST_TRANSFERS = 1000
TRIES = 5
SATURDAY = 6
# The text on the family's own statement; a family that pays in Belgium may speak either language.
TEXT_BE, TEXT_NL = "Terugbetaling / Remboursement {}", "Terugbetaling {}"


def make(now: datetime) -> RefundFile | None:
    """The file of all that is released and in none yet; None: there is nothing. Goes on with one that broke off.

    Raises Busy where others make it at the same time."""
    for _ in range(TRIES):
        try:
            return _make(now)
        except Refused:
            continue  # one was claimed, or the file was made, since this was read
    raise Busy(is_conflict=True)


def latest_or_new(now: datetime) -> RefundFile | None:
    """The file of what is released and in none yet; where nothing is, the last one that was made. Raises Busy as
    `make`."""
    for _ in range(TRIES):
        file = make(now) or next(iter(table.files(1)), None)
        if file is None or file.made_at is not None:
            return file  # else somebody else has claimed what there was, and is about to make it: so does the next try
    raise Busy(is_conflict=True)


def fetched(number: int) -> File:
    """Raises Problem `not-found`."""
    content = table.content(number)
    if content is None:
        raise Problem(NOT_FOUND)
    return File(content, pain.CONTENT_TYPE, f"refunds-{number:05}.xml")


def _make(now: datetime) -> RefundFile | None:
    last = next(iter(table.files(1)), RefundFile(0, 0, now))
    is_open = last.made_at is None
    number, claimed = (last.number, last.claims) if is_open else (last.number + 1, 0)
    # Two who claim at the same time may have claimed some more than that together.
    while some := list(islice(table.released(), max(0, min(table.CLAIMED_AT_ONCE, MOST_TRANSFERS - claimed)))):
        refunds = table.several(some)
        if any(one.state is not RefundState.RELEASED for one in refunds):
            raise Refused({})
        table.claim(refunds, number, now)
        claimed += len(refunds)
    return _of_claimed(number, now) if claimed else None


def _of_claimed(number: int, now: datetime) -> RefundFile:
    refunds = table.several(table.in_file(number))
    transfers = accounts(refunds, payees.every())
    made = TransferFile(
        message_id=f"STORMLOOP-REFUNDS-{number:05}",
        made_at=now,
        execute_on=next_weekday(today(now)),
        sender=transfers[0].name,
        accounts=transfers,
    )
    content = pain.written(made)
    digest = hashlib.sha256(content).hexdigest()
    file = RefundFile(number, len(refunds), now, len(refunds), sum(one.cents for one in refunds), digest)
    table.put_file(file, content)
    return file


def accounts(refunds: Iterable[Refund], found: Payees) -> list[AccountTransfers]:
    """By the account of the city that they leave, in the order of their references."""
    by_iban: dict[str, list[Refund]] = {}
    for one in sorted(refunds, key=lambda refund: refund.reference):
        by_iban.setdefault(one.from_iban, []).append(one)
    of_orders = orders.several(one.order_id for some in by_iban.values() for one in some)
    return [
        AccountTransfers(_payer(iban, some[0], found), iban, [_transfer(one, of_orders[one.order_id]) for one in some])
        for iban, some in sorted(by_iban.items())
    ]


def _payer(iban: str, refund: Refund, found: Payees) -> str:
    """The payee whose account it is, or was when the refund was released."""
    with_it = [payee.name for payee in found.by_municipality.values() if payee.iban == iban]
    other = found.of(refund.municipality)
    return next(iter(with_it), other.name if other else refund.municipality)


def _transfer(refund: Refund, order: Order) -> Transfer:
    text = TEXT_BE if len(order.reference) == references.BELGIAN else TEXT_NL
    about = text.format(references.spoken(order.reference))
    return Transfer(refund.reference, refund.cents, refund.to.name, refund.to.iban, about)


def next_weekday(day: date) -> date:
    """The first day after `day` that is no Saturday or Sunday."""
    day += timedelta(1)
    return day if day.isoweekday() < SATURDAY else next_weekday(day)
