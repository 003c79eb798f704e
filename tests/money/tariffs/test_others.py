"""Other published tariffs, found on the municipalities' own pages, as a try of what the model can say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.money.tariffs.check import Doubt, check
from chalicelib.money.tariffs.conditions import All, Among, Between, HalfDay, Has, Kind, Measure, Order, Together
from chalicelib.money.tariffs.families import DayPart, ItemDay
from chalicelib.money.tariffs.quoting import quote
from chalicelib.money.tariffs.rules import CareHours, Formula, Mode, PriceRole, PublishedPrice, Rounding, Unit
from tests.money.tariffs.council import (
    MONDAY,
    NOW,
    amounts,
    discount,
    family,
    hours,
    item,
    line,
    one_day,
    tariff,
    total,
    week,
)

NOOR, LOU, JEF = "noor", "lou", "jef"

# Kapellen: a social rate of half, less for several children; each price published.
KAPELLEN = tariff(
    line("half hour", 150, unit=Unit.SLICE, size=30, when=Kind(("school",))),
    line("half a day", 700, when=All((Kind(("holiday",)), HalfDay()))),
    line("day", 1400, when=Kind(("holiday",))),
    discounts=(
        discount("several", 25, when=Together(2, Among.DAY), adds_up_with=("social",)),
        discount("social", 50, when=Has(("social",))),
    ),
    published=(
        PublishedPrice("half hour", 75, discounts=("social",)),
        PublishedPrice("half hour", 110, discounts=("several",)),
        PublishedPrice("half hour", 55, discounts=("several", "social")),
        PublishedPrice("half a day", 350, discounts=("social",)),
        PublishedPrice("half a day", 525, discounts=("several",)),
        PublishedPrice("half a day", 260, discounts=("several", "social")),
        PublishedPrice("day", 700, discounts=("social",)),
        PublishedPrice("day", 1050, discounts=("several",)),
        PublishedPrice("day", 525, discounts=("several", "social")),
    ),
    rounding=Rounding(Mode.DOWN, 5),
)


@pytest.mark.parametrize(
    ("social", "children", "half_hour", "half", "whole"),
    [(False, 1, 150, 700, 1400), (True, 1, 75, 350, 700), (False, 2, 110, 525, 1050), (True, 2, 55, 260, 525)],
)
def test_kapellen(social, children, half_hour, half, whole):
    names = (NOOR, LOU)[:children]
    of = family(*names, entitlements=("social",) if social else ())

    def each(**more):
        return total(of, [one_day(name, **more) for name in names], KAPELLEN) / children

    assert each(begins="15:30", ends="16:00", kind="school") == half_hour
    assert each(kind="holiday") == whole
    mornings = [item(name, "m", days=1, come=(ItemDay(MONDAY, DayPart.MORNING),), kind="holiday") for name in names]
    assert total(of, mornings, KAPELLEN) / children == half


def test_kapellens_prices_are_cut_off_to_five_cents():
    assert [each for each in check(KAPELLEN) if each.doubt == Doubt.PUBLISHED] == []


# Bonheiden, and in the same way Pelt and Westerlo: half for who has a social rate, and a quarter less of what is left.
BONHEIDEN = tariff(
    line("half hour", 100, unit=Unit.SLICE, size=30, when=Kind(("school",))),
    line("3 to 6 h", 700, when=All((Kind(("holiday",)), Between(Measure.MINUTES, None, 360)))),
    line("over 6 h", 1300, when=All((Kind(("holiday",)), Between(Measure.MINUTES, 361)))),
    discounts=(
        discount("social", 50, when=Has(("social",)), adds_up_with=("together",)),
        discount("together", 25, when=Together(2)),
    ),
)


def test_bonheiden():
    items = [one_day(NOOR, kind="holiday"), one_day(LOU, kind="holiday")]

    assert total(family(NOOR, LOU), items, BONHEIDEN) == 2 * 975
    assert total(family(NOOR, LOU, entitlements=("social",)), items, BONHEIDEN) == 2 * 488  # 13 / 2 * 0.75 = 4.875


# Zwijndrecht: 80 % off with a pass, and 25 % for several at once on top of it; a playground day is another kind.
ZWIJNDRECHT = tariff(
    line("over 6 h", 1100, when=All((Kind(("care",)), Between(Measure.MINUTES, 361)))),
    line("3 to 6 h", 550, when=All((Kind(("care",)), Between(Measure.MINUTES, 180, 360)))),
    line("under 3 h", 330, when=All((Kind(("care",)), Between(Measure.MINUTES, None, 179)))),
    line("playground", 500, when=Kind(("playground",))),
    discounts=(
        discount("pass", 80, when=Has(("pass",)), adds_up_with=("several",)),
        discount("several", 25, when=All((Kind(("care",)), Together(2)))),
    ),
)


def test_zwijndrecht():
    of = family(NOOR, LOU, entitlements=("pass",))

    assert total(of, [one_day(NOOR, kind="care"), one_day(LOU, kind="care")], ZWIJNDRECHT) == 2 * 165
    assert total(of, [one_day(NOOR, kind="playground")], ZWIJNDRECHT) == 100


# A commune in Luxembourg (2022): by the week, by residence of a parent and the order of the child; care by a quarter.
WEEKS = tariff(
    *(
        line(f"{where} {least}", cents, unit=Unit.WEEK, when=All((*local, Order(least, most, Among.WEEK))))
        for where, local, prices in (("in", (Has(("resident-parent",)),), (60, 55, 50)), ("out", (), (70, 65, 60)))
        for (least, most), cents in zip(((1, 1), (2, 2), (3, None)), (100 * price for price in prices), strict=True)
    ),
    line(
        "morning",
        25,
        unit=Unit.SLICE,
        size=15,
        role=PriceRole.EXTRA,
        name="care",
        windows=(CareHours(hours("7:00", "9:00").begins, hours("7:00", "9:00").ends),),
    ),
    line("soup", 30, role=PriceRole.EXTRA, name="soup"),
)


def test_a_commune_in_luxembourg():
    of = family(NOOR, LOU, JEF, entitlements=("resident-parent",))
    items = [item(name, f"camp of {name}") for name in (NOOR, LOU, JEF)]

    assert total(of, items, WEEKS) == 6000 + 5500 + 5000
    assert total(family(NOOR, LOU, JEF), items, WEEKS) == 7000 + 6500 + 6000
    early = tuple(hours("8:20", "16:00", "care", "soup", day=day) for day in week())
    assert total(of, [item(NOOR, come=early)], WEEKS) == 6000 + 5 * (3 * 25 + 30)


# Cenon-sur-Vienne (2023): by income and residence; half from the third child on, if three come together.
CENON = tariff(
    *(
        line(f"{where} to {most}", cents, when=All((*local, Between(Measure.INCOME, least, most))))
        for where, local, prices in (
            ("commune", (Has(("resident-parent",)),), (623, 887, 1143, 1354)),
            ("elsewhere", (), (937, 1201, 1457, 1663)),
        )
        for (least, most), cents in zip(
            ((None, 70_000), (70_001, 110_000), (110_001, 145_000), (145_001, None)), prices, strict=True
        )
    ),
    line("not said, commune", 1354, when=Has(("resident-parent",))),
    line("not said, elsewhere", 1663),
    discounts=(discount("third", 50, when=All((Together(3, Among.DAY), Order(3)))),),
)


def test_cenon_sur_vienne():
    items = [one_day(name) for name in (NOOR, LOU, JEF)]

    assert total(family(NOOR, entitlements=("resident-parent",), income_cents=110_000), items[:1], CENON) == 887
    assert total(family(NOOR, income_cents=110_001), items[:1], CENON) == 1457
    assert total(family(NOOR), items[:1], CENON) == 1663
    assert total(family(NOOR, LOU, JEF, income_cents=0), items, CENON) == 937 + 937 + 469


# Rules that councils write often.


def test_five_days_for_the_price_of_four_and_the_third_child_free():
    by = tariff(
        line("day", 1200),
        line("five for four", formula=Formula("day", Decimal(400)), unit=Unit.BLOCK, size=5),
        discounts=(discount("third free", 100, when=Order(3, None, Among.CAMP)),),
    )

    assert total(family(NOOR), [item(NOOR, taken=5)], by) == 4800
    assert total(family(NOOR), [item(NOOR, taken=4)], by) == 4800
    given_quote = quote(family(NOOR, LOU, JEF), [item(NOOR, taken=2), item(LOU), item(JEF)], by, NOW)
    assert amounts(given_quote) == {NOOR: 2400, LOU: 4800, JEF: 0}


def test_early_booking_by_days_ahead():
    by = tariff(
        line("week", 9000, unit=Unit.WEEK), discounts=(discount("early", 10, when=Between(Measure.DAYS_AHEAD, 60)),)
    )

    assert total(family(NOOR), [item(NOOR)], by) == 8100  # in March
    assert total(family(NOOR), [item(NOOR)], by, NOW + timedelta(days=80)) == 9000


def test_one_price_for_the_morning_one_for_the_evening_care():
    windows = tuple(CareHours(day.begins, day.ends) for day in (hours("7:30", "9:00"), hours("17:00", "18:30")))
    by = tariff(
        line("day", 500),
        line("care", 110, unit=Unit.SLICE, size=90, role=PriceRole.EXTRA, name="care", windows=windows),
    )

    assert total(family(NOOR), [one_day(NOOR, "8:00", "17:00", "care")], by) == 610
    assert total(family(NOOR), [one_day(NOOR, "8:00", "18:00", "care")], by) == 720
