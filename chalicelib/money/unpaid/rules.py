"""When a family is reminded, and when its registration may end because nobody paid. Plain rules.

Nobody loses a seat over what we do not know: not before the day that the last reminder named, a week behind it at
least; not before the bank's statements say all that came in until then, and two bank working days more, without a gap
since the order was made; not where something came in already, or where money of just that amount waits for somebody to
say whose it is; not when the camp is about to begin. A pause of ours, a holiday of the bank or a clerk on leave only
makes it later.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from chalicelib.core.moments import today
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees.rules import LEAST_BETWEEN, Payee, UnpaidRule

A_DAY = timedelta(days=1)
SATURDAY = 6
# So long a transfer may take from one bank to another, and to the statement.
BANK_DAYS = 2
# So many days before its camp begins a registration ends by itself no more: a family packs, and nobody else would come.
LEAST_NOTICE = 3


class StatementDays(Protocol):
    """The days and balances of a bank's statement, which show whether something is missing between it and the one
    before."""

    @property
    def opened_on(self) -> date: ...
    @property
    def closed_on(self) -> date: ...
    @property
    def opening_cents(self) -> int: ...
    @property
    def closing_cents(self) -> int: ...


@dataclass(frozen=True)
class Reminded:
    """Of an order with this due day. `asked`: the reminders that were begun with, in days after that day. `until`: the
    day that a reminder named, once its mail was out, until which the family can pay; None: none has named one."""

    asked: frozenset[int] = frozenset()
    until: date | None = None


def reminder_due(order: Order, rule: UnpaidRule, reminded: Reminded, day: date) -> int | None:
    """The reminder that is to be sent on `day`. Of several that were missed the last one is."""
    due = [after for after in rule.reminders if order.due_on + after * A_DAY <= day]
    return due[-1] if due and due[-1] > max(reminded.asked, default=-1) else None


def end_named_by(after: int, order: Order, rule: UnpaidRule, day: date) -> date | None:
    """Until when the family can pay, as the reminder `after` so many days says that is sent on `day`: the last one
    names it. None: it never ends by itself, or a reminder is still to come."""
    if rule.cancels_after is None or after not in rule.reminders[-1:]:
        return None
    return max(order.due_on + rule.cancels_after * A_DAY, day + LEAST_BETWEEN * A_DAY)


def may_end(
    order: Order, rule: UnpaidRule, reminded: Reminded, known_until: date | None, unknown_cents: Collection[int]
) -> bool:
    """Whether its registrations may end because nobody paid. `known_until`: up to this day statements say what came
    in since it was made; `unknown_cents`: amounts that came in, and nobody knows whose they are.

    Never before the day that its family was told, also where the city has shortened its rule since; nor where nobody
    told the family that it ends."""
    if rule.cancels_after is None or reminded.until is None or known_until is None:
        return False
    end = max(reminded.until, order.due_on + rule.cancels_after * A_DAY)
    is_untouched = order.received_cents == 0 and order.returned_cents == 0
    is_owed = is_untouched and order.balance_cents > 0 and order.balance_cents not in unknown_cents
    return is_owed and known_until >= bank_days_after(end, BANK_DAYS)


def known_until(statements: Iterable[StatementDays], order: Order, payee: Payee) -> date | None:
    """The last day of the statements that follow on each other without a gap since the order was made; None: there is
    one, or they do not go back so far, or the family was told another account before, into which it may have paid."""
    since = today(order.made_at)
    if had_another_account(order, payee):
        return None
    left = sorted(statements, key=lambda one: (one.closed_on, one.opened_on), reverse=True)
    if not left:
        return None
    latest = current = left.pop(0)
    while current.opened_on > since:
        before = next((one for one in left if _follows(one, current)), None)
        if before is None:
            return None
        left.remove(before)
        current = before
    return latest.closed_on


def had_another_account(order: Order, payee: Payee) -> bool:
    """Whether the family may have been told another account than the one whose statements we look at."""
    return payee.since is not None and payee.since >= today(order.made_at)


def _follows(one: StatementDays, other: StatementDays) -> bool:
    """Whether nothing lies between: the balances are the same, and, where that may be by chance, no bank day is."""
    if one.closing_cents != other.opening_cents or one.closed_on > other.closed_on:
        return False
    return one.closing_cents != 0 or bank_days_after(one.closed_on, 1) >= other.opened_on


def bank_days_after(day: date, days: int) -> date:
    """So many bank working days later: not on weekends, nor when the banks' own system (T2) is closed."""
    while days:
        day += A_DAY
        days -= is_bank_day(day)
    return day


def is_bank_day(day: date) -> bool:
    return day.isoweekday() < SATURDAY and day not in _closed(day.year)


@lru_cache
def _closed(year: int) -> Collection[date]:
    from holidays import financial_holidays  # noqa: PLC0415 heavy, and for who does not pay only

    return frozenset(financial_holidays("XECB", years=year))
