from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.certificates.rules import (
    MOST_PERIODS,
    CareDay,
    Draft,
    Movement,
    PaidOrder,
    Period,
    StayPrice,
    are_shares,
    drafts,
    of_year,
    paid_days,
)

MONDAY = date(2024, 7, 8)
WEEK = tuple(MONDAY + timedelta(days=place) for place in range(5))
LOU = "lou"
BORN = {LOU: date(2016, 4, 30)}


def stay(cents=82_50, days=WEEK, child=LOU, session="farm"):
    return StayPrice(session, child, cents, tuple(days))


def has_a_proof(child_id, day):
    return child_id == LOU


def attended(days=WEEK, child=LOU, session="farm"):
    return [(session, child, day) for day in days]


def paid(cents, on=date(2024, 5, 2)):
    return Movement(on, cents)


def test_a_week_that_was_paid_and_attended_is_one_period_at_the_maximum_of_its_year():
    days = paid_days(PaidOrder((stay(),), (paid(82_50),)), attended())

    (draft,) = drafts(of_year(days, 2024, BORN), 16_40, {})

    assert draft == Draft(LOU, 0, 0, (Period(WEEK[0], WEEK[4], 5, 16_40),))
    assert draft.cents == 82_00  # 16.50 a day was paid


def test_a_day_of_absence_and_one_that_nobody_marked_are_not_in_it():
    days = paid_days(PaidOrder((stay(50_00),), (paid(50_00),)), attended([WEEK[0], WEEK[1], WEEK[4]]))

    (draft,) = drafts(of_year(days, 2024, BORN), 16_40, {})

    assert draft.periods == (Period(WEEK[0], WEEK[4], 3, 10_00),)


def test_half_of_a_week_that_was_paid_is_its_oldest_days_and_the_rest_belongs_to_the_year_in_which_it_is_paid():
    order = PaidOrder((stay(50_00),), (paid(25_00, date(2024, 12, 30)), paid(25_00, date(2025, 1, 3))))
    days = paid_days(order, attended())

    assert [one.day for one in of_year(days, 2024, BORN)] == [WEEK[0], WEEK[1]]  # the third day is paid half
    assert [one.day for one in of_year(days, 2025, BORN)] == [WEEK[2], WEEK[3], WEEK[4]]


def test_money_for_an_absence_pays_for_no_other_day():
    order = PaidOrder((stay(50_00),), (paid(20_00),))

    days = paid_days(order, attended(WEEK[1:]))  # ill on Monday

    assert [one.day for one in days] == [WEEK[1]]


def test_money_that_went_back_takes_from_the_newest_days():
    order = PaidOrder((stay(50_00),), (paid(50_00), Movement(date(2024, 8, 1), -20_00)))

    assert [one.day for one in paid_days(order, attended())] == list(WEEK[:3])


def test_a_transfer_that_the_bank_took_back_and_that_was_made_again_counts_when_it_was_made_again():
    order = PaidOrder(
        (stay(),),
        (paid(82_50, date(2024, 12, 1)), Movement(date(2024, 12, 20), -82_50), paid(82_50, date(2025, 1, 10))),
    )

    assert {one.paid_on for one in paid_days(order, attended())} == {date(2025, 1, 10)}


def test_a_child_counts_until_the_day_before_it_is_fourteen():
    days = [CareDay(LOU, day, "farm", 10_00, WEEK[0]) for day in WEEK]
    born = {LOU: date(2010, 7, 10)}

    assert [one.day for one in of_year(days, 2024, born)] == [WEEK[0], WEEK[1]]
    assert len(of_year(days, 2024, born, has_a_proof)) == 5
    assert of_year(days, 2024, {LOU: date(2003, 7, 8)}, has_a_proof) == []


def test_a_fifth_period_is_in_a_second_certificate():
    days = [
        CareDay(LOU, MONDAY + timedelta(weeks=week), f"week-{week}", 10_00 + week, MONDAY)
        for week in range(MOST_PERIODS + 1)
    ]

    first, second = drafts(days, 16_40, {})

    assert (len(first.periods), len(second.periods), second.part) == (4, 1, 1)


def test_parents_who_pay_apart_each_have_their_part_of_every_day():
    days = [CareDay(LOU, day, "farm", 16_50, MONDAY) for day in WEEK]

    mother, father = drafts(days, 16_40, {LOU: (60, 40)})

    assert mother.periods == (Period(WEEK[0], WEEK[4], 5, 9_84),)
    assert father.periods == (Period(WEEK[0], WEEK[4], 5, 6_56),)


def test_a_morning_and_an_afternoon_are_one_day_with_one_maximum():
    days = [CareDay(LOU, MONDAY, session, 10_00, MONDAY) for session in ("morning", "afternoon")]

    (draft,) = drafts(of_year(days, 2024, BORN), 16_40, {})

    assert draft.periods == (Period(MONDAY, MONDAY, 1, 16_40),)


def test_what_was_free_is_in_no_certificate():
    assert drafts(paid_days(PaidOrder((stay(0),), ()), attended()), 16_40, {}) == []


def test_shares_are_all_of_it():
    assert are_shares((100,))
    assert are_shares((33, 67))
    assert not are_shares((50, 49))
    assert not are_shares((120, -20))
    assert not are_shares(())


DAYS = st.integers(0, 60).map(lambda place: MONDAY + timedelta(days=place))
STAYS = st.lists(
    st.tuples(st.sampled_from(["lou", "ada"]), st.integers(0, 200_00), st.sets(DAYS, min_size=1, max_size=6)),
    min_size=1,
    max_size=6,
)
MOVEMENTS = st.lists(
    st.builds(Movement, st.dates(date(2023, 11, 1), date(2025, 2, 1)), st.integers(-50_00, 200_00)), max_size=6
)


@given(STAYS, MOVEMENTS, st.data())
@settings(max_examples=60, deadline=None)
def test_no_certificate_is_for_more_than_was_paid_and_each_day_is_in_one_period_of_one_year(stays, movements, data):
    order = PaidOrder(
        tuple(StayPrice(f"s{place}", child, cents, tuple(days)) for place, (child, cents, days) in enumerate(stays)),
        tuple(movements),
    )
    every = [(one.session_id, one.child_id, day) for one in order.stays for day in one.days]
    came = data.draw(st.lists(st.sampled_from(every), unique=True))
    share = data.draw(st.integers(0, 100))
    born = {"lou": date(2016, 1, 1), "ada": date(2012, 1, 1)}
    days = paid_days(order, came)

    years = {year: of_year(days, year, born) for year in (2023, 2024, 2025)}
    made = {year: drafts(found, 16_40, {"lou": (share, 100 - share)}) for year, found in years.items()}

    assert sum(one.cents for found in made.values() for one in found) <= max(sum(one.cents for one in movements), 0)
    counted = [(one.child_id, one.day) for found in years.values() for one in found]
    assert len(counted) == len(set(counted))
    assert set(counted) == {(child, day) for _, child, day in came} & {(one.child_id, one.day) for one in days}
    for year, found in made.items():
        for child, payer in {(one.child_id, one.payer) for one in found}:
            periods = [period for one in found if (one.child_id, one.payer) == (child, payer) for period in one.periods]
            own = [one.day for one in years[year] if one.child_id == child]
            inside = [[day for day in own if period.first <= day <= period.last] for period in periods]
            assert [len(one) for one in inside] == [period.days for period in periods]
            assert len({day for one in inside for day in one}) == sum(period.days for period in periods)
        assert all(len(one.periods) <= MOST_PERIODS for one in found)
