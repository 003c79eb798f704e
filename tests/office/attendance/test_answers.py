"""What families answered to the city's questions, on lists, in files and for the kitchen: for whom it is, as given."""

from dataclasses import replace

import pytest

from chalicelib.booking.answers import answering
from chalicelib.core import memory
from chalicelib.office.attendance import columns, paper, reading, sheets
from chalicelib.office.attendance.rules import (
    AnswerCount,
    AttendanceList,
    ReadAnswer,
    for_the_kitchen,
    row,
)
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.questions.rules import Question
from tests.booking.answers.asking import asks
from tests.camps import BOUWKAMP
from tests.core.printing.printed import pages
from tests.office.attendance.camp import DESK, ELIF, LEADER, LUKASZ, MANAGER, MONDAY, NOW, ZOE, a_camp
from tests.programme.questions.examples import ALLERGENS, LUNCH, PHOTOS, SHOE, WHY, texts

OMA = '=HYPERLINK("https://example.org")\n@SUM(A1)'
WISH = replace(WHY, key="wish", label=texts("Eetwens", "Souhait", "Wish"), purpose=LUNCH.purpose, help={})


def a_row(child, unanswered: bool = False, **answers: object):
    questions: dict[str, Question] = {one.key: one for one in (PHOTOS, LUNCH, ALLERGENS, WISH)}
    found = {key: ReadAnswer(questions[key], value) for key, value in answers.items()}
    made = row("4W3-KPA-9RTX", child, MONDAY, is_final=True, care=None, with_medical=False)
    return replace(made, answers=found, unanswered=unanswered)


ROWS = (
    a_row(ZOE, lunch="own", allergens=["nuts", "gluten"]),
    a_row(LUKASZ, lunch="soup", allergens=["nuts"], wish=OMA),
    a_row(ELIF, unanswered=True),
)
LIST = AttendanceList(BOUWKAMP, MONDAY, ROWS, with_medical=False, questions=(PHOTOS, LUNCH, ALLERGENS, WISH))


def test_each_question_is_a_column_before_the_remarks():
    assert columns.titles(LIST, "en")[-5:] == [
        "May we take photos?",
        "Lunch",
        "What does your child not eat?",
        "Wish",
        "Remark",
    ]
    assert columns.cells(LIST, ROWS[0], "nl")[-5:-1] == ["", "Eigen boterhammen", "Noten, Gluten", ""]
    assert "Required questions are not answered" in columns.cells(LIST, ROWS[2], "en")[-1]


def test_the_kitchen_counts_each_choice_also_that_nobody_took_and_what_families_wrote():
    assert for_the_kitchen(LIST, "en") == [
        AnswerCount(LUNCH, "Own sandwiches", 1),
        AnswerCount(LUNCH, "Soup with it", 1),
        AnswerCount(ALLERGENS, "Nuts", 2),
        AnswerCount(ALLERGENS, "Gluten", 1),
        AnswerCount(WISH, OMA, 1),
    ]
    nobody = replace(LIST, rows=())
    assert [one.children for one in for_the_kitchen(nobody, "en")] == [0, 0, 0, 0]


def test_an_answer_that_looks_like_a_formula_is_a_text_in_a_spreadsheet():
    said = sheets.as_csv(LIST, "nl").decode("utf-8-sig")

    assert "'=HYPERLINK" in said
    assert "'@SUM(A1)" in said
    assert sheets.as_xlsx(replace(LIST, questions=(WISH,) * 30), "nl")


def test_on_paper_answers_stand_among_the_remarks_and_the_kitchen_s_counts_below():
    (printed,) = pages(paper.lists_of_day([LIST], MONDAY, "en", NOW))
    said = " ".join(printed)

    assert "For the kitchen" in said
    assert "Lunch Own sandwiches: 1" in said
    assert "Required questions are not answered" in said


@pytest.fixture
def camp(table: None):
    session = a_camp()
    asks(session, PHOTOS, LUNCH, SHOE, WHY)
    for child, given in ((ZOE, {"lunch": "own", "photo_consent": True, "why": "Via oma"}), (LUKASZ, {"lunch": "soup"})):
        answer(session, child, given)
    return session


def answer(session, child, given) -> None:
    found = next(one for one in reading.of_session(LEADER, session.session_id, MONDAY, NOW).rows if one.child == child)
    bearer = reading.registrations.get(found.registration_id)
    assert bearer
    family = reading.families.get(bearer.family_id, bearer.pass_id)
    assert family
    answering.answer(family.bearer, found.registration_id, {child.child_id: given}, NOW)


def read(by: Staff, session) -> dict[str, list[str]]:
    """The columns of questions and what stands in them, for who looks."""
    found = reading.of_session(by, session.session_id, MONDAY, NOW)
    return {one.label["en"]: [columns.answer_of(each, one, "en") for each in found.rows] for one in found.questions}


def test_each_role_has_the_columns_that_are_for_it_and_nobody_those_of_statistics(camp):
    own = {"Lunch": ["Soup with it", "", "Own sandwiches"]}

    assert read(LEADER, camp) == {"May we take photos?": ["", "", "yes"], **own, "Shoe size": ["", "", ""]}
    assert read(DESK, camp) == read(LEADER, camp)
    assert read(MANAGER, camp) == own
    assert read(replace(MANAGER, roles=frozenset({Role.MANAGER, Role.FINANCE, Role.AUDITOR})), camp) == own


def test_an_answer_reads_as_it_was_given_whatever_is_asked_since(camp):
    veggie = replace(LUNCH, choices=(replace(LUNCH.choices[0], label=texts("Veggie", "Veggie", "Veggie")),))
    asks(camp, PHOTOS, veggie, version=2, retired=(SHOE,))
    memory.forget_all()

    found = reading.of_session(LEADER, camp.session_id, MONDAY, NOW)

    assert read(LEADER, camp)["Lunch"] == ["Soup with it", "", "Own sandwiches"]
    assert "Shoe size" not in read(LEADER, camp)
    assert [one.unanswered for one in found.rows] == [True, True, False]
