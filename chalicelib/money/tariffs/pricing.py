"""The price of one unit of a tariff's lines: the line, its surcharges and its discounts, for facts about one child.

Of lines that fit the lowest counts; of discounts, those that together take most of it and may add up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from chalicelib.money.tariffs.conditions import (
    Between,
    Condition,
    Facts,
    Measure,
    Order,
    Space,
    Starts,
    Together,
    holds,
    leaves,
)
from chalicelib.money.tariffs.rules import (
    Discount,
    Line,
    Of,
    Per,
    PriceRole,
    PublishedPrice,
    Surcharge,
    Unit,
    Version,
    price,
    rounded,
)

FactsKey = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """A surcharge or a discount: `unit_cents` and `amount_cents` are below 0 for a discount."""

    code: str
    quantity: int
    unit_cents: int
    amount_cents: int


@dataclass(frozen=True)
class Priced:
    """One line's price for so many units, and what a surcharge or a discount makes of it. `is_published`: the amount is
    a published price for this quantity. `instead_of`: lines that fit too and cost more."""

    code: str
    quantity: int
    unit_cents: int
    amount_cents: int
    is_published: bool
    steps: tuple[Step, ...]
    instead_of: tuple[str, ...] = ()

    @cached_property
    def cents(self) -> int:
        return self.amount_cents + sum(step.amount_cents for step in self.steps)


class Rates:
    """A version, prepared so that it is asked quickly."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.lines = {line.code: line for line in version.lines}
        self.prices = {line.code: price(line, version) for line in version.lines}
        self.published = {(said.line, said.quantity, frozenset(said.discounts)): said for said in version.published}
        self.surcharges = {each.code: each for each in version.surcharges}
        self.discounts = {each.code: each for each in version.discounts}
        self._adds_up = {frozenset((each.code, other)) for each in version.discounts for other in each.adds_up_with}
        found = [
            leaf for condition in (*(line.when for line in version.lines), *self._beside) for leaf in leaves(condition)
        ]
        self.spaces = tuple(dict.fromkeys(leaf.space for leaf in found if isinstance(leaf, Order)))
        self.companies = tuple(dict.fromkeys(leaf.company for leaf in found if isinstance(leaf, Together)))
        self.measures = tuple(dict.fromkeys(leaf.measure for leaf in found if isinstance(leaf, Between)))
        self.asks_for_starts = any(isinstance(leaf, Starts) for leaf in found)
        units = {line.unit for line in version.lines if line.role == PriceRole.STAY}
        self.has_days = not units.isdisjoint((Unit.DAY, Unit.SLICE))
        self.has_several = not units.isdisjoint((Unit.WEEK, Unit.BLOCK, Unit.CAMP))
        self.asks_for_days = not {Measure.DAYS_AHEAD, Measure.WEEKDAY}.isdisjoint(self.measures)
        self.orders = [leaf for leaf in found if isinstance(leaf, Order)]
        self._fitting: dict[tuple[FactsKey, tuple[Unit, ...]], tuple[Line, ...]] = {}
        self._lowest: dict[tuple[object, ...], Priced | None] = {}
        self._undecided: dict[tuple[FactsKey, tuple[str, ...]], tuple[Space, ...]] = {}

    @property
    def _beside(self) -> list[Condition]:
        version = self.version
        return [*(each.when for each in version.surcharges), *(each.when for each in version.discounts)]

    def key(self, facts: Facts) -> FactsKey:
        """The same for facts that no condition of this version tells apart, orders aside."""
        return (
            facts.kind,
            facts.level,
            facts.entitlements,
            facts.registered_at,
            facts.starts_on if self.asks_for_starts else None,
            tuple(facts.measures.get(measure) for measure in self.measures),
            tuple(facts.together.get(company) for company in self.companies),
            facts.is_half,
            facts.is_whole,
        )

    def undecided(self, facts: Facts, key: FactsKey, lines: Sequence[Line]) -> tuple[Space, ...]:
        """The orders on which a price by these lines depends, for these facts (without ranks)."""
        known = key, tuple(line.code for line in lines)
        if known not in self._undecided:
            beside = () if lines and all(line.role == PriceRole.FINE for line in lines) else self._beside
            conditions = [*(line.when for line in lines), *beside]
            found = [
                leaf.space
                for condition in conditions
                if holds(condition, facts) is None
                for leaf in leaves(condition)
                if isinstance(leaf, Order)
            ]
            self._undecided[known] = tuple(dict.fromkeys(found))
        return self._undecided[known]

    def could_fit(self, facts: Facts, key: FactsKey, units: tuple[Unit, ...]) -> tuple[Line, ...]:
        """Lines of a stay with these units that fit these facts (without ranks), or do in some order."""
        known = (key, units)
        if known not in self._fitting:
            self._fitting[known] = tuple(
                line
                for line in self.version.lines
                if line.role == PriceRole.STAY and line.unit in units and holds(line.when, facts) is not False
            )
        return self._fitting[known]

    def _pair(self, code: str, other: str) -> bool:
        return frozenset((code, other)) in self._adds_up

    def _sets(self, fit: Sequence[Discount]) -> list[tuple[Discount, ...]]:
        """Each set of them in which every two add up, in their order; the smallest, which is empty, first."""
        found: list[tuple[Discount, ...]] = [()]
        for several in found:  # grows while it is read
            later = fit[fit.index(several[-1]) + 1 :] if several else fit
            for more in later:
                if all(self._pair(more.code, each.code) for each in several):
                    found.append((*several, more))
        return found

    def surcharges_once(self, facts: Facts) -> list[Surcharge]:
        """Those that fit and count once a registration."""
        return [each for each in self.version.surcharges if each.per == Per.ITEM and holds(each.when, facts)]

    def discounts_once(self, facts: Facts) -> list[tuple[Discount, ...]]:
        """Each set of discounts that fit, count once a registration and add up; none at all first."""
        return self._sets([each for each in self.version.discounts if each.per == Per.ITEM and holds(each.when, facts)])

    def could_take_once(self, facts: Facts) -> bool:
        """Whether a discount that counts once a registration fits these facts (without ranks), or does in some
        order."""
        return any(each.per == Per.ITEM and holds(each.when, facts) is not False for each in self.version.discounts)

    def lowest(
        self,
        facts: Facts,
        key: FactsKey,
        ranks: Mapping[Space, int],
        among: Sequence[tuple[Line, int]],
        beside: tuple[str, ...] = (),
    ) -> Priced | None:
        """The cheapest of those lines that fit, each for its quantity; None: none fits. `facts`: without `ranks`.
        `beside`: discounts that count once for the registration, with which the others must add up."""
        known = (key, tuple(ranks.items()), tuple((line.code, quantity) for line, quantity in among), beside)
        if known not in self._lowest:
            facts = replace(facts, ranks=ranks)
            fit = [self._priced(line, quantity, facts, beside) for line, quantity in among if holds(line.when, facts)]
            best = min(fit, key=lambda priced: priced.cents, default=None)
            if best is not None:
                dearer = tuple(priced.code for priced in fit if priced.cents > best.cents)
                best = replace(best, instead_of=dearer)
            self._lowest[known] = best
        return self._lowest[known]

    def _priced(self, line: Line, quantity: int, facts: Facts, beside: tuple[str, ...]) -> Priced:
        """The line with the discounts that are best for the family; of equals the fewest, the first."""
        unit, amount, is_published = self.base(line, quantity)
        surcharges = self._surcharges(line, unit, quantity, facts)
        best: Priced | None = None
        for several in self._discounts(line, facts, beside):
            steps = self.steps(line, quantity, unit, amount, surcharges, several)
            priced = Priced(line.code, quantity, unit, amount, is_published, (*(s for s, _ in surcharges), *steps))
            if best is None or priced.cents < best.cents:
                best = priced
        assert best is not None, "no discount at all is one of them"
        return best

    def base(self, line: Line, quantity: int) -> tuple[int, int, bool]:
        """Cents of a unit and of so many, without anything beside; and whether that amount is published as such."""
        unit = self.prices[line.code]
        if said := self.published.get((line.code, quantity, frozenset())):
            return unit, said.cents, True
        if said := self.published.get((line.code, None, frozenset())):
            unit = said.cents
        amount = quantity * unit
        return unit, amount if line.most_cents is None else min(amount, line.most_cents), False

    def _surcharges(self, line: Line, unit: int, quantity: int, facts: Facts) -> list[tuple[Step, bool]]:
        """Each that fits, and whether it is discountable."""
        if line.role == PriceRole.FINE:
            return []
        found = []
        for each in self.version.surcharges:
            is_on = line.code in each.on if each.on else line.role == PriceRole.STAY
            if each.per == Per.UNIT and is_on and holds(each.when, facts):
                more = each.cents + rounded(Fraction(unit) * Fraction(each.percent) / 100, self.version.rounding)
                found.append((Step(each.code, quantity, more, quantity * more), each.is_discountable))
        return found

    def _discounts(self, line: Line, facts: Facts, beside: tuple[str, ...]) -> list[tuple[Discount, ...]]:
        """Each set of discounts that may add up, none at all first."""
        if line.role == PriceRole.FINE or not line.is_discountable:
            return [()]
        fit = [
            each
            for each in self.version.discounts
            if each.per == Per.UNIT and (not each.on or line.code in each.on) and holds(each.when, facts)
        ]
        return self._sets([each for each in fit if all(self._pair(each.code, code) for code in beside)])

    def steps(
        self,
        line: Line,
        quantity: int,
        unit: int,
        amount: int,
        surcharges: Sequence[tuple[Step, bool]],
        discounts: Sequence[Discount],
    ) -> list[Step]:
        """The amount that each discount takes. A published price for exactly these is the amount left when all are
        taken."""
        if not discounts:
            return []
        codes = frozenset(each.code for each in discounts)
        more_each = sum(step.unit_cents for step, is_discountable in surcharges if is_discountable)
        each = amount == quantity * unit and self.version.rounding.of == Of.EACH
        whole = unit + more_each if each else amount + quantity * more_each
        said_for_all = self.published.get((line.code, quantity, codes))
        said_for_one = self.published.get((line.code, None, codes))
        if said_for_all is not None:  # it says the amount
            each, whole = False, amount + quantity * more_each
        left = self._left(whole, 1 if each else quantity, discounts)
        published = _published(said_for_all, said_for_one, quantity, each=each)
        if published is not None:
            left[-1] = published + (more_each if each else quantity * more_each)
        times = quantity if each else 1
        taken = [after - before for before, after in zip([whole, *left], left, strict=False)]
        return [
            Step(discount.code, times, cents, times * cents) for discount, cents in zip(discounts, taken, strict=True)
        ]

    def _left(self, whole: int, units: int, discounts: Sequence[Discount]) -> list[int]:
        """Cents that are left of `whole`, the price of so many units, after each discount."""
        version = self.version
        floor = max(
            Fraction(whole) * (100 - Fraction(version.most_percent)) / 100,
            Fraction(min(whole, units * version.least_cents)),
        )
        rest = Fraction(whole)
        left = []
        for each in discounts:
            of = Fraction(whole) if each.of_price else rest
            rest = max(floor, rest - of * Fraction(each.percent) / 100 - units * each.cents)
            left.append(min(whole, rounded(rest, version.rounding)))
        return left


def _published(
    for_all: PublishedPrice | None, for_one: PublishedPrice | None, quantity: int, *, each: bool
) -> int | None:
    if for_all is not None:
        return for_all.cents
    if for_one is not None:
        return for_one.cents if each else quantity * for_one.cents
    return None
