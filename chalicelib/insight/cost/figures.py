"""From a quantity to dollars, exactly, and from dollars to cents that add up. Plain rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    localcontext,
)
from typing import TypeVar

from chalicelib.core.languages import translate
from chalicelib.insight.cost.prices import Meter, Price, PriceList

# More digits than any bill has; should they not suffice, that is an error and not a rounded sum.
EXACT = Context(prec=120, traps=[Inexact, InvalidOperation, DivisionByZero])
CENT = Decimal("0.01")
HOURS_IN_A_MONTH = Decimal(730)  # as AWS's own calculators have it: a twelfth of a year

K = TypeVar("K")


@dataclass(frozen=True)
class HowCounted:
    """How a quantity comes about: `text` in English, to be translated, with `values` for its {names}. A value is a
    number, another such text, or a name that is the same in every language: a command, a field of AWS's."""

    text: str
    values: tuple[tuple[str, "CountedValue"], ...] = ()

    def said(self, language: str) -> str:
        return translate(self.text, language, **{name: _said(value, language) for name, value in self.values})


CountedValue = int | Decimal | str | HowCounted


def how(text: str, **values: CountedValue) -> HowCounted:
    return HowCounted(text, tuple(values.items()))


def _said(value: CountedValue, language: str) -> str:
    """A number whole: `12,500` in English, elsewhere with a narrow space that breaks no line, as on the pages."""
    if isinstance(value, HowCounted):
        return value.said(language)
    if isinstance(value, str):
        return value
    number = f"{Decimal(value).normalize():,f}"
    return number if language == "en" else number.replace(",", "\u202f")


@dataclass(frozen=True)
class CostFigure:
    """A sum of money that can be followed: `quantity` of `unit` at `price` (the meter's first tier, with its date) is
    `usd`, exactly; `query` says which command, question or sum gives the quantity."""

    what: str
    meter: Meter
    quantity: Decimal
    unit: str
    price: Price
    usd: Decimal
    query: HowCounted


def figure(
    what: str, meter: Meter, quantity: Decimal, prices: PriceList, query: HowCounted, *, free: bool = False
) -> CostFigure:
    """`quantity` counts from the beginning of a month where tiers of volume or what is `free` matter. Raises
    PriceMissing."""
    price = prices.of(meter)[0]
    return CostFigure(what, meter, quantity, price.counted, price, charge(meter, quantity, prices, free=free), query)


def charge(meter: Meter, quantity: Decimal, prices: PriceList, *, free: bool) -> Decimal:
    """The exact cost of a month's `quantity`, each part of it by its tier. `free`: without what is always free, which
    comes first in the month. Raises PriceMissing, and ValueError for a quantity that there cannot be."""
    if not quantity.is_finite() or quantity < 0:
        raise ValueError(quantity)
    tiers = prices.of(meter)
    ends = [*(tier.begins for tier in tiers[1:]), max(quantity, tiers[-1].begins)]
    given = tiers[0].free if free else Decimal(0)
    with localcontext(EXACT):
        return sum(
            (
                max(min(quantity, end) - max(tier.begins, given), Decimal(0)) * tier.usd / tier.per
                for tier, end in zip(tiers, ends, strict=True)
            ),
            Decimal(0),
        )


def total(figures: Iterable[CostFigure]) -> Decimal:
    """Exactly."""
    return exact_sum(one.usd for one in figures)


def exact_sum(parts: Iterable[Decimal]) -> Decimal:
    with localcontext(EXACT):
        return sum(parts, Decimal(0))


def rounded(usd: Decimal) -> Decimal:
    """To the cent; half a cent is rounded up, as a bill does."""
    return usd.quantize(CENT, ROUND_HALF_UP)


def in_cents(parts: Mapping[K, Decimal]) -> dict[K, Decimal]:
    """Each part to the cent, so that together they are the whole to the cent: those cents that rounding down leaves go
    to the parts that lost most by it, of equals to the first. Each is less than a cent beside its exact sum."""
    down = {key: part.quantize(CENT, ROUND_FLOOR) for key, part in parts.items()}
    whole = rounded(exact_sum(parts.values()))
    with localcontext(EXACT):
        lost = {key: part - down[key] for key, part in parts.items()}
        left = int((whole - exact_sum(down.values())) / CENT)
    for key in sorted(lost, key=lambda key: -lost[key])[:left]:
        down[key] += CENT
    return down


def dollars(usd: Decimal) -> str:
    """For people: to the cent, and what is less than ten cents with three digits that say something: $0.00000407."""
    if not usd or abs(usd) >= CENT * 10:
        return _signed(rounded(usd), 2)
    digits = 2 - usd.adjusted()
    shown = usd.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return _signed(shown, digits)


def _signed(usd: Decimal, digits: int) -> str:
    return f"{'-' if usd < 0 else ''}${abs(usd):,.{digits}f}"


# A figure with all that it comes from, as files name it.
FOLLOWED = ("what", "service", "item", "quantity", "unit", "usd", "price", "for", "published", "source", "query")


def followed(one: CostFigure, language: str) -> tuple[str | Decimal, ...]:
    """Numbers as they are, exactly; what it is and how it was counted in `language`."""
    price = one.price
    came_from = (
        _plain(price.usd),
        price.unit,
        str(price.published),
        price.source or price.note,
        one.query.said(language),
    )
    return (translate(one.what, language), *one.meter, _plain(one.quantity), one.unit, _plain(one.usd), *came_from)


def unit_price(price: Price) -> str:
    """`$0.20 for 1M requests (2026-10-01)`."""
    return f"${price.usd:f} for {price.unit} ({price.published})"


def _plain(number: Decimal) -> Decimal:
    """Without noughts at its end, and without an exponent: 1E+3 becomes 1000."""
    with localcontext(EXACT):
        short = number.normalize()
        return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]
