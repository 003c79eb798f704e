"""Interleavings that a search finds too seldom, each played out call by call on DynamoDB Local."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import RegistrationStatus, registration_id
from chalicelib.core import table
from chalicelib.people.families.rules import Bearer
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.booking.registrations.callers import Caller, halting_before_each_call
from tests.camps import named_by, without_openings

NOW = datetime(2027, 5, 7, 19, tzinfo=UTC)
BORN = date(2022, 5, 1)
SESSION = "k7mxfar3ct"
CLAEYS = Bearer("pass-claeys", "claeys23456", "nl", "9970", {"lou": BORN}, named_by("claeys23456", "lou"))
PEETERS = Bearer("pass-peeters", "peeters2345", "nl", "9970", {"noor": BORN}, named_by("peeters2345", "noor"))
LOU = registration_id("claeys23456", "key")
NOOR = registration_id("peeters2345", "key")


@pytest.fixture
def one_seat(real_table) -> Iterator[None]:
    opens, closes = int(NOW.timestamp()) - 60, int(NOW.timestamp()) + 3600
    seats = Seats(SESSION, 1, 1, {}, opens, closes, BORN - timedelta(365), BORN + timedelta(365))
    dynamodb_local.client().put_item(TableName="stormloop", Item=seats_item.item_of(seats))
    without_openings()
    with halting_before_each_call():
        yield


def registering(who: Bearer, *, waitlist: bool = False) -> Caller:
    """A request that has arrived and made no AWS call yet."""
    children = tuple(who.children)
    caller = Caller(lambda: register.register(who, RegistrationRequest(SESSION, children, waitlist, "key"), NOW))
    caller.begin()
    return caller


def cancelling(who: Bearer) -> Caller:
    caller = Caller(lambda: register.cancel(who, registration_id(who.family_id, "key"), NOW))
    caller.begin()
    return caller


def finish(caller: Caller) -> Caller:
    seats_table.forget()  # as if each ran in a container of its own
    while not caller.is_over:
        caller.go_on()
    return caller


def holders() -> dict[str, str]:
    return dict(seats_table.get([SESSION])[SESSION].holders)


def test_a_refused_retry_does_not_take_the_record_from_under_the_first_try(one_seat):
    finish(registering(PEETERS))
    first = registering(CLAEYS)
    first.go_on()  # its record is put; it halts before its claim
    retry = finish(registering(CLAEYS))
    assert retry.problem.kind.slug == "sold-out"
    finish(cancelling(PEETERS))

    finish(first)

    assert first.result.standing.status is RegistrationStatus.CONFIRMED
    assert holders() == {"lou": LOU}
    assert registrations.get(LOU) is not None


def test_a_refusal_leaves_nothing(one_seat):
    finish(registering(PEETERS))

    refused = finish(registering(CLAEYS))

    assert refused.problem.kind.slug == "sold-out"
    assert registrations.get(LOU) is None


def test_two_tries_that_are_both_refused_leave_nothing(one_seat):
    finish(registering(PEETERS))
    first = registering(CLAEYS)
    first.go_on()
    finish(registering(CLAEYS))

    finish(first)

    assert registrations.get(LOU) is None


def test_a_record_that_was_deleted_while_a_retry_looked_is_put_again(one_seat):
    finish(registering(PEETERS))
    first = registering(CLAEYS)
    first.go_on()
    retry = registering(CLAEYS)
    retry.go_on()  # its put was refused: the record is there
    finish(first)  # and is gone
    finish(cancelling(PEETERS))

    finish(retry)

    assert retry.result.standing.status is RegistrationStatus.CONFIRMED
    assert registrations.get(LOU) is not None


@pytest.mark.parametrize("calls", range(3))
def test_after_a_crash_at_any_call_the_same_key_completes_it(one_seat, calls):
    crashed = registering(CLAEYS)
    for _ in range(calls):
        crashed.go_on()
    if not crashed.is_over:
        crashed.go_on(is_doomed=True)

    again = finish(registering(CLAEYS))

    assert again.result.standing.status is RegistrationStatus.CONFIRMED
    assert again.result.is_new == (calls == 0)
    assert holders() == {"lou": LOU}


@pytest.mark.parametrize("calls", range(8))
def test_after_a_crash_at_any_call_on_the_way_to_the_waiting_list_the_same_key_completes_it(one_seat, calls):
    finish(registering(PEETERS))
    crashed = registering(CLAEYS, waitlist=True)
    for _ in range(calls):
        if not crashed.is_over:
            crashed.go_on()
    if not crashed.is_over:
        crashed.go_on(is_doomed=True)

    again = finish(registering(CLAEYS, waitlist=True))

    assert again.result.standing == register.Standing(RegistrationStatus.WAITLISTED, 1)


@pytest.mark.parametrize("calls", range(4))
def test_after_a_crash_at_any_call_of_a_cancellation_it_can_be_asked_again(one_seat, calls):
    finish(registering(CLAEYS))
    registrations.mark_mailed(LOU, "confirmed")
    crashed = cancelling(CLAEYS)
    for _ in range(calls):
        if not crashed.is_over:
            crashed.go_on()
    if not crashed.is_over:
        crashed.go_on(is_doomed=True)

    again = finish(cancelling(CLAEYS))

    assert again.problem is None
    assert holders() == {}
    assert register.look_up(CLAEYS, LOU, NOW)[1].status is RegistrationStatus.CANCELLED


def test_two_families_for_the_last_seat_one_gets_it(one_seat):
    claeys, peeters = registering(CLAEYS), registering(PEETERS)
    for caller in (claeys, peeters, claeys, peeters):
        caller.go_on()

    finish(peeters)

    assert claeys.result.standing.status is RegistrationStatus.CONFIRMED
    assert peeters.problem.kind.slug == "sold-out"
    assert holders() == {"lou": LOU}


def test_a_seat_that_becomes_free_between_two_tries_with_one_key_is_answered_as_confirmed_by_both(one_seat):
    finish(registering(PEETERS))
    first = registering(CLAEYS, waitlist=True)
    first.go_on()
    first.go_on()  # its claim is refused
    finish(cancelling(PEETERS))
    retry = finish(registering(CLAEYS, waitlist=True))
    assert retry.result.standing.status is RegistrationStatus.CONFIRMED

    finish(first)

    assert first.result.standing.status is RegistrationStatus.CONFIRMED
    assert waiting_list.places(SESSION) == []


def test_a_cancellation_also_gives_back_what_a_try_under_way_claimed_meanwhile(one_seat):
    pending = registering(CLAEYS)
    pending.go_on()  # its record is put
    cancellation = cancelling(CLAEYS)
    for _ in range(3):
        cancellation.go_on()  # nothing to release, no place to leave
    finish(pending)
    assert holders() == {"lou": LOU}

    finish(cancellation)

    assert holders() == {}
    assert register.look_up(CLAEYS, LOU, NOW)[1].status is RegistrationStatus.CANCELLED


def test_a_retry_lets_the_record_live_as_long_as_a_new_one(one_seat):
    crashed = registering(CLAEYS)
    crashed.go_on()
    crashed.go_on(is_doomed=True)
    table.call(
        "UpdateItem",
        Key={"pk": {"S": "F#claeys23456"}, "sk": {"S": f"R#{LOU[11:]}"}},
        UpdateExpression="SET expires = :long_ago",
        ExpressionAttributeValues={":long_ago": {"N": "1"}},
    )

    finish(registering(CLAEYS))

    item = registrations.RegistrationItem.get("F#claeys23456", f"R#{LOU[11:]}", consistent_read=True)
    assert item.expires > NOW.timestamp()
