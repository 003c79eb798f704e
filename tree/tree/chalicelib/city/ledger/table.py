"""The ledger in a table of its own: one list for the deployment, to which entries are only ever added.

| pk     | sk                 | what                                       |
| ------ | ------------------ | ------------------------------------------ |
| LEDGER | 00000001, 00000002 | an entry: its parts, and the hash before it |

An entry and what it is about are one transaction: nothing happens that is not in the ledger, and nothing is in it that
did not happen. Two who append at once are told apart by the number, on the condition that nobody has it yet: whoever
loses reads the head again.

An entry costs 1 read unit, and 2 write units for each KB of it and of what it changes ($0.000004 all in all). One list
is one partition: some hundred entries a second, where a city makes some hundred in a summer.

The table is its own so that permissions are on the table: the one function that records may put and query there, and
none may update or delete (infra/template.yaml). IAM sees no condition: code of that function which put an entry over
another one would be let through, as would an administrator of the account; the chain shows both, and the table's
backups have what stood there for 35 days.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import uniform
from time import sleep
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.city.ledger.rules import BEFORE_ALL, Head, LedgerAct, LedgerEntry, checked_reason
from chalicelib.core import settings, table
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy, Refused
from chalicelib.people.staff.rules import Staff

PK = "LEDGER"
# How often an entry tries for a number that nobody has. Before a further try it pauses, at random so that those who
# collided do not collide again: up to PAUSE seconds after the first, longer and longer, never more than MOST_PAUSE. All
# in all some four seconds, of the ten that the function has.
TRIES = 20
PAUSE = 0.05
MOST_PAUSE = 0.6
# How long public pages go by what was read.
SECONDS_REMEMBERED = 1.0
_remembered: Memory[str, Sequence[LedgerEntry]] = Memory(SECONDS_REMEMBERED)


class LedgerEntryItem(table.Item):
    """`public` and `private` are JSON, so that they are hashed as they were written."""

    previous = UnicodeAttribute()
    public = JSONAttribute()
    private = JSONAttribute()
    salt = UnicodeAttribute()
    seal = UnicodeAttribute()
    hash = UnicodeAttribute()

    @classmethod
    def of(cls, entry: LedgerEntry) -> Self:
        return cls(
            PK,
            _sk(entry.number),
            previous=entry.previous,
            public=entry.public_part,
            private=entry.private_part,
            salt=entry.salt,
            seal=entry.seal,
            hash=entry.hash,
        )

    def entry(self) -> LedgerEntry:
        public, private = self.public, self.private
        return LedgerEntry(
            number=int(self.sk),
            previous=self.previous,
            at=datetime.fromisoformat(public["at"]),
            what=LedgerAct(public["what"]),
            opening_id=public["opening_id"],
            session_id=public["session_id"],
            details=public["details"],
            staff_id=private["by"]["staff_id"],
            staff_name=private["by"]["name"],
            reason=private["reason"],
            registration_id=private["registration_id"],
            salt=self.salt,
            private=private["details"],
            seal=self.seal,
            hash=self.hash,
        )


class NumberTaken(Busy):
    """Others were quicker with every number, for some seconds; nothing was written."""


def record(  # noqa: PLR0913 each is a column of the ledger
    what: LedgerAct,
    by: Staff,
    reason: str,
    at: datetime,
    *,
    opening_id: str | None = None,
    session_id: str | None = None,
    registration_id: str | None = None,
    details: Mapping[str, Any] = {},
    private: Mapping[str, Any] = {},
    together_with: Sequence[Mapping[str, Any]] = (),
) -> LedgerEntry:
    """Writes an entry and, in the same transaction, at most 99 writes that it is about, as `table.transact_write` takes
    them. `details` are published; `private` is for staff only, like `reason` and `registration_id`. Both are JSON
    without fractions, which other languages would write otherwise.

    Raises Problem `invalid` for a reason that says nothing; Refused if a condition of `together_with` does not hold,
    with places as in it; Busy, of which NumberTaken is one, if others were in the way for some seconds. Nothing is
    written then.
    """
    reason = checked_reason(reason)
    for tries in range(1, TRIES + 1):
        before = head()
        entry = LedgerEntry(
            number=before.number + 1,
            previous=before.hash,
            at=at.astimezone(UTC).replace(microsecond=0),
            what=what,
            opening_id=opening_id,
            session_id=session_id,
            details=details,
            staff_id=by.staff_id,
            staff_name=by.name,
            reason=reason,
            registration_id=registration_id,
            salt=secrets.token_hex(16),
            private=private,
        ).sealed()
        put = {
            "Put": {
                "TableName": settings.ledger_table(),
                "Item": LedgerEntryItem.of(entry).serialize(),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        try:
            table.transact_write([*together_with, put])
        except Busy as busy:
            if tries == TRIES or not busy.is_conflict:
                raise
        except Refused as refused:
            if min(refused.items) < len(together_with):
                raise
            if tries == TRIES:
                raise refused.busy or NumberTaken() from refused
        else:
            return entry
        sleep(uniform(0, longest_pause(tries)))  # noqa: S311 no secret
    raise AssertionError("the last try returns or raises")


def longest_pause(tries: int) -> float:
    """Seconds, after so many tries."""
    return min(MOST_PAUSE, PAUSE * 1.5 ** (tries - 1))


def head() -> Head:
    """The last entry as it is now; number 0 while there is none. One read unit.

    Raises Busy while the entries of a deployment from before there was this table are not in it yet: a second chain
    must not begin (`python -m chalicelib move-ledger`)."""
    last = next(_query("pk = :ledger", {}, ScanIndexForward=False, Limit=1), None)
    if last:
        return last.head
    if next(table.query("pk = :ledger", {":ledger": {"S": PK}}, Limit=1), None):
        log.error("ledger_not_moved")
        raise Busy()
    return BEFORE_ALL


def entries(after: int = 0, most: int | None = None) -> list[LedgerEntry]:
    """The entries with a number greater than `after`, in the chain's order; at most so many."""
    limit = {} if most is None else {"Limit": most}
    found = _query("pk = :ledger AND sk > :after", {":after": {"S": _sk(after)}}, **limit)
    return list(islice(found, most))


def remembered() -> Sequence[LedgerEntry]:
    """The whole chain as it was at most SECONDS_REMEMBERED ago, for whatever the public asks for. What was read once is
    not read again: the list only grows."""
    return _remembered.get(PK, _grown)


def _grown() -> Sequence[LedgerEntry]:
    chain = _remembered.last(PK) or ()
    return (*chain, *entries(after=chain[-1].number if chain else 0))


def counts(opening_id: str) -> dict[LedgerAct, int]:
    """How many entries of which kind are about an opening, as `remembered` knows them."""
    return dict(Counter(entry.what for entry in remembered() if entry.opening_id == opening_id))


def _query(condition: str, values: Mapping[str, Any], **arguments: Any) -> Iterator[LedgerEntry]:
    wanted = {":ledger": {"S": PK}, **values}
    found = table.query(condition, wanted, TableName=settings.ledger_table(), ConsistentRead=True, **arguments)
    return (LedgerEntryItem.from_raw_data(dict(item)).entry() for item in found)


def _sk(number: int) -> str:
    return f"{number:08d}"
