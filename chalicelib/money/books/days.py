"""A day of the books when it is closed: how many entries it has, the sum of each account, and a hash of them all that
is chained to the day that was closed before. An entry that comes later, goes or changes no longer fits it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.core.canonical import canonical
from chalicelib.core.http.answers import Sha256
from chalicelib.core.moments import brussels
from chalicelib.money.books.rules import BookAccount, BookEntry, Posting

NO_HASH = "0" * 64
# Entries that began before midnight are written by then.
CLOSES_AT = timedelta(hours=26)
# Days without entries are closed together with the next one that has some, or when there are so many of them.
MOST_DAYS_AT_ONCE = 31

Key = tuple[BookAccount, str]


@dataclass(frozen=True)
class AccountSum:
    """The debits and credits of one account (`of` whom), both 0 or more, and its balance at the end: above 0 if more
    was debited."""

    account: BookAccount
    of: str
    debit_cents: int
    credit_cents: int
    balance_cents: int


@dataclass(frozen=True)
class ClosedDay:
    """`since`: the first day that it closes; those before `day` have no entry. `sums`: of each account that ever had an
    entry. `entries`: SHA-256 of all of them, in the order of their ids. `previous`: the hash of the one before."""

    day: date
    since: date
    count: int
    sums: tuple[AccountSum, ...]
    entries: Sha256
    previous: Sha256
    closed_at: datetime
    hash: str = field(default="")

    @property
    def computed(self) -> str:
        """The hash that its content has."""
        content = {
            "day": self.day.isoformat(),
            "since": self.since.isoformat(),
            "count": self.count,
            "sums": [[one.account, one.of, one.debit_cents, one.credit_cents, one.balance_cents] for one in self.sums],
            "entries": self.entries,
            "previous": self.previous,
        }
        return hashlib.sha256(canonical(content)).hexdigest()

    @property
    def balances(self) -> dict[Key, int]:
        return {(one.account, one.of): one.balance_cents for one in self.sums}


class Summing:
    """Entries counted one by one, so that a day of any size takes no more room than its accounts."""

    def __init__(self, opening: Mapping[Key, int]) -> None:
        self._opening = opening
        self._debits: dict[Key, int] = {}
        self._credits: dict[Key, int] = {}
        self._digest = hashlib.sha256()
        self.count = 0

    def add(self, entry: BookEntry) -> None:
        self._digest.update(as_hashed(entry) + b"\n")
        self.count += 1
        for posting in entry.postings:
            side = self._debits if posting.cents > 0 else self._credits
            key = (posting.account, posting.of)
            side[key] = side.get(key, 0) + abs(posting.cents)

    @property
    def sums(self) -> tuple[AccountSum, ...]:
        return tuple(
            AccountSum(*key, self._debits.get(key, 0), self._credits.get(key, 0), self._balance(key))
            for key in sorted({*self._opening, *self._debits, *self._credits})
        )

    @property
    def entries(self) -> Sha256:
        return self._digest.hexdigest()

    def _balance(self, key: Key) -> int:
        return self._opening.get(key, 0) + self._debits.get(key, 0) - self._credits.get(key, 0)


def summed(entries: Iterable[BookEntry], opening: Mapping[Key, int]) -> Summing:
    """`entries`: in the order of their ids. `opening`: the balances before them."""
    summing = Summing(opening)
    for entry in entries:
        summing.add(entry)
    return summing


def closed(
    day: date, since: date, entries: Iterable[BookEntry], before: ClosedDay | None, closed_at: datetime
) -> ClosedDay:
    """`entries`: of that day, in the order of their ids. `before`: the day that was closed last; None: none was."""
    found = summed(entries, before.balances if before else {})
    previous = before.hash if before else NO_HASH
    day_of = ClosedDay(day, since, found.count, found.sums, found.entries, previous, closed_at)
    return ClosedDay(day, since, found.count, found.sums, found.entries, previous, closed_at, day_of.computed)


def fits(day: ClosedDay, entries: Iterable[BookEntry], before: ClosedDay | None) -> bool:
    """Whether the entries are those that were there when the day was closed, behind the same day."""
    return closed(day.day, day.since, entries, before, day.closed_at).hash == day.hash


def may_close(day: date, now: datetime) -> bool:
    """Whether it is past 02:00 of the next day in Brussels."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 by the clocks of Brussels, below
    return now >= (midnight + CLOSES_AT).replace(tzinfo=brussels())


def days_to_close(before: ClosedDay | None, now: datetime) -> Iterator[date]:
    """In their order. Where none was closed yet, of the last MOST_DAYS_AT_ONCE days."""
    local_day = now.astimezone(brussels()).date()
    day = before.day + timedelta(1) if before else local_day - timedelta(MOST_DAYS_AT_ONCE)
    while may_close(day, now):
        yield day
        day += timedelta(1)


def as_hashed(entry: BookEntry) -> bytes:
    """An entry as JSON in one way only."""
    return canonical(
        {
            "entry_id": entry.entry_id,
            "at": int(entry.at.timestamp()),
            "act": entry.act,
            "postings": [_posting(posting) for posting in entry.postings],
            "about": dict(entry.about),
        }
    )


def _posting(posting: Posting) -> list[str | int]:
    return [posting.account.value, posting.of, posting.cents]
