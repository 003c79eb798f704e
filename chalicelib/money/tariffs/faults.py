"""Faults of a tariff by which nobody could be charged: each with its place, such as `versions[0].lines[3].cents`.

What can be charged and still be a mistake is a finding of the check (`check.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from chalicelib.core.languages import N_
from chalicelib.money.tariffs.conditions import (
    All,
    Among,
    Between,
    Condition,
    Either,
    Has,
    Kind,
    Level,
    Not,
    Order,
    Registered,
    Starts,
    Together,
    leaves,
)
from chalicelib.money.tariffs.rules import (
    Discount,
    Kept,
    Labels,
    Line,
    Per,
    PriceRole,
    PublishedPrice,
    Surcharge,
    Tariff,
    Unit,
    Version,
)

MOST_CENTS = 10_000_000
MOST_LABEL = 70  # characters: a label stands on receipts and orders
MOST_LINES = 200
MOST_BESIDE = 30  # surcharges, and discounts
MOST_TOGETHER = 6  # discounts that add up with one: each set of them is tried
MOST_PUBLISHED = 1000
MOST_VERSIONS = 50
MOST_DAYS = 1000
ALL = Decimal(100)

NO_VERSION = N_("A tariff has at least one version.")
NOT_IN_ORDER = N_("Versions stand in the order of their first days: this one begins no later than the one before it.")
OVERLAP = N_("The version before this one holds until {until}: on this day both would.")
GAP = N_("The version before this one holds until {until}: between them there is no price.")
ENDS_EARLY = N_("It ends before it begins.")
NO_STAY = N_("There is no price for coming.")
TOO_MANY = N_("At most {most}.")
EMPTY = N_("This text is missing.")
CODE_TWICE = N_("“{code}” is the code of another price, surcharge or discount of this version.")
NO_PRICE = N_("Give a price, or a formula for it.")
BELOW_ZERO = N_("This is never below 0.")
TOO_MUCH = N_("This is too much.")
UNKNOWN_CODE = N_("This version has no “{code}”.")
IN_A_CIRCLE = N_("The formula leads back to its own price.")
NO_SIZE = N_("Give how many minutes, days or turns one of them has: 1 or more.")
HAS_NO_SIZE = N_("Only slices, blocks and cards have a size: leave 1.")
NO_WINDOWS = N_("Only slices have hours in which they count.")
ENDS_BEFORE = N_("These hours end before they begin.")
NO_NAME = N_("Say which extra or which fine this is for.")
HAS_NO_NAME = N_("Only an extra or a fine has a name.")
NOT_FOR_IT = N_("An extra or a fine is for a day, by slices, or once a registration.")
ORDER_OF_SEVERAL = N_("A price for several days cannot ask for the order within a day: say within a week or a camp.")
ORDER_OF_CARD = N_("The price of a card or a fine cannot depend on the order of children.")
ONE_OF_TWO = N_("Give either an amount or a percentage.")
ONLY_CENTS = N_("What counts once a registration is an amount, for no single price.")
NO_PART = N_("Give a percentage from 0 to 100.")
PUBLISHED_TWICE = N_("This price is published twice.")
NO_STEP = N_("Round to 1 to 100 cents.")
EMPTY_LIST = N_("Name at least one.")
BACKWARDS = N_("The first is more than the last.")
FROM_ONE = N_("Children are counted from 1.")
NO_OFFSET = N_("A moment has its offset.")
LABEL_TOO_LONG = N_("At most {most} characters: it stands on receipts. This has {length}.")


@dataclass(frozen=True)
class Fault:
    """`values`: what stands in the text's {braces}."""

    place: str
    text: str
    values: tuple[tuple[str, object], ...] = ()


def faults(tariff: Tariff) -> tuple[Fault, ...]:
    """All of them; a tariff without any can be quoted by."""
    return tuple(_of_tariff(tariff))


def _of_tariff(tariff: Tariff) -> Iterator[Fault]:
    yield from _of_words(tariff.name, "name")
    if not tariff.versions:
        yield Fault("versions", NO_VERSION)
    yield from _too_many(tariff.versions, MOST_VERSIONS, "versions")
    for number, version in enumerate(tariff.versions):
        place = f"versions[{number}]"
        if version.last_day is not None and version.last_day < version.first_day:
            yield Fault(f"{place}.last_day", ENDS_EARLY)
        if number:
            yield from _after(tariff.versions[number - 1], version, f"{place}.first_day")
        yield from (Fault(f"{place}.{each.place}", each.text, each.values) for each in _of_version(version))


def _after(before: Version, version: Version, place: str) -> Iterator[Fault]:
    if version.first_day <= before.first_day:
        yield Fault(place, NOT_IN_ORDER)
    elif before.last_day is not None and version.first_day != before.last_day + timedelta(days=1):
        text = OVERLAP if version.first_day <= before.last_day else GAP
        yield Fault(place, text, (("until", before.last_day.isoformat()),))


def _of_version(version: Version) -> Iterator[Fault]:
    if not version.decision.strip():
        yield Fault("decision", EMPTY)
    if all(line.role != PriceRole.STAY for line in version.lines):
        yield Fault("lines", NO_STAY)
    yield from _too_many(version.lines, MOST_LINES, "lines")
    yield from _too_many(version.surcharges, MOST_BESIDE, "surcharges")
    yield from _too_many(version.discounts, MOST_BESIDE, "discounts")
    yield from _too_many(version.cancelling, MOST_BESIDE, "cancelling")
    yield from _too_many(version.published, MOST_PUBLISHED, "published")
    yield from _of_codes(version)
    for number, line in enumerate(version.lines):
        yield from _of_line(line, version, f"lines[{number}]")
    for number, surcharge in enumerate(version.surcharges):
        yield from _of_step(surcharge, version, f"surcharges[{number}]")
    for number, discount in enumerate(version.discounts):
        yield from _of_discount(discount, version, f"discounts[{number}]")
    yield from _of_published(version)
    for number, kept in enumerate(version.cancelling):
        yield from _of_kept(kept, f"cancelling[{number}]")
    if not 1 <= version.rounding.step <= 100:
        yield Fault("rounding.step", NO_STEP)
    if not 0 <= version.most_percent <= ALL:
        yield Fault("most_percent", NO_PART)
    yield from _of_cents(version.least_cents, "least_cents")


def _of_codes(version: Version) -> Iterator[Fault]:
    several = [
        *((f"lines[{number}].code", each.code) for number, each in enumerate(version.lines)),
        *((f"surcharges[{number}].code", each.code) for number, each in enumerate(version.surcharges)),
        *((f"discounts[{number}].code", each.code) for number, each in enumerate(version.discounts)),
        *((f"cancelling[{number}].code", each.code) for number, each in enumerate(version.cancelling)),
    ]
    times: Counter[str] = Counter()
    for place, code in several:
        times[code] += 1
        if not code.strip():
            yield Fault(place, EMPTY)
        elif times[code] > 1:
            yield Fault(place, CODE_TWICE, (("code", code),))


def _of_line(line: Line, version: Version, place: str) -> Iterator[Fault]:
    yield from _of_words(line.label, f"{place}.label")
    if not line.article.strip():
        yield Fault(f"{place}.article", EMPTY)
    if line.cents is None and line.formula is None:
        yield Fault(f"{place}.cents", NO_PRICE)
    yield from _of_cents(line.cents, f"{place}.cents")
    yield from _of_cents(line.most_cents, f"{place}.most_cents")
    yield from _of_formula(line, version, f"{place}.formula")
    has_size = line.unit in (Unit.SLICE, Unit.BLOCK, Unit.CARD)
    if line.size < 1:
        yield Fault(f"{place}.size", NO_SIZE)
    elif line.size > 1 and not has_size:
        yield Fault(f"{place}.size", HAS_NO_SIZE)
    if line.windows and line.unit != Unit.SLICE:
        yield Fault(f"{place}.windows", NO_WINDOWS)
    for number, window in enumerate(line.windows):
        if window.begins >= window.ends:
            yield Fault(f"{place}.windows[{number}]", ENDS_BEFORE)
    if line.role == PriceRole.STAY and line.name:
        yield Fault(f"{place}.name", HAS_NO_NAME)
    if line.role != PriceRole.STAY:
        if not line.name.strip():
            yield Fault(f"{place}.name", NO_NAME)
        if line.unit not in (Unit.DAY, Unit.SLICE, Unit.CAMP):
            yield Fault(f"{place}.unit", NOT_FOR_IT)
    yield from _of_condition(line.when, f"{place}.when")
    yield from _of_order(line, f"{place}.when")


def _of_order(line: Line, place: str) -> Iterator[Fault]:
    orders = [leaf for leaf in leaves(line.when) if isinstance(leaf, Order)]
    if orders and (line.unit == Unit.CARD or line.role == PriceRole.FINE):
        yield Fault(place, ORDER_OF_CARD)
    elif line.unit not in (Unit.DAY, Unit.SLICE) and any(
        order.within in (Among.DAY, Among.AT_ONCE) for order in orders
    ):
        yield Fault(place, ORDER_OF_SEVERAL)


def _of_formula(line: Line, version: Version, place: str) -> Iterator[Fault]:
    if line.formula is None:
        return
    if line.formula.percent < 0:
        yield Fault(f"{place}.percent", BELOW_ZERO)
    if line.formula.percent > 100 * ALL:
        yield Fault(f"{place}.percent", TOO_MUCH)
    yield from _of_cents(line.formula.plus_cents, f"{place}.plus_cents")
    lines = {each.code: each for each in version.lines}
    passed, now = {line.code}, line
    while now.formula is not None and (now is line or now.cents is None):
        source = lines.get(now.formula.line)
        if source is None:
            if now is line:
                yield Fault(f"{place}.line", UNKNOWN_CODE, (("code", now.formula.line),))
            return
        if source.code in passed:
            if source.cents is None or source is now:
                yield Fault(f"{place}.line", IN_A_CIRCLE)
            return
        passed.add(source.code)
        now = source


def _of_step(step: Surcharge | Discount, version: Version, place: str) -> Iterator[Fault]:
    yield from _of_words(step.label, f"{place}.label")
    if not step.article.strip():
        yield Fault(f"{place}.article", EMPTY)
    yield from _of_cents(step.cents, f"{place}.cents")
    if (step.cents != 0) == (step.percent != 0):
        yield Fault(f"{place}.cents", ONE_OF_TWO)
    if not 0 <= step.percent <= 100 * ALL:
        yield Fault(f"{place}.percent", NO_PART)
    if step.per == Per.ITEM and (step.percent != 0 or step.on):
        yield Fault(f"{place}.per", ONLY_CENTS)
    codes = {line.code for line in version.lines}
    yield from _unknown(step.on, codes, f"{place}.on")
    yield from _of_condition(step.when, f"{place}.when")


def _of_discount(discount: Discount, version: Version, place: str) -> Iterator[Fault]:
    yield from _of_step(discount, version, place)
    if discount.percent > ALL:
        yield Fault(f"{place}.percent", NO_PART)
    others = {each.code for each in version.discounts if each is not discount}
    yield from _unknown(discount.adds_up_with, others, f"{place}.adds_up_with")
    partners = {
        *discount.adds_up_with,
        *(each.code for each in version.discounts if discount.code in each.adds_up_with),
    }
    if len(partners) > MOST_TOGETHER:
        yield Fault(f"{place}.adds_up_with", TOO_MANY, (("most", MOST_TOGETHER),))


def _of_kept(kept: Kept, place: str) -> Iterator[Fault]:
    yield from _of_words(kept.label, f"{place}.label")
    if not kept.article.strip():
        yield Fault(f"{place}.article", EMPTY)
    yield from _of_cents(kept.cents, f"{place}.cents")
    if not 0 <= kept.percent <= ALL:
        yield Fault(f"{place}.percent", NO_PART)
    for name in ("days_before", "working_days_before", "days_after_registering", "proof_days"):
        days = getattr(kept, name)
        if days is not None and not 0 <= days <= MOST_DAYS:
            yield Fault(f"{place}.{name}", BELOW_ZERO if days < 0 else TOO_MUCH)
    if kept.proof_days is not None and not kept.proofs:
        yield Fault(f"{place}.proofs", EMPTY_LIST)


def _of_published(version: Version) -> Iterator[Fault]:
    lines = {line.code for line in version.lines}
    discounts = {each.code for each in version.discounts if each.per == Per.UNIT}
    known = set()
    for number, said in enumerate(version.published):
        place = f"published[{number}]"
        yield from _of_cents(said.cents, f"{place}.cents")
        yield from _unknown((said.line,), lines, f"{place}.line", single=True)
        yield from _unknown(said.discounts, discounts, f"{place}.discounts")
        if said.quantity is not None and said.quantity < 1:
            yield Fault(f"{place}.quantity", NO_SIZE)
        if _name(said) in known:
            yield Fault(place, PUBLISHED_TWICE)
        known.add(_name(said))


def _name(said: PublishedPrice) -> tuple[str, int | None, frozenset[str]]:
    return said.line, said.quantity, frozenset(said.discounts)


def _of_condition(condition: Condition, place: str) -> Iterator[Fault]:  # noqa: PLR0912 - a line for each kind
    match condition:
        case Has(any_of) | Kind(any_of) | Level(any_of):
            if not any_of or not all(name.strip() for name in any_of):
                yield Fault(place, EMPTY_LIST)
        case Between(_, least, most):
            if least is not None and most is not None and least > most:
                yield Fault(place, BACKWARDS)
        case Order(least, most):
            if least < 1:
                yield Fault(place, FROM_ONE)
            elif most is not None and most < least:
                yield Fault(place, BACKWARDS)
        case Together(least):
            if least < 1:
                yield Fault(place, FROM_ONE)
        case Registered(since, before):
            if any(moment is not None and moment.tzinfo is None for moment in (since, before)):
                yield Fault(place, NO_OFFSET)
            elif since is not None and before is not None and since >= before:
                yield Fault(place, BACKWARDS)
        case Starts(since, until):
            if since is not None and until is not None and since > until:
                yield Fault(place, BACKWARDS)
        case Not(negated):
            yield from _of_condition(negated, f"{place}.not.of")
        case All(of) | Either(of):
            name = "all" if isinstance(condition, All) else "either"
            if not of and name == "either":
                yield Fault(place, EMPTY_LIST)
            for number, each in enumerate(of):
                yield from _of_condition(each, f"{place}.{name}.of[{number}]")
        case _:
            pass


def _of_words(words: Labels, place: str) -> Iterator[Fault]:
    for language, text in (("nl", words.nl), ("fr", words.fr), ("en", words.en)):
        if not text.strip():
            yield Fault(f"{place}.{language}", EMPTY)
        elif len(text) > MOST_LABEL:
            yield Fault(f"{place}.{language}", LABEL_TOO_LONG, (("most", MOST_LABEL), ("length", len(text))))


def _of_cents(cents: int | None, place: str) -> Iterator[Fault]:
    if cents is not None and cents < 0:
        yield Fault(place, BELOW_ZERO)
    if cents is not None and cents > MOST_CENTS:
        yield Fault(place, TOO_MUCH)


def _unknown(codes: Iterable[str], known: set[str], place: str, *, single: bool = False) -> Iterator[Fault]:
    for number, code in enumerate(codes):
        if code not in known:
            yield Fault(place if single else f"{place}[{number}]", UNKNOWN_CODE, (("code", code),))


def _too_many(several: Sequence[object], most: int, place: str) -> Iterator[Fault]:
    if len(several) > most:
        yield Fault(place, TOO_MANY, (("most", most),))
