"""Beside what AWS says: answers of the documented shape (written by hand, not recorded), each difference explained, and
each way of not answering said."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.explorer import (
    NO_DATA,
    NO_LINE,
    NOT_ENABLED,
    NOT_METERED,
    NOT_SHOWN,
    REFUSES,
    Billed,
    Unknown,
    ask,
    compared,
)
from chalicelib.insight.cost.figures import exact_sum
from chalicelib.insight.cost.usage import UsageKey
from tests.insight.cost.lists import prices
from tests.insight.cost.test_spent import FRIDAY, of

DOCUMENTED = json.loads(Path(__file__).with_name("documented").joinpath("cost_and_usage.json").read_text())
FIRST, LAST = date(2027, 5, 1), date(2027, 5, 31)


def stubbed() -> tuple[Any, Stubber]:
    client = boto3.client("ce", region_name="us-east-1")
    return client, Stubber(client)


def refused(code: str, message: str) -> Unknown:
    client, stub = stubbed()
    stub.add_client_error("get_cost_and_usage", code, message)
    with stub, pytest.raises(Unknown) as why:
        ask(FIRST, LAST, client)
    return why.value


def test_the_month_is_asked_for_by_our_tag_and_read_page_by_page():
    client, stub = stubbed()
    asked = {
        "TimePeriod": {"Start": "2027-05-01", "End": "2027-06-01"},
        "Granularity": "MONTHLY",
        "Filter": {"Tags": {"Key": "app", "Values": ["stormloop"]}},
        "Metrics": ["UnblendedCost", "UsageQuantity"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "USAGE_TYPE"}],
    }
    first, second = DOCUMENTED
    stub.add_response("get_cost_and_usage", first, asked)
    stub.add_response("get_cost_and_usage", second, {**asked, "NextPageToken": first["NextPageToken"]})

    with stub:
        found = ask(FIRST, LAST, client)

    assert found[0] == Billed("Amazon DynamoDB", "EU-WriteRequestUnits", Decimal("1000000.0"), Decimal("0.705"))
    assert [one.usage_type for one in found] == [
        "EU-WriteRequestUnits",
        "EU-Requests-Tier1",
        "EU-PublicIPv4:IdleAddress",
    ]


def test_not_enabled_is_said():
    assert refused("AccessDeniedException", "User not enabled for cost explorer access").text == NOT_ENABLED


def test_refusing_is_said():
    said = refused("AccessDeniedException", "User: arn:aws:… is not authorized to perform: ce:GetCostAndUsage")
    assert said.text == REFUSES
    assert "ce:GetCostAndUsage" in str(said)


def test_a_month_without_data_is_said():
    assert refused("DataUnavailableException", "Data is unavailable").text == NO_DATA


def test_a_tag_that_is_not_activated_is_said_and_no_zero():
    client, stub = stubbed()
    nothing = {"ResultsByTime": [{"TimePeriod": {"Start": "2027-05-01", "End": "2027-06-01"}, "Groups": []}]}
    stub.add_response("get_cost_and_usage", nothing)
    with stub, pytest.raises(Unknown) as why:
        ask(FIRST, LAST, client)
    assert why.value.text == NO_LINE


def test_no_line_to_aws_is_said():
    class Nobody:
        def get_cost_and_usage(self, **asked: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://ce.us-east-1.amazonaws.com")

    with pytest.raises(Unknown, match="does not answer: EndpointConnectionError"):
        ask(FIRST, LAST, Nobody())


def test_another_currency_is_refused():
    client, stub = stubbed()
    answer = json.loads(json.dumps(DOCUMENTED[1]))
    answer["ResultsByTime"][0]["Groups"][0]["Metrics"]["UnblendedCost"]["Unit"] = "CNY"
    stub.add_response("get_cost_and_usage", answer)
    with stub, pytest.raises(Unknown, match="in CNY"):
        ask(FIRST, LAST, client)


def test_a_usage_type_of_several_services_is_told_by_its_service():
    table, log, bucket = ("dynamodb", "storage"), ("cloudwatch", "logs-store"), ("s3", "storage")
    listed = prices(
        "dynamodb,storage,GB-month,0.283,25,0,2026-09-11,AmazonDynamoDB EU-TimedStorage-ByteHrs,",
        "cloudwatch,logs-store,GB-month,0.03,5,0,2026-09-22,AmazonCloudWatch EU-TimedStorage-ByteHrs,",
        "s3,storage,GB-month,0.023,0,0,2026-09-28,AmazonS3 EU-TimedStorage-ByteHrs,",
    )
    ours = replace(of({UsageKey(FRIDAY, Activity.SYSTEM): {table: Decimal(1), log: Decimal(2)}}), prices=listed)
    theirs = [
        Billed("Amazon DynamoDB", "EU-TimedStorage-ByteHrs", Decimal(1), Decimal("0.283")),
        Billed("AmazonCloudWatch", "EU-TimedStorage-ByteHrs", Decimal(2), Decimal("0.06")),
        Billed("Amazon Simple Storage Service", "EU-TimedStorage-ByteHrs", Decimal(3), Decimal("0.069")),
    ]

    lines = compared(ours, theirs)

    assert {line.meter: line.difference for line in lines} == {table: 0, log: 0, None: Decimal("0.069")}
    assert bucket not in {line.meter for line in lines}  # not used by us: it is a line of theirs alone


def test_each_difference_is_explained_and_adds_up():
    ours = of(
        {
            UsageKey(FRIDAY, Activity.REGISTERING): {usage.WRITE_UNIT: Decimal(900_000), usage.MAIL: Decimal(100)},
            UsageKey(FRIDAY, Activity.SYSTEM): {usage.QUEUE_REQUEST: Decimal(500_000)},
        }
    )
    theirs = [
        Billed("Amazon DynamoDB", "EU-WriteRequestUnits", Decimal(1_000_000), Decimal("0.705")),
        Billed("Amazon Simple Queue Service", "EU-Requests-Tier1", Decimal(500_000), Decimal(0)),
        Billed("Amazon Virtual Private Cloud", "EU-PublicIPv4:IdleAddress", Decimal(744), Decimal("3.72")),
    ]

    lines = {line.what: line for line in compared(ours, theirs)}

    for line in lines.values():
        assert exact_sum(usd for _, _, usd in line.because) == line.difference
    said = {what: [text for text, _, _ in line.because] for what, line in lines.items()}
    assert said["Amazon Virtual Private Cloud, EU-PublicIPv4:IdleAddress"] == [NOT_METERED]
    assert lines["writes to the table"].because[0][2] == Decimal("0.0705")
    assert said["requests to the queue"] == ["within the always-free tier, or a volume tier"]
    assert said["mails"] == [NOT_SHOWN]
    assert exact_sum(line.our_usd for line in lines.values()) == ours.usd
