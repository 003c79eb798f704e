"""The bill of a month in which nobody comes: the packaged template, walked resource by resource. Plain rules.

Each resource of the template either turns a meter (`Idle`) or is free for a reason that is said. One that is not known
is `TemplateUnknown`: what it costs has to be found out first. The walk's result travels in the package as idle.json,
because a deployed page has no template to walk; `python -m infra.local.idle` writes it anew.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from chalicelib.core.languages import N_
from chalicelib.insight.cost.figures import HOURS_IN_A_MONTH, CostFigure, HowCounted, figure, how
from chalicelib.insight.cost.prices import Meter, PriceList

FILE = Path(__file__).with_name("idle.json")

# Lambda waits at a queue with up to five pollers, each of which asks again after twenty seconds.
POLLERS = 5
POLLS_AN_HOUR = 180
# The data of one season in the table: registrations with all that belongs to them (tests/insight/cost/test_idle.py
# measures some), and their sum in GB as AWS counts them, rounded up.
REGISTRATIONS = 20_000
BYTES = 1140
STORED = Decimal("0.0213")
# Of 20,000 families who each look twenty times, and those by which staff see somebody in a year; the log of both in GB,
# at half a KB and counted double.
REQUESTS = 400_000
BY_STAFF = 40_000
LOGGED = Decimal("0.44")
# Of a scheduled function that finds nothing to do. The night's count writes its one item; the morning's reminders read
# the openings and the programme, and write nothing (tests/mail/test_reminding.py).
RUN_SECONDS = Decimal(3)
RUN_READS = Decimal(20)
RUN_WRITES = Decimal(2)

POLLED = N_("Lambda asks the queue for messages")
ALARMS = N_("alarms")
STORAGE = N_("data in the table")
RECOVERY = N_("backups of the table, kept for 35 days")
LOGS = N_("logs, kept for 30 days; who saw what, for a year")
BUDGETS = N_("a budget that sends mail")
RUNS = N_("scheduled runs without work")
METRICS = N_("metrics of our own")
PROVISIONED = N_("functions that are kept warm")
CAPACITY = N_("capacity of the table, used or not")
KEPT_WARM = N_("{number} x {memory} GB x {hours} hours")
RUNS_A_MONTH = N_("{runs} runs a month")

# Why a kind of resource costs nothing while nobody comes.
FREE = {
    "AWS::Cognito::UserPool": N_("paid for each person who signs in"),
    "AWS::Cognito::UserPoolClient": N_("part of the user pool"),
    "AWS::Cognito::UserPoolDomain": N_("part of the user pool"),
    "AWS::Cognito::UserPoolGroup": N_("part of the user pool"),
    "AWS::ApiGatewayV2::Api": N_("paid by request; there is no cache"),
    "AWS::ApiGatewayV2::Integration": N_("part of its API"),
    "AWS::ApiGatewayV2::Route": N_("part of its API"),
    "AWS::ApiGatewayV2::Stage": N_("part of its API"),
    "AWS::Events::Rule": N_("paid by event of others; those of AWS's own services are free"),
    "AWS::IAM::Role": N_("permissions are free"),
    "AWS::Lambda::Permission": N_("permissions are free"),
    "AWS::S3::Bucket": N_("paid by request, and by what is in it: empty while nobody comes"),
    "AWS::S3::BucketPolicy": N_("permissions are free"),
    "AWS::SES::ConfigurationSet": N_("paid by mail"),
    "AWS::SES::ConfigurationSetEventDestination": N_("paid by mail"),
    "AWS::SES::ReceiptRule": N_("paid by mail"),
    "AWS::SES::ReceiptRuleSet": N_("paid by mail"),
    "AWS::SNS::Topic": N_("paid by message"),
    "AWS::SQS::Queue": N_("paid by request; those who send requests are listed separately"),
    "AWS::SQS::QueuePolicy": N_("permissions are free"),
    "AWS::Serverless::Api": N_("paid by request; there is no cache"),
    "AWS::Serverless::Function": N_("paid by use"),
    "event source DynamoDB": N_("Lambda's reads of a table's stream are not billed"),
}
# Properties that would make a known kind of resource cost money in a way that is not worked out here.
COSTLY = frozenset({"CacheClusterEnabled", "WarmThroughput", "SnapStart", "UserPoolAddOns", "GlobalSecondaryIndexes"})


@dataclass(frozen=True)
class Idle:
    """A meter that turns by itself. `names`: of the resources that turn it, as the template calls them. `quantity`: of
    a month. `query`: how that comes about."""

    names: tuple[str, ...]
    what: str
    meter: Meter
    quantity: Decimal
    query: HowCounted


@dataclass(frozen=True)
class Walk:
    """`free`: by name, why a resource costs nothing."""

    billed: tuple[Idle, ...]
    free: Mapping[str, str]


class TemplateUnknown(Exception):
    """Resources of which nobody has said what they cost while idle, each with what is unknown."""

    def __init__(self, unknown: Mapping[str, str]) -> None:
        self.unknown = dict(unknown)
        super().__init__("; ".join(f"{name}: {what}" for name, what in sorted(unknown.items())))


class _Unknown(Exception):
    """Of one resource."""


Properties = Mapping[str, Any]


def walk(template: Mapping[str, Any]) -> Walk:
    """Every resource of a SAM template, conditional ones too. Raises TemplateUnknown."""
    billed: list[Idle] = []
    free: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for name, kind, properties in _resources(template):
        try:
            found = list(_billed(name, kind, properties))
        except _Unknown as reason:
            unknown[name] = str(reason)
            continue
        billed += found
        if not found and kind in FREE:
            free[name] = FREE[kind]
    if unknown:
        raise TemplateUnknown(unknown)
    return Walk(tuple(_together(billed)), free)


def figures(billed: Iterable[Idle], prices: PriceList, *, free: bool) -> list[CostFigure]:
    """A month of it, inside the always-free tier or at full price. Raises PriceMissing."""
    return [figure(one.what, one.meter, one.quantity, prices, one.query, free=free) for one in billed]


def packaged() -> Walk:
    """The walk of the template that this code was packaged with."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return Walk(
        tuple(
            Idle(
                tuple(one["names"]),
                one["what"],
                (one["service"], one["item"]),
                Decimal(one["a_month"]),
                how(one["query"]["text"], **{name: Decimal(value) for name, value in one["query"]["values"].items()}),
            )
            for one in content["billed"]
        ),
        content["free"],
    )


def written(found: Walk) -> str:
    """The file that `packaged` reads."""
    billed = [
        {
            "names": one.names,
            "what": one.what,
            "service": one.meter[0],
            "item": one.meter[1],
            "a_month": f"{one.quantity:f}",
            "query": {"text": one.query.text, "values": {name: str(value) for name, value in one.query.values}},
        }
        for one in found.billed
    ]
    return json.dumps({"billed": billed, "free": dict(sorted(found.free.items()))}, indent=1, ensure_ascii=False) + "\n"


def _resources(template: Mapping[str, Any]) -> Iterator[tuple[str, str, Properties]]:
    """Name, kind and properties, also of what SAM makes of a function's events, in the template's order."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        yield name, resource["Type"], properties
        for source, event in properties.get("Events", {}).items():
            yield source, f"event source {event['Type']}", {**properties, **event.get("Properties", {})}


def _billed(name: str, kind: str, properties: Properties) -> Iterable[Idle]:
    if costly := COSTLY.intersection(properties):
        raise _Unknown(f"{kind} with {', '.join(sorted(costly))}")
    if kind in BILLED:
        return BILLED[kind](name, properties)
    if kind in FREE:
        return ()
    raise _Unknown(kind)


def _polled(name: str, _: Properties) -> Iterator[Idle]:
    polls = POLLERS * POLLS_AN_HOUR * HOURS_IN_A_MONTH
    query = how(
        N_("{pollers} pollers x {polls} an hour x {hours} hours"),
        pollers=POLLERS,
        polls=POLLS_AN_HOUR,
        hours=HOURS_IN_A_MONTH,
    )
    yield Idle((name,), POLLED, ("sqs", "standard-request"), polls, query)


def _alarm(name: str, properties: Properties) -> Iterator[Idle]:
    metrics = [one for one in properties.get("Metrics", ()) if "MetricStat" in one]
    periods = [properties.get("Period", 60), *(one["MetricStat"].get("Period", 60) for one in metrics)]
    if min(periods) < 60:
        raise _Unknown("an alarm that looks more often than once a minute")
    each = how(N_("one for each metric it watches"))
    yield Idle((name,), ALARMS, ("cloudwatch", "alarm"), Decimal(max(1, len(metrics))), each)


def _table(name: str, properties: Properties) -> Iterator[Idle]:
    season = how(
        N_("one season: {registrations} registrations x {size} bytes"), registrations=REGISTRATIONS, size=BYTES
    )
    yield Idle((name,), STORAGE, ("dynamodb", "storage"), STORED, season)
    if properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
        yield Idle((name,), RECOVERY, ("dynamodb", "pitr"), STORED, season)
    for unit, item in (("Write", "write-capacity-hour"), ("Read", "read-capacity-hour")):
        units = properties.get("ProvisionedThroughput", {}).get(f"{unit}CapacityUnits")
        if units:
            query = how(N_("{units} units x {hours} hours"), units=units, hours=HOURS_IN_A_MONTH)
            yield Idle((name,), CAPACITY, ("dynamodb", item), units * HOURS_IN_A_MONTH, query)


def _log(name: str, properties: Properties) -> Iterator[Idle]:
    if "RetentionInDays" not in properties:
        raise _Unknown("a log that is kept for ever")
    if properties["RetentionInDays"] > 365:
        raise _Unknown(f"a log that is kept for {properties['RetentionInDays']} days")
    query = how(
        N_("all groups together: {requests} requests, and {by_staff} of staff in a year, x half a KB, counted double"),
        requests=REQUESTS,
        by_staff=BY_STAFF,
    )
    yield Idle((name,), LOGS, ("cloudwatch", "logs-store"), LOGGED, query)


def _function(name: str, properties: Properties) -> Iterator[Idle]:
    warm = properties.get("ProvisionedConcurrencyConfig", {}).get("ProvisionedConcurrentExecutions")
    if warm:
        seconds = warm * _gigabytes(properties) * HOURS_IN_A_MONTH * 3600
        query = how(KEPT_WARM, number=warm, memory=_gigabytes(properties), hours=HOURS_IN_A_MONTH)
        yield Idle((name,), PROVISIONED, ("lambda", "provisioned-concurrency-arm64"), seconds, query)


def _scheduled(name: str, properties: Properties) -> Iterator[Idle]:
    runs = _runs(str(properties.get("Schedule", properties.get("ScheduleExpression", ""))))
    gigabytes = _gigabytes(properties)
    yield Idle((name,), RUNS, ("lambda", "request"), runs, how(RUNS_A_MONTH, runs=runs))
    seconds = how(
        N_("{runs} runs a month x {seconds} seconds x {memory} GB, assumed"),
        runs=runs,
        seconds=RUN_SECONDS,
        memory=gigabytes,
    )
    yield Idle((name,), RUNS, ("lambda", "duration-arm64"), runs * RUN_SECONDS * gigabytes, seconds)
    for item, units in (("read-request-unit", RUN_READS), ("write-request-unit", RUN_WRITES)):
        query = how(N_("{runs} runs a month x {units}, assumed"), runs=runs, units=units)
        yield Idle((name,), RUNS, ("dynamodb", item), runs * units, query)


def _by_scheduler(name: str, properties: Properties) -> Iterator[Idle]:
    runs = _runs(str(properties.get("ScheduleExpression", "")))
    yield Idle((name,), RUNS, ("scheduler", "invocation"), runs, how(RUNS_A_MONTH, runs=runs))
    yield from _scheduled(name, properties)


def _budget(name: str, properties: Properties) -> Iterator[Idle]:
    days = how(N_("each day of the longest month"))
    yield Idle((name,), BUDGETS, ("budgets", "budget"), _whole(HOURS_IN_A_MONTH / 24), days)


def _metric(name: str, _: Properties) -> Iterator[Idle]:
    yield Idle((name,), METRICS, ("cloudwatch", "custom-metric"), Decimal(1), how(N_("one for each filter")))


BILLED: Mapping[str, Callable[[str, Properties], Iterator[Idle]]] = {
    "AWS::Budgets::Budget": _budget,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::DynamoDB::Table": _table,
    "AWS::Logs::LogGroup": _log,
    "AWS::Logs::MetricFilter": _metric,
    "AWS::Serverless::Function": _function,
    "event source SQS": _polled,
    "event source Schedule": _scheduled,
    "event source ScheduleV2": _by_scheduler,
}


def _together(billed: Iterable[Idle]) -> Iterator[Idle]:
    """One line for each meter and reason, so that what is free of a meter is not counted twice."""
    found: dict[tuple[str, Meter], list[Idle]] = {}
    for one in billed:
        found.setdefault((one.what, one.meter), []).append(one)
    for (what, meter), ones in found.items():
        names = tuple(dict.fromkeys(name for one in ones for name in one.names))
        # The log's is said of all groups together, and the season's data of all tables.
        is_of_all = what in (LOGS, STORAGE, RECOVERY)
        quantity = ones[0].quantity if is_of_all else sum((one.quantity for one in ones), Decimal(0))
        yield Idle(names, what, meter, quantity, ones[0].query)


def _gigabytes(properties: Properties) -> Decimal:
    return Decimal(properties.get("MemorySize", 128)) / 1024


EVERY = re.compile(r"rate\((?P<number>\d+) (?P<unit>minute|hour|day)s?\)")
DAILY = re.compile(r"cron\((?P<minutes>\d+(?:,\d+)*) (?P<hours>\d+(?:,\d+)*|\*) \S+ \S+ \S+ \S+\)")
MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def _runs(schedule: str) -> Decimal:
    """How often in a month, at most; a cron that skips days counts as one that does not."""
    if every := EVERY.fullmatch(schedule):
        return _whole(HOURS_IN_A_MONTH * 60 / (int(every["number"]) * MINUTES[every["unit"]]))
    if daily := DAILY.fullmatch(schedule):
        hours = 24 if daily["hours"] == "*" else len(daily["hours"].split(","))
        return _whole(HOURS_IN_A_MONTH / 24) * hours * len(daily["minutes"].split(","))
    raise _Unknown(f'a schedule of which it is not known how often it rings, "{schedule}"')


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)
