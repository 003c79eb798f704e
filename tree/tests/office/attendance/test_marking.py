"""Who is there on a day, through the API: who may mark whom and when, and what becomes of each mark."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from tests.camps import LOU, family, published, request, signed_in
from tests.containers import forget
from tests.office.attendance.camp import ELIF, LEADER, LUKASZ, MONDAY, ZOE, a_camp
from tests.programme.openings.plans import put

YUSUF = signed_in(Role.LEADER, name=LEADER.name, groups=(), email=LEADER.email)
SOFIE = signed_in(Role.DESK, name="Sofie Maes")


@pytest.fixture
def camp(table: None) -> Iterator[Session]:
    """Given a camp on its first morning."""
    session = a_camp()
    with time_machine.travel("2027-08-16T08:55:00+02:00", tick=False):
        forget()
        yield session


def mark(camp: Session, marks: Any, by: dict[str, str] = YUSUF, day: date = MONDAY) -> HTTPResponse:
    return put(f"/api/staff/sessions/{camp.session_id}/attendance/{day}", marks, by)


def read(camp: Session, by: dict[str, str] = YUSUF) -> HTTPResponse:
    return request("GET", f"/api/staff/sessions/{camp.session_id}/attendance/{MONDAY}", headers=by)


def outcomes(answer: HTTPResponse) -> dict[str, str]:
    return {child: one["outcome"] for child, one in answer.json_body["children"].items()}


def test_a_group_is_marked_and_read(camp):
    answer = mark(camp, {ZOE.child_id: "present", LUKASZ.child_id: "absent", ELIF.child_id: {"mark": "late"}})

    assert (answer.status_code, set(outcomes(answer).values())) == (200, {"stored"})
    found = {one["last_name"]: one for one in read(camp, SOFIE).json_body["children"]}
    assert [(name, one["mark"], one["edition"], one["by"]) for name, one in found.items()] == [
        ("De Wilde", "absent", 1, "Yusuf Demir"),
        ("Simsek", "late", 1, "Yusuf Demir"),
        ("Şimşek", "present", 1, "Yusuf Demir"),
    ]
    assert found["De Wilde"]["pick_up"] == ["Oma Krystyna"]
    assert found["Simsek"]["at"] == "2027-08-16T06:55:00+00:00"


def test_two_leaders_who_saw_the_same_do_not_undo_each_other(camp):
    mark(camp, {ZOE.child_id: {"mark": "present", "edition": 0}})

    second = mark(camp, {ZOE.child_id: {"mark": "absent", "edition": 0}, ELIF.child_id: "present"}, SOFIE)
    alone = mark(camp, {ZOE.child_id: "absent"}, SOFIE)

    assert outcomes(second) == {ZOE.child_id: "conflict", ELIF.child_id: "stored"}
    assert second.json_body["children"][ZOE.child_id]["mark"] == "present"
    assert (alone.status_code, alone.json_body["type"].rpartition("/")[2]) == (409, "changed")
    chosen = mark(camp, {ZOE.child_id: {"mark": "absent", "edition": 1}}, SOFIE)
    assert outcomes(chosen) == {ZOE.child_id: "stored"}


def test_who_has_no_seat_is_not_marked_and_who_gave_it_up_stays_marked(camp):
    stranger = mark(camp, {LOU.child_id: "present", ZOE.child_id: "present"})
    assert outcomes(stranger) == {LOU.child_id: "no-seat", ZOE.child_id: "stored"}
    assert mark(camp, {LOU.child_id: "present"}).status_code == 404

    simsek = family(ZOE, email="simsek@example.be")
    simsek.cancel(simsek.get("/api/registrations").json_body["registrations"][0]["registration_id"])

    gone = [one for one in read(camp).json_body["children"] if not one["has_seat"]]
    assert [(one["child_id"], one["mark"], one["last_name"]) for one in gone] == [(ZOE.child_id, "present", None)]
    assert outcomes(mark(camp, {ZOE.child_id: "fetched", ELIF.child_id: "late"}))[ZOE.child_id] == "no-seat"


def test_a_day_to_come_is_not_marked_and_a_day_that_is_over_is(camp):
    assert mark(camp, {ZOE.child_id: "present"}, day=MONDAY + timedelta(days=1)).status_code == 409
    assert mark(camp, {ZOE.child_id: "present"}, day=MONDAY + timedelta(days=9)).status_code == 404
    with time_machine.travel("2027-08-25T12:00:00+02:00"):
        assert mark(camp, {ZOE.child_id: {"mark": "present", "at": "2027-08-16T09:10"}}).status_code == 200
    with time_machine.travel("2027-08-26T12:00:00+02:00"):  # eight days after the last: the desk alone
        assert mark(camp, {ELIF.child_id: "present"}).status_code == 404
        assert mark(camp, {ELIF.child_id: "present"}, SOFIE).status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "body"),
        ([], "body"),
        ({ZOE.child_id: "there"}, ZOE.child_id),
        ({ZOE.child_id: {"mark": "late", "edition": -1}}, f"{ZOE.child_id}.edition"),
        ({ZOE.child_id: {"mark": "late", "at": "2027-08-15T23:59"}}, f"{ZOE.child_id}.at"),
        ({ZOE.child_id: {"mark": "late", "at": "2027-08-16T08:56"}}, f"{ZOE.child_id}.at"),
        ({ZOE.child_id: {"mark": "late", "who": "me"}}, f"{ZOE.child_id}.who"),
        ({ZOE.child_id: {"mark": "late", "note": "x" * 121}}, f"{ZOE.child_id}.note"),
        ({f"child{one}": "late" for one in range(301)}, "body"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(camp, sent, field):
    answer = mark(camp, sent)

    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json_body["errors"]]


def test_nobody_marks_in_a_session_that_is_not_theirs(camp):
    other = published(title="Danskamp")
    of_zelzate = signed_in(Role.DESK, groups=("municipality:zelzate",))

    assert mark(other, {ZOE.child_id: "present"}, YUSUF).status_code == 404
    for by in (of_zelzate, signed_in(Role.LEADER, groups=(), email="other@kaprijke.example")):
        assert (mark(camp, {ZOE.child_id: "present"}, by).status_code, read(camp, by).status_code) == (404, 404)


def test_who_marked_whom_is_a_line(camp, accesses):
    mark(camp, {ZOE.child_id: "present", LOU.child_id: "present"})

    (line,) = accesses
    assert (line["who"], len(line["children"]), line["sessions"]) == ("sub-Yusuf Demir", 1, [camp.session_id])
