"""The cost of a planned opening: measured use of each step, times the number of times it is taken. Plain rules.

steps.csv says how much of which meter one step uses, at least, as a rule and at most, and which command measured it.
The least and the most of an estimate also take half and twice the pages and refusals: nobody knows how often people
reload.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import reduce
from pathlib import Path

from chalicelib.core.languages import N_
from chalicelib.insight.cost import idle
from chalicelib.insight.cost.figures import EXACT, CostFigure, HowCounted, figure, how
from chalicelib.insight.cost.prices import Meter, PriceList

FILE = Path(__file__).with_name("steps.csv")


class Case(StrEnum):
    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


class StepName(StrEnum):
    """`PASS`: asked for, and its mail's link followed; `MAIL`: from the change in the table until it was sent."""

    PAGE = "page"
    PASS = "pass"  # noqa: S105 - a family's, no password
    REGISTRATION = "registration"
    REFUSAL = "refusal"
    MAIL = "mail"


NAMES: Mapping[StepName, str] = {
    StepName.PAGE: N_("Pages that families look at"),
    StepName.PASS: N_("Passes"),
    StepName.REGISTRATION: N_("Registrations"),
    StepName.REFUSAL: N_("Refused attempts"),
    StepName.MAIL: N_("Mails"),
}

RELOADING: Mapping[Case, Decimal] = {Case.LOW: Decimal("0.5"), Case.EXPECTED: Decimal(1), Case.HIGH: Decimal(2)}
RELOADED = frozenset({StepName.PAGE, StepName.REFUSAL})
# Of an idle month: before the first season, after one, and with three of them kept; the rest turns as it turns.
SEASONS: Mapping[Case, int] = {Case.LOW: 0, Case.EXPECTED: 1, Case.HIGH: 3}
KEPT = frozenset({idle.STORAGE, idle.RECOVERY, idle.LOGS})
MOST = 10_000_000


@dataclass(frozen=True)
class PlannedLoad:
    """An opening that is planned. `pages`, `registrations` and `refusals` of each family, `mails` for each
    registration; a pass has its own mail besides."""

    families: Decimal = Decimal(5_000)
    pages: Decimal = Decimal(20)
    registrations: Decimal = Decimal("1.5")
    refusals: Decimal = Decimal(2)
    mails: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        for name in ("families", "pages", "registrations", "refusals", "mails"):
            value = getattr(self, name)
            if not (value.is_finite() and 0 <= value <= MOST and value == round(value, 3)):
                raise PlanImpossible(name, value)


class PlanImpossible(ValueError):
    """One of its numbers is negative, more than anybody has, or finer than a thousandth."""

    def __init__(self, name: str, value: Decimal) -> None:
        super().__init__(f"{name}: {value}")
        self.name, self.value = name, value


@dataclass(frozen=True)
class EstimateStep:
    """How much of a meter one step uses; `command` measured it."""

    name: StepName
    meter: Meter
    uses: Mapping[Case, Decimal]
    command: str


class StepsWrong(ValueError):
    """steps.csv cannot be read; its text names the line."""


Estimate = Mapping[Case, tuple[CostFigure, ...]]


def measured() -> tuple[EstimateStep, ...]:
    """As the package carries it."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> tuple[EstimateStep, ...]:
    """Raises StepsWrong: for what is no number, less than none or out of order, a step that is unknown or missing."""
    steps = []
    rows = csv.DictReader(text.splitlines())
    for line, row in enumerate(rows, 2):
        try:
            uses = {case: Decimal(row[case]) for case in Case}
            step = EstimateStep(StepName(row["step"]), (row["service"], row["item"]), uses, row["command"])
        except (KeyError, ValueError, InvalidOperation, TypeError) as error:
            raise StepsWrong(f"line {line}: {error!r}") from None
        are_numbers = all(use.is_finite() for use in uses.values())
        if not (are_numbers and 0 <= uses[Case.LOW] <= uses[Case.EXPECTED] <= uses[Case.HIGH]):
            raise StepsWrong(f"line {line}: low, expected and high must not be negative, and come in this order")
        steps.append(step)
    if missing := set(StepName) - {step.name for step in steps}:
        raise StepsWrong(f"nothing is said of: {', '.join(sorted(missing))}")
    return tuple(steps)


def counts(plan: PlannedLoad, case: Case) -> dict[StepName, Decimal]:
    """How often each step is taken."""
    registrations = plan.families * plan.registrations
    once = {
        StepName.PAGE: plan.families * plan.pages,
        StepName.PASS: plan.families,
        StepName.REGISTRATION: registrations,
        StepName.REFUSAL: plan.families * plan.refusals,
        StepName.MAIL: plan.families + registrations * plan.mails,
    }
    return {name: count * (RELOADING[case] if name in RELOADED else 1) for name, count in once.items()}


def estimate(plan: PlannedLoad, steps: Sequence[EstimateStep], prices: PriceList) -> Estimate:
    """A figure for each step and meter, at full price. Raises PriceMissing."""
    return {case: tuple(_figures(counts(plan, case), case, steps, prices)) for case in Case}


def so_far(
    taken: Mapping[StepName, Decimal], steps: Sequence[EstimateStep], prices: PriceList
) -> tuple[CostFigure, ...]:
    """Of steps that were taken, so many of each, as a step is expected to cost; at full price. Raises PriceMissing."""
    known = [step for step in steps if step.name in taken]
    return tuple(_figures(taken, Case.EXPECTED, known, prices))


def idle_month(billed: Iterable[idle.Idle], prices: PriceList, *, free: bool) -> Estimate:
    """The cost of a month in which nobody comes. Raises PriceMissing."""
    lines = tuple(billed)
    return {
        case: tuple(idle.figures((_kept(one, seasons) for one in lines), prices, free=free))
        for case, seasons in SEASONS.items()
    }


def _kept(one: idle.Idle, seasons: int) -> idle.Idle:
    if one.what not in KEPT:
        return one
    return replace(
        one, quantity=one.quantity * seasons, query=how(N_("{seasons} x {how}"), seasons=seasons, how=one.query)
    )


def outlook(plan: PlannedLoad, prices: PriceList) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """The opening, and its whole month within the free tier; a month in which nobody comes, and that within the free
    tier. By what was measured and what the package has. Raises PriceMissing."""
    cases = estimate(plan, measured(), prices)
    quiet, quiet_free = (idle_month(idle.packaged().billed, prices, free=free) for free in (False, True))
    month_free = {case: within_free_tier((*cases[case], *quiet[case]), prices) for case in Case}
    return cases, month_free, quiet, quiet_free


def within_free_tier(figures: Iterable[CostFigure], prices: PriceList) -> tuple[CostFigure, ...]:
    """The same use by meter, each in the always-free tier once: that is a month's and nobody else's in the account."""
    sums: dict[Meter, list[CostFigure]] = {}
    for one in figures:
        sums.setdefault(one.meter, []).append(one)
    return tuple(
        figure(
            ", ".join(meter),
            meter,
            sum((one.quantity for one in ones), Decimal(0)),
            prices,
            reduce(_and, dict.fromkeys(one.query for one in ones)),
            free=True,
        )
        for meter, ones in sums.items()
    )


def _and(one: HowCounted, other: HowCounted) -> HowCounted:
    return how(N_("{one}; {other}"), one=one, other=other)


def _figures(
    often: Mapping[StepName, Decimal], case: Case, steps: Sequence[EstimateStep], prices: PriceList
) -> Iterable[CostFigure]:
    for step in steps:
        uses = step.uses[case]
        quantity = EXACT.multiply(often[step.name], uses)
        query = how(N_("{often} x {uses}: {command}"), often=often[step.name], uses=uses, command=step.command)
        yield figure(NAMES[step.name], step.meter, quantity, prices, query)
