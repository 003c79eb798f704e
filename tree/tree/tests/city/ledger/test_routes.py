"""Staff read who did what and why; everybody else reads that it was done, and can verify it."""

import json

import pytest

from chalicelib.city.ledger import handlers
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import NO_HASH, LedgerAct, read_export, verify
from chalicelib.people.staff.rules import Role
from tests.camps import request, signed_in
from tests.city.ledger.chains import ELS, NOON, REASON

MAY_READ = {Role.AUDITOR, Role.MANAGER, Role.APPROVER}


def given_entries(number: int) -> None:
    for seats in range(number):
        ledger.record(
            LedgerAct.SEATS_RESERVED,
            ELS,
            REASON,
            NOON,
            opening_id="2027-k7m2xq",
            registration_id="registration1",
            details={"seats": seats},
            private={"note": "voor Zebedeus"},
        )


def test_the_public_ledger_names_nobody(table):
    given_entries(2)

    answer = request("GET", "/api/ledger")

    assert answer.status_code == 200
    for secret in (ELS.name, ELS.staff_id, REASON, "registration1", "Zebedeus", ledger.entries()[0].salt):
        assert secret not in answer.body.decode()
    assert answer.json_body["entries"][1]["public"] == {
        "at": "2027-03-06T12:00:00+00:00",
        "what": "seats-reserved",
        "opening_id": "2027-k7m2xq",
        "session_id": None,
        "details": {"seats": 1},
    }


def test_the_public_ledger_can_be_verified_and_cached(table):
    given_entries(3)

    answer = request("GET", "/api/ledger")

    assert verify(*read_export(answer.body)) == []
    assert answer.headers["Cache-Control"] == "public, max-age=5"


def test_an_empty_ledger_has_a_head_too(table):
    answer = request("GET", "/api/ledger")

    assert answer.json_body == {"entries": [], "head": {"number": 0, "hash": NO_HASH}, "next": None}


@pytest.mark.parametrize("role", Role)
def test_names_and_reasons_are_for_those_who_may_read_them(table, role):
    given_entries(1)

    answer = request("GET", "/api/staff/ledger", headers=signed_in(role))

    assert answer.status_code == (200 if role in MAY_READ else 403)
    assert (REASON in answer.body.decode()) is (role in MAY_READ)


def test_staff_read_whole_entries_and_can_verify_them(table):
    given_entries(2)

    answer = request("GET", "/api/staff/ledger", headers=signed_in(Role.AUDITOR))

    assert verify(*read_export(answer.body)) == []
    assert answer.json_body["entries"][0]["private"] == {
        "by": {"staff_id": "sub-els", "name": "Els Maes"},
        "reason": REASON,
        "registration_id": "registration1",
        "details": {"note": "voor Zebedeus"},
    }


@pytest.mark.parametrize("path", ["/api/ledger", "/api/staff/ledger"])
def test_pages_follow_each_other(table, path, monkeypatch):
    monkeypatch.setattr(handlers, "PAGE", 2)
    given_entries(5)

    pages, after = [], 0
    while after is not None:
        page = request("GET", f"{path}?after={after}", headers=signed_in(Role.AUDITOR)).json_body
        pages.append([entry["number"] for entry in page["entries"]])
        after = page["next"]

    assert pages == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "100000000", "%F0%9F%8F%95"])
def test_only_a_number_can_be_read_on_from(table, after):
    answer = request("GET", f"/api/ledger?after={after}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json_body["errors"]] == ["after"]


def test_after_the_end_there_is_nothing(table):
    given_entries(1)

    answer = request("GET", "/api/ledger?after=99")

    assert (answer.json_body["entries"], answer.json_body["next"]) == ([], None)
    assert json.loads(answer.body)["head"]["number"] == 1
