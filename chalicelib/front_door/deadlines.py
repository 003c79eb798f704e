"""The day by which a case is answered: so many days after it came, as the form's rule counts them. Plain rules.

Calendar days are counted as the Awb counts them (art. 1 Algemene termijnenwet: a term that ends on a Saturday, a Sunday
or a public holiday ends on the next day that is none); a Belgian municipality's own regulation the same. Working days
leave out weekends and the public holidays of the country.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

DAY = timedelta(days=1)
COUNTRIES = ("BE", "NL")
# Of a form, in days of either kind: longer than any law gives.
MOST_DAYS = 180


class DayCount(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True)
class DeadlineRule:
    """`days`: from 1. `country`: whose public holidays count, BE or NL. `most_more_days`: by how many of the same days
    it may be lengthened, in all; 0: not at all. `law`: what says so, for people; "": the city itself."""

    days: int
    counted: DayCount
    country: str
    most_more_days: int = 0
    law: str = ""


def answer_by(rule: DeadlineRule, received_on: date) -> date:
    """The last day on which an answer is in time. The day on which it came does not count."""
    return later(rule, received_on, rule.days)


def later(rule: DeadlineRule, day: date, days: int) -> date:
    """So many of the rule's days after a day; never a day on which nobody works."""
    if rule.counted is DayCount.WORKING:
        for _ in range(days):
            day = _first(day + DAY, lambda each: is_worked(each, rule.country))
        return day
    return when_worked(rule, day + days * DAY)


def when_worked(rule: DeadlineRule, day: date) -> date:
    """That day, or the first one behind it on which somebody works."""
    return _first(day, lambda each: is_worked(each, rule.country))


def is_worked(day: date, country: str) -> bool:
    """Neither a weekend nor a public holiday of the country."""
    return day.weekday() < 5 and not is_public_holiday(day, country)


def is_public_holiday(day: date, country: str) -> bool:
    return day in _public_holidays(country, day.year)


def _first(day: date, fits: Callable[[date], bool]) -> date:
    while not fits(day):
        day += DAY
    return day


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 heavy, and for cases only

    return frozenset(country_holidays(country, years=year))
