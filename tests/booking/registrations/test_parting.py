"""One child of several does not come: its seat is free again, and its siblings keep theirs."""

from datetime import UTC, datetime

import pytest

from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations import overlaps, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import memory
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests.booking.registrations.test_registering import problem
from tests.camps import JEF, LOU, NOOR, Family, family, published, request

pytestmark = pytest.mark.usefixtures("table")


def leave(who: Family, registration_id: str, child_id: str):
    return request(
        "DELETE", f"/api/registrations/{registration_id}/children/{child_id}", headers=dict(who.authorization)
    )


def seats_of(session: Session) -> Seats:
    found = seats_table.get([session.session_id])[session.session_id]
    assert found.free + len(found.holders) == found.capacity
    return found


def both_registered(**more) -> tuple[Session, Family, str]:
    session, claeys = published(**more), family(LOU, JEF)
    return session, claeys, claeys.register(session, LOU, JEF).json_body["registration_id"]


def test_only_this_childs_seat_is_free_again():
    session, claeys, id_ = both_registered(capacity=2)

    assert leave(claeys, id_, LOU.child_id).status_code == 204

    assert seats_of(session).holders == {JEF.child_id: id_}
    shown = claeys.get(f"/api/registrations/{id_}").json_body
    assert (shown["child_ids"], shown["status"]) == ([JEF.child_id], "confirmed")
    assert family(NOOR, email="fatima@example.be").register(session, NOOR).status_code == 201


def test_again_and_again_is_the_same():
    session, claeys, id_ = both_registered()

    assert [leave(claeys, id_, LOU.child_id).status_code for _ in range(3)] == [204, 204, 204]

    assert seats_of(session).holders == {JEF.child_id: id_}


def test_the_last_child_ends_the_registration():
    session, claeys, id_ = both_registered()
    leave(claeys, id_, LOU.child_id)

    assert leave(claeys, id_, JEF.child_id).status_code == 204

    assert seats_of(session).holders == {}
    assert claeys.get(f"/api/registrations/{id_}").json_body["status"] == "cancelled"


def test_the_key_still_stands_for_what_it_made():
    session, claeys = published(), family(LOU, JEF)
    id_ = claeys.register(session, LOU, JEF, key="one").json_body["registration_id"]
    leave(claeys, id_, LOU.child_id)

    again = claeys.register(session, LOU, JEF, key="one")

    assert (again.status_code, again.json_body["child_ids"]) == (200, [JEF.child_id])
    assert seats_of(session).holders == {JEF.child_id: id_}


@pytest.mark.parametrize("child_id", [NOOR.child_id, "nobody"])
def test_a_child_that_it_never_was_for_is_not_found(child_id):
    _, claeys, id_ = both_registered()

    assert problem(leave(claeys, id_, child_id)) == "not-found"


def test_another_family_takes_nobody_off():
    session, _, id_ = both_registered()

    assert problem(leave(family(LOU, email="papa@example.be"), id_, LOU.child_id)) == "not-found"
    assert len(seats_of(session).holders) == 2


def test_who_left_may_come_back_by_another_registration():
    session, claeys, id_ = both_registered()
    leave(claeys, id_, LOU.child_id)

    back = claeys.register(session, LOU)

    assert back.status_code == 201
    assert seats_of(session).holders == {JEF.child_id: id_, LOU.child_id: back.json_body["registration_id"]}
    leave(claeys, id_, LOU.child_id)  # an old page
    assert seats_of(session).holders[LOU.child_id] == back.json_body["registration_id"]


def test_its_days_are_free_for_another_camp():
    session, claeys, id_ = both_registered()
    other = published(title="Kookkamp")
    record = registrations.get(id_)
    assert record
    assert overlaps.settle(record, session, datetime.now(UTC), end=None) is None
    leave(claeys, id_, LOU.child_id)
    memory.forget_all()

    assert overlaps.find([LOU.child_id], other, datetime.now(UTC), "") is None
    assert overlaps.find([JEF.child_id], other, datetime.now(UTC), "") is not None


def test_a_place_on_the_waiting_list_is_given_up_and_fewer_seats_do_for_the_rest():
    session = published(capacity=1)
    noor = family(NOOR, email="fatima@example.be")
    held = noor.register(session, NOOR).json_body["registration_id"]
    claeys = family(LOU, JEF)
    with pytest.MonkeyPatch.context() as patch:  # two who wait where one seat is: the city made it smaller since
        patch.setattr(register, "_may_wait", lambda *_: True)
        id_ = claeys.register(session, LOU, JEF).json_body["registration_id"]

    assert leave(claeys, id_, LOU.child_id).status_code == 204

    assert [place.child_id for place in waiting_list.places(session.session_id)] == [JEF.child_id]
    noor.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    assert seats_of(session).holders == {JEF.child_id: id_}
    assert claeys.get(f"/api/registrations/{id_}").json_body["status"] == "offered"


def test_of_an_offer_for_both_one_stays_offered_until_the_same_moment():
    session = published(capacity=2)
    noor = family(NOOR, email="fatima@example.be")
    held = noor.register(session, NOOR).json_body["registration_id"]
    claeys = family(LOU, JEF)
    id_ = claeys.register(session, LOU, JEF).json_body["registration_id"]
    noor.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    before = claeys.get(f"/api/registrations/{id_}").json_body

    assert leave(claeys, id_, LOU.child_id).status_code == 204

    after = claeys.get(f"/api/registrations/{id_}").json_body
    assert (after["status"], after["held_until"]) == ("offered", before["held_until"])
    assert seats_of(session).holders == {JEF.child_id: id_}


def test_both_leave_at_once_and_both_seats_are_free(monkeypatch):
    """While the first is being written the second goes; then the first is the last, and ends the registration."""
    session, claeys, id_ = both_registered()
    parting = registrations.parting

    def meanwhile(record, children, **more):
        monkeypatch.setattr(registrations, "parting", parting)
        leave(claeys, id_, JEF.child_id)
        return parting(record, children, **more)

    monkeypatch.setattr(registrations, "parting", meanwhile)

    assert leave(claeys, id_, LOU.child_id).status_code == 204

    assert seats_of(session).holders == {}
    assert claeys.get(f"/api/registrations/{id_}").json_body["status"] == "cancelled"
