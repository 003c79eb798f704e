"""The day's count: from the log groups, which moto and a recorded client play, into the table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.insight.cost import gathering, table, usage
from chalicelib.insight.cost.usage import added
from tests.camps import published
from tests.insight.cost.test_lines import SEVEN, invocation, line

FRIDAY = date(2027, 5, 7)
NIGHT = datetime(2027, 5, 8, 3, 20, tzinfo=UTC)


class Logs:
    """`filter_log_events` on lists, with `page` events in a page. `names_next`: as AWS; MiniStack does not."""

    def __init__(self, page: int = 3, names_next: bool = True) -> None:
        self.events: dict[str, list[tuple[int, str]]] = {}
        self.page, self.names_next = page, names_next

    def write(self, function: str, at: datetime, *texts: str) -> None:
        milliseconds = int(at.timestamp() * 1000)
        self.events.setdefault(f"/stormloop/{function}", []).extend((milliseconds, text) for text in texts)

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        written = self.events.get(asked["logGroupName"], ())
        found = [one for one in written if asked["startTime"] <= one[0] <= asked["endTime"]]
        start = int(asked.get("nextToken", 0))
        answer: dict[str, Any] = {
            "events": [{"timestamp": at, "message": text} for at, text in found[start : start + self.page]]
        }
        if self.names_next and start + self.page < len(found):
            answer["nextToken"] = str(start + self.page)
        return answer


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch, table: None) -> Logs:
    found = Logs()
    monkeypatch.setattr(gathering, "_logs", lambda: found)
    monkeypatch.setenv("LOGS", "/stormloop")
    return found


def test_a_function_that_the_city_does_without_has_no_log_and_stops_no_count(logs: Logs, monkeypatch):
    """Given no group of the seal's, as AWS says it."""
    logs.write("mails", SEVEN, *invocation("0b", line("0b", kind="pass", used={"mail": 1})))
    there = logs.filter_log_events

    def without_seal(**asked: Any) -> dict[str, Any]:
        if asked["logGroupName"] == "/stormloop/seal":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "FilterLogEvents")
        return there(**asked)

    monkeypatch.setattr(logs, "filter_log_events", without_seal)

    assert gathering.gather(NIGHT) == [FRIDAY]


def test_a_day_is_counted_from_all_functions_page_by_page(logs: Logs):
    logs.write("api", SEVEN, *invocation("0a", line("0a", route="/programme", method="GET", used={"read": 1.5})))
    logs.write("mails", SEVEN, *invocation("0b", line("0b", kind="pass", used={"mail": 1})))

    assert gathering.gather(NIGHT) == [FRIDAY]

    total = added(table.used(FRIDAY, FRIDAY).values())
    assert total[usage.MAIL] == 1
    assert total[usage.READ_UNIT] == Decimal("1.5")
    assert total[usage.LAMBDA_REQUEST] == 2
    assert table.gathered_until() == NIGHT


def test_counting_again_changes_nothing(logs: Logs):
    logs.write("api", SEVEN, *invocation("0a", line("0a", route="/programme", method="GET")))
    gathering.gather(NIGHT)
    before = table.used(FRIDAY, FRIDAY)

    gathering.gather(NIGHT)

    assert table.used(FRIDAY, FRIDAY) == before


def test_a_day_that_was_counted_before_it_was_over_is_counted_anew(logs: Logs):
    logs.write("api", SEVEN, *invocation("0a", line("0a", route="/programme", method="GET")))
    gathering.gather(SEVEN + timedelta(hours=1))
    logs.write("api", SEVEN + timedelta(hours=2), *invocation("0b", line("0b", route="/programme", method="GET")))

    gathering.gather(NIGHT)

    assert added(table.used(FRIDAY, FRIDAY).values())[usage.API_REQUEST] == 2


def test_nights_that_were_missed_are_made_up_for(logs: Logs):
    logs.write("api", SEVEN, *invocation("0a", line("0a", route="/programme", method="GET")))
    gathering.gather(NIGHT)
    later = SEVEN + timedelta(days=2)
    logs.write("api", later, *invocation("0b", line("0b", route="/programme", method="GET")))

    assert gathering.gather(NIGHT + timedelta(days=4)) == [later.date()]


def test_where_no_next_page_is_named_the_time_is_halved(logs: Logs, monkeypatch: pytest.MonkeyPatch):
    logs.page, logs.names_next = 4, False
    monkeypatch.setattr(gathering, "MOST_EVENTS", 4)
    for minute in range(5):
        at = SEVEN + timedelta(minutes=minute)
        logs.write("api", at, *invocation(f"0{minute}", line(f"0{minute}", route="/programme", method="GET"))[1:])

    gathering.gather(NIGHT)

    assert added(table.used(FRIDAY, FRIDAY).values())[usage.API_REQUEST] == 5


@pytest.mark.usefixtures("table")
def test_whose_a_session_is_comes_from_the_programme():
    session = published()

    assert table.places()[session.session_id].municipality == session.municipality


def test_aws_pages_its_events_as_we_read_them(monkeypatch: pytest.MonkeyPatch, table: None):
    """moto's own log groups, so that names and shapes are botocore's."""
    client = boto3.client("logs", region_name="eu-west-1")
    now = datetime.now(UTC).replace(microsecond=0)
    client.create_log_group(logGroupName="/stormloop/api")
    client.create_log_stream(logGroupName="/stormloop/api", logStreamName="one")
    stamped = [{"timestamp": int(now.timestamp() * 1000), "message": text} for text in invocation("0a")]
    client.put_log_events(logGroupName="/stormloop/api", logStreamName="one", logEvents=stamped)
    monkeypatch.setattr(gathering, "_logs", lambda: client)
    monkeypatch.setenv("LOGS", "/stormloop")

    found = list(gathering.events("api", now - timedelta(minutes=1), now + timedelta(minutes=1)))

    assert [event.text for event in found] == invocation("0a")
