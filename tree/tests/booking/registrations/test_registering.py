"""Registering as the contract says it, through the API."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import reference
from chalicelib.people.families.rules import child
from chalicelib.seats import table as seats
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, TOO_OLD, family, published, request

pytestmark = pytest.mark.usefixtures("table")


def problem(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json_body["status"] == answer.status_code
    return answer.json_body["type"].rpartition("/")[2]


def counted(monkeypatch, module, name: str) -> list[Any]:
    """A list to which each call of this function is added from now on."""
    calls, function = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: calls.append(given) or function(*given))
    return calls


def seats_left(session) -> int:
    return request("GET", f"/api/sessions/{session.session_id}").json_body["seats_left"]


def test_a_child_is_registered():
    session = published()

    answer = family(LOU).register(session, LOU)

    assert answer.status_code == 201
    body = answer.json_body
    assert (body["status"], body["session_id"], body["child_ids"]) == ("confirmed", session.session_id, [LOU.child_id])
    assert body["waitlist_position"] is None
    assert body["reference"] == reference(body["registration_id"])
    assert datetime.fromisoformat(body["created_at"]).tzinfo is not None
    assert seats_left(session) == 19


def test_the_same_key_is_the_same_registration():
    session, claeys = published(), family(LOU)
    first = claeys.register(session, LOU, key="one")

    again = claeys.register(session, LOU, key="one")

    assert again.status_code == 200
    assert again.json_body == first.json_body
    assert seats_left(session) == 19


def test_the_same_key_for_something_else_is_refused():
    session, claeys = published(), family(LOU, JEF)
    claeys.register(session, LOU, key="one")

    answer = claeys.register(session, JEF, key="one")

    assert problem(answer) == "invalid"
    assert answer.json_body["errors"][0]["field"] == "Idempotency-Key"
    assert seats_left(session) == 19


def test_the_same_key_of_two_families_makes_two_registrations():
    session = published()

    answers = [
        family(LOU).register(session, LOU, key="1"),
        family(NOOR, email="fatima@example.be").register(session, NOOR, key="1"),
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json_body["registration_id"] != answers[1].json_body["registration_id"]
    assert seats_left(session) == 18


def test_siblings_are_registered_together():
    session = published()

    answer = family(LOU, JEF).register(session, LOU, JEF)

    assert answer.status_code == 201
    assert seats_left(session) == 18


def test_siblings_are_not_split_over_the_last_seat():
    session = published(capacity=1)

    answer = family(LOU, JEF).register(session, LOU, JEF, waitlist=False)

    assert (problem(answer), answer.json_body["seats_left"]) == ("sold-out", 1)
    assert seats_left(session) == 1


def test_a_child_of_another_age_is_not_eligible_and_the_answer_says_which():
    session = published()

    answer = family(LOU, TOO_OLD).register(session, LOU, TOO_OLD)

    assert problem(answer) == "not-eligible"
    assert answer.json_body["child_ids"] == [TOO_OLD.child_id]
    assert answer.json_body["rule"] == "age"
    assert "3 tot en met 6" in answer.json_body["detail"]
    assert seats_left(session) == 20


def test_before_the_opening_it_is_too_early():
    opens_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    session = published(opens_at=opens_at)

    with time_machine.travel(opens_at - timedelta(hours=1), tick=False):
        answer = family(LOU).register(session, LOU)

    assert problem(answer) == "too-early"
    assert answer.status_code == 425
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
    assert datetime.fromisoformat(answer.json_body["opens_at"]) == opens_at


def test_without_an_opening_it_is_too_early_too():
    answer = family(LOU).register(published(opens_at=None), LOU)

    assert (problem(answer), answer.json_body["opens_at"]) == ("too-early", None)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_session_that_began_is_closed():
    session = published(starts_on=date(2026, 8, 17), ends_on=date(2026, 8, 19))

    assert problem(family(LOU).register(session, LOU)) == "closed"


def test_a_child_that_has_a_seat_is_not_registered_twice():
    session, claeys = published(), family(LOU)
    first = claeys.register(session, LOU).json_body["registration_id"]

    answer = claeys.register(session, LOU)

    assert (problem(answer), answer.json_body["registration_id"]) == ("already-registered", first)
    assert seats_left(session) == 19


def test_another_family_is_not_told_with_whom_the_child_is_registered():
    session = published()
    family(LOU).register(session, LOU)

    answer = family(LOU, email="papa@example.be").register(session, LOU)

    assert problem(answer) == "already-registered"
    assert "registration_id" not in answer.json_body


def test_an_unknown_session_is_not_found():
    answer = family(LOU).register(replace(BOUWKAMP, session_id="zzzzzzzzzz"), LOU)

    assert problem(answer) == "not-found"


def test_who_comes_when_it_is_full_waits_in_order():
    session = published(capacity=1)
    family(LOU).register(session, LOU)

    second = family(NOOR, email="fatima@example.be").register(session, NOOR)
    third = family(JEF, email="piet@example.be").register(session, JEF)

    assert (second.status_code, second.json_body["status"]) == (201, "waitlisted")
    assert [answer.json_body["waitlist_position"] for answer in (second, third)] == [1, 2]


def test_who_comes_while_somebody_waits_asks_for_no_seat_again_and_again(monkeypatch):
    """A refused claim costs as much as a granted one. Twenty within the moment for which a refusal is remembered: the
    first finds the session full, the second that somebody waits, the others know it."""
    monkeypatch.setattr(seats._refused, "seconds", math.inf)
    session = published(capacity=1)
    family(LOU).register(session, LOU)
    claims = counted(monkeypatch, seats, "_taking")

    answers = [
        family(one, email=f"ouder{letter}@example.be").register(session, one)
        for letter in "abcdefghijklmnopqrst"
        for one in [child(f"Noor {letter}", "Peeters", NOOR.birth_date)]
    ]

    assert [answer.json_body["waitlist_position"] for answer in answers] == list(range(1, 21))
    assert len(claims) == 2


def test_who_comes_when_the_last_who_waited_just_left_is_on_a_list_that_is_served(monkeypatch):
    """What is remembered says that somebody waits; meanwhile, in another container, the list ended."""
    monkeypatch.setattr(seats._refused, "seconds", math.inf)
    session, peeters = published(capacity=1), family(NOOR, email="fatima@example.be")
    family(LOU).register(session, LOU)
    first = peeters.register(session, NOOR)
    family(JEF, email="piet@example.be").register(session, JEF, waitlist=False)
    remembered = seats._refused.fresh(session.session_id)
    assert remembered.queued
    peeters.cancel(first.json_body["registration_id"])
    seats.end_queue(session.session_id)
    seats._refused.put(session.session_id, remembered)

    answer = family(JEF, email="piet@example.be").register(session, JEF)

    assert (answer.json_body["status"], answer.json_body["waitlist_position"]) == ("waitlisted", 1)
    assert seats.get([session.session_id])[session.session_id].queued


def test_a_key_that_got_its_seat_elsewhere_does_not_hear_a_refusal_that_is_remembered(monkeypatch):
    """Full a moment ago; then, in another container, a seat became free and this key got it. Its answer was lost."""
    monkeypatch.setattr(seats._refused, "seconds", math.inf)
    session, peeters = published(capacity=1), family(NOOR, email="fatima@example.be")
    lou = family(LOU).register(session, LOU)
    assert problem(peeters.register(session, NOOR, key="again", waitlist=False)) == "sold-out"
    remembered = seats._refused.fresh(session.session_id)
    family(LOU).cancel(lou.json_body["registration_id"])
    first = peeters.register(session, NOOR, key="again", waitlist=False)
    assert first.status_code == 201
    seats._refused.put(session.session_id, remembered)

    again = peeters.register(session, NOOR, key="again", waitlist=False)

    assert (again.status_code, again.json_body) == (200, first.json_body)


def test_a_new_key_that_is_refused_from_memory_reads_nothing(monkeypatch):
    monkeypatch.setattr(seats._refused, "seconds", math.inf)
    session, peeters = published(capacity=1), family(NOOR, email="fatima@example.be")
    family(LOU).register(session, LOU)
    peeters.register(session, NOOR, key="one", waitlist=False)
    read = counted(monkeypatch, registrations, "get")

    assert problem(peeters.register(session, NOOR, key="other", waitlist=False)) == "sold-out"
    assert read == []

    assert problem(peeters.register(session, NOOR, key="other", waitlist=False)) == "sold-out"
    assert len(read) == 1


def test_a_child_waits_once():
    session, peeters = published(capacity=1), family(NOOR, email="fatima@example.be")
    family(LOU).register(session, LOU)
    first = peeters.register(session, NOOR)

    answer = peeters.register(session, NOOR)

    assert problem(answer) == "already-registered"
    assert answer.json_body["registration_id"] == first.json_body["registration_id"]


def test_siblings_wait_together_and_count_once():
    session = published(capacity=2)
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    claeys = family(LOU, JEF)

    siblings = claeys.register(session, LOU, JEF, key="both")

    assert (siblings.json_body["status"], siblings.json_body["waitlist_position"]) == ("waitlisted", 1)
    assert claeys.register(session, LOU, JEF, key="both").json_body == siblings.json_body


def test_more_children_than_a_session_has_seats_cannot_wait_for_it():
    session = published(capacity=1)

    assert problem(family(LOU, JEF).register(session, LOU, JEF, waitlist=True)) == "sold-out"


def test_who_wants_no_waiting_list_is_told_that_it_is_full():
    session = published(capacity=1)
    family(LOU).register(session, LOU)

    answer = family(NOOR, email="fatima@example.be").register(session, NOOR, waitlist=False)

    assert (problem(answer), answer.json_body["seats_left"]) == ("sold-out", 0)


def test_a_family_sees_its_own_registrations_only():
    session, claeys = published(), family(LOU)
    own = claeys.register(session, LOU).json_body
    other = family(NOOR, email="fatima@example.be")
    foreign = other.register(session, NOOR).json_body

    assert claeys.get("/api/registrations").json_body == {"registrations": [own]}
    assert claeys.get(f"/api/registrations/{own['registration_id']}").json_body == own
    assert problem(claeys.get(f"/api/registrations/{foreign['registration_id']}")) == "not-found"
    assert problem(claeys.cancel(foreign["registration_id"])) == "not-found"
    assert seats_left(session) == 18


def test_a_refusal_is_no_registration():
    session, claeys = published(capacity=1), family(LOU)
    family(NOOR, email="fatima@example.be").register(session, NOOR)

    claeys.register(session, LOU, waitlist=False)

    assert claeys.get("/api/registrations").json_body == {"registrations": []}


def test_a_cancelled_seat_is_free_at_once():
    session, claeys = published(capacity=1), family(LOU)
    id_ = claeys.register(session, LOU).json_body["registration_id"]

    assert claeys.cancel(id_).status_code == 204

    assert seats_left(session) == 1
    assert claeys.get(f"/api/registrations/{id_}").json_body["status"] == "cancelled"
    assert family(NOOR, email="fatima@example.be").register(session, NOOR).json_body["status"] == "confirmed"


def test_cancelling_again_changes_nothing():
    session, claeys = published(), family(LOU)
    id_ = claeys.register(session, LOU).json_body["registration_id"]
    claeys.cancel(id_)

    assert claeys.cancel(id_).status_code == 204

    assert seats_left(session) == 20


def test_the_key_of_a_cancelled_registration_does_not_bring_it_back():
    session, claeys = published(), family(LOU)
    claeys.cancel(claeys.register(session, LOU, key="one").json_body["registration_id"])

    again = claeys.register(session, LOU, key="one")

    assert (again.status_code, again.json_body["status"]) == (200, "cancelled")
    assert seats_left(session) == 20


def test_who_leaves_the_waiting_list_makes_room_for_the_next():
    session = published(capacity=1)
    family(LOU).register(session, LOU)
    second, third = family(NOOR, email="fatima@example.be"), family(JEF, email="piet@example.be")
    left = second.register(session, NOOR).json_body["registration_id"]
    next_ = third.register(session, JEF).json_body["registration_id"]

    assert second.cancel(left).status_code == 204

    assert third.get(f"/api/registrations/{next_}").json_body["waitlist_position"] == 1
    assert second.get(f"/api/registrations/{left}").json_body["status"] == "cancelled"


def test_what_never_came_to_be_cannot_be_cancelled():
    claeys = family(LOU)

    assert problem(claeys.cancel("k7mxfar3ct94ghx7r2p")) == "not-found"
    assert problem(claeys.cancel(claeys.pass_.family_id + "4ghx7r2p")) == "not-found"
