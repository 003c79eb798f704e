"""A file's rows, values and faults in words for people: rows and columns as the spreadsheet shows them."""

from datetime import date, time
from decimal import Decimal

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.programme.files.grid import Remark
from chalicelib.programme.files.headers import NAMED
from chalicelib.programme.files.reading import Place, Reading, ReadSheet, Turned
from chalicelib.programme.sessions.cells import (
    AGES_REVERSED,
    BEGIN_FIRST,
    DAYS_REVERSED,
    FIRST_DAY_FIRST,
    HOURS_REVERSED,
    LOWEST_FIRST,
    cells_of,
)
from chalicelib.programme.sessions.changes import RowError
from chalicelib.programme.sessions.rules import Session

WHERE = N_("Column {letter}")
ROW = N_("row {line}")
ROW_OF_SHEET = N_("{sheet}, row {line}")
READ_AS = N_("{where}: “{given}” read as {meant}")
YEARS = N_("{ages} years")
PLACES = N_("{number} places")
# The sentences that name columns by the names of the code.
PLAIN = {AGES_REVERSED: LOWEST_FIRST, DAYS_REVERSED: FIRST_DAY_FIRST, HOURS_REVERSED: BEGIN_FIRST}


def row(place: Place, reading: Reading, language: str) -> str:
    """With its worksheet, if several were read."""
    sheet, line = place
    if len(reading.sheets) > 1:
        name = next((one.name for one in reading.sheets if one.sheet == sheet), "")
        return translate(ROW_OF_SHEET, language, sheet=name, line=line)
    return translate(ROW, language, line=line)


def sentence(error: RowError, sheet: ReadSheet | None, language: str) -> str:
    """The fault or the question, with the column as the spreadsheet shows it."""
    values = dict(error.values)
    if error.column:
        where = sheet.where(error.column) if sheet else ""
        label = translate(NAMED.get(error.column, error.column), language)
        values["column"] = translate(WHERE, language, letter=where) if where else label
    if "meaning" in values:
        values["meaning"] = translate(NAMED[str(values["meaning"])], language)
    if "meant" in values:
        values["meant"] = " – ".join(
            _value(error.column or "", one, language) for one in str(values["meant"]).split("|")
        )
    return translate(PLAIN.get(error.text, error.text), language, **values)


def remark(one: Remark, language: str) -> str:
    values = {
        name: translate(str(value), language) if name == "separator" else value for name, value in one.values.items()
    }
    return translate(one.text, language, **values)


def turned(one: Turned, sheet: ReadSheet | None, language: str) -> str:
    meant = " – ".join(_value(one.column, text, language) for text in one.meant if text)
    where = translate(WHERE, language, letter=sheet.where(one.column)) if sheet else ""
    return translate(READ_AS, language, where=where, given=one.given, meant=meant)


def of_session(session: Session, language: str) -> dict[str, str]:
    """Each of its columns."""
    return {column: _value(column, text, language) for column, text in cells_of(session).items()}


def facts(session: Session, language: str) -> str:
    """Its days, ages, places, price, hours and place, as far as they are known."""
    said = of_session(session, language)
    ages = "–".join(one for one in (said["age_min"], said["age_max"]) if one)
    return " · ".join(
        one
        for one in (
            " – ".join(dict.fromkeys(day for day in (said["starts_on"], said["ends_on"]) if day)),
            translate(YEARS, language, ages=ages) if ages else "",
            translate(PLACES, language, number=said["capacity"]) if said["capacity"] else "",
            said["price_eur"],
            " – ".join(one for one in (said["daily_from"], said["daily_until"]) if one),
            said["place"],
        )
        if one
    )


def _value(column: str, text: str, language: str) -> str:
    """A value as people read it, from how the programme writes it."""
    if not text:
        return ""
    match column:
        case "starts_on" | "ends_on" | "days":
            return in_words.day(date.fromisoformat(text), language, weekday=False)
        case "price_eur":
            return in_words.money(int(Decimal(text) * 100), language)
        case "daily_from" | "daily_until" | "hours":
            return in_words.hour(time.fromisoformat(text), language)
    return text
