"""Use by meter and by purpose: plain numbers, exact, without AWS.

A `Usage` says how many units of each meter of the price list; a `UsageKey` on which day, for which activity, opening
and municipality. Quantities are Decimal and are added, never averaged: the sum over all keys is what was used, to the
last digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib import routes
from chalicelib.core.activities import Activity
from chalicelib.insight.cost.prices import Meter

# How much of each, in the unit that one of it is counted in: a request, a GB-second, a GB, a mail.
Usage = Mapping[Meter, Decimal]

LAMBDA_REQUEST: Meter = ("lambda", "request")
LAMBDA_DURATION: Meter = ("lambda", "duration-arm64")
API_REQUEST: Meter = ("apigateway", "rest-request")
PAGES_REQUEST: Meter = ("apigateway", "http-request")
READ_UNIT: Meter = ("dynamodb", "read-request-unit")
WRITE_UNIT: Meter = ("dynamodb", "write-request-unit")
QUEUE_REQUEST: Meter = ("sqs", "standard-request")
MAIL: Meter = ("ses", "mail")
LOG: Meter = ("cloudwatch", "logs-ingest")
SENT: Meter = ("transfer", "out")
TIMER: Meter = ("scheduler", "invocation")
METRIC_READ: Meter = ("cloudwatch", "metric-read")
# Counted beside them, billed by nobody, in no price list: what everything else is divided by.
REGISTRATION: Meter = ("stormloop", "registration")

GIGABYTE = Decimal(1_000_000_000)


@dataclass(frozen=True)
class UsageKey:
    """`day` in UTC, as AWS bills. `opening_id`, `municipality`: None where it was for all of them."""

    day: date
    activity: Activity
    opening_id: str | None = None
    municipality: str | None = None


# The activity of a message on the queue that is not a mail like any other.
MESSAGES = {
    "advance": Activity.OFFERS,
    "result": Activity.DRAW,
    "announcement": Activity.ANNOUNCING,
    "more": Activity.ANNOUNCING,
    "account": Activity.MONEY,
    **dict.fromkeys(("case", "ring", "late", "concerned"), Activity.CASES),
    "payments": Activity.MONEY,
}
# The functions that do one thing.
FUNCTIONS = {
    "outbox": Activity.MAILS,
    "mails": Activity.MAILS,
    "returned": Activity.MAILS,
    "draw": Activity.DRAW,
    "bank": Activity.MONEY,
    "announce": Activity.ANNOUNCING,
    "cost": Activity.SYSTEM,
    "photos": Activity.CASES,
    "seal": Activity.CASES,
}


def of_route(route: str, method: str) -> Activity:
    """The activity of a request of this route, as the table of routes says; looking, if there is none of that name."""
    known = routes.find(method, route)
    return known.activity if known else Activity.LOOKING


def of_function(function: str, kind: str | None = None) -> Activity:
    """The activity of an invocation of another function; `kind` of its message. An unknown one
    is the system's."""
    return MESSAGES.get(kind or "") or FUNCTIONS.get(function, Activity.SYSTEM)


def added(many: Iterable[Usage]) -> dict[Meter, Decimal]:
    total: dict[Meter, Decimal] = defaultdict(Decimal)
    for usage in many:
        for meter, quantity in usage.items():
            total[meter] += quantity
    return dict(total)


def billed(usage: Usage) -> dict[Meter, Decimal]:
    """Without what nobody bills: only these have a price."""
    return {meter: quantity for meter, quantity in usage.items() if meter != REGISTRATION}


def shared(usage: Usage, among: int) -> list[dict[Meter, Decimal]]:
    """In equal parts that add up to the whole exactly: what cannot be divided is the last one's. `among`: 1 or more."""
    if among == 1:
        return [dict(usage)]
    parts = [{meter: _part(quantity, among) for meter, quantity in usage.items()} for _ in range(among - 1)]
    return [*parts, {meter: quantity - _part(quantity, among) * (among - 1) for meter, quantity in usage.items()}]


def _part(quantity: Decimal, among: int) -> Decimal:
    return (quantity / among).quantize(Decimal("1e-12"))
