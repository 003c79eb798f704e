"""A waiting list as the desk sees it: the order, what holds whom, and who was offered a seat."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.office.desk import waiting_lists
from chalicelib.office.desk.waiting_lists import Hindrance, OfferEnd, end_of, hindrances
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from chalicelib.rights import erasing
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingPlace
from tests.camps import JEF, LOU, NOOR, Family, family, published, request, signed_in
from tests.office.desk.counter import DESK, accept

NOW = datetime(2027, 6, 1, tzinfo=UTC)
SEATS = Seats("s", 4, 1, {"taken": "r0", "~staff-1": "~staff"}, 0, 2_000_000_000, date(2020, 1, 1), date(2024, 1, 1))
TWO = [WaitingPlace("a", "r1", 7), WaitingPlace("b", "r1", 7)]


@pytest.mark.parametrize(
    ("seats", "births", "elsewhere", "found"),
    [
        ({}, {}, [], [Hindrance.TOO_FEW]),
        ({"free": 0}, {}, [], []),  # it is no one's turn
        ({"free": 2}, {}, [], []),
        ({"blocked": 5, "kept_for": 7}, {}, [], [Hindrance.KEPT]),
        ({"blocked": 5, "kept_for": 6}, {}, [], [Hindrance.TOO_FEW]),
        ({"capacity": 2}, {}, [], [Hindrance.TOO_MANY]),
        ({"free": 2, "holders": {"b": "r9"}}, {}, [], [Hindrance.SEATED]),
        ({"free": 2}, {"a": date(2025, 1, 1)}, ["b"], [Hindrance.ELSEWHERE, Hindrance.MISFIT]),
    ],
)
def test_what_holds_a_family_of_two(seats, births, elsewhere, found):
    assert hindrances(TWO, replace(SEATS, **seats), births, elsewhere) == found


def test_how_an_offer_ended():
    record = Registration("r1", "s", ("a",), "p", NOW)
    declined = Registration("r1", "s", ("a",), "p", NOW, mailed=frozenset({"offered", "declined"}))
    given_back = Registration("r1", "s", ("a",), "p", NOW, mailed=frozenset({"offered", "confirmed", "cancelled"}))
    cancelled = Standing(RegistrationStatus.CANCELLED)

    assert end_of(record, Standing(RegistrationStatus.OFFERED)) is OfferEnd.OPEN
    assert end_of(record, Standing(RegistrationStatus.CONFIRMED)) is OfferEnd.ACCEPTED
    assert end_of(record, cancelled) is OfferEnd.LAPSED
    assert end_of(declined, cancelled) is OfferEnd.DECLINED
    assert end_of(given_back, cancelled) is OfferEnd.CANCELLED


def listed(session: Session, query: str = "", by: dict[str, str] = DESK) -> dict[str, Any]:
    answer = request("GET", f"/api/staff/sessions/{session.session_id}/waiting-list{query}", headers=by)
    assert answer.status_code == 200, answer.body
    found: dict[str, Any] = answer.json_body
    return found


def a_queue() -> tuple[Session, Family, str, list[str]]:
    """A full camp of one, the registration that has its seat, and those that wait, in order."""
    session = published(capacity=1)
    first = family(LOU)
    held = first.register(session, LOU).json_body["registration_id"]
    waiting = [
        family(*children, email=email).register(session, *children).json_body["registration_id"]
        for children, email in (((NOOR,), "fatima@example.be"), ((JEF,), "jef@example.be"))
    ]
    return session, first, held, waiting


@pytest.mark.usefixtures("table")
def test_the_order_with_names_and_since_when():
    session, _, _, waiting = a_queue()

    found = listed(session)

    assert [(one["position"], one["registration_id"]) for one in found["families"]] == list(enumerate(waiting, 1))
    assert [one["children"][0]["first_name"] for one in found["families"]] == ["Noor", "Jef"]
    assert (found["waiting"], found["free"], found["next"], found["offers"]) == (2, 0, None, [])
    assert listed(session, by=signed_in(Role.MANAGER)) == found


@pytest.mark.usefixtures("table")
def test_in_parts(monkeypatch):
    session, _, _, waiting = a_queue()
    monkeypatch.setattr(waiting_lists, "AT_ONCE", 1)

    first = listed(session)
    rest = listed(session, f"?after={first['next']}")

    assert [(one["position"], one["registration_id"]) for one in rest["families"]] == [(2, waiting[1])]
    assert (rest["next"], rest["waiting"]) == (None, 2)


@pytest.mark.usefixtures("table")
def test_who_was_offered_a_seat_and_how_it_ended_until_the_family_is_erased():
    session, first, held, waiting = a_queue()
    first.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    advance(session.session_id, datetime.now(UTC))

    (offer,) = listed(session)["offers"]
    assert (offer["registration_id"], offer["ended"]) == (waiting[0], "open")
    accept(waiting[0])
    (offer,) = listed(session)["offers"]
    assert offer["ended"] == "accepted"

    erasing.erase(waiting[0][:11], datetime.now(UTC))
    assert waiting_list.offers(session.session_id) == []
