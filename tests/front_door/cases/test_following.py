"""What a citizen may do with their own case, and when."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.http.problems import NOT_NOW, Problem
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, following, sending, table
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import CITIZEN, Act, Case, CaseStatus
from tests.front_door import city
from tests.front_door.city import NADIA, NOW

LATER = NOW + timedelta(days=1)
TODAY = city.day("2027-03-08")


@pytest.fixture
def case(table: None) -> Case:
    city.a_city()
    return sending.send(city.report(), NOW).case


def by_unit(case: Case, act: Act, status: CaseStatus, **changes: Any) -> Case:
    return acting.change(case, Deed(act, actor(NADIA), NOW, status, text="Zo is het.", changes=changes))


def answered(case: Case) -> Case:
    return by_unit(case, Act.ANSWERED, CaseStatus.ANSWERED, answered_on=TODAY)


def test_a_reply_puts_a_case_that_waited_into_the_hands_of_its_unit(case: Case) -> None:
    asked = by_unit(case, Act.ASKED, CaseStatus.WAITING_FOR_CITIZEN)

    after = following.say(asked, "Voor nummer 1.", LATER)

    assert after.status is CaseStatus.IN_PROGRESS
    entry = table.history(after)[-1]
    assert (entry.act, entry.by, entry.text) == (Act.REPLIED, CITIZEN, "Voor nummer 1.")


def test_words_that_nobody_asked_for_change_nothing_else(case: Case) -> None:
    assert following.say(case, "En de volgende ook.", LATER).status is CaseStatus.RECEIVED


def test_who_closes_a_case_takes_it_from_the_inbox(case: Case) -> None:
    after = following.close(case, "", LATER)

    assert (after.status, after.answered_on) == (CaseStatus.CLOSED, city.day("2027-03-09"))
    assert list(table.inbox("streets")) == []


def test_closing_what_was_answered_keeps_the_day_of_the_answer(case: Case) -> None:
    assert following.close(answered(case), "", LATER).answered_on == TODAY


def test_opened_again_it_is_in_the_inbox_with_a_new_deadline(case: Case) -> None:
    closed = by_unit(case, Act.MERGED, CaseStatus.CLOSED, answered_on=TODAY, merged_into="ANOTHER", helped=False)

    after = following.reopen(closed, "Het is een andere tegel.", LATER)

    assert (after.status, after.reopened, after.merged_into, after.helped) == (CaseStatus.REOPENED, 1, "", None)
    assert after.answer_by == city.day("2027-03-23")
    assert [entry.answer_by for entry in table.inbox("streets")] == [after.answer_by]


@pytest.mark.parametrize(("days", "can"), [(0, True), (60, True), (61, False)])
def test_it_can_be_opened_again_for_sixty_days(case: Case, days: int, can: bool) -> None:
    after = answered(case)

    assert following.can_reopen(after, TODAY + timedelta(days=days)) is can
    if not can:
        with pytest.raises(Problem) as refused:
            following.reopen(after, "Toch niet.", NOW + timedelta(days=days))
        assert refused.value.kind is NOT_NOW


def test_whether_it_helped_may_be_said_otherwise_later(case: Case) -> None:
    said = following.say_helped(answered(case), True, LATER)

    assert said.helped is True
    assert following.say_helped(said, True, LATER) is said
    assert following.say_helped(said, False, LATER).helped is False


def test_nothing_is_done_with_a_case_from_where_it_cannot_be_done(case: Case) -> None:
    closed = following.close(case, "", LATER)

    for refused in (
        lambda: following.say(closed, "Nog iets.", LATER),
        lambda: following.close(closed, "", LATER),
        lambda: following.reopen(case, "Toch.", LATER),
        lambda: following.say_helped(case, True, LATER),
    ):
        with pytest.raises(Problem) as problem:
            refused()
        assert problem.value.kind is NOT_NOW
    assert table.get(case.case_id) == closed


def test_what_somebody_else_changed_meanwhile_is_not_written_over(case: Case) -> None:
    answered(case)

    with pytest.raises(Interfered):
        following.close(case, "", LATER)


def test_nobody_fills_the_table_through_one_case(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_EDITIONS", 2)

    twice = following.say(case, "Eén.", LATER)

    with pytest.raises(Problem):
        following.say(twice, "Twee.", LATER)
