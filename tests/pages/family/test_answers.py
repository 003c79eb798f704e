"""The city's questions on a family's pages: with the seat that is held, and afterwards; with its pass, and with the
link of a mail alone."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from chalicelib.booking.answers import answering, table
from chalicelib.booking.offers import links
from chalicelib.core import memory
from tests.booking.answers.asking import asks
from tests.camps import LOU, Family, family, published
from tests.pages.frame.browsing import Browser, Shown, family_browser
from tests.programme.questions.examples import ALLERGENS, LUNCH, PHOTOS, SHOE, WHY

pytestmark = pytest.mark.usefixtures("table")

ACCEPT = "Yes, I accept the seat"
ABOUT = f"answers.{LOU.child_id}."
GIVEN = {ABOUT + "photo_consent": "no", ABOUT + "lunch": "own"}
NOTHING_MORE = "You do not have to do anything more"


@pytest.fixture
def camp():
    session = published()
    asks(session, PHOTOS, LUNCH, ALLERGENS, SHOE, WHY)
    return session


@pytest.fixture
def claeys() -> Family:
    return family(LOU, language="en")


@pytest.fixture
def held(camp, claeys) -> str:
    return claeys.register(camp, LOU).json_body["registration_id"]


@pytest.fixture
def browser(claeys, held) -> Browser:
    """On the receipt of a seat that is held."""
    one = family_browser(claeys.token, "en")
    one.get(f"/registrations/{held}")
    return one


def by_link(claeys: Family, registration_id: str) -> Browser:
    one = Browser("en")
    one.get("/offer?" + urlencode({"token": links.sign(registration_id, claeys.pass_.pass_id)}))
    return one


def values(registration_id: str) -> dict[str, object]:
    return dict(table.get(registration_id).values([LOU.child_id])[LOU.child_id])


def fields(shown: Shown) -> list[str]:
    return sorted({name.removeprefix(ABOUT) for form in shown.page.forms for name in form.choices} - {"language"})


def test_one_form_answers_and_accepts(browser, held):
    shown = browser.submit(GIVEN | {ABOUT + "shoe": "31"}, button=ACCEPT)

    assert shown.heading == "The registration is confirmed"
    assert values(held) == {"photo_consent": False, "lunch": "own", "shoe": 31}


def test_what_is_missing_or_wrong_is_said_at_its_field_and_nothing_typed_is_lost(browser, held):
    shown = browser.submit({ABOUT + "lunch": "own", ABOUT + "shoe": "large"}, button=ACCEPT)

    assert shown.status == 422
    assert "<title>Error: " in shown.html
    assert shown.html.count("autofocus") == 1
    for said in (
        "May we take photos?: Answer this question.",
        "Shoe size: Give a whole number from 20 to 48.",
    ):
        assert said in shown.page.links
    assert 'value="large"' in shown.html
    assert 'value="own" checked' in shown.html
    assert values(held) == {}


def test_what_only_lacks_something_is_saved_and_not_accepted(browser, claeys, held):
    shown = browser.submit({ABOUT + "lunch": "own"}, button=ACCEPT)

    assert (shown.status, values(held)) == (422, {"lunch": "own"})
    assert claeys.get(f"/api/registrations/{held}").json_body["status"] == "offered"


def test_an_old_form_is_not_taken_for_one_that_had_the_new_question(browser, camp, held):
    """It was shown before the question was asked; another tab answered it since."""
    asks(camp, PHOTOS, replace(SHOE, required=True), LUNCH, version=2)
    memory.forget_all()

    shown = browser.submit(GIVEN, button=ACCEPT)

    assert shown.status == 422
    assert "Shoe size: Answer this question." in shown.page.links
    assert browser.submit({**GIVEN, ABOUT + "shoe": "31"}, button=ACCEPT).heading == "The registration is confirmed"


def test_a_tab_from_before_takes_nothing_away_that_another_one_answered(browser, claeys, camp, held):
    before = browser.shown
    asks(camp, PHOTOS, LUNCH, SHOE, ALLERGENS, version=2)
    memory.forget_all()
    answering.answer(claeys.pass_.bearer, held, {LOU.child_id: {"allergens": ["nuts"]}}, claeys.pass_.created_at)
    asks(camp, PHOTOS, LUNCH, SHOE, version=3, retired=(ALLERGENS,))
    asks(camp, PHOTOS, LUNCH, SHOE, ALLERGENS, version=4)
    memory.forget_all()
    assert before

    browser.submit({**GIVEN, "shown": f"{ABOUT}photo_consent {ABOUT}lunch"}, button=ACCEPT)

    assert values(held) == {"photo_consent": False, "lunch": "own", "allergens": ["nuts"]}


def test_more_time_saves_what_is_right_already(browser, claeys, held):
    (more,) = [one for one in browser.shown.page.forms[-1].buttons if one.startswith("I need time")]

    browser.submit({ABOUT + "lunch": "own", ABOUT + "shoe": "large"}, button=more)

    assert values(held) == {"lunch": "own"}


def test_with_the_link_of_a_mail_alone_it_answers_and_accepts_and_sees_nothing_of_what_was_answered(
    browser, claeys, held
):
    browser.submit({ABOUT + "lunch": "own"}, button=ACCEPT)
    visitor = by_link(claeys, held)
    names = {name for form in visitor.shown.page.forms for name in form.choices}

    assert ABOUT + "photo_consent" in names
    assert ABOUT + "lunch" not in names
    shown = visitor.submit({ABOUT + "photo_consent": "yes", ABOUT + "lunch": "soup"}, button=ACCEPT)

    assert shown.heading == "The seat is yours"
    assert values(held) == {"lunch": "own", "photo_consent": True}
    page = visitor.get(f"/registrations/{held}/answers")
    assert "What is answered already is not shown here." in page.text


def test_a_stranger_s_link_leads_to_no_other_registration(claeys, held, camp):
    other = family(LOU, email="jan@example.be", language="en")
    own = other.register(published(title="Danskamp"), LOU).json_body["registration_id"]
    visitor = by_link(other, own)

    assert visitor.get(f"/registrations/{held}/answers").status == 401


def test_a_final_seat_says_what_is_still_to_do_until_it_is_done(browser, claeys, camp, held):
    browser.submit(GIVEN, button=ACCEPT)
    asks(camp, PHOTOS, LUNCH, replace(SHOE, required=True), version=2)
    memory.forget_all()

    shown = browser.get(f"/registrations/{held}")
    assert "answer the questions about Lou" in shown.text
    assert NOTHING_MORE not in shown.text
    assert "Still to do" in browser.get("/family").text

    browser.get(f"/registrations/{held}")
    browser.follow("Answer the questions")
    wrong = browser.submit({}, button="Save")
    assert (wrong.status, values(held)) == (422, {"photo_consent": False, "lunch": "own"})
    saved = browser.submit({ABOUT + "shoe": "31"}, button="Save")
    assert "Saved" in saved.text
    assert "answer the questions about" not in browser.get(f"/registrations/{held}").text
    assert "Still to do" not in browser.get("/family").text
