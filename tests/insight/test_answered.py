"""Answers that are asked for statistics are counted so that nobody is recognised."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.booking.answers import answering
from chalicelib.insight.answered import FEWEST, AnswerNumber, figures, of_sessions
from chalicelib.people.families.rules import child
from chalicelib.programme.questions.rules import Choice, Purpose
from tests.booking.answers.asking import asks
from tests.camps import LOU, family, published
from tests.programme.questions.examples import ALLERGENS, LUNCH, PHOTOS, WHY


def told(question, *values) -> dict[object, int | None]:
    return {one.value: one.number for one in figures(question, values)}


def test_a_number_that_is_too_small_is_hidden_and_never_alone():
    assert told(LUNCH, *["own"] * 9, *["soup"] * 5) == {"own": 9, "soup": 5}
    assert told(LUNCH, *["own"] * 9, *["soup"] * 4) == {"own": None, "soup": None}
    assert told(LUNCH, *["own"] * 9) == {"own": 9, "soup": 0}
    assert told(PHOTOS, True, False) == {True: None, False: None}


def test_two_that_are_hidden_do_not_follow_from_how_many_there_are():
    # Twelve children, ten of whom are told: of the other two, one gave each answer.
    meals = replace(LUNCH, choices=(*LUNCH.choices, Choice("none", {})))
    assert told(meals, *["own"] * 10, "soup", "none") == {"own": None, "soup": None, "none": None}
    assert told(meals, *["own"] * 10, *["soup", "none"] * 4) == {"own": None, "soup": None, "none": None}
    assert told(meals, *["own"] * 10, "soup", "none", "none") == {"own": 10, "soup": None, "none": None}


def test_who_chose_several_counts_for_each():
    assert told(ALLERGENS, *[["nuts", "gluten"]] * 5, *[["nuts"]] * 2) == {"nuts": 7, "gluten": 5}


def test_own_words_are_told_only_where_enough_wrote_the_same():
    assert told(WHY, *["Via school"] * 3, *["via school"] * 3, "Via oma An Claeys", "Via de zwemles") == {
        "via school": 6,
        None: None,
    }
    assert figures(WHY, ["a", "b", "c", "d", "e"]) == [AnswerNumber(None, 5)]
    assert figures(WHY, []) == []


def test_all_of_them_together_say_no_number_below_the_fewest():
    for own in range(12):
        for soup in range(12):
            shown = told(LUNCH, *["own"] * own, *["soup"] * soup)
            assert not any(number is not None and 0 < number < FEWEST for number in shown.values())


@pytest.mark.usefixtures("table")
def test_only_final_seats_and_questions_for_statistics_are_counted_over_sessions_that_ask_the_same():
    for_statistics = replace(LUNCH, purpose=Purpose.STATISTICS, required=False)
    camps = [published(), published(title="Danskamp")]
    for camp in camps:
        asks(camp, for_statistics, replace(PHOTOS, required=False))
    for place in range(6):
        one = family(child(f"Kind{'abcdef'[place]}", "Claeys", LOU.birth_date), email=f"ouder{place}@example.be")
        (named,) = one.pass_.children
        made = one.register(camps[place % 2], named).json_body["registration_id"]
        given = {named.child_id: {"lunch": "own", "photo_consent": True}}
        answering.answer(one.pass_.bearer, made, given, datetime.now(UTC))

    (found,) = of_sessions([one.session_id for one in camps], datetime.now(UTC))

    assert {one.value: one.number for one in found.numbers} == {"own": 6, "soup": 0}
