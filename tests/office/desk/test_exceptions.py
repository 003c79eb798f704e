"""Seats out of order: granted, held back, more of them or fewer, a deadline moved. With a reason, never too many."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import registration_id
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as core_table
from chalicelib.core.http.fields import check
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import child
from chalicelib.programme.openings import plans
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import handlers as programme_handlers
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.changes import ProgrammeRow
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import changing
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import AskedBy, Channel, Claim
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, TOO_OLD, family, published, request
from tests.core.http.summer import stored
from tests.office.desk.counter import EMAIL, REASON, close, entries, errors, grant, reserve, resize, seats_of, slug
from tests.programme.openings.plans import DRAW, PLAN

NOORS = registration_id(family_id("fatima@example.be"), "key")


def named() -> list[str]:
    """The children whom a family has named."""
    return [item["pk"]["S"] for item in stored() if item["sk"]["S"] == "NAMED"]


def at_public(session: Session) -> dict[str, Any]:
    programme_handlers.forget()
    return dict(request("GET", f"/api/sessions/{session.session_id}").json_body)


# A grant


def test_a_grant_that_is_refused_does_not_name_the_children(table):
    """No pass names them: whichever family does so later is the first."""
    session = published(capacity=1)

    assert slug(grant(session, LOU, JEF)) == "sold-out"
    assert named() == []
    assert grant(session, LOU).status_code == 201
    assert named() == [f"C#{LOU.child_id}"]


def test_a_seat_is_granted_before_the_session_opens(table):
    session = published(opens_at=None)

    answer = grant(session)

    assert answer.status_code == 201, answer.json_body
    assert answer.json_body["status"] == "confirmed"
    assert seats_of(session).holders == {LOU.child_id: answer.json_body["registration_id"]}
    assert seats_of(session).channels == {answer.json_body["registration_id"]: Channel.EXCEPTION}


def test_a_seat_that_is_granted_is_final_also_where_families_are_asked_first(table):
    session = published()
    core_table.transact_write([changing.asking(session.session_id, AskedBy.SESSION, is_required=True)])

    answer = grant(session)

    assert (answer.status_code, answer.json_body["status"]) == (201, "confirmed")


def test_a_grant_is_in_the_ledger_with_who_and_why(table):
    session = published()

    answer = grant(session, LOU, JEF)

    (entry,) = entries()
    assert entry.what is LedgerAct.SEAT_GRANTED
    assert (entry.staff_name, entry.reason) == ("Els Maes", REASON)
    assert entry.registration_id == answer.json_body["registration_id"]
    assert entry.session_id == session.session_id
    assert entry.details == {"seats": 2, "from": "free", "despite_age": False}


def test_a_seat_that_is_held_back_is_granted_from_those(table):
    session = published(capacity=3)
    reserve(session, 2)

    answer = grant(session, **{"from": "staff"})

    assert answer.status_code == 201, answer.json_body
    assert seats_of(session).free == 1
    assert set(seats_of(session).holders) == {LOU.child_id, "~staff-2"}


def test_a_grant_does_not_take_what_is_held_back_for_others(table):
    session = published(capacity=2)
    reserve(session, 2, "reduced")

    free, staff = grant(session), grant(session, **{"from": "staff"})

    assert slug(free) == "sold-out"
    assert slug(staff) == "not-now"
    assert "0" in staff.json_body["detail"]
    assert set(seats_of(session).holders) == {"~reduced-1", "~reduced-2"}


def test_nobody_is_granted_a_seat_in_a_full_session(table):
    session = published(capacity=1)
    other = family(NOOR, email="fatima@example.be")
    other.register(session, NOOR)

    answer = grant(session)

    assert slug(answer) == "sold-out"
    assert [entry for entry in entries() if entry.what is LedgerAct.SEAT_GRANTED] == []
    assert families.of_family(family_id(EMAIL)) == []
    assert registrations.of_family(family_id(EMAIL)) == []


def test_siblings_are_granted_seats_together_or_not_at_all(table):
    session = published(capacity=1)

    assert slug(grant(session, LOU, JEF)) == "sold-out"
    assert seats_of(session).free == 1


def test_a_free_seat_is_granted_although_others_wait(table):
    session = published(capacity=1)
    seats_table.queue(session.session_id)

    assert grant(session).status_code == 201


def test_a_child_that_is_too_old_is_granted_a_seat_only_if_that_is_said(table):
    session = published()

    refused = grant(session, TOO_OLD)
    granted = grant(session, TOO_OLD, despite_age=True)

    assert slug(refused) == "not-eligible"
    assert granted.status_code == 201
    assert entries()[-1].details["despite_age"] is True


def test_a_child_that_has_a_seat_is_granted_no_second_one(table):
    session = published()
    grant(session)

    assert slug(grant(session)) == "already-registered"
    assert len(seats_of(session).holders) == 1


def test_a_closed_session_grants_nothing(table):
    session = published(starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 8))

    assert slug(grant(session)) == "closed"


def test_an_unknown_session_grants_nothing(table):
    assert slug(grant(replace(BOUWKAMP, session_id="2222222222"))) == "not-found"


def test_the_same_key_grants_nothing_more(table):
    session = published()

    first, again = grant(session, key="one"), grant(session, key="one")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json_body == first.json_body
    assert len(entries()) == 1
    assert len(seats_of(session).holders) == 1


def test_a_key_is_good_for_one_grant(table):
    session, other = published(), published(title="Danskamp")
    grant(session, key="one")

    assert errors(grant(other, key="one")) == ["Idempotency-Key"]


def test_a_seat_that_was_only_held_until_now_is_granted(table):
    session = published(capacity=1)
    now = int(datetime.now(UTC).timestamp())
    seats_table.claim(Claim(session.session_id, NOORS, {NOOR.child_id: NOOR.birth_date}, now - 60, until=now - 1))

    assert grant(session).status_code == 201
    assert set(seats_of(session).holders) == {LOU.child_id}


def test_a_family_that_has_its_pass_gets_no_second_one(table):
    session = published()
    an = family(LOU, email=EMAIL)

    registration = grant(session).json_body["registration_id"]

    assert len(families.of_family(an.pass_.family_id)) == 1
    assert an.get(f"/api/registrations/{registration}").json_body["status"] == "confirmed"


def test_two_managers_who_grant_the_last_held_back_seat_at_once_grant_it_once(real_table):
    session = published(capacity=1)
    reserve(session, 1)

    with ThreadPoolExecutor(2) as threads:
        asked = [
            threads.submit(grant, session, one, email=email, **{"from": "staff"})
            for one, email in ((LOU, EMAIL), (NOOR, "fatima@example.be"))
        ]
        answers = [one.result() for one in asked]

    assert sorted(answer.status_code for answer in answers) == [201, 409], [a.json_body for a in answers]
    assert len(seats_of(session).holders) == 1
    assert [entry.what for entry in entries()] == [LedgerAct.SEATS_RESERVED, LedgerAct.SEAT_GRANTED]


def test_many_managers_at_once_grant_no_more_than_there_is(real_table):
    session = published(capacity=3)
    reserve(session, 2)
    emails = [f"family{number}@example.be" for number in range(6)]
    children = [child("Lou", f"Claeys-{letter}", LOU.birth_date) for letter in "abcdef"]

    with ThreadPoolExecutor(6) as threads:
        asked = [
            threads.submit(grant, session, one, email=email, **{"from": "staff" if number % 2 else "free"})
            for number, (one, email) in enumerate(zip(children, emails, strict=True))
        ]
        answers = [one.result() for one in asked]

    granted = [answer for answer in answers if answer.status_code == 201]
    assert len(granted) == 3, [answer.json_body for answer in answers]
    assert {answer.status_code for answer in answers} == {201, 409}
    assert len(entries()) == 1 + len(granted)
    assert seats_of(session).free == 0


# Seats held back


def test_seats_are_held_back_and_given_back(table):
    session = published(capacity=5)

    more, fewer = reserve(session, 3), reserve(session, 1)

    assert more.json_body["held_back"] == {"staff": 3, "reduced": 0}
    assert (more.json_body["free"], fewer.json_body["free"]) == (2, 4)
    assert [(entry.what, entry.details) for entry in entries()] == [
        (LedgerAct.SEATS_RESERVED, {"for": "staff", "from": 0, "to": 3}),
        (LedgerAct.SEATS_FREED, {"for": "staff", "from": 3, "to": 1}),
    ]


def test_seats_are_held_back_again_after_some_were_granted(table):
    session = published(capacity=5)
    reserve(session, 2)
    grant(session, **{"from": "staff"})

    assert reserve(session, 3).json_body["held_back"] == {"staff": 3, "reduced": 0}
    assert seats_of(session).free == 1


def test_nobody_can_register_for_what_is_held_back(table):
    session = published(capacity=1)
    reserve(session, 1)

    answer = family(LOU, email=EMAIL).register(session, LOU, waitlist=False)

    assert slug(answer) == "sold-out"
    assert at_public(session)["seats_left"] == 0


def test_no_more_is_held_back_than_is_free(table):
    session = published(capacity=2)
    grant(session)

    answer = reserve(session, 2)

    assert slug(answer) == "not-now"
    assert "1" in answer.json_body["detail"]
    assert seats_of(session).free == 1


def test_what_is_so_already_needs_no_entry(table):
    session = published(capacity=2)
    reserve(session, 1)

    assert reserve(session, 1).status_code == 200
    assert resize(session, 2).status_code == 200
    assert len(entries()) == 1


# Capacity


def test_more_capacity_is_free_at_once(table):
    session = published(capacity=1)
    grant(session)

    answer = resize(session, 3)

    assert answer.json_body == {
        "session_id": session.session_id,
        "capacity": 3,
        "free": 2,
        "held_back": {"staff": 0, "reduced": 0},
        "closes_at": "2027-08-15T22:00:00+00:00",
    }
    assert (at_public(session)["capacity"], at_public(session)["seats_left"]) == (3, 2)
    assert (entries()[-1].what, entries()[-1].details) == (LedgerAct.CAPACITY_CHANGED, {"from": 1, "to": 3})


def test_capacity_shrinks_as_far_as_seats_are_free(table):
    session = published(capacity=5)
    grant(session, LOU, JEF)
    reserve(session, 1)

    refused, done = resize(session, 2), resize(session, 3)

    assert slug(refused) == "not-now"
    assert "3" in refused.json_body["detail"]
    assert (done.json_body["capacity"], done.json_body["free"]) == (3, 0)


def test_a_session_has_three_hundred_seats_at_most(table):
    session = published(capacity=299)

    assert resize(session, 300).status_code == 200
    refused = resize(session, 301)

    assert errors(refused) == ["capacity"]
    assert "tweede groep" in refused.json_body["errors"][0]["message"]


def test_a_session_that_had_more_before_keeps_them_and_cannot_grow(table):
    session = published(capacity=350)

    assert errors(resize(session, 351)) == ["capacity"]
    assert resize(session, 340).json_body["free"] == 340
    assert errors(resize(session, 341)) == ["capacity"]


@pytest.mark.parametrize("capacity", [0, -1, 10_001, "veel", None, 2.5, True])
def test_a_capacity_is_a_number_of_seats(table, capacity):
    assert errors(resize(published(), capacity)) == ["capacity"]


def test_capacity_and_claims_at_once_never_oversell(real_table):
    session = published(capacity=4)
    children = [child("Lou", f"Claeys-{letter}", LOU.birth_date) for letter in "abcd"]

    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(grant, session, one, email=f"family{number}@example.be")
            for number, one in enumerate(children)
        ]
        asked += [threads.submit(resize, session, capacity) for capacity in (2, 3, 1, 5)]
        answers = [one.result() for one in asked]

    assert {answer.status_code for answer in answers} <= {200, 201, 409, 503}
    seats = seats_of(session)
    assert len(seats.holders) <= seats.capacity
    stored = programme.get(session.session_id)
    assert stored
    assert stored.capacity == seats.capacity


# The deadline


def test_a_deadline_is_moved_forward_and_back(table):
    session = published()
    late, early = "2027-08-16T12:00", "2027-03-06T19:30"

    assert close(session, late).json_body["closes_at"] == "2027-08-16T10:00:00+00:00"
    assert close(session, early).json_body["closes_at"] == "2027-03-06T18:30:00+00:00"
    assert [entry.details for entry in entries()] == [
        {"from": "2027-08-15T22:00:00+00:00", "to": "2027-08-16T10:00:00+00:00"},
        {"from": "2027-08-16T10:00:00+00:00", "to": "2027-03-06T18:30:00+00:00"},
    ]
    assert {entry.what for entry in entries()} == {LedgerAct.DEADLINE_MOVED}


def test_after_its_new_deadline_a_session_is_closed_for_everybody(table):
    session = published()
    an = family(LOU, email=EMAIL)
    close(session, "2027-03-06T19:30")

    with time_machine.travel(datetime(2027, 3, 6, 18, 30, tzinfo=UTC)):
        assert slug(an.register(session, LOU)) == "closed"
        assert at_public(session)["status"] == "closed"


def test_a_deadline_lies_at_the_latest_at_the_end_of_the_first_day(table):
    session = published()

    assert close(session, "2027-08-17T00:00").status_code == 200
    assert errors(close(session, "2027-08-17T00:01")) == ["closes_at"]


@pytest.mark.parametrize(
    "moment",
    ["2027-03-06T18:59", "2027-03-28T02:30", "2027-10-31T02:30", "morgen", "2027-08-01", None, 1],
)
def test_a_deadline_is_a_moment_to_come_that_there_is_once(table, moment):
    assert errors(close(published(), moment)) == ["closes_at"]


def test_a_sheet_that_is_imported_again_leaves_a_moved_deadline_alone(table):
    session = published()
    close(session, "2027-08-01T12:00")

    assert programme.save_import([ProgrammeRow(2, session)]).unchanged == 1
    assert seats_of(session).closes == int(datetime(2027, 8, 1, 10, tzinfo=UTC).timestamp())


# All of them


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "mag", "a" * 5000, None, 7])
def test_without_a_reason_nothing_happens(table, reason):
    session = published()
    changes = [
        grant(session, reason=reason),
        reserve(session, 2, reason=reason),
        resize(session, 30, reason=reason),
        close(session, "2027-08-01T12:00", reason=reason),
    ]

    assert [errors(answer) for answer in changes] == [["reason"]] * 4
    assert seats_of(session).holders == {}
    assert seats_of(session).capacity == 20
    assert entries() == []


def drawing(session: Session, **changed: Any) -> Opening:
    """Given a draw whose wishes are entered and that is not drawn yet."""
    now = datetime.now(UTC)
    plan = plans.plan_of(check(plans.PLAN, {**PLAN, **DRAW, "session_ids": [session.session_id]}))
    windows = (replace(plan.windows[0], opens_at=now - timedelta(days=7)),)
    plan = replace(plan, windows=windows, wishes_until=now - timedelta(minutes=1))
    opening = replace(Opening("2027-aaaaaa", 1, plan, State.PUBLISHED, b"s" * 32), **changed)
    openings.create(opening)
    openings.forget()
    return opening


def test_seats_do_not_change_while_they_are_drawn(table):
    session = published()
    drawing(session)
    changes = [
        grant(session),
        reserve(session, 2),
        resize(session, 30),
        close(session, "2027-08-01T12:00"),
    ]

    assert [slug(answer) for answer in changes] == ["not-now"] * 4
    assert entries() == []


def test_seats_change_after_the_draw_and_the_ledger_names_its_opening(table):
    session = published()
    drawing(session, state=State.DRAWN)

    assert resize(session, 30).status_code == 200
    assert entries()[0].opening_id == "2027-aaaaaa"


def test_as_many_seats_are_held_back_at_once_as_one_write_takes(real_table):
    session = published(capacity=300)
    assert errors(reserve(session, 101)) == ["seats"]
    assert reserve(session, 100).status_code == 200
    assert reserve(session, 200).status_code == 200
    assert errors(reserve(session, 50)) == ["seats"]
    assert reserve(session, 100).status_code == 200
    assert seats_of(session).free == 200
