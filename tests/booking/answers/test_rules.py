"""What families answered: what stands afterwards, what is missing, what goes along, how it reads."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.answers.rules import (
    Answers,
    are_the_same,
    entered,
    in_text,
    missing,
    readable,
    renamed,
    taken_along,
    unanswered,
)
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.staff.rules import Role
from chalicelib.programme.questions.checking import is_answer
from tests.programme.questions.examples import ALLERGENS, EVERY, LUNCH, PHOTOS, SHOE, TETANUS, WHY, texts

LOU, JEF = "c1", "c2"
NOTHING = Answers("g2bxdsa4e9vk2m4p6r8")
NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
FIRST = {one.key: 1 for one in EVERY}
SECOND = {one.key: 2 for one in EVERY}
ELS = Editor("sub-els", "Els Maes")


def test_what_is_left_out_keeps_its_answer_and_null_takes_it_away():
    one = entered(NOTHING, {LOU: {"lunch": "own", "photo_consent": True}}, FIRST, NOW, None)
    two = entered(one, {LOU: {"photo_consent": None}, JEF: {"lunch": "soup"}}, SECOND, NOW, ELS)

    assert two.values([LOU, JEF]) == {LOU: {"lunch": "own"}, JEF: {"lunch": "soup"}}
    assert (two.of[LOU].given["lunch"].version, two.of[JEF].given["lunch"].version) == (1, 2)
    assert (two.edition, two.of[LOU].by, one.of[LOU].by) == (2, ELS, None)


def test_the_same_answer_again_changes_nothing_and_keeps_the_version_under_which_it_was_given():
    one = entered(NOTHING, {LOU: {"lunch": "own"}}, FIRST, NOW, None)

    assert entered(one, {LOU: {"lunch": "own"}}, SECOND, NOW, ELS) is one
    assert entered(NOTHING, {LOU: {}}, FIRST, NOW, None) is NOTHING


def test_a_required_question_is_missing_until_it_has_an_answer_that_counts_now():
    assert missing(EVERY, NOTHING, [LOU], is_answer) == {LOU: ["photo_consent", "lunch"]}
    answered = entered(NOTHING, {LOU: {"lunch": "own", "photo_consent": False}}, FIRST, NOW, None)
    assert missing(EVERY, answered, [LOU], is_answer) == {}
    assert missing(EVERY, answered, [LOU, JEF], is_answer) == {JEF: ["photo_consent", "lunch"]}

    without = replace(LUNCH, choices=LUNCH.choices[1:])
    assert missing([without], answered, [LOU], is_answer) == {LOU: ["lunch"]}
    assert unanswered([without, SHOE], answered, LOU, is_answer) == (without, SHOE)


def test_what_is_asked_in_the_same_words_goes_along_under_the_version_there():
    before = entered(NOTHING, {LOU: {"lunch": "own", "shoe": 30}, JEF: {"lunch": "soup"}}, FIRST, NOW, None)

    after = taken_along(before, "another-one", [LOU], {"lunch"}, {"lunch": 7})

    assert after is not None
    assert (after.values([LOU, JEF]), after.edition) == ({LOU: {"lunch": "own"}, JEF: {}}, 1)
    assert after.of[LOU].given["lunch"].version == 7
    assert taken_along(before, "another-one", [LOU], {"why"}, {"why": 1}) is None


def test_another_question_by_the_same_key_is_not_the_same():
    assert are_the_same(LUNCH, replace(LUNCH, required=False, help=texts("a", "b", "c")))
    assert not are_the_same(LUNCH, replace(LUNCH, purpose=PHOTOS.purpose))
    assert not are_the_same(LUNCH, replace(LUNCH, label=texts("Ontbijt", "Petit déjeuner", "Breakfast")))


def test_a_child_with_another_id_takes_its_answers_along():
    before = entered(NOTHING, {LOU: {"lunch": "own"}}, FIRST, NOW, None)

    assert renamed(before, LOU, JEF).values([LOU, JEF]) == {LOU: {}, JEF: {"lunch": "own"}}


def test_an_answer_reads_as_people_say_it():
    assert in_text(PHOTOS, True, "en") == "yes"
    assert in_text(LUNCH, "own", "fr") == "Ses tartines"
    assert in_text(ALLERGENS, ["nuts", "gluten"], "nl") == "Noten, Gluten"
    assert in_text(SHOE, 31, "nl") == "31"
    assert in_text(TETANUS, "2024-05-01", "nl") == "1 mei 2024"
    assert in_text(WHY, "Via oma", "nl") == "Via oma"
    assert in_text(LUNCH, "a choice that is gone", "nl") == "a choice that is gone"


def test_each_role_reads_what_is_for_it():
    def keys(*roles: Role) -> list[str]:
        return [one.key for one in readable(EVERY, roles)]

    assert keys(Role.LEADER) == keys(Role.DESK) == ["photo_consent", "lunch", "allergens", "shoe", "tetanus"]
    assert keys(Role.MANAGER) == ["lunch", "allergens"]
    assert keys(Role.FINANCE, Role.AUDITOR, Role.APPROVER) == []


VALUES = st.one_of(st.none(), st.booleans(), st.integers(2, 4), st.text(max_size=3), st.lists(st.text(max_size=2)))
WANTED = st.dictionaries(st.sampled_from([LOU, JEF]), st.dictionaries(st.sampled_from(sorted(FIRST)), VALUES))


@given(WANTED, WANTED)
def test_the_last_word_about_each_key_is_what_stands(first, second):
    after = entered(entered(NOTHING, first, FIRST, NOW, None), second, SECOND, NOW, ELS)

    for child in (LOU, JEF):
        said = {**first.get(child, {}), **second.get(child, {})}
        assert after.values([child])[child] == {key: value for key, value in said.items() if value is not None}
    assert entered(after, second, SECOND, NOW, ELS) is after
