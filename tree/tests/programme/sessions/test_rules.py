from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programme.sessions.rules import (
    NEEDED,
    Session,
    SessionStatus,
    all_free,
    closes_at,
    identify,
    is_session_id,
    share_a_day,
    status,
)
from chalicelib.seats.rules import Claim, Reason, age, refusal
from tests.programme.sessions.examples import bouwkamp, sessions

OPENS = datetime(2019, 5, 7, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("name", NEEDED)
def test_a_session_that_lacks_what_a_booking_needs_is_a_draft(name: str) -> None:
    session = bouwkamp(**{name: None}, opens_at=OPENS)

    assert session.missing == (name,)
    assert status(session, 20, OPENS) == SessionStatus.DRAFT
    with pytest.raises(ValueError, match=name):
        all_free(session)


def test_a_session_needs_no_place_hours_or_note() -> None:
    assert bouwkamp(place=None, daily_from=None, daily_until=None, note="", source="").missing == ()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2019, 8, 12), date(2019, 8, 18), False),
        (date(2019, 8, 12), date(2019, 8, 19), True),
        (date(2019, 8, 20), date(2019, 8, 20), True),
        (date(2019, 8, 23), date(2019, 8, 30), True),
        (date(2019, 8, 24), date(2019, 8, 30), False),
        (None, date(2019, 8, 30), False),
        (date(2019, 8, 12), None, False),
    ],
)
def test_sessions_share_a_day_from_the_first_to_the_last_of_them(
    first: date | None, last: date | None, expected: bool
) -> None:
    session = bouwkamp(starts_on=date(2019, 8, 19), ends_on=date(2019, 8, 23))
    other = bouwkamp(starts_on=first, ends_on=last)

    assert share_a_day(session, other) == share_a_day(other, session) == expected
    assert not share_a_day(session, None)


@pytest.mark.parametrize(
    ("opens_at", "seats_left", "now", "expected"),
    [
        (None, 20, OPENS, SessionStatus.ANNOUNCED),
        (OPENS, 20, OPENS - SECOND, SessionStatus.ANNOUNCED),
        (OPENS, 20, OPENS, SessionStatus.OPEN),
        (OPENS, 1, OPENS, SessionStatus.OPEN),
        (OPENS, 0, OPENS, SessionStatus.FULL),
        (OPENS, 20, datetime(2019, 8, 18, 21, 59, 59, tzinfo=UTC), SessionStatus.OPEN),  # 23:59:59 in Brussels
        (OPENS, 20, datetime(2019, 8, 18, 22, 0, tzinfo=UTC), SessionStatus.CLOSED),
        (OPENS, 0, datetime(2019, 8, 19, 8, 0, tzinfo=UTC), SessionStatus.CLOSED),
        (None, 20, datetime(2019, 8, 19, 8, 0, tzinfo=UTC), SessionStatus.CLOSED),
    ],
)
def test_the_status_follows_opening_seats_and_first_day(
    opens_at: datetime | None, seats_left: int, now: datetime, expected: SessionStatus
) -> None:
    assert status(bouwkamp(opens_at=opens_at), seats_left, now) == expected


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2027, 1, 4), datetime(2027, 1, 3, 23, 0, tzinfo=UTC)),
        (date(2027, 7, 5), datetime(2027, 7, 4, 22, 0, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),  # the night in which the clocks go forward
        (date(2027, 10, 31), datetime(2027, 10, 30, 22, 0, tzinfo=UTC)),  # and back
    ],
)
def test_it_closes_at_midnight_in_brussels(starts_on: date, expected: datetime) -> None:
    assert closes_at(starts_on) == expected


@given(
    session=sessions(),
    seats_left=st.integers(0, 10_000),
    now=st.integers(915_148_800, 4_133_980_800).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
def test_the_status_is_what_a_claim_would_hear(session: Session, seats_left: int, now: datetime) -> None:
    # Given a session of which seats_left seats are free and a child of the right age
    if session.missing:
        assert status(session, seats_left, now) == SessionStatus.DRAFT
        return
    left = min(seats_left, session.capacity)
    seats = replace(all_free(session), free=left)
    # When it claims a seat
    heard = refusal(seats, Claim(session.session_id, "registration", {"child": seats.born_until}, int(now.timestamp())))
    # Then it hears what the status says
    says = {
        None: SessionStatus.OPEN,
        Reason.TOO_FEW: SessionStatus.FULL,
        Reason.TOO_EARLY: SessionStatus.ANNOUNCED,
        Reason.CLOSED: SessionStatus.CLOSED,
    }
    assert status(session, left, now) == says[heard]


def test_a_bookable_session_has_all_its_seats_free() -> None:
    seats = all_free(bouwkamp(opens_at=OPENS))

    assert (seats.capacity, seats.free, seats.holders) == (20, 20, {})
    assert seats.opens == int(OPENS.timestamp())
    assert seats.closes == int(closes_at(date(2019, 8, 19)).timestamp())
    assert age(seats.born_until, date(2019, 8, 19)) == 3
    assert age(seats.born_from, date(2019, 8, 19)) == 6
    assert age(seats.born_from - timedelta(days=1), date(2019, 8, 19)) == 7


def test_a_session_without_an_opening_has_seats_that_do_not_open() -> None:
    assert all_free(bouwkamp()).opens is None


@pytest.mark.parametrize(
    ("municipality", "title"),
    [
        ("KAPRIJKE", "bouwkamp (lembeke)"),
        (" Kaprijke ", "Bouwkamp  (Lembeke)"),
        ("Kaprijke", "Bouwkamp\u00a0(Lembeke)"),
    ],
)
def test_capitals_and_spaces_make_no_other_session(municipality: str, title: str) -> None:
    assert identify(municipality, title, date(2019, 8, 19)) == bouwkamp().session_id


def test_an_accent_written_in_two_ways_makes_no_other_session() -> None:
    assert identify("Li\u00e8ge", "\u00c9t\u00e9", None) == identify("Lie\u0300ge", "e\u0301te\u0301", None)


def test_the_id_stays_what_it_was() -> None:
    """A link to a session, and a family's registration, outlive every release."""
    assert bouwkamp().session_id == "kbs8rd9w7m"


@given(sessions())
def test_an_id_is_one_that_can_be_looked_up(session: Session) -> None:
    assert is_session_id(session.session_id)


@pytest.mark.parametrize("text", ["", "x", "a" * 9, "a" * 11, "A" * 10, "1" * 10, "aaaaaaaaa\n", "é" * 10, "a" * 5000])
def test_what_is_no_id_is_seen_without_looking_it_up(text: str) -> None:
    assert not is_session_id(text)
