"""The balance of each account now: the last closing, and the entries since."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, takewhile

from chalicelib.core.moments import today
from chalicelib.money.books import days, table
from chalicelib.money.books.days import AccountSum, ClosedDay
from chalicelib.money.books.rules import BookEntry


@dataclass(frozen=True)
class Balances:
    """`closed`: the day that was closed last; None: none was. `sums`: of the days since, and the balances now."""

    closed: ClosedDay | None
    sums: tuple[AccountSum, ...]
    count: int


def now(moment: datetime) -> Balances:
    """A read unit, and what the entries of the days that are not closed take: those since yesterday, as a rule."""
    closed = table.last_closed()
    first = closed.day + timedelta(1) if closed else today(moment) - timedelta(days.MOST_DAYS_AT_ONCE)
    open_days = [first + timedelta(place) for place in range((today(moment) - first).days + 1)]
    entries = chain.from_iterable(map(table.of_day, open_days))
    found = days.summed(entries, closed.balances if closed else {})
    return Balances(closed, found.sums, found.count)


@dataclass(frozen=True)
class BookDay:
    """The entries of a part of a day. `closed`: None while it is open. `fits`: whether all of its entries are those
    that were there when it was closed. `next`: behind which entry the next part begins; None: there is none."""

    day: date
    entries: Sequence[BookEntry]
    closed: ClosedDay | None
    fits: bool
    next: str | None


AT_ONCE = 100


def of_day(day: date, after: str) -> BookDay:
    """`after`: an entry's id; empty: from the first one on. A day that is closed is read to its end, to see whether it
    fits."""
    closed = next(iter(table.closed_days(day, day)), None)
    part = _Part(after)
    entries = part.seen(table.of_day(day))
    if closed:
        does_fit = days.fits(closed, entries, table.closed_before(day))
    else:
        does_fit = True
        deque(takewhile(lambda _: not part.has_more, entries), maxlen=0)
    return BookDay(day, part.shown, closed, does_fit, part.shown[-1].entry_id if part.has_more else None)


class _Part:
    """Keeps the entries of one part while all of them go by."""

    def __init__(self, after: str) -> None:
        self._after = after
        self.shown: list[BookEntry] = []
        self.has_more = False

    def seen(self, entries: Iterable[BookEntry]) -> Iterator[BookEntry]:
        for entry in entries:
            if entry.entry_id > self._after:
                if len(self.shown) < AT_ONCE:
                    self.shown.append(entry)
                else:
                    self.has_more = True
            yield entry
