"""What a quote costs: processor time for six children in ten sessions each, by published tariffs and by awkward ones.

Times are of this machine, and so is the yardstick beside them: a plain loop of a million steps, about 40 ms where
nothing else runs. `python -m tests.bench.quotes` measures this alone.
"""

import gc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median
from time import process_time

from chalicelib.money.entitlements.rules import Declaration, Declared
from chalicelib.money.payees.rules import Payees
from chalicelib.money.quotes.booked import Household, WantedItem, priced
from chalicelib.money.tariffs import orders
from chalicelib.money.tariffs.conditions import Among, Order
from chalicelib.money.tariffs.families import Family, QuoteItem
from chalicelib.money.tariffs.quoting import quote
from chalicelib.money.tariffs.rules import Tariff, Unit
from tests.bench.table import Row, shown
from tests.camps import BOUWKAMP
from tests.money.tariffs import test_published as published
from tests.money.tariffs.council import MONDAY, NOW, discount, family, hours, item, line, tariff, week

TIMES = 15
LIMIT = 10.0  # milliseconds
NAMES = ("ada", "bas", "cis", "dré", "eva", "fee")
BY_DAY = (
    line("first", 1500, when=Order(1, 1)),
    line("second", 1300, when=Order(2, 2)),
    line("third", 900, when=Order(3)),
)
# Two orders at once, and a price for the week beside an order by the day.
BY_DAY_AND_SEASON = tariff(*BY_DAY, discounts=(discount("second", 20, when=Order(2, None, Among.SEASON)),))
BY_DAY_OR_WEEK = tariff(*BY_DAY, line("week", 5900, unit=Unit.WEEK))


def quotes() -> list[Row]:
    of = family(*NAMES, entitlements=("resident-parent",))
    weeks = [week(MONDAY + timedelta(weeks=number)) for number in range(10)]
    items = [item(name, f"week {number}", days=days) for name in NAMES for number, days in enumerate(weeks)]
    with_hours = [
        item(name, f"week {number}", days=days, come=tuple(hours("8:05", "16:40", day=day) for day in days))
        for name in NAMES
        for number, days in enumerate(weeks)
    ]
    yardstick = f"yardstick {1000 * _loop():.0f} ms"
    return [
        _row("by the camp, three rates (Vilvoorde)", of, items, published.VILVOORDE, LIMIT, yardstick),
        _row("by the day and order (Brasschaat)", of, items, published.BRASSCHAAT, LIMIT, yardstick),
        _row("by hours, at once (Lint)", of, with_hours, published.LINT, LIMIT, yardstick),
        _row("by the week (Buggenhout)", of, items, published.BUGGENHOUT, LIMIT, yardstick),
        _row("by the week or the day (Hove)", of, items, published.HOVE, LIMIT, yardstick),
        _row("two orders at once", of, items, BY_DAY_AND_SEASON, None, yardstick),
        _row("an order by the day beside a week", of, items, BY_DAY_OR_WEEK, None, yardstick),
        _asked(yardstick),
    ]


def _asked(yardstick: str) -> Row:
    """What a family with declarations is answered, without its reads: before and with what it wants."""
    first = date(2027, 7, 5)
    camps = [
        replace(
            BOUWKAMP,
            session_id=f"2027-camp{number:02d}",
            starts_on=first + timedelta(weeks=number),
            ends_on=first + timedelta(weeks=number, days=4),
        )
        for number in range(10)
    ]
    born = {name: date(2016 + number, 5, 4) for number, name in enumerate(NAMES)}
    declared = Declared("resident-parent", "", None, date(2027, 1, 1), date(2027, 12, 31))
    declarations = [Declaration(f"d{number}", "family", declared, NOW) for number in range(5)]
    household = Household(born, "9970", declarations)
    items = [WantedItem(camp, name) for name in NAMES for camp in camps]
    took = []
    gc.disable()
    for _ in range(TIMES):
        orders.forget()
        began = process_time()
        given = priced(household, items, {"Kaprijke": published.VILVOORDE}, Payees({}), NOW)
        took.append(1000 * (process_time() - began))
    gc.enable()
    assert given.is_best
    return Row("quote, 6 children × 10 sessions, from registrations", round(median(took), 1), "ms", LIMIT, yardstick)


def _row(what: str, of: Family, items: Sequence[QuoteItem], by: Tariff, limit: float | None, yardstick: str) -> Row:
    took = []
    gc.disable()  # as app.py does
    for _ in range(TIMES):
        orders.forget()
        began = process_time()
        given = quote(of, items, by, NOW)
        took.append(1000 * (process_time() - began))
    gc.enable()
    assert given.is_best
    return Row(f"quote, 6 children × 10 sessions, {what}", round(median(took), 1), "ms", limit, yardstick)


def _loop() -> float:
    began = process_time()
    number = 0
    for step in range(1_000_000):
        number += step
    return process_time() - began


if __name__ == "__main__":
    print(shown(quotes()))
