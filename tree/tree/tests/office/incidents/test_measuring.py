"""From CloudWatch's minutes to one outage in the log, and what the log says when CloudWatch has none."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.office.incidents import measuring
from chalicelib.office.incidents.measuring import measured
from chalicelib.office.incidents.outages import BRIDGED, Minute, outage

SEVEN = datetime(2027, 5, 7, 17, tzinfo=UTC)


def minutes(*counts: tuple[int, int, int]) -> list[Minute]:
    """Minute after seven, requests, failed."""
    return [Minute(SEVEN + timedelta(minutes=at), requests, failed) for at, requests, failed in counts]


def stretch(*counts: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """Start and end in minutes after seven, failed, requests."""
    found = outage(minutes(*counts))
    if found is None:
        return None
    start, end = ((moment - SEVEN) // timedelta(minutes=1) for moment in (found.start, found.end))
    return start, end, found.failed, found.requests


# The rule.


def test_an_outage_is_from_the_first_to_the_last_minute_in_which_many_failed():
    assert stretch((0, 900, 0), (4, 1000, 300), (5, 1000, 900), (6, 800, 1)) == (4, 6, 1200, 2000)


@pytest.mark.parametrize(
    ("requests", "failed", "is_one"), [(500, 5, True), (501, 5, False), (10, 4, False), (5, 5, True)]
)
def test_one_in_a_hundred_and_five_at_least(requests, failed, is_one):
    assert (stretch((0, requests, failed)) is not None) is is_one


def test_a_gap_of_five_minutes_is_part_of_it():
    assert stretch((0, 100, 50), (3, 100, 0), (6, 100, 50)) == (0, 7, 100, 300)


def test_a_longer_gap_ends_it_and_the_one_with_more_failures_counts():
    assert stretch((0, 100, 50), (7, 100, 90)) == (7, 8, 90, 100)


def test_minutes_without_requests_say_nothing():
    assert stretch() is None
    assert stretch((0, 100, 50), (4, 100, 50)) == (0, 5, 100, 200)


COUNTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 2000)).flatmap(
        lambda one: st.tuples(st.just(one[0]), st.just(one[1]), st.integers(0, one[1]))
    ),
    unique_by=lambda one: one[0],
)


@given(COUNTS)
def test_an_outage_begins_and_ends_with_a_bad_minute_and_has_no_longer_gap(counts):
    found = outage(minutes(*counts))
    bad = sorted(minute.at for minute in minutes(*counts) if minute.is_bad)
    if found is None:
        assert not bad
        return
    within = [at for at in bad if found.start <= at < found.end]
    assert (within[0], within[-1] + timedelta(minutes=1)) == (found.start, found.end)
    assert all(later - earlier <= BRIDGED + timedelta(minutes=1) for earlier, later in pairwise(within))


# From CloudWatch.


@pytest.fixture
def cloudwatch(table, monkeypatch):
    monkeypatch.setenv("API_NAME", "stormloop")
    measuring._cloudwatch.cache_clear()
    yield boto3.client("cloudwatch")
    measuring._cloudwatch.cache_clear()


def count(client, metric: str, at: datetime, value: int, api: str = "stormloop", by: str = "ApiName") -> None:
    client.put_metric_data(
        Namespace="AWS/ApiGateway",
        MetricData=[
            {
                "MetricName": metric,
                "Dimensions": [{"Name": by, "Value": api}],
                "Timestamp": at,
                "Value": value,
            }
        ],
    )


def test_the_log_has_what_api_gateway_counted(cloudwatch):
    for minute in range(10):
        at = SEVEN + timedelta(minutes=minute)
        count(cloudwatch, "Count", at, 1000)
        count(cloudwatch, "5XXError", at, 400 if 4 <= minute < 8 else 0)
        count(cloudwatch, "Count", at, 77, api="another")
    assert measured(SEVEN, SEVEN + timedelta(minutes=10)) == {
        "measured": True,
        "start": "2027-05-07T17:04:00+00:00",
        "end": "2027-05-07T17:08:00+00:00",
        "failed": 1600,
        "requests": 4000,
    }


def test_who_came_by_the_door_for_people_is_added(cloudwatch):
    for minute in range(10):
        at = SEVEN + timedelta(minutes=minute)
        count(cloudwatch, "Count", at, 100)
        count(cloudwatch, "Count", at, 900, "k3x9mz71ab", "ApiId")
        count(cloudwatch, "5xx", at, 400 if 4 <= minute < 8 else 0, "k3x9mz71ab", "ApiId")
    found = measured(SEVEN, SEVEN + timedelta(minutes=10))
    assert (found["failed"], found["requests"]) == (1600, 4000)


def test_where_nothing_failed_the_log_says_so_with_the_count(cloudwatch):
    count(cloudwatch, "Count", SEVEN, 1000)
    assert measured(SEVEN, SEVEN + timedelta(minutes=10)) == {
        "measured": True,
        "start": None,
        "end": None,
        "failed": 0,
        "requests": 1000,
    }


def test_without_figures_the_log_says_that_it_was_not_measured(cloudwatch):
    found = measured(SEVEN, SEVEN + timedelta(minutes=10))
    assert found == {"measured": False, "reason": "CloudWatch has no figures for this time."}


class Broken:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_metric_data(self, **asked: object) -> None:
        raise self.error


DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetMetricData")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(DENIED, "CloudWatch: AccessDenied"), (ReadTimeoutError(endpoint_url="x"), "CloudWatch: ReadTimeoutError")],
)
def test_a_refusal_is_named_and_never_a_zero(monkeypatch, error, reason):
    monkeypatch.setenv("API_NAME", "stormloop")
    monkeypatch.setattr(measuring, "_cloudwatch", lambda: Broken(error))
    assert measured(SEVEN, SEVEN + timedelta(minutes=10)) == {"measured": False, "reason": reason}


class Paged:
    """CloudWatch that answers a page at a time, the second without leave."""

    def __init__(self, *answers: dict) -> None:
        self.answers = list(answers)

    def get_metric_data(self, **asked: object) -> dict:
        assert ("NextToken" in asked) == (len(self.answers) == 1)
        return self.answers.pop(0)


def result(name: str, *counts: int, status: str = "Complete", begin: int = 0) -> dict:
    times = [SEVEN + timedelta(minutes=begin + number) for number in range(len(counts))]
    return {"Id": name, "Timestamps": times, "Values": [float(one) for one in counts], "StatusCode": status}


def test_every_page_is_read(monkeypatch):
    monkeypatch.setenv("API_NAME", "stormloop")
    first = {"MetricDataResults": [result("requests", 100), result("failed", 100)], "NextToken": "more"}
    second = {"MetricDataResults": [result("requests", 100, begin=1), result("failed", 100, begin=1)]}
    paged = Paged(first, second)
    monkeypatch.setattr(measuring, "_cloudwatch", lambda: paged)
    assert measured(SEVEN, SEVEN + timedelta(minutes=10))["failed"] == 200


def test_metrics_that_cloudwatch_keeps_to_itself_are_not_taken_for_none(monkeypatch):
    monkeypatch.setenv("API_NAME", "stormloop")
    forbidden = Paged({"MetricDataResults": [result("requests", 5), result("failed", status="Forbidden")]}, {})
    monkeypatch.setattr(measuring, "_cloudwatch", lambda: forbidden)
    found = measured(SEVEN, SEVEN + timedelta(minutes=10))
    assert found == {"measured": False, "reason": "CloudWatch: Forbidden"}
