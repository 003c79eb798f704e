from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.front_door.deadlines import MOST_DAYS, DayCount, DeadlineRule, answer_by, is_worked, later

AWB = DeadlineRule(42, DayCount.CALENDAR, "NL", 28, "Awb 9:11")
KORTEMARK = DeadlineRule(14, DayCount.CALENDAR, "BE")
STREET = DeadlineRule(10, DayCount.WORKING, "BE")


@pytest.mark.parametrize(
    ("rule", "received_on", "by"),
    [
        (AWB, "2027-03-08", "2027-04-19"),
        # 29 March is Easter Monday, and 42 days after 15 February.
        (AWB, "2027-02-15", "2027-03-30"),
        (KORTEMARK, "2027-12-18", "2028-01-03"),  # New Year's Day is a Saturday
        (STREET, "2027-03-08", "2027-03-22"),
        # Ascension Day is 6 May, the day after it is worked; Whit Monday is 17 May.
        (STREET, "2027-05-04", "2027-05-20"),
        (STREET, "2027-12-24", "2028-01-07"),
        (DeadlineRule(1, DayCount.WORKING, "BE"), "2028-02-28", "2028-02-29"),
        (DeadlineRule(1, DayCount.WORKING, "NL"), "2027-04-26", "2027-04-28"),  # King's Day
    ],
)
def test_the_day_by_which_a_case_is_answered(rule: DeadlineRule, received_on: str, by: str) -> None:
    assert answer_by(rule, date.fromisoformat(received_on)) == date.fromisoformat(by)


@given(
    st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    st.integers(1, MOST_DAYS),
    st.sampled_from(DayCount),
    st.sampled_from(("BE", "NL")),
)
def test_a_deadline_is_a_day_on_which_somebody_works_and_never_too_soon(
    day: date, days: int, counted: DayCount, country: str
) -> None:
    rule = DeadlineRule(days, counted, country)

    by = answer_by(rule, day)

    assert is_worked(by, country)
    assert (by - day).days >= days
    assert later(rule, by, 1) > by
