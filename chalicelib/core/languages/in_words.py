"""Dates, hours, money and names as people write them in each language."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency

from chalicelib.core.moments import brussels

# Ireland for English: it writes euros as its own money, and days before months.
LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_IE"}
HOURS = {"nl": "H.mm", "fr": "H'h'mm", "en": "H:mm"}
SECONDS = {"nl": "H.mm.ss", "fr": "H'h'mm:ss", "en": "H:mm:ss"}
AT = {"nl": "{day} om {hour} uur", "fr": "{day} à {hour}", "en": "{hour} on {day}"}


@lru_cache(maxsize=1_000)
def day(value: date, language: str, weekday: bool = True, year: bool = True) -> str:
    """`maandag 19 augustus 2019`."""
    # French counts the first of a month and no other day; Unicode's data has no pattern for that.
    number = "d'er'" if language == "fr" and value.day == 1 else "d"
    pattern = f"{'EEEE ' if weekday else ''}{number} MMMM{' y' if year else ''}"
    return format_date(value, pattern, locale=LOCALES[language])


def month(number: int, language: str) -> str:
    """`augustus`, from 1 to 12."""
    return format_date(date(2000, number, 1), "LLLL", locale=LOCALES[language])


def hour(value: time, language: str) -> str:
    return format_time(value, HOURS[language], locale=LOCALES[language])


@lru_cache(maxsize=1_000)
def money(cents: int, language: str) -> str:
    return format_currency(Decimal(cents) / 100, "EUR", locale=LOCALES[language])


def names(several: Sequence[str], language: str) -> str:
    """`Lotte, Wout en Noor`. A visitor chooses the names, and the address: `J.P.` is shown as `J. P.`, so that no
    mail program makes a link of a name like `www.example.com`."""
    return format_list([re.sub(r"\.(?=\S)", ". ", name) for name in several], locale=LOCALES[language])


def moment(value: datetime, language: str, seconds: bool = False) -> str:
    """`vrijdag 7 mei 2027 om 19.00 uur`, by the clocks in Brussels; with `seconds`, `19.04.12 uur`."""
    local = value.astimezone(brussels())
    clock = format_time(local.time(), (SECONDS if seconds else HOURS)[language], locale=LOCALES[language])
    return AT[language].format(day=day(local.date(), language), hour=clock)
