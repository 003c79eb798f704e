"""The check of a tariff before two people accept it: what a reader of the council's decision would ask about.

- **Published prices that no formula gives**: the table is worked out again; each that comes out otherwise is named
  with both amounts. The published one is charged.
- **Gaps**: a child whom no price fits, by an example.
- **Overlaps**: two prices that fit the same child. The family pays the lower; whoever meant one of them for others sees
it.
- **Never**: a price that nobody pays, because another fits whenever it does and is lower.

Examples are made from the limits that the conditions name, on both sides of each; of more than `MOST_EXAMPLES`
combinations so many are looked at, spread evenly, and the check says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Any

from chalicelib.core.moments import brussels
from chalicelib.money.tariffs.conditions import (
    Between,
    Company,
    Condition,
    Facts,
    HalfDay,
    Has,
    Kind,
    Level,
    Measure,
    Order,
    Registered,
    Space,
    Starts,
    Together,
    WholeSession,
    holds,
    leaves,
)
from chalicelib.money.tariffs.pricing import Rates
from chalicelib.money.tariffs.rules import Line, PriceRole, PublishedPrice, Tariff, Unit, Version, by_formula

MOST_EXAMPLES = 5_000
_FROM_ONE = (
    *(Measure.MINUTES, Measure.DAYS_TAKEN, Measure.CAMP_DAYS),
    *(Measure.WEEKDAY, Measure.SESSIONS, Measure.NTH_SESSION),
)
_FIRST = {Measure.DAYS_AHEAD: -366, **dict.fromkeys(_FROM_ONE, 1)}


class Doubt(StrEnum):
    PUBLISHED = "published"
    GAP = "gap"
    OVERLAP = "overlap"
    NEVER = "never"
    NOT_ALL = "not-all"


@dataclass(frozen=True)
class TariffFinding:
    """`place`: as in a fault. `rules`: codes of the lines (and discounts) that it is about. For PUBLISHED: `cents` is
    what is charged, `formula_cents` what the formula gives. For the others `example` says for whom, by the names of
    facts."""

    doubt: Doubt
    place: str
    rules: tuple[str, ...] = ()
    cents: int | None = None
    formula_cents: int | None = None
    example: tuple[tuple[str, str], ...] = ()


def check(tariff: Tariff) -> tuple[TariffFinding, ...]:
    """Of a tariff without faults; version by version."""
    return tuple(
        replace(finding, place=f"versions[{number}].{finding.place}")
        for number, version in enumerate(tariff.versions)
        for finding in (*_published_prices(version), *_lines(version))
    )


def _published_prices(version: Version) -> Iterator[TariffFinding]:
    for number, line in enumerate(version.lines):
        by = by_formula(line, version)
        if line.cents is not None and by is not None and by != line.cents:
            yield TariffFinding(Doubt.PUBLISHED, f"lines[{number}].cents", (line.code,), line.cents, by)
    lines = {line.code: line for line in version.lines}
    for number, said in enumerate(version.published):
        others = tuple(
            each for each in version.published if each != said and not (said.discounts == each.discounts == ())
        )
        by = _without(said, replace(version, published=others), lines[said.line])
        if by != said.cents:
            yield TariffFinding(
                Doubt.PUBLISHED, f"published[{number}].cents", (said.line, *said.discounts), said.cents, by
            )


def _without(said: PublishedPrice, version: Version, line: Line) -> int:
    """The charge in cents if the price were not published."""
    rates = Rates(version)
    quantity = said.quantity or 1
    unit, amount, _ = rates.base(line, quantity)
    chosen = [each for each in version.discounts if each.code in said.discounts]
    return amount + sum(step.amount_cents for step in rates.steps(line, quantity, unit, amount, (), chosen))


# Examples.


@dataclass(frozen=True)
class _Examples:
    """Facts on both sides of each limit. `is_all`: no combination was left out."""

    facts: tuple[Facts, ...]
    is_all: bool


def _lines(version: Version) -> Iterator[TariffFinding]:
    """Gaps, overlaps and prices that nobody pays: among prices for the same, which are those of the stay, and those of
    each extra or fine."""
    groups: dict[tuple[PriceRole, str], list[tuple[int, Line]]] = {}
    for number, line in enumerate(version.lines):
        if line.unit != Unit.CARD:
            groups.setdefault((line.role, line.name), []).append((number, line))
    for numbered in groups.values():
        lines = [line for _, line in numbered]
        examples = _examples(version, [line.when for line in lines])
        place = f"lines[{numbered[0][0]}]"
        if not examples.is_all:
            yield TariffFinding(Doubt.NOT_ALL, place, tuple(line.code for line in lines))
        fits = {line.code: {n for n, facts in enumerate(examples.facts) if holds(line.when, facts)} for line in lines}
        covered = set().union(*fits.values())
        gap = next((number for number in range(len(examples.facts)) if number not in covered), None)
        if gap is not None:
            yield TariffFinding(
                Doubt.GAP, place, tuple(line.code for line in lines), example=_said(examples.facts[gap])
            )
        yield from _pairs(version, numbered, examples.facts, fits)


def _pairs(
    version: Version, numbered: Sequence[tuple[int, Line]], facts: Sequence[Facts], fits: Mapping[str, set[int]]
) -> Iterator[TariffFinding]:
    """Of prices for the same unit. A general price beside a lower one for some is as it should be."""
    rates = Rates(version)
    for (number, line), (other_number, other) in combinations(numbered, 2):
        if (line.unit, line.size) != (other.unit, other.size):
            continue
        both = fits[line.code] & fits[other.code]
        if not both or rates.prices[line.code] == rates.prices[other.code]:
            continue
        dear, cheap = sorted((line, other), key=lambda each: rates.prices[each.code], reverse=True)
        place = f"lines[{number if dear is line else other_number}]"
        example = _said(facts[min(both)])
        if fits[dear.code] <= fits[cheap.code]:
            yield TariffFinding(Doubt.NEVER, place, (dear.code, cheap.code), example=example)
        elif not fits[cheap.code] <= fits[dear.code]:
            yield TariffFinding(Doubt.OVERLAP, place, (dear.code, cheap.code), example=example)


def _examples(version: Version, conditions: Sequence[Condition]) -> _Examples:
    found = [leaf for condition in conditions for leaf in leaves(condition)]
    sides: list[Sequence[Mapping[Any, Any]]] = [
        [{"kind": kind} for kind in _named(found, Kind) or [""]],
        [{"level": level} for level in _named(found, Level) or [""]],
        [{"entitlements": entitlements} for entitlements in _entitlements(found)],
        [{"registered_at": moment} for moment in _moments(version, found)],
        [{"starts_on": day} for day in _starts(version, found)],
        [{"is_half": half} for half in ([False, True] if HalfDay() in found else [False])],
        [{"is_whole": whole} for whole in ([True, False] if WholeSession() in found else [True])],
        *([{("measures", measure): value} for value in values] for measure, values in _values(found).items()),
        *([{("ranks", space): rank} for rank in ranks] for space, ranks in _ranks(found).items()),
        *([{("together", company): count} for count in counts] for company, counts in _counts(found).items()),
    ]
    total = 1
    for side in sides:
        total *= len(side)
    looked_at = min(total, MOST_EXAMPLES)
    facts = []
    for number in range(looked_at):
        rest = number * total // looked_at
        chosen: dict[Any, Any] = {}
        for side in sides:
            rest, place = divmod(rest, len(side))
            chosen.update(side[place])
        made = _facts(chosen)
        if all(rank <= made.together.get(_company(space), rank) for space, rank in (made.ranks or {}).items()):
            facts.append(made)
    return _Examples(tuple(facts), looked_at == total)


def _company(space: Space) -> Company:
    return Company(space.within, space.kinds)


def _facts(chosen: Mapping[Any, Any]) -> Facts:
    """Of names, and of (name, key) for what has several."""

    def several(name: str) -> dict[Any, Any]:
        return {each[1]: value for each, value in chosen.items() if each[0] == name and value is not None}

    return Facts(
        chosen["kind"],
        chosen["starts_on"],
        chosen["registered_at"],
        chosen["level"],
        chosen["entitlements"],
        several("measures"),
        several("together"),
        several("ranks"),
        chosen["is_half"],
        chosen["is_whole"],
    )


def _named(found: Sequence[Condition], kind: type[Kind] | type[Level]) -> list[str]:
    return list(dict.fromkeys(name for leaf in found if isinstance(leaf, kind) for name in leaf.any_of))


def _entitlements(found: Sequence[Condition]) -> list[frozenset[str]]:
    """None of them, each alone, and each two."""
    names = list(dict.fromkeys(name for leaf in found if isinstance(leaf, Has) for name in leaf.any_of))
    return [frozenset(several) for size in range(3) for several in combinations(names, size)]


def _moments(version: Version, found: Sequence[Condition]) -> list[datetime]:
    """The first of the version, and a second before and at each limit within it."""
    first = datetime.combine(version.first_day, time.min, brussels()).astimezone(UTC)
    limits = [limit for leaf in found if isinstance(leaf, Registered) for limit in (leaf.since, leaf.before) if limit]
    around = [moment for limit in limits for moment in (limit - timedelta(seconds=1), limit)]
    return sorted({first, *(moment for moment in around if moment > first)})


def _starts(version: Version, found: Sequence[Condition]) -> list[date]:
    limits = [day for leaf in found if isinstance(leaf, Starts) for day in (leaf.since, leaf.until) if day]
    near = [day + timedelta(days=more) for day in limits for more in (-1, 0, 1)]
    return sorted({*near}) or [version.first_day]


def _values(found: Sequence[Condition]) -> dict[Measure, list[int | None]]:
    """Both sides of each limit; of an income also that it is not said."""
    values: dict[Measure, set[int]] = {}
    for leaf in found:
        if isinstance(leaf, Between):
            least = [] if leaf.least is None else [leaf.least - 1, leaf.least]
            most = [] if leaf.most is None else [leaf.most, leaf.most + 1]
            values.setdefault(leaf.measure, set()).update(least, most)
    return {
        measure: [
            *sorted(value for value in several if value >= _FIRST.get(measure, 0)),
            *([None] if measure == Measure.INCOME else []),
        ]
        for measure, several in values.items()
    }


def _ranks(found: Sequence[Condition]) -> dict[Space, list[int]]:
    limits: dict[Space, set[int]] = {}
    for leaf in found:
        if isinstance(leaf, Order):
            limits.setdefault(leaf.space, {1}).update({leaf.least, leaf.most + 1 if leaf.most else leaf.least})
    return {space: sorted(several) for space, several in limits.items()}


def _counts(found: Sequence[Condition]) -> dict[Company, list[int]]:
    limits: dict[Company, set[int]] = {}
    for leaf in found:
        if isinstance(leaf, Together):
            limits.setdefault(leaf.company, {1}).add(leaf.least)
    return {company: sorted(several) for company, several in limits.items()}


def _said(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The facts of an example, by names that a page finds words for."""
    said = [
        ("kind", facts.kind),
        ("level", facts.level),
        ("entitlements", ", ".join(sorted(facts.entitlements))),
        ("registered_at", facts.registered_at.isoformat()),
        ("starts_on", facts.starts_on.isoformat()),
        ("half_day", "yes" if facts.is_half else ""),
        ("whole", "" if facts.is_whole else "no"),
        *((measure.value, str(value)) for measure, value in facts.measures.items()),
        *((f"rank within {space.within.value}", str(rank)) for space, rank in (facts.ranks or {}).items()),
        *((f"together within {company.within.value}", str(count)) for company, count in facts.together.items()),
    ]
    return tuple((name, value) for name, value in said if value)
