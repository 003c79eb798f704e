from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, scope, sending, table
from chalicelib.front_door.cases.acting import BY_CITIZEN, BY_STORMLOOP, Deed, actor
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from tests.front_door import city
from tests.front_door.city import NADIA, NOW, RIA

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def case(table: None) -> Case:
    city.a_city()
    return sending.send(city.report(), NOW).case


def answered(case: Case) -> Case:
    deed = Deed(Act.ANSWERED, actor(NADIA), LATER, CaseStatus.ANSWERED, text="De tegel ligt vast.",
                changes={"answered_on": city.day("2027-03-08")})  # fmt: skip
    return acting.change(case, deed)


def test_an_answer_stands_in_the_history_and_takes_the_case_from_the_inbox(case: Case) -> None:
    after = answered(case)

    assert table.get(case.case_id) == after
    assert (after.status, after.edition) == (CaseStatus.ANSWERED, 2)
    assert [(one.act, one.text, one.by) for one in table.history(after)] == [
        (Act.RECEIVED, "", "citizen"),
        (Act.ANSWERED, "De tegel ligt vast.", NADIA.staff_id),
    ]
    assert list(table.inbox("streets")) == []


def test_what_the_citizen_reopens_is_in_hand_again(case: Case) -> None:
    after = acting.change(
        answered(case), Deed(Act.REOPENED, BY_CITIZEN, LATER, CaseStatus.REOPENED, changes={"reopened": 1})
    )

    assert [entry.status for entry in table.inbox("streets")] == [CaseStatus.REOPENED]
    assert after.reopened == 1


def test_a_case_that_is_forwarded_is_in_one_inbox(case: Case) -> None:
    acting.change(case, Deed(Act.FORWARDED, actor(NADIA), LATER, changes={"unit_id": "office"}))

    assert [list(table.inbox(unit)) == [] for unit in ("streets", "office")] == [True, False]


def test_a_longer_deadline_moves_it_in_the_inbox(case: Case) -> None:
    acting.change(case, Deed(Act.LENGTHENED, actor(NADIA), LATER, changes={"answer_by": city.day("2027-04-06")}))

    assert [entry.answer_by for entry in table.inbox("streets")] == [city.day("2027-04-06")]


def test_of_two_who_change_it_at_once_one_is_told_so(case: Case) -> None:
    answered(case)

    with pytest.raises(Interfered):
        answered(case)
    assert len(table.history(case)) == 2


def test_a_status_that_it_cannot_get_is_refused(case: Case) -> None:
    with pytest.raises(Problem) as refused:
        acting.change(case, Deed(Act.REOPENED, BY_CITIZEN, LATER, CaseStatus.REOPENED))

    assert refused.value.kind.slug == "not-now"


def test_fields_that_say_nothing_any_more_are_gone(case: Case) -> None:
    taken = acting.change(case, Deed(Act.TAKEN, actor(NADIA), LATER, changes={"assignee": NADIA.email}))
    free = acting.change(taken, Deed(Act.ASSIGNED, BY_STORMLOOP, LATER, changes={"assignee": ""}))

    assert table.get(case.case_id) == free


def test_the_first_mail_is_marked_on_its_coming(case: Case) -> None:
    table.mark_told(case, 1, "citizen")
    table.mark_told(case, 1, "unit")

    assert [(one.act, one.told) for one in table.history(case)] == [(Act.RECEIVED, ("citizen", "unit"))]


def test_only_people_of_its_unit_may_read_a_case(case: Case) -> None:
    scope.of_case(NADIA, NOW, case.case_id)
    for nobody in (RIA, replace(NADIA, email=""), replace(NADIA, email="nadia@elsewhere.example")):
        with pytest.raises(Problem) as refused:
            scope.of_case(nobody, NOW, case.case_id)
        assert refused.value.kind is NOT_FOUND
    assert [unit.unit_id for unit in scope.units_of(NADIA)] == ["streets"]


def test_what_is_removed_leaves_nothing(case: Case) -> None:
    after = answered(case)
    from chalicelib.core import table as items

    items.transact_write(table.removing(after, table.history(after)))

    assert table.get(case.case_id) is None
    assert len(table.history(after)) == 1
