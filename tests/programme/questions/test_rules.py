"""What a city asks, as JSON Schema and back; who reads the answers; what an answer is."""

import json
from dataclasses import replace
from datetime import UTC

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.http.problems import FieldError
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.questions import checking
from chalicelib.programme.questions.rules import (
    Asked,
    Choice,
    Purpose,
    Question,
    QuestionKind,
    QuestionSet,
    in_order,
    is_key,
    readers,
    said,
    schema_of,
    set_of,
)
from tests.programme.questions.examples import ALLERGENS, EVERY, LUNCH, PHOTOS, SHOE, TETANUS, WHY, asked, texts

KEYS = st.from_regex("[a-z][a-z0-9_]{0,6}", fullmatch=True)
TEXTS = st.dictionaries(st.sampled_from(["nl", "fr", "en"]), st.text(min_size=1, max_size=8), min_size=1)
BOUNDS = st.tuples(st.integers(1, 99), st.integers(0, 99)).map(lambda two: (two[0], two[0] + two[1]))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    kind = draw(st.sampled_from(QuestionKind))
    values = (
        draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
        if kind
        in (
            QuestionKind.CHOICE,
            QuestionKind.SEVERAL,
        )
        else []
    )
    bounds = draw(BOUNDS) if kind in (QuestionKind.TEXT, QuestionKind.NUMBER) else None
    return Question(
        draw(KEYS),
        kind,
        draw(TEXTS),
        draw(st.booleans()),
        draw(st.sampled_from(Purpose)),
        draw(st.just({}) | TEXTS),
        tuple(Choice(value, draw(TEXTS)) for value in values),
        **(dict(zip(("least", "most"), bounds, strict=True)) if bounds else {}),
    )


@st.composite
def sets(draw: st.DrawFn) -> QuestionSet:
    every = draw(st.lists(questions(), max_size=6, unique_by=lambda one: one.key))
    cut = draw(st.integers(0, len(every)))
    moment = draw(st.datetimes(timezones=st.just(UTC)))
    by = Staff(draw(KEYS), draw(st.text(max_size=5)), frozenset())
    return QuestionSet("2027-k7m2xq", draw(st.integers(1, 99)), tuple(every[:cut]), moment, by, tuple(every[cut:]))


@settings(max_examples=60)
@given(sets())
def test_a_set_is_the_json_schema_that_is_kept_of_it(one):
    assert set_of(json.loads(json.dumps(schema_of(one)))) == one


@settings(max_examples=40)
@given(sets())
def test_what_is_kept_is_a_schema_of_draft_07_to_other_programs_too(one):
    jsonschema_rs.meta.validate(schema_of(one))
    jsonschema_rs.Draft7Validator(schema_of(one))


# Values that are and are not answers to the questions of the examples.
SIMPLE = [True, False, 1, 1.0, 20, 48, 49, 19.5, -1, None, "", " ", "own", "soup", "beer", {}]
LISTS = [[], ["nuts"], ["nuts", "gluten"], ["nuts", "nuts"], ["beer"]]
WORDS = [
    "2027-02-28",
    "２０２７-02-28",
    "0000-01-01",
    "2027-02-28\n",
    "2027-02-29",
    "2027-2-28",
    "x" * 200,
    "x" * 201,
    "a\nb",
    "a\x00b",
]
VALUES = st.sampled_from([*SIMPLE, *LISTS, *WORDS])


@settings(max_examples=120)
@given(st.sampled_from(EVERY), VALUES)
def test_an_answer_is_what_another_implementation_of_json_schema_takes_for_one(question, value):
    other = jsonschema_rs.Draft7Validator(schema_of(asked(question))["properties"][question.key], validate_formats=True)

    assert checking.is_answer(question, value) == other.is_valid(value)


def test_answers_are_kept_as_they_are_meant():
    errors: list[FieldError] = []
    given_ = {"photo_consent": False, "lunch": " soup ", "allergens": [], "shoe": 36.0, "why": "", "tetanus": None}

    answers = checking.checked(EVERY, given_, "answers.lou", errors)

    assert errors == []
    assert answers == {
        "photo_consent": False,
        "lunch": "soup",
        "allergens": None,
        "shoe": 36,
        "why": None,
        "tetanus": None,
    }
    assert isinstance(answers["shoe"], int)


def test_what_is_no_answer_is_named_with_what_is_expected():
    errors: list[FieldError] = []

    answers = checking.checked(
        EVERY, {"lunch": "beer", "shoe": "36", "pool": 1, "why": "a\x00b"}, "answers.lou", errors
    )

    assert answers == {}
    assert [(one.field, one.message, dict(one.values)) for one in errors] == [
        ("answers.lou.lunch", "Choose one of the answers.", {}),
        ("answers.lou.shoe", "Give a whole number from {least} to {most}.", {"least": 20, "most": 48}),
        ("answers.lou.pool", "This is not part of the request.", {}),
        ("answers.lou.why", "Write {least} to {most} characters.", {"least": 1, "most": 200}),
    ]


def test_no_to_photos_is_an_answer_and_what_is_no_choice_any_more_is_none():
    assert checking.is_answer(PHOTOS, False)
    assert checking.is_answer(LUNCH, "soup")
    assert not checking.is_answer(LUNCH, "pasta")
    assert not checking.is_answer(PHOTOS, None)


def test_a_session_asks_what_its_opening_asks_first():
    of_opening = asked(replace(PHOTOS, key="o_photo_consent"), of="2027-k7m2xq", version=3)
    own = asked(LUNCH, SHOE, retired=(WHY,))

    both = Asked((of_opening, own))

    assert [one.key for one in both.questions] == ["o_photo_consent", "lunch", "shoe"]
    assert [one.key for one in both.required] == ["o_photo_consent", "lunch"]
    assert both.versions == {"2027-k7m2xq": 3, "k7mxfar3ct": 1}
    assert both.retired == (WHY,)
    assert not asked(SHOE).is_required


@pytest.mark.parametrize(
    ("key", "of_opening", "is_one"),
    [
        *[("lunch", False, True), ("o_lunch", True, True), ("o_lunch", False, False), ("lunch", True, False)],
        *[("", False, False), ("Lunch", False, False), ("a" * 41, False, False), ("__proto__", False, False)],
    ],
)
def test_no_key_of_an_opening_is_one_of_a_session(key, of_opening, is_one):
    assert is_key(key, of_opening) is is_one


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, ["photo_consent", "lunch", "shoe"]),
        ({"shoe": 1}, ["shoe", "photo_consent", "lunch"]),
        ({"photo_consent": 3}, ["lunch", "shoe", "photo_consent"]),
        ({"photo_consent": 2, "lunch": 1, "shoe": 3}, ["lunch", "photo_consent", "shoe"]),
        ({"photo_consent": 99, "lunch": 0}, ["lunch", "shoe", "photo_consent"]),
    ],
)
def test_questions_are_put_in_another_order(places, order):
    assert [one.key for one in in_order((PHOTOS, LUNCH, SHOE), places)] == order


def test_a_question_is_said_in_the_language_asked_for_or_in_dutch():
    assert said(LUNCH.label, "fr") == "Repas de midi"
    assert said({"nl": "Middagmaal", "fr": ""}, "fr") == "Middagmaal"
    assert said({"en": "Lunch"}, "fr") == "Lunch"
    assert said({}, "fr") == ""


def test_nobody_reads_whose_answer_for_statistics_it_is():
    assert readers(Purpose.STATISTICS) == frozenset()
    assert readers(Purpose.CAMP) == {Role.LEADER, Role.DESK}
    assert readers(Purpose.KITCHEN) == {Role.LEADER, Role.DESK, Role.MANAGER}


def test_each_kind_says_how_it_is_answered():
    assert {one.expects[0] for one in EVERY} == {
        "Answer yes or no.",
        "Choose one of the answers.",
        "Choose from the answers, each of them once.",
        "Give a whole number from {least} to {most}.",
        "Give a date as year-month-day, for example 2019-04-30.",
        "Write {least} to {most} characters.",
    }
    assert ALLERGENS.values == ("nuts", "gluten")
    assert TETANUS.label == texts("Laatste tetanusprik", "Dernier vaccin antitétanique", "Last tetanus shot")
