"""The amount that a family gets back when it cancels, by the version of the tariff by which it paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from chalicelib.money.tariffs.rules import Kept, Version, rounded

SATURDAY = 6


@dataclass(frozen=True)
class Cancelling:
    """Of one item. `cancelled_on`: the day on which the city knew; for somebody who did not come, the last day.
    `proofs`: what a person accepted, handed in on `proven_on`. `holidays`: on which nobody works, beside weekends."""

    registered_on: date
    cancelled_on: date
    first_day: date
    last_day: date
    proofs: frozenset[str] = frozenset()
    proven_on: date | None = None
    holidays: frozenset[date] = frozenset()

    def working_days_before(self, most: int) -> int:
        """From the day of cancelling to the day before the first one, both included; counted no further than `most`."""
        count = 0
        day = self.first_day - timedelta(days=1)
        while day >= self.cancelled_on and count < most:
            count += day.isoweekday() < SATURDAY and day not in self.holidays
            day -= timedelta(days=1)
        return count


@dataclass(frozen=True)
class Settled:
    """Cents that the city keeps and gives back. `kept`: by which rule; None: none fits, and all is kept."""

    kept_cents: int
    back_cents: int
    kept: Kept | None


def settle(version: Version, price_cents: int, cancelling: Cancelling) -> Settled:
    """For an item that costs so much, fines aside. Of the rules that fit, the one that keeps least."""
    keeps = [(_cents(kept, version, price_cents), kept) for kept in _fitting(version, cancelling)]
    cents, kept = min(keeps, key=lambda each: each[0], default=(price_cents, None))
    return Settled(cents, price_cents - cents, kept)


def _cents(kept: Kept, version: Version, price_cents: int) -> int:
    exact = Fraction(price_cents) * Fraction(kept.percent) / 100 + kept.cents
    return min(price_cents, rounded(exact, version.rounding))


def _fitting(version: Version, cancelling: Cancelling) -> Iterator[Kept]:
    for kept in version.cancelling:
        if all(_answers(kept, cancelling)):
            yield kept


def _answers(kept: Kept, cancelling: Cancelling) -> Iterator[bool]:
    """Whether each thing that it names is so."""
    if kept.days_before is not None:
        yield (cancelling.first_day - cancelling.cancelled_on).days >= kept.days_before
    if kept.working_days_before is not None:
        yield cancelling.working_days_before(kept.working_days_before) >= kept.working_days_before
    if kept.days_after_registering is not None:
        yield (cancelling.cancelled_on - cancelling.registered_on).days <= kept.days_after_registering
    if kept.proofs:
        yield not cancelling.proofs.isdisjoint(kept.proofs)
    if kept.proof_days is not None:
        days = None if cancelling.proven_on is None else (cancelling.proven_on - cancelling.last_day).days
        yield days is not None and days <= kept.proof_days
