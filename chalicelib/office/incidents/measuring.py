"""How an outage was, by our own metrics: what API Gateway counted, minute by minute.

AWS keeps minutes for 15 days, and shows one a minute or two after it is over: an outage that is still going on when it
is measured ends, in the log, with the last minute that was counted. There are two doors, and both are added up. A
measurement costs four metrics, $0.00004.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import metering, settings
from chalicelib.core.observability import log
from chalicelib.office.incidents.outages import MINUTE, Minute, outage

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

# Before the incident: whoever reports it has been on the telephone first.
LOOKED_BACK = timedelta(hours=3)
# What a REST API and an HTTP API call the same.
OF_PROGRAMS, OF_PEOPLE = ("ApiName", settings.api_name), ("ApiId", settings.pages_id)
METRICS = {
    "requests": ("Count", *OF_PROGRAMS),
    "failed": ("5XXError", *OF_PROGRAMS),
    "requests_of_people": ("Count", *OF_PEOPLE),
    "failed_of_people": ("5xx", *OF_PEOPLE),
}


@dataclass(frozen=True)
class _NotMeasured(Exception):
    reason: str


def measured(since: datetime, until: datetime) -> dict[str, Any]:
    """The log's figures of the stretch from three hours before `since` until `until`.

    `{"measured": true, "start", "end", "failed", "requests"}`, the moments null where no outage was; or
    `{"measured": false, "reason"}` when CloudWatch has nothing, or does not answer. Never raises for that.
    """
    try:
        minutes = _minutes(since - LOOKED_BACK, until)
    except _NotMeasured as problem:
        return {"measured": False, "reason": problem.reason}
    found = outage(minutes)
    if found is None:
        return {
            "measured": True,
            "start": None,
            "end": None,
            "failed": sum(minute.failed for minute in minutes),
            "requests": sum(minute.requests for minute in minutes),
        }
    return {
        "measured": True,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "failed": found.failed,
        "requests": found.requests,
    }


def _minutes(since: datetime, until: datetime) -> list[Minute]:
    """Every minute in which a request came; raises _NotMeasured."""
    counted: dict[str, Counter[datetime]] = {"requests": Counter(), "failed": Counter()}
    more: dict[str, Any] = {}
    try:
        while True:
            answer: Mapping[str, Any] = _cloudwatch().get_metric_data(
                MetricDataQueries=[_query(name, *metric) for name, metric in METRICS.items()],
                StartTime=since.replace(second=0, microsecond=0),
                EndTime=until,
                ScanBy="TimestampAscending",
                **more,
            )
            for result in answer["MetricDataResults"]:
                if result.get("StatusCode") in ("Forbidden", "InternalError"):
                    raise _NotMeasured(f"CloudWatch: {result['StatusCode']}")
                for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                    counted[result["Id"].removesuffix("_of_people")][moment] += round(value)
            if not answer.get("NextToken"):
                break
            more = {"NextToken": answer["NextToken"]}
    except ClientError as error:
        code = error.response["Error"]["Code"]
        log.warning("not_measured", error=code)
        raise _NotMeasured(f"CloudWatch: {code}") from None
    except BotoCoreError as error:
        log.warning("not_measured", error=type(error).__name__)
        raise _NotMeasured(f"CloudWatch: {type(error).__name__}") from None
    if not counted["requests"]:
        raise _NotMeasured("CloudWatch has no figures for this time.")
    return [Minute(at, counted["requests"][at], counted["failed"][at]) for at in sorted(counted["requests"])]


def _query(name: str, metric: str, dimension: str, value: Callable[[], str]) -> Any:
    dimensions: Sequence[Mapping[str, str]] = [{"Name": dimension, "Value": value()}]
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {"Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": dimensions},
            "Period": int(MINUTE.total_seconds()),
            "Stat": "Sum",
        },
    }


@lru_cache
def _cloudwatch() -> "CloudWatchClient":
    # Staff wait for the answer, and in an outage CloudWatch may not answer either.
    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
    client: CloudWatchClient = metering.watch(boto3.client("cloudwatch", config=config))
    return client
