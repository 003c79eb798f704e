"""A form that falls silent rings; holidays, floods, New Year and a leap day do not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.front_door.watching.silence.rules import (
    Look,
    Past,
    expected_of,
    poisson_at_most,
    rings,
    rings_on,
)
from tests.bench.silence import Form, Stream, as_said, false_alarms

MONDAY = date(2022, 1, 3)
FOUR_YEARS = 1461 + 182


def past(**ways: list[int]) -> Past:
    days = len(next(iter(ways.values())))
    return Past(MONDAY, ways, [True] * days)


def seven_in_ten(days: int) -> list[int]:
    """0.7 a day, as evenly as whole cases can."""
    return [int(0.7 * (day + 1)) - int(0.7 * day) for day in range(days)]


def evenly(a_year: float, days: int) -> list[int]:
    a_day = a_year / 365.25
    return [int(a_day * (day + 1)) - int(a_day * day) for day in range(days)]


def first_day(before: Past, after: dict[str, list[int]]) -> tuple[int, set[Look]] | None:
    """On which of the days after it rings, the first being 1."""
    for days in range(1, 1 + len(next(iter(after.values())))):
        by_way = {way: [*counts, *after[way][:days]] for way, counts in before.by_way.items()}
        found = rings(replace(before, by_way=by_way, is_exposed=[*before.is_exposed, *[True] * days]))
        if found:
            return days, {one.look for one in found}
    return None


def test_a_form_of_seven_in_ten_a_day_that_gets_nothing_rings_by_day_14():
    assert first_day(past(page=seven_in_ten(FOUR_YEARS)), {"page": [0] * 20}) == (13, {Look.GAP})


def test_169_complaints_in_243_days_would_have_been_missed_after_nine():
    day, _ = first_day(past(page=evenly(169 / 243 * 365.25, FOUR_YEARS)), {"page": [0] * 20})

    assert day == 13
    assert 169 / 243 * day < 10


def test_a_new_form_rings_by_what_its_owner_expects():
    assert as_said(255, 30) == 14
    assert rings(Past(MONDAY, {"page": [0] * 60}, [True] * 60)) == []  # nobody said: it is asked for, and cannot ring


def test_from_245_a_year_to_106_rings_within_three_months():
    day, looks = first_day(past(page=evenly(245, FOUR_YEARS)), {"page": evenly(106, 120)})

    assert looks == {Look.FALL}
    assert 55 <= day <= 80


def test_a_dead_mail_form_rings_while_the_phone_takes_over():
    page, phone = seven_in_ten(FOUR_YEARS), evenly(60, FOUR_YEARS)

    day, looks = first_day(past(page=page, phone=phone), {"page": [0] * 40, "phone": evenly(315, 40)})

    assert looks == {Look.WAY}
    assert day <= 14


def test_a_flood_of_one_way_hides_no_dead_one():
    page, phone = seven_in_ten(FOUR_YEARS), evenly(120, FOUR_YEARS)

    assert first_day(past(page=page, phone=phone), {"page": [0] * 40, "phone": [9] * 40}) == (11, {Look.WAY})


def test_a_flood_alone_is_no_silence():
    page, phone = seven_in_ten(FOUR_YEARS), evenly(120, FOUR_YEARS)

    assert first_day(past(page=page, phone=phone), {"page": seven_in_ten(40), "phone": [9] * 40}) is None


def test_days_without_exposure_are_no_silence():
    """Dark for a month, or a holiday each day: it rings for none of them, and as soon as ever after them."""
    before = past(page=seven_in_ten(FOUR_YEARS))
    dark = replace(
        before, by_way={"page": [*before.by_way["page"], *[0] * 30]}, is_exposed=[True] * FOUR_YEARS + 30 * [False]
    )

    assert rings(dark) == []
    assert first_day(dark, {"page": [0] * 20}) == (13, {Look.GAP})


def test_whoever_looked_is_rung_again_if_it_stays_silent():
    silent = past(page=[*seven_in_ten(FOUR_YEARS), *[0] * 14])
    looked_at = replace(silent, judged_from=silent.last + timedelta(1))

    assert rings(silent)
    assert rings(looked_at) == []
    assert first_day(looked_at, {"page": [0] * 20}) == (13, {Look.GAP})


def test_a_silent_year_does_not_become_what_is_expected():
    silent = past(page=[*seven_in_ten(FOUR_YEARS), *[0] * 500])

    assert expected_of(silent).rate == pytest.approx(0.7, rel=0.01)


def test_weekends_and_summer_are_expected():
    """A form of a school: one each weekday, nothing in July and August."""
    days = [MONDAY + timedelta(at) for at in range(FOUR_YEARS + 600)]
    counts = [1 if day.weekday() < 5 and day.month not in (7, 8) else 0 for day in days]
    found = [rings(past(page=counts[:until])) for until in range(FOUR_YEARS, len(days), 9)]

    assert not any(found)


def test_new_year_and_a_leap_day_have_a_week():
    leap = Past(date(2024, 1, 1), {"page": [1] * 800}, [True] * 800)

    expected = expected_of(leap)

    for day in (date(2024, 2, 29), date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1)):
        assert expected.weight(day) == pytest.approx(1)


def test_the_page_says_when_it_will_ring():
    quiet = past(page=seven_in_ten(FOUR_YEARS))

    assert rings_on(quiet, lambda _: True) == quiet.last + timedelta(13)
    assert rings_on(quiet, lambda day: day.weekday() < 5) > quiet.last + timedelta(13)


def test_two_quiet_years_of_a_seed_ring_for_nothing():
    """What `python -m tests.bench.silence` counts for hundreds of years."""
    assert not false_alarms(Form("245 a year", 245 / 365.25, 0.3, 0.5, (("page", 0.6), ("phone", 0.4))), 0.5, 3)


@given(st.integers(0, 60), st.floats(0.01, 60))
def test_poisson(count, mean):
    assert 0 <= poisson_at_most(count, mean) <= 1.0000001
    assert poisson_at_most(count, mean) <= poisson_at_most(count + 2, mean)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=400), st.integers(0, 400), st.floats(0, 900) | st.none())
def test_any_past_has_an_answer(counts, judged, said):
    """Young, empty, judged beyond its end."""
    any_past = Past(
        MONDAY, {"page": counts, "mail": [0] * len(counts)}, [True] * len(counts), said, MONDAY + timedelta(judged)
    )

    for ring in rings(any_past):
        assert ring.evidence >= ring.threshold > 0
        assert MONDAY <= ring.since <= any_past.last


def test_a_stream_is_the_same_for_the_same_seed():
    streams = [Stream(Form("", 0.7), 5) for _ in range(2)]
    for one in streams:
        one.go_on(50)

    assert streams[0].by_way == streams[1].by_way
