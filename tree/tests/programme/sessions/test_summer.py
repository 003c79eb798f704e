from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programme.sessions.changes import Broken, ProgrammeRow
from chalicelib.programme.sessions.rules import Session, identify
from chalicelib.programme.sessions.summer import coming_summer, move_to_summer
from tests.programme.sessions.examples import DAYS, PROGRAMME, bouwkamp, read_rows, sessions

TODAY = date(2026, 11, 21)


def rows_of(*sessions: Session) -> list[ProgrammeRow]:
    return [ProgrammeRow(line, session) for line, session in enumerate(sessions, 2)]


def moved(*sessions: Session, today: date = TODAY) -> list[Session]:
    return [row.session for row in move_to_summer(rows_of(*sessions), today)]


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2027, 1, 1), 2027),
        (date(2027, 6, 30), 2027),
        (date(2027, 7, 1), 2027),
        (date(2027, 7, 2), 2028),
        (date(2027, 12, 31), 2028),
    ],
)
def test_the_coming_summer(today: date, year: int) -> None:
    summer = coming_summer(today)

    assert (summer.first, summer.last) == (date(year, 7, 1), date(year, 8, 31))


def test_the_real_programme_moves_and_its_summer_weeks_stay_near_their_days() -> None:
    # Given the lists of 2018 to 2021
    rows = read_rows(PROGRAMME.read_bytes())
    # When they are moved in November 2026
    found = {row.session.title: (row.session.starts_on, row.session.ends_on) for row in move_to_summer(rows, TODAY)}
    # Then what was in a summer is in the same week of the next one
    assert found["Bouwkamp (Lembeke)"] == (date(2027, 8, 16), date(2027, 8, 18))
    assert found["Kleuterkamp sprookjes"] == (date(2027, 7, 26), date(2027, 7, 30))
    assert found["Zomerkamp week 1 (4 days; not 21/7)"] == (date(2027, 7, 19), date(2027, 7, 23))
    # And Carnival and Christmas are too, on the same weekdays
    carnival = found["Kleutersportkamp (krokus)"]
    assert (carnival[0].strftime("%a"), carnival[1].strftime("%a")) == ("Thu", "Fri")
    assert found["Omnisportkamp (per week)"] == (None, None)


@given(st.lists(sessions(), max_size=8, unique_by=lambda session: session.session_id), DAYS)
def test_dates_move_by_whole_weeks_into_the_summer_or_nothing_moves(some: list[Session], today: date) -> None:
    summer = coming_summer(today)
    try:
        found = moved(*some, today=today)
    except Broken:
        assert any(s.ends_on and s.starts_on and (s.ends_on - s.starts_on).days > 55 for s in some)
        return

    for before, after in zip(some, found, strict=True):
        for name in ("starts_on", "ends_on"):
            was, now = getattr(before, name), getattr(after, name)
            assert (was is None) == (now is None)
            if was and now:
                assert (now - was).days % 7 == 0
                assert summer.first <= now <= summer.last
        if before.starts_on and before.ends_on:
            assert after.ends_on - after.starts_on == before.ends_on - before.starts_on
        assert after.session_id == identify(after.municipality, after.title, after.starts_on)


@given(st.lists(DAYS, unique=True, max_size=40), st.randoms())
def test_sessions_of_one_title_stay_different_and_the_order_of_the_rows_plays_no_part(
    days: Sequence[date], random: object
) -> None:
    # Given a title with sessions of three days on many days of many years
    given_ = [bouwkamp(starts_on=day, ends_on=day + timedelta(days=2)) for day in days]
    per_weekday = [sum(day.weekday() == weekday for day in days) for weekday in range(7)]
    # When they are moved
    try:
        found = moved(*given_)
    except Broken:
        # Then some find no place only if a weekday has more of them than the summer has such days
        assert max(per_weekday) > 8
        return
    # or all have days of their own, whatever their order in the file
    assert len({session.starts_on for session in found}) == len(days)
    shuffled = list(zip(given_, found, strict=True))
    random.shuffle(shuffled)
    assert moved(*(before for before, _ in shuffled)) == [after for _, after in shuffled]


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)).filter(lambda day: day.month in (7, 8)))
def test_a_summer_day_stays_within_a_week_of_itself(day: date) -> None:
    (session,) = moved(bouwkamp(starts_on=day, ends_on=day))

    assert abs(session.starts_on - day.replace(year=2027)) <= timedelta(days=6)


def test_what_lies_in_the_coming_summer_stays_where_it_is() -> None:
    session = bouwkamp(starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))

    assert moved(session) == [session]


def test_who_lay_in_the_summer_chooses_first() -> None:
    summers = [bouwkamp(starts_on=date(2027, 7, 5) + timedelta(weeks=week), ends_on=None) for week in range(8)]
    easter = bouwkamp(starts_on=date(2027, 3, 29), ends_on=None)

    found = moved(easter, *summers)

    assert found[1:] == summers
    assert found[0].starts_on == date(2027, 8, 30)


def test_too_many_for_one_summer_are_named_with_their_lines() -> None:
    ten_mondays = [bouwkamp(starts_on=date(2019, 1, 7) + timedelta(weeks=week), ends_on=None) for week in range(10)]

    with pytest.raises(Broken) as raised:
        moved(*ten_mondays)

    assert [error.line for error in raised.value.errors] == [11]
