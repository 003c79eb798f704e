"""The bank's sums and our own: of one statement, or of an account's month.

The bank's word is its balances. Ours is each entry once, by what became of it. Where the two differ, an entry is
missing or counted twice, and the page says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.money.statements import table
from chalicelib.money.statements.movements import StoredMovement, Sums, sums_of
from chalicelib.money.statements.table import StoredStatement


@dataclass(frozen=True)
class Gap:
    """Two statements that do not follow each other: one between them was not handed in."""

    before: StoredStatement
    after: StoredStatement


@dataclass(frozen=True)
class Compared:
    """`moved_cents`: from the first balance to the last one, as the bank says it. `sums`: of the entries. `unfinished`:
    statements of which not all is stored yet."""

    statements: Sequence[StoredStatement]
    opening_cents: int
    closing_cents: int
    sums: Sums
    gaps: Sequence[Gap] = ()
    unfinished: Sequence[StoredStatement] = ()

    @property
    def moved_cents(self) -> int:
        return self.closing_cents - self.opening_cents

    @property
    def missing_cents(self) -> int:
        """0: all is well."""
        return self.moved_cents - self.sums.all


def entries(statements: Sequence[StoredStatement]) -> dict[str, StoredMovement]:
    """Every entry of these statements of one account, once, in their order."""
    ids = list(dict.fromkeys(one for each in statements for one in table.entries_of(each.statement_id)))
    account = {each.account for each in statements}
    if not ids or len(account) != 1:
        return {}
    days = [table.day_of(one) for one in ids]
    wanted = {one.movement_id: one for one in table.of_days(account.pop(), min(days), max(days))}
    return {one: wanted[one] for one in ids if one in wanted}


def of_statement(statement: StoredStatement, found: Mapping[str, StoredMovement]) -> Compared:
    unfinished = () if statement.is_whole else (statement,)
    return Compared(
        (statement,), statement.opening_cents, statement.closing_cents, sums_of(found), unfinished=unfinished
    )


def of_several(statements: Sequence[StoredStatement]) -> Compared:
    """Of statements of one account, at least one."""
    ordered = sorted(statements, key=_order)
    first, last = ordered[0], max(ordered, key=lambda one: (one.closed_on, _order(one)))
    return Compared(
        ordered,
        first.opening_cents,
        last.closing_cents,
        sums_of(entries(ordered)),
        list(_gaps(ordered)),
        [one for one in ordered if not one.is_whole],
    )


def _gaps(ordered: Sequence[StoredStatement]) -> Iterable[Gap]:
    """Each begins with the balance with which an earlier one ended; or it is one that covers the same days again, and
    begins as an earlier one did, or is within its days."""
    for place, after in enumerate(ordered[1:], 1):
        earlier = ordered[:place]
        follows = any(after.opening_cents in (one.closing_cents, one.opening_cents) for one in earlier)
        is_within = any(one.opened_on <= after.opened_on and after.closed_on <= one.closed_on for one in earlier)
        if not follows and not is_within:
            yield Gap(earlier[-1], after)


def _order(one: StoredStatement) -> tuple[object, ...]:
    number = int(one.number) if one.number.isascii() and one.number.isdigit() else 0
    return one.opened_on, one.closed_on, number, one.statement_id
