"""A family calls: it gives up what it has, and the ledger says who wrote that down and why."""

import pytest

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests.camps import JEF, LOU, NOOR, family, published
from tests.office.desk.counter import REASON, cancel, entries, find, register, seats_of, slug
from tests.office.desk.test_accepting import offered

pytestmark = pytest.mark.usefixtures("table")


def whose(seats: Seats) -> list[str]:
    return list(seats.holders.values())


def test_a_seat_is_free_again_and_the_ledger_says_why():
    session = published()
    held = family(LOU).register(session, LOU).json_body["registration_id"]

    answer = cancel(held)

    assert (answer.status_code, answer.json_body["status"]) == (200, "cancelled")
    assert whose(seats_of(session)) == []
    (entry,) = entries()
    assert (entry.what, entry.reason, entry.registration_id) == (LedgerAct.DESK_CANCELLATION, REASON, held)
    assert entry.details == {"children": 1, "outcome": "seats"}


def test_a_place_on_the_waiting_list_is_given_up_with_an_entry_too():
    session = published(capacity=1)
    family(LOU).register(session, LOU)
    waiting = family(NOOR, email="fatima@example.be").register(session, NOOR).json_body["registration_id"]

    assert cancel(waiting).json_body["status"] == "cancelled"

    assert waiting_list.places(session.session_id) == []
    assert [entry.details["outcome"] for entry in entries()] == ["waiting-list"]


def test_an_offer_is_declined():
    session, waiting = offered()

    assert cancel(waiting["registration_id"]).json_body["status"] == "cancelled"

    assert whose(seats_of(session)) == []


def test_it_is_in_the_ledger_once_however_often_it_is_asked():
    held = family(LOU).register(published(), LOU).json_body["registration_id"]

    assert [cancel(held).json_body["status"] for _ in range(3)] == ["cancelled"] * 3

    assert len(entries()) == 1


def test_what_the_family_cancelled_itself_needs_no_entry():
    claeys = family(LOU)
    held = claeys.register(published(), LOU).json_body["registration_id"]
    claeys.cancel(held)

    assert cancel(held).json_body["status"] == "cancelled"

    assert entries() == []


def test_without_a_reason_the_seat_stays():
    session = published()
    held = family(LOU).register(session, LOU).json_body["registration_id"]

    assert slug(cancel(held, reason="ziek")) == "invalid"

    assert whose(seats_of(session)) == [held]


def test_a_family_without_mail_has_a_letter_of_it():
    registered = register(published(), LOU, email=None).json_body

    cancel(registered["registration_id"])

    (found,) = find(desk_number=registered["desk_number"]).json_body["registrations"]
    assert found["status"] == "cancelled"
    assert "Lou" in found["letter"]


@pytest.mark.parametrize("registration_id", ["unknown", "zzzzzzzzzzz22222222"])
def test_what_is_no_registration_is_not_found(registration_id):
    assert slug(cancel(registration_id)) == "not-found"


def test_one_of_several_children_does_not_come_and_the_entry_says_that_it_was_one():
    session = published()
    held = family(LOU, JEF).register(session, LOU, JEF).json_body["registration_id"]

    answer = cancel(held, child_id=LOU.child_id)

    assert (answer.status_code, answer.json_body["child_ids"]) == (200, [JEF.child_id])
    assert seats_of(session).holders == {JEF.child_id: held}
    assert [entry.details for entry in entries()] == [{"children": 1, "outcome": "seats"}]
    cancel(held, child_id=LOU.child_id)
    assert len(entries()) == 1
