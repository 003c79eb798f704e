"""Slots are worked out from patterns: which, when, and what may be done with them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.swimming import rules
from chalicelib.swimming.rules import BookingRefusal, Off, SwimmingTerms, Timetable
from tests.swimming.pool import LATE, NOW, SATURDAY, SUNDAY, on, pattern

FIRST, LAST = date(2027, 6, 1), date(2027, 6, 30)


def test_a_pattern_gives_a_slot_a_week_on_its_day_in_the_hours_of_brussels():
    found = rules.slots(Timetable(patterns=(SATURDAY,)), FIRST, LAST)

    assert [one.day for one in found] == [date(2027, 6, day) for day in (5, 12, 19, 26)]
    assert found[0].starts == datetime(2027, 6, 5, 8, tzinfo=UTC)
    assert found[0].ends == datetime(2027, 6, 5, 9, tzinfo=UTC)


def test_slots_stand_in_the_order_of_their_hours():
    found = rules.slots(Timetable(patterns=(LATE, SUNDAY, SATURDAY)), FIRST, date(2027, 6, 6))

    assert [one.slot_id for one in found] == [
        on(SATURDAY, date(2027, 6, 5)),
        on(LATE, date(2027, 6, 5)),
        on(SUNDAY, date(2027, 6, 6)),
    ]


def test_the_same_hour_in_winter_and_in_summer():
    yearly = pattern(weekday=6, valid_from=date(2027, 3, 1), valid_until=date(2027, 4, 30))

    found = rules.slots(Timetable(patterns=(yearly,)), date(2027, 3, 21), date(2027, 3, 28))

    assert [one.starts.hour for one in found] == [9, 8]


def test_a_closed_day_is_shown_with_what_visitors_are_told():
    why = {"nl": "Feestdag", "fr": "Jour férié", "en": "Holiday"}

    found = rules.slots(Timetable(patterns=(SATURDAY,), closed={date(2027, 6, 5): why}), FIRST, date(2027, 6, 12))

    assert [(one.off, one.why) for one in found] == [(Off.CLOSED, why), (None, {})]


def test_what_ended_early_is_shown_no_longer_but_found():
    ended = replace(SATURDAY, valid_until=date(2027, 6, 6))
    timetable = Timetable(patterns=(ended,))

    assert [one.day for one in rules.slots(timetable, FIRST, LAST)] == [date(2027, 6, 5)]
    assert rules.slot(timetable, on(ended, date(2027, 6, 12))).off is Off.ENDED


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "nonsense",
        "20270605",
        "20270230" + SATURDAY.pattern_id,
        "20270606" + SATURDAY.pattern_id,
        "２0270605" + "a" * 8,
        "20270605aaaaaaaa",
        "20270904" + SATURDAY.pattern_id,
        "00000000" + SATURDAY.pattern_id,
    ],
)
def test_what_never_was_a_slot_is_none(wanted):
    assert rules.slot(Timetable(patterns=(SATURDAY,)), wanted) is None


def test_who_must_be_told_are_those_of_closed_days_and_beyond_an_early_end():
    ended = replace(SATURDAY, valid_until=date(2027, 8, 20))
    closed = {date(2027, 6, 6): {}, date(2027, 5, 30): {}}

    off = rules.that_are_off(Timetable(patterns=(ended, SUNDAY), closed=closed), NOW.date())

    assert [(one.day, one.off) for one in off] == [
        (date(2027, 6, 6), Off.CLOSED),
        (date(2027, 8, 21), Off.ENDED),
        (date(2027, 8, 28), Off.ENDED),
    ]


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (pattern(starts="10:30", ends="11:30"), True),
        (pattern(starts="09:00", ends="12:00"), True),
        (pattern(lane=" lane  1 ", starts="10:30"), True),
        (pattern(starts="11:00", ends="12:00"), False),
        (pattern(lane="Lane 2", starts="10:30"), False),
        (pattern(weekday=6, starts="10:30"), False),
        (pattern(starts="10:30", valid_from=date(2027, 8, 28), valid_until=date(2027, 12, 31)), True),
        (pattern(starts="10:30", valid_from=date(2027, 8, 29), valid_until=date(2027, 12, 31)), False),
    ],
)
def test_patterns_overlap_where_a_lane_would_be_given_twice(other, overlaps):
    assert bool(rules.overlapping([SATURDAY], other)) == overlaps


def test_a_pattern_does_not_overlap_with_itself():
    assert rules.overlapping([SATURDAY], replace(SATURDAY, places=5)) is None


@st.composite
def patterns(draw):
    days, hour = st.dates(date(2027, 1, 1), date(2027, 12, 31)), draw(st.integers(0, 22))
    return pattern(
        weekday=draw(st.integers(0, 6)),
        starts=f"{hour:02}:00",
        ends=f"{hour + 1:02}:30",
        valid_from=draw(days),
        valid_until=draw(days),
    )


@given(patterns(), patterns())
def test_patterns_overlap_if_and_only_if_two_of_their_slots_do(one, other):
    other = replace(other, pattern_id="other")
    first, last = date(2027, 1, 1), date(2027, 12, 31)
    ones = [(slot.starts, slot.ends) for slot in rules.slots(Timetable(patterns=(one,)), first, last)]
    others = [(slot.starts, slot.ends) for slot in rules.slots(Timetable(patterns=(other,)), first, last)]

    collide = any(a < d and c < b for a, b in ones for c, d in others)

    assert bool(rules.overlapping([one], other)) == collide


@pytest.mark.parametrize(("starts", "ends"), [("02:30", "04:00"), ("01:00", "02:00")])
def test_hours_that_the_clocks_skip_in_march_are_found(starts, ends):
    nightly = pattern(weekday=6, starts=starts, ends=ends, valid_from=date(2027, 3, 1))
    assert rules.clock_trouble(nightly) == date(2027, 3, 28)


def test_hours_that_come_twice_in_october_are_found():
    nightly = pattern(
        weekday=6, starts="02:00", ends="04:00", valid_from=date(2027, 9, 1), valid_until=date(2027, 12, 1)
    )
    assert rules.clock_trouble(nightly) == date(2027, 10, 31)


def test_other_hours_are_no_trouble():
    assert rules.clock_trouble(pattern(weekday=6, valid_from=date(2027, 1, 1), valid_until=date(2027, 12, 31))) is None


@pytest.mark.parametrize(
    ("taken", "held", "people", "reason"),
    [
        (18, 0, 2, None),
        (19, 0, 2, BookingRefusal.FULL),
        (20, 2, 2, None),
        (4, 2, 3, BookingRefusal.HAS_ONE),
    ],
)
def test_who_may_have_places(taken, held, people, reason):
    slot = rules.slot(Timetable(patterns=(SATURDAY,)), on(SATURDAY, date(2027, 6, 5)))
    assert rules.refusal(slot, taken, held, people) is reason


def test_a_slot_can_be_booked_until_it_begins():
    slot = rules.slot(Timetable(patterns=(SATURDAY,)), on(SATURDAY, date(2027, 6, 5)))
    assert rules.unavailable(slot, slot.starts - timedelta(seconds=1)) is None
    assert rules.unavailable(slot, slot.starts) is BookingRefusal.OVER


def test_what_is_booked_may_be_changed_until_so_many_hours_before():
    slot = rules.slot(Timetable(patterns=(SATURDAY,)), on(SATURDAY, date(2027, 6, 5)))
    terms = SwimmingTerms(cancel_hours=2)
    assert rules.may_change(slot, terms, slot.starts - timedelta(hours=2, seconds=1))
    assert not rules.may_change(slot, terms, slot.starts - timedelta(hours=2))
    assert rules.may_change(replace(slot, off=Off.CLOSED), terms, slot.starts)


def test_weeks_begin_on_monday_also_at_new_year():
    assert rules.week_of(date(2027, 1, 3)) == "2026-W53"
    assert rules.week_of(date(2027, 1, 4)) == "2027-W01"


def test_what_is_long_over_is_left_out():
    timetable = Timetable(patterns=(SATURDAY,), closed={date(2027, 6, 6): {}})
    assert rules.without_past(timetable, date(2027, 10, 30)).patterns == (SATURDAY,)
    assert rules.without_past(timetable, date(2027, 10, 31)) == Timetable()
