"""What was used since the last night's count, read from the logs when finance asks, and written nowhere."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import gathering, so_far, table, usage
from chalicelib.insight.cost.usage import Usage, added
from tests.camps import published
from tests.insight.cost.test_gathering import FRIDAY, NIGHT, Logs
from tests.insight.cost.test_lines import SEVEN, invocation, line

NOON = datetime(2027, 5, 8, 12, tzinfo=UTC)
SATURDAY = NOON.date()
WEEK = FRIDAY - timedelta(days=6), FRIDAY + timedelta(days=6)


class CountedCalls(Logs):
    """`calls`: how often it was asked. `seconds`: what each answer takes."""

    def __init__(self, clock: "Clock") -> None:
        super().__init__(page=4)
        self.clock, self.calls, self.seconds = clock, 0, 0.0
        self.refuses = False

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        self.calls += 1
        self.clock.now += self.seconds
        if self.refuses:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "FilterLogEvents")
        return super().filter_log_events(**asked)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(so_far, "monotonic", found)
    return found


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch, table: None, clock: Clock) -> CountedCalls:
    found = CountedCalls(clock)
    for module in (gathering, so_far):
        monkeypatch.setattr(module, "_logs", lambda: found)
    return found


def looked_at(logs: Logs, at: datetime, request_id: str) -> None:
    """Given that somebody looked at the programme then."""
    logs.write("api", at, *invocation(request_id, line(request_id, route="/programme", method="GET")))


def used(now: datetime) -> tuple[Usage, dict[date, datetime]]:
    found, counted = so_far.used_and_counted(*WEEK, now)
    return added(found.values()), counted


def test_before_the_first_night_today_is_counted_when_it_is_asked_for(logs: CountedCalls) -> None:
    looked_at(logs, SEVEN, "0a")

    found, counted = used(SEVEN + timedelta(hours=1))

    assert found[usage.API_REQUEST] == 1
    assert counted == {FRIDAY: SEVEN + timedelta(hours=1) - so_far.SETTLED}
    assert table.gathered_until() is None


def test_counted_nights_stay_and_what_came_since_is_added(logs: CountedCalls) -> None:
    looked_at(logs, SEVEN, "0a")
    gathering.gather(NIGHT)
    looked_at(logs, NOON - timedelta(hours=1), "0b")

    found, counted = used(NOON)

    assert found[usage.API_REQUEST] == 2
    assert counted[FRIDAY] == NIGHT
    assert counted[SATURDAY] == NOON - so_far.SETTLED


def test_the_count_of_a_night_that_was_missed_is_made_up_for(logs: CountedCalls) -> None:
    looked_at(logs, SEVEN - timedelta(days=2), "0a")
    gathering.gather(NIGHT - timedelta(days=2))
    looked_at(logs, SEVEN, "0b")

    found, counted = used(NOON)

    assert found[usage.API_REQUEST] == 2
    assert set(counted) == {FRIDAY - timedelta(days=2), FRIDAY - timedelta(days=1), FRIDAY, SATURDAY}


def test_it_is_what_the_night_will_count(logs: CountedCalls) -> None:
    published()
    midnight = datetime(2027, 5, 8, tzinfo=UTC)
    for number, at in enumerate((SEVEN, midnight - timedelta(seconds=1), midnight, midnight + timedelta(minutes=5))):
        looked_at(logs, at, f"0{number}")
    found, _ = so_far.used_and_counted(*WEEK, NOON)

    gathering.gather(NOON)

    assert found == table.used(*WEEK)


def test_looking_again_reads_only_what_is_new(logs: CountedCalls, clock: Clock) -> None:
    looked_at(logs, SEVEN, "0a")
    used(SEVEN + timedelta(hours=1))
    asked = logs.calls

    assert used(SEVEN + timedelta(hours=1))[0][usage.API_REQUEST] == 1
    assert logs.calls == asked

    clock.now += so_far.SECONDS_REMEMBERED
    looked_at(logs, SEVEN + timedelta(hours=1, seconds=5), "0b")
    found, _ = used(SEVEN + timedelta(hours=2))

    assert found[usage.API_REQUEST] == 2
    assert logs.calls == asked + len(gathering.GROUPS)


def test_a_day_too_long_for_one_page_is_read_on_at_the_next(logs: CountedCalls, clock: Clock) -> None:
    for number in range(8):
        looked_at(logs, SEVEN + timedelta(minutes=number), f"0{number}")
    logs.seconds = so_far.SECONDS_TO_READ / len(gathering.GROUPS)
    now = SEVEN + timedelta(hours=1)

    found, counted = used(now)
    assert 0 < found[usage.API_REQUEST] < 8
    assert SEVEN < counted[FRIDAY] < now - so_far.SETTLED

    logs.seconds = 0.0
    found, counted = used(now)
    assert found[usage.API_REQUEST] == 8
    assert found[usage.LAMBDA_REQUEST] == 8
    assert counted[FRIDAY] == now - so_far.SETTLED


def test_reading_ends_in_time_also_where_each_answer_is_slow(logs: CountedCalls, clock: Clock) -> None:
    looked_at(logs, SEVEN, "0a")
    logs.seconds = 3.0

    began = clock.now
    found, counted = used(SEVEN + timedelta(hours=1))

    assert clock.now - began <= so_far.SECONDS_TO_READ + 3.0
    assert (found, counted) == ({}, {})


def test_logs_that_cannot_be_read_leave_what_the_nights_counted(logs: CountedCalls) -> None:
    looked_at(logs, SEVEN, "0a")
    gathering.gather(NIGHT)
    logs.refuses = True

    found, counted = used(NOON)

    assert found[usage.API_REQUEST] == 1
    assert counted[FRIDAY] == NIGHT


def test_a_month_that_is_counted_to_its_end_asks_for_no_log(logs: CountedCalls) -> None:
    for number in range(3):
        looked_at(logs, SEVEN + timedelta(days=number), f"0{number}")
    gathering.gather(NIGHT + timedelta(days=2))
    asked = logs.calls

    found, _ = so_far.used_and_counted(FRIDAY, FRIDAY + timedelta(days=1), NOON + timedelta(days=3))

    assert added(found.values())[usage.API_REQUEST] == 2
    assert logs.calls == asked


def test_a_session_that_was_published_meanwhile_is_its_municipalitys(logs: CountedCalls) -> None:
    looked_at(logs, SEVEN, "0a")
    used(SEVEN + timedelta(hours=1))
    session = published()
    text = line("0b", route="/api/registrations", method="POST", sessions=[session.session_id], used={"write": 2})
    logs.write("api", SEVEN + timedelta(minutes=1), *invocation("0b", text))

    found, _ = so_far.used_and_counted(*WEEK, SEVEN + timedelta(hours=1))

    whose = {key.municipality: each for key, each in found.items() if key.activity is Activity.REGISTERING}
    assert whose[session.municipality][usage.WRITE_UNIT] == Decimal(2)
