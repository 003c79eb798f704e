"""A webhook, the events that it is told, how a delivery is signed, and when it is tried again. Plain rules.

Payloads and signatures are those of Standard Webhooks (https://www.standardwebhooks.com, version 1.0.0): the receiver
verifies them with a library that is there for its language. docs/webhooks.md says what each event has.
"""

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from chalicelib.core.ids import named


class EventType(StrEnum):
    """OFFERED: a seat is held, for somebody who waited or until something is answered. CANCELLED: it has no seat any
    more, whoever ended it. WAITING_ENDED: it waits no longer, because it has a seat or an offer, or left. CHILD_LEFT:
    some of its children lost their seats, others keep theirs. PAID: nothing is owed any more, and something was paid.
    REFUND_PAID: the bank's statement or the provider says that it went out."""

    CONFIRMED = "registration.confirmed"
    OFFERED = "registration.offered"
    WAITLISTED = "registration.waitlisted"
    WAITING_ENDED = "registration.waiting-ended"
    CANCELLED = "registration.cancelled"
    CHILD_LEFT = "registration.child-left"
    PAID = "order.paid"
    REFUND_PAID = "refund.paid"
    CERTIFICATE = "certificate.issued"
    CASE_RECEIVED = "case.received"
    CASE_ANSWERED = "case.answered"
    CASE_REOPENED = "case.reopened"
    CASE_CLOSED = "case.closed"


class WebhookState(StrEnum):
    """PROPOSED: waits for a second person; nothing is sent. ON: events are delivered. AGAIN: the same, and somebody
    asked to try at once. HALTED: its address answered nothing for a day, or said that it is gone; events wait."""

    PROPOSED = "proposed"
    ON = "on"
    AGAIN = "again"
    HALTED = "halted"


class Failure(StrEnum):
    """Why a call had no answer of HTTP. PRIVATE: the name leads to an address that is not public."""

    UNKNOWN_HOST = "unknown-host"
    PRIVATE = "private-address"
    NO_CONNECTION = "no-connection"
    NOT_TRUSTED = "not-trusted"
    TOO_SLOW = "too-slow"
    NOT_HTTP = "not-http"


# A status of HTTP, or why there is none.
Outcome = int | Failure
GONE = 410

MOST_WEBHOOKS = 10
MOST_CHARACTERS = 500
# After how many minutes a delivery is tried again: nine tries in 23 hours and 21 minutes.
WAITS = (1, 5, 15, 60, 120, 240, 480, 480)
# From so many failures in a row on, the address is left alone for as long (minutes); then one delivery tries it.
FAILURES = 3
HOLDS = (1, 5, 15, 60)
# The address works, and this event is what it does not take: others are not held up by it.
ITS_OWN = frozenset(range(400, 500)) - {401, 403, 404, 408, 410, 429}
STOPS_AFTER = timedelta(days=1)
# How long a delivery is kept that was not taken.
KEPT = timedelta(days=30)
SECRET = "whsec_"  # noqa: S105 how a secret begins
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRINTABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Event:
    """`event_id`: the same however often it is told. `data`: ids and amounts, nothing about a person."""

    event_id: str
    type: EventType
    at: datetime
    data: Mapping[str, str | int]

    def to_document(self) -> list[object]:
        return [self.event_id, self.type.value, int(self.at.timestamp()), dict(self.data)]

    @classmethod
    def from_document(cls, document: list[object]) -> "Event":
        match document:
            case [str(event_id), str(type_), int(at), dict(data)]:
                return cls(event_id, EventType(type_), datetime.fromtimestamp(at, UTC), data)
        raise ValueError("not an event")


def event(sequence: str, at: datetime, type_: EventType, data: Mapping[str, str | int]) -> Event:
    """`sequence`: the number of the record in the table's stream, which has the same one each time that it is handed
    over: so has the event its id."""
    told = json.dumps([sequence, type_.value, dict(data)], sort_keys=True)
    return Event(f"evt_{named(told, 24)}", type_, at, data)


@dataclass(frozen=True)
class Health:
    """The health of an address. `failing`: failures in a row, since `failing_since`. `held_until`: nothing is tried
    before. `last`: the status of the last call, or why it had none; `tried_at`: its moment. `delivered`: how many it
    took."""

    failing: int = 0
    failing_since: datetime | None = None
    held_until: datetime | None = None
    last: str = ""
    tried_at: datetime | None = None
    delivered: int = 0


@dataclass(frozen=True)
class Webhook:
    """`name`: of the system that gets it. `by`, `confirmed_by`: staff_ids of the two people. `asked`: how often
    somebody asked to try again."""

    webhook_id: str
    name: str
    address: str
    events: frozenset[EventType]
    secret: str
    state: WebhookState
    by: str
    by_name: str
    at: datetime
    confirmed_by: str = ""
    confirmed_by_name: str = ""
    asked: int = 0
    health: Health = Health()

    @property
    def is_told(self) -> bool:
        """Whether events are kept for it. A stopped one gets them once it answers again."""
        return self.state is not WebhookState.PROPOSED

    @property
    def is_tried(self) -> bool:
        return self.state in (WebhookState.ON, WebhookState.AGAIN)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    def wants(self, event: Event) -> bool:
        return self.is_told and event.type in self.events

    def is_held(self, now: datetime) -> bool:
        return self.health.held_until is not None and self.health.held_until > now


@dataclass(frozen=True)
class Delivery:
    """An event on its way to one webhook. `key`: its place in the list of those that are due. `tries`: so far; `last`:
    what came of the last one. `since`: when it was first due."""

    webhook_id: str
    key: str
    event: Event
    since: datetime
    tries: int = 0
    last: str = ""


def new_secret() -> str:
    return SECRET + base64.b64encode(secrets.token_bytes(32)).decode()


def body(event: Event, public_url: str) -> bytes:
    """The same bytes at each try."""
    content = {
        "type": event.type.value,
        "timestamp": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {**event.data, "links": _links(event, public_url)},
    }
    return json.dumps(content, separators=(",", ":")).encode()


def _links(event: Event, public_url: str) -> dict[str, str]:
    session = event.data.get("session_id")
    return {"session": f"{public_url}/api/sessions/{session}"} if session else {}


def signature(secret: str, event_id: str, at: int, content: bytes) -> str:
    """`at`: epoch seconds of this try."""
    key = base64.b64decode(secret.removeprefix(SECRET))
    digest = hmac.digest(key, f"{event_id}.{at}.".encode() + content, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def is_address(text: str) -> bool:
    """Whether it may be entered: https, port 443, a name and no number, without a password or a fragment. Where the
    name leads is looked at each time that it is called (calling.py)."""
    if len(text) > MOST_CHARACTERS or not _PRINTABLE.fullmatch(text) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        parts.scheme == "https"
        and "@" not in parts.netloc
        and "#" not in text
        and port in (None, 443)
        and bool(_HOST.fullmatch(host))
    )


def is_taken(outcome: Outcome) -> bool:
    return not isinstance(outcome, Failure) and 200 <= outcome < 300


def next_try(tries: int, now: datetime) -> datetime | None:
    """After so many tries that failed; None: it is given up."""
    return now + timedelta(minutes=WAITS[tries - 1]) if tries <= len(WAITS) else None


def after(health: Health, outcomes: list[Outcome], now: datetime) -> Health:
    """The health of an address after these calls, made at the same time: one that it read says that it works."""
    taken = sum(map(is_taken, outcomes))
    last = next((str(one) for one in outcomes if not is_taken(one)), str(outcomes[0]))
    if any(is_taken(one) or one in ITS_OWN for one in outcomes):
        return Health(last=last, tried_at=now, delivered=health.delivered + taken)
    failing, since = health.failing + len(outcomes), health.failing_since or now
    held = HOLDS[min(failing - FAILURES, len(HOLDS) - 1)] if failing >= FAILURES else None
    return Health(failing, since, now + timedelta(minutes=held) if held else None, last, now, health.delivered)


def is_over(health: Health, outcomes: list[Outcome], now: datetime) -> bool:
    """Whether the address is called no more until somebody asks for it."""
    return GONE in outcomes or (health.failing_since is not None and now - health.failing_since >= STOPS_AFTER)
