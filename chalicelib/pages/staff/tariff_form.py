"""The forms of a tariff: each part as its fields, and the fields as that part. What is wrong is named at its field.

Amounts are in euros as people write them, `16,50`; a third decimal is refused, never rounded.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from chalicelib.core.http.problems import INVALID, NOT_FOUND, FieldError, Problem
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.moments import ClocksChange, NotAMoment, read_moment
from chalicelib.money.tariffs.alternatives import Requirement
from chalicelib.money.tariffs.conditions import (
    Among,
    Between,
    By,
    Condition,
    HalfDay,
    Has,
    Kind,
    Level,
    Measure,
    Order,
    Registered,
    Starts,
    Together,
    WholeSession,
)
from chalicelib.money.tariffs.document import PERCENT, NotAnAmount, cents_of
from chalicelib.money.tariffs.entering import Part
from chalicelib.money.tariffs.faults import NO_SIZE, PUBLISHED_TWICE
from chalicelib.money.tariffs.rules import (
    CareHours,
    Discount,
    Formula,
    Kept,
    Labels,
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
)
from chalicelib.pages.frame.forms import Form

NO_AMOUNT = N_("Give an amount in euros with two decimals or none, 0 or more: for example 16,50.")
NO_PERCENTAGE = N_("Give a percentage with four decimals at most, 0 or more: for example 12,5.")
NO_NUMBER = N_("Give a whole number.")
NO_DAY = N_("Give a day, for example 2027-01-01.")
NO_HOUR = N_("Give an hour, for example 16:30.")
NO_MOMENT = N_("Give a day and an hour.")
NAME_TOO_LONG = N_("Give names of at most 60 characters, with commas between them.")
NOTHING_ASKED = N_("Say at least one of these.")

MOST_WINDOWS = 20  # hours of a day in which slices count
MOST_CELLS = 250  # published amounts of one price: more come by a file
MOST_DIGITS = 9
MOST_NAME = 60  # characters of what a family declares
MOST_CODE = 40
OTHERS = ".others"  # beside checkboxes: names of the city's own, with commas between them
TRUE = "true"
T = TypeVar("T")


class Typed:
    """The typed texts, as values. A text that is no value is of no use; `finish` then raises Problem `invalid`."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: list[FieldError] = []

    def finish(self) -> None:
        if self.errors:
            raise Problem(INVALID, errors=self.errors)

    def wrong(self, field: str, text: str) -> None:
        self.errors.append(FieldError(field, text))

    def text(self, field: str) -> str:
        return " ".join(self.form[field].split())

    def is_true(self, field: str) -> bool:
        return self.form[field] == TRUE

    def labels(self, field: str) -> Labels:
        return Labels(*(self.text(f"{field}.{language}") for language in LANGUAGES))

    def cents(self, field: str) -> int | None:
        return self._read(field, cents_of, NO_AMOUNT)

    def percent(self, field: str) -> Decimal | None:
        return self._read(field, _percent, NO_PERCENTAGE)

    def whole(self, field: str) -> int | None:
        return self._read(field, _whole, NO_NUMBER)

    def day(self, field: str) -> date | None:
        return self._read(field, date.fromisoformat, NO_DAY)

    def hour(self, field: str) -> time | None:
        return self._read(field, time.fromisoformat, NO_HOUR)

    def moment(self, field: str) -> datetime | None:
        return self._read(field, read_moment, NO_MOMENT)

    def choice(self, field: str, kind: Callable[[str], T]) -> T:
        """Of a select or of hidden fields, which no page of ours fills otherwise. Raises Problem `invalid`."""
        try:
            return kind(self.form[field])
        except ValueError:
            raise Problem(INVALID) from None

    def codes(self, field: str, known: Iterable[str]) -> tuple[str, ...]:
        """Of checkboxes."""
        chosen = self.form.all(field)
        return tuple(code for code in known if code in chosen)

    def names(self, field: str) -> tuple[str, ...]:
        """Of checkboxes, and of the text beside them."""
        others = [" ".join(name.split()) for name in self.form[field + OTHERS].split(",")]
        if any(len(name) > MOST_NAME for name in others):
            self.wrong(field + OTHERS, NAME_TOO_LONG)
        return tuple(dict.fromkeys(filter(None, (*self.form.all(field), *others))))

    def _read(self, field: str, read: Callable[[str], T], expects: str) -> T | None:
        text = self.form[field].strip()
        if not text:
            return None
        try:
            return read(text)
        except (NotAnAmount, NotAMoment, ClocksChange, ValueError, OverflowError):
            self.wrong(field, expects)
            return None


def _percent(text: str) -> Decimal:
    plain = text.replace(",", ".").removesuffix("%").strip()
    if not PERCENT.fullmatch(plain):
        raise ValueError
    return Decimal(plain)


def _whole(text: str) -> int:
    if not re.fullmatch(rf"-?[0-9]{{1,{MOST_DIGITS}}}", text, re.ASCII):
        raise ValueError
    return int(text)


def code_of(label: Labels, version: Version, otherwise: str) -> str:
    """Of something new, from its Dutch label, and of nothing else in this version."""
    plain = unicodedata.normalize("NFKD", label.nl).encode("ascii", "ignore").decode().lower()
    wanted = "-".join(re.findall(r"[a-z0-9]+", plain))[:MOST_CODE].strip("-") or otherwise
    parts = (version.lines, version.surcharges, version.discounts, version.cancelling)
    known = {each.code for part in parts for each in part}
    number = 2
    found = wanted
    while found in known:
        found, number = f"{wanted}-{number}", number + 1
    return found


def euros(cents: int | None) -> str:
    """As a form has it."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


# A price.


def line(form: Form, before: Line | None, version: Version) -> Line:
    """`before`: what it is in the place of; what this form does not ask for stays. Raises Problem `invalid`."""
    typed = Typed(form)
    unit, role = typed.choice("unit", Unit), typed.choice("role", PriceRole)
    label = typed.labels("label")
    source = typed.text("formula.line")
    percent, plus = typed.percent("formula.percent"), typed.cents("formula.plus_cents")
    rows = [(row, typed.hour(f"{row}.begins"), typed.hour(f"{row}.ends")) for row in _rows("windows", MOST_WINDOWS)]
    for row, begins, ends in rows:
        if (begins is None) != (ends is None):
            typed.wrong(row, NO_HOUR)
    has_size = unit in (Unit.SLICE, Unit.BLOCK, Unit.CARD)
    size = typed.whole("size") if has_size else 1
    cents, most_cents = typed.cents("cents"), typed.cents("most_cents")
    typed.finish()
    return Line(
        before.code if before else code_of(label, version, Part.LINES),
        label,
        typed.text("article"),
        unit,
        cents,
        Formula(source, Decimal(100) if percent is None else percent, plus or 0) if source else None,
        size=size or 0,
        role=role,
        name=typed.text("name") if role != PriceRole.STAY else "",
        windows=tuple(CareHours(begins, ends) for _, begins, ends in rows if begins and ends),
        most_cents=most_cents if unit == Unit.SLICE else before.most_cents if before else None,
        # A fine stays whole, whatever stands there.
        is_discountable=typed.is_true("is_discountable") or role == PriceRole.FINE,
        **({"when": before.when} if before else {}),
    )


def of_line(line: Line) -> Form:
    windows = {
        f"windows[{number}].{name}": hour.strftime("%H:%M")
        for number, window in enumerate(line.windows)
        for name, hour in (("begins", window.begins), ("ends", window.ends))
    }
    return _form(
        {
            **_of_labels("label", line.label),
            **windows,
            "article": line.article,
            "unit": line.unit,
            "role": line.role,
            "name": line.name,
            "size": str(line.size),
            "cents": euros(line.cents),
            "formula.line": line.formula.line if line.formula else "",
            "formula.percent": _percentage(line.formula.percent) if line.formula else "",
            "formula.plus_cents": euros(line.formula.plus_cents) if line.formula and line.formula.plus_cents else "",
            "most_cents": euros(line.most_cents),
        },
        is_discountable=[TRUE] if line.is_discountable else [],
    )


# A surcharge or a discount.


def surcharge(form: Form, before: Surcharge | None, version: Version) -> Surcharge:
    typed = Typed(form)
    label = typed.labels("label")
    cents, percent = typed.cents("cents"), typed.percent("percent")
    per = typed.choice("per", Per)
    typed.finish()
    return Surcharge(
        before.code if before else code_of(label, version, Part.SURCHARGES),
        label,
        typed.text("article"),
        cents or 0,
        percent or Decimal(0),
        per,
        on=typed.codes("on", (each.code for each in version.lines)),
        is_discountable=typed.is_true("is_discountable"),
        **({"when": before.when} if before else {}),
    )


def discount(form: Form, before: Discount | None, version: Version) -> Discount:
    typed = Typed(form)
    label = typed.labels("label")
    cents, percent = typed.cents("cents"), typed.percent("percent")
    per = typed.choice("per", Per)
    typed.finish()
    return Discount(
        before.code if before else code_of(label, version, Part.DISCOUNTS),
        label,
        typed.text("article"),
        cents or 0,
        percent or Decimal(0),
        per,
        on=typed.codes("on", (each.code for each in version.lines)),
        of_price=typed.is_true("of_price"),
        adds_up_with=typed.codes("adds_up_with", (each.code for each in version.discounts if each is not before)),
        **({"when": before.when} if before else {}),
    )


def of_step(step: Surcharge | Discount) -> Form:
    several = {"on": list(step.on)}
    if isinstance(step, Surcharge):
        several["is_discountable"] = [TRUE] if step.is_discountable else []
    else:
        several["of_price"] = [TRUE] if step.of_price else []
        several["adds_up_with"] = list(step.adds_up_with)
    return _form(
        {
            **_of_labels("label", step.label),
            "article": step.article,
            "cents": euros(step.cents or None),
            "percent": _percentage(step.percent) if step.percent else "",
            "per": step.per,
        },
        **several,
    )


# The cost of cancelling.


def kept(form: Form, before: Kept | None, version: Version) -> Kept:
    typed = Typed(form)
    label = typed.labels("label")
    found = Kept(
        before.code if before else code_of(label, version, Part.CANCELLING),
        label,
        typed.text("article"),
        typed.percent("percent") or Decimal(0),
        typed.cents("cents") or 0,
        typed.whole("days_before"),
        typed.whole("working_days_before"),
        typed.whole("days_after_registering"),
        typed.names("proofs"),
        typed.whole("proof_days"),
    )
    typed.finish()
    return found


def of_kept(kept: Kept) -> Form:
    days = ("days_before", "working_days_before", "days_after_registering", "proof_days")
    return _form(
        {
            **_of_labels("label", kept.label),
            "article": kept.article,
            "percent": _percentage(kept.percent) if kept.percent else "",
            "cents": euros(kept.cents or None),
            "proofs" + OTHERS: ", ".join(kept.proofs),
            **{name: "" if getattr(kept, name) is None else str(getattr(kept, name)) for name in days},
        }
    )


# Published amounts: all of one price.


def cells(form: Form, line_code: str, sets: Sequence[tuple[str, ...]]) -> tuple[PublishedPrice, ...]:
    """A row without an amount is none. `sets`: of discounts, by which a row names one by its place."""
    typed = Typed(form)
    found: list[PublishedPrice] = []
    known: set[tuple[int | None, str]] = set()
    for row in _rows("cells", MOST_CELLS):
        cents, quantity = typed.cents(f"{row}.cents"), typed.whole(f"{row}.quantity")
        chosen = form[f"{row}.discounts"] or "0"
        if not (chosen.isascii() and chosen.isdigit() and len(chosen) < MOST_DIGITS and int(chosen) < len(sets)):
            raise Problem(INVALID)
        if quantity is not None and quantity < 1:
            typed.wrong(f"{row}.quantity", NO_SIZE)
        if cents is not None and (quantity, chosen) in known:
            typed.wrong(f"{row}.quantity", PUBLISHED_TWICE)
        if cents is not None:
            known.add((quantity, chosen))
            found.append(PublishedPrice(line_code, cents, quantity, sets[int(chosen)]))
    typed.finish()
    return tuple(found)


def of_cells(cells: Sequence[PublishedPrice], sets: Sequence[tuple[str, ...]]) -> Form:
    values = {}
    for number, each in enumerate(cells):
        row = f"cells[{number}]"
        values[f"{row}.cents"] = euros(each.cents)
        values[f"{row}.quantity"] = "" if each.quantity is None else str(each.quantity)
        values[f"{row}.discounts"] = str(sets.index(each.discounts))
    return _form(values)


def sets_of(version: Version, line_code: str) -> list[tuple[str, ...]]:
    """Of discounts that a published amount may be with: none, each, each two that add up, and those that are there."""
    units = [each for each in version.discounts if each.per == Per.UNIT]
    pairs = [
        (one.code, another.code)
        for number, one in enumerate(units)
        for another in units[number + 1 :]
        if another.code in one.adds_up_with or one.code in another.adds_up_with
    ]
    there = [each.discounts for each in version.published if each.line == line_code]
    return list(dict.fromkeys([(), *((each.code,) for each in units), *pairs, *there]))


# The fields that a version has once.


def basics(form: Form, before: Version) -> tuple[Labels, Version]:
    """Raises Problem `invalid`."""
    typed = Typed(form)
    first_day, last_day = typed.day("first_day"), typed.day("last_day")
    if not form["first_day"].strip():
        typed.wrong("first_day", NO_DAY)
    rounding = Rounding(
        typed.choice("rounding.mode", Mode), typed.choice("rounding.step", int), typed.choice("rounding.of", Of)
    )
    most_percent, least_cents = typed.percent("most_percent"), typed.cents("least_cents")
    typed.finish()
    assert first_day is not None, "nothing was wrong"
    return typed.labels("name"), Version(
        first_day,
        typed.text("decision"),
        before.lines,
        last_day,
        before.surcharges,
        before.discounts,
        before.published,
        rounding,
        Decimal(100) if most_percent is None else most_percent,
        least_cents or 0,
        typed.names("unproven"),
        before.cancelling,
    )


def of_basics(name: Labels, version: Version, known: Iterable[str]) -> Form:
    """`known`: entitlements that have a checkbox of their own."""
    boxes, others = _in_boxes(version.unproven, known)
    return _form(
        {
            **_of_labels("name", name),
            "decision": version.decision,
            "first_day": version.first_day.isoformat(),
            "last_day": version.last_day.isoformat() if version.last_day else "",
            "rounding.mode": version.rounding.mode,
            "rounding.step": str(version.rounding.step),
            "rounding.of": version.rounding.of,
            "most_percent": _percentage(version.most_percent),
            "least_cents": euros(version.least_cents or None),
            "unproven" + OTHERS: others,
        },
        unproven=boxes,
    )


# One thing that a price asks for.


def requirement(form: Form, asked: str) -> Requirement:
    """`asked`: its kind by the names of document.py. Raises Problem `invalid`, and `not-found` for another kind."""
    if asked not in _REQUIREMENTS:
        raise Problem(NOT_FOUND)
    typed = Typed(form)
    leaf = _REQUIREMENTS[asked](typed)
    typed.finish()
    return Requirement(leaf, form["is_so"] != "no")


def _needed(typed: Typed, field: str, *values: object) -> None:
    if all(value is None or value == () for value in values) and not typed.errors:
        typed.wrong(field, NOTHING_ASKED)


def _has(typed: Typed) -> Has:
    _needed(typed, "any_of", names := typed.names("any_of"))
    return Has(names)


def _kind(typed: Typed) -> Kind:
    _needed(typed, "any_of", names := typed.names("any_of"))
    return Kind(names)


def _level(typed: Typed) -> Level:
    _needed(typed, "any_of", names := typed.names("any_of"))
    return Level(names)


def _between(typed: Typed) -> Between:
    measure = typed.choice("measure", Measure)
    read = typed.cents if measure == Measure.INCOME else typed.whole
    least, most = read("least"), read("most")
    _needed(typed, "least", least, most)
    return Between(measure, least, most)


def _order(typed: Typed) -> Order:
    least, most = typed.whole("least"), typed.whole("most")
    _needed(typed, "least", least)
    within, by = typed.choice("within", Among), typed.choice("by", By)
    return Order(1 if least is None else least, most, within, by, typed.names("kinds"))


def _together(typed: Typed) -> Together:
    least = typed.whole("least")
    _needed(typed, "least", least)
    return Together(2 if least is None else least, typed.choice("within", Among), typed.names("kinds"))


def _registered(typed: Typed) -> Registered:
    since, before = typed.moment("since"), typed.moment("before")
    _needed(typed, "since", since, before)
    return Registered(since, before)


def _starts(typed: Typed) -> Starts:
    since, until = typed.day("since"), typed.day("until")
    _needed(typed, "since", since, until)
    return Starts(since, until)


_REQUIREMENTS: Mapping[str, Callable[[Typed], Condition]] = {
    "has": _has,
    "kind": _kind,
    "level": _level,
    "between": _between,
    "order": _order,
    "together": _together,
    "registered": _registered,
    "starts": _starts,
    "half_day": lambda _: HalfDay(),
    "whole": lambda _: WholeSession(),
}


def _in_boxes(names: Iterable[str], known: Iterable[str]) -> tuple[list[str], str]:
    """Those that have a checkbox, and the others as a text."""
    boxes = set(known)
    return [name for name in names if name in boxes], ", ".join(name for name in names if name not in boxes)


def _rows(field: str, most: int) -> list[str]:
    return [f"{field}[{number}]" for number in range(most)]


def _of_labels(field: str, labels: Labels) -> dict[str, str]:
    return {f"{field}.{language}": getattr(labels, language) for language in LANGUAGES}


def _percentage(percent: Decimal) -> str:
    return f"{percent.normalize():f}".replace(".", ",")


def _form(values: Mapping[str, str], **several: list[str]) -> Form:
    singles = {name: chosen[-1] for name, chosen in several.items() if chosen}
    return Form({**values, **singles}, several)
