"""Received = answered + in hand, by count and by case, whatever one of the two records lacks."""

from datetime import date, timedelta

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Way
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookState
from chalicelib.front_door.watching.reconciling import Reconciled, reconcile
from chalicelib.front_door.watching.rules import Sum
from tests.front_door import city
from tests.front_door.city import NADIA, NOW

MARCH = date(2027, 3, 1)
TODAY = date(2027, 3, 8)
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


def sent(key: str, *, noted: bool = True) -> Case:
    case = sending.send(city.report(key), NOW).case
    if noted:
        daybook.note(case)
    return case


def answered(case: Case) -> Case:
    changes = {"answered_on": TODAY}
    return acting.change(case, Deed(Act.ANSWERED, actor(NADIA), LATER, CaseStatus.ANSWERED, "Klaar.", changes=changes))


def lose_place(case: Case) -> None:
    items.transact_write([table.taking_away(table.entry_of(case))])


def looked() -> Reconciled:
    found = reconcile(["streets", "office", "youth"], [MARCH], TODAY)
    again = reconcile(["streets", "office", "youth"], [MARCH], TODAY)
    assert not again.noted | again.put_back | again.taken_away
    assert again.sums == found.sums
    return found


def test_what_the_stream_lost_is_written_down_with_what_it_took() -> None:
    case = answered(sent("1"))

    looked()

    line = daybook.get(TODAY, case.case_id)
    assert line
    assert line.handling
    assert line.handling.hands == 1


def test_what_is_as_it_must_be_is_left_alone() -> None:
    sent("1")
    daybook.note(answered(sent("2")))

    found = looked()

    assert found.sums == {("street", Way.PAGE): Sum(2, 1, 1)}
    assert found.sums["street", Way.PAGE].is_even
    assert not found.noted | found.put_back | found.taken_away | found.gone


def test_a_case_of_which_no_message_came_is_noted() -> None:
    """The stream's message ended in the dead letters."""
    case = sent("1", noted=False)

    assert looked().noted == {case.case_id}
    assert daybook.get(TODAY, case.case_id)


def test_an_answer_of_which_no_message_came_is_noted() -> None:
    case = sent("1")
    answered(case)

    assert looked().noted == {case.case_id}
    line = daybook.get(TODAY, case.case_id)
    assert line is not None
    assert line.state is DaybookState.ANSWERED


def test_a_case_in_nobodys_inbox_is_put_back() -> None:
    """Somebody deleted an item by hand, or a restored backup had an older inbox."""
    case = sent("1")
    lose_place(case)
    assert list(table.inbox("streets")) == []

    assert looked().put_back == {case.case_id}
    assert [entry.case_id for entry in table.inbox("streets")] == [case.case_id]


def test_a_place_of_an_answered_case_is_taken_away() -> None:
    case = sent("1")
    place = table.putting_back(case)
    daybook.note(answered(case))
    items.transact_write([place])

    assert looked().taken_away == {case.case_id}
    assert list(table.inbox("streets")) == []


def test_a_case_in_two_inboxes_is_in_one() -> None:
    case = sent("1")
    place = table.putting_back(case)
    change = Deed(Act.FORWARDED, actor(NADIA), LATER, changes={"unit_id": "office"})
    daybook.note(acting.change(case, change))
    items.transact_write([place])

    assert looked().taken_away == {case.case_id}
    assert [len(list(table.inbox(unit))) for unit in ("streets", "office")] == [0, 1]


def test_a_case_that_is_gone_is_said_and_not_forgotten() -> None:
    case = sent("1")
    items.transact_write(table.removing(case, table.history(case)))

    found = looked()

    assert found.gone == {case.case_id}
    assert not found.sums["street", Way.PAGE].is_even


def test_a_case_of_a_settled_month_that_was_reopened_is_seen() -> None:
    case = sending.send(city.report("1"), NOW - timedelta(days=70)).case

    found = looked()

    assert found.noted == {case.case_id}
    assert found.sums == {("street", Way.PAGE): Sum(1, 0, 1)}
