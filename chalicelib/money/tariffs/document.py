"""A tariff as JSON: stable, so that the same tariff has the same text and the same hash, and read with the place of all
that is wrong in it.

Its names are those of the dataclasses. A condition is an object with one name: `{"has": {"any_of": ["social"]}}`. What
has its default is left out. Money is whole cents; percentages are texts, such as `"12.5"`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from chalicelib.core.canonical import canonical, each_once
from chalicelib.core.languages import N_
from chalicelib.money.tariffs import conditions
from chalicelib.money.tariffs.conditions import Condition
from chalicelib.money.tariffs.faults import MOST_CENTS, Fault, faults
from chalicelib.money.tariffs.rules import Tariff

MOST_LONG = 200_000  # characters
MOST_DEEP = 20
MOST_TEXT = 500

NOT_JSON = N_("This is no JSON.")
TOO_LONG = N_("This is too long.")
NO_OBJECT = N_("Give an object with names.")
UNKNOWN_NAME = N_("There is no such name here.")
IS_MISSING = N_("This is missing.")
NO_LIST = N_("Give a list.")
NO_TEXT = N_("Give a text of at most 500 characters, in one line.")
NO_CENTS = N_("Give whole cents, from 0 to 10,000,000. 16.50 euros is 1650.")
NO_WHOLE = N_("Give a whole number.")
NO_PERCENT = N_("Give a percentage as a text with at most four decimals, for example “12.5”.")
NO_DAY = N_("Give a day, for example 2027-01-01.")
NO_HOUR = N_("Give an hour, for example 16:30.")
NO_MOMENT = N_("Give a moment with its offset, for example 2027-03-01T00:00:00+01:00.")
NO_CHOICE = N_("Choose one of these: {choices}.")
TOO_DEEP = N_("Conditions stand too deep within each other.")
NOT_TRUE_OR_FALSE = N_("Give true or false.")

PERCENT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
AMOUNT = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{2}))?")

CONDITIONS: dict[str, type[Any]] = {
    "has": conditions.Has,
    "kind": conditions.Kind,
    "level": conditions.Level,
    "between": conditions.Between,
    "order": conditions.Order,
    "together": conditions.Together,
    "registered": conditions.Registered,
    "starts": conditions.Starts,
    "half_day": conditions.HalfDay,
    "whole": conditions.WholeSession,
    "all": conditions.All,
    "either": conditions.Either,
    "not": conditions.Not,
}
_NAMES = {kind: name for name, kind in CONDITIONS.items()}


class NotATariff(Exception):
    """The document is no tariff that anybody could be charged by."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.text}" for fault in found))
        self.faults = found


class NotAnAmount(ValueError):
    """A text that is no amount in euros of at most two decimals, 0 or more."""


def cents_of(text: str) -> int:
    """`16,50`, `16.50` or `16`, as people write amounts in a form. Raises NotAnAmount, also for three decimals."""
    match = AMOUNT.fullmatch(text.strip())
    if match is None:
        raise NotAnAmount(text)
    cents = 100 * int(match[1]) + int(match[2] or 0)
    if cents > MOST_CENTS:
        raise NotAnAmount(text)
    return cents


def written(tariff: Tariff) -> str:
    """The one text of this tariff."""
    return canonical(to_document(tariff)).decode()


def read(text: str) -> Tariff:
    """The tariff of which this is a text, `written` or by hand. Raises NotATariff."""
    return of_document(_json(text))


def read_draft(text: str) -> Tariff:
    """The same, whatever may still be missing in it: `faults` says what. Raises NotATariff for what is none at all."""
    return _of_types(_json(text))


def _json(text: str) -> Any:
    if len(text) > MOST_LONG:
        raise NotATariff((Fault("", TOO_LONG),))
    try:
        return json.loads(text, object_pairs_hook=each_once)
    except (ValueError, RecursionError):
        raise NotATariff((Fault("", NOT_JSON),)) from None


def to_document(value: Any) -> Any:
    """Of a tariff or a part of one; what JSON has."""
    if isinstance(value, tuple(_NAMES)):
        return {_NAMES[type(value)]: _object(value)}
    if is_dataclass(value):
        return _object(value)
    if isinstance(value, tuple):
        return [to_document(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def _object(value: Any) -> dict[str, Any]:
    return {
        field.name: to_document(getattr(value, field.name))
        for field in fields(value)
        if field.default is MISSING or getattr(value, field.name) != field.default
    }


def of_document(document: Any) -> Tariff:
    """Raises NotATariff, with all that is wrong."""
    tariff = _of_types(document)
    if found := faults(tariff):
        raise NotATariff(found)
    return tariff


def _of_types(document: Any) -> Tariff:
    reading = _Reading([])
    tariff = reading.value(Tariff, document, "")
    if reading.found:
        raise NotATariff(tuple(reading.found))
    assert isinstance(tariff, Tariff), "nothing was wrong"
    return tariff


@dataclass(frozen=True)
class _Reading:
    """Reads values by their types. What is wrong goes to `found`; the value is then of no use."""

    found: list[Fault]

    def wrong(self, place: str, text: str, **values: object) -> None:
        self.found.append(Fault(place, text, tuple(values.items())))

    def value(self, kind: Any, raw: Any, place: str, deep: int = 0) -> Any:
        if kind == Condition:
            return self._condition(raw, place, deep)
        if get_origin(kind) is UnionType:  # or nothing
            (kind,) = (each for each in get_args(kind) if each is not NoneType)
            return None if raw is None else self.value(kind, raw, place, deep)
        if get_origin(kind) is tuple:
            return self._several(get_args(kind)[0], raw, place, deep)
        if is_dataclass(kind):
            return self._dataclass(kind, raw, place, deep)
        return self._single(kind, raw, place)

    def _several(self, kind: Any, raw: Any, place: str, deep: int) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            self.wrong(place, NO_LIST)
            return ()
        return tuple(self.value(kind, each, f"{place}[{number}]", deep) for number, each in enumerate(raw))

    def _condition(self, raw: Any, place: str, deep: int) -> Any:
        if deep > MOST_DEEP:
            return self.wrong(place, TOO_DEEP)
        if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in CONDITIONS:
            return self.wrong(place, NO_CHOICE, choices=", ".join(CONDITIONS))
        ((name, content),) = raw.items()
        return self.value(CONDITIONS[name], content, f"{place}.{name}", deep + 1)

    def _dataclass(self, kind: Any, raw: Any, place: str, deep: int) -> Any:
        if not isinstance(raw, dict):
            return self.wrong(place, NO_OBJECT)
        dot = f"{place}." if place else ""
        known = _fields(kind)
        for name in raw.keys() - known.keys():
            self.wrong(f"{dot}{name}", UNKNOWN_NAME)
        values = {}
        for name, (field, of) in known.items():
            if name in raw:
                is_money = name == "cents" or name.endswith("_cents")
                reader = self._cents if is_money and raw[name] is not None else self.value
                values[name] = reader(of, raw[name], f"{dot}{name}", deep)
            elif field.default is MISSING:
                self.wrong(f"{dot}{name}", IS_MISSING)
        return kind(**values) if not self.found else None

    def _cents(self, kind: Any, raw: Any, place: str, _deep: int) -> int | None:
        if type(raw) is int and 0 <= raw <= MOST_CENTS:
            return raw
        self.wrong(place, NO_CENTS)
        return None

    def _single(self, kind: Any, raw: Any, place: str) -> Any:
        if kind is bool:
            return raw if isinstance(raw, bool) else self.wrong(place, NOT_TRUE_OR_FALSE)
        if kind is int:
            return raw if type(raw) is int else self.wrong(place, NO_WHOLE)
        if not isinstance(raw, str) or len(raw) > MOST_TEXT or not raw.isprintable():
            return self.wrong(place, NO_TEXT)
        if kind is str:
            return raw
        if issubclass(kind, StrEnum):
            return kind(raw) if raw in list(kind) else self.wrong(place, NO_CHOICE, choices=", ".join(kind))
        if kind is Decimal:
            return Decimal(raw) if PERCENT.fullmatch(raw) else self.wrong(place, NO_PERCENT)
        readers: dict[Any, tuple[Any, str]] = {
            datetime: (_moment, NO_MOMENT),
            date: (date.fromisoformat, NO_DAY),
            time: (_hour, NO_HOUR),
        }
        reader, expects = readers[kind]
        try:
            return reader(raw)
        except (ValueError, InvalidOperation, OverflowError):
            return self.wrong(place, expects)


@cache
def _fields(kind: Any) -> Mapping[str, tuple[Field[Any], Any]]:
    """Each field of a dataclass, and its type."""
    types = get_type_hints(kind)
    return {field.name: (field, types[field.name]) for field in fields(kind)}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _hour(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - an hour of each day
