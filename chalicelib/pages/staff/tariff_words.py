"""A tariff in words, for staff: its prices, for whom they count, what is missing in it, and what the check found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import local
from chalicelib.money.tariffs.alternatives import Requirement, TooManyAlternatives, alternatives_of
from chalicelib.money.tariffs.check import Doubt, TariffFinding
from chalicelib.money.tariffs.conditions import (
    Among,
    Between,
    By,
    Condition,
    Has,
    Kind,
    Level,
    Measure,
    Order,
    Registered,
    Starts,
    Together,
    WholeSession,
    leaves,
)
from chalicelib.money.tariffs.entering import Part
from chalicelib.money.tariffs.faults import Fault
from chalicelib.money.tariffs.rules import (
    Discount,
    Kept,
    Line,
    Mode,
    Of,
    Per,
    PriceRole,
    PublishedPrice,
    Rounding,
    Surcharge,
    Unit,
    Version,
    price,
)
from chalicelib.pages.frame.quote_words import SCHOOLS, UNITS, called, labels_of, quoted, said

UNITS_TO_CHOOSE: Mapping[str, str] = {
    Unit.DAY: N_("A day, or half of one"),
    Unit.SLICE: N_("Some minutes, as soon as they have begun"),
    Unit.WEEK: N_("A week"),
    Unit.BLOCK: N_("Several days together"),
    Unit.CAMP: N_("The whole camp; for an extra or a fine, once a registration"),
    Unit.CARD: N_("A card of turns"),
}
SIZES: Mapping[str, str] = {
    Unit.SLICE: N_("How many minutes"),
    Unit.BLOCK: N_("How many days"),
    Unit.CARD: N_("How many turns"),
}
ROLES: Mapping[str, str] = {
    PriceRole.STAY: N_("The stay"),
    PriceRole.EXTRA: N_("An extra that the family chooses: a meal, care, a trip"),
    PriceRole.FINE: N_("A fine, for example for fetching a child late"),
}
MODES: Mapping[str, str] = {
    Mode.HALF_UP: N_("to the nearest, a half up"),
    Mode.HALF_DOWN: N_("to the nearest, a half down"),
    Mode.HALF_EVEN: N_("to the nearest, a half to the even one"),
    Mode.DOWN: N_("down"),
    Mode.UP: N_("up"),
}
STEPS: Mapping[str, str] = {
    "1": N_("1 cent"),
    "5": N_("5 cents"),
    "10": N_("10 cents"),
    "50": N_("50 cents"),
    "100": N_("1 euro"),
}
ROUNDED: Mapping[str, str] = {
    Of.EACH: N_("each price"),
    Of.DAY: N_("what the prices of a day come to together"),
}
TIMES: Mapping[str, str] = {
    Per.UNIT: N_("each day, week … that is paid"),
    Per.ITEM: N_("once a registration"),
}
AMONG: Mapping[str, str] = {
    Among.DAY: N_("on the same day"),
    Among.WEEK: N_("in the same week"),
    Among.CAMP: N_("in the same camp"),
    Among.SEASON: N_("in the same season"),
    Among.AT_ONCE: N_("there at the same time"),
}
FIRST: Mapping[str, str] = {
    By.BEST: N_("whoever makes the family pay least"),
    By.OLDEST: N_("the oldest"),
    By.YOUNGEST: N_("the youngest"),
}
MEASURES: Mapping[str, str] = {
    Measure.AGE: N_("Age on the first day of the camp"),
    Measure.BIRTH_YEAR: N_("Year of birth"),
    Measure.INCOME: N_("Income of the family in a year, in euros"),
    Measure.MINUTES: N_("Minutes that the child is there on the day"),
    Measure.DAYS_TAKEN: N_("Days of the camp on which the child comes"),
    Measure.CAMP_DAYS: N_("Days that the camp has"),
    Measure.DAYS_AHEAD: N_("Days from registering to the day itself"),
    Measure.WEEKDAY: N_("Day of the week (1 is Monday)"),
    Measure.SESSIONS: N_("Camps of this kind that the child has in the season"),
    Measure.NTH_SESSION: N_("Which of its camps of this kind it is"),
}
# Subjects that a requirement can ask about, by the names of document.py.
ASKED: Mapping[str, str] = {
    "has": N_("Residence, school, social rate, a pass …"),
    "between": N_("Age, income, hours, number of days …"),
    "order": N_("Which child of the family it is: the second, the third …"),
    "together": N_("How many children of the family come"),
    "kind": N_("The kind of camp"),
    "level": N_("The kind of school"),
    "registered": N_("When the family registers"),
    "starts": N_("When the camp begins"),
    "half_day": N_("Half days"),
    "whole": N_("All days of the camp"),
}
PARTS: Mapping[str, str] = {
    Part.LINES: N_("Price"),
    Part.SURCHARGES: N_("Surcharge"),
    Part.DISCOUNTS: N_("Discount"),
    Part.PUBLISHED: N_("Published amount"),
    Part.CANCELLING: N_("Rule for cancelling"),
}
# The subject of a fault, by the last name in its place.
FIELDS: Mapping[str, str] = {
    "nl": N_("in Dutch"),
    "fr": N_("in French"),
    "en": N_("in English"),
    "name": N_("name"),
    "article": N_("article of the council’s decision"),
    "cents": N_("amount"),
    "percent": N_("percentage"),
    "plus_cents": N_("amount that is added"),
    "most_cents": N_("most for a day"),
    "least_cents": N_("least that is left"),
    "most_percent": N_("most of all discounts together"),
    "line": N_("price that it is worked out of"),
    "size": N_("number"),
    "windows": N_("hours in which they count"),
    "when": N_("for whom"),
    "on": N_("prices that it counts for"),
    "adds_up_with": N_("what it adds up with"),
    "discounts": N_("discounts"),
    "quantity": N_("number"),
    "proofs": N_("proofs"),
    "decision": N_("the council’s decision"),
    "first_day": N_("first day"),
    "last_day": N_("last day"),
    "lines": N_("prices"),
    "versions": N_("versions"),
    "step": N_("rounding"),
    "unproven": N_("what counts before it is proven"),
}

LABELLED = N_("{label}: {value}")
NO_DISCOUNT = N_("no discount")
NEW = "new"

HAS = N_("The child or its family has: {names}.")
HAS_NONE = N_("Neither the child nor its family has: {names}.")
OF_KIND = N_("The camp is of the kind: {names}.")
IN_SCHOOL = N_("The child goes to: {names}.")
FROM_TO = N_("{measure}: from {least} to {most}.")
AT_LEAST = N_("{measure}: at least {least}.")
AT_MOST = N_("{measure}: at most {most}.")
ANY_VALUE = N_("{measure}: known.")
NTH = N_("Child number {least} of the family, {among}; the first is {first}.")
FROM_NTH = N_("Child number {least} of the family or a later one, {among}; the first is {first}.")
NTH_TO_NTH = N_("Child number {least} to {most} of the family, {among}; the first is {first}.")
COME_TOGETHER = N_("At least {least} children of the family come, {among}.")
ONLY_KINDS = N_("Only these kinds of camp count: {names}.")
SINCE = N_("Registered from {since} on.")
BEFORE = N_("Registered before {before}.")
SINCE_BEFORE = N_("Registered from {since} on and before {before}.")
STARTS_SINCE = N_("The camp begins on {since} or later.")
STARTS_UNTIL = N_("The camp begins on {until} or earlier.")
STARTS_BETWEEN = N_("The camp begins from {since} to {until}.")
HALF_DAYS = N_("The child comes for half a day.")
ALL_DAYS = N_("The child comes on all days of the camp.")
NOT_SO = N_("Not so: {requirement}")
EVERYBODY = N_("Everybody")
OR = N_("Or:")
IN_FILE = N_("More combinations than fit on a page: change them in the file.")
ANY_OF = N_("{one} or {another}")

BY_FORMULA = N_("{percent} of “{line}”")
BY_FORMULA_PLUS = N_("{percent} of “{line}” and {plus}")
ROUNDED_TO = N_("To {step}, {mode}: {what}")

FOUND_PUBLISHED = N_(
    "{what}: the council published {amount}, and by the formula it would be {formula}. The family pays {amount}."
)
FOUND_GAP = N_("Somebody like this has no price: {whom}. None of these fits: {prices}.")
FOUND_OVERLAP = N_(
    "“{dear}” ({dear_amount}) and “{cheap}” ({cheap_amount}) both fit somebody like this: {whom}. The family pays the "
    "lower one."
)
FOUND_NEVER = N_("Nobody pays “{dear}” ({dear_amount}): whoever it fits, “{cheap}” ({cheap_amount}) fits too.")
FOUND_NOT_ALL = N_(
    "These prices have too many conditions to look at each combination: {prices}. Some gaps may not be found."
)
SO_MANY = N_("{quantity} of “{line}”")
WITH_DISCOUNTS = N_("“{line}” with {discounts}")
ANYBODY = N_("anybody")

EXAMPLE: Mapping[str, str] = {
    "kind": N_("kind of camp: {value}"),
    "level": N_("school: {value}"),
    "entitlements": N_("has: {value}"),
    "registered_at": N_("registered on {value}"),
    "starts_on": N_("camp from {value} on"),
    "half_day": N_("half a day"),
    "whole": N_("not on all days"),
}
EXAMPLE_RANK = N_("child number {value} ({among})")
EXAMPLE_TOGETHER = N_("{value} children of the family ({among})")
EXAMPLE_MEASURE = N_("{measure}: {value}")


class FaultInWords(NamedTuple):
    """`where`: what it is about; `part` and `number`: of which form it is mended by; "" and None: of the version's."""

    where: str
    text: str
    part: str
    number: int | None


def unit(line: Line, language: str) -> str:
    """`1 day`, `30 minutes, as soon as they have begun`."""
    return translate(UNITS[line.unit][0], language, size=line.size)


def amount(line: Line, version: Version, language: str) -> str:
    """The price of one unit; – while its formula names a price that is not there."""
    try:
        return in_words.money(price(line, version), language)
    except (KeyError, ValueError, RecursionError):
        return "–"


def formula(line: Line, version: Version, language: str) -> str:
    """`80 % of “resident”`; empty without one."""
    if line.formula is None:
        return ""
    source = next((each for each in version.lines if each.code == line.formula.line), None)
    return translate(
        BY_FORMULA_PLUS if line.formula.plus_cents else BY_FORMULA,
        language,
        percent=percentage(line.formula.percent, language),
        line=said(source.label, language) if source else line.formula.line,
        plus=in_words.money(line.formula.plus_cents, language),
    )


def rounding(of: Rounding, language: str) -> str:
    """`To 5 cents, to the nearest, a half up: each price`."""
    step = translate(STEPS[str(of.step)], language) if str(of.step) in STEPS else in_words.money(of.step, language)
    mode, what = translate(MODES[of.mode], language), translate(ROUNDED[of.of], language)
    return translate(ROUNDED_TO, language, what=what, step=step, mode=mode)


def of_step(step: Surcharge | Discount | Kept, language: str) -> str:
    """How much it is: `25 %`, `€ 5,00`, or both."""
    parts = [percentage(step.percent, language)] if step.percent else []
    parts += [in_words.money(step.cents, language)] if step.cents or not parts else []
    return " + ".join(parts)


def percentage(percent: Decimal, language: str) -> str:
    """`12,5 %`; in English with a point. Between the two stands a space that does not break."""
    text = f"{percent:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (text if language == "en" else text.replace(".", ",")) + "\N{NO-BREAK SPACE}%"


def any_of(names: Sequence[str], language: str) -> str:
    *others, last = names
    return translate(ANY_OF, language, one=", ".join(others), another=last) if others else last


def for_whom(condition: Condition, language: str) -> list[list[str]]:
    """Alternatives, each with all that must be so; one sentence where there is nothing to ask for or too much."""
    try:
        alternatives = alternatives_of(condition)
    except TooManyAlternatives:
        return [[translate(IN_FILE, language)]]
    return [
        [in_sentence(requirement, language) for requirement in alternative] or [translate(EVERYBODY, language)]
        for alternative in alternatives
    ]


def in_sentence(requirement: Requirement, language: str) -> str:
    leaf = requirement.leaf
    if isinstance(leaf, Has):
        names = any_of([called(name, language) for name in leaf.any_of], language)
        return translate(HAS if requirement.is_so else HAS_NONE, language, names=names)
    positive = _sentence(leaf, language)
    return positive if requirement.is_so else translate(NOT_SO, language, requirement=positive)


def _sentence(leaf: Condition, language: str) -> str:
    match leaf:
        case Kind(names):
            return translate(OF_KIND, language, names=any_of(names, language))
        case Level(names):
            return translate(
                IN_SCHOOL, language, names=any_of([called(name, language, SCHOOLS) for name in names], language)
            )
        case Between(measure, least, most):
            return _between(measure, least, most, language)
        case Order(least, most, within, by, kinds):
            text = FROM_NTH if most is None else NTH if most == least else NTH_TO_NTH
            among, first = translate(AMONG[within], language), translate(FIRST[by], language)
            sentence = translate(text, language, least=least, most=most, among=among, first=first)
            return _of_kinds(sentence, kinds, language)
        case Together(least, within, kinds):
            sentence = translate(COME_TOGETHER, language, least=least, among=translate(AMONG[within], language))
            return _of_kinds(sentence, kinds, language)
        case Registered(since, before):
            text = SINCE_BEFORE if since and before else SINCE if since else BEFORE
            return translate(text, language, since=since, before=before)
        case Starts(first_day, until):
            text = STARTS_BETWEEN if first_day and until else STARTS_SINCE if first_day else STARTS_UNTIL
            return translate(text, language, since=first_day, until=until)
        case _:
            return translate(ALL_DAYS if isinstance(leaf, WholeSession) else HALF_DAYS, language)


def _between(measure: Measure, least: int | None, most: int | None, language: str) -> str:
    text = ANY_VALUE if least is most is None else AT_MOST if least is None else AT_LEAST if most is None else FROM_TO
    low, high = (_value(measure, value, language) for value in (least, most))
    return translate(text, language, measure=translate(MEASURES[measure], language), least=low, most=high)


def _value(measure: Measure, value: int | None, language: str) -> str:
    if value is None:
        return ""
    return in_words.money(value, language) if measure == Measure.INCOME else str(value)


def _of_kinds(sentence: str, kinds: Sequence[str], language: str) -> str:
    return f"{sentence} {translate(ONLY_KINDS, language, names=any_of(kinds, language))}" if kinds else sentence


def faults(found: Iterable[Fault], version: Version, language: str) -> list[FaultInWords]:
    return [_fault(each, version, language) for each in found]


def _fault(fault: Fault, version: Version, language: str) -> FaultInWords:
    """`lines[3].label.fr` as `Price “Resident”, in French`."""
    first, *rest = fault.place.split(".")
    plain, _, number = first.rstrip("]").partition("[")
    text = translate(fault.text, language, **{name: _day(value) for name, value in fault.values})
    last = (rest[-1] if rest else plain).partition("[")[0]
    if plain in PARTS and number.isdigit():
        about = _named(version, Part(plain), int(number), language)
        where = f"{about}, {translate(FIELDS[last], language)}" if rest and last in FIELDS else about
        return FaultInWords(where, text, plain, int(number))
    names = [translate(FIELDS[name], language) for name in dict.fromkeys((plain, last)) if name in FIELDS]
    where = ", ".join(names)
    return FaultInWords(where[:1].upper() + where[1:], text, "", None)


def _day(value: object) -> object:
    """A fault tells a day as ISO 8601 has it."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _named(version: Version, part: Part, number: int, language: str) -> str:
    element = getattr(version, part.value)[number]
    name = translate(PARTS[part], language)
    if isinstance(element, PublishedPrice):
        return translate(LABELLED, language, label=name, value=cell(element, version, language))
    label = said(element.label, language)
    return f"{name} {quoted(label, language)}" if label else f"{name} {number + 1}"


def cell(said_price: PublishedPrice, version: Version, language: str) -> str:
    """The line that a published amount is for: so many, or with these discounts."""
    labels = {code: said(label, language) for code, label in labels_of([version]).items()}
    line = labels.get(said_price.line, said_price.line)
    if said_price.quantity is not None:
        line = translate(SO_MANY, language, quantity=said_price.quantity, line=line)
    else:
        line = quoted(line, language) if not said_price.discounts else line
    if not said_price.discounts:
        return line
    discounts = ", ".join(quoted(labels.get(code, code), language) for code in said_price.discounts)
    return translate(WITH_DISCOUNTS, language, line=line, discounts=discounts)


def findings(found: Iterable[TariffFinding], version: Version, language: str) -> list[str]:
    """A sentence for each."""
    return [_finding(each, version, language) for each in found]


def _finding(finding: TariffFinding, version: Version, language: str) -> str:
    lines = {line.code: line for line in version.lines}

    def label(code: str) -> str:
        return said(lines[code].label, language)

    def money(code: str) -> str:
        return amount(lines[code], version, language)

    whom = _whom(_telling(finding.example, version), language)
    prices = ", ".join(quoted(label(code), language) for code in finding.rules if code in lines)
    match finding.doubt:
        case Doubt.PUBLISHED:
            place = finding.place.partition(".")[2]
            number = int(place.partition("[")[2].partition("]")[0])
            is_cell = place.startswith(Part.PUBLISHED)
            what = (
                cell(version.published[number], version, language)
                if is_cell
                else quoted(label(finding.rules[0]), language)
            )
            cents = finding.cents or 0, finding.formula_cents or 0
            charged, by_formula = (in_words.money(each, language) for each in cents)
            return translate(FOUND_PUBLISHED, language, what=what, amount=charged, formula=by_formula)
        case Doubt.GAP:
            return translate(FOUND_GAP, language, whom=whom, prices=prices)
        case Doubt.NOT_ALL:
            return translate(FOUND_NOT_ALL, language, prices=prices)
        case _:
            dear, cheap = finding.rules
            text = FOUND_OVERLAP if finding.doubt == Doubt.OVERLAP else FOUND_NEVER
            return translate(
                text,
                language,
                whom=whom,
                dear=label(dear),
                dear_amount=money(dear),
                cheap=label(cheap),
                cheap_amount=money(cheap),
            )


def _telling(example: Sequence[tuple[str, str]], version: Version) -> list[tuple[str, str]]:
    """Without the days that no price asks for: each example has some."""
    asked = {type(leaf) for line in version.lines for leaf in leaves(line.when)}
    silent = {"registered_at": Registered, "starts_on": Starts}
    return [(name, value) for name, value in example if name not in silent or silent[name] in asked]


def _whom(example: Sequence[tuple[str, str]], language: str) -> str:
    return "; ".join(_fact(name, value, language) for name, value in example) or translate(ANYBODY, language)


def _fact(name: str, value: str, language: str) -> str:
    """By the names of check.py's examples."""
    kind, _, among = name.partition(" within ")
    if among:
        text = EXAMPLE_RANK if kind == "rank" else EXAMPLE_TOGETHER
        return translate(text, language, value=value, among=translate(AMONG[among], language))
    if name in MEASURES:
        shown = in_words.money(int(value), language) if name == Measure.INCOME else value
        return translate(EXAMPLE_MEASURE, language, measure=translate(MEASURES[name], language), value=shown)
    return translate(EXAMPLE[name], language, value=_fact_value(name, value, language))


def _fact_value(name: str, value: str, language: str) -> object:
    match name:
        case "entitlements":
            return ", ".join(called(each, language) for each in value.split(", "))
        case "level":
            return called(value, language, SCHOOLS)
        case "registered_at":
            return in_words.moment(local(datetime.fromisoformat(value)), language)
        case "starts_on":
            return in_words.day(date.fromisoformat(value), language)
        case _:
            return value
