"""Books: what moves is booked once, and sums to nothing."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.core import table
from chalicelib.core.refusals import Refused
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, NotBalanced, Posting, moved

pytestmark = pytest.mark.usefixtures("table")

AT = datetime(2027, 7, 5, 22, 30, tzinfo=UTC)  # half past midnight in Brussels
CHARGED = BookEntry(
    "charged#f2345678901abcdefgh#1",
    AT,
    BookAct.CHARGED,
    moved((BookAccount.RECEIVABLE, "Kaprijke"), (BookAccount.INCOME, "Kaprijke"), 8250),
    {"order_id": "f2345678901abcdefgh"},
)


@pytest.mark.parametrize("postings", [(), (Posting(BookAccount.BANK, 100),)])
def test_an_entry_that_does_not_balance_is_none(postings):
    with pytest.raises(NotBalanced):
        BookEntry("x", AT, BookAct.CHARGED, postings)


def test_an_entry_stands_on_the_day_of_brussels():
    table.transact_write([books.putting(CHARGED)])

    assert list(books.of_day(date(2027, 7, 6))) == [CHARGED]
    assert list(books.of_day(date(2027, 7, 5))) == []


def test_an_entry_is_booked_once():
    table.transact_write([books.putting(CHARGED)])

    with pytest.raises(Refused):
        table.transact_write([books.putting(CHARGED)])
