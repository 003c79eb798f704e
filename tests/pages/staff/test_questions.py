"""The questions of a session and of an opening, as a programme manager makes them, without a script."""

import pytest

from chalicelib.people.staff.rules import Role
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import QuestionKind
from tests.camps import BOUWKAMP, LOU, family, published
from tests.office.desk.counter import entries
from tests.pages.frame.browsing import Browser
from tests.programme.openings.plans import drafted, published_opening

pytestmark = pytest.mark.usefixtures("table")
SESSION = f"/office/sessions/{BOUWKAMP.session_id}"
ADDRESS = f"{SESSION}/questions"
SAVE = "Bewaren"
DIET = {
    **{f"label.{language}": f"Eet je kind vlees? ({language})" for language in ("nl", "fr", "en")},
    **{f"choices[0].label.{language}": f"Ja ({language})" for language in ("nl", "fr", "en")},
    **{f"choices[2].label.{language}": f"Nee ({language})" for language in ("nl", "fr", "en")},
    "purpose": "kitchen",
    "required": "true",
}


@pytest.fixture
def browser() -> Browser:
    return Browser("nl").sign_in(Role.MANAGER)


def asked(of: str = BOUWKAMP.session_id) -> list[str]:
    found = questions.get(of)
    return [one.key for one in found.questions] if found else []


def test_a_ready_made_question_is_taken_as_it_is(browser: Browser):
    published()
    browser.get(SESSION)
    browser.follow("Vragen aan gezinnen")
    browser.follow("Foto’s: ja of nee")

    shown = browser.submit(button=SAVE)

    assert "De vraag is bewaard" in shown.text
    assert "Mogen we foto’s van je kind maken en tonen?" in shown.text
    assert "60 minuten vrij" in shown.text
    assert asked() == ["photo_consent"]
    assert entries() == []


def test_an_own_question_has_as_many_answers_as_rows_were_filled_in(browser: Browser):
    published()
    browser.get(ADDRESS)
    browser.follow("Eén antwoord uit een lijst")

    browser.submit(DIET, button="Meer rijen")
    browser.submit(button=SAVE)

    question = questions.get(BOUWKAMP.session_id).questions[0]
    assert (question.kind, question.required, question.values) == (QuestionKind.CHOICE, True, ("ja_en", "nee_en"))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(browser: Browser):
    published()
    browser.get(f"{ADDRESS}?kind=choice")

    shown = browser.submit({**DIET, "label.fr": "", "choices[2].label.en": "", "purpose": None}, button=SAVE)

    assert shown.status == 422
    for field in ("f-label-fr", "f-choices-1-label-en", "f-purpose"):
        assert f'id="{field}-error"' in shown.html
        assert f'href="#{field}"' in shown.html
    assert 'value="Nee (nl)"' in shown.html
    assert asked() == []


def test_a_question_is_changed_under_its_key_and_its_kind_stays(browser: Browser):
    published()
    browser.get(f"{ADDRESS}?example=lunch")
    browser.submit(button=SAVE)
    browser.follow("“Wat eet je kind ’s middags?” wijzigen")

    browser.submit({"label.nl": "Middageten?", "choices[3].label.nl": "", "choices[3].label.fr": "",
                    "choices[3].label.en": ""}, button=SAVE)  # fmt: skip

    question = questions.get(BOUWKAMP.session_id).questions[0]
    assert (question.key, question.label["nl"]) == ("lunch", "Middageten?")
    assert question.values == ("own", "meal", "vegetarian")
    browser.get(f"{ADDRESS}?question=lunch")
    assert browser.submit({"kind": "date"}, button=SAVE).status == 422


def test_questions_are_ordered_retired_and_asked_again(browser: Browser):
    published()
    for example in ("lunch", "t_shirt", "photo_consent"):
        browser.get(f"{ADDRESS}?example={example}")
        browser.submit(button=SAVE)

    browser.submit({"place-photo_consent": "1", "retire": ["t_shirt"]}, button=SAVE)
    assert asked() == ["photo_consent", "lunch"]
    browser.submit({"again": ["t_shirt"]}, button=SAVE)
    assert asked() == ["photo_consent", "lunch", "t_shirt"]

    shown = browser.submit({"place-lunch": "eerst"}, button=SAVE)
    assert (shown.status, 'id="f-place-lunch-error"' in shown.html) == (422, True)


def test_once_a_family_has_a_seat_the_ledger_has_why_it_changed(browser: Browser):
    published()
    family(LOU).register(BOUWKAMP, LOU)
    browser.get(f"{ADDRESS}?example=lunch")
    shown = browser.submit({"reason": "zo"}, button=SAVE)
    assert (shown.status, 'href="#f-reason"' in shown.html) == (422, True)

    browser.submit({"reason": "De keuken moet het weten."}, button=SAVE)

    assert asked() == ["lunch"]
    assert entries()[-1].reason == "De keuken moet het weten."


def test_what_a_colleague_changed_meanwhile_is_said_and_what_was_typed_stays(browser: Browser):
    published()
    browser.get(f"{ADDRESS}?example=lunch")
    other = Browser("nl").sign_in(Role.MANAGER, name="Wim Willems")
    other.get(f"{ADDRESS}?example=t_shirt")
    other.submit(button=SAVE)

    shown = browser.submit({"label.nl": "Middageten?"}, button=SAVE)

    assert (shown.status, "Dit is intussen gewijzigd" in shown.text) == (409, True)
    assert 'value="Middageten?"' in shown.html
    browser.submit(button=SAVE)
    assert asked() == ["t_shirt", "lunch"]


def test_an_opening_s_questions_are_asked_first_in_each_of_its_sessions(browser: Browser):
    published(opens_at=None)
    draft = drafted()
    assert "zodra ze gepubliceerd is" in browser.get(f"/office/openings/{draft}/questions").text
    opening = published_opening().opening_id
    browser.get(f"/office/openings/{opening}")
    browser.follow("Vragen aan gezinnen")
    browser.follow("Middagmaal")
    browser.submit(button=SAVE)

    shown = browser.get(ADDRESS)

    assert asked(opening) == ["o_lunch"]
    assert "Eerst de vragen van de opening Wat eet je kind ’s middags?" in shown.text


def test_a_manager_sees_the_questions_as_families_do_in_each_language(browser: Browser):
    published()
    browser.get(f"{ADDRESS}?example=lunch")
    shown = browser.submit({"label.nl": "<b>Middageten</b>?"}, button=SAVE)
    assert "Zoals gezinnen het zien" in shown.text
    assert "&lt;b&gt;Middageten&lt;/b&gt;?" in shown.html
    assert "<b>Middageten" not in shown.html

    shown = browser.follow("Français")

    assert '<div class="site-card" id="preview" lang="fr">' in shown.html
    assert "Repas chaud, sans porc" in shown.text
    assert shown.heading == "Vragen aan gezinnen"


@pytest.mark.parametrize("query", ["kind=riddle", "example=passport", "question=nobody-s"])
def test_what_there_is_not_is_not_found(browser: Browser, query: str):
    published()
    assert browser.get(f"{ADDRESS}?{query}").status == 404


def test_a_form_that_no_page_of_ours_sends_changes_nothing(browser: Browser):
    published()
    for changed in ({"version": "x"}, {"do": "erase"}, {"kind": "riddle"}, {"question": "nobody-s"}):
        browser.get(f"{ADDRESS}?example=lunch")
        assert browser.submit(changed, button=SAVE).status in (404, 422)
    assert asked() == []


def test_a_manager_of_another_town_sees_none_of_it():
    published()
    published(municipality="Zelzate")
    other = Browser("nl").sign_in(Role.MANAGER, municipalities=["zelzate"])
    assert other.get(ADDRESS).status == 404
