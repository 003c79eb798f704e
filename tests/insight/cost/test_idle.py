"""A month in which nobody comes: which resources turn a meter, and which are not known."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import boto3
import pytest

import app
from chalicelib.core.languages import has
from chalicelib.insight.cost import idle
from chalicelib.insight.cost.figures import rounded, total
from chalicelib.insight.cost.prices import PriceMissing, shipped
from chalicelib.mail import delivery
from chalicelib.people.child_info import entering
from chalicelib.people.families import proving
from tests.bench.registration import event, ses_that_accepts
from tests.camps import JEF, LOU, family, published, without_openings
from tests.insight.cost.lists import MAILS, prices

CARE = {
    "contacts": [{"name": "An Claeys", "phone": "+32 470 12 34 56"}, {"name": "Oma Rita", "phone": "09 377 11 22"}],
    "medical": "Notenallergie: de EpiPen zit in het rode zakje.",
    "pick_up": ["Oma Rita", "Bram De Wilde (buurman)"],
}


def walked(kind: str, name: str = "It", **properties: Any) -> idle.Walk:
    return idle.walk({"Resources": {name: {"Type": kind, "Properties": properties}}})


def monthly(kind: str, **properties: Any) -> dict[tuple[str, str], Decimal]:
    return {one.meter: one.quantity for one in walked(kind, **properties).billed}


def function(**events: dict[str, Any]) -> dict[str, Any]:
    return {"MemorySize": 512, "Events": events}


def test_a_queue_that_a_function_waits_at_is_asked_all_month() -> None:
    polled = function(Waiting={"Type": "SQS", "Properties": {"Queue": "q"}})
    found = walked("AWS::Serverless::Function", **polled)
    (one,) = found.billed
    assert (one.names, one.meter, one.quantity) == (("Waiting",), ("sqs", "standard-request"), 657_000)
    assert found.free == {"It": "paid by use"}


def test_two_such_queues_are_one_meter_and_do_not_fit_in_the_free_tier() -> None:
    polled = function(One={"Type": "SQS"}, Two={"Type": "SQS"})
    billed = walked("AWS::Serverless::Function", **polled).billed
    assert [(one.names, one.quantity) for one in billed] == [(("One", "Two"), 1_314_000)]
    assert rounded(total(idle.figures(billed, shipped(), free=True))) == Decimal("0.13")


def test_a_table_is_what_it_holds_and_what_it_is_restored_from() -> None:
    recovery = {"PointInTimeRecoveryEnabled": True}
    assert monthly("AWS::DynamoDB::Table", PointInTimeRecoverySpecification=recovery) == {
        ("dynamodb", "storage"): Decimal("0.0213"),
        ("dynamodb", "pitr"): Decimal("0.0213"),
    }
    assert ("dynamodb", "pitr") not in monthly("AWS::DynamoDB::Table")


def test_what_is_provisioned_is_billed_all_month() -> None:
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 10}
    assert monthly("AWS::DynamoDB::Table", ProvisionedThroughput=units)[("dynamodb", "write-capacity-hour")] == 7_300
    warm = {"ProvisionedConcurrentExecutions": 2}
    found = monthly("AWS::Serverless::Function", MemorySize=512, ProvisionedConcurrencyConfig=warm)
    assert found == {("lambda", "provisioned-concurrency-arm64"): 2 * Decimal("0.5") * 730 * 3600}


def test_an_alarm_is_billed_for_each_metric_that_it_watches() -> None:
    metric = {"MetricStat": {"Stat": "Sum", "Period": 60}}
    sums = {"Expression": "a + b"}
    assert monthly("AWS::CloudWatch::Alarm", MetricName="Age") == {("cloudwatch", "alarm"): 1}
    assert monthly("AWS::CloudWatch::Alarm", Metrics=[metric, metric, sums]) == {("cloudwatch", "alarm"): 2}


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("rate(1 day)", 31),
        ("rate(5 minutes)", 8760),
        ("cron(15 2 * * ? *)", 31),
        ("cron(0 6,18 * * ? *)", 62),
    ],
)
def test_what_runs_by_the_clock_is_counted(schedule: str, runs: int) -> None:
    scheduled = function(Nightly={"Type": "Schedule", "Properties": {"Schedule": schedule}})
    found = monthly("AWS::Serverless::Function", **scheduled)
    assert found[("lambda", "request")] == runs
    assert found[("dynamodb", "write-request-unit")] == runs * 2
    assert ("scheduler", "invocation") not in found
    by_scheduler = function(Nightly={"Type": "ScheduleV2", "Properties": {"ScheduleExpression": schedule}})
    assert ("scheduler", "invocation") in monthly("AWS::Serverless::Function", **by_scheduler)


def test_a_budget_that_only_sends_mail_has_its_line_and_costs_nothing() -> None:
    billed = walked("AWS::Budgets::Budget").billed
    assert total(idle.figures(billed, shipped(), free=False)) == 0


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::EC2::NatGateway", {}),
        ("AWS::Logs::LogGroup", {}),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 731}),
        ("AWS::Serverless::Api", {"CacheClusterEnabled": True}),
        ("AWS::Serverless::Function", {"SnapStart": {"ApplyOn": "PublishedVersions"}}),
        ("AWS::Serverless::Function", function(Stream={"Type": "Kinesis"})),
        (
            "AWS::Serverless::Function",
            function(Odd={"Type": "Schedule", "Properties": {"Schedule": "hourly"}}),
        ),
        ("AWS::CloudWatch::Alarm", {"MetricName": "Age", "Period": 10}),
    ],
)
def test_what_is_not_known_is_no_silent_zero(kind: str, properties: dict[str, Any]) -> None:
    with pytest.raises(idle.TemplateUnknown):
        walked(kind, **properties)


def test_every_unknown_resource_is_named_at_once() -> None:
    odd = {"Type": "AWS::EC2::Instance"}
    with pytest.raises(idle.TemplateUnknown, match="One: AWS::EC2::Instance; Two: AWS::EC2::Instance"):
        idle.walk({"Resources": {"Two": odd, "One": odd}})


def test_a_meter_without_a_price_is_missing_and_not_free() -> None:
    with pytest.raises(PriceMissing, match="cloudwatch, alarm"):
        idle.figures(walked("AWS::CloudWatch::Alarm").billed, prices(MAILS), free=True)


def test_what_is_packaged_reads_as_it_was_written() -> None:
    found = idle.packaged()
    assert idle.written(found) == idle.FILE.read_text(encoding="utf-8")
    assert found.billed


def test_what_is_packaged_is_said_in_the_words_that_the_bill_goes_by() -> None:
    """Which lines are stored for seasons, and which have a line of their own, is told by their words (estimate.py,
    alternatives.py, spent.py): after a rewording, `python -m infra.local.idle` writes the file anew."""
    found = idle.packaged()
    kept = {idle.STORAGE, idle.RECOVERY, idle.LOGS}

    assert {one.what for one in found.billed} == kept | {idle.RUNS, idle.POLLED, idle.ALARMS, idle.BUDGETS}
    assert set(found.free.values()) <= set(idle.FREE.values())
    assert [one.query.text for one in found.billed if not has(one.query.text, "nl")] == []


def test_a_registration_with_all_that_belongs_to_it_is_as_small_as_assumed(table: None) -> None:
    """A family whose two children have a week each: pass, names, what the camp must know of both, and two records that
    are mailed. The assumption behind a season's size."""
    session = published()
    without_openings()
    claeys = family(LOU, JEF, email="annelies.vandenbroucke-claeys@example.be")
    family_id = claeys.pass_.family_id
    proving.naming(claeys.pass_, datetime.now(UTC))
    for child in (LOU, JEF):
        entering.enter(family_id, child.child_id, CARE, datetime.now(UTC))
        answer = app.app(event(claeys.token, session.session_id, [child.child_id], child.child_id), None)
        registration = json.loads(answer["body"])["registration_id"]
        message = {"kind": "confirmed", "id": registration, "session_id": session.session_id}
        record = {"messageId": "1", "receiptHandle": "r", "body": json.dumps(message)}
        with ses_that_accepts() as sent:
            delivery.deliver({"Records": [{**record, "attributes": {"ApproximateReceiveCount": "1"}}]})
        assert len(sent) == 1
    items = boto3.client("dynamodb").scan(TableName="stormloop")["Items"]
    (seats,) = (item for item in items if item["sk"]["S"] == "SEATS")
    # On which days a child is in a camp is gone a month later: an idle month has none of it.
    theirs = [item for item in items if item["pk"]["S"][:2] in ("F#", "C#") and not item["sk"]["S"].startswith("DAYS#")]
    assert len(theirs) == 1 + 1 + 2 + 2 + 2
    each = (sum(map(stored, theirs)) + size(seats["holders"])) / 2
    assert each <= idle.BYTES
    assert idle.REGISTRATIONS * idle.BYTES / Decimal(2**30) <= idle.STORED


def stored(item: dict[str, Any]) -> int:
    """Bytes that DynamoDB bills for an item: 100 of its own, and by its documentation of item sizes."""
    return 100 + sum(len(name.encode()) + size(value) for name, value in item.items())


def size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content.strip("-.")) // 2 + 2
        case "SS" | "NS":
            return sum(size({kind[0]: one}) for one in content)
        case "L":
            return 3 + sum(1 + size(one) for one in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + size(one) for name, one in content.items())
        case "B":
            return len(content)
        case _:
            return 1
