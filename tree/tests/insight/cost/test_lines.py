"""What was used, from the log of an evening: everything once, whatever is missing."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.lines import OVERHEAD, Counting, Event, SessionOwner
from chalicelib.insight.cost.usage import UsageKey, added

FRIDAY = date(2027, 5, 7)
SEVEN = datetime(2027, 5, 7, 17, tzinfo=UTC)
MIDNIGHT = datetime(2027, 5, 8, tzinfo=UTC)
PLACES = {
    "bouwkamp": SessionOwner("Kaprijke", "2027-k7m2xq"),
    "sportkamp": SessionOwner("Eeklo", "2027-k7m2xq"),
    "kookkamp": SessionOwner("Eeklo", None),
}


def line(request_id: str, **said: Any) -> str:
    return json.dumps({"level": "INFO", "message": "answered", "request_id": request_id, **said})


def report(request_id: str, milliseconds: int = 80, megabytes: int = 512) -> str:
    return (
        f"REPORT RequestId: {request_id}\tDuration: 79.5 ms\tBilled Duration: {milliseconds} ms\t"
        f"Memory Size: {megabytes} MB\tMax Memory Used: 90 MB\t"
    )


def invocation(request_id: str, *lines: str, milliseconds: int = 80) -> list[str]:
    start = f"START RequestId: {request_id} Version: $LATEST"
    return [start, *lines, f"END RequestId: {request_id}", report(request_id, milliseconds)]


def counted(*texts: str, function: str = "api", at: datetime = SEVEN) -> dict[UsageKey, dict[Any, Decimal]]:
    counting = Counting(FRIDAY, PLACES)
    for text in texts:
        counting.take(Event(function, at, text))
    return counting.used()


REGISTERING = line(
    "0a",
    route="/api/registrations",
    method="POST",
    used={"write": 2, "sent": 400},
    sessions=["bouwkamp"],
    registered={"bouwkamp": 1},
)


def test_a_registration_is_its_municipalitys_and_its_openings():
    texts = invocation("0a", REGISTERING)

    used = counted(*texts)

    log = sum(len(text) + OVERHEAD for text in texts)
    assert used == {
        UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke"): {
            usage.API_REQUEST: 1,
            usage.LAMBDA_REQUEST: 1,
            usage.LAMBDA_DURATION: Decimal("0.04"),
            usage.WRITE_UNIT: 2,
            usage.SENT: Decimal("0.0000004"),
            usage.LOG: Decimal(log) / 1_000_000_000,
            usage.REGISTRATION: 1,
        }
    }


def test_two_mails_of_one_invocation_share_its_duration_and_its_requests():
    texts = invocation(
        "0b",
        line("0b", kind="confirmed", used={"mail": 1, "write": 1, "read": 3}, sessions=["bouwkamp"]),
        line("0b", kind="advance", used={"timer": 1}, sessions=["kookkamp"]),
        milliseconds=1000,
    )

    used = counted(*texts, function="mails")

    mail = used[UsageKey(FRIDAY, Activity.MAILS, "2027-k7m2xq", "Kaprijke")]
    advance = used[UsageKey(FRIDAY, Activity.OFFERS, None, "Eeklo")]
    assert mail[usage.MAIL] == 1
    assert advance[usage.TIMER] == 1
    assert mail[usage.LAMBDA_DURATION] == advance[usage.LAMBDA_DURATION] == Decimal("0.25")
    assert mail[usage.QUEUE_REQUEST] + advance[usage.QUEUE_REQUEST] == 2


def test_what_two_municipalities_were_asked_for_at_once_is_shared():
    used = counted(
        *invocation(
            "0c",
            line(
                "0c",
                route="/opening/{opening_id}",
                method="POST",
                used={"write": 4},
                sessions=["bouwkamp", "sportkamp"],
                registered={"sportkamp": 1},
            ),
        )
    )

    assert used[UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke")][usage.WRITE_UNIT] == 2
    assert used[UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Eeklo")][usage.WRITE_UNIT] == 2
    assert usage.REGISTRATION not in used[UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke")]


def test_a_page_of_an_opening_of_two_municipalities_is_the_openings_alone():
    used = counted(
        *invocation("0d", line("0d", route="/openings/{opening_id}", method="GET", opening_id="2027-k7m2xq"))
    )

    assert list(used) == [UsageKey(FRIDAY, Activity.LOOKING, "2027-k7m2xq", None)]


def test_the_two_doors_have_two_prices():
    page = line("0f1", route="/programme", method="GET", door="http")
    by_people = counted(*invocation("0f1", page))[UsageKey(FRIDAY, Activity.LOOKING)]
    by_a_program = counted(*invocation("0f2", line("0f2", route="/api/sessions", method="GET")))[
        UsageKey(FRIDAY, Activity.LOOKING)
    ]

    assert (by_people[usage.PAGES_REQUEST], usage.API_REQUEST in by_people) == (1, False)
    assert (by_a_program[usage.API_REQUEST], usage.PAGES_REQUEST in by_a_program) == (1, False)


def test_an_id_that_nobody_knows_is_nobodys():
    used = counted(*invocation("0e", line("0e", route="/sessions/{session_id}", method="GET", sessions=["gone"])))

    assert list(used) == [UsageKey(FRIDAY, Activity.LOOKING)]


def test_an_invocation_that_crashed_before_its_line_has_its_duration_and_its_request():
    used = counted(*invocation("0f"))

    assert used[UsageKey(FRIDAY, Activity.SYSTEM)][usage.API_REQUEST] == 1
    assert used[UsageKey(FRIDAY, Activity.SYSTEM)][usage.LAMBDA_DURATION] == Decimal("0.04")


def test_a_warning_costs_its_bytes():
    warning = json.dumps({"level": "WARNING", "message": "clock_skew", "seconds": 5.1})

    assert counted(warning) == {
        UsageKey(FRIDAY, Activity.SYSTEM): {usage.LOG: Decimal(len(warning) + 26) / 1_000_000_000}
    }


def test_an_invocation_over_midnight_belongs_to_the_day_of_its_report():
    counting = Counting(FRIDAY, PLACES)
    counting.take(Event("api", MIDNIGHT - timedelta(milliseconds=5), REGISTERING))
    counting.take(Event("api", MIDNIGHT + timedelta(milliseconds=5), report("0a")))
    next_day = Counting(date(2027, 5, 8), PLACES)
    next_day.take(Event("api", MIDNIGHT - timedelta(milliseconds=5), REGISTERING))
    next_day.take(Event("api", MIDNIGHT + timedelta(milliseconds=5), report("0a")))

    assert counting.used() == {}
    assert added(next_day.used().values())[usage.WRITE_UNIT] == 2


def test_what_is_over_is_forgotten_so_that_a_rush_fits():
    counting = Counting(FRIDAY, PLACES)
    for number in range(1000):
        at = SEVEN + timedelta(seconds=number)
        for text in invocation(f"{number:04x}", line(f"{number:04x}", route="/programme", method="GET")):
            counting.take(Event("api", at, text))

    assert len(counting._open) < 100
    assert added(counting.used().values())[usage.API_REQUEST] == 1000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["/programme", "/api/registrations", "/swimming"]),
            st.lists(st.sampled_from([*PLACES, "gone"]), max_size=3, unique=True),
            st.integers(min_value=0, max_value=9),
            st.integers(min_value=1, max_value=10_000),
        ),
        max_size=8,
    )
)
def test_the_sum_over_all_keys_is_what_was_used(invocations: list[tuple[str, list[str], int, int]]):
    texts = [
        text
        for number, (route, sessions, writes, milliseconds) in enumerate(invocations)
        for text in invocation(
            f"{number:02x}",
            line(f"{number:02x}", route=route, method="POST", used={"write": writes}, sessions=sessions),
            milliseconds=milliseconds,
        )
    ]

    total = added(counted(*texts).values())

    assert total.get(usage.WRITE_UNIT, 0) == sum(writes for _, _, writes, _ in invocations)
    assert total.get(usage.LAMBDA_DURATION, 0) == sum(Decimal(ms) / 2000 for _, _, _, ms in invocations)
    assert total.get(usage.LOG, 0) == Decimal(sum(len(text.encode()) + OVERHEAD for text in texts)) / 1_000_000_000


@pytest.mark.parametrize("text", ["", "{", "no line of ours", '["level"]', "START of something else"])
def test_whatever_else_is_written_there_costs_its_bytes_and_no_more(text: str):
    assert counted(text) == {UsageKey(FRIDAY, Activity.SYSTEM): {usage.LOG: Decimal(len(text) + 26) / 1_000_000_000}}
