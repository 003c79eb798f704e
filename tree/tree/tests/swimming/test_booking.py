"""A family books, changes, cancels; whatever is in the way, and whatever breaks off."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.swimming import booking, table, timetable
from tests.booking.registrations.callers import Caller, halting_before_each_call
from tests.swimming.pool import (
    CLAEYS,
    NEXT_MONDAY,
    NEXT_SATURDAY,
    NOW,
    PEETERS,
    SATURDAY,
    SATURDAY_EVENING,
    THIS_SATURDAY,
    THIS_SUNDAY,
    opened,
    pattern,
)

LATER = NOW + timedelta(minutes=2)
TEN_ON_SATURDAY = datetime.fromisoformat("2027-06-05T10:00+02:00")


def booked(family: str = CLAEYS, now: datetime = NOW) -> dict[str, int]:
    return {one.slot.slot_id: one.people for one in booking.bookings(family, now)}


def taken(slot_id: str = THIS_SATURDAY) -> dict[str, int]:
    found = table.taken([slot_id])[slot_id]
    assert found.places == sum(found.by.values())
    return dict(found.by)


def why(refused: pytest.ExceptionInfo[Problem]) -> str:
    [error] = refused.value.errors
    assert error.field == "people"
    return str(refused.value.document("en")["errors"][0]["message"])


def test_a_family_books_and_finds_it_back(real_table):
    opened()

    made = booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    assert (made.slot.slot_id, made.people, made.may_change) == (THIS_SATURDAY, 3, True)
    assert booking.bookings(CLAEYS, NOW) == [made]
    assert booking.people_last_time(CLAEYS) == 3
    assert taken() == {CLAEYS: 3}


def test_the_same_again_is_the_same(real_table):
    opened()
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    assert taken() == {CLAEYS: 3}


def test_who_has_booked_for_another_number_is_told(real_table):
    opened()
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    with pytest.raises(Problem) as refused:
        booking.book(CLAEYS, THIS_SATURDAY, 4, NOW)

    assert why(refused).startswith("You have booked this hour already; number of people: 3.")


def test_a_full_slot_leaves_nothing(real_table):
    opened(pattern(places=4))
    booking.book(PEETERS, THIS_SATURDAY, 3, NOW)

    with pytest.raises(Problem) as refused:
        booking.book(CLAEYS, THIS_SATURDAY, 2, NOW)

    assert why(refused) == "Places left: 1. Choose another hour, or fewer people."
    assert table.week(CLAEYS, "2027-W22").entries == {}


def test_a_family_comes_so_often_in_a_week_and_no_more(real_table):
    opened(visits=2)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    booking.book(CLAEYS, THIS_SUNDAY, 3, NOW)

    with pytest.raises(Problem) as refused:
        booking.book(CLAEYS, SATURDAY_EVENING, 3, NOW)

    assert why(refused).startswith("A family may book 2 times in a week, and you have done so.")
    booking.book(CLAEYS, NEXT_MONDAY, 3, NOW)
    assert taken(SATURDAY_EVENING) == {}


def test_what_is_cancelled_counts_no_more(real_table):
    opened(visits=1)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    booking.cancel(CLAEYS, THIS_SATURDAY, NOW)
    booking.cancel(CLAEYS, THIS_SATURDAY, NOW)

    booking.book(CLAEYS, THIS_SUNDAY, 3, NOW)
    assert booked() == {THIS_SUNDAY: 3}
    assert taken() == {}


def test_what_the_city_closed_counts_no_more(real_table):
    opened(visits=1)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    opened(visits=1, closed={date(2027, 6, 5): {"nl": "Stroom uit", "fr": "Panne", "en": "Power cut"}})

    booking.book(CLAEYS, THIS_SUNDAY, 3, NOW)

    assert booked() == {THIS_SATURDAY: 3, THIS_SUNDAY: 3}
    with pytest.raises(Problem):
        booking.book(CLAEYS, SATURDAY_EVENING, 3, NOW)


@pytest.mark.parametrize(
    ("slot_id", "now", "words"),
    [
        (THIS_SATURDAY, TEN_ON_SATURDAY, "This hour has begun."),
        (THIS_SUNDAY, NOW, "The pool is closed on that day."),
        (NEXT_SATURDAY, NOW, "This hour is no longer in the timetable."),
    ],
)
def test_what_cannot_be_booked(real_table, slot_id, now, words):
    ended = pattern(valid_until=date(2027, 6, 6), planned_until=date(2027, 8, 31))
    opened(ended, pattern(weekday=6), closed={date(2027, 6, 6): {"nl": "x", "fr": "x", "en": "x"}})

    with pytest.raises(Problem) as refused:
        booking.book(CLAEYS, slot_id, 2, now)

    assert why(refused).startswith(words)
    assert taken(slot_id) == {}


def test_an_unknown_slot_is_not_found(real_table):
    opened()
    for use in (
        lambda: booking.book(CLAEYS, "20270601" + SATURDAY.pattern_id, 2, NOW),
        lambda: booking.cancel(CLAEYS, "nonsense", NOW),
        lambda: booking.choice("nonsense"),
        lambda: booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 2, NOW),
    ):
        with pytest.raises(Problem) as refused:
            use()
        assert refused.value.kind.slug == "not-found"


# Changing.


def test_another_hour_instead_also_in_a_full_week(real_table):
    opened(visits=1)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 2, NOW)
    booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 2, NOW)

    assert booked() == {THIS_SUNDAY: 2}
    assert taken() == {}
    with pytest.raises(Problem):
        booking.book(CLAEYS, SATURDAY_EVENING, 1, NOW)


def test_another_hour_in_another_week_that_is_full(real_table):
    opened(visits=1)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    booking.book(CLAEYS, NEXT_SATURDAY, 3, NOW)

    with pytest.raises(Problem) as refused:
        booking.move(CLAEYS, THIS_SATURDAY, NEXT_MONDAY, 3, NOW)

    assert why(refused).startswith("A family may book 1 times in a week")
    assert booked() == {THIS_SATURDAY: 3, NEXT_SATURDAY: 3}


def test_who_wants_a_full_hour_instead_keeps_what_they_had(real_table):
    opened(SATURDAY, pattern(weekday=6, places=2))
    booking.book(PEETERS, THIS_SUNDAY, 2, NOW)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    with pytest.raises(Problem) as refused:
        booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 1, NOW)

    assert why(refused).startswith("Places left: 0.")
    assert booked() == {THIS_SATURDAY: 3}


def test_another_number_of_people(real_table):
    opened(pattern(places=5))
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    assert booking.move(CLAEYS, THIS_SATURDAY, THIS_SATURDAY, 5, NOW).people == 5
    with pytest.raises(Problem) as refused:
        booking.move(CLAEYS, THIS_SATURDAY, THIS_SATURDAY, 6, NOW)

    assert why(refused).startswith("Places left: 0.")
    assert taken() == {CLAEYS: 5}


@pytest.mark.parametrize(
    "deed",
    [
        lambda now: booking.cancel(CLAEYS, THIS_SATURDAY, now),
        lambda now: booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 3, now),
    ],
)
def test_too_late_is_so_many_hours_before(real_table, deed):
    opened(cancel_hours=2)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    late = TEN_ON_SATURDAY - timedelta(hours=2)

    with pytest.raises(Problem) as refused:
        deed(late)

    assert why(refused).startswith("It is too late to change or cancel this: it could be done until 2 hours before.")
    assert booked(now=late) == {THIS_SATURDAY: 3}
    [one] = booking.bookings(CLAEYS, late)
    assert not one.may_change


def test_what_is_over_is_shown_no_longer(real_table):
    opened()
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)

    assert booked(now=TEN_ON_SATURDAY + timedelta(minutes=59)) == {THIS_SATURDAY: 3}
    assert booked(now=TEN_ON_SATURDAY + timedelta(hours=1)) == {}


# What a visitor sees.


def test_a_week_shows_what_is_left_and_what_is_ours(real_table):
    opened()
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    booking.book(PEETERS, THIS_SATURDAY, 5, NOW)

    shown = {one.slot.slot_id: (one.left, one.own) for one in booking.week(date(2027, 5, 31), CLAEYS)}

    assert shown == {THIS_SATURDAY: (12, 3), SATURDAY_EVENING: (20, 0), THIS_SUNDAY: (20, 0)}
    assert booking.choice(THIS_SATURDAY).left == 12


def test_places_that_the_city_took_away_are_none_less_than_none(real_table):
    opened()
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    opened(pattern(places=2))

    assert booking.choice(THIS_SATURDAY, CLAEYS).left == 0


# What breaks off, and what runs side by side.


@pytest.fixture
def crashing(real_table) -> Iterator[None]:
    opened(visits=1)
    timetable.remembered()
    with halting_before_each_call():
        yield


def on_its_way(deed) -> Caller:
    caller = Caller(deed)
    caller.begin()
    return caller


def finish(caller: Caller) -> Caller:
    while not caller.is_over:
        caller.go_on()
    return caller


def broken_off(deed, calls: int) -> None:
    caller = on_its_way(deed)
    for _ in range(calls):
        if not caller.is_over:
            caller.go_on()
    if not caller.is_over:
        caller.go_on(is_doomed=True)


def consistent(*families: str) -> None:
    """No places without an entry, so that a family sees all that it has."""
    for slot_id in (THIS_SATURDAY, THIS_SUNDAY, SATURDAY_EVENING):
        for family in taken(slot_id):
            assert slot_id in booked(family)


@pytest.mark.parametrize("calls", range(3))
def test_after_a_crash_at_any_call_the_same_again_completes_it(crashing, calls):
    broken_off(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW), calls)

    again = finish(on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)))

    assert again.problem is None
    assert booked() == {THIS_SATURDAY: 3}
    assert taken() == {CLAEYS: 3}


@pytest.mark.parametrize("calls", range(3))
def test_what_broke_off_at_any_call_does_not_count_against_the_family(crashing, calls):
    broken_off(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW), calls)
    had = taken()

    other = finish(on_its_way(lambda: booking.book(CLAEYS, THIS_SUNDAY, 3, LATER)))

    assert (other.problem is None) == (had == {})
    assert len(booked()) == 1
    consistent(CLAEYS)


@pytest.mark.parametrize("calls", range(5))
def test_a_cancellation_that_broke_off_at_any_call_can_be_asked_again_and_counts_no_more(crashing, calls):
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    broken_off(lambda: booking.cancel(CLAEYS, THIS_SATURDAY, NOW), calls)

    again = finish(on_its_way(lambda: booking.cancel(CLAEYS, THIS_SATURDAY, LATER)))

    assert again.problem is None
    assert taken() == {}
    assert finish(on_its_way(lambda: booking.book(CLAEYS, THIS_SUNDAY, 3, LATER))).problem is None


@pytest.mark.parametrize("calls", range(8))
def test_a_change_that_broke_off_at_any_call_leaves_one_at_least_and_the_same_again_completes_it(crashing, calls):
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    broken_off(lambda: booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 2, NOW), calls)
    assert booked()

    again = finish(on_its_way(lambda: booking.move(CLAEYS, THIS_SATURDAY, THIS_SUNDAY, 2, LATER)))

    assert again.problem is None
    assert booked() == {THIS_SUNDAY: 2}
    assert taken() == {}
    finish(on_its_way(lambda: booking.cancel(CLAEYS, THIS_SUNDAY, LATER)))
    assert finish(on_its_way(lambda: booking.book(CLAEYS, SATURDAY_EVENING, 3, LATER))).problem is None


def test_the_entry_of_a_try_under_way_is_not_taken_from_under_it(crashing):
    first = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
    first.go_on()  # entered; it halts before its claim

    other = finish(on_its_way(lambda: booking.book(CLAEYS, THIS_SUNDAY, 3, NOW)))
    finish(first)

    assert other.problem is not None
    assert booked() == {THIS_SATURDAY: 3}


def test_a_refused_try_leaves_the_entry_to_another_that_is_under_way(real_table):
    opened(pattern(places=3), visits=1)
    booking.book(PEETERS, THIS_SATURDAY, 2, NOW)
    with halting_before_each_call():
        first = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
        first.go_on()
        second = finish(on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)))
        assert second.problem is not None
        booking.cancel(PEETERS, THIS_SATURDAY, NOW)

        finish(first)

    assert first.problem is None
    assert booked() == {THIS_SATURDAY: 3}


def test_two_tabs_book_the_same_once(crashing):
    one = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
    other = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
    for caller in (one, other, one, other):
        caller.go_on()
    finish(one)
    finish(other)

    assert (one.problem, other.problem) == (None, None)
    assert taken() == {CLAEYS: 3}
    assert booked() == {THIS_SATURDAY: 3}


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("then", range(6))
def test_a_cancellation_beside_a_second_try_leaves_no_places_without_their_entry(crashing, before, then):
    first = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
    first.go_on()
    second = on_its_way(lambda: booking.book(CLAEYS, THIS_SATURDAY, 3, NOW))
    for _ in range(before):
        if not second.is_over:
            second.go_on()
    finish(first)
    cancelling = on_its_way(lambda: booking.cancel(CLAEYS, THIS_SATURDAY, NOW))
    for _ in range(then):
        if not cancelling.is_over:
            cancelling.go_on()
    finish(second)
    finish(cancelling)

    consistent(CLAEYS)
