"""Given: orders of which more came in than they cost, and people of finance."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from chalicelib.core import table as core_table
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.orders import references
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.refunds import sources
from chalicelib.money.refunds.rules import PaidFrom
from chalicelib.people.staff.rules import Role, Staff
from tests.money.payees.given import KAPRIJKE

NOW = datetime(2027, 7, 5, 10, tzinfo=UTC)
AN, JEF = "BE71096123456769", "NL91ABNA0417164300"
ELS, JAN, MIA = (Staff(f"sub-{name}", name, frozenset({Role.FINANCE})) for name in ("Els Maes", "Jan Claes", "Mia Bos"))


def order_id(number: int = 0) -> str:
    return f"f2345678{number:03}r2345678".replace("0", "z").replace("1", "y")


def given_order(amount: int, received: int, number: int = 0) -> Order:
    """Stored, with what was charged and what came in booked, and the account that paid known to `paid_from`."""
    order = Order(
        order_id(number),
        KAPRIJKE.municipality,
        references.belgian(number + 1),
        amount,
        0,
        0,
        date(2027, 7, 19),
        date(2027, 8, 18),
        (),
        NOW - timedelta(days=9),
    )
    place, bank = (BookAccount.RECEIVABLE, order.municipality), (BookAccount.BANK, KAPRIJKE.iban)
    income = (BookAccount.INCOME, order.municipality)
    charged = BookEntry(f"charged#{order.order_id}", NOW, BookAct.CHARGED, moved(place, income, amount))
    core_table.transact_write([*orders.putting(None, order), books.putting(charged)])
    if received:
        stored = orders.get(order.order_id)
        entry = BookEntry(f"received#{order.order_id}", NOW, BookAct.RECEIVED, moved(bank, place, received))
        core_table.transact_write([*orders.moving_money(stored, received=received), books.putting(entry)])
    return orders.get(order.order_id)


def costs_now(order: Order, amount: int) -> Order:
    """As `follow` would write it, without the books."""
    before = orders.get(order.order_id)
    core_table.transact_write(orders.putting(before, replace(before, amount_cents=amount)))
    return orders.get(order.order_id)


def paid(cents: int, iban: str = AN, name: str = "An Claeys", days_ago: int = 3, payment_id: str = "") -> PaidFrom:
    return PaidFrom(iban, name, cents, NOW - timedelta(days=days_ago), payment_id)


@contextmanager
def paid_from(*payments: PaidFrom) -> Iterator[None]:
    """For every order."""
    with patch.object(sources, "of_order", lambda _: payments):
        yield


def balances(*days: date) -> dict[BookAccount, int]:
    """Of the books, for these days together."""
    sums: dict[BookAccount, int] = {}
    for day in days or (NOW.date(),):
        for entry in books.of_day(day):
            for posting in entry.postings:
                sums[posting.account] = sums.get(posting.account, 0) + posting.cents
    return {account: cents for account, cents in sums.items() if cents}


def amounts(refunds: Sequence[object]) -> list[tuple[int, str]]:
    return [(one.cents, one.to.source) for one in refunds]  # type: ignore[attr-defined]
