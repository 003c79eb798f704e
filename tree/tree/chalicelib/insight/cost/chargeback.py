"""The bills of municipalities that share a deployment. Plain rules.

Each pays its own: what was used for its sessions. The rest is shared (pages that are everybody's, the queue that is
asked all month, alarms, storage), and is split by their shares of the registrations of that time; where nobody
registered, equally. The bills add up to the whole, to the cent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chalicelib.core.languages import N_
from chalicelib.insight.cost.figures import CENT, CostFigure, in_cents
from chalicelib.insight.cost.spent import Spent

BY_REGISTRATIONS = N_("The shared remainder is split by each municipality's share of the registrations.")
EQUALLY = N_("The shared remainder is split equally, because nobody registered in this period.")


class NobodyToCharge(Exception):
    """The programme names no municipality."""


@dataclass(frozen=True)
class Bill:
    """`own` adds up to `own_usd` exactly. `share`: of the shared remainder. `cents` is the sum of the other two."""

    municipality: str
    registrations: Decimal
    own: tuple[CostFigure, ...]
    own_usd: Decimal
    own_cents: Decimal
    share: Fraction
    shared_cents: Decimal

    @property
    def cents(self) -> Decimal:
        return self.own_cents + self.shared_cents


@dataclass(frozen=True)
class Chargeback:
    """`rule`: by which the remainder is split, in English, to be translated. `shared`: what it is made of."""

    bills: tuple[Bill, ...]
    rule: str
    shared: tuple[CostFigure, ...]
    shared_usd: Decimal
    shared_cents: Decimal
    cents: Decimal


def chargeback(spent: Spent, municipalities: Collection[str]) -> Chargeback:
    """`municipalities`: of the programme; whoever used something is charged also if it is no longer in it. Raises
    NobodyToCharge."""
    parts = {part.key: part for part in spent.by(lambda key: key.municipality)}
    names = sorted({*municipalities, *(name for name in parts if name)})
    if not names:
        raise NobodyToCharge
    sums = {name: parts[name].usd if name in parts else Decimal(0) for name in [*names, None]}
    cents = in_cents(sums)
    registered: dict[str | None, Decimal] = {}
    for key, number in spent.registered.items():
        registered[key.municipality] = registered.get(key.municipality, Decimal(0)) + number
    weights = [registered.get(name, Decimal(0)) for name in names]
    rule = BY_REGISTRATIONS
    if not any(weights):
        rule, weights = EQUALLY, [Decimal(1)] * len(names)
    shares = [Fraction(weight) / Fraction(sum(weights)) for weight in weights]
    bills = [
        Bill(
            name,
            registered.get(name, Decimal(0)),
            parts[name].figures if name in parts else (),
            sums[name],
            cents[name],
            share,
            part,
        )
        for name, share, part in zip(names, shares, split(cents[None], shares), strict=True)
    ]
    rest = parts.get(None)
    return Chargeback(tuple(bills), rule, rest.figures if rest else (), sums[None], cents[None], spent.cents)


def split(cents: Decimal, shares: Collection[Fraction]) -> list[Decimal]:
    """A sum of whole cents by `shares`, which add up to 1; what is left over goes, cent by cent, to those who lost most
    by rounding down, of equals to the first."""
    number = int(cents / CENT)
    exact = [share * number for share in shares]
    down = [int(one) for one in exact]
    most = sorted(range(len(down)), key=lambda place: down[place] - exact[place])
    for place in most[: number - sum(down)]:
        down[place] += 1
    return [CENT * one for one in down]
