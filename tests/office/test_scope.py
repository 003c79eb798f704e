"""Roles before reads: every route of staff with a municipality that somebody does not work for, made from the table of
routes. What is another town's is not found, and nothing about a person is read to find that out."""

import json
from datetime import timedelta

import pytest

from chalicelib.booking.registrations.rules import reference
from chalicelib.core.http.problems import Problem
from chalicelib.office import scope
from chalicelib.people.rules import Within
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import leaders
from chalicelib.routes import ROUTES
from tests.camps import post, published, request, signed_in
from tests.city.ledger.test_table import REASON
from tests.office.desk.counter import typed
from tests.office.two_towns import MILA, WORDS, ask, personal_reads, two_towns
from tests.pages.frame.browsing import Browser
from tests.programme.openings.plans import PLAN, drafted, put

pytestmark = pytest.mark.usefixtures("table")

KAPRIJKE = ("kaprijke",)
OF_STAFF = [route for route in ROUTES if route.roles]
# What the use case itself leaves out is looked for with these.
QUERIES = {
    "/office/attendance": "?day=2027-08-16",
    "/office/attendance/tomorrow.pdf": "?day=2027-08-16",
    "/api/staff/registrations": "?email=zeegers@example.be",
}


def within(*some: Within):
    return [route for route in OF_STAFF if route.within in some]


def test_what_is_of_another_town_is_not_found_and_nobody_is_read():
    _, zelzate = two_towns()
    leaders.name(zelzate.session, ["els@zelzate.example"])

    for route in within(
        Within.SESSION, Within.CHILDREN, Within.REGISTRATION, Within.FAMILY, Within.OPENING, Within.WHOLE_OPENING
    ):
        for role in route.roles:
            with personal_reads() as read:
                answer = ask(route, zelzate.path, "", role, municipalities=KAPRIJKE)
            assert (answer.status_code, read) == (404, []), (route.method, route.address, role)
            assert not any(word in answer.body.decode() for word in WORDS), route.address


def test_what_holds_for_every_town_is_changed_by_who_works_for_all_of_them():
    two_towns()

    for route in within(Within.WHOLE_CITY):
        with personal_reads() as read:
            answer = ask(route, {}, municipalities=KAPRIJKE)
        assert (answer.status_code, read) == (403, []), route.address
        assert ask(route, {}, municipalities=("kaprijke", "zelzate")).status_code != 403 or route.method != "GET"


def test_lists_and_searches_leave_out_what_is_of_another_town():
    """Where the use case itself sees to it. (What is sent to it has tests below.)"""
    two_towns()

    for route in within(Within.CHOSEN):
        if route.method != "GET":
            continue
        query = QUERIES.get(route.address, "")
        with personal_reads() as read:
            answer = ask(route, {}, query, municipalities=KAPRIJKE)
        status = 404 if "{family_id}" in route.address or "{place}" in route.address else 200  # hers, and that town's
        assert (answer.status_code, [sk for sk in read if MILA.child_id in sk]) == (status, []), route.address
        shown = str(answer.body).replace(query.partition("=")[2] or "-", "")  # what was typed is shown again
        assert [word for word in WORDS if word in shown] == [], route.address


@pytest.mark.parametrize("typed_in", ["zeegers@example.be", "Zeegers", "reference"])
def test_the_desk_finds_its_own_town_alone(typed_in):
    _, zelzate = two_towns()
    words = reference(zelzate.registration_id) if typed_in == "reference" else typed_in

    for town, found in (("kaprijke", False), ("zelzate", True)):
        desk = Browser("en").sign_in(Role.DESK, municipalities=(town,))
        with personal_reads() as read:
            desk.get("/office/desk")
            shown = desk.submit({"q": words}, button="Search").text
        assert ("Mila" in shown) == found
        assert (f"P#{zelzate.family.pass_.pass_id}" in read) == found


def test_nothing_is_sent_about_another_town():
    """To register, to open, to import and to make: by what is sent, whatever stands in the address."""
    kaprijke, zelzate = two_towns()
    of_kaprijke = ["municipality:kaprijke"]
    desk = signed_in(Role.DESK, groups=of_kaprijke) | {"Idempotency-Key": "zelzate-1"}
    manager = signed_in(Role.MANAGER, groups=of_kaprijke)

    with personal_reads() as read:
        assert post("/api/staff/registrations", typed(session_id=zelzate.session.session_id), desk).status_code == 404
    assert read == []
    spanning = [kaprijke.session.session_id, zelzate.session.session_id]
    opening_id = drafted(session_ids=[kaprijke.session.session_id])
    plan = PLAN | {"session_ids": spanning}
    for answer in (
        post("/api/staff/openings", plan, manager),
        put(f"/api/staff/openings/{opening_id}", {"version": 1, "plan": plan}, manager),
    ):
        assert (answer.status_code, answer.json_body["municipalities"]) == (403, "Zelzate")
    browser = Browser("en").sign_in(Role.MANAGER, municipalities=KAPRIJKE)
    browser.get("/office/sessions/new")
    assert browser.submit({"title": "Zeekamp 2", "municipality": "Zelzate"}, button="Save").status == 403
    browser.get(f"/office/desk/register?like={zelzate.registration_id}")
    assert browser.shown.status in (403, 404)


def test_an_opening_of_two_towns_is_read_by_each_and_changed_by_who_works_for_both():
    kaprijke, zelzate = two_towns()
    opening_id = drafted(session_ids=[kaprijke.session.session_id, zelzate.session.session_id])
    path = {"opening_id": opening_id, "number": "1"}

    for route in within(Within.OPENING):
        assert ask(route, path, municipalities=KAPRIJKE).status_code in (200, 409), route.address
    for route in within(Within.WHOLE_OPENING):
        assert ask(route, path, municipalities=KAPRIJKE).status_code == 403, route.address


def test_statistics_of_an_opening_of_another_town_are_not_found():
    _, zelzate = two_towns()
    path = f"?opening={zelzate.opening_id}"

    for route in OF_STAFF:
        if route.address.startswith("/office/statistics"):
            assert ask(route, {}, path, municipalities=KAPRIJKE).status_code == 404


def test_who_has_no_municipality_works_for_the_one_that_there_is_and_for_none_of_two():
    nobody_said = Staff("7d1f", "Jamila Aerts", frozenset({Role.DESK}))
    first = published(municipality="Kaprijke")
    assert scope.must_have(nobody_said, first.session_id)

    second = published(municipality="Zelzate")

    for session in (first, second):
        with pytest.raises(Problem, match="not-found"):
            scope.must_have(nobody_said, session.session_id)
    assert "No municipality yet" in Browser("en").sign_in(Role.DESK, municipalities=()).get("/office").text


def test_the_ledger_shows_names_and_reasons_of_what_is_theirs():
    _, zelzate = two_towns()
    moved = {"closes_at": (zelzate.session.starts_on - timedelta(days=9)).isoformat() + "T12:00", "reason": REASON}
    path = f"/api/staff/sessions/{zelzate.session.session_id}/closing"
    assert put(path, moved, signed_in(Role.MANAGER)).status_code == 200

    def entries(*groups: str) -> int:
        answer = request("GET", "/api/staff/ledger", headers=signed_in(Role.AUDITOR, groups=groups))
        return len(json.loads(answer.body)["entries"])

    assert (entries("municipality:zelzate"), entries("municipality:kaprijke"), entries("all-municipalities")) == (
        1,
        0,
        1,
    )
