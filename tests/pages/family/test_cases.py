"""Somebody follows what they sent, by its receipt and secret, without a script."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.ids import SPOKEN
from chalicelib.core.refusals import Busy
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import LIMITED, Act, Case, CaseStatus, HistoryEntry
from chalicelib.front_door.daybook import table as daybook
from chalicelib.mail.case_mails import HEADLINES
from chalicelib.pages.family import cases
from tests.front_door import city
from tests.front_door.city import NADIA, NOW
from tests.pages.frame.browsing import Browser, Shown

NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    with time_machine.travel(NEXT_DAY, tick=False):
        city.a_city()
        yield


@pytest.fixture
def case() -> Case:
    return sending.send(city.report(), NOW).case


def by_unit(case: Case, act: Act, status: CaseStatus | None, text: str = "", note: str = "") -> Case:
    changes = {"answered_on": city.day("2027-03-08")} if status is CaseStatus.ANSWERED else None
    return acting.change(case, Deed(act, actor(NADIA), NOW, status, text=text, note=note, changes=changes))


def address(case: Case) -> str:
    return f"/cases/{case.receipt}?secret={case.secret}"


def at(case: Case, more: str = "") -> Browser:
    browser = Browser("en")
    browser.get(address(case) + more)
    return browser


def shown_at(case: Case, more: str = "") -> Shown:
    return Browser("en").get(address(case) + more)


def entries(case: Case) -> list[tuple[Act, str]]:
    now = table.get(case.case_id)
    assert now
    return [(one.act, one.text) for one in table.history(now)]


def test_a_receipt_says_all_that_is_needed_and_how_it_is_read_out(case: Case) -> None:
    shown = shown_at(case, "&sent=yes")

    assert shown.heading == "We have received it"
    for said in (case.receipt, ", ".join(case.receipt.replace("-", "")), "Monday 22 March 2027", "Call 0800 1777."):
        assert said in shown.text
    assert case.digest in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert shown.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("told", "says"),
    [(LIMITED, "No mail was sent: that address got many receipts"), (None, "You get the same by mail")],
)
def test_a_receipt_says_what_became_of_its_mail(case: Case, told: str | None, says: str) -> None:
    if told:
        table.mark_told(case, 1, told)

    assert says in shown_at(case, "&sent=yes").text


def test_a_receipt_is_printed(case: Case) -> None:
    shown = Browser("fr").get(f"/cases/{case.receipt}/receipt.pdf?secret={case.secret}")

    assert (shown.status, shown.headers["Content-Type"]) == (200, "application/pdf")
    assert shown.body.startswith(b"%PDF")
    assert shown.headers["Cache-Control"] == "no-store"
    assert Browser("fr").get(f"/cases/{case.receipt}/receipt.pdf?secret=x").status == 404


def test_a_case_is_found_by_number_and_code_as_people_type_them(case: Case) -> None:
    browser = Browser("en")
    browser.get("/cases")

    shown = browser.submit(
        {"receipt": f" {case.case_id.lower()} ", "secret": f"{case.secret[:4]} {case.secret[4:]}"}, "Show"
    )

    assert (shown.status, shown.heading) == (200, "Something in the street")


def test_how_it_stands_is_told_without_names_notes_and_addresses(case: Case) -> None:
    noted = by_unit(case, Act.NOTED, None, note="Belt vaker.")
    by_unit(noted, Act.ANSWERED, CaseStatus.ANSWERED, "De tegel <script>ligt</script> vast.")

    shown = shown_at(case)

    assert "Answered." in shown.text
    assert "De tegel <script>ligt</script> vast." in shown.text
    assert "<script>ligt" not in shown.html
    for unsaid in (NADIA.name, "Nadia", "Belt vaker.", "an.claeys@example.org", "An Claeys"):
        assert unsaid not in shown.html
    assert "a…@example.org" in shown.text


@settings(max_examples=15)
@given(
    receipt=st.text(SPOKEN, min_size=13, max_size=13) | st.text(max_size=20),
    secret=st.text(SPOKEN, min_size=16, max_size=16) | st.text(max_size=20),
)
def test_a_guess_tells_nothing(receipt: str, secret: str) -> None:
    case = sending.send(city.report(), NOW).case
    wrong = [(case.receipt, secret), (receipt, case.secret), (receipt, secret)]
    browser = Browser("en")
    answers = set()

    for number, code in wrong:
        browser.get("/cases")
        shown = browser.submit({"receipt": number, "secret": code}, "Show")
        answers.add(
            (shown.status, shown.heading, "There is nothing by this number and this code together." in shown.text)
        )

    assert answers == {(404, "How does it stand?", True)}


def test_guesses_are_counted_and_neither_they_nor_a_secret_stand_in_the_log(case: Case, logged: io.StringIO) -> None:
    at(case)
    Browser("en").get(f"/cases/{case.receipt}?secret={'C' * 16}")

    lines = logged.getvalue()
    assert case.secret not in lines
    assert case.case_id not in lines.replace("-", "")
    assert json.loads(lines.splitlines()[-1])["status"] == 404


def test_a_number_without_its_code_is_asked_for_the_code_whether_there_is_such_a_case_or_not(case: Case) -> None:
    for receipt in (case.receipt, "ACDE-FGHJ-KMNPR"):
        shown = Browser("en").get(f"/cases/{receipt}")
        assert (shown.status, shown.heading) == (200, "How does it stand?")


def test_a_scanner_of_mails_changes_nothing(case: Case) -> None:
    browser = at(case)

    for link in list(shown_at(case).page.links.values()):
        if link.startswith("../"):
            browser.get("/" + link.removeprefix("../"))

    assert table.get(case.case_id) == case


def test_a_question_is_answered(case: Case) -> None:
    by_unit(case, Act.ASKED, CaseStatus.WAITING_FOR_CITIZEN, "Voor welk huisnummer?")
    browser = at(case)
    assert "Voor welk huisnummer?" in shown_at(case).text

    shown = browser.submit({"words": "Nummer 1."}, "Send")

    assert "Your words are with the people who answer you." in shown.text
    assert entries(case)[-1] == (Act.REPLIED, "Nummer 1.")


def test_pressing_send_twice_says_it_once(case: Case) -> None:
    browser = at(case)
    page = browser.shown

    first = browser.submit({"words": "En de volgende ook."}, "Send")
    browser.shown = page
    second = browser.submit({"words": "En de volgende ook."}, "Send")

    assert first.path == second.path
    assert [act for act, _ in entries(case)] == [Act.RECEIVED, Act.REPLIED]


def test_in_two_tabs_the_second_sees_first_what_the_other_did_and_keeps_its_words(case: Case) -> None:
    one, other = at(case), at(case)
    one.submit({"close": ""}, "Close it")

    shown = other.submit({"words": "En de volgende ook."}, "Send")

    assert shown.status == 409
    assert "Something was done here meanwhile" in shown.text
    assert entries(case)[-1] == (Act.CLOSED, "")
    assert shown.page.forms[-1].fields[-1] == ("reopen", "")


def test_it_is_closed_opened_again_and_said_to_have_helped(case: Case) -> None:
    by_unit(case, Act.ANSWERED, CaseStatus.ANSWERED, "De tegel ligt vast.")
    browser = at(case)

    assert "It is counted." in browser.submit(button="No, it did not help").text
    assert browser.submit({"reopen": ""}, "Open it again").status == 422
    assert "It is opened again" in browser.submit({"reopen": "Hij ligt weer los."}, "Open it again").text
    assert "It is closed." in browser.submit({"close": "Opgelost."}, "Close it").text
    assert [act for act, _ in entries(case)] == [*(Act.RECEIVED, Act.ANSWERED, Act.HELPED, Act.REOPENED, Act.CLOSED)]


def test_after_sixty_days_the_page_leads_to_the_form(case: Case) -> None:
    by_unit(case, Act.ANSWERED, CaseStatus.ANSWERED, "De tegel ligt vast.")
    browser = at(case)

    with time_machine.travel(NOW + timedelta(days=61), tick=False):
        shown = browser.submit({"reopen": "Hij ligt weer los."}, "Open it again")
        assert shown.status == 409
        assert "Send the form again, and name the number." in shown.text


def test_what_was_typed_outlives_a_session_that_is_over(case: Case) -> None:
    browser = at(case)
    browser.cookies.clear()

    shown = browser.submit({"words": "En de volgende ook."}, "Send")

    assert (shown.status, "En de volgende ook." in shown.text) == (403, True)
    assert "Your words are with the people" in browser.submit(button="Send").text


def test_another_site_does_nothing_in_somebodys_name(case: Case) -> None:
    assert at(case).submit({"close": ""}, "Close it", Origin="https://elsewhere.example").status == 403
    assert table.get(case.case_id) == case


def test_too_many_words_are_told_and_kept(case: Case) -> None:
    shown = at(case).submit({"words": "x" * 2001}, "Send")

    assert (shown.status, "x" * 2001 in shown.html) == (422, True)


def test_a_table_that_is_busy_loses_no_words(case: Case) -> None:
    browser = at(case)

    with mock.patch.object(acting.items, "transact_write", side_effect=Busy):
        shown = browser.submit({"words": "En de volgende ook."}, "Send")

    assert (shown.status, "En de volgende ook." in shown.text) == (503, True)
    assert "Your words are with the people" in browser.submit(button="Send").text


def test_the_page_says_that_it_stands_in_the_public_list(case: Case) -> None:
    daybook.note(case)

    browser = at(case)
    assert case.digest in browser.follow("See the list").text


def test_whatever_is_done_to_a_case_has_words_for_its_sender() -> None:
    shown = {act for act in Act if HistoryEntry(2, NOW, act, "sub-nadia", CaseStatus.RECEIVED).is_for_citizen}

    assert set(cases.ACTS) == shown
    assert set(cases.STATUSES) == set(CaseStatus)
    assert shown >= set(HEADLINES)
