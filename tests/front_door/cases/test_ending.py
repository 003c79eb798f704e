"""A case is kept for as long as its form says, and not a case that somebody still waits for."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy, Interfered, Refused
from chalicelib.front_door.cases import ending, following, sending, table
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import months_after
from tests.front_door import city
from tests.front_door.city import NOW

CAME = city.day("2027-03-08")
OVER = datetime(2029, 4, 2, 3, tzinfo=UTC)  # 24 months after it was closed, in the first week of a month


@pytest.fixture
def closed(table: None) -> Case:
    city.a_city()
    case = following.close(sending.send(city.report(), NOW).case, "", NOW)
    daybook.note(case)
    return case


def is_there(case: Case) -> bool:
    return table.get(case.case_id) is not None


def test_it_is_deleted_with_its_history_and_its_line_stays(closed: Case) -> None:
    assert ending.end(OVER) == 1

    assert not is_there(closed)
    assert [entry.number for entry in table.history(closed)] == [1], "the arrival that every case has"
    (line,) = daybook.of_day(CAME)
    assert (line.is_gone, line.digest) == (True, closed.digest)
    assert ending.end(OVER + timedelta(days=1)) == 0


@pytest.mark.parametrize("at", [datetime(2029, 3, 7, 3, tzinfo=UTC), datetime(2029, 4, 9, 3, tzinfo=UTC)])
def test_it_stays_until_then_and_is_looked_at_once_a_month(closed: Case, at: datetime) -> None:
    assert ending.end(at) == 0
    assert is_there(closed)


def test_what_is_in_hand_stays_however_old(table: None) -> None:
    city.a_city()
    case = sending.send(city.report(), NOW).case
    daybook.note(case)

    assert ending.end(OVER + timedelta(days=3652)) == 0
    assert is_there(case)


def test_what_was_opened_again_and_is_not_written_down_yet_stays(closed: Case) -> None:
    reopened = following.reopen(closed, "Toch niet.", NOW)

    assert ending.end(OVER) == 0
    assert table.get(reopened.case_id) == reopened


def test_what_is_opened_again_meanwhile_stays(closed: Case) -> None:
    several = table.also_ending

    def read_and_then(case_ids: object) -> dict[str, Case]:
        found = several(case_ids)  # type: ignore[arg-type]
        following.reopen(closed, "Toch niet.", NOW)
        return found

    with mock.patch.object(ending.table, "also_ending", read_and_then):
        assert ending.end(OVER) == 0

    assert is_there(closed)
    assert len(table.history(closed)) == 3


def test_what_breaks_off_is_done_the_next_time(closed: Case) -> None:
    write, calls = items.transact_write, []

    def fails_the_second_time(writes: list[dict[str, object]]) -> None:
        calls.append(writes)
        if len(calls) == 2:
            raise Busy
        write(writes)

    with mock.patch.object(ending.items, "transact_write", fails_the_second_time), pytest.raises(Busy):
        ending.end(OVER)
    assert table.also_ending([closed.case_id])

    assert ending.end(OVER) == 1


def test_a_long_history_goes_too(closed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AT_ONCE", 2)
    case = closed
    for helped in (True, False, True, False):
        case = following.say_helped(case, helped, NOW)
    daybook.note(case)

    assert ending.end(OVER) == 1
    assert len(table.history(case)) == 1


@given(st.dates(max_value=city.day("2100-01-01")), st.integers(0, 240))
def test_months_are_those_of_the_calendar(day: object, months: int) -> None:
    after = months_after(day, months)  # type: ignore[arg-type]

    assert after.day in (day.day, 1)  # type: ignore[attr-defined]
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) - months in (0, 1)  # type: ignore[attr-defined]


def test_what_is_half_deleted_is_found_by_nobody_and_opened_again_by_nobody(
    closed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its citizen has the page open while the parts of its history go; then the container dies."""
    monkeypatch.setattr(ending, "AT_ONCE", 1)
    write, calls = items.transact_write, []

    def meanwhile(writes: list[dict[str, object]]) -> None:
        calls.append(writes)
        if len(calls) == 3:
            with pytest.raises(Interfered):
                following.reopen(closed, "Toch niet.", NOW)
            with pytest.raises(Problem):
                sending.opened(closed.receipt, closed.secret)
            assert table.several([closed.case_id]) == {}
            raise Busy
        write(writes)

    with mock.patch.object(ending.items, "transact_write", meanwhile), pytest.raises(Busy):
        ending.end(OVER)

    with pytest.raises(Refused):
        sending.send(city.report(), NOW)
    assert ending.end(OVER) == 1
    assert table.also_ending([closed.case_id]) == {}
