"""A tariff as data: what a council decided, in versions, each from its first day on. Amounts are whole cents.

A **published** price stands above every formula. A formula fills the prices that were not published, and tells the
check what the others should be.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.money.tariffs.conditions import ALWAYS, Condition

CURRENCY = "EUR"


class Unit(StrEnum):
    """The unit that a price is for. A slice has `size` minutes and counts as soon as it has begun; a block has `size`
    days of one session; a card has `size` turns; a week has all days that the session has in it; a camp is the whole
    session, and for an extra or a fine it is once a registration."""

    DAY = "day"
    SLICE = "slice"
    WEEK = "week"
    BLOCK = "block"
    CAMP = "camp"
    CARD = "card"


class PriceRole(StrEnum):
    """The subject of a price: the stay, an extra beside it that the family chose, or a deed against the rules."""

    STAY = "stay"
    EXTRA = "extra"
    FINE = "fine"


class Mode(StrEnum):
    """The direction in which a part of a step goes when an amount is rounded."""

    HALF_UP = "half-up"
    HALF_DOWN = "half-down"
    HALF_EVEN = "half-even"
    DOWN = "down"
    UP = "up"


class Of(StrEnum):
    """The amount that is rounded: the price of one unit, or the sum of the units of a day."""

    EACH = "each"
    DAY = "day"


class Per(StrEnum):
    """How often a surcharge or a discount counts: for each unit of the price, or once a registration."""

    UNIT = "unit"
    ITEM = "item"


@dataclass(frozen=True)
class Labels:
    """A text of the city in each language."""

    nl: str
    fr: str
    en: str

    def said(self, language: str) -> str:
        """In the reader's language, else in one that the city wrote."""
        words = {"nl": self.nl, "fr": self.fr, "en": self.en}
        return words[language] or next(filter(None, words.values()), "")


@dataclass(frozen=True)
class Rounding:
    """To a multiple of `step` cents."""

    mode: Mode = Mode.HALF_UP
    step: int = 1
    of: Of = Of.EACH


@dataclass(frozen=True)
class Formula:
    """`percent` of the price of the line `line`, and `plus_cents` more."""

    line: str
    percent: Decimal = Decimal(100)
    plus_cents: int = 0


@dataclass(frozen=True)
class CareHours:
    """Hours of a day, by the clocks of the place, in which slices count."""

    begins: time
    ends: time


@dataclass(frozen=True)
class Line:
    """A price. `cents` is published; without it, `formula` says what it is. `name`: of the extra or the fine, which may
    have several lines; of those that fit, the family pays the lowest. `most_cents`: a day costs at most that."""

    code: str
    label: Labels
    article: str
    unit: Unit = Unit.DAY
    cents: int | None = None
    formula: Formula | None = None
    when: Condition = ALWAYS
    size: int = 1
    role: PriceRole = PriceRole.STAY
    name: str = ""
    windows: tuple[CareHours, ...] = ()
    most_cents: int | None = None
    is_discountable: bool = True


@dataclass(frozen=True)
class Surcharge:
    """More than the price, for whoever it fits: `percent` of the price or `cents`; once a registration only `cents`."""

    code: str
    label: Labels
    article: str
    cents: int = 0
    percent: Decimal = Decimal(0)
    per: Per = Per.UNIT
    when: Condition = ALWAYS
    on: tuple[str, ...] = ()  # codes of lines; none: each line of a stay
    is_discountable: bool = False


@dataclass(frozen=True)
class Discount:
    """Less than the price, for whoever it fits. `adds_up_with`: codes of discounts that count beside it (said by one of
    the two is enough); of those that do not add up, the family gets what is best for it."""

    code: str
    label: Labels
    article: str
    cents: int = 0
    percent: Decimal = Decimal(0)
    per: Per = Per.UNIT
    when: Condition = ALWAYS
    on: tuple[str, ...] = ()  # codes of lines; none: each line that is discountable
    of_price: bool = False  # a percentage of the price itself, not of what the discounts before it left
    adds_up_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedPrice:
    """A published price for so many units of a line in all, or (without `quantity`) for each of them, when exactly
    these discounts count."""

    line: str
    cents: int
    quantity: int | None = None
    discounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The amount that the city keeps when a registration is cancelled: `percent` of its price and `cents`, never more
    than the price. It fits if all that it names is so: cancelled at least so many calendar days, or working days,
    before the first day; at most so many days after registering; with one of the proofs, handed in at most `proof_days`
    after the last day."""

    code: str
    label: Labels
    article: str
    percent: Decimal = Decimal(0)
    cents: int = 0
    days_before: int | None = None
    working_days_before: int | None = None
    days_after_registering: int | None = None
    proofs: tuple[str, ...] = ()
    proof_days: int | None = None


@dataclass(frozen=True)
class Version:
    """The rules for families that register from `first_day` to `last_day` (None: until the next version begins).

    Discounts count in their order. All together take at most `most_percent` of a unit's price, and leave `least_cents`
    of it if it was as much. `unproven`: what counts while it is only declared; everything else counts once it is
    proven.
    """

    first_day: date
    decision: str
    lines: tuple[Line, ...]
    last_day: date | None = None
    surcharges: tuple[Surcharge, ...] = ()
    discounts: tuple[Discount, ...] = ()
    published: tuple[PublishedPrice, ...] = ()
    rounding: Rounding = Rounding()
    most_percent: Decimal = Decimal(100)
    least_cents: int = 0
    unproven: tuple[str, ...] = ()
    cancelling: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Tariff:
    """Versions in the order of their first days."""

    name: Labels
    versions: tuple[Version, ...] = field(default=())

    def version(self, day: date) -> Version | None:
        """The version for families that register on this day of Brussels' calendar."""
        found = next((version for version in reversed(self.versions) if version.first_day <= day), None)
        return None if found is None or (found.last_day is not None and day > found.last_day) else found


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """Cents, not negative, as a multiple of the rounding's step."""
    steps = exact / rounding.step
    whole = steps.numerator // steps.denominator
    rest = steps - whole
    half = Fraction(1, 2)
    goes_up = {
        Mode.HALF_UP: rest >= half,
        Mode.HALF_DOWN: rest > half,
        Mode.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
        Mode.DOWN: False,
        Mode.UP: rest > 0,
    }[rounding.mode]
    return (whole + goes_up) * rounding.step


def by_formula(line: Line, version: Version) -> int | None:
    """Cents that the line's formula gives; None without one. Raises KeyError if it names a line that is not there, and
    RecursionError if it leads back to itself; a version that was read has neither."""
    if line.formula is None:
        return None
    source = next((each for each in version.lines if each.code == line.formula.line), None)
    if source is None:
        raise KeyError(line.formula.line)
    exact = Fraction(price(source, version)) * Fraction(line.formula.percent) / 100 + line.formula.plus_cents
    return rounded(max(exact, Fraction(0)), version.rounding)


def price(line: Line, version: Version) -> int:
    """Cents of one unit: as published, else by its formula. Raises ValueError for a line that has neither."""
    if line.cents is not None:
        return line.cents
    found = by_formula(line, version)
    if found is None:
        raise ValueError(line.code)
    return found
