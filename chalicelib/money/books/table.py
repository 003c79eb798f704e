"""The books in the table: a partition for each day of booking, to which entries are only added.

| pk               | sk       | what                                          |
| ---------------- | -------- | --------------------------------------------- |
| BOOKS#yyyy-mm-dd | entry_id | act, postings [[account, of, cents]], about   |

An entry is one write of the transaction that moves the money, so nothing moves that is not booked, and nothing is
booked that did not move. It bears the day on which it is written, by the clocks of Brussels.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, Posting

PREFIX = "BOOKS#"


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
