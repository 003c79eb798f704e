"""Children move to another session in one step: a seat there and none here any more, or nothing changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import memory
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list
from tests.booking.registrations.test_registering import problem
from tests.camps import JEF, LOU, NOOR, Family, family, post, published

pytestmark = pytest.mark.usefixtures("table")


def move(who: Family, registration_id: str, to: Session, key: str = "move", **more):
    sent = {"session_id": to.session_id, **more}
    return post(f"/api/registrations/{registration_id}/transfer", sent, {**who.authorization, "Idempotency-Key": key})


def holders(session: Session) -> dict[str, str]:
    found = seats_table.get([session.session_id])[session.session_id]
    assert found.free + len(found.holders) == found.capacity
    return dict(found.holders)


@pytest.fixture
def here() -> Session:
    return published()


@pytest.fixture
def there(here) -> Session:
    return published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))


def registered(who: Family, session: Session, *children, **more) -> dict:
    answer = who.register(session, *(children or (LOU,)), **more)
    assert answer.status_code == 201, answer.json_body
    return answer.json_body


def test_the_seat_is_there_and_not_here_and_the_reference_is_the_same(here, there):
    claeys = family(LOU)
    before = registered(claeys, here)

    moved = move(claeys, before["registration_id"], there)

    assert moved.status_code == 200
    body = moved.json_body
    assert (body["status"], body["session_id"], body["child_ids"]) == ("confirmed", there.session_id, [LOU.child_id])
    assert body["reference"] == before["reference"]
    assert holders(here) == {}
    assert holders(there) == {LOU.child_id: body["registration_id"]}
    assert claeys.get(f"/api/registrations/{before['registration_id']}").json_body["status"] == "cancelled"
    assert claeys.get(f"/api/registrations/{body['registration_id']}").json_body["reference"] == before["reference"]


def test_the_same_key_is_the_same_move(here, there):
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]
    first = move(claeys, before, there)

    assert [move(claeys, before, there).json_body for _ in range(2)] == [first.json_body] * 2


def test_a_key_that_registered_something_moves_nothing(here, there):
    claeys = family(LOU, JEF)
    registered(claeys, there, JEF, key="one")
    before = registered(claeys, here)["registration_id"]

    assert problem(move(claeys, before, there, key="one")) == "invalid"
    assert holders(here) == {LOU.child_id: before}


def test_a_full_session_refuses_and_nothing_changed(here, there):
    full = published(title="Danskamp", capacity=1, starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    registered(family(NOOR, email="fatima@example.be"), full, NOOR)
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]

    assert problem(move(claeys, before, full)) == "sold-out"

    assert holders(here) == {LOU.child_id: before}
    assert claeys.get(f"/api/registrations/{before}").json_body["status"] == "confirmed"
    assert [one.registration_id for one in registrations.of_family(claeys.pass_.family_id)] == [before]


def test_what_is_not_open_yet_refuses_and_nothing_changed(here):
    later = published(title="Danskamp", opens_at=datetime.now(UTC) + timedelta(hours=1), starts_on=date(2027, 8, 23))
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]

    assert problem(move(claeys, before, later)) == "too-early"
    assert holders(here) == {LOU.child_id: before}


def test_a_child_of_another_age_stays(here):
    older = published(title="Danskamp", age_min=9, age_max=12, starts_on=date(2027, 8, 23))
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]

    assert problem(move(claeys, before, older)) == "not-eligible"
    assert holders(here) == {LOU.child_id: before}


def test_the_days_that_it_leaves_do_not_stand_in_its_way_but_those_of_a_third_camp_do(here):
    same_days = published(title="Kookkamp")
    claeys = family(LOU, JEF)
    before = registered(claeys, here)["registration_id"]
    memory.forget_all()
    moved = move(claeys, before, same_days)
    assert moved.status_code == 200

    other_week = published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    registered(claeys, other_week)
    from tests.booking.registrations.test_overlaps import settled

    for one in registrations.of_family(claeys.pass_.family_id):
        if not one.cancelled_at:
            assert settled(one.registration_id) is None
    memory.forget_all()
    third = published(title="Danskamp", starts_on=date(2027, 8, 24), ends_on=date(2027, 8, 26))
    refused = move(claeys, moved.json_body["registration_id"], third, key="again")
    assert (problem(refused), refused.json_body["rule"]) == ("not-eligible", "overlap")


def test_one_of_two_siblings_moves_and_the_other_one_stays(here, there):
    claeys = family(LOU, JEF)
    before = registered(claeys, here, LOU, JEF)

    moved = move(claeys, before["registration_id"], there, child_ids=[JEF.child_id]).json_body

    assert holders(here) == {LOU.child_id: before["registration_id"]}
    assert holders(there) == {JEF.child_id: moved["registration_id"]}
    stays = claeys.get(f"/api/registrations/{before['registration_id']}").json_body
    assert (stays["status"], stays["child_ids"]) == ("confirmed", [LOU.child_id])
    again = move(claeys, before["registration_id"], there, child_ids=[JEF.child_id])
    assert again.json_body == moved


def wait_there(here: Session) -> tuple[Session, Family, str, Family, str, dict]:
    """Lou has a seat here and waits there, where Noor has the only seat."""
    full = published(title="Danskamp", capacity=1, starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    amrani = family(NOOR, email="fatima@example.be")
    theirs = registered(amrani, full, NOOR)["registration_id"]
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]
    waits = move(claeys, before, full, waitlist=True)
    assert (waits.status_code, waits.json_body["status"]) == (200, "waitlisted")
    return full, claeys, before, amrani, theirs, waits.json_body


def test_who_waits_there_keeps_its_seat_here_until_it_accepts(here):
    full, claeys, before, amrani, theirs, waits = wait_there(here)
    assert holders(here) == {LOU.child_id: before}
    amrani.cancel(theirs)
    advance(full.session_id, datetime.now(UTC))
    assert (holders(here), holders(full)) == ({LOU.child_id: before}, {LOU.child_id: waits["registration_id"]})

    accepted = post(f"/api/registrations/{waits['registration_id']}/acceptance", {}, claeys.authorization)

    assert (accepted.status_code, accepted.json_body["status"]) == (200, "confirmed")
    assert accepted.json_body["reference"] == waits["reference"]
    assert (holders(here), holders(full)) == ({}, {LOU.child_id: waits["registration_id"]})
    old = registrations.get(before)
    assert old
    assert old.moved_to == waits["registration_id"]


def test_who_declines_what_it_waited_for_still_has_its_seat_here(here):
    full, claeys, before, amrani, theirs, waits = wait_there(here)
    amrani.cancel(theirs)
    advance(full.session_id, datetime.now(UTC))

    claeys.cancel(waits["registration_id"])

    assert (holders(here), holders(full)) == ({LOU.child_id: before}, {})
    assert waiting_list.places(full.session_id) == []


def test_who_waits_and_gave_its_seat_up_meanwhile_accepts_like_everybody(here):
    full, claeys, before, amrani, theirs, waits = wait_there(here)
    claeys.cancel(before)
    amrani.cancel(theirs)
    advance(full.session_id, datetime.now(UTC))

    accepted = post(f"/api/registrations/{waits['registration_id']}/acceptance", {}, claeys.authorization)

    assert accepted.json_body["status"] == "confirmed"


def test_who_waits_for_a_seat_here_has_nothing_to_move(here):
    _full, claeys, _, _, _, waits = wait_there(here)
    other = published(title="Kookkamp", starts_on=date(2027, 8, 2), ends_on=date(2027, 8, 4))

    assert problem(move(claeys, waits["registration_id"], other, key="other")) == "not-now"


def test_a_camp_that_has_begun_is_not_left_by_oneself(here, there):
    claeys = family(LOU)
    before = registered(claeys, here)["registration_id"]

    with time_machine.travel(datetime(2027, 8, 17, 9, tzinfo=UTC), tick=False):
        again = family(LOU)
        assert problem(move(again, before, there)) == "not-now"


def test_another_family_moves_nobody(here, there):
    before = registered(family(LOU), here)["registration_id"]

    assert problem(move(family(LOU, email="papa@example.be"), before, there)) == "not-found"
    assert holders(here) == {LOU.child_id: before}


def test_what_changes_here_at_the_same_moment_moves_nothing(here, there, monkeypatch):
    """Between the look and the write Jef leaves: the move as it was looked at is not written."""
    claeys = family(LOU, JEF)
    before = registered(claeys, here, LOU, JEF)["registration_id"]
    moving_write = registrations.moving

    def meanwhile(record, *given):
        monkeypatch.setattr(registrations, "moving", moving_write)
        write = moving_write(record, *given)
        from tests.booking.registrations.test_parting import leave

        assert leave(claeys, before, JEF.child_id).status_code == 204
        return write

    monkeypatch.setattr(registrations, "moving", meanwhile)

    assert problem(move(claeys, before, there)) == "busy"
    assert (holders(here), holders(there)) == ({LOU.child_id: before}, {})
    assert move(claeys, before, there, key="another").status_code == 200
