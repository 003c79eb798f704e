"""What is held during a pause ends later by its length, and nobody gets it meanwhile."""

from datetime import timedelta

import pytest

from chalicelib.booking.offers.advance import advance
from chalicelib.office.incidents.handlers import announce
from chalicelib.programme.openings import table as openings
from chalicelib.seats import table as seats
from tests.camps import BOUWKAMP, LOU, NOOR, family, request
from tests.office.incidents.conftest import after, approved, at, done, given_opening, report
from tests.programme.openings.plans import PASSES_UNTIL

ID = BOUWKAMP.session_id
NEXT_WEEK = "2027-05-14T19:00"


@pytest.fixture
def held(table, called, queue_url):
    """Given a seat, the only one, that is held from 40 minutes after the opening until 100 minutes after it."""
    given_opening(capacity=1, hold_minutes=60)
    with at(PASSES_UNTIL - timedelta(days=1)):
        claeys = family(LOU)
    with at(after(40)):
        answer = claeys.register(BOUWKAMP, LOU)
    assert answer.json_body["status"] == "offered"
    return claeys, answer.json_body["registration_id"]


def run(number: int) -> None:
    announce({"opening_id": "2027-kampen", "number": number})


def pause(minutes: float) -> None:
    with at(after(minutes)):
        done(report("2027-kampen", "pause"))


def resume(minutes: float) -> None:
    with at(after(minutes)):
        done(report("2027-kampen", "resume"))


def state(who, minutes: float) -> tuple[str, object]:
    claeys, registration_id = who
    with at(after(minutes)):
        body = claeys.get(f"/api/registrations/{registration_id}").json_body
    return body["status"], body.get("held_until")


def test_a_hold_does_not_end_during_a_pause_and_ends_later_by_its_length(held):
    pause(50)
    run(1)
    assert state(held, 125)[0] == "offered"  # its hour was over at 100
    with at(after(125)):
        assert advance(ID, after(125)) == after(130)  # nothing moves on; it is looked at again
    resume(130)
    for _ in range(2):
        run(2)

    assert seats.get([ID])[ID].until == {held[1]: int(after(180).timestamp())}
    assert state(held, 179)[0] == "offered"
    assert state(held, 180)[0] == "cancelled"


def test_a_family_accepts_during_a_pause_what_would_have_ended(held):
    pause(50)
    run(1)
    claeys, registration_id = held
    with at(after(110)):
        accepted = request("POST", f"/api/registrations/{registration_id}/acceptance", b"", claeys.authorization)
    assert accepted.json_body["status"] == "confirmed"
    resume(130)
    run(2)

    assert seats.get([ID])[ID].stopped is None
    assert state(held, 500)[0] == "confirmed"


def test_the_function_that_never_came_costs_nobody_a_seat(held):
    """Neither the pause's nor the one of its end: whoever ends the pause stops the sessions, a timer moves them on."""
    pause(50)
    resume(130)
    with at(after(140)):
        others = family(NOOR, email="noor@example.be").register(BOUWKAMP, NOOR, key="another")
        assert others.json_body.get("status") != "confirmed"
        assert state(held, 140)[0] == "offered"
        advance(ID, after(140))

    assert seats.get([ID])[ID].until[held[1]] == after(180).timestamp()


def test_two_pauses_move_it_twice_and_a_late_function_moves_nothing_again(held):
    pause(50)
    resume(60)
    pause(70)  # before the function came that ends the first
    run(3)
    resume(90)
    for number in (4, 2, 1, 3):
        run(number)

    assert seats.get([ID])[ID].until == {held[1]: int(after(130).timestamp())}
    assert seats.get([ID])[ID].stopped is None


def test_what_ended_before_the_pause_is_over(held):
    pause(101)
    run(1)

    assert state(held, 102)[0] == "cancelled"
    resume(110)
    run(2)
    assert seats.get([ID])[ID].free == 1


def test_a_function_that_breaks_off_between_any_two_sessions_goes_on(held, monkeypatch):
    pause(50)
    run(1)
    resume(130)
    move_on = seats.move_on
    monkeypatch.setattr(seats, "move_on", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(2)
    monkeypatch.setattr(seats, "move_on", move_on)
    run(2)

    assert seats.get([ID])[ID].until == {held[1]: int(after(180).timestamp())}


def test_an_opening_that_begins_anew_out_of_a_pause_keeps_nothing_stopped(held):
    pause(50)
    run(1)
    with at(after(130)):
        approved("2027-kampen", "restart", opens_at=NEXT_WEEK)
        run(2)

    found = seats.get([ID])[ID]
    assert (found.stopped, found.holders) == (None, {})
    assert openings.get("2027-kampen")[0].pauses[0].by == timedelta(minutes=80)
