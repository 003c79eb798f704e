"""Use by meter and by purpose: plain numbers, exact, without AWS.

A `Usage` says how many units of each meter of the price list; a `Key` on which day, for which activity, opening and
municipality. Quantities are Decimal and are added, never averaged: the sum over all keys is what was used, to the last
digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.cost.prices import Meter

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


class Activity(StrEnum):
    """The purpose of the use. The order is that in which a family meets them."""

    LOOKING = "looking"
    PREPARING = "preparing"
    REGISTERING = "registering"
    OFFERS = "offers"
    SWIMMING = "swimming"
    MAILS = "mails"
    DESK = "desk"
    OFFICE = "office"
    DRAW = "draw"
    ANNOUNCING = "announcing"
    SYSTEM = "system"


@dataclass(frozen=True)
class Key:
    """`day` in UTC, as AWS bills. `opening_id`, `municipality`: None where it was for all of them."""

    day: date
    activity: Activity
    opening_id: str | None = None
    municipality: str | None = None


# The first that fits: the beginning of a route as app.py names it, and what methods. None: any.
ROUTES: tuple[tuple[str, str | None, Activity], ...] = (
    ("/api/staff/registrations", None, Activity.DESK),
    ("/api/staff/sessions", None, Activity.DESK),
    ("/api/staff/openings/{opening_id}/incidents", None, Activity.ANNOUNCING),
    ("/api/staff/openings/{opening_id}/draw", None, Activity.DRAW),
    ("/api/staff/openings/{opening_id}/beacon", None, Activity.DRAW),
    ("/api/staff", None, Activity.OFFICE),
    ("/office/desk", None, Activity.DESK),
    ("/office/openings/{opening_id}/incidents", None, Activity.ANNOUNCING),
    ("/office/openings/{opening_id}/draw", None, Activity.DRAW),
    ("/office/openings/{opening_id}/beacon", None, Activity.DRAW),
    ("/office/swimming", None, Activity.SWIMMING),
    ("/office", None, Activity.OFFICE),
    ("/api/health", None, Activity.SYSTEM),
    ("/api/passes", None, Activity.PREPARING),
    ("/api/pass", None, Activity.PREPARING),
    ("/prepare", None, Activity.PREPARING),
    ("/enter", None, Activity.PREPARING),
    ("/leave", None, Activity.PREPARING),
    ("/family", None, Activity.PREPARING),
    ("/wishes", None, Activity.PREPARING),
    ("/children", None, Activity.PREPARING),
    ("/openings/{opening_id}/moment.ics", None, Activity.PREPARING),
    ("/api/openings/{opening_id}/wishes", None, Activity.PREPARING),
    ("/api/openings/{opening_id}/draw", None, Activity.DRAW),
    ("/api/registrations/{registration_id}/acceptance", None, Activity.OFFERS),
    ("/api/registrations/{registration_id}/extension", None, Activity.OFFERS),
    ("/offer", None, Activity.OFFERS),
    ("/api/registrations", None, Activity.REGISTERING),
    ("/registrations", None, Activity.REGISTERING),
    ("/opening/", None, Activity.REGISTERING),
    ("/sessions", "POST", Activity.REGISTERING),
    ("/swimming", None, Activity.SWIMMING),
)
# The activity of a message on the queue that is not a mail like any other.
MESSAGES = {"advance": Activity.OFFERS, "result": Activity.DRAW, "announcement": Activity.ANNOUNCING}
# The functions that do one thing.
FUNCTIONS = {
    "outbox": Activity.MAILS,
    "mails": Activity.MAILS,
    "draw": Activity.DRAW,
    "announce": Activity.ANNOUNCING,
    "cost": Activity.SYSTEM,
}


def of_route(route: str, method: str) -> Activity:
    """The activity of a request of this route; looking, unless the table says something else."""
    for beginning, only, activity in ROUTES:
        if route.startswith(beginning) and only in (None, method):
            return activity
    return Activity.LOOKING


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
