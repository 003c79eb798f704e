"""Use of an invocation, for the one line that it writes anyway: no write, no call and no metric of its own.

DynamoDB says with each answer how many units it counts; SQS, SES and the timers are billed by the request. Lambda
itself writes duration and memory beside our line (REPORT), under the same request id; `insight/cost/gathering.py` joins
the two once a day. A container answers one request at a time, so what was used is the memory of one module.

It has sessions and openings, which everybody knows, and numbers, but nothing of a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib.core import refusals
from chalicelib.core.observability import log

# The meters, as the line names them.
READ, WRITE, QUEUE, MAIL, TIMER, METRIC, SENT = "read", "write", "queue", "mail", "timer", "metric", "sent"

READING = frozenset({"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"})
WRITING = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
KILOBYTE = 1024


class _Now:
    """Of the invocation that is under way. `sessions`, `openings`: what it is about. `registered`: how many
    registrations became final, by session."""

    def __init__(self, request_id: str = "") -> None:
        self.request_id = request_id
        self.forget()

    def forget(self) -> None:
        self.used: Counter[str] = Counter()
        self.sessions: list[str] = []
        self.opening_id: str | None = None
        self.door: str | None = None
        self.registered: Counter[str] = Counter()


_now = _Now()


def begin(context: Any) -> None:
    """An invocation begins; `context` as Lambda gives it, None where there is no Lambda."""
    global _now  # noqa: PLW0603 the memory of this module is what it is about
    _now = _Now(getattr(context, "aws_request_id", ""))


def about(session_id: str | None = None, opening_id: str | None = None) -> None:
    """It is about this session or opening, which there is. Several sessions share what was used."""
    if session_id and session_id not in _now.sessions:
        _now.sessions.append(session_id)
    _now.opening_id = opening_id or _now.opening_id


def through(door: str | None) -> None:
    """Which of the two doors it came by, as their prices differ; None: the API's."""
    _now.door = door


def registered(session_id: str, number: int = 1) -> None:
    """So many registrations for this session became final."""
    about(session_id)
    _now.registered[session_id] += number


def used(what: str, quantity: float = 1) -> None:
    _now.used[what] += quantity  # type: ignore[assignment] # units come by the half


def take() -> dict[str, Any]:
    """The measurements of the invocation, or of its part since this was last asked; without what is nothing."""
    said = {
        "request_id": _now.request_id,
        "used": {what: _shortest(quantity) for what, quantity in _now.used.items() if quantity},
        "sessions": _now.sessions,
        "opening_id": _now.opening_id,
        "registered": dict(_now.registered),
        "door": _now.door,
    }
    _now.forget()
    return {name: value for name, value in said.items() if value}


def _shortest(quantity: float) -> float:
    """Units come by the half, and seldom so."""
    return int(quantity) if quantity == int(quantity) else quantity


@contextmanager
def line(context: Any, message: str) -> Iterator[None]:
    """The line of a function that writes none for each thing that it does; also where it fails."""
    begin(context)
    try:
        yield
    finally:
        log.info(message, **take())


def watch(client: Any) -> Any:
    """Counts what is asked of AWS through a client of boto3; returns it."""
    service, events = client.meta.service_model.service_name, client.meta.events
    if service == "dynamodb":
        events.register("provide-client-params.dynamodb", _ask_for_units)
        events.register("after-call.dynamodb", _count_units)
    else:
        events.register("after-call", _COUNTS[service])
    return client


def _ask_for_units(params: Mapping[str, Any], model: Any, **more: Any) -> Mapping[str, Any] | None:
    if model.name in READING or model.name in WRITING:
        return {**params, "ReturnConsumedCapacity": "TOTAL"}
    return None


def _count_units(model: Any, parsed: Mapping[str, Any], **more: Any) -> None:
    what = READ if model.name in READING else WRITE
    consumed = parsed.get("ConsumedCapacity") or ()
    for one in (consumed,) if isinstance(consumed, Mapping) else consumed:
        _now.used[what] += one["CapacityUnits"]
    # A refused write costs what it would have cost, and DynamoDB does not say how much: by the size of what was in the
    # way, where that came along. In a transaction each write is counted twice.
    times = 2 if model.name == "TransactWriteItems" else 1
    _now.used[WRITE] += times * sum(map(units_of, refusals.in_the_way(parsed)))


def units_of(item: Mapping[str, Any]) -> int:
    """Write units of an item as DynamoDB writes it; at least one."""
    return max(1, -(-sum(len(name.encode()) + _size(value) for name, value in item.items()) // KILOBYTE))


def _size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "M":
            return 3 + sum(len(name.encode()) + _size(one) + 1 for name, one in content.items())
        case "L":
            return 3 + sum(_size(one) + 1 for one in content)
        case "SS" | "NS" | "BS" | "B":
            return sum(map(len, content)) if kind != "B" else len(content)
        case _:
            return 1


def _count_request(model: Any, **more: Any) -> None:
    _now.used[QUEUE] += 1


def _count_mail(model: Any, parsed: Mapping[str, Any], **more: Any) -> None:
    if model.name == "SendEmail" and "Error" not in parsed:
        _now.used[MAIL] += 1


def _count_timer(model: Any, parsed: Mapping[str, Any], **more: Any) -> None:
    if model.name == "CreateSchedule" and "Error" not in parsed:
        _now.used[TIMER] += 1


def _count_metrics(model: Any, parsed: Mapping[str, Any], **more: Any) -> None:
    _now.used[METRIC] += len(parsed.get("MetricDataResults", ()))


_COUNTS = {"sqs": _count_request, "sesv2": _count_mail, "scheduler": _count_timer, "cloudwatch": _count_metrics}
