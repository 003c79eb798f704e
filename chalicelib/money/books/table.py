"""The books in the table: a partition for each day of booking, to which entries are only added.

| pk               | sk       | what                                          |
| ---------------- | -------- | --------------------------------------------- |
| BOOKS#yyyy-mm-dd | entry_id | act, postings [[account, of, cents]], about   |
| BOOKS-CLOSED     | day      | a day that is closed: since, number, sums, its hash and the one before |
| BOOKS-NUMBERS    | version  | the city's own account numbers, who gave them, when |

An entry is one write of the transaction that moves the money, so nothing moves that is not booked, and nothing is
booked that did not move. It bears the day on which it is written, by the clocks of Brussels.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.money.books.days import AccountSum, ClosedDay
from chalicelib.money.books.numbers import NONE, AccountNumbers
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, Posting

PREFIX, CLOSED, NUMBERS = "BOOKS#", "BOOKS-CLOSED", "BOOKS-NUMBERS"


class BookItem(table.Item):
    """`at`: epoch seconds."""

    at = NumberAttribute()
    act = UnicodeAttribute()
    postings = JSONAttribute()
    about = JSONAttribute()


def putting(entry: BookEntry) -> dict[str, Any]:
    """One write of a transaction. Refused if an entry of that id stands in the books of that day already."""
    item = BookItem(
        PREFIX + today(entry.at).isoformat(),
        entry.entry_id,
        at=int(entry.at.timestamp()),
        act=entry.act,
        postings=[[posting.account, posting.of, posting.cents] for posting in entry.postings],
        about=dict(entry.about),
    )
    return {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}


def of_day(day: date) -> Iterator[BookEntry]:
    """In the order of their ids, page by page."""
    for item in BookItem.query(PREFIX + day.isoformat(), consistent_read=True):
        yield BookEntry(
            item.sk,
            datetime.fromtimestamp(int(item.at), UTC),
            BookAct(item.act),
            tuple(Posting(BookAccount(account), cents, of) for account, of, cents in item.postings),
            item.about,
        )


class ClosedDayItem(table.Item):
    """`sums`: [[account, of, debit, credit, balance]] in cents. `closed_at`: epoch seconds."""

    since = UnicodeAttribute()
    number = NumberAttribute()
    sums = JSONAttribute()
    entries = UnicodeAttribute()
    previous = UnicodeAttribute()
    closed_at = NumberAttribute()
    hash = UnicodeAttribute()

    @classmethod
    def of(cls, closed: ClosedDay) -> Self:
        return cls(
            CLOSED,
            closed.day.isoformat(),
            since=closed.since.isoformat(),
            number=closed.count,
            sums=[[one.account, one.of, one.debit_cents, one.credit_cents, one.balance_cents] for one in closed.sums],
            entries=closed.entries,
            previous=closed.previous,
            closed_at=int(closed.closed_at.timestamp()),
            hash=closed.hash,
        )

    def closed(self) -> ClosedDay:
        return ClosedDay(
            date.fromisoformat(self.sk),
            date.fromisoformat(self.since),
            int(self.number),
            tuple(AccountSum(BookAccount(account), *rest) for account, *rest in self.sums),
            self.entries,
            self.previous,
            datetime.fromtimestamp(int(self.closed_at), UTC),
            self.hash,
        )


class NumbersItem(table.Item):
    """`at`: epoch seconds."""

    numbers = JSONAttribute()
    by = UnicodeAttribute()
    at = NumberAttribute()


def put_closed(closed: ClosedDay) -> None:
    """Raises Refused if that day is closed already."""
    ClosedDayItem.of(closed).save(ClosedDayItem.pk.does_not_exist())


def last_closed() -> ClosedDay | None:
    """One read unit, for each 4 KB of its sums."""
    item = next(ClosedDayItem.query(CLOSED, scan_index_forward=False, limit=1, consistent_read=True), None)
    return item.closed() if item else None


def closed_days(first: date, last: date) -> list[ClosedDay]:
    """Those that were closed from `first` to `last`, the first one first."""
    between = ClosedDayItem.sk.between(first.isoformat(), last.isoformat())
    return [item.closed() for item in ClosedDayItem.query(CLOSED, between)]


def closed_before(day: date) -> ClosedDay | None:
    """The one that was closed last before `day`."""
    found = ClosedDayItem.query(CLOSED, ClosedDayItem.sk < day.isoformat(), scan_index_forward=False, limit=1)
    item = next(found, None)
    return item.closed() if item else None


def numbers() -> AccountNumbers:
    """As they are now."""
    item = next(NumbersItem.query(NUMBERS, scan_index_forward=False, limit=1, consistent_read=True), None)
    if item is None:
        return NONE
    return AccountNumbers(int(item.sk), item.numbers, item.by, datetime.fromtimestamp(int(item.at), UTC))


def put_numbers(version: AccountNumbers) -> None:
    """Raises Refused if somebody else gave that version."""
    assert version.at, "a version was given at some moment"
    item = NumbersItem(
        NUMBERS,
        f"{version.version:05}",
        numbers=dict(version.numbers),
        by=version.by,
        at=int(version.at.timestamp()),
    )
    item.save(NumbersItem.pk.does_not_exist())
