from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookState
from tests.front_door import city
from tests.front_door.city import NADIA, NOW

DAY = city.day("2027-03-08")


@pytest.fixture
def case(table: None) -> Case:
    city.a_city()
    return sending.send(city.report(), NOW).case


def answered(case: Case) -> Case:
    deed = Deed(Act.ANSWERED, actor(NADIA), NOW + timedelta(hours=1), CaseStatus.ANSWERED, "Gemaakt.",
                changes={"answered_on": DAY})  # fmt: skip
    return acting.change(case, deed)


def test_a_case_is_a_line_of_the_day_on_which_it_came(case: Case) -> None:
    daybook.note(case)

    (line,) = daybook.of_day(DAY)
    assert (line.form_id, line.state, line.digest) == ("street", DaybookState.RECEIVED, case.digest)


def test_the_line_says_how_it_stands_now_whatever_comes_late_or_twice(case: Case) -> None:
    after = answered(case)

    written = [daybook.note(one) for one in (after, case, after)]

    assert written == [True, False, False]
    assert daybook.get(DAY, case.case_id) == next(daybook.of_day(DAY))
    assert next(daybook.of_day(DAY)).state is DaybookState.ANSWERED


def test_a_canary_is_in_no_count(case: Case) -> None:
    assert not daybook.note(replace(case, is_canary=True))
    assert list(daybook.of_day(DAY)) == []


def test_shortly_before_midnight_utc_it_is_the_next_day_in_brussels(case: Case) -> None:
    late = sending.send(city.report("laat"), NOW.replace(hour=23, minute=30)).case

    daybook.note(late)

    assert [line.case_id for line in daybook.of_day(city.day("2027-03-09"))] == [late.case_id]
