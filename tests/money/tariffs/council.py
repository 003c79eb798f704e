"""Tariffs of tests, written as a manager would enter them, and families that are quoted by them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from chalicelib.money.tariffs.families import DayPart, Entitlement, Family, FamilyChild, ItemDay, QuoteItem
from chalicelib.money.tariffs.quoting import quote
from chalicelib.money.tariffs.rules import Discount, Labels, Line, Surcharge, Tariff, Version

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MONDAY = date(2027, 7, 5)


def words(text):
    return Labels(text, text, text)


def line(code, cents=None, **more):
    return Line(code, words(code), f"art. {code}", cents=cents, **more)


def discount(code, percent=0, **more):
    return Discount(code, words(code), f"art. {code}", percent=Decimal(percent), **more)


def surcharge(code, cents=0, **more):
    return Surcharge(code, words(code), f"art. {code}", cents=cents, **more)


def tariff(*lines, first_day=date(2020, 1, 1), **more):
    return Tariff(words("test"), (Version(first_day, "the council, 1 December", lines, **more),))


def has(*names):
    return tuple(Entitlement(name) for name in names)


def child(child_id, born=date(2018, 5, 4), *entitlements, level="primary"):
    return FamilyChild(child_id, born, level, has(*entitlements))


def family(*names, entitlements=(), income_cents=None, ages=None):
    """Children by their names, the first the oldest, a year between them."""
    born = ages or [date(2016 + number, 5, 4) for number in range(len(names))]
    children = tuple(child(name, when) for name, when in zip(names, born, strict=True))
    return Family(children, has(*entitlements), income_cents)


def week(first=MONDAY, days=5):
    return tuple(first + timedelta(days=number) for number in range(days))


def item(child_id, session_id="camp", days=5, taken=None, **more):
    """The first `taken` days of a session that has so many `days`."""
    dates = days if isinstance(days, tuple) else week(days=days)
    come = more.pop("come", None) or tuple(ItemDay(day) for day in dates[:taken])
    return QuoteItem(session_id, child_id, more.pop("kind", "camp"), dates, come, **more)


def hours(begins, ends, *extras, day=MONDAY, part=DayPart.DAY):
    """A day from `8:05` to `17:01`."""
    return ItemDay(day, part, time(*map(int, begins.split(":"))), time(*map(int, ends.split(":"))), extras)


def one_day(child_id, begins="9:00", ends="16:00", *extras, session_id="day", **more):
    return item(child_id, session_id, (MONDAY,), come=(hours(begins, ends, *extras),), **more)


def amounts(given):
    """What each child costs, by its name, in cents."""
    found = {}
    for each in given.lines:
        found[each.child_id] = found.get(each.child_id, 0) + each.amount_cents
    return found


def total(of, items, by, registered_at=NOW):
    return quote(of, items, by, registered_at).total_cents
