"""What a family pays: the least that the rules allow, whatever it chose first, and line by line why."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.tariffs.conditions import (
    All,
    Among,
    Between,
    By,
    Either,
    HalfDay,
    Has,
    Measure,
    Not,
    Order,
    Starts,
    Together,
)
from chalicelib.money.tariffs.families import DayPart, Entitlement, Family, FineEvent, ItemDay, QuoteItem
from chalicelib.money.tariffs.pieces import NoPrice
from chalicelib.money.tariffs.quoting import (
    Change,
    NotAnItem,
    NoTariff,
    QuoteDifference,
    as_proven,
    difference,
    quote,
)
from chalicelib.money.tariffs.rules import CareHours, Mode, Of, Per, PriceRole, Rounding, Tariff, Unit, Version
from tests.money.tariffs.council import (
    MONDAY,
    NOW,
    amounts,
    child,
    discount,
    family,
    has,
    hours,
    item,
    line,
    one_day,
    surcharge,
    tariff,
    total,
    week,
    words,
)

NOOR, LOU, JEF = "noor", "lou", "jef"
SIX = ("ada", "bas", "cis", "dré", "eva", "fee")


def orders(children):
    """Each order, as the rank of each child."""
    for order in permutations(children):
        yield {name: rank for rank, name in enumerate(order, start=1)}


# The family's best. The reference knows the rule and tries every order; it uses nothing of what it tests.

PRICES = {"camp-1": 8000, "camp-2": 4500, "camp-3": 12000, "camp-4": 3300, "camp-5": 6100}


def by_order(within):
    """20 % off for the second child, 35 % from the third on; half off with a pass; these do not add up."""
    return tariff(
        *(line(name, cents, unit=Unit.CAMP, when=Starts(start, start)) for name, cents, start in camps()),
        discounts=(
            discount("second", 20, when=Order(2, 2, within)),
            discount("third", 35, when=Order(3, None, within)),
            discount("pass", 50, when=Has(("pass",))),
        ),
    )


def camps():
    return [(name, cents, MONDAY + timedelta(weeks=number)) for number, (name, cents) in enumerate(PRICES.items())]


def in_camp(name, session_id):
    start = next(start for session, _, start in camps() if session == session_id)
    return item(name, session_id, days=week(start))


def part(cents, percent):
    """Half up."""
    return (2 * cents * percent + 100) // 200


def pays(session_id, rank, has_pass):
    left = min(100 if rank == 1 else 80 if rank == 2 else 65, 50 if has_pass else 100)
    return part(PRICES[session_id], left)


@st.composite
def households(draw, most=6):
    names = SIX[: draw(st.integers(1, most))]
    goes = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(sorted(PRICES))), min_size=1))
    return names, draw(st.sets(st.sampled_from(names))), sorted(goes)


def some(names, passes):
    children = tuple(child(name, date(2015 + number, 1, 1)) for number, name in enumerate(names))
    return Family(tuple(replace(one, entitlements=has("pass")) if one.child_id in passes else one for one in children))


@given(households())
@settings(max_examples=15)
def test_no_order_within_each_camp_is_cheaper(household):
    names, passes, goes = household
    least = 0
    for session_id in PRICES:
        there = [name for name, session in goes if session == session_id]
        least += min(sum(pays(session_id, ranks[name], name in passes) for name in there) for ranks in orders(there))

    given_quote = quote(some(names, passes), [in_camp(*one) for one in goes], by_order(Among.CAMP), NOW)

    assert given_quote.total_cents == least
    assert given_quote.is_best


@given(households())
@settings(max_examples=10)
def test_no_order_within_the_season_is_cheaper(household):
    names, passes, goes = household
    come = sorted({name for name, _ in goes})
    least = min(
        sum(pays(session_id, ranks[name], name in passes) for name, session_id in goes) for ranks in orders(come)
    )

    assert total(some(names, passes), [in_camp(*one) for one in goes], by_order(Among.SEASON)) == least


def test_six_children_in_five_camps_pay_the_least_that_any_order_gives():
    names, passes = SIX, {"bas", "eva"}
    goes = [(name, session_id) for name, session_id in product(names, PRICES) if hash_of(name, session_id) % 4]
    items = [in_camp(*one) for one in goes]

    test_no_order_within_each_camp_is_cheaper.hypothesis.inner_test((names, passes, goes))
    least = min(
        sum(pays(session_id, ranks[name], name in passes) for name, session_id in goes) for ranks in orders(names)
    )
    assert total(some(names, passes), items, by_order(Among.SEASON)) == least


def hash_of(name, session_id):
    return sum(name.encode()) * 7 + sum(session_id.encode())


DAY_OR_WEEK = tariff(
    line("first", 1500, when=Order(1, 1, Among.DAY)),
    line("second", 1300, when=Order(2, 2, Among.DAY)),
    line("third", 900, when=Order(3, None, Among.DAY)),
    line("three days", 3700, unit=Unit.CAMP),
)


@given(st.lists(st.sets(st.integers(0, 2), min_size=1), min_size=1, max_size=3))
@settings(max_examples=30)
def test_no_order_by_the_day_is_cheaper_next_to_a_price_for_the_whole(come):
    """`come`: of each child the days. Whoever comes on all three can pay for the whole instead."""
    names = SIX[: len(come)]
    items = [
        item(name, days=3, come=tuple(ItemDay(MONDAY + timedelta(days=number)) for number in sorted(days)))
        for name, days in zip(names, come, strict=True)
    ]
    on = [[name for name, days in zip(names, come, strict=True) if number in days] for number in range(3)]
    least = min(
        sum(
            min(
                sum({1: 1500, 2: 1300, 3: 900}[chosen[number][name]] for number in days),
                3700 if len(days) == 3 else 10**6,
            )
            for name, days in zip(names, come, strict=True)
        )
        for chosen in product(*(list(orders(there)) for there in on))
    )

    assert total(family(*names), items, DAY_OR_WEEK) == least


# Any tariff: what the search gives is the best that any order by age gives, when ages are changed round.

LINES = st.builds(
    lambda number, cents, when, unit: line(f"line {number}", cents, when=when, unit=unit),
    st.integers(0, 10**9),
    st.integers(0, 50).map(lambda number: 100 * number),
    st.deferred(lambda: RULES),
    st.sampled_from([Unit.DAY, Unit.DAY, Unit.WEEK, Unit.CAMP]),
)
ORDERS = st.builds(
    Order, st.integers(1, 3), st.none() | st.just(3), st.just(Among.SEASON), st.just(By.BEST), st.just(())
)
RULES = st.recursive(
    ORDERS | st.builds(Together, st.integers(2, 3), st.sampled_from(Among)) | st.just(Has(("pass",))) | st.just(All()),
    lambda inner: st.builds(Not, inner) | st.builds(lambda one, two: Either((one, two)), inner, inner),
    max_leaves=3,
)


def by_age(condition):
    match condition:
        case Order():
            return replace(condition, by=By.OLDEST)
        case Not(of):
            return Not(by_age(of))
        case Either(of):
            return Either(tuple(by_age(each) for each in of))
        case _:
            return condition


@given(
    st.lists(LINES, min_size=1, max_size=4, unique_by=lambda one: one.code),
    st.lists(st.tuples(st.integers(1, 100), RULES), max_size=2),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), min_size=1, max_size=4, unique_by=lambda one: one[0]),
)
@settings(max_examples=30)
def test_whatever_the_tariff_no_order_is_cheaper(lines, less, goes):
    """`less`: percentages of discounts, the first two of which add up. `goes`: which child comes for how many days."""
    names = SIX[:3]
    items = [item(names[number], f"camp of {number}", days=6, taken=days) for number, days in goes]
    discounts = tuple(
        discount(f"less {number}", percent, when=when, adds_up_with=("less 0",) if number else ())
        for number, (percent, when) in enumerate(less)
    )
    by = tariff(line("day", 3000), *lines, discounts=discounts)
    (version,) = by.versions
    aged = replace(
        version,
        lines=tuple(replace(one, when=by_age(one.when)) for one in version.lines),
        discounts=tuple(replace(one, when=by_age(one.when)) for one in discounts),
    )
    births = [date(2015 + number, 1, 1) for number in range(3)]
    of = [
        Family(
            tuple(
                child(name, born, *(["pass"] if name == names[0] else []))
                for name, born in zip(names, some, strict=True)
            )
        )
        for some in permutations(births)
    ]

    least = min(total(one, items, replace(by, versions=(aged,))) for one in of)

    assert total(of[0], items, by) == least


@given(households(most=4), st.randoms(use_true_random=False), st.sampled_from(list(Among)))
@settings(max_examples=20)
def test_the_order_of_items_and_children_changes_nothing(household, chance, within):
    names, passes, goes = household
    of = some(names, passes)
    items = [in_camp(*one) for one in goes]
    shuffled = chance.sample(items, len(items))
    others = replace(of, children=tuple(chance.sample(of.children, len(of.children))))

    assert quote(others, shuffled, by_order(within), NOW) == quote(of, items, by_order(within), NOW)


@given(households(most=4))
@settings(max_examples=15)
def test_lines_add_up_to_the_total_and_each_is_its_quantity_times_its_unit(household):
    names, passes, goes = household

    given_quote = quote(some(names, passes), [in_camp(*one) for one in goes], by_order(Among.SEASON), NOW)

    assert given_quote.total_cents == sum(line.amount_cents for line in given_quote.lines) >= 0
    assert all(line.amount_cents == line.quantity * line.unit_cents for line in given_quote.lines)
    assert all(line.article and line.label.nl for line in given_quote.lines)


def test_a_rank_for_which_there_is_no_price_is_nobodys_if_it_can_be():
    only_two = tariff(
        line("first", 1500, when=Order(1, 1)),
        line("second", 1300, when=Order(2, 2)),
        line("staff", 2000, when=Has(("staff",))),
    )
    items = [one_day(NOOR), one_day(LOU), one_day(JEF)]

    assert total(family(NOOR), items[:1], only_two) == 1500
    assert total(family(NOOR, LOU), items[:2], only_two) == 2800
    with pytest.raises(NoPrice):
        quote(family(NOOR, LOU, JEF), items, only_two, NOW)
    (oldest, *others) = family(NOOR, LOU, JEF).children
    of = Family((replace(oldest, entitlements=has("staff")), *others))
    assert amounts(quote(of, items, only_two, NOW)) == {NOOR: 2000, LOU: 1500, JEF: 1300}


def test_many_weeks_are_paid_week_by_week():
    days = tuple(day for number in range(20) for day in week(MONDAY + timedelta(weeks=number)))
    by = tariff(
        line("day", 1500, when=Order(1, 1)),
        line("second", 1200, when=Order(2)),
        line("week", 6500, unit=Unit.WEEK),
        line("year", 10**6, unit=Unit.CAMP),
    )

    given_quote = quote(family(NOOR, LOU), [item(NOOR, days=days), item(LOU, days=days)], by, NOW)

    assert given_quote.is_best
    assert given_quote.total_cents == 20 * (6500 + 6000)
    blocks = tariff(line("day", 1500), line("week", 6500, unit=Unit.WEEK), line("two", 2500, unit=Unit.BLOCK, size=2))
    assert total(family(NOOR), [item(NOOR, days=days)], blocks) == 50 * 2500


def test_the_oldest_or_the_youngest_is_first_where_the_council_says_so():
    of = family(NOOR, LOU)
    items = [one_day(LOU), item(NOOR)]
    for by, cents in ((By.OLDEST, 5 * 1000 + 500), (By.YOUNGEST, 4 * 1000 + 500 + 1000), (By.BEST, 5 * 1000 + 500)):
        given_tariff = tariff(line("day", 1000), line("later", 500, when=Order(2, None, Among.DAY, by)))
        assert total(of, items, given_tariff) == cents


def test_children_of_another_kind_of_session_do_not_count_where_the_council_says_so():
    counted = tariff(line("day", 1000), line("later", 500, when=Order(2, None, Among.DAY, kinds=("camp",))))
    items = [one_day(NOOR), one_day(LOU, kind="playground")]

    assert total(family(NOOR, LOU), items, counted) == 2000
    assert total(family(NOOR, LOU), [items[0], one_day(LOU)], counted) == 1500


# When one registration goes.


def test_what_the_others_cost_is_worked_out_again_when_one_goes():
    by = tariff(line("first", 1500, when=Order(1, 1)), line("second", 1300, when=Order(2)))
    of = family(NOOR, LOU)
    before = quote(of, [one_day(NOOR), one_day(LOU)], by, NOW)
    after = quote(of, [one_day(LOU)], by, NOW)

    assert difference(before, after) == QuoteDifference(
        -1300, (Change("day", LOU, 1300, 1500), Change("day", NOOR, 1500, 0))
    )
    assert difference(before, before) == QuoteDifference(0, ())


def test_a_later_version_changes_no_registration_that_was_made_before():
    old = Version(date(2026, 1, 1), "2025", (line("day", 1000),))
    new = Version(date(2027, 3, 1), "2027", (line("day", 1200),))
    by = Tariff(words("test"), (old, new))
    before = item(NOOR, taken=1, registered_at=datetime(2027, 2, 28, 22, 59, 59, tzinfo=UTC))
    now = item(LOU, taken=1)

    assert amounts(quote(family(NOOR, LOU), [now, before], by, NOW)) == {NOOR: 1000, LOU: 1200}


def test_who_registers_where_no_version_holds_is_refused():
    by = tariff(line("day", 100), first_day=date(2027, 1, 1), last_day=date(2027, 2, 28))

    for moment in (datetime(2027, 2, 28, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)):
        assert total(family(NOOR), [item(NOOR, taken=1)], by, moment) == 100
    for moment in (datetime(2027, 2, 28, 23, 0, tzinfo=UTC), datetime(2026, 12, 31, 22, 59, tzinfo=UTC)):
        with pytest.raises(NoTariff):
            quote(family(NOOR), [item(NOOR)], by, moment)


# The lowest of what fits.


def test_of_lines_that_fit_the_family_pays_the_lowest_and_is_told_which_others_fit():
    by = tariff(line("not resident", 2000), line("resident", 1000, when=Has(("resident-parent",))), line("same", 1000))

    (only,) = quote(family(NOOR, entitlements=("resident-parent",)), [item(NOOR)], by, NOW).lines

    assert (only.rule, only.instead_of) == ("resident", ("not resident",))
    assert (only.quantity, only.unit, only.unit_cents, only.amount_cents) == (5, Unit.DAY, 1000, 5000)
    assert only.days == week()


@pytest.mark.parametrize(
    ("days", "cents"), [(1, 1400), (2, 2800), (3, 3900), (4, 5300), (5, 6000), (6, 7400), (8, 9900), (10, 12000)]
)
def test_days_are_paid_by_the_week_in_blocks_or_one_by_one_whatever_costs_least(days, cents):
    by = tariff(line("day", 1400), line("three", 3900, unit=Unit.BLOCK, size=3), line("week", 6000, unit=Unit.WEEK))
    dates = week() + week(MONDAY + timedelta(weeks=1))

    assert total(family(NOOR), [item(NOOR, days=dates, taken=days)], by) == cents


def test_a_price_for_the_week_is_for_who_comes_on_all_its_days():
    by_week = tariff(line("week", 100, unit=Unit.WEEK))
    with pytest.raises(NoPrice):
        quote(family(NOOR), [item(NOOR, taken=4)], by_week, NOW)

    cheap = tariff(line("day", 1400), line("week", 100, unit=Unit.WEEK))
    assert total(family(NOOR), [item(NOOR, taken=4)], cheap) == 4 * 1400
    assert total(family(NOOR), [item(NOOR, days=4)], cheap) == 100  # a holiday makes the week shorter


def test_two_come_for_a_week_if_they_do_on_each_of_its_days():
    by = tariff(line("week", 6000, unit=Unit.WEEK), line("two", 5000, unit=Unit.WEEK, when=Together(2, Among.DAY)))
    lou = item(LOU, "other", days=week()[:4])

    assert amounts(quote(family(NOOR, LOU), [item(NOOR), lou], by, NOW)) == {NOOR: 6000, LOU: 5000}


def test_a_discount_never_makes_it_dearer_however_it_is_rounded():
    by = tariff(line("day", 452), discounts=(discount("less", cents=1),), rounding=Rounding(Mode.UP, 10))

    assert total(family(NOOR), [item(NOOR, taken=1)], by) == 452


def test_the_dearest_days_are_those_of_a_block():
    by = tariff(line("day", 2000), line("half", 900, when=HalfDay()), line("two", 2500, unit=Unit.BLOCK, size=2))
    come = (ItemDay(MONDAY), ItemDay(MONDAY + timedelta(1), DayPart.MORNING), ItemDay(MONDAY + timedelta(2)))

    lines = quote(family(NOOR), [item(NOOR, days=3, come=come)], by, NOW).lines

    assert [(one.rule, one.amount_cents, len(one.days)) for one in lines] == [("two", 2500, 2), ("half", 900, 1)]
    assert lines[1].days == (MONDAY + timedelta(1),)


def test_a_day_costs_no_more_than_its_limit():
    by = tariff(line("half hour", 114, unit=Unit.SLICE, size=30, most_cents=1000))

    (only,) = quote(family(NOOR), [one_day(NOOR, "8:00", "18:00")], by, NOW).lines

    assert (only.quantity, only.unit_cents, only.amount_cents, only.is_limited) == (20, 114, 1000, True)


# Discounts and surcharges.


def test_discounts_that_do_not_add_up_leave_the_best_one():
    by = tariff(
        line("day", 1000),
        discounts=(discount("a", 20), discount("b", 30), discount("c", 25, adds_up_with=("a",))),
    )

    lines = quote(family(NOOR), [item(NOOR, taken=1)], by, NOW).lines

    assert [(one.rule, one.amount_cents) for one in lines] == [("day", 1000), ("a", -200), ("c", -200)]


def test_a_discount_of_the_price_itself_and_one_of_what_is_left():
    for of_price, cents in ((False, 1000 * 0.5 * 0.75), (True, 1000 * 0.25)):
        by = tariff(
            line("day", 1000),
            discounts=(discount("a", 50, adds_up_with=("b",)), discount("b", 25, of_price=of_price)),
        )
        assert total(family(NOOR), [item(NOOR, taken=1)], by) == cents


def test_all_discounts_together_take_at_most_a_part_and_leave_an_amount():
    discounts = (discount("a", 50, adds_up_with=("b",)), discount("b", 0, cents=400))

    assert total(family(NOOR), [item(NOOR, taken=1)], tariff(line("day", 1000), discounts=discounts)) == 100
    capped = tariff(line("day", 1000), discounts=discounts, most_percent=Decimal(60))
    assert total(family(NOOR), [item(NOOR, taken=1)], capped) == 400
    least = tariff(line("day", 1000), discounts=discounts, least_cents=150)
    assert total(family(NOOR), [item(NOOR, taken=2)], least) == 300


@pytest.mark.parametrize(
    ("mode", "step", "cents"),
    [
        (Mode.HALF_UP, 1, 338),
        (Mode.HALF_DOWN, 1, 337),
        (Mode.HALF_EVEN, 1, 338),
        (Mode.DOWN, 1, 337),
        (Mode.UP, 1, 338),
        (Mode.HALF_UP, 5, 340),
        (Mode.DOWN, 10, 330),
    ],
)
def test_it_is_rounded_as_the_council_says(mode, step, cents):
    by = tariff(line("short", 450), discounts=(discount("two", 25),), rounding=Rounding(mode, step))

    assert total(family(NOOR), [item(NOOR, taken=1)], by) == cents


def test_each_unit_is_rounded_or_what_they_come_to():
    slices = line("half hour", 85, unit=Unit.SLICE, size=30)
    for of, cents in ((Of.EACH, 3 * 64), (Of.DAY, 191)):
        by = tariff(slices, discounts=(discount("two", 25),), rounding=Rounding(of=of))
        assert total(family(NOOR), [one_day(NOOR, "9:00", "10:30")], by) == cents


def test_a_discount_once_a_registration_goes_to_whom_it_helps():
    by = tariff(
        line("day", 1000),
        discounts=(
            discount("second", cents=1500, per=Per.ITEM, when=Order(2, None, Among.SEASON)),
            discount("pass", 50, when=Has(("pass",))),
        ),
    )
    of = Family((child(NOOR, date(2015, 1, 1)), child(LOU, date(2017, 1, 1), "pass")))

    # Lou has half of 10 off anyway; Noor comes for 5 days, and is the second.
    given_quote = quote(of, [item(NOOR), item(LOU, taken=1)], by, NOW)

    assert amounts(given_quote) == {NOOR: 3500, LOU: 500}
    # It never takes more than there is.
    assert amounts(quote(of, [item(NOOR, taken=1), item(LOU, taken=1)], by, NOW)) == {NOOR: 0, LOU: 500}


def test_surcharges_are_discounted_where_the_council_says_so():
    for is_discountable, cents in ((False, 500 + 300), (True, 650)):
        by = tariff(
            line("day", 1000),
            surcharges=(surcharge("not resident", 300, is_discountable=is_discountable),),
            discounts=(discount("half", 50),),
        )
        assert total(family(NOOR), [item(NOOR, taken=1)], by) == cents


def test_extras_are_discounted_where_the_council_says_so_and_fines_never():
    by = tariff(
        line("day", 1000),
        line("meal", 300, role=PriceRole.EXTRA, name="meal", is_discountable=False),
        line("trip", 800, unit=Unit.CAMP, role=PriceRole.EXTRA, name="trip"),
        line("no-show", 500, unit=Unit.CAMP, role=PriceRole.FINE, name="no-show"),
        discounts=(discount("half", 50),),
        surcharges=(surcharge("not resident", 100),),
    )
    booked = one_day(NOOR, "9:00", "16:00", "meal", extras=("trip",), events=(FineEvent("no-show", MONDAY),))

    assert total(family(NOOR), [booked], by) == (500 + 100) + 300 + 400 + 500


def test_who_cancelled_late_pays_the_fine_and_nothing_else():
    by = tariff(
        line("day", 1000, when=Order(1, 1, Among.CAMP)),
        line("second", 800, when=Order(2, None, Among.CAMP)),
        line("late", 500, unit=Unit.CAMP, role=PriceRole.FINE, name="late cancellation"),
        surcharges=(surcharge("once", 300, per=Per.ITEM, when=Order(1, None, Among.CAMP)),),
        discounts=(
            discount("several", 25, when=Between(Measure.SESSIONS, 2)),
            discount("b", 10, when=Together(2, Among.DAY)),
        ),
    )
    gone = QuoteItem("other", NOOR, "camp", week(), (), events=(FineEvent("late cancellation", MONDAY),))

    given_quote = quote(family(NOOR), [gone, one_day(NOOR)], by, NOW)

    assert [(one.session_id, one.rule, one.amount_cents) for one in given_quote.lines] == [
        ("day", "day", 1000),
        ("day", "once", 300),
        ("other", "late", 500),
    ]


def test_an_extra_that_the_tariff_does_not_have_is_refused():
    with pytest.raises(NoPrice) as refused:
        quote(family(NOOR), [one_day(NOOR, "9:00", "16:00", "pony")], tariff(line("day", 1000)), NOW)

    assert (refused.value.session_id, refused.value.child_id, refused.value.what) == ("day", NOOR, "pony")


# Conditions.


def test_a_claim_counts_on_the_days_on_which_it_is_valid():
    by = tariff(line("day", 1000), line("social", 200, when=Has(("social",))))
    until_tuesday = Family((child(NOOR),), (Entitlement("social", until=MONDAY + timedelta(1)),))

    assert total(until_tuesday, [item(NOOR)], by) == 2 * 200 + 3 * 1000


def test_what_it_would_be_once_everything_is_proven():
    by = tariff(line("day", 1000), line("social", 200, when=Has(("social",))))
    declared = Family((child(NOOR),), (Entitlement("social", is_proven=False),))

    assert (total(declared, [item(NOOR)], by), total(as_proven(declared), [item(NOOR)], by)) == (5000, 1000)


def test_income_between_two_limits_and_none_that_is_not_said():
    by = tariff(
        line("full", 1000),
        line("less", 600, when=Between(Measure.INCOME, 2_000_000, 2_999_999)),
        line("least", 300, when=Between(Measure.INCOME, None, 1_999_999)),
    )
    for income, cents in ((None, 1000), (0, 300), (1_999_999, 300), (2_000_000, 600), (3_000_000, 1000)):
        assert total(family(NOOR, income_cents=income), [item(NOOR, taken=1)], by) == cents


def test_age_on_the_first_day_and_days_ahead():
    by = tariff(
        line("day", 1000),
        line("small", 700, when=Between(Measure.AGE, None, 5)),
        line("early", 600, when=Between(Measure.DAYS_AHEAD, 14)),
    )
    born = MONDAY.replace(year=2021)
    for birth, moment, cents in (
        (born, MONDAY - timedelta(1), 1000),
        (born + timedelta(1), MONDAY - timedelta(1), 700),
        (born, MONDAY - timedelta(14), 600),
        (born, MONDAY - timedelta(13), 1000),
    ):
        at = datetime.combine(moment, time(12), UTC)
        assert total(family(NOOR, ages=[birth]), [item(NOOR, taken=1)], by, at) == cents


def test_the_second_week_of_a_child_and_a_wednesday():
    by = tariff(
        line("day", 1000),
        line("wednesday", 600, when=Between(Measure.WEEKDAY, 3, 3)),
        discounts=(discount("second week", 10, when=Between(Measure.NTH_SESSION, 2)),),
    )
    items = [item(NOOR, "b", days=week(MONDAY + timedelta(weeks=1))), item(NOOR, "a"), item(LOU, "a")]

    given_quote = quote(family(NOOR, LOU), items, by, NOW)

    assert amounts(given_quote) == {NOOR: 4600 + 4600 * 9 // 10, LOU: 4600}
    several = tariff(line("day", 1000), line("of two", 900, when=Between(Measure.SESSIONS, 2)))
    assert total(family(NOOR, LOU), items, several) == 10 * 900 + 5 * 1000


def test_neither_nor():
    elsewhere = Not(Either((Has(("resident-parent",)), Has(("school",)))))
    by = tariff(line("day", 1000), surcharges=(surcharge("elsewhere", 500, when=All((elsewhere,))),))

    assert total(family(NOOR, entitlements=("school",)), [item(NOOR, taken=1)], by) == 1000
    assert total(family(NOOR), [item(NOOR, taken=1)], by) == 1500


def test_three_at_once_and_two_in_the_same_week():
    at_once = tariff(line("day", 1000), line("three", 500, when=Together(3)))
    chain = [one_day(NOOR, "8:00", "12:00"), one_day(LOU, "11:00", "15:00"), one_day(JEF, "14:00", "17:00")]
    assert total(family(NOOR, LOU, JEF), chain, at_once) == 3000  # never three at a time

    weekly = tariff(line("day", 1000), line("two", 800, when=Together(2, Among.WEEK)))
    items = [item(NOOR, "a", days=week()[:2]), item(LOU, "b", days=week()[3:])]
    assert total(family(NOOR, LOU), items, weekly) == 4 * 800


def test_second_child_at_once_is_the_one_that_pays_most():
    by = tariff(
        line("half hour", 100, unit=Unit.SLICE, size=30),
        discounts=(discount("2nd", 50, when=Order(2, None, Among.AT_ONCE)),),
    )
    items = [one_day(NOOR, "8:00", "12:00"), one_day(LOU, "11:00", "12:00"), one_day(JEF, "12:00", "16:00")]

    # Noor and Lou are there at once; Jef comes when they have gone.
    assert amounts(quote(family(NOOR, LOU, JEF), items, by, NOW)) == {NOOR: 400, LOU: 200, JEF: 800}


def test_care_in_two_windows_and_nothing_outside_of_them():
    at = tuple(CareHours(day.begins, day.ends) for day in (hours("7:30", "8:30"), hours("16:30", "17:30")))
    by = tariff(
        line("day", 500), line("care", 50, unit=Unit.SLICE, size=30, role=PriceRole.EXTRA, name="care", windows=at)
    )

    for begins, ends, slices in (
        ("7:30", "17:30", 4),
        ("8:29", "16:31", 2),
        ("8:30", "16:30", 0),
        ("7:00", "18:00", 4),
    ):
        assert total(family(NOOR), [one_day(NOOR, begins, ends, "care")], by) == 500 + 50 * slices


# What is no booking at all.


@pytest.mark.parametrize(
    "items",
    [
        [item(NOOR), item(NOOR)],
        [item(LOU)],
        [QuoteItem("camp", NOOR, "camp", (MONDAY,), (ItemDay(MONDAY - timedelta(1)),))],
        [QuoteItem("camp", NOOR, "camp", (MONDAY,), (ItemDay(MONDAY), ItemDay(MONDAY, DayPart.MORNING)))],
        [QuoteItem("camp", NOOR, "camp", (), ())],
        [one_day(NOOR, "16:00", "9:00")],
        [QuoteItem("camp", NOOR, "camp", (MONDAY,), (ItemDay(MONDAY, begins=time(9)),))],
        [item(NOOR, registered_at=datetime(2027, 1, 1))],  # noqa: DTZ001 - that is what is wrong with it
        [item(NOOR, events=(FineEvent("late", MONDAY, -1),))],
    ],
)
def test_what_is_no_booking_is_refused(items):
    with pytest.raises(NotAnItem):
        quote(family(NOOR), items, tariff(line("day", 1000)), NOW)


def test_a_family_that_books_nothing_pays_nothing():
    given_quote = quote(family(NOOR), [], tariff(line("day", 1000)), NOW)

    assert (given_quote.total_cents, given_quote.lines) == (0, ())
