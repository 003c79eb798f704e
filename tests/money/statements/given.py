"""Given: a city that families pay, orders that are open, and what all the books must say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.references import belgian
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import table
from chalicelib.money.statements.movements import MovementState, StoredMovement
from chalicelib.money.statements.taking import TakenIn, take_in
from infra.local.banks import ACCOUNT, Book, Entry
from tests.money.payees.given import KAPRIJKE, pays_to

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
BY = "Jamila Aerts"


def city() -> None:
    pays_to(KAPRIJKE, iban=ACCOUNT)


def order(number: int, cents: int, **changed: object) -> Order:
    """An order whose reference counts on: the first is `belgian(1)`."""
    order_id = f"f{number:010}abcdefgh"
    made = replace(
        Order(order_id, "Kaprijke", belgian(number), cents, 0, 0, date(2027, 3, 20), date(2027, 8, 20), (), NOW),
        **changed,  # type: ignore[arg-type]
    )
    core_table.transact_write(orders_table.putting(None, made))
    return made


def paying(number: int, cents: int, **more: object) -> Entry:
    return replace(Entry(cents, belgian(number), bank=f"REF{number}"), **more)  # type: ignore[arg-type]


def taken(*entries: Entry, how: str = "coda", **of_the_book: object) -> TakenIn:
    book = replace(Book(entries), **of_the_book)  # type: ignore[arg-type]
    return take_in(book.coda() if how == "coda" else book.camt(how), BY, NOW)


def stored(days: Sequence[date] = (date(2027, 1, 1), date(2027, 12, 31))) -> list[StoredMovement]:
    return list(table.of_days(ACCOUNT, days[0], days[-1]))


def ledger(first: date | None = None) -> dict[BookAccount, int]:
    """The sum of each account, of all that was ever booked from then on."""
    sums: dict[BookAccount, int] = dict.fromkeys(BookAccount, 0)
    day = first or today(NOW)
    while day <= today(NOW) + timedelta(days=2):
        for entry in books.of_day(day):
            for posting in entry.postings:
                sums[posting.account] += posting.cents
        day += timedelta(days=1)
    return sums


def every_cent_has_an_owner(order_ids: Iterable[str], bank_cents: int) -> None:
    """What the bank says is what orders got, what is open, and what was set aside; and the books say the same."""
    orders = orders_table.several(order_ids).values()
    entries = stored()
    books_say = ledger()
    received = sum(one.received_cents - one.returned_cents for one in orders)
    unsettled = sum(one.cents for one in entries if one.state in (MovementState.OPEN, MovementState.AGAINST))
    aside = sum(one.cents for one in entries if one.state in (MovementState.COSTS, MovementState.ELSEWHERE))
    assert sum(one.cents for one in entries) == bank_cents
    assert received + unsettled + aside == bank_cents
    assert books_say[BookAccount.BANK] == bank_cents
    assert books_say[BookAccount.UNSETTLED] == -unsettled
    assert books_say[BookAccount.COSTS] + books_say[BookAccount.ELSEWHERE] == -aside
    assert books_say[BookAccount.RECEIVABLE] == -received
