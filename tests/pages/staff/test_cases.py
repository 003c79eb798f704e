"""The inbox, a case and the answers that are ready, as a case handler sees them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.cases import sending, table
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.handling import handling, templates
from chalicelib.front_door.units import table as units
from chalicelib.people.staff.rules import Role
from tests.front_door import city
from tests.front_door.city import NADIA, NOW
from tests.pages.frame.browsing import Browser


@pytest.fixture
def case(table: None) -> Case:
    city.a_city()
    return sending.send(city.report(), NOW).case


def signed_in(email: str = NADIA.email) -> Browser:
    return Browser("nl").sign_in(Role.HANDLER, name="Nadia Baert", email=email)


def test_the_inbox_shows_what_is_due_first_and_leads_to_the_case(case: Case) -> None:
    browser = signed_in()
    assert "22 maart 2027" in browser.get("/office/cases").text

    shown = browser.follow(case.receipt)

    assert "Een losse stoeptegel voor nummer 1." in shown.text
    assert "an.claeys@example.org" in shown.text


def test_a_case_is_answered_and_leaves_the_inbox(case: Case) -> None:
    browser = signed_in()
    browser.get(f"/office/cases/{case.case_id}")

    shown = browser.submit({"text": "De tegel ligt vast."}, button="Antwoord versturen")

    assert "Het is beantwoord." in shown.text
    assert f">{case.receipt}</a>" not in shown.html
    after = table.get(case.case_id)
    assert after
    assert after.status is CaseStatus.ANSWERED


def test_what_was_typed_stays_when_somebody_else_was_faster(case: Case) -> None:
    browser = signed_in()
    browser.get(f"/office/cases/{case.case_id}")
    handling.note(NADIA, case.case_id, 1, "Gebeld.", NOW)

    shown = browser.submit({"text": "De tegel ligt vast."}, button="Antwoord versturen")

    assert shown.status == 409
    assert "Wat je typte staat hieronder nog." in shown.text
    assert "De tegel ligt vast." in shown.html


@pytest.mark.parametrize(
    ("button", "field", "typed"),
    [
        ("Afsluiten", "close_text", {}),
        ("Doorsturen", "forward_text", {"unit_id": "office"}),
        ("Antwoord versturen", "text", {}),
    ],
)
def test_what_is_missing_is_said_beside_its_own_field(
    case: Case, button: str, field: str, typed: dict[str, str]
) -> None:
    browser = signed_in()
    browser.get(f"/office/cases/{case.case_id}")

    shown = browser.submit({field: "", **typed}, button=button)

    assert shown.status == 422
    assert re.findall(r"utrecht-textarea--invalid[^>]*name=\"(\w+)\"", shown.html) == [field]


@pytest.mark.parametrize("edition", ["1" * 5000, "²", "-1", "1 ", ""])
def test_an_edition_that_no_page_of_ours_says_is_refused(case: Case, edition: str) -> None:
    browser = signed_in()
    browser.get(f"/office/cases/{case.case_id}")
    assert browser.submit({"text": "De tegel ligt vast.", "edition": edition}, "Antwoord versturen").status == 422

    browser.get("/office/case-templates")
    assert browser.submit({"edition": edition}, button="Bewaren").status == 422


def test_a_case_of_another_unit_is_not_there(case: Case) -> None:
    browser = signed_in("koen.desmet@kaprijke.example")

    assert browser.get(f"/office/cases/{case.case_id}").status == 404
    assert case.receipt not in browser.get("/office/cases").text


def test_each_look_at_a_confidential_case_is_a_line_in_the_log_of_access(
    case: Case, accesses: list[dict[str, Any]]
) -> None:
    ask = {"ask": "Met wie kan ik praten?"}
    cared = sending.send(CaseRequest("youth-care", ask, Way.PAGE, "cared", contact=city.AN), NOW).case
    ria, path = signed_in(city.RIA.email), f"/office/cases/{cared.case_id}"

    ria.get(path)
    ria.submit({"text": "Met mij."}, button="Antwoord versturen")
    ria.get(f"{path}/public")
    signed_in().get(path)  # not hers: she is shown nothing
    signed_in().get(f"/office/cases/{case.case_id}")  # not confidential

    assert [line["route"] for line in accesses] == [
        "GET /office/cases/{case_id}",
        "POST /office/cases/{case_id}",
        "GET /office/cases/{case_id}/public",
    ]


def test_an_answer_that_is_ready_comes_in_the_citizens_language(case: Case) -> None:
    text = {"nl": "Bedankt, we komen kijken.", "fr": "Merci, nous venons.", "en": "Thank you, we will come."}
    ready = templates.keep({"form_id": "street", "title": "We komen kijken", "text": text}, "", 0)

    shown = signed_in().get(f"/office/cases/{case.case_id}?template={ready.template_id}")

    assert "Bedankt, we komen kijken." in shown.html


def test_answers_that_are_ready_are_kept_changed_and_removed(case: Case) -> None:
    browser = signed_in()
    browser.get("/office/case-templates")
    texts = {"text.nl": "We komen.", "text.fr": "Nous venons.", "text.en": "We come."}
    browser.submit({"title": "Kijken", **texts}, button="Bewaren")
    [ready] = templates.every()

    browser.get(f"/office/case-templates?template={ready.template_id}")
    browser.submit({"text.nl": "We komen morgen."}, button="Bewaren")
    assert templates.every()[0].text["nl"] == "We komen morgen."

    browser.get(f"/office/case-templates?template={ready.template_id}")
    browser.submit({}, button="Verwijderen")
    assert templates.every() == []


def test_a_complaint_is_said_to_be_about_a_case_and_that_nobody_may_answer_it_is_said(case: Case) -> None:
    handling.answer(NADIA, case.case_id, 1, "Kan niet.", NOW)
    complaint = sending.send(city.complaint(), NOW).case
    koen = signed_in(city.KOEN.email)
    koen.get(f"/office/cases/{complaint.case_id}")

    wrong = koen.submit({"about": "ACDE", "concerns": "streets"}, button="Opschrijven")
    koen.submit({"about": case.receipt, "concerns": "streets"}, button="Opschrijven")
    shown = koen.get(f"/office/cases/{complaint.case_id}")

    assert wrong.status == 422
    assert "Vul het ontvangstnummer in van het dossier waarover de klacht gaat" in wrong.text
    assert f'name="about" type="text" value="{case.receipt}"' in shown.html
    assert "Niemand mag ze beantwoorden" not in shown.text
    items.transact_write([units.putting(replace(city.STREETS, people=(NADIA.email, city.KOEN.email), edition=2))])
    units.forget()
    assert "Niemand mag ze beantwoorden" in koen.get(f"/office/cases/{complaint.case_id}").text


def test_a_citizen_who_was_not_told_is_told_again_by_a_button(case: Case) -> None:
    case = sending.send(city.report("2"), datetime.now(UTC) - timedelta(hours=2)).case
    browser = signed_in()
    assert "De burger kreeg geen bericht" in browser.get(f"/office/cases/{case.case_id}").text

    browser.submit({}, button="Opnieuw sturen")

    assert [entry.act for entry in table.history(case)] == [Act.RECEIVED, Act.NOTED]
