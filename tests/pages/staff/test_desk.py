"""The desk without a manual: it finds families, registers for them on the phone, accepts, cancels, prints letters."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.booking.answers import table as answers
from chalicelib.booking.registrations.rules import reference
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import Problem
from chalicelib.mail import handlers, waiting
from chalicelib.mail.rules import MailKind, Message
from chalicelib.office.desk import namings as desk_namings
from chalicelib.office.desk.families import change_addressee
from chalicelib.office.desk.overview import MOST_PASSES
from chalicelib.people.child_info import table as care
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.families import namings
from chalicelib.people.families import table as families
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.identity import family_id
from chalicelib.people.staff.rules import Role
from tests.camps import JEF, LOU
from tests.core.http import summer as summers
from tests.core.printing.printed import pages
from tests.mail.test_returned import event
from tests.pages.frame.browsing import Browser, Shown, family_browser
from tests.people.families.test_proving import asked

FAMILY = {
    "email": "j.peeters@example.be",
    "postcode": "9970",
    "children[0].first_name": "Łukasz",
    "children[0].last_name": "Peeters",
    "children[0].birth_date": "2022-05-01",
    "session_id": summers.OPEN,
}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def desk(path: str = "/office/desk") -> Browser:
    browser = Browser("en").sign_in(Role.DESK, name="Jamila Aerts")
    browser.get(path)
    return browser


def found(typed: str, session_id: str = "") -> Shown:
    return desk().submit({"q": typed, "session_id": session_id}, button="Search")


def registered(**changed: str) -> Shown:
    return desk("/office/desk/register").submit({**FAMILY, **changed}, button="Register")


def at(registration_id: str) -> Browser:
    return desk(f"/office/desk/registrations/{registration_id}")


@pytest.mark.parametrize(
    "typed", ["an.claeys@example.be", "claeys lou", "LOU CLA", reference(summers.CONFIRMED_ID)[:7]]
)
def test_a_family_is_found_by_whatever_it_says(typed: str) -> None:
    assert "Lou Claeys" in found(typed).page.links


def test_what_is_found_says_how_it_stands() -> None:
    text = found("an.claeys@example.be").text

    for status in ("Confirmed", "Waiting list, place 1", "Offered until", "Cancelled"):
        assert status in text


def test_who_is_not_found_is_looked_for_otherwise() -> None:
    assert "Nothing was found." in found("Nemo").text


def test_registering_on_the_phone_gives_a_reference_to_read_out() -> None:
    shown = registered()

    assert shown.status == 200
    assert "Read the reference to the family." in shown.text
    assert "The family gets a mail." in shown.text
    assert len(shown.heading) == len("4W3-KPA-9RTX")
    last = ledger.entries()[-1]
    assert (last.what, last.reason) == (LedgerAct.DESK_REGISTRATION, "The family called the desk to register.")


def test_own_words_come_before_the_usual_ones() -> None:
    registered(reason="Mevrouw Peeters is slechtziend.")

    assert ledger.entries()[-1].reason == "Mevrouw Peeters is slechtziend."


def test_a_page_that_is_sent_twice_registers_once() -> None:
    browser = desk("/office/desk/register")
    page = browser.shown
    first = browser.submit(FAMILY, button="Register").heading
    browser.shown = page

    assert browser.submit(FAMILY, button="Register").heading == first


def test_after_back_another_child_is_another_registration() -> None:
    browser = desk("/office/desk/register")
    page = browser.shown
    browser.submit(FAMILY, button="Register")
    browser.shown = page

    refused = browser.submit({**FAMILY, "children[0].first_name": "Mila"}, button="Register")
    again = browser.submit(button="Register")

    assert (refused.status, again.status) == (422, 200)
    assert "Mila Peeters" in again.text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept() -> None:
    shown = registered(email="j.peeters@", postcode="99", **{"children[0].birth_date": "", "session_id": ""})

    assert shown.status == 422
    for name in ("email", "postcode", "children-0-birth_date", "session_id"):
        assert f'id="f-{name}-error"' in shown.html
    assert 'value="Łukasz"' in shown.html


def test_what_is_no_part_of_a_phone_is_named_and_a_postcode_is_not_cut_off() -> None:
    shown = registered(email="", postcode="NL-1234 AB", **{"addressee.phone": "0470 12 34 56 mama"})

    assert "This is no part of a phone number: “m”." in shown.text
    assert 'value="NL-1234 AB"' in shown.html
    assert 'maxlength="10"' in shown.html


def test_a_child_that_is_too_old_is_refused_in_words() -> None:
    shown = registered(**{"children[0].birth_date": "2012-05-01"})

    assert shown.status == 403
    assert "This session is not for this child" in shown.text


def test_a_family_without_mail_gets_a_number_and_a_letter_to_print() -> None:
    shown = registered(email="")
    browser = desk(shown.path)

    letter = browser.follow("Letter to print (PDF)")

    assert letter.headers["Content-Type"] == "application/pdf"
    assert any("Łukasz" in line for line in pages(letter.body)[0])


def test_a_family_without_mail_that_is_refused_keeps_its_number() -> None:
    shown = registered(email="", session_id=summers.ANNOUNCED)

    assert shown.status == 425
    number = dict(shown.page.forms[-1].fields)["email"]
    assert f"The family is stored under number {number}" in shown.text


def test_a_family_that_calls_again_is_filled_in() -> None:
    browser = at(summers.CONFIRMED_ID)

    fields = dict(browser.follow("Another session for this family").page.forms[-1].fields)

    assert (fields["email"], fields["children[0].first_name"]) == ("an.claeys@example.be", "Lou")
    assert fields["children[1].birth_date"] == "2023-09-12"


def test_an_offer_is_accepted_for_a_family() -> None:
    shown = at(summers.OFFERED_ID).submit(button="Accept the offer")

    assert "The offer is accepted." in shown.text
    assert "Confirmed" in shown.text
    assert ledger.entries()[-1].what is LedgerAct.OFFER_ACCEPTED


def test_a_registration_is_cancelled_for_a_family_with_a_reason() -> None:
    shown = at(summers.CONFIRMED_ID).submit(
        {"reason": "Lou heeft zijn been gebroken."}, button="Cancel the registration"
    )

    assert "It is cancelled." in shown.text
    assert "Cancel the registration" not in shown.page.forms[-1].buttons
    last = ledger.entries()[-1]
    assert (last.what, last.reason) == (LedgerAct.DESK_CANCELLATION, "Lou heeft zijn been gebroken.")


def test_a_move_that_is_refused_says_why_with_what_was_typed() -> None:
    browser = at(summers.CONFIRMED_ID)
    browser.follow("Move to another session")
    shown = browser.submit(
        {"session_id": summers.SESSIONS[summers.HELD], "reason": "Lou gaat liever de week erna."}, button="Move"
    )

    assert shown.status == 409
    assert "Already registered" in shown.text
    assert "Lou gaat liever de week erna." in shown.html


def test_a_reason_that_says_nothing_is_asked_for_again() -> None:
    shown = at(summers.CONFIRMED_ID).submit({"reason": "ziek"}, button="Cancel the registration")

    assert shown.status == 422
    assert 'id="f-reason-error"' in shown.html


def test_the_desk_types_what_a_camp_must_know() -> None:
    browser = at(summers.CONFIRMED_ID)
    browser.follow("Lou Claeys")

    shown = browser.submit({"medical": "Notenallergie", "contacts[0].name": "An", "contacts[0].phone": "x"}, "Save")
    assert (shown.status, 'id="f-contacts-0-phone-error"' in shown.html) == (422, True)
    shown = browser.submit({"contacts[0].phone": "0470 12 34 56"}, "Save")

    assert "It is saved." in shown.text
    stored = care.get(summers.CLAEYS.family_id, LOU.child_id)
    assert stored
    assert (stored.medical, stored.contacts[0].phone) == ("Notenallergie", "0470 12 34 56")


@pytest.mark.parametrize(
    "path", ["/office/desk/registrations/unknown", "/office/desk/registrations/zzzzzzzzzzz22222222"]
)
def test_what_is_no_registration_is_not_found(path: str) -> None:
    assert desk(path).shown.status == 404  # type: ignore[union-attr]


# Mails that did not arrive.


def receipt() -> str:
    return family_browser(summers.OWN.token, "en").get(f"/registrations/{summers.CONFIRMED_ID}").text


def came_back(kind: MailKind, id_: str, bounce: str = "Permanent") -> None:
    handlers.returned(event(Message(kind, id_), summers.CLAEYS, bounce))


def test_an_offer_whose_mail_came_back_is_work_that_the_desk_sees_and_settles() -> None:
    came_back(MailKind.CONFIRMED, summers.CONFIRMED_ID, "Transient")
    came_back(MailKind.OFFERED, summers.OFFERED_ID, "Transient")
    browser = desk()

    shown = browser.follow("Mails that did not arrive")
    text = shown.text
    assert text.index("A seat is offered") < text.index("The registration is confirmed")
    assert "The mailbox did not take it now" in text
    assert "Offered until" in text

    shown = browser.submit(button="The family knows")
    assert "A seat is offered" not in shown.text
    assert "The registration is confirmed" in shown.text


def test_what_there_is_to_do_is_on_the_first_page_taken_noted_and_done() -> None:
    browser = desk("/office/desk?kind=unreached")
    assert "Nothing waits for the desk." in browser.shown.text  # type: ignore[union-attr]
    came_back(MailKind.CONFIRMED, summers.CONFIRMED_ID, "Transient")
    browser = desk("/office/desk?kind=unreached")
    older = browser.shown
    assert "Mail that did not arrive" in older.text  # type: ignore[union-attr]

    first = browser.get("/office/desk?kind=unreached&after=2020-01-01%230") and browser.submit(button="I do it")
    assert ("Jamila Aerts does it" in first.text, "after=2020-01-01%230" in first.path) == (
        True,
        True,
    )  # in the same part
    assert "Calls back." in browser.submit({"note": "Calls back."}, button="Save the note").text
    browser.shown = older
    refused = browser.submit({"note": "Reached her."}, button="Done")
    assert refused.status == 409  # as it was before somebody took it
    assert "Reached her.</textarea>" in refused.html

    shown = browser.get("/office/desk?kind=unreached") and browser.submit(button="Done")
    assert "It is done, and off the list." in shown.text
    assert "Nothing waits for the desk." in shown.text
    assert shown.path.startswith("/office/desk?kind=unreached")  # and nobody's name in it


def test_what_was_said_with_a_family_stays_and_waits_for_its_answer() -> None:
    browser = desk(f"/office/desk/families/{summers.CONFIRMED_ID[:11]}")

    assert browser.submit({"text": " "}, button="Write it down").status == 422
    said = {"text": "Why do we wait?", "waits_for_answer": ["true"]}
    shown = browser.submit(said, button="Write it down")

    assert ("It is written down." in shown.text, "Why do we wait?" in shown.text) == (True, True)
    assert "Waits for an answer" in shown.text
    assert "Waits for an answer" in desk().shown.text  # type: ignore[union-attr]


def test_a_family_without_registration_is_corrected_from_its_page_or_gets_its_first_link_again() -> None:
    proven = desk(f"/office/desk/families/{family_id('els@example.be')}")
    assert "Send the link again" not in proven.shown.text  # type: ignore[union-attr]
    assert proven.follow("Correct this family").status == 200

    asked(LOU, email="jan@example.be", at=datetime.now(UTC))
    browser = desk(f"/office/desk/families/{family_id('jan@example.be')}")
    assert "Correct this family" not in browser.shown.text  # type: ignore[union-attr]
    assert "The link is on its way." in browser.submit(button="Send the link again").text
    assert len(families.of_family(family_id("jan@example.be"))) == 2


def test_what_strangers_ask_for_in_a_familys_name_is_not_its_postcode() -> None:
    for _ in range(MOST_PASSES):
        families.put(replace(asked(LOU, email=summers.CLAEYS.email, at=datetime.now(UTC)), postcode="1000"))

    shown = desk(f"/office/desk/families/{summers.CLAEYS.family_id}").shown
    assert ("9970" in shown.text, "1000" in shown.text) == (True, False)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path",
    [
        f"/office/desk/families/{summers.CLAEYS.family_id}",
        f"/office/desk/families/{summers.CLAEYS.family_id}/corrections",
        f"/office/desk/registrations/{summers.CONFIRMED_ID}",
        f"/office/desk/registrations/{summers.CONFIRMED_ID}/move",
        f"/office/desk/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}",
        f"/office/desk/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}/parents",
        f"/office/desk/namings/{summers.TWICE_NAMED.child_id}",
    ],
)
def test_nobody_is_named_in_the_title_of_a_page_which_a_browser_keeps_in_its_history(path: str) -> None:
    shown = desk(path).shown
    assert shown
    assert shown.status == 200

    title = re.search("<title>(.*)</title>", shown.html)
    assert title
    assert not re.search("Lou|Mila|Claeys|Peeters|@", title[1])


def test_a_letter_has_its_recipient_where_the_window_of_the_envelope_is() -> None:
    to = {"name": "Gezin Peeters", "street": "Molenstraat 3", "town": "Kaprijke", "phone": "0470 12 34 56"}
    shown = registered(email="", **{f"addressee.{name}": text for name, text in to.items()})
    letter = desk(shown.path).follow("Letter to print (PDF)")

    assert "0470 12 34 56" in shown.text
    assert pages(letter.body)[0][:4] == ["Kaprijke", "Gezin Peeters", "Molenstraat 3", "9970 Kaprijke"]
    assert not any("0470" in line for line in pages(letter.body)[0])


def test_a_phone_that_nobody_asked_for_is_added_when_the_family_comes_by() -> None:
    browser = desk(registered(email="").path)
    browser.follow("The family: all it has, what was said")

    wrong = browser.submit({"addressee.phone": "0470 mama"}, button="Save")
    assert (wrong.status, "This is no part of a phone number: “m”." in wrong.text) == (422, True)

    to = {"phone": "0470–12–34–56", "name": "Gezin Peeters", "street": "Molenstraat 3", "town": "Kaprijke"}
    shown = browser.submit({f"addressee.{name}": text for name, text in to.items()}, button="Save")
    assert ("It is saved." in shown.text, "0470–12–34–56" in shown.text) == (True, True)
    assert "Gezin Peeters, Molenstraat 3, 9970 Kaprijke" in shown.text


def test_a_family_with_a_mail_address_has_no_letters() -> None:
    with pytest.raises(Problem, match="not-found"):
        change_addressee(summers.CLAEYS.family_id, Addressee(phone="0470 12 34 56"), datetime.now(UTC))


def test_a_search_stands_in_no_address() -> None:
    assert found("an.claeys@example.be").path == "/office/desk"
    assert "Lou Claeys" not in desk("/office/desk?q=claeys").shown.text  # type: ignore[union-attr]


def test_an_address_that_does_not_exist_is_written_to_again_once_the_desk_says_so() -> None:
    came_back(MailKind.CONFIRMED, summers.CONFIRMED_ID)
    browser = at(summers.CONFIRMED_ID)
    assert "We do not write to this address any more" in browser.shown.text  # type: ignore[union-attr]
    assert "Our mails do not reach you" in receipt()

    shown = browser.submit(button="Write to this address again")

    assert "The next mail goes to this address again." in shown.text
    assert "We do not write to this address any more" not in shown.text
    assert "Our mails do not reach you" not in receipt()


def test_work_about_a_family_that_is_gone_can_be_settled() -> None:
    came_back(MailKind.OFFERED, "zzzzzzzzzzz22222222")
    browser = desk("/office/desk/mails")
    assert "This registration is gone" in browser.shown.text  # type: ignore[union-attr]

    assert "Every mail about a registration has arrived" in browser.submit(button="Take it off the list").text


def test_the_desk_hears_that_mails_wait_for_another_day() -> None:
    waiting.tell_staff(datetime.now(UTC), all_of_them=False)
    assert "confirmations and offers go out" in desk().shown.text  # type: ignore[union-attr]
    waiting.tell_staff(datetime.now(UTC), all_of_them=True)
    assert "Confirmations and offers wait too" in desk().shown.text  # type: ignore[union-attr]


@pytest.mark.parametrize("after", ["offered", "nothing#x", "pass#a", "offered#a/b"])
def test_a_page_that_nobody_links_to_is_not_there(after: str) -> None:
    assert desk(f"/office/desk/mails?after={after.replace('#', '%23')}").shown.status == 404  # type: ignore[union-attr]


def test_a_child_whom_somebody_else_named_is_given_back_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC)
    stranger, family = (family_id(email) for email in ("piet@example.be", "an.claeys@example.be"))
    for number, one in enumerate((stranger, family)):
        namings.name([JEF.child_id], one, at + timedelta(seconds=number), int(at.timestamp()) + 9_999_999)
    browser = desk()
    browser.follow("Children whom several families name (2)")  # and the summer's Mila
    shown = browser.follow("Jef Claeys")

    refused = browser.submit({"family_id": family, "reason": ""}, button="Put this family first")
    assert refused.status == 422
    known = browser.submit({"family_id": family, "reason": "She showed the card."}, button="Put this family first")
    assert (known.status, "The list of the draw" in known.text) == (409, True)  # of the summer's draw

    monkeypatch.setattr(desk_namings, "in_the_way", lambda *_: None)
    browser.submit(button="Put this family first")

    assert "The child is with the family that you chose." in browser.shown.text
    assert [one.family_id for one in namings.namers(JEF.child_id)] == [family, stranger]
    left = browser.submit(button="Leave it as it is").text
    assert ("Jef Claeys" in left, "Mila Peeters" in left) == (False, True)
    browser.shown = shown  # an older page, of another tab
    stale = browser.submit(
        {"family_id": family, "reason": "The mother showed the card."}, button="Put this family first"
    )
    assert stale.status == 200  # it is so already
    assert [one.what for one in ledger.entries()].count(LedgerAct.NAMING_MOVED) == 1


def test_more_children_are_allowed_on_the_same_page_with_what_is_wrong_beside_its_field() -> None:
    browser = desk("/office/desk/namings")

    wrong = browser.submit({"email": "an.claeys@example.be", "children": "many", "reason": "A home."}, button="Allow")
    assert (wrong.status, "1 to 50" in wrong.text) == (422, True)
    right = browser.submit({"children": "20", "reason": "A home with twenty children."}, button="Allow")

    assert "The family can use its link again now." in right.text
    assert ledger.entries()[-1].details == {"children": 20}


def test_the_desk_answers_for_a_family_on_the_phone_and_sees_what_is_for_it() -> None:
    about = f"answers.{LOU.child_id}."
    browser = at(summers.HELD_ID)
    assert "Required questions are not answered yet about: Lou." in browser.shown.text
    browser.follow("Answer for the family")
    wrong = browser.submit({about + "lunch": "own", about + "shoe": "large", about + "why": "Via oma"}, button="Save")
    assert (wrong.status, "Shoe size: Give a whole number from 20 to 48." in wrong.page.links) == (422, True)

    done = browser.submit(
        {about + "lunch": "own", about + "photo_consent": "yes", about + "shoe": "31", about + "why": "Via oma"},
        button="Save",
    )

    assert "It is saved." in done.text
    assert "Required questions are not answered" not in done.text
    again = browser.get(f"/office/desk/registrations/{summers.HELD_ID}/answers")
    assert 'value="31"' in again.html
    assert "Via oma" not in again.html  # for statistics: once it is said it is only counted
    assert answers.get(summers.HELD_ID).of[LOU.child_id].by == Editor("sub-Jamila Aerts", "Jamila Aerts")


def test_who_works_elsewhere_neither_sees_nor_answers() -> None:
    browser = Browser("en").sign_in(Role.DESK, municipalities=["gent"])

    assert browser.get(f"/office/desk/registrations/{summers.HELD_ID}/answers").status == 404
