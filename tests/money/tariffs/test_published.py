"""The tariffs of sixteen municipalities, each entered as data, and its examples quoted to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.money.tariffs.conditions import (
    All,
    Among,
    Between,
    HalfDay,
    Has,
    Kind,
    Level,
    Measure,
    Not,
    Order,
    Registered,
    Together,
    WholeSession,
)
from chalicelib.money.tariffs.families import DayPart, Entitlement, Family, FineEvent, ItemDay
from chalicelib.money.tariffs.pieces import NoPrice
from chalicelib.money.tariffs.quoting import quote
from chalicelib.money.tariffs.rules import CareHours, Formula, Per, PriceRole, PublishedPrice, Unit
from tests.money.tariffs.council import (
    MONDAY,
    NOW,
    amounts,
    child,
    discount,
    family,
    hours,
    item,
    line,
    one_day,
    surcharge,
    tariff,
    total,
    week,
)

NOOR, LOU, JEF = "noor", "lou", "jef"


def minutes(least=None, most=None):
    return Between(Measure.MINUTES, least, most)


VILVOORDE = tariff(
    line("resident", 1650, when=All((WholeSession(), Has(("resident-parent", "resident-child"))))),
    line("second child", 1320, when=All((WholeSession(), Has(("resident-parent",)), Order(2, within=Among.CAMP)))),
    line("pass", 330, when=All((WholeSession(), Has(("pass",))))),
    line("not resident", 2475, when=WholeSession()),
)


def test_vilvoorde():
    here = family(NOOR, LOU, entitlements=("resident-parent",))

    assert total(here, [item(NOOR)], VILVOORDE) == 8250
    assert amounts(quote(here, [item(LOU), item(NOOR)], VILVOORDE, NOW)) == {NOOR: 8250, LOU: 6600}
    assert total(family(NOOR, entitlements=("resident-parent", "pass")), [item(NOOR)], VILVOORDE) == 1650
    assert total(family(NOOR), [item(NOOR)], VILVOORDE) == 12375
    with pytest.raises(NoPrice):  # of the whole camp only
        quote(here, [item(NOOR, taken=3)], VILVOORDE, NOW)


BRASSCHAAT = tariff(
    line("first", 1500, when=Order(1, 1)),
    line("second", 1300, when=Order(2, 2)),
    line("third", 1100, when=Order(3)),
    last_day=date(2027, 12, 31),
)


def test_brasschaat():
    of = family(NOOR, LOU, JEF)
    items = [one_day(NOOR), one_day(LOU), one_day(JEF)]

    assert total(of, items, BRASSCHAAT) == total(of, items[::-1], BRASSCHAAT) == 3900
    assert quote(of, items, BRASSCHAAT, NOW) == quote(of, items[::-1], BRASSCHAAT, NOW)


AARTSELAAR = tariff(
    line("resident", 1000, when=Has(("resident-parent", "resident-child", "staff"))),
    line("not resident", 2000),
    line("late pick-up", 600, unit=Unit.SLICE, size=15, role=PriceRole.FINE, name="late pick-up"),
)


def test_aartselaar():
    one_parent_here = family(NOOR, entitlements=("resident-parent",))  # separated parents, the child elsewhere

    assert total(one_parent_here, [item(NOOR, taken=3)], AARTSELAAR) == 3000
    assert total(family(NOOR, entitlements=("staff",)), [item(NOOR, taken=3)], AARTSELAAR) == 3000
    assert total(family(NOOR), [item(NOOR, taken=3)], AARTSELAAR) == 6000
    late = item(NOOR, taken=3, events=(FineEvent("late pick-up", MONDAY, minutes=16),))
    assert total(one_parent_here, [late], AARTSELAAR) == 3000 + 1200


DESTELBERGEN = tariff(
    line("camp", 7500, unit=Unit.CAMP),
    surcharges=(surcharge("not resident", 1500, per=Per.ITEM, when=Not(Has(("resident-parent",)))),),
)


def test_destelbergen():
    assert total(family(NOOR), [item(NOOR)], DESTELBERGEN) == 9000
    assert total(family(NOOR, entitlements=("resident-parent",)), [item(NOOR)], DESTELBERGEN) == 7500


BUGGENHOUT = tariff(line("week", 6000, unit=Unit.WEEK), line("social", 1500, unit=Unit.WEEK, when=Has(("social",))))


def test_buggenhout():
    two_weeks = week() + week(MONDAY + timedelta(days=7))

    assert total(family(NOOR), [item(NOOR)], BUGGENHOUT) == 6000
    assert total(family(NOOR, entitlements=("social",)), [item(NOOR, days=two_weeks)], BUGGENHOUT) == 3000


HOLIDAY = datetime(2027, 7, 2, 22, 0, tzinfo=UTC)  # midnight after the last Friday before it, in Brussels
HOVE = tariff(
    line("week", 7000, unit=Unit.WEEK, when=All((Kind(("camp",)), Between(Measure.CAMP_DAYS, least=5)))),
    line("week of 4", 5600, unit=Unit.WEEK, when=All((Kind(("camp",)), Between(Measure.CAMP_DAYS, most=4)))),
    line("day", 1400, when=Kind(("camp",))),
    line("playground", 400, when=All((Kind(("playground",)), Registered(before=HOLIDAY)))),
    line("on the day", 500, when=Kind(("playground",))),
    line("card", 4000, unit=Unit.CARD, size=10, when=Kind(("playground",))),
)


def test_hove():
    of = family(NOOR)
    long = tuple(MONDAY + timedelta(days=number) for number in range(11))

    assert total(of, [item(NOOR)], HOVE) == 7000
    assert total(of, [item(NOOR, days=4)], HOVE) == 5600
    assert total(of, [item(NOOR, taken=3)], HOVE) == 4200
    assert total(of, [item(NOOR, taken=1, kind="playground")], HOVE, HOLIDAY - timedelta(seconds=1)) == 400
    assert total(of, [item(NOOR, taken=1, kind="playground")], HOVE, HOLIDAY) == 500
    by_card = item(NOOR, days=long, kind="playground", by_card=True)
    assert total(of, [item(NOOR, days=long, taken=10, kind="playground", by_card=True)], HOVE) == 4000
    assert total(of, [by_card], HOVE) == 8000  # the 11th turn is a new card


KUURNE = tariff(
    line("early", 8000, unit=Unit.WEEK, when=Registered(before=datetime(2022, 11, 30, 23, 0, tzinfo=UTC))),
    line("late", 9000, unit=Unit.WEEK),
)


def test_kuurne():
    last_second = datetime(2022, 11, 30, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Brussels

    assert total(family(NOOR), [item(NOOR)], KUURNE, last_second) == 8000
    assert total(family(NOOR), [item(NOOR)], KUURNE, last_second + timedelta(seconds=1)) == 9000


CARE = tuple(CareHours(day.begins, day.ends) for day in (hours("7:30", "8:30"), hours("16:30", "17:30")))
GAVERE = tariff(
    line("day", 500),
    line("nursery meal", 300, role=PriceRole.EXTRA, name="meal", when=Level(("nursery",))),
    line("primary meal", 350, role=PriceRole.EXTRA, name="meal", when=Level(("primary",))),
    line("care", 50, unit=Unit.SLICE, size=30, role=PriceRole.EXTRA, name="care", windows=CARE),
)


def test_gavere():
    given = quote(family(NOOR), [one_day(NOOR, "8:05", "17:01", "meal", "care")], GAVERE, NOW)

    assert given.total_cents == 500 + 350 + 50 + 100
    nursery = Family((child(NOOR, level="nursery"),))
    assert total(nursery, [one_day(NOOR, "8:30", "16:30", "meal", "care")], GAVERE) == 500 + 300


LINT = tariff(
    line("half hour", 120, unit=Unit.SLICE, size=30, when=Kind(("school",))),
    line("half hour, social", 60, unit=Unit.SLICE, size=30, when=All((Kind(("school",)), Has(("social",))))),
    line("over 6 h", 1200, when=All((Kind(("camp",)), minutes(least=361)))),
    line("over 6 h, social", 600, when=All((Kind(("camp",)), minutes(least=361), Has(("social",))))),
    line("3 to 6 h", 700, when=All((Kind(("camp",)), minutes(180, 360)))),
    line("3 to 6 h, social", 350, when=All((Kind(("camp",)), minutes(180, 360), Has(("social",))))),
    line("under 3 h", 450, when=All((Kind(("camp",)), minutes(most=179)))),
    line("under 3 h, social", 225, when=All((Kind(("camp",)), minutes(most=179), Has(("social",))))),
    discounts=(discount("two at once", 25, when=Together(2)),),
)


def test_lint():
    of = family(NOOR, LOU)
    social = family(NOOR, entitlements=("social",))

    assert total(of, [one_day(NOOR), one_day(LOU)], LINT) == 1800
    short = one_day(LOU, "10:00", "12:00")
    assert amounts(quote(of, [one_day(NOOR), short], LINT, NOW)) == {NOOR: 900, LOU: 338}
    after = [one_day(NOOR, "8:00", "12:00"), one_day(LOU, "12:00", "14:00")]  # one goes as the other comes
    assert amounts(quote(of, after, LINT, NOW)) == {NOOR: 700, LOU: 450}
    assert total(family(NOOR), [one_day(NOOR, "15:30", "16:31", kind="school")], LINT) == 3 * 120
    assert [total(social, [one_day(NOOR, "9:00", ends)], LINT) for ends in ("11:59", "12:00", "15:00", "15:01")] == [
        225,
        350,
        350,
        600,
    ]


GLABBEEK = tariff(
    line("half hour", 85, unit=Unit.SLICE, size=30, when=Kind(("school",))),
    line("short", 375, when=All((Kind(("camp",)), minutes(most=179)))),
    line("middle", 500, when=All((Kind(("camp",)), minutes(180, 360)))),
    line("long", 1000, when=All((Kind(("camp",)), minutes(least=361)))),
    discounts=(discount("several", 25, when=Together(2, within=Among.DAY)),),
    published=(
        PublishedPrice("half hour", 64, discounts=("several",)),
        PublishedPrice("short", 281, discounts=("several",)),
        PublishedPrice("middle", 375, discounts=("several",)),
        PublishedPrice("long", 750, discounts=("several",)),
    ),
)


@pytest.mark.parametrize(
    ("kind", "ends", "alone", "each_of_two"),
    [
        ("school", "9:30", 85, 64),
        ("camp", "11:00", 375, 281),
        ("camp", "14:00", 500, 375),
        ("camp", "16:00", 1000, 750),
    ],
)
def test_glabbeek(kind, ends, alone, each_of_two):
    of = family(NOOR, LOU)
    items = [one_day(name, "9:00", ends, kind=kind) for name in (NOOR, LOU)]

    assert total(of, items[:1], GLABBEEK) == alone
    assert amounts(quote(of, items, GLABBEEK, NOW)) == {NOOR: each_of_two, LOU: each_of_two}


SCHERPENHEUVEL = tariff(
    line("under 3 h", 400, when=minutes(most=179)),
    line("3 to 6 h", 600, when=minutes(180, 360)),
    line("over 6 h", 1000, when=minutes(least=361)),
    *(
        line(name, cents, unit=Unit.CAMP, role=PriceRole.FINE, name=name)
        for name, cents in (("late cancellation", 500), ("no-show", 1000), ("late pick-up", 1500))
    ),
    discounts=(discount("families", 25, when=Together(2, within=Among.DAY)),),
)


def test_scherpenheuvel_zichem():
    late = one_day(LOU, events=(FineEvent("late pick-up", MONDAY),))

    given = quote(family(NOOR, LOU), [one_day(NOOR), late], SCHERPENHEUVEL, NOW)

    assert given.total_cents == 1500 + 1500
    assert amounts(given) == {NOOR: 750, LOU: 750 + 1500}


def test_sint_katelijne_waver():
    assert total(family(NOOR), [item(NOOR)], tariff(line("day", 700))) == 3500


HARELBEKE = tariff(
    line("half a day", 250, when=HalfDay()),
    line("day", 500),
    discounts=(discount("pass", 80, when=Has(("pass",))),),
)


def test_harelbeke():
    mornings = tuple(ItemDay(day, DayPart.MORNING) for day in week())

    assert total(family(NOOR), [item(NOOR)], HARELBEKE) == 2500
    assert total(family(NOOR), [item(NOOR, come=mornings)], HARELBEKE) == 1250
    assert total(family(NOOR, entitlements=("pass",)), [item(NOOR)], HARELBEKE) == 500


DE_HAAN = tariff(
    line("card", 2500, unit=Unit.CARD, size=6),  # how many turns it has is not said
    line("card, social", 1250, unit=Unit.CARD, size=6, when=Has(("social",))),
    line("day", 500, when=Kind(("playground",))),
    line("day, social", 250, when=All((Kind(("playground",)), Has(("social",))))),
    line("activity", 1200, when=Kind(("activity",))),
    line(
        "activity, social", formula=Formula("activity", Decimal(50)), when=All((Kind(("activity",)), Has(("social",))))
    ),
)


def test_de_haan():
    social = family(NOOR, entitlements=("social",))
    day = one_day(NOOR, kind="playground")

    assert (total(family(NOOR), [day], DE_HAAN), total(social, [day], DE_HAAN)) == (500, 250)
    by_card = item(NOOR, kind="playground", by_card=True)
    assert (total(family(NOOR), [by_card], DE_HAAN), total(social, [by_card], DE_HAAN)) == (2500, 1250)
    assert total(social, [one_day(NOOR, kind="activity")], DE_HAAN) == 600


KINDERCENTRUM = tariff(
    line("half hour", 114, unit=Unit.SLICE, size=30), published=(PublishedPrice("half hour", 789, quantity=7),)
)


def test_kindercentrum():
    assert total(family(NOOR), [one_day(NOOR, "9:00", "12:30")], KINDERCENTRUM) == 789
    assert total(family(NOOR), [one_day(NOOR, "9:00", "12:00")], KINDERCENTRUM) == 684


def test_social_rate_counts_once_it_is_proven_or_where_the_city_says_so_before():
    declared = Family((child(NOOR),), (Entitlement("social", is_proven=False),))

    assert total(declared, [item(NOOR)], BUGGENHOUT) == 6000
    trusting = tariff(*BUGGENHOUT.versions[0].lines, unproven=("social",))
    assert total(declared, [item(NOOR)], trusting) == 1500
