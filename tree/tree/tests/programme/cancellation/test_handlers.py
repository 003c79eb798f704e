"""The city sets what cancelling costs: with a reason, in the ledger, a version at a time."""

import json
from typing import Any

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.programme.cancellation import table as cancellation
from chalicelib.programme.cancellation.rules import CancellationStep, Rule
from tests.camps import request
from tests.office.desk.counter import MANAGER, entries, errors, slug

pytestmark = pytest.mark.usefixtures("table")

REASON = "Het retributiereglement van 3 maart zegt het zo."
THREE_WEEKS = {"steps": [{"days_before": 21, "percent": 0}], "then": 80}


def set_to(version: int = 0, **more: Any) -> HTTPResponse:
    body = {"version": version, **THREE_WEEKS, "reason": REASON, **more}
    return request("PUT", "/api/staff/cancellation", json.dumps(body).encode(), MANAGER)


def rule() -> dict[str, Any]:
    return dict(request("GET", "/api/cancellation").json_body)


def test_before_a_city_sets_its_own_our_default_stands():
    assert rule() == {
        "version": 0,
        "since": None,
        "steps": [{"days_before": 14, "percent": 0}, {"days_before": 2, "percent": 50}],
        "then": 100,
        "earlier": [],
    }


def test_a_new_rule_stands_at_once_and_the_ledger_says_who_and_why():
    with time_machine.travel("2027-03-06T12:00:00Z", tick=False):
        answer = set_to()

    assert answer.status_code == 200, answer.json_body
    assert answer.json_body == {"version": 1, "since": "2027-03-06T12:00:00+00:00", **THREE_WEEKS, "earlier": []}
    assert rule() == answer.json_body
    (entry,) = entries()
    assert (entry.what, entry.reason, entry.staff_name) == (LedgerAct.CANCELLATION_RULE, REASON, "Els Maes")
    assert entry.details == {"version": 1, "steps": [[21, 0]], "then": 80}


def test_earlier_versions_stay():
    set_to()
    set_to(1, steps=[], then=10)

    found = rule()

    assert (found["version"], found["steps"], found["then"]) == (2, [], 10)
    assert [(one["version"], one["then"]) for one in found["earlier"]] == [(1, 80)]
    assert [one.rule for one in cancellation.versions()] == [Rule((CancellationStep(21, 0),), 80), Rule((), 10)]


def test_two_who_change_it_at_once_do_not_overwrite_each_other(monkeypatch: pytest.MonkeyPatch):
    set_to()
    seen = cancellation.versions()
    assert slug(set_to(0, then=90)) == "changed"

    set_to(1, then=90)
    monkeypatch.setattr(cancellation, "versions", lambda: seen)  # looked at just before

    assert slug(set_to(1, then=70)) == "changed"
    assert [one.details["then"] for one in entries()] == [80, 90]


def test_what_is_so_already_is_no_new_version():
    set_to()

    assert set_to(1).json_body["version"] == 1
    assert len(entries()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"steps": [{"days_before": 2, "percent": 0}, {"days_before": 14, "percent": 50}]}, "steps[1]"),
        ({"steps": [{"days_before": 2, "percent": 80}]}, "then"),
        ({"steps": [{"days_before": 366, "percent": 0}]}, "steps[0].days_before"),
        ({"steps": [{"days_before": 2, "percent": 101}]}, "steps[0].percent"),
        ({"steps": [{"days_before": day, "percent": 10 - day} for day in range(6)]}, "steps"),
        ({"reason": "zo"}, "reason"),
        ({"reason": "1234567890 !"}, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(wrong: dict[str, Any], field: str):
    assert errors(set_to(**wrong)) == [field]
    assert cancellation.versions() == []
    assert entries() == []
