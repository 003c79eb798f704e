"""The part of a city pass's budget that is left: plain rules.

Each person has a state for each budget, whoever's pass they are in: so that a new pass, or another household, brings no
second budget before its time. A budget of a household is spent by all of its members at once.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.money.citypass.rules import MONTHS, BudgetRule, month_later


@dataclass(frozen=True)
class BudgetState:
    """`spent`: cents or pieces since it began; `ends`: the first day of which it is whole again."""

    spent: int
    ends: date


def running(state: BudgetState | None, day: date) -> BudgetState | None:
    """The state that counts on that day: None where it is whole."""
    return state if state and day < state.ends else None


def left(rule: BudgetRule, state: BudgetState | None, day: date) -> int:
    """Never below nought, also where the city lowered the budget after some of it was spent."""
    now = running(state, day)
    return max(rule.amount - now.spent, 0) if now else rule.amount


def ends_of(rule: BudgetRule, day: date) -> date:
    """Until when a budget lasts that is first spent on that day."""
    return date(day.year + 1, 1, 1) if rule.years == 1 else month_later(day, MONTHS * rule.years)
