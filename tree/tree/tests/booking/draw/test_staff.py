"""Staff enter the beacon and have the opening drawn, through the API."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.booking.draw import handlers, starting, table
from chalicelib.booking.draw.verification import problems
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import OpeningKind, Shift, State
from chalicelib.programme.sessions import table as programme
from tests import camps
from tests.booking.draw.lots import UNTIL, changed, drawn_opening, enter, published
from tests.camps import LOU, NOOR, family, post, request, signed_in

pytestmark = pytest.mark.usefixtures("table")

MANAGER = signed_in(Role.MANAGER, name="Els Maes")
APPROVER = signed_in(Role.APPROVER, name="Jan Peeters")
BOTH = signed_in(Role.MANAGER, Role.APPROVER, name="Els Maes")
LOTTO = "Lotto, 13 March 2027, six numbers in order"
VALUE = "3 11 22 31 40 44"


@pytest.fixture(autouse=True)
def afterwards(table):
    """It is five minutes after the end of the wishes, unless a test says otherwise."""
    with time_machine.travel(UNTIL + timedelta(minutes=5)):
        yield


@pytest.fixture
def invoked(monkeypatch) -> list[dict[str, Any]]:
    """What the function was called with; it is called at once."""
    calls: list[dict[str, Any]] = []

    class Lambda:
        def invoke(self, **call: Any) -> None:
            assert (call["FunctionName"], call["InvocationType"]) == ("stormloop-draw", "Event")
            calls.append(json.loads(call["Payload"]))
            handlers.draw(calls[-1])

    monkeypatch.setenv("DRAW_FUNCTION", "stormloop-draw")
    monkeypatch.setattr(starting, "_lambda", Lambda)
    return calls


def given(**plan: Any):
    with time_machine.travel(UNTIL - timedelta(hours=4)):
        bouwkamp = camps.published(title="Bouwkamp", opens_at=None, capacity=1)
        opening = drawn_opening(bouwkamp, **plan)
        enter(family(LOU), opening, [(LOU, bouwkamp)])
        enter(family(NOOR, email="fatima@example.be"), opening, [(NOOR, bouwkamp)])
    openings.forget()
    return opening


def draw(opening, who=MANAGER):
    openings.forget()
    return post(f"/api/staff/openings/{opening.opening_id}/draw", {}, who)


def beacon(opening, value: Any, who=MANAGER):
    return post(f"/api/staff/openings/{opening.opening_id}/beacon", {"value": value}, who)


def confirmed(opening) -> str | None:
    return table.confirmed_beacon(opening.opening_id, UNTIL)


def problem(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.body
    return answer.json_body["type"].rpartition("/")[2]


def test_it_is_drawn_when_a_manager_asks(invoked):
    opening = given()

    answer = draw(opening)

    assert (answer.status_code, invoked) == (202, [{"opening_id": opening.opening_id}])
    assert openings.get(opening.opening_id)[0].state is State.DRAWN
    assert problems([published(opening)]) == []
    assert [entry.what for entry in ledger.entries()] == [LedgerAct.DRAWN]


def test_asked_again_it_has_the_same_result(invoked):
    opening = given()
    draw(opening)
    before = published(opening)

    answer = draw(opening)

    assert (answer.status_code, answer.json_body["is_drawn"]) == (200, True)
    assert answer.json_body["list_hash"] == before["list_hash"]
    assert published(opening) == before
    assert len(invoked) == len(ledger.entries()) == 1


def test_a_draw_that_broke_off_goes_on_when_it_is_asked_for_again(invoked, monkeypatch):
    opening = given()
    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.booking.draw.drawing._write_out", lambda _: (_ for _ in ()).throw(ConnectionError))
        assert draw(opening).status_code == 500

    answer = draw(opening)

    assert answer.status_code == 202
    assert problems([published(opening)]) == []
    assert len(ledger.entries()) == 1


@pytest.mark.parametrize("early", [timedelta(minutes=10), timedelta(minutes=4, seconds=1)])
def test_before_the_wishes_are_closed_nothing_is_drawn(invoked, early):
    opening = given()
    with time_machine.travel(UNTIL + timedelta(minutes=5) - early):
        answer = draw(opening)

    assert problem(answer) == "not-now"
    assert "06" in answer.json_body["detail"]
    assert invoked == []


def test_a_paused_opening_is_not_drawn(invoked):
    opening = given()
    changed(opening, state=State.PAUSED, why={"nl": "…", "fr": "…", "en": "…"})

    assert problem(draw(opening)) == "not-now"
    assert invoked == []


def test_a_first_come_opening_is_not_drawn(invoked):
    opening = given(kind=OpeningKind.FIRST_COME, wishes_until=None)

    assert problem(draw(opening)) == "not-now"
    assert problem(request("GET", f"/api/openings/{opening.opening_id}/draw")) == "not-now"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_a_manager_has_it_drawn(invoked, role):
    assert problem(draw(given(), signed_in(role))) == "not-allowed"


def test_an_unknown_opening_is_not_found(invoked):
    given()

    for path, body in (("draw", {}), ("beacon", {"value": "1"})):
        assert problem(post(f"/api/staff/openings/2027-zzzzzz/{path}", body, MANAGER)) == "not-found"
    assert problem(request("GET", "/api/openings/2027-zzzzzz/draw")) == "not-found"


def test_the_list_is_frozen_and_its_hash_is_public_before_the_beacon_is_entered(invoked):
    opening = given(beacon=LOTTO)
    assert problem(beacon(opening, VALUE)) == "not-now"

    answer = draw(opening)

    assert (answer.status_code, answer.json_body["awaits_beacon"]) == (202, True)
    document = published(opening)
    assert document["list_hash"] == table.frozen(opening.opening_id).list_hash
    assert (document["seed"], document["beacon"], document["beacon_named"]) == (None, None, LOTTO)
    assert openings.get(opening.opening_id)[0].state is State.PUBLISHED


def test_two_enter_the_same_value_and_it_is_drawn_with_it(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)

    first, second = beacon(opening, VALUE), beacon(opening, "  3 11 22  31 40 44 ", APPROVER)
    draw(opening)

    assert [(answer.status_code, answer.json_body["is_confirmed"]) for answer in (first, second)] == [
        (202, False),
        (200, True),
    ]
    document = published(opening)
    assert document["beacon"] == VALUE
    assert problems([document]) == []
    entry = next(entry for entry in ledger.entries() if entry.what is LedgerAct.BEACON)
    assert (entry.staff_name, entry.details) == ("Jan Peeters", {"value": VALUE})


def test_a_value_that_is_not_what_it_claims_is_refused_and_nothing_is_stored(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)
    beacon(opening, VALUE)

    answer = beacon(opening, "3 11 22 31 40 45", APPROVER)

    assert problem(answer) == "invalid"
    assert answer.json_body["errors"][0]["field"] == "value"
    assert VALUE not in answer.body.decode()
    assert confirmed(opening) is None
    assert draw(opening).json_body["awaits_beacon"]


def test_what_was_mistyped_is_entered_anew_by_both(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)
    beacon(opening, "3 11 22 31 40 45")
    beacon(opening, VALUE, APPROVER)

    beacon(opening, VALUE)

    assert beacon(opening, VALUE, APPROVER).json_body["is_confirmed"]


def test_nobody_confirms_what_they_entered_themselves(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)

    answers = [beacon(opening, VALUE, BOTH) for _ in range(2)]

    assert [answer.json_body["is_confirmed"] for answer in answers] == [False, False]


def test_what_is_confirmed_stays(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)
    beacon(opening, VALUE)
    beacon(opening, VALUE, APPROVER)

    for who in (MANAGER, APPROVER, BOTH):
        assert problem(beacon(opening, "1 2 3 4 5 6", who)) == "not-now"

    assert confirmed(opening) == VALUE
    assert not table.enter_beacon(opening.opening_id, "1 2 3 4 5 6", "els", "Els", UNTIL, UNTIL)


def test_a_value_that_is_entered_anew_while_it_is_confirmed_is_not_confirmed(invoked, monkeypatch):
    opening = given(beacon=LOTTO)
    draw(opening)
    beacon(opening, VALUE)
    stale = table.beacon(opening.opening_id, UNTIL)
    table.enter_beacon(opening.opening_id, "another", "sub-Els Maes", "Els Maes", datetime.now(UTC), UNTIL)
    monkeypatch.setattr(table, "beacon", lambda *_: stale)

    assert problem(beacon(opening, VALUE, APPROVER)) == "changed"


def test_after_a_new_moment_there_is_a_new_list_and_the_beacon_of_the_old_one_does_not_count(invoked):
    opening = given(beacon=LOTTO)
    (bouwkamp,) = programme.several(opening.plan.session_ids).values()
    draw(opening)
    beacon(opening, VALUE)
    beacon(opening, VALUE, APPROVER)
    week = timedelta(days=7)
    changed(opening, shifts=(Shift(opening.plan.opens_at, week),))
    assert problem(request("GET", f"/api/openings/{opening.opening_id}/draw")) == "not-found"
    assert problem(beacon(opening, VALUE)) == "not-now"
    with time_machine.travel(UNTIL + timedelta(days=6)):
        third = family(camps.JEF, email="els@example.be")
        openings.forget()
        assert enter(third, opening, [(camps.JEF, bouwkamp)]).status_code == 200

    with time_machine.travel(UNTIL + week + timedelta(minutes=5)):
        assert draw(opening).json_body["awaits_beacon"]
        assert published(opening)["number_of_entries"] == 3
        assert beacon(opening, "1 2 3").status_code == 202
        assert beacon(opening, "1 2 3", APPROVER).status_code == 200
        draw(opening)

        document = published(opening)
    assert document["beacon"] == "1 2 3"
    assert problems([document]) == []


def test_no_incident_comes_between_the_draw_and_its_result(invoked, monkeypatch):
    opening = given()
    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.booking.draw.drawing._write_out", lambda _: (_ for _ in ()).throw(ConnectionError))
        draw(opening)
    told = {"nl": "Er is iets.", "fr": "Il y a un souci.", "en": "Something is wrong."}

    answer = post(
        f"/api/staff/openings/{opening.opening_id}/incidents",
        {"action": "pause", "why": told, "cause": told, "reason": "Something is wrong."},
        MANAGER,
    )

    assert problem(answer) == "not-now"
    assert "loting is begonnen" in answer.json_body["detail"]


def test_the_first_to_enter_it_is_a_manager(invoked):
    opening = given(beacon=LOTTO)
    draw(opening)

    assert problem(beacon(opening, VALUE, APPROVER)) == "not-allowed"
    for role in (Role.DESK, Role.FINANCE, Role.AUDITOR):
        assert problem(beacon(opening, VALUE, signed_in(role))) == "not-allowed"


@pytest.mark.parametrize("value", ["", "   ", None, 7, "a\nb", "x" * 201])
def test_a_value_that_is_none_is_refused(invoked, value):
    opening = given(beacon=LOTTO)
    draw(opening)

    assert problem(beacon(opening, value)) == "invalid"


def test_an_opening_that_names_no_beacon_takes_none(invoked):
    opening = given()

    assert problem(beacon(opening, VALUE)) == "not-now"
