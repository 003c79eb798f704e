"""A family without mail, to which nobody can send a link, takes up its offer by calling the desk."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.booking.offers.advance import advance
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.programme.sessions.rules import Session
from tests.camps import LOU, NOOR, family, published
from tests.office.desk.counter import accept, entries, find, register, seats_of, slug

pytestmark = pytest.mark.usefixtures("table")


def offered() -> tuple[Session, dict[str, Any]]:
    """Given a full camp, a family of the desk that waited for it, and its turn."""
    session = published(capacity=1)
    claeys = family(LOU)
    held = claeys.register(session, LOU).json_body["registration_id"]
    waiting = register(session, NOOR, email=None).json_body
    claeys.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    return session, waiting


def test_an_offer_is_taken_up_at_the_desk():
    session, waiting = offered()
    (found,) = find(desk_number=waiting["desk_number"]).json_body["registrations"]
    assert (found["status"], found["held_until"] is not None) == ("offered", True)

    answer = accept(waiting["registration_id"])

    assert (answer.status_code, answer.json_body["status"], answer.json_body["held_until"]) == (200, "confirmed", None)
    assert "Noor" in answer.json_body["letter"]
    assert seats_of(session).until == {}


def test_it_is_in_the_ledger_once_however_often_it_is_asked():
    _, waiting = offered()

    assert [accept(waiting["registration_id"]).status_code for _ in range(2)] == [200, 200]

    last = entries()[-1]
    assert (last.what, last.registration_id) == (LedgerAct.OFFER_ACCEPTED, waiting["registration_id"])
    assert [entry.what for entry in entries()].count(LedgerAct.OFFER_ACCEPTED) == 1


def test_without_a_reason_the_offer_stays_an_offer():
    session, waiting = offered()

    answer = accept(waiting["registration_id"], reason=" ")

    assert (slug(answer), answer.json_body["errors"][0]["field"]) == ("invalid", "reason")
    assert list(seats_of(session).until) == [waiting["registration_id"]]


def test_who_still_waits_has_nothing_to_take_up():
    session = published(capacity=1)
    family(LOU).register(session, LOU)
    waiting = register(session, NOOR, email=None).json_body

    assert slug(accept(waiting["registration_id"])) == "not-now"


@pytest.mark.parametrize("registration_id", ["unknown", "zzzzzzzzzzz22222222"])
def test_what_is_no_registration_is_not_found(registration_id):
    assert slug(accept(registration_id)) == "not-found"


def test_a_family_without_mail_gets_its_offer_as_a_letter():
    _, waiting = offered()
    (found,) = find(desk_number=waiting["desk_number"]).json_body["registrations"]

    assert "Bel het loket" in found["letter"]
    assert waiting["desk_number"] in found["letter"]
    assert "href" not in found["letter"]
