"""Every morning: which orders are to be reminded of, and which may end because nobody paid.

Orders are read by their due day, from the oldest that something can still be due for, page by page. That a reminder was
asked for is noted behind its message, so a run that broke off, or came twice, asks again, and the mail is sent once
(its mark is on the registration). That an order may end is measured here, against the bank's statements, and once more
when it does, in the one write that ends it (ending.py).

While nobody owes anything, a run reads the payees, the programme's municipalities and one empty page for each. A city
without a payee: one query.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice, takewhile

from chalicelib.core.moments import today
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.payees.rules import Payee, UnpaidRule
from chalicelib.money.statements import table as statements
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTaskKind
from chalicelib.money.statements.table import StoredStatement
from chalicelib.money.unpaid import table
from chalicelib.money.unpaid.rules import Reminded, known_until, may_end, reminder_due
from chalicelib.programme.sessions import whose

# Orders that are read at once.
AT_ONCE = 50
# How long behind its last day an order is still looked at: longer than a summer's leave. What is older is for people.
LOOKED_AT = timedelta(days=120)
# As long as statements are taken (money/statements/rules.py): no order that may end is older.
STATEMENTS_READ = timedelta(days=400)


@dataclass(frozen=True)
class Due:
    """`reminder`: days after its due day. `known_until`: the order may end, because statements say what came in up to
    that day. One of the two."""

    order: Order
    reminder: int | None = None
    known_until: date | None = None


def due(now: datetime) -> Iterator[Due]:
    known = payees.every()
    if not known:
        return
    day = today(now)
    bank = _Bank(day)
    for municipality in sorted({one.municipality for one in whose.every()}):
        payee = known.of(municipality)
        if payee and payee.unpaid.reminders:
            yield from _of_municipality(municipality, payee, day, bank)


def last_statement(iban: str) -> date | None:
    """Up to which day finance uploaded statements of this account."""
    return next((one.closed_on for one in statements.statements() if one.account == iban and one.is_whole), None)


class _Bank:
    """The bank's statements and unknown entries, read when they are first asked for: most mornings nobody is about to
    lose anything."""

    def __init__(self, day: date) -> None:
        self._since = day - STATEMENTS_READ

    @cached_property
    def statements(self) -> Mapping[str, Sequence[StoredStatement]]:
        """The whole ones by account, the latest first."""
        found: dict[str, list[StoredStatement]] = {}
        for one in takewhile(lambda one: one.closed_on >= self._since, statements.statements()):
            if one.is_whole:
                found.setdefault(one.account, []).append(one)
        return found

    @cached_property
    def unknown_cents(self) -> Collection[int]:
        return {one.cents for one in tasks.every() if one.kind is MoneyTaskKind.UNKNOWN}


def _of_municipality(municipality: str, payee: Payee, day: date, bank: _Bank) -> Iterator[Due]:
    owed = orders.owing(municipality, after=(day - _longest(payee.unpaid)).isoformat())
    late = takewhile(lambda one: one.due_on is not None and one.due_on <= day, owed)
    while some := [one.order_id for one in islice(late, AT_ONCE)]:
        found = orders.several(some).values()
        reminded = table.several(found)
        for order in found:
            yield from _of_order(order, payee, reminded.get(order.order_id, Reminded()), day, bank)


def _of_order(order: Order, payee: Payee, reminded: Reminded, day: date, bank: _Bank) -> Iterator[Due]:
    reminder = reminder_due(order, payee.unpaid, reminded, day)
    if reminder is not None and order.balance_cents > 0:
        yield Due(order, reminder)
    elif may_end(order, payee.unpaid, reminded, date.max, ()):  # by all that the bank has no say in
        until = known_until(bank.statements.get(payee.iban, ()), order, payee)
        if may_end(order, payee.unpaid, reminded, until, bank.unknown_cents):
            yield Due(order, known_until=until)


def _longest(rule: UnpaidRule) -> timedelta:
    return timedelta(max(*rule.reminders, rule.cancels_after or 0, 0)) + LOOKED_AT
