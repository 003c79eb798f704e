"""The draw breaks off after each of its calls in turn, and comes to the same end; at DynamoDB Local."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.booking.draw.verification import problems
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as stormloop
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Bundles, State
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from tests import camps, dynamodb_local
from tests.booking.draw.lots import AFTER, drawn_opening, enter, hold, published
from tests.booking.registrations.callers import Crash
from tests.camps import JEF, LOU, NOOR, Family, family

Item = dict[str, Any]


@pytest.fixture
def town(real_table) -> tuple[Session, list[Family], dict[tuple[str, str], Item]]:
    """Given a draw that grants, refuses, seats siblings in two sessions, and has a waiting list for each."""
    bouwkamp = camps.published(title="Bouwkamp", opens_at=None, capacity=2)
    kook = camps.published(
        title="Kookkamp", opens_at=None, capacity=1, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9)
    )
    opening = drawn_opening(bouwkamp, kook, bundles=Bundles.SEVERAL)
    claeys, diallo = family(LOU, JEF), family(NOOR, email="fatima@example.be")
    maes = family(camps.child("Ana", "Maes", date(2022, 4, 4)), email="els@example.be")
    enter(claeys, opening, [(LOU, bouwkamp), (JEF, bouwkamp)], [(LOU, kook)])
    enter(diallo, opening, [(NOOR, bouwkamp)], [(NOOR, kook)])
    enter(maes, opening, [(maes.pass_.children[0], kook)], [(maes.pass_.children[0], bouwkamp)])
    return opening, [claeys, diallo, maes], everything()


def everything() -> dict[tuple[str, str], Item]:
    items = dynamodb_local.client().scan(TableName="stormloop", ConsistentRead=True)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


def as_it_was(items: dict[tuple[str, str], Item]) -> None:
    dynamodb_local.empty()
    stormloop.batch_put(list(items.values()))


@contextmanager
def breaking_after(calls: int) -> Iterator[list[str]]:
    """The container is gone after so many calls of DynamoDB; what was called is in the list."""
    client: Any = stormloop.Item._get_connection().connection.client
    original = client._make_api_call
    called: list[str] = []

    def counting(operation: str, arguments: dict[str, Any]) -> Any:
        if len(called) >= calls:
            raise Crash
        called.append(operation)
        return original(operation, arguments)

    client._make_api_call = counting
    try:
        yield called
    finally:
        del client._make_api_call


def test_wherever_it_breaks_off_it_comes_to_the_same_end(town):
    opening, _, before = town
    with breaking_after(10_000) as called:
        assert hold(opening)
    expected = everything()
    assert problems([published(opening)]) == []

    for calls in range(len(called)):
        as_it_was(before)
        with breaking_after(calls), pytest.raises(Crash):
            hold(opening)

        assert hold(opening)

        assert everything() == expected, f"after {called[:calls][-1:]}, call {calls}"


def test_two_at_once_come_to_the_same_end_as_one(town):
    opening, _, before = town
    assert hold(opening)
    expected = everything()

    for _ in range(5):
        as_it_was(before)
        with ThreadPoolExecutor(3) as calls:
            outcomes = list(calls.map(lambda _: hold(opening), range(3)))

        assert all(outcomes)
        assert everything() == expected


def test_a_seat_that_its_family_gave_back_meanwhile_is_not_given_to_it_again(town):
    """It breaks off after each call; whoever has a seat by then cancels it; the draw goes on."""
    opening, families, before = town
    with breaking_after(10_000) as called:
        hold(opening)
    cancelled = 0

    for calls in range(len(called)):
        as_it_was(before)
        with breaking_after(calls), pytest.raises(Crash):
            hold(opening)
        given_back = [
            (one, registration["registration_id"])
            for one in families
            for registration in one.get("/api/registrations").json_body["registrations"]
        ]
        for one, registration_id in given_back:
            assert one.cancel(registration_id).status_code == 204
        cancelled += len(given_back)

        assert hold(opening)

        for one, registration_id in given_back:
            assert one.get(f"/api/registrations/{registration_id}").json_body["status"] == "cancelled", calls
        for session_id in opening.plan.session_ids:
            now = seats.get([session_id])[session_id]
            assert now.free + len(now.holders) == now.capacity
    assert cancelled > 10


def test_staff_who_change_the_opening_while_it_is_drawn_do_not_stop_it(town, monkeypatch):
    opening, _, _ = town
    original = openings.write
    changes = []

    def interfering(new, edition):
        if not changes:
            changes.append(new)
            found, now = openings.get(opening.opening_id)
            original(replace(found, why={"nl": "…", "fr": "…", "en": "…"}), now)
        original(new, edition)

    monkeypatch.setattr(openings, "write", interfering)

    assert hold(opening)

    assert openings.get(opening.opening_id)[0].state is State.DRAWN


def test_the_record_of_every_seat_is_there(town):
    opening, families, _ = town
    hold(opening)

    for session_id in opening.plan.session_ids:
        for registration_id in seats.get([session_id])[session_id].holders.values():
            assert registrations.get(registration_id).created_at == AFTER
    assert register.family_of(registration_id) in {one.pass_.family_id for one in families}
