"""A few of the schedules that `make search-cases` runs a thousand of, and each crash point of a case's way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.forms import canary
from chalicelib.front_door.watching.reconciling import reconcile
from tests.booking.registrations.callers import Crash
from tests.front_door import city
from tests.front_door.city import NADIA, NOW
from tests.front_door.watching.schedules import UNITS, Schedule
from tests.interrupting import before_write, crash


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


@pytest.mark.parametrize("seed", range(3))
def test_received_is_answered_and_in_hand_after_any_schedule(seed: int) -> None:
    Schedule(seed).run(25)


def sent() -> Case:
    return sending.send(city.report(), NOW).case


def answered(case: Case) -> Case:
    deed = Deed(Act.ANSWERED, actor(NADIA), NOW, CaseStatus.ANSWERED, "Klaar.", changes={"answered_on": NOW.date()})
    return acting.change(case, deed)


def forwarded(case: Case) -> Case:
    return acting.change(case, Deed(Act.FORWARDED, actor(NADIA), NOW, changes={"unit_id": "office"}))


@pytest.mark.parametrize("does", [answered, forwarded])
def test_a_container_that_dies_before_a_change_changed_nothing(does: Callable[[Case], Case]) -> None:
    case = sent()

    with before_write(0, crash), pytest.raises(Crash):
        does(case)

    assert table.get(case.case_id) == case
    assert table.in_inbox(case)
    assert does(case).edition == 2


def test_a_citizen_whose_container_died_gets_one_case_by_trying_again() -> None:
    with before_write(0, crash), pytest.raises(Crash):
        sent()
    assert list(table.inbox("streets")) == []

    assert sent().case_id == sent().case_id
    assert len(list(table.inbox("streets"))) == 1


def test_a_look_that_breaks_off_at_any_write_is_done_by_the_next_one() -> None:
    """A case that nobody noted, and that stands in an inbox in which it is no more."""
    case = sent()
    old_place = table.putting_back(case)
    forwarded(case)
    items.transact_write([old_place])
    for number in range(3):
        with before_write(number, crash):
            try:
                reconcile(UNITS, [NOW.date().replace(day=1)], NOW.date())
            except Crash:
                continue
    found = reconcile(UNITS, [NOW.date().replace(day=1)], NOW.date())

    assert not found.noted | found.put_back | found.taken_away | found.gone
    assert [len(list(table.inbox(unit_id))) for unit_id in ("streets", "office")] == [0, 1]


def test_a_canary_that_dies_at_any_write_is_in_no_list_and_swept_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(canary, "_remove", lambda _: crash())
        for number in range(3):
            with before_write(number, crash), pytest.raises(Crash):
                canary.fly(city.COMPLAINT, NOW)
            assert list(table.inbox("office")) == []

    canary.sweep(UNITS, NOW + timedelta(days=1))

    assert list(table.whole_inbox("office")) == []
