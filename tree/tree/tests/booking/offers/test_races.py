"""Interleavings of offers, answers and cancellations, each played out call by call on DynamoDB Local."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.booking.offers.accept import accept, extend
from chalicelib.booking.offers.advance import MARGIN, advance
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import RegistrationStatus, registration_id
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Bearer
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.booking.registrations.callers import Caller, halting_before_each_call
from tests.booking.registrations.test_story import a_pass
from tests.camps import named_by, without_openings

NOW = datetime(2027, 5, 7, 19, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
BORN = date(2022, 5, 1)
SESSION = "k7mxfar3ct"


def family(name: str, *children: str) -> Bearer:
    return Bearer(f"pass-{name}", name, "nl", "9970", dict.fromkeys(children, BORN), named_by(name, *children))


CLAEYS, PEETERS = family("claeys23456", "lou"), family("peeters2345", "noor")
MAES, TWINS = family("maes2345678", "jef"), family("wouters2345", "ada", "bas")


def id_of(who: Bearer) -> str:
    return registration_id(who.family_id, "key")


@pytest.fixture
def one_seat(real_table) -> Iterator[None]:
    """It is taken by Claeys."""
    publish(1)
    finish(registering(CLAEYS))
    with halting_before_each_call():
        yield


def publish(capacity: int) -> None:
    opens, closes = int(NOW.timestamp()) - 60, int((NOW + timedelta(days=90)).timestamp())
    seats = Seats(SESSION, capacity, capacity, {}, opens, closes, BORN - timedelta(365), BORN + timedelta(365))
    dynamodb_local.client().put_item(TableName="stormloop", Item=seats_item.item_of(seats))
    for who in (CLAEYS, PEETERS, MAES, TWINS):
        families.put(a_pass(who))
    without_openings()


def call(request: Callable[[], object]) -> Caller:
    """It has arrived and made no AWS call yet."""
    caller = Caller(request)
    caller.begin()
    return caller


def registering(who: Bearer) -> Caller:
    return call(lambda: register.register(who, RegistrationRequest(SESSION, tuple(who.children), True, "key"), NOW))


def cancelling(who: Bearer) -> Caller:
    return call(lambda: register.cancel(who, id_of(who), NOW))


def advancing(now: datetime = NOW) -> Caller:
    return call(lambda: advance(SESSION, now))


def finish(caller: Caller) -> Caller:
    seats_table.forget()
    while not caller.is_over:
        caller.go_on()
    return caller


def steps(caller: Caller, number: int) -> Caller:
    for _ in range(number):
        if not caller.is_over:
            caller.go_on()
    return caller


def seats() -> Seats:
    return seats_table.get([SESSION])[SESSION]


def status(who: Bearer, now: datetime = NOW) -> RegistrationStatus:
    return register.look_up(who, id_of(who), now)[1].status


def a_queue(*waiting: Bearer) -> None:
    for who in waiting:
        assert finish(registering(who)).result.standing.status is RegistrationStatus.WAITLISTED


@pytest.mark.parametrize("calls", range(9))
def test_two_advances_at_once_make_one_offer_for_one_seat(one_seat, calls):
    a_queue(PEETERS, MAES)
    finish(cancelling(CLAEYS))
    first = steps(advancing(), calls)

    finish(advancing())
    finish(first)

    assert seats().holders == {"noor": id_of(PEETERS)}
    assert (status(PEETERS), status(MAES)) == (RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED)


@pytest.mark.parametrize("calls", range(9))
def test_an_advance_that_crashes_anywhere_is_completed_by_the_next(one_seat, calls):
    a_queue(PEETERS, MAES)
    finish(cancelling(CLAEYS))
    crashed = steps(advancing(), calls)
    if not crashed.is_over:
        crashed.go_on(is_doomed=True)

    finish(advancing())
    assert (status(PEETERS), status(MAES)) == (RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED)

    finish(advancing(LATER))  # nobody answered, and nothing was delivered

    assert (status(PEETERS, LATER), status(MAES, LATER)) == (RegistrationStatus.CANCELLED, RegistrationStatus.OFFERED)
    assert waiting_list.places(SESSION) == []


@pytest.mark.parametrize("calls", range(9))
def test_a_seat_that_is_released_during_an_advance_is_offered_by_the_next(one_seat, calls):
    a_queue(PEETERS)
    under_way = steps(advancing(), calls)
    finish(cancelling(CLAEYS))
    finish(under_way)

    finish(advancing())  # the release calls for it

    assert status(PEETERS) is RegistrationStatus.OFFERED
    assert not seats().queued


@pytest.mark.parametrize("calls", range(7))
@pytest.mark.parametrize("joining", range(2, 7))
def test_whoever_joins_while_the_queue_is_ended_is_not_forgotten(one_seat, calls, joining):
    """Maes finds the seat taken, and Peeters, the only one who waited, leaves."""
    a_queue(PEETERS)
    maes = steps(registering(MAES), joining)
    finish(cancelling(PEETERS))
    ending = steps(advancing(), calls)
    finish(maes)
    finish(ending)
    finish(advancing())  # the place calls for it
    assert status(MAES) is RegistrationStatus.WAITLISTED
    assert seats().queued

    finish(cancelling(CLAEYS))
    finish(advancing())

    assert status(MAES) is RegistrationStatus.OFFERED


@pytest.mark.parametrize("calls", range(9))
def test_who_cancels_during_the_offer_holds_nothing_when_its_messages_are_through(one_seat, calls):
    a_queue(PEETERS, MAES)
    finish(cancelling(CLAEYS))
    under_way = steps(advancing(), calls)
    finish(cancelling(PEETERS))
    finish(under_way)

    seats_table.release(SESSION, ["noor"], id_of(PEETERS))  # the message `offered` finds a cancelled record
    finish(advancing())

    assert (status(PEETERS), status(MAES)) == (RegistrationStatus.CANCELLED, RegistrationStatus.OFFERED)
    assert seats().holders == {"jef": id_of(MAES)}


def test_two_tabs_that_accept_get_the_same(one_seat):
    a_queue(PEETERS)
    finish(cancelling(CLAEYS))
    finish(advancing())
    first, second = [call(lambda: accept(PEETERS, id_of(PEETERS), NOW)) for _ in range(2)]
    for tab in (first, second) * 4:
        steps(tab, 1)

    assert finish(first).result == finish(second).result
    assert first.result[1].status is RegistrationStatus.CONFIRMED


def test_of_two_tabs_that_ask_for_more_time_one_gets_it(one_seat):
    a_queue(PEETERS)
    finish(cancelling(CLAEYS))
    finish(advancing())
    tabs = [call(lambda: extend(PEETERS, id_of(PEETERS), NOW)) for _ in range(2)]
    for tab in tabs * 3:
        steps(tab, 1)

    first, second = map(finish, tabs)

    assert first.result[1].held_until == datetime(2027, 5, 9, 18, tzinfo=UTC)
    assert second.problem.kind.slug == "not-now"


@pytest.mark.parametrize("calls", range(8))
def test_an_answer_at_the_last_second_is_heard_or_refused_and_never_both(one_seat, calls):
    a_queue(PEETERS, MAES)
    finish(cancelling(CLAEYS))
    finish(advancing())
    end = datetime(2027, 5, 8, 18, tzinfo=UTC)
    tab = steps(call(lambda: accept(PEETERS, id_of(PEETERS), end - timedelta(seconds=1))), calls)

    finish(advancing(end + MARGIN))
    finish(tab)

    if tab.problem:
        assert tab.problem.kind.slug == "closed"
        assert (status(PEETERS, end), status(MAES, end)) == (RegistrationStatus.CANCELLED, RegistrationStatus.OFFERED)
    else:
        assert (status(PEETERS, end), status(MAES, end)) == (
            RegistrationStatus.CONFIRMED,
            RegistrationStatus.WAITLISTED,
        )
    assert seats().free + len(seats().holders) == 1


@pytest.mark.parametrize("calls", range(8))
def test_a_family_that_tries_again_during_its_offer_is_told_of_the_offer(one_seat, calls):
    a_queue(PEETERS)
    again = steps(registering(PEETERS), calls)
    finish(cancelling(CLAEYS))
    finish(advancing())

    finish(again)

    assert again.result.standing.status in (RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED)
    finish(advancing())
    assert status(PEETERS) is RegistrationStatus.OFFERED
    assert waiting_list.places(SESSION) == []


@pytest.mark.parametrize("calls", range(10))
def test_the_first_try_that_finds_itself_offered_meanwhile_is_not_told_that_it_is_confirmed(one_seat, calls):
    first = steps(registering(PEETERS), calls)
    finish(registering(PEETERS))
    finish(cancelling(CLAEYS))
    finish(advancing())

    finish(first)

    assert status(PEETERS) is first.result.standing.status is RegistrationStatus.OFFERED or calls >= 5


def test_the_twins_wait_and_those_behind_them_do_not_for_ever(real_table):
    publish(2)
    finish(registering(CLAEYS))
    finish(registering(PEETERS))
    a_queue(TWINS, MAES)
    finish(cancelling(CLAEYS))
    advance(SESSION, NOW)
    assert (status(TWINS), status(MAES)) == (RegistrationStatus.WAITLISTED, RegistrationStatus.WAITLISTED)

    advance(SESSION, NOW + timedelta(hours=23))
    assert status(MAES) is RegistrationStatus.WAITLISTED
    advance(SESSION, NOW + timedelta(hours=24))

    assert (status(TWINS), status(MAES)) == (RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED)
