"""Groups of a session: on lists, spreadsheets, on paper; made by one at a time."""

from datetime import date

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.office.attendance import grouping, paper, reading, sheets
from chalicelib.office.attendance.columns import file_name, heading
from chalicelib.office.attendance.rules import NO_GROUP, AttendanceList, by_group, of_group
from chalicelib.people.families.rules import child
from tests.core.printing.printed import pages
from tests.office.attendance.camp import DESK, ELIF, LEADER, LUKASZ, MONDAY, NOW, ZOE, a_camp, registered
from tests.office.attendance.test_sheets import rows

pytestmark = pytest.mark.usefixtures("table")
TIM = child("Tim", "Aerts", date(2023, 1, 1))


def the_list(session_id: str) -> AttendanceList:
    return reading.of_session(LEADER, session_id, MONDAY, NOW)


@pytest.fixture
def grouped(table: None) -> AttendanceList:
    """Given a camp of two groups by age, and a child that came later."""
    camp = a_camp()
    grouping.rename(the_list(camp.session_id), 0, [("", "Kapoenen"), ("", "Zeehonden")])
    grouping.split(the_list(camp.session_id), 1)
    registered(camp, TIM, email="aerts@example.be")
    return the_list(camp.session_id)


def names(of: AttendanceList) -> list[str]:
    return [row.child.first_name for row in of.rows]


def test_the_youngest_are_in_the_first_group_and_who_came_later_in_none(grouped):
    assert {one.group: names(one) for one in by_group(grouped)} == {
        "Kapoenen": ["Elif", "Zoë"],
        "Zeehonden": ["Łukasz"],
        "": ["Tim"],
    }
    assert names(of_group(grouped, NO_GROUP)) == ["Tim"]
    assert len(of_group(grouped, "g9").rows) == 4  # a group that there is not any more


def test_lists_say_the_group_of_each_child_or_are_of_one_group(grouped):
    assert [row[3] for row in rows(sheets.as_csv(grouped, "en"))] == [
        "Group",
        "Not yet in a group",
        "Zeehonden",
        "Kapoenen",
        "Kapoenen",
    ]
    of_one = of_group(grouped, "g1")
    assert heading(of_one, "en") == "Bouwkamp (Lembeke) – Kapoenen, Monday 16 August 2027"
    assert file_name(of_one, "csv") == "2027-08-16-bouwkamp-lembeke-kapoenen.csv"
    assert "Group" not in rows(sheets.as_csv(of_one, "en"))[0]


def test_on_paper_each_group_has_its_own_page(grouped):
    printed = pages(paper.lists_of_day(reading.of_day(DESK, MONDAY, None, NOW), MONDAY, "en", NOW))

    assert [page[0].split(" – ")[1] for page in printed] == [
        "Kapoenen, Monday 16 August 2027",
        "Zeehonden, Monday 16 August 2027",
        "Not yet in a group, Monday 16 August 2027",
    ]


def test_two_who_move_other_children_both_do_and_of_one_child_the_second_is_told(grouped):
    shown = {row.child_id: row.group_id or "" for row in grouped.rows}
    grouping.move(grouped, shown, {**shown, TIM.child_id: "g1"})

    grouping.move(grouped, shown, {**shown, ZOE.child_id: "g2"})
    with pytest.raises(Problem, match="changed"):
        grouping.move(grouped, shown, {**shown, TIM.child_id: "g2"})

    now = the_list(grouped.session.session_id)
    assert {row.child_id: row.group_id for row in now.rows} == {
        TIM.child_id: "g1",
        ZOE.child_id: "g2",
        LUKASZ.child_id: "g2",
        ELIF.child_id: "g1",
    }


def test_an_old_page_ends_no_group(grouped):
    with pytest.raises(Problem, match="changed"):
        grouping.rename(grouped, 1, [("g1", ""), ("g2", "Zeehonden")])


@pytest.mark.parametrize("wrong", [["Kapoenen", "kapoenen"], ["x" * 41], [f"Groep {one}" for one in range(21)]])
def test_names_are_short_and_each_its_own(wrong):
    camp = a_camp()

    with pytest.raises(Problem, match="invalid"):
        grouping.rename(the_list(camp.session_id), 0, [("", one) for one in wrong])
