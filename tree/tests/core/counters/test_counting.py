"""Counting at the edge: what a request adds to the table, what it costs, and that it never fails for it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.core.counters import counting, table
from tests.bench.registration import spending
from tests.camps import LOU, NOOR, family, published, request, without_openings
from tests.core.http.test_faults import NO_ANSWER, Failing, refused
from tests.programme.openings.plans import OPENS_AT, published_opening

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2027, 3, 6, 18, 0, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A container that has counted nothing yet, and its clock."""
    seconds = [1000.0]
    monkeypatch.setattr(counting, "monotonic", lambda: seconds[0])
    counting.forget()
    with time_machine.travel(NOW, tick=False):
        yield seconds


def in_the_table():
    return {slot: dict(sums) for slot, sums in table.day(NOW.date()).items()}


def test_the_first_request_is_written_at_once_and_ten_seconds_of_others_with_one_write(clock):
    request("GET", "/api/openapi.json")
    with spending() as spent:
        for _ in range(50):
            request("GET", "/api/openapi.json")
    assert spent.calls == []

    clock[0] += 10
    with spending() as spent:
        request("GET", "/api/openapi.json")

    assert spent.calls == ["UpdateItem"]
    assert in_the_table() == {NOW.replace(second=0): {"answers": 52, "reads": 52}}


def test_a_registration_is_two_writes_and_its_answer_is_written_with_the_next_request(clock):
    session, claeys = published(), family(LOU)
    without_openings()
    with spending() as spent:
        assert claeys.register(session, LOU).status_code == 201
    assert spent.calls == ["PutItem", "UpdateItem"]

    request("GET", "/api/openapi.json")

    assert in_the_table() == {NOW.replace(second=0): {"answers": 2, "reads": 1}}


def test_early_attempts_are_counted_by_their_opening_and_cost_one_unit_in_ten_seconds(clock):
    session = published(opens_at=None)
    opening = published_opening()
    claeys = family(LOU)
    with time_machine.travel(OPENS_AT - timedelta(minutes=1), tick=False):
        clock[0] += 10
        assert claeys.register(session, LOU).status_code == 425
        with spending() as spent:
            assert {claeys.register(session, LOU).status_code for _ in range(30)} == {425}
        assert spent.calls == []
        clock[0] += 10
        claeys.register(session, LOU)

    early = table.between(OPENS_AT - timedelta(minutes=1), OPENS_AT)
    assert sum(sums[f"refused#too-early@{opening.opening_id}"] for sums in early.values()) == 32


def test_whoever_comes_too_late_is_counted_by_the_opening_too():
    session = published(opens_at=None, capacity=1)
    opening = published_opening()
    with time_machine.travel(OPENS_AT + timedelta(hours=1), tick=False):
        assert family(LOU).register(session, LOU).status_code == 201
        second = family(NOOR, email="samira@example.be")
        assert second.register(session, NOOR, waitlist=False).status_code == 409
    assert counting._memory.slots or in_the_table()
    counted = [*counting._memory.slots.values(), *table.day(NOW.date()).values()]
    assert sum(sums[f"refused#sold-out@{opening.opening_id}"] for sums in counted) == 1


def test_what_was_sent_in_the_address_is_no_name_of_a_sum():
    request("GET", "/api/openings/2027-aaaaaa")
    request("GET", "/api/openings/<script>")

    assert in_the_table() == {NOW.replace(second=0): {"answers": 1, "refused#not-found": 1}}
    assert counting._memory.slots == {NOW.replace(second=0): {"answers": 1, "refused#not-found": 1}}


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException"])
def test_a_table_that_refuses_the_sums_fails_no_request_and_gets_them_a_minute_later(clock, code):
    with Failing(refused(code)):
        assert request("GET", "/api/openapi.json").status_code == 200
    clock[0] += 59
    request("GET", "/api/openapi.json")
    assert in_the_table() == {}

    clock[0] += 1
    request("GET", "/api/openapi.json")

    assert in_the_table() == {NOW.replace(second=0): {"answers": 3, "reads": 3}}


@pytest.mark.parametrize("error", NO_ANSWER, ids=lambda error: type(error).__name__)
def test_sums_that_may_have_been_written_are_not_written_again(clock, error):
    with Failing(error):
        assert request("GET", "/api/openapi.json").status_code == 200
    clock[0] += 60
    request("GET", "/api/openapi.json")

    assert in_the_table() == {NOW.replace(second=0): {"answers": 1, "reads": 1}}


def test_in_an_outage_nobody_waits_for_the_sums_too():
    claeys = family(LOU)
    with Failing(refused("ThrottlingException"), again=99) as dynamodb:
        assert claeys.get("/api/registrations").status_code == 503
    assert dynamodb.calls == 1
    assert counting._memory.slots == {NOW.replace(second=0): {"answers": 1, "failed": 1, "refused#busy": 1}}
