"""Figures of the city pass for the council: a year's, of which none says who.

A number from 1 to FEWEST - 1 is not told, and never so that it follows from others and their sum: of numbers that add
up to one that is told, two are hidden at least (insight/answered.py does so with answers).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.languages import N_
from chalicelib.insight.answered import FEWEST
from chalicelib.money.citypass import figures, providers, versions, voucher_table

NAMES = {
    "visits": N_("Page “is it for me” looked at"),
    "answer_yes": N_("Heard yes"),
    "answer_probably": N_("Heard probably"),
    "answer_no": N_("Heard no"),
    "applied": N_("Applications"),
    "granted_by_machine": N_("Granted by the rule, from what was seen"),
    "granted_by_person": N_("Granted by a person"),
    "refused": N_("Refused by a person"),
    "late": N_("Decided later than promised"),
    "days_on_average": N_("Days until the decision, on average"),
    "objected": N_("Objections"),
    "overturned": N_("Refusals overturned by a second person"),
    "upheld": N_("Refusals upheld by a second person"),
    "withdrawn": N_("Passes ended by a person"),
    "coupons": N_("Coupons on paper"),
    "wrong_codes": N_("Codes that no voucher has"),
}
# Numbers of which the last is the sum: if one of the first is hidden, it must not follow.
SUMS = (
    (("granted_by_machine", "granted_by_person", "refused"), "decided"),
    (("overturned", "upheld"), "objected"),
)
# How often a page was looked at is nobody's.
OF_NOBODY = frozenset({"visits", "answer_yes", "answer_probably", "answer_no", "wrong_codes", "coupons"})


@dataclass(frozen=True)
class VoucherFigure:
    """`provider`: its name; empty: of all that were issued. `number` None: fewer than FEWEST, or hidden beside one."""

    budget: str
    provider: str
    number: int | None
    cents: int | None


@dataclass(frozen=True)
class CityPassFigures:
    year: int
    numbers: Mapping[str, int | None]
    issued: tuple[VoucherFigure, ...]
    redeemed: tuple[VoucherFigure, ...]


def of_year(year: int) -> CityPassFigures:
    """Twelve months of lines are read for what was redeemed: a read unit for each 4 KB, some 20 of them."""
    sums = figures.of_year(year)
    issued = {
        name.removeprefix(figures.ISSUED): number for name, number in sums.items() if name.startswith(figures.ISSUED)
    }
    return CityPassFigures(
        year,
        told(sums),
        tuple(VoucherFigure(budget, "", number, None) for budget, number in sorted(hide(issued).items())),
        tuple(_redeemed(year)),
    )


def labels(language: str) -> dict[str, str]:
    """The label of each budget, by its name, from the last version that has it."""
    return {
        budget.name: getattr(budget.label, language) for one in versions.remembered() for budget in one.rule.budgets
    }


def told(sums: Mapping[str, int]) -> dict[str, int | None]:
    """The numbers of NAMES, those hidden that would say too much."""
    hidden = {name for name in NAMES if name not in OF_NOBODY and 0 < sums.get(name, 0) < FEWEST}
    for parts, total in SUMS:
        few = [name for name in parts if name in hidden]
        others = sorted((sums.get(name, 0), name) for name in parts if name not in hidden and sums.get(name, 0))
        if len(few) == 1 and others and total not in hidden:
            hidden.add(others[0][1])
    decided = sums.get(figures.DECIDED, 0)
    found: dict[str, int | None] = {name: None if name in hidden else sums.get(name, 0) for name in NAMES}
    found["days_on_average"] = round(sums.get(figures.DAYS, 0) / decided) if decided >= FEWEST else None
    return found


def hide(numbers: Mapping[str, int]) -> dict[str, int | None]:
    """Those from 1 to FEWEST - 1; one alone takes the lowest of the others along."""
    hidden = {name for name, number in numbers.items() if 0 < number < FEWEST}
    others = sorted((number, name) for name, number in numbers.items() if number >= FEWEST)
    if len(hidden) == 1 and others:
        hidden.add(others[0][1])
    return {name: None if name in hidden else number for name, number in numbers.items()}


def _redeemed(year: int) -> list[VoucherFigure]:
    """By budget and provider, less what was undone."""
    numbers: Counter[tuple[str, str]] = Counter()
    cents: Counter[tuple[str, str]] = Counter()
    for month in range(1, 13):
        for line in voucher_table.payouts_of(f"{year:04}-{month:02}"):
            key = (line.budget, line.provider_id)
            numbers[key] += 1 if line.cents >= 0 else -1
            cents[key] += line.cents
    names = {one.provider_id: one.name for one in providers.every()}
    shown = hide({f"{budget}#{provider}": number for (budget, provider), number in numbers.items()})
    return [
        VoucherFigure(
            budget,
            names.get(provider, provider),
            number := shown[f"{budget}#{provider}"],
            None if number is None else cents[budget, provider],
        )
        for budget, provider in sorted(numbers)
    ]
