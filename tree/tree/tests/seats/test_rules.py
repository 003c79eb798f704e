"""Who may have a seat: ages on the first day, and the order of the reasons."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.seats.rules import Claim, Reason, Seats, age, birth_dates, refusal

NOON = 1_800_000_000
BOUWKAMP = Seats(
    "bouwkamp",
    capacity=20,
    free=20,
    holders={},
    opens=NOON - 60,
    closes=NOON + 60,
    born_from=date(2020, 8, 20),
    born_until=date(2024, 8, 19),
)
LOU = date(2022, 5, 1)


def claim(*, children=None, registration="r1", now=NOON):
    return Claim("bouwkamp", registration, children or {"lou": LOU}, now)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2020, 8, 19), date(2026, 8, 18), 5),
        (date(2020, 8, 19), date(2026, 8, 19), 6),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
    ],
)
def test_an_age_is_counted_in_whole_years(born, on, years):
    assert age(born, on) == years


@given(
    first_day=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    born=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    ages=st.tuples(st.integers(0, 99), st.integers(0, 99)).map(sorted),
)
def test_the_birth_dates_of_a_session_are_exactly_those_of_its_ages(first_day, born, ages):
    earliest, latest = birth_dates(first_day, *ages)
    assert (earliest <= born <= latest) == (ages[0] <= age(born, first_day) <= ages[1])


def test_a_free_seat_in_an_open_session_is_granted():
    assert refusal(BOUWKAMP, claim()) is None


@pytest.mark.parametrize(
    ("seats", "wish", "reason"),
    [
        ({"closes": NOON}, claim(), Reason.CLOSED),
        ({"called_off": NOON}, claim(), Reason.CLOSED),
        ({"opens": None}, claim(), Reason.TOO_EARLY),
        ({"opens": NOON + 1}, claim(), Reason.TOO_EARLY),
        ({}, claim(children={"lou": LOU, "jef": date(2024, 8, 20)}), Reason.NOT_ELIGIBLE),
        ({}, claim(children={"lou": LOU, "jef": date(2020, 8, 19)}), Reason.NOT_ELIGIBLE),
        ({"holders": {"lou": "r0"}}, claim(), Reason.ALREADY_HELD),
        ({"free": 1}, claim(children={"lou": LOU, "jef": LOU}), Reason.TOO_FEW),
        # Several at once: first what cannot change.
        ({"closes": NOON, "opens": None, "free": 0}, claim(children={"old": date(2000, 1, 1)}), Reason.CLOSED),
        ({"opens": None, "free": 0}, claim(children={"old": date(2000, 1, 1)}), Reason.NOT_ELIGIBLE),
        ({"opens": None, "free": 0}, claim(), Reason.TOO_EARLY),
        ({"holders": {"lou": "r0"}, "free": 0}, claim(), Reason.ALREADY_HELD),
    ],
)
def test_a_refusal_says_the_reason_that_waiting_mends_last(seats, wish, reason):
    assert refusal(Seats(**{**vars(BOUWKAMP), **seats}), wish) is reason
