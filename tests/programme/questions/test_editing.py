"""What a programme manager makes of a set of questions: what stays what it was, and what the ledger says of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.office.desk import exceptions
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.questions import editing
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.editing import Deed, arrange, of_opening, of_session, save, wanted
from chalicelib.programme.questions.examples import EXAMPLES
from chalicelib.programme.questions.rules import Purpose, Question, QuestionKind, is_key
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import AskedBy, HeldFor
from tests.camps import BOUWKAMP, LOU, family, published
from tests.programme.openings.plans import drafted, published_opening
from tests.programme.questions.examples import LUNCH, PHOTOS, SHOE, asked

NOW = datetime(2027, 3, 7, 20, tzinfo=UTC)
ELS = Staff("els-7", "Els Maes", frozenset())
SESSION = BOUWKAMP.session_id
WHY = "De keuken moet het weten."


def texts(text: str) -> dict[str, str]:
    return {language: f"{text} {language}" for language in LANGUAGES}


def typed(text="Wat eet je kind?", *choices: str, **more):
    rows = [{"value": None, "label": texts(one)} for one in choices]
    helps = dict.fromkeys(LANGUAGES)
    common = {"label": texts(text), "help": helps, "required": True, "purpose": "kitchen"}
    return {**common, **({"choices": rows} if choices else {}), **more}


def deed(version=0, reason=WHY) -> Deed:
    return Deed(version, ELS, reason, NOW)


def refused(call, *given, **more) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*given, **more)
    return caught.value


def fields(problem: Problem) -> list[str]:
    return [one.field for one in problem.errors]


def test_a_question_is_made_of_what_is_typed():
    question = wanted(typed("Lunch?", "Soup", "Soup of the day!"), QuestionKind.CHOICE)

    assert question.values == ("soup_en", "soup_of_the_day_en")
    assert (question.required, question.purpose, question.help) == (True, Purpose.KITCHEN, {})


def test_a_choice_keeps_its_value_however_it_is_worded():
    content = typed()
    content["choices"] = [
        {"value": "soup", "label": texts("Tomato soup")},
        {"value": "somebody-s", "label": texts("Soup")},
    ]
    before = Question("lunch", QuestionKind.CHOICE, {}, True, Purpose.KITCHEN, choices=LUNCH.choices)
    assert before.values == ("own", "soup")

    content["choices"][1]["value"] = None
    assert wanted(content, QuestionKind.CHOICE, before).values == ("soup", "soup_en")
    content["choices"][1]["value"] = "soup"  # one of them only
    assert wanted(content, QuestionKind.CHOICE, before).values == ("soup", "soup_en")


@pytest.mark.parametrize(
    ("kind", "changed", "wrong"),
    [
        (QuestionKind.YES_NO, {"label": {"nl": "Foto's?", "fr": "", "en": "Photos?"}}, ["label.fr"]),
        (QuestionKind.YES_NO, {"purpose": "police"}, ["purpose"]),
        (QuestionKind.YES_NO, {"most": 3}, ["most"]),
        (QuestionKind.CHOICE, {"choices": [{"value": None, "label": texts("Soup")}]}, ["choices"]),
        (QuestionKind.CHOICE, {"choices": [{"value": None, "label": texts("Soup")}] * 2}, ["choices[1].label.nl"]),
        (QuestionKind.SEVERAL, {}, ["choices"]),
        (QuestionKind.NUMBER, {"least": 5, "most": 4}, ["most"]),
        (QuestionKind.NUMBER, {"least": "five", "most": 4}, ["least"]),
        (QuestionKind.TEXT, {"most": 1001}, ["most"]),
    ],
)
def test_what_is_no_question_is_named(kind, changed, wrong):
    assert fields(refused(wanted, typed(**changed), kind)) == wrong


def test_before_anybody_has_a_seat_a_change_needs_no_reason(table):
    published()
    first = save(of_session(SESSION), replace(EXAMPLES["lunch"], key=""), deed())
    assert [one.key for one in first.questions] == ["what_does_your_child_have_for"]

    second = save(of_session(SESSION), wanted(typed("Photos?"), QuestionKind.YES_NO), deed(1), wish="photo_consent")

    assert [one.key for one in second.questions] == ["what_does_your_child_have_for", "photo_consent"]
    assert ledger.entries() == []
    assert seats_table.get([SESSION])[SESSION].asks == {AskedBy.SESSION}


def test_once_a_family_has_a_seat_a_change_has_a_reason_in_the_ledger(table):
    published()
    family(LOU).register(BOUWKAMP, LOU)
    question = wanted(typed(), QuestionKind.YES_NO)

    assert fields(refused(save, of_session(SESSION), question, deed(reason=""))) == ["reason"]
    assert of_session(SESSION).current is None
    save(of_session(SESSION), question, deed())

    entry = ledger.entries()[-1]
    assert (entry.what, entry.session_id, entry.reason) == (LedgerAct.QUESTIONS_CHANGED, SESSION, WHY)
    assert entry.details == {"version": 1, "questions": 1, "required": 1}


def test_a_question_keeps_its_kind_and_once_families_have_seats_its_purpose(table):
    """Who was told that answers are only counted is not read by the leaders later."""
    published()
    counted = replace(wanted({**typed(), "purpose": "statistics"}, QuestionKind.YES_NO), key="vegan")
    stored(counted)
    read = replace(counted, purpose=Purpose.CAMP)
    assert refused(save, of_session(SESSION), replace(read, kind=QuestionKind.DATE), deed(1)).kind.slug == "invalid"
    assert save(of_session(SESSION), read, deed(1)).questions == (read,)

    family(LOU).register(BOUWKAMP, LOU)
    assert fields(refused(save, of_session(SESSION), counted, deed(2))) == ["purpose"]
    assert save(of_session(SESSION), replace(read, required=False), deed(2)).version == 3


def test_nor_does_it_change_while_families_wait_who_may_have_answered_already(table):
    session = published(capacity=1)
    exceptions.hold_back(exceptions.Deed(ELS, WHY, NOW), SESSION, HeldFor.STAFF, 1)
    counted = replace(wanted({**typed(), "purpose": "statistics"}, QuestionKind.YES_NO), key="vegan")
    stored(counted)
    before = of_session(SESSION)
    assert family(LOU).register(session, LOU).json_body["status"] == "waitlisted"

    read = replace(counted, purpose=Purpose.CAMP)
    assert fields(refused(save, of_session(SESSION), read, deed(1))) == ["purpose"]
    assert refused(save, before, read, deed(1)).kind.slug == "changed"  # whoever looked before they came


def test_whoever_saves_what_stood_before_takes_nothing_back_that_a_colleague_requires_since(table):
    """The same once more is repeated into the seats, for what broke off: only while it is the last version."""
    published()
    optional = replace(PHOTOS, required=False)
    stored(optional)
    before = of_session(SESSION)
    save(of_session(SESSION), PHOTOS, deed(1))

    assert refused(save, before, optional, deed(1)).kind.slug == "changed"
    assert seats_table.get([SESSION])[SESSION].asks == {AskedBy.SESSION}


def test_whoever_registers_between_the_look_and_the_write_is_not_missed(table):
    published()
    found = of_session(SESSION)
    family(LOU).register(BOUWKAMP, LOU)

    assert refused(save, found, wanted(typed(), QuestionKind.YES_NO), deed()).kind.slug == "changed"

    assert of_session(SESSION).current is None
    assert of_session(SESSION).needs_reason


def test_of_two_who_change_it_the_second_looks_again(table):
    published()
    found = of_session(SESSION)
    save(found, wanted(typed(), QuestionKind.YES_NO), deed())

    assert refused(save, found, wanted(typed(), QuestionKind.DATE), deed()).kind.slug == "changed"
    assert refused(save, of_session(SESSION), wanted(typed(), QuestionKind.DATE), deed()).kind.slug == "changed"


def stored(*these: Question, of: str = SESSION) -> None:
    questions.store(asked(*these, of=of), list(seats_table.get([SESSION]).values()))


def keys(version) -> list[str]:
    return [one.key for one in version.questions]


def test_what_is_asked_no_more_is_kept_and_can_be_asked_again_under_its_key(table):
    published()
    stored(PHOTOS, LUNCH)

    gone = arrange(of_session(SESSION), {}, ["photo_consent"], [], deed(1))
    assert (keys(gone), gone.retired) == (["lunch"], (PHOTOS,))
    new = wanted({**typed("Photos?"), "most": 9}, QuestionKind.TEXT)
    assert keys(save(of_session(SESSION), new, deed(2), wish="photo_consent")) == ["lunch", "photo_consent_2"]

    back = arrange(of_session(SESSION), {}, ["photo_consent_2"], ["photo_consent"], deed(3))
    assert (keys(back), [one.key for one in back.retired]) == (["lunch", "photo_consent"], ["photo_consent_2"])


def test_the_same_once_more_is_no_new_version(table):
    published()
    stored(PHOTOS, LUNCH)

    assert arrange(of_session(SESSION), {}, [], [], deed(1)).version == 1


def test_there_is_an_end_to_how_much_is_asked(table):
    published()
    many = [Question(f"q{number}", SHOE.kind, SHOE.label, False, SHOE.purpose) for number in range(20)]
    stored(*many)
    assert fields(refused(save, of_session(SESSION), wanted(typed(), QuestionKind.DATE), deed(1))) == ["questions"]

    long = wanted(typed("x" * 190), QuestionKind.YES_NO)
    wordy = Question("", long.kind, long.label, True, long.purpose, help=dict.fromkeys(LANGUAGES, "é" * 20_000))
    arrange(of_session(SESSION), {}, ["q1"], [], deed(1))
    assert fields(refused(save, of_session(SESSION), wordy, deed(2))) == ["questions"]


@pytest.mark.parametrize("text", ["O lunch", "9 lives", "…", "a" * 150])
def test_whatever_a_question_reads_like_its_key_is_one(text):
    for of, is_opening in ((SESSION, False), ("2027-k7m2xq", True)):
        found = editing.Editable(of, is_opening, None, [])
        assert is_key(editing.new_key(found, {"en": text}), is_opening)


def test_a_draft_opening_is_asked_about_by_itself_and_a_published_one_in_its_sessions(table):
    published(opens_at=None)
    draft = drafted()
    question = wanted(typed(), QuestionKind.YES_NO)
    save(of_opening(draft), question, deed())
    assert seats_table.get([SESSION])[SESSION].asks == frozenset()

    live = published_opening().opening_id
    assert keys(save(of_opening(live), question, deed())) == ["o_wat_eet_je_kind_en"]
    assert seats_table.get([SESSION])[SESSION].asks == {AskedBy.OPENING}


def test_an_opening_that_is_published_between_the_look_and_the_write_is_looked_at_again(table):
    """Else its sessions would not know that something must be answered."""
    published(opens_at=None)
    draft = drafted()
    found = of_opening(draft)
    opening, edition = openings.get(draft)
    openings.write(opening, edition)  # whatever changed it

    assert refused(save, found, wanted(typed(), QuestionKind.YES_NO), deed()).kind.slug == "changed"


def test_a_camp_that_is_unknown_or_a_draft_asks_nothing(table):
    assert refused(of_session, SESSION).kind.slug == "not-found"
    published(price_cents=None, opens_at=None)
    assert refused(of_session, SESSION).kind.slug == "not-now"


def test_the_examples_can_be_taken_as_they_are():
    for key, example in EXAMPLES.items():
        rows = [{"value": one.value, "label": dict(one.label)} for one in example.choices]
        content = {
            "label": dict(example.label),
            "help": {**dict.fromkeys(LANGUAGES), **example.help},
            "required": example.required,
            "purpose": example.purpose.value,
            **({"choices": rows} if rows else {}),
        }
        taken = wanted(content, example.kind, example)
        assert taken == replace(example, key="")
        assert is_key(key, of_opening=False)
