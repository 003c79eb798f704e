"""One row of the sheet: each cell, and what they are together. Plain rules; a form's fields are read the same way.

A cell that is empty where a bookable session needs something makes a draft; a cell that says something impossible is an
error.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import TypeVar

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.changes import RowError
from chalicelib.programme.sessions.rules import Session, identify
from chalicelib.seats.rules import MOST_SEATS

# The columns as people read them, in forms and in the ledger.
LABELS = {
    "municipality": N_("Municipality"),
    "title": N_("Title"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "age_min": N_("Lowest age"),
    "age_max": N_("Highest age"),
    "capacity": N_("Places"),
    "price_eur": N_("Price in euros"),
    "place": N_("Place"),
    "daily_from": N_("Begins at"),
    "daily_until": N_("Ends at"),
    "kind": N_("Kind"),
    "contact": N_("Contact for families"),
    "note": N_("About the price"),
    "source": N_("Where this was published"),
}
MOST_CHARACTERS = {
    "municipality": 100,
    "title": 200,
    "place": 200,
    "note": 2000,
    "source": 500,
    "kind": 40,
    "contact": 200,
}
MOST_DAYS = 60
OLDEST = 120
MOST_EUROS = 10_000
FIRST_YEAR, LAST_YEAR = 2000, 2100

NOT_UTF8 = N_('{column} is "{value}": this is not UTF-8. Save the file as "CSV UTF-8 (comma delimited)".')
TEXT_MISSING = N_("{column} is missing.")
TEXT_TOO_LONG = N_("{column} has {length} characters; at most {most} are possible.")
TEXT_LINES = N_("{column} has a line break in it. Write it on one line.")
TEXT_CHARACTER = N_("{column} has a character that cannot be seen, {name}. Remove it.")
TEXT_LOST = N_('{column} is "{value}": a letter was lost in a conversion. Write it again.')
TEXT_BLANK = N_("{column} has no readable characters.")
DAY_FORM = N_('{column} is "{value}". Write the date as year-month-day, for example 2019-07-08.')
DAY_UNREAL = N_('{column} is "{value}". This date does not exist.')
DAY_FAR = N_('{column} is "{value}". The year must lie between {first} and {last}.')
HOUR_FORM = N_('{column} is "{value}". Write the time as hours:minutes, for example 09:00.')
WHOLE_FORM = N_('{column} is "{value}". Write a whole number from {least} to {most}.')
PRICE_COMMA = N_('{column} is "{value}". Write the price with a point, for example 60.00.')
PRICE_FORM = N_('{column} is "{value}". Write a price in euros from 0 to {most}, for example 60.00.')
AGES_REVERSED = N_("age_min is {age_min} and age_max is {age_max}. The lowest age must come first.")
DAYS_REVERSED = N_("ends_on is {ends_on}, before starts_on, {starts_on}.")
TOO_MANY_DAYS = N_("From {starts_on} to {ends_on} are {days} days; a session lasts at most {most}.")
HOURS_REVERSED = N_("daily_until is {daily_until}; it must be later than daily_from, {daily_from}.")
# The last three where the names of columns say nothing.
LOWEST_FIRST = N_("The highest age must not be below the lowest one.")
FIRST_DAY_FIRST = N_("The last day must not be before the first one.")
BEGIN_FIRST = N_("It must end later than it begins.")

# Joiners are part of emoji and of some scripts; other invisible characters only make equal texts differ.
JOINERS = "\u200c\u200d"

Value = TypeVar("Value")


def cells_of(session: Session) -> dict[str, str]:
    """The session as a row of the sheet: what RowReader reads back."""
    price = session.price_cents
    return {
        "municipality": session.municipality,
        "title": session.title,
        "starts_on": session.starts_on.isoformat() if session.starts_on else "",
        "ends_on": session.ends_on.isoformat() if session.ends_on else "",
        "age_min": _number(session.age_min),
        "age_max": _number(session.age_max),
        "capacity": _number(session.capacity),
        "price_eur": "" if price is None else f"{price // 100}.{price % 100:02}",
        "note": session.note,
        "source": session.source,
        "place": session.place or "",
        "daily_from": session.daily_from.isoformat("minutes") if session.daily_from else "",
        "daily_until": session.daily_until.isoformat("minutes") if session.daily_until else "",
        "kind": session.kind or "",
        "contact": session.contact or "",
    }


class _WrongCell(Exception):
    """The fault of a cell: a text, and values for its {names} beyond its column and its value."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class RowReader:
    """One row while it is read. `errors`: what was wrong with it so far; only without any is its session one."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line = line
        self.cells = {column: cell.strip() for column, cell in cells.items()}
        self.errors: list[RowError] = []
        self.is_identified = False

    def error(self, text: str, **values: object) -> None:
        self.errors.append(RowError(self.line, text, values))

    def session(self) -> Session:
        municipality, title = self._needed("municipality"), self._needed("title")
        starts_on = self._read("starts_on", _day)
        self.is_identified = bool(municipality and title) and not self.errors
        ends_on = self._read("ends_on", _day)
        age_min, age_max = self._read("age_min", _age), self._read("age_max", _age)
        capacity, price_cents = self._read("capacity", _capacity), self._read("price_eur", _cents)
        note, source, place = self._text("note"), self._text("source"), self._text("place")
        daily_from, daily_until = self._read("daily_from", _hour), self._read("daily_until", _hour)
        self._check_days(starts_on, ends_on)
        if age_min is not None and age_max is not None and age_min > age_max:
            self.error(AGES_REVERSED, column="age_max", age_min=age_min, age_max=age_max)
        if daily_from and daily_until and daily_from >= daily_until:
            self.error(
                HOURS_REVERSED,
                column="daily_until",
                daily_from=f"{daily_from:%H:%M}",
                daily_until=f"{daily_until:%H:%M}",
            )
        return Session(
            session_id=identify(municipality, title, starts_on),
            municipality=municipality,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            age_min=age_min,
            age_max=age_max,
            price_cents=price_cents,
            capacity=capacity,
            place=place or None,
            daily_from=daily_from,
            daily_until=daily_until,
            opens_at=None,
            note=note,
            source=source,
            kind=self._text("kind") or None,
            contact=self._text("contact") or None,
        )

    def _check_days(self, starts_on: date | None, ends_on: date | None) -> None:
        if starts_on is None or ends_on is None:
            return
        days = (ends_on - starts_on).days + 1
        if days < 1:
            self.error(DAYS_REVERSED, column="ends_on", starts_on=starts_on, ends_on=ends_on)
        if days > MOST_DAYS:
            self.error(TOO_MANY_DAYS, column="ends_on", starts_on=starts_on, ends_on=ends_on, days=days, most=MOST_DAYS)

    def _read(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """The value that `parse` makes of the cell; None if it is empty or wrong."""
        cell = self.cells.get(column)
        if not cell:
            return None
        try:
            return parse(cell)
        except _WrongCell as wrong:
            text = NOT_UTF8 if _is_undecoded(cell) else wrong.text
            self.error(text, column=column, value=visible(cell), **wrong.values)
            return None

    def _text(self, column: str) -> str:
        return self._read(column, lambda cell: _text(cell, MOST_CHARACTERS[column], column == "note")) or ""

    def _needed(self, column: str) -> str:
        if self.cells.get(column) == "":
            self.error(TEXT_MISSING, column=column)
        return self._text(column)


def _text(cell: str, most: int, may_have_lines: bool) -> str:
    text = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise _WrongCell(TEXT_TOO_LONG, length=len(text), most=most)
    if _is_undecoded(text):
        raise _WrongCell(NOT_UTF8)
    if "\ufffd" in text:
        raise _WrongCell(TEXT_LOST)
    if "\n" in text and not may_have_lines:
        raise _WrongCell(TEXT_LINES)
    for character in text:
        if character != "\n" and _is_hidden(character):
            raise _WrongCell(TEXT_CHARACTER, name=f"U+{ord(character):04X}")
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise _WrongCell(TEXT_BLANK)
    return text


def _day(cell: str) -> date:
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", cell)
    if not found:
        raise _WrongCell(DAY_FORM)
    year, month, day = map(int, found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _WrongCell(DAY_FAR, first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise _WrongCell(DAY_UNREAL) from None


def _hour(cell: str) -> time:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", cell):
        raise _WrongCell(HOUR_FORM)
    return time.fromisoformat(cell)


def _age(cell: str) -> int:
    return _whole(cell, 0, OLDEST)


def _capacity(cell: str) -> int:
    """Also more than a new session may have: changes.py knows whether this one has them already."""
    if re.fullmatch("[1-9][0-9]{0,8}", cell):
        return int(cell)
    return _whole(cell, 1, MOST_SEATS)


def _whole(cell: str, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,9}", cell) or not least <= int(cell) <= most:
        raise _WrongCell(WHOLE_FORM, least=least, most=most)
    return int(cell)


def _cents(cell: str) -> int:
    if re.fullmatch("[0-9]+,[0-9]*", cell):
        raise _WrongCell(PRICE_COMMA)
    found = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", cell)
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= cents <= MOST_EUROS * 100:
        raise _WrongCell(PRICE_FORM, most=MOST_EUROS)
    return cents


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def visible(text: str) -> str:
    """`text` as it can be shown in a message: short, and what cannot be seen as its code."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "".join(one if one.isprintable() else _code(one) for one in short)


def _code(character: str) -> str:
    if _is_undecoded(character):  # a byte, as "surrogateescape" keeps it
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def _is_undecoded(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in JOINERS
