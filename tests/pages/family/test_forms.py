"""Somebody sends the city something by a page, without a script, and loses nothing of what they typed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import pytest
import time_machine

from chalicelib.core import table as items
from chalicelib.core.refusals import Busy
from chalicelib.front_door.cases import sending, table
from chalicelib.front_door.cases.rules import Case, Way, case_id_of
from chalicelib.front_door.forms import examples, publishing
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import ABOUT_KEY, FormHead
from chalicelib.programme.questions.rules import Purpose, Question, QuestionKind
from tests.camps import LOU, NOOR, family, published
from tests.front_door import city
from tests.front_door.city import NOW, said
from tests.pages.frame.browsing import Browser, Shown

TYPED = {
    "answers.sort": "paving",
    "answers.what": "Een losse tegel voor <b>nummer 1</b>.",
    "address": "Veld 1",
    "contact.email": "an.claeys@example.org",
}
SEND = "Send"


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        city.a_city()
        yield


def at_the_form(form_id: str = "street") -> Browser:
    browser = Browser("en")
    browser.get(f"/forms/{form_id}")
    return browser


def cases() -> list[Case]:
    found = (table.several([entry.case_id for entry in table.inbox(unit.unit_id)]) for unit in city.UNITS)
    return [case for each in found for case in each.values()]


def case_of(shown: Shown) -> Case:
    receipt = re.search(r"/cases/([^?]+)\?secret=", shown.path)
    assert receipt
    found = table.get(case_id_of(receipt[1]) or "")
    assert found
    return found


def test_everybody_finds_what_can_be_sent_by_what_they_want_to_do() -> None:
    browser = Browser("en")
    browser.get("/programme")
    shown = browser.follow("Ask or report")

    assert [one for one in shown.page.headings if one in ("Report something", "Ask something", "Complain")] == [
        *("Report something", "Ask something", "Complain")
    ]
    assert browser.follow("Something in the street").heading == "Something in the street"


def test_a_portal_that_gives_it_at_once_is_said_before_the_form() -> None:
    link = "https://mijnburgerprofiel.example"
    city.publish(
        replace(city.COMPLAINT, version=2, at_once=said("Meteen en gratis"), at_once_link=link), edition=2, before=1
    )

    for path in ("/forms", "/forms/complaint"):
        html = Browser("nl").get(path).html
        assert html.index(link) < html.index("Zeg wat misging.")
    # In the list it is heard below the heading of its own form.
    html = Browser("nl").get("/forms").html
    assert html.index(f">{city.COMPLAINT.title['nl']}</a></h3>") < html.index(link)


def test_a_receipt_is_shown_once_the_case_is_stored() -> None:
    shown = at_the_form().submit(TYPED, SEND)

    (case,) = cases()
    assert (shown.status, shown.heading) == (200, "We have received it")
    assert case.receipt in shown.text
    assert "Monday 22 March 2027" in shown.text
    assert "Call 0800 1777." in shown.text
    assert (case.way, case.contact.email, case.contact.language) == (Way.PAGE, "an.claeys@example.org", "en")
    assert case.place is not None
    assert (case.place.address, case.place.is_located) == ("Veld 1", False)
    assert "<b>nummer 1</b>" not in shown.html


def test_a_public_computer_keeps_nothing_for_later_and_leaves_the_receipt_when_nobody_is_there() -> None:
    browser = Browser("en")
    own = browser.get("/forms/complaint")
    browser.cookies["public"] = "10"
    public = browser.get("/forms/complaint")
    receipt = browser.submit({"answers.story": "My neighbour.", "contact.email": "an@example.org"}, button=SEND)

    assert ("data-keeps" in own.html, "data-later" in own.html) == (True, True)
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert ("data-keeps" in public.html, "data-later" in public.html) == (False, False)
    assert "nothing of this is kept here" in public.text
    assert public.headers["Cache-Control"] == "no-store"
    assert receipt.heading == "We have received it"
    assert "data-later" not in receipt.html
    assert receipt.headers["Cache-Control"] == "no-store"
    assert 'http-equiv="refresh" content="600;' in receipt.html


def test_the_page_knows_what_the_city_cannot_do_without() -> None:
    street, complaint = (Browser("en").get(f"/forms/{one}").html for one in ("street", "complaint"))

    assert 'data-needs="answers.what address,lat"' in street
    assert 'data-needs="answers.story contact.email,contact.phone,contact.address"' in complaint


def test_pressing_send_twice_or_coming_back_makes_one_case() -> None:
    browser = at_the_form()
    page = browser.shown

    first = browser.submit(TYPED, SEND)
    browser.shown = page  # the way back: what the browser kept
    second = browser.submit(TYPED, SEND)

    assert first.path == second.path
    assert len(cases()) == 1
    assert page
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_the_way_back_with_other_words_is_asked_about_and_then_a_case_of_its_own() -> None:
    browser = at_the_form()
    page = browser.shown
    browser.submit(TYPED, SEND)
    browser.shown = page

    shown = browser.submit({**TYPED, "answers.what": "Een losse tegel voor nummer 9."}, SEND)

    assert shown.status == 409
    assert "You sent this form before with other words" in shown.text
    assert browser.submit(button=SEND).heading == "We have received it"
    assert len(cases()) == 2


def test_all_that_is_wrong_is_said_at_once_at_its_field_and_nothing_typed_is_lost() -> None:
    shown = at_the_form().submit(
        {"answers.sort": "paving", "contact.email": "an.claeys@gmial.com", "contact.name": "An"}, SEND
    )

    assert shown.status == 422
    assert cases() == []
    for field in ("f-answers-what-error", "f-contact-email-error", "f-address-error"):
        assert f'id="{field}"' in shown.html
    assert 'value="An"' in shown.html
    assert re.search(r'value="paving" checked', shown.html)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"lat": "51.2"}, "long"),
        ({"lat": "noord", "long": "3.6"}, "lat"),
        ({"lat": "91", "long": "3.6"}, "lat"),
        ({"address": "x" * 301}, "address"),
    ],
)
def test_a_place_that_is_none_is_told_at_its_field(typed: dict[str, str], field: str) -> None:
    shown = at_the_form().submit({**TYPED, **typed}, SEND)

    assert shown.status == 422
    assert f'id="f-{field}-error"' in shown.html


def test_a_place_in_degrees_is_taken_with_a_comma_too() -> None:
    at_the_form().submit({**TYPED, "lat": "51,2205", "long": "3.6117"}, SEND)

    (case,) = cases()
    assert case.place
    assert (case.place.lat, case.place.long) == (51.2205, 3.6117)


def test_a_session_that_is_over_loses_nothing_and_keeps_the_key() -> None:
    browser = at_the_form()
    assert browser.shown
    key = dict(browser.shown.page.forms[-1].fields)["key"]
    browser.cookies.clear()

    shown = browser.submit(TYPED, SEND)

    assert shown.status == 403
    assert "nothing is lost" in shown.text
    assert dict(shown.page.forms[-1].fields)["key"] == key
    assert browser.submit(button=SEND).heading == "We have received it"
    assert case_of(browser.shown or shown).answers["what"] == TYPED["answers.what"]


def test_another_site_sends_nothing_in_somebodys_name() -> None:
    shown = at_the_form().submit(TYPED, SEND, Origin="https://elsewhere.example")

    assert shown.status == 403
    assert "nummer 1" not in shown.text
    assert cases() == []


def test_a_table_that_is_busy_loses_nothing() -> None:
    browser = at_the_form()

    with mock.patch.object(items, "transact_write", side_effect=Busy):
        shown = browser.submit(TYPED, SEND)

    assert (shown.status, shown.headers["Retry-After"]) == (503, "2")
    assert "Nothing is lost" in shown.text
    assert browser.submit(button=SEND).heading == "We have received it"


def test_a_form_that_changed_meanwhile_is_shown_with_what_was_typed() -> None:
    browser = at_the_form()
    when = Question("when", QuestionKind.TEXT, said("Sinds wanneer?", en="Since when?"), False, Purpose.CASE)
    changed = replace(city.STREET, version=3, questions=(*city.STREET.questions[1:], when))
    city.publish(replace(city.STREET, version=2), edition=2, before=1)
    city.publish(changed, edition=3, before=2)

    shown = browser.submit(TYPED, SEND)

    assert shown.status == 409
    assert "This form was changed while you filled it in." in shown.text
    assert "Since when?" in shown.text
    assert "You answered questions that the form has no more." in shown.text
    assert browser.submit(button=SEND).heading == "We have received it"
    assert case_of(browser.shown or shown).form_version == 3


def test_what_was_typed_into_the_version_before_is_taken() -> None:
    browser = at_the_form()
    city.publish(replace(city.STREET, version=2), edition=2, before=1, at=NOW)

    assert case_of(browser.submit(TYPED, SEND)).form_version == 1


def went_dark(at: str = "street") -> None:
    items.transact_write([forms.putting_head(FormHead(at, 1, NOW, 0, 1, NOW, "Niemand.", 2))])
    forms.forget()


def test_a_form_without_people_is_a_clear_page_and_no_dead_link() -> None:
    went_dark()

    shown = Browser("en").get("/forms/street")

    assert (shown.status, shown.heading) == (503, "Something in the street")
    assert "nobody is there to answer" in shown.text
    assert shown.page.forms == []
    assert "Use another form" in shown.page.links
    assert "Niemand." not in shown.text
    assert "Something in the street" not in Browser("en").get("/forms").text


def test_a_form_that_the_city_withdrew_does_not_say_that_nobody_is_there() -> None:
    browser = at_the_form()
    publishing.withdraw("street", 1, "De campagne is voorbij.", NOW)

    shown, sent = Browser("en").get("/forms/street"), browser.submit(TYPED, SEND)

    assert shown.status == 503
    assert "The city has taken this form away for now" in shown.text
    assert "nobody is there" not in shown.text + sent.text
    assert sending.IS_WITHDRAWN in sent.text
    assert "De campagne" not in shown.text + sent.text
    publishing.relight("street", 2, NOW)
    assert Browser("en").get("/forms/street").status == 200


def test_a_form_that_went_dark_while_it_was_filled_in_keeps_what_was_typed() -> None:
    browser = at_the_form()
    went_dark()

    shown = browser.submit(TYPED, SEND)

    assert shown.status == 409
    assert "Nothing was sent. What you typed is below: keep it." in shown.text
    assert "Een losse tegel" in shown.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"opens_on": city.day("2027-04-01")}, "It opens on Thursday 1 April 2027."),
        ({"closes_on": city.day("2027-03-01")}, "This form is closed."),
    ],
)
def test_a_form_out_of_its_days_says_so(changed: dict[str, object], says: str) -> None:
    city.publish(replace(city.STREET, version=2, **changed), edition=2, before=1)  # type: ignore[arg-type]

    shown = Browser("en").get("/forms/street")

    assert (shown.status, says in shown.text) == (200, True)


def test_a_form_that_was_taken_away_leads_on_and_one_that_never_was_does_not() -> None:
    items.transact_write([forms.putting_head(FormHead("street", 0, NOW, 1, 1, None, "", 2))])
    forms.forget()

    assert Browser("en").get("/forms/street").status == 410
    assert Browser("en").get("/forms/none").status == 404


def test_who_says_not_who_they_are_is_told_that_the_receipt_is_the_only_way_back() -> None:
    shown = at_the_form().submit({**TYPED, "contact.email": ""}, SEND)

    assert "the number and the code are the only way back to the answer" in shown.text


def test_long_answers_in_another_alphabet_fit() -> None:
    shown = at_the_form("complaint").submit(
        {"answers.story": "Ж" * 1000, "contact.address": "Ж" * 300, "contact.email": "a@example.org"}, SEND
    )

    assert shown.heading == "We have received it"


@pytest.mark.parametrize(("is_own", "is_about"), [(True, True), (False, False)])
def test_a_complaint_is_about_the_registration_whose_reference_its_own_family_typed(
    is_own: bool, is_about: bool
) -> None:
    asked = examples.REGISTRATION.questions
    city.publish(replace(examples.REGISTRATION, version=1, owner="office"))
    an = family(LOU)
    made = an.register(published(), LOU).json_body
    who = an if is_own else family(NOOR, email="samira@example.be")
    browser = at_the_form(examples.REGISTRATION.form_id)
    browser.cookies["pass"] = who.token
    typed = {
        f"answers.{one.key}": made["reference"].lower()
        if one.key == ABOUT_KEY
        else (*one.values, "Het stond meteen op volzet.")[0]
        for one in asked
        if one.required or one.key == ABOUT_KEY
    }

    browser.get(f"/forms/{examples.REGISTRATION.form_id}")
    case = case_of(browser.submit({**typed, "contact.email": "an.claeys@example.org"}, SEND))

    assert (case.about == made["registration_id"]) is is_about
