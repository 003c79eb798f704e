"""The price list: what AWS asks, for how many of what, since when, and by which source. Plain rules.

Money is Decimal, in US dollars, as AWS bills. A price list is a CSV file, one line for each tier of each meter; what is
wrong with one is found with its line, and a meter that has no line is a `PriceMissing`, never a price of zero.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from io import StringIO
from pathlib import Path

from chalicelib.core.languages import N_

# Service and item of the price list: ("dynamodb", "write-request-unit").
Meter = tuple[str, str]

CURRENCY = "USD"
HOME = "eu-west-1"
FOLDER = Path(__file__).parent

COLUMNS = ("service", "item", "unit", "usd", "free_per_month", "published")
OPTIONAL = ("begins", "source", "note")

# The meters that the system itself is billed by: a list without one of them is of no use. The alternatives need more,
# and say so.
NEEDED: frozenset[Meter] = frozenset(
    {
        ("lambda", "request"),
        ("lambda", "duration-arm64"),
        ("apigateway", "rest-request"),
        ("apigateway", "http-request"),
        ("dynamodb", "write-request-unit"),
        ("dynamodb", "read-request-unit"),
        ("dynamodb", "storage"),
        ("dynamodb", "pitr"),
        ("sqs", "standard-request"),
        ("ses", "mail"),
        ("cloudwatch", "logs-ingest"),
        ("cloudwatch", "logs-store"),
        ("cloudwatch", "alarm"),
        ("cloudwatch", "custom-metric"),
        ("transfer", "out"),
        ("cognito", "mau-lite"),
        ("scheduler", "invocation"),
    }
)

EMPTY = N_("The price list is empty. Its first line must name the columns: {columns}.")
COLUMN_MISSING = N_("The column {column} is missing.")
COLUMN_TWICE = N_("The column {column} is there twice.")
UNREADABLE = N_("This is no CSV file: {reason}.")
COLUMN_CURRENCY = N_("The prices are in {currency}. AWS bills in US dollars: the column must be usd.")
CELLS = N_("This row has {cells} cells, and the first line names {columns} columns.")
CELL_EMPTY = N_("The cell {column} is empty.")
NO_NUMBER = N_('The cell {column} says "{value}", which is not a number such as 0.20.')
NEGATIVE = N_("The cell {column} says {value}. It cannot be negative.")
ANOTHER_CURRENCY = N_('The cell {column} says "{value}", in another currency. AWS bills in US dollars.')
NO_UNIT = N_('The unit "{value}" is not known. Examples: "1M requests", "1000 mails", "GB-month".')
NO_DATE = N_('The cell {column} says "{value}", which is not a date such as 2026-10-01.')
FUTURE = N_("Published on {value}: that is in the future, today is {today}.")
TWICE = N_("The price of {service}, {item} from {begins} on is already on line {other}.")
NO_FIRST_TIER = N_("{service}, {item} has no line that begins at 0.")
OTHER_UNIT = N_("{service}, {item} is counted in {value} here and in {other} on line {line}.")
FREE_TWICE = N_("{service}, {item}: the free amount must be on the line that begins at 0.")
LINE_MISSING = N_("There is no line for {service}, {item}, which is needed.")
MISSING = N_("There is no price for {service}, {item} in the price list of {region}.")
NO_LIST = N_("There is no price list for {region}. There is one for: {known}.")

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,18})?")
FOREIGN = re.compile(r"[€£¥₹]|\b(?!USD\b)[A-Z]{3}\b")
CURRENCIES = frozenset({"eur", "gbp", "cny", "inr", "jpy", "chf", "brl"})
UNIT = re.compile(r"(?:(?P<number>10*)(?P<million>M?) )?(?P<counted>[A-Za-z][A-Za-z -]*)")


@dataclass(frozen=True)
class Price:
    """One tier of a meter. `unit` as the list has it, "1M requests": the price `usd` is for `per` of `counted`.
    `free`: how many of a month are in the always-free tier. `begins`: how many of a month come before this tier."""

    service: str
    item: str
    unit: str
    per: int
    usd: Decimal
    free: Decimal
    begins: Decimal
    published: date
    source: str
    note: str

    @property
    def meter(self) -> Meter:
        return (self.service, self.item)

    @property
    def counted(self) -> str:
        """Of what there are so many, "requests"."""
        unit = UNIT.fullmatch(self.unit)
        return unit["counted"] if unit else self.unit


@dataclass(frozen=True)
class PriceError:
    """A mistake in a list: `text` in English, to be translated, with `values` for its {names}. `line`: of the
    file as an editor counts them; None: of something that is not there."""

    line: int | None
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return where + self.text.format(**self.values)


class PricesWrong(Exception):
    """A list that cannot be used, with everything that is wrong with it."""

    def __init__(self, errors: Sequence[PriceError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.line or 0)
        super().__init__("\n".join(map(str, self.errors)))


class PriceMissing(Exception):
    """Nobody knows what `meter` costs."""

    def __init__(self, meter: Meter, region: str) -> None:
        self.meter = meter
        self.text, self.values = MISSING, {"service": meter[0], "item": meter[1], "region": region}
        super().__init__(self.text.format(**self.values))


class NoPriceList(Exception):
    """There is none for that region."""

    def __init__(self, region: str) -> None:
        self.text, self.values = NO_LIST, {"region": region, "known": ", ".join(regions())}
        super().__init__(self.text.format(**self.values))


@dataclass(frozen=True)
class PriceList:
    region: str
    prices: tuple[Price, ...]
    currency: str = CURRENCY

    @cached_property
    def _tiers(self) -> dict[Meter, tuple[Price, ...]]:
        found: dict[Meter, tuple[Price, ...]] = {}
        for price in sorted(self.prices, key=lambda price: price.begins):
            found[price.meter] = (*found.get(price.meter, ()), price)
        return found

    @property
    def meters(self) -> Collection[Meter]:
        return self._tiers.keys()

    def of(self, meter: Meter) -> tuple[Price, ...]:
        """Its tiers of volume, the first first. Raises PriceMissing."""
        try:
            return self._tiers[meter]
        except KeyError:
            raise PriceMissing(meter, self.region) from None

    def changed_by(self, other: "PriceList") -> "PriceList":
        """With the other list's prices for each meter that it has: a reader changes what they want to change."""
        kept = [price for price in self.prices if price.meter not in other.meters]
        return replace(self, prices=(*kept, *other.prices))


def shipped(region: str = HOME) -> PriceList:
    """The list that the package carries. Raises NoPriceList."""
    return _shipped(region, datetime.now(UTC).date())


@lru_cache(maxsize=4)
def _shipped(region: str, today: date) -> PriceList:
    if region not in regions():
        raise NoPriceList(region)
    return read(file_of(region).read_text(encoding="utf-8"), region, today)


def regions() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*-*-[0-9].csv"))


def file_of(region: str) -> Path:
    return FOLDER / f"{region}.csv"


def read(text: str, region: str, today: date, needed: Collection[Meter] = NEEDED) -> PriceList:
    """The prices of a CSV file. Raises PricesWrong with everything that is wrong with it, also that one of `needed` is
    missing."""
    errors: list[PriceError] = []
    try:
        lines = list(_lines(text, today, errors))
    except csv.Error as error:
        raise PricesWrong([PriceError(None, UNREADABLE, {"reason": error})]) from None
    errors += _errors_between(lines)
    # A line with an error of its own is there all the same: one error for each mistake.
    there = {price.meter for _, price in lines} | _named(text)
    errors += [
        PriceError(None, LINE_MISSING, {"service": service, "item": item})
        for service, item in sorted(set(needed) - there)
    ]
    if errors:
        raise PricesWrong(errors)
    return PriceList(region, tuple(price for _, price in lines))


def written(prices: Iterable[Price]) -> str:
    """The file that `read` reads."""
    file = StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("service", "item", "unit", "usd", "free_per_month", "begins", "published", "source", "note"))
    for price in prices:
        rows.writerow(
            (
                *price.meter,
                price.unit,
                f"{price.usd:f}",
                f"{price.free:f}",
                f"{price.begins:f}",
                price.published.isoformat(),
                price.source,
                price.note,
            )
        )
    return file.getvalue()


def _rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the rows below it with their lines; without empty ones."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")))
    header = [name.strip().casefold() for name in next(reader, [])]
    return header, [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _named(text: str) -> set[Meter]:
    header, rows = _rows(text)
    if not {"service", "item"} <= set(header):
        return set()
    named = [dict(zip(header, row, strict=False)) for _, row in rows]
    return {(row.get("service", "").strip(), row.get("item", "").strip()) for row in named}


def _lines(text: str, today: date, errors: list[PriceError]) -> Iterator[tuple[int, Price]]:
    header, rows = _rows(text)
    if not any(header):
        errors.append(PriceError(1, EMPTY, {"columns": ",".join(COLUMNS)}))
        return
    errors += [PriceError(1, COLUMN_TWICE, {"column": name}) for name in COLUMNS + OPTIONAL if header.count(name) > 1]
    missing = [name for name in COLUMNS if name not in header]
    for name in missing:
        other = CURRENCIES.intersection(header) if name == "usd" else ()
        errors.append(
            PriceError(1, COLUMN_CURRENCY, {"currency": min(other).upper()})
            if other
            else PriceError(1, COLUMN_MISSING, {"column": name})
        )
    if errors:
        return
    for line, row in rows:
        if len(row) != len(header):
            errors.append(PriceError(line, CELLS, {"cells": len(row), "columns": len(header)}))
            continue
        found = _Row(line, dict(zip(header, map(str.strip, row), strict=True)))
        price = found.price(today)
        errors += found.errors
        if not found.errors:
            yield line, price


class _Row:
    """The cells of one line, read one after the other; what is wrong with them gathers in `errors`."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line, self.cells = line, cells
        self.errors: list[PriceError] = []

    def price(self, today: date) -> Price:
        unit, per = self._unit()
        return Price(
            service=self._text("service"),
            item=self._text("item"),
            unit=unit,
            per=per,
            usd=self._number("usd"),
            free=self._number("free_per_month"),
            begins=self._number("begins") if self.cells.get("begins") else Decimal(0),
            published=self._published(today),
            source=self.cells.get("source", ""),
            note=self.cells.get("note", ""),
        )

    def _wrong(self, text: str, **values: object) -> None:
        self.errors.append(PriceError(self.line, text, values))

    def _text(self, column: str) -> str:
        if not self.cells[column]:
            self._wrong(CELL_EMPTY, column=column)
        return self.cells[column]

    def _number(self, column: str) -> Decimal:
        value = self._text(column)
        if not value:
            return Decimal(0)
        if NUMBER.fullmatch(value):
            if value.startswith("-"):
                self._wrong(NEGATIVE, column=column, value=value)
            return Decimal(value)
        self._wrong(ANOTHER_CURRENCY if FOREIGN.search(value) else NO_NUMBER, column=column, value=value)
        return Decimal(0)

    def _unit(self) -> tuple[str, int]:
        value = self._text("unit")
        unit = UNIT.fullmatch(value)
        if not unit:
            if value:
                self._wrong(NO_UNIT, value=value)
            return value, 1
        return value, int(unit["number"] or 1) * (1_000_000 if unit["million"] else 1)

    def _published(self, today: date) -> date:
        value = self._text("published")
        try:
            published = date.fromisoformat(value)
        except ValueError:
            if value:
                self._wrong(NO_DATE, column="published", value=value)
            return today
        if published > today:
            self._wrong(FUTURE, value=value, today=today)
        return published


def _errors_between(lines: Sequence[tuple[int, Price]]) -> Iterator[PriceError]:
    """The mistakes in the lines of one meter taken together."""
    first: dict[Meter, tuple[int, Price]] = {}
    seen: dict[tuple[Meter, Decimal], int] = {}
    for line, price in lines:
        names: dict[str, object] = {"service": price.service, "item": price.item}
        other = seen.setdefault((price.meter, price.begins), line)
        if other != line:
            yield PriceError(line, TWICE, {**names, "begins": f"{price.begins:f}", "other": other})
        first_line, first_price = first.setdefault(price.meter, (line, price))
        if price.unit != first_price.unit:
            yield PriceError(
                line, OTHER_UNIT, {**names, "value": price.unit, "other": first_price.unit, "line": first_line}
            )
        if price.begins and price.free:
            yield PriceError(line, FREE_TWICE, names)
    for meter, (line, _) in first.items():
        if (meter, Decimal(0)) not in seen:
            yield PriceError(line, NO_FIRST_TIER, {"service": meter[0], "item": meter[1]})
