"""The calls of the contract, through the whole app."""

import json
from typing import Any

import pytest

from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import Way, case_id_of
from tests.camps import post, request
from tests.front_door import city

SENT: dict[str, Any] = {
    "form_id": "street",
    "answers": {"sort": "paving", "what": "Een losse stoeptegel voor nummer 1."},
    "contact": {"email": "an.claeys@example.org", "language": "nl"},
    "location": {"lat": 51.2205, "long": 3.6117, "address": "Veld 1"},
}
KEY = {"Idempotency-Key": "stoep-1"}


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


def test_the_published_forms_are_there_for_anybody() -> None:
    answer = request("GET", "/api/forms")

    assert answer.status_code == 200
    forms = {form["form_id"]: form for form in answer.json_body["forms"]}
    assert set(forms) == {"street", "complaint", "youth-care"}
    assert forms["street"]["schema"]["x-order"] == ["sort", "what"]
    assert (forms["street"]["deadline_days"], forms["street"]["owner"]["unit_id"]) == (10, "streets")
    assert "nadia" not in json.dumps(forms).lower()
    assert request("GET", "/api/forms/complaint").json_body["title"]["fr"] == "Une plainte"
    assert request("GET", "/api/forms/parking").status_code == 404


def test_a_case_is_answered_with_its_receipt_after_it_is_stored() -> None:
    answer = post("/api/cases", SENT, KEY)

    receipt = answer.json_body
    case = table.get(receipt["case_id"])
    assert (answer.status_code, case and case.way) == (201, Way.API)
    assert case_id_of(receipt["receipt"]) == receipt["case_id"]
    assert receipt["what_if_not"]["nl"] == "Bel 0800 1777."
    again = post("/api/cases", SENT, KEY)
    assert (again.status_code, again.json_body) == (200, receipt)


def test_whoever_has_receipt_and_secret_sees_how_it_stands() -> None:
    sent = post("/api/cases", SENT, KEY).json_body

    answer = request("GET", f"/api/cases/{sent['receipt']}?secret={sent['secret']}")

    assert answer.json_body["status"] == "received"
    assert [one["act"] for one in answer.json_body["history"]] == ["received"]
    assert request("GET", f"/api/cases/{sent['receipt']}?secret=34679ACEFGHJKMNP").status_code == 404
    assert request("GET", f"/api/cases/{sent['receipt']}").status_code == 422


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"location": {"lat": 91, "long": 3.6}}, "location.lat"),
        ({"location": {"lat": "51", "long": 3.6}}, "location.lat"),
        ({"answers": []}, "answers"),
        ({"answers": {"what": "\ud800"}}, "answers.what"),
        ({"contact": {"email": "niemand", "language": "nl"}}, "contact.email"),
        ({"contact": {"language": "de"}}, "contact.language"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], field: str) -> None:
    answer = post("/api/cases", SENT | changed, KEY)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json_body["errors"]] == [field]


def test_a_case_without_a_key_is_not_taken() -> None:
    assert post("/api/cases", SENT).status_code == 422
