"""Webhooks in the table, all under one key, so that one query says whether there is one.

| pk       | sk         | what                                                                             |
| -------- | ---------- | -------------------------------------------------------------------------------- |
| WEBHOOKS | webhook_id | a webhook: address, events, its secret, who asked and confirmed, how it answers  |

The outbox asks at most once in SECONDS_REMEMBERED for a container. A city without a webhook pays for no more than that.
"""

from datetime import UTC, datetime
from functools import partial

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.links.rules import EventType, Health, Webhook, WebhookState
from chalicelib.links.stream import PARTITION

PK = PARTITION
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, tuple[Webhook, ...]] = Memory(SECONDS_REMEMBERED)


class WebhookItem(table.Item):
    """Moments: epoch seconds."""

    name = UnicodeAttribute()
    address = UnicodeAttribute()
    events = UnicodeSetAttribute()
    secret = UnicodeAttribute()
    state = UnicodeAttribute()
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    at = NumberAttribute()
    confirmed_by = UnicodeAttribute(null=True)
    confirmed_by_name = UnicodeAttribute(null=True)
    asked = NumberAttribute()
    failing = NumberAttribute(null=True)
    failing_since = NumberAttribute(null=True)
    held_until = NumberAttribute(null=True)
    last = UnicodeAttribute(null=True)
    tried_at = NumberAttribute(null=True)
    delivered = NumberAttribute(null=True)


def every(*, consistent: bool = True) -> tuple[Webhook, ...]:
    """In the order of their ids; not `consistent`, at half the price, as they were a moment ago."""
    return tuple(_read(item) for item in WebhookItem.query(PK, consistent_read=consistent))


def remembered() -> tuple[Webhook, ...]:
    """As they were at most SECONDS_REMEMBERED ago."""
    return _remembered.get(PK, partial(every, consistent=False))


def get(webhook_id: str) -> Webhook | None:
    return next((one for one in every() if one.webhook_id == webhook_id), None)


def forget() -> None:
    _remembered.forget()


def moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if isinstance(seconds, int | float) else None


def _read(item: WebhookItem) -> Webhook:
    at = moment(item.at)
    assert at
    return Webhook(
        webhook_id=item.sk,
        name=item.name,
        address=item.address,
        events=frozenset(map(EventType, item.events)),
        secret=item.secret,
        state=WebhookState(item.state),
        by=item.by,
        by_name=item.by_name,
        at=at,
        confirmed_by=item.confirmed_by or "",
        confirmed_by_name=item.confirmed_by_name or "",
        asked=int(item.asked),
        health=Health(
            failing=int(item.failing or 0),
            failing_since=moment(item.failing_since),
            held_until=moment(item.held_until),
            last=item.last or "",
            tried_at=moment(item.tried_at),
            delivered=int(item.delivered or 0),
        ),
    )
