"""The costs of cancelling, by the city's rule: a part of the price that grows as the first day comes nearer.

It is only told: Stormloop takes no payments, and collects nothing. Money is in whole cents, days are those of Brussels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.core.moments import brussels

MOST_STEPS = 5
MOST_DAYS = 365
ALL = 100  # percent


@dataclass(frozen=True)
class CancellationStep:
    """Until the end of the day that lies `days_before` days before the first day, `percent` of the price is charged."""

    days_before: int
    percent: int


@dataclass(frozen=True)
class Rule:
    """The steps, the earliest first, and what is charged when the last of them is over.

    Free until 14 days before, half the price until 2 days before, then all of it: that is our own default, which a city
    replaces by what its regulations say.
    """

    steps: tuple[CancellationStep, ...] = (CancellationStep(14, 0), CancellationStep(2, 50))
    then: int = ALL

    @property
    def fault(self) -> int | None:
        """The place of the first step that does not come after the one before it, or does not cost more; `len(steps)`
        if that is what comes after the last. None: nothing is wrong."""
        percents = [*(step.percent for step in self.steps), self.then]
        for place in range(1, len(percents)):
            is_later = place == len(self.steps) or self.steps[place].days_before < self.steps[place - 1].days_before
            if not is_later or percents[place] <= percents[place - 1]:
                return place
        return None


@dataclass(frozen=True)
class DatedRule:
    """A rule as it was set: `number` counts from 1, `since` is aware, in UTC."""

    number: int
    since: datetime
    rule: Rule


@dataclass(frozen=True)
class Charge:
    """The charge until `until` (aware, UTC); None: from then on for good."""

    percent: int
    cents: int
    until: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last day on which it costs that, by the calendar of Brussels."""
        return (self.until - timedelta(microseconds=1)).astimezone(brussels()).date() if self.until else None


def in_force(versions: Sequence[DatedRule], at: datetime) -> Rule:
    """The rule that stood when somebody registered at `at`: a city that changes it does not change what was promised.
    `versions`: in their order. Before the first of them stands the default."""
    return next((version.rule for version in reversed(versions) if version.since <= at), Rule())


def charges(rule: Rule, price_cents: int, first_day: date) -> list[Charge]:
    """The charge for cancelling in each stretch of time, in order, for a price of `price_cents` in all."""
    ends = [_end_of(first_day - timedelta(days=step.days_before)) for step in rule.steps]
    percents = [step.percent for step in rule.steps]
    return [
        Charge(percent, part(price_cents, percent), end)
        for percent, end in zip([*percents, rule.then], [*ends, None], strict=True)
    ]


def charge(rule: Rule, price_cents: int, first_day: date, now: datetime) -> Charge:
    """The charge for cancelling at `now`, and until when it is no more than that."""
    return still_to_come(charges(rule, price_cents, first_day), now)[0]


def still_to_come(all_charges: Sequence[Charge], now: datetime) -> list[Charge]:
    """Without those whose time is over at `now`; at the very end of one, the next one begins."""
    return [one for one in all_charges if one.until is None or now < one.until]


def part(cents: int, percent: int) -> int:
    """So many percent of it in whole cents; half a cent is in the family's favour."""
    return (2 * cents * percent + ALL - 1) // (2 * ALL)


def _end_of(day: date) -> datetime:
    """Midnight at the end of a day in Brussels, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, brussels()).astimezone(UTC)
