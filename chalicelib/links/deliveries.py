"""Deliveries in the table: what each webhook is still to be told, and what was given up.

| pk                 | sk                    | what                                                       |
| ------------------ | --------------------- | ---------------------------------------------------------- |
| WEBHOOK#webhook_id | DUE#moment#event_id   | an event to be delivered at that moment (epoch seconds)    |
| WEBHOOK#webhook_id | DEAD#moment#event_id  | one that was given up then                                 |
| WEBHOOK-TURN       | TURN                  | who delivers now, and whether somebody is about to         |

A delivery that was taken is deleted. `expires`: 30 days after it was first due; the page says so.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.links.rules import KEPT, Delivery, Event, Outcome, next_try

OF, DUE, DEAD = "WEBHOOK#", "DUE#", "DEAD#"
TURN_PK, TURN_SK = "WEBHOOK-TURN", "TURN"
# Whoever was about to deliver and did not begin within this time will not: somebody else is called for.
CALLED_FOR = timedelta(minutes=1)
ERASED_AT_ONCE = 1000
# Longer than a turn lasts. One that breaks off ends by it.
TURN = timedelta(seconds=30)


class DeliveryItem(table.Item):
    """`event`: as `Event.to_document` has it. `since`: epoch seconds."""

    event = JSONAttribute()
    since = NumberAttribute()
    tries = NumberAttribute()
    last = UnicodeAttribute(null=True)
    expires = NumberAttribute()


class TurnItem(table.Item):
    """`called`: since when somebody is about to deliver; `until`: until when somebody does (both epoch seconds)."""

    called = NumberAttribute(null=True)
    until = NumberAttribute(null=True)


def add(webhook_id: str, event: Event, now: datetime) -> None:
    """Repeating it is harmless: a webhook has one place for an event at a moment."""
    key = _key(DUE, event.at, event.event_id)
    _item(Delivery(webhook_id, key, event, now)).save()


def due(webhook_id: str, now: datetime, most: int) -> list[Delivery]:
    """Those whose moment has come, the earliest first."""
    until = f"{DUE}{int(now.timestamp()):010}$"  # $ is the character behind #
    found = DeliveryItem.query(OF + webhook_id, DeliveryItem.sk.between(DUE, until), consistent_read=True, limit=most)
    return list(map(_read, found))


def first_due(webhook_id: str) -> datetime | None:
    """When the next delivery is due; None: there is none."""
    found = DeliveryItem.query(OF + webhook_id, DeliveryItem.sk.startswith(DUE), consistent_read=True, limit=1)
    return next((datetime.fromtimestamp(int(one.sk.split("#")[1]), UTC) for one in found), None)


def taken(one: Delivery) -> None:
    DeliveryItem(OF + one.webhook_id, one.key).delete()


def failed(one: Delivery, outcome: Outcome, now: datetime) -> None:
    """It is due later, or given up. Refused, and nothing changed, if somebody else moved it meanwhile."""
    again = next_try(one.tries + 1, now)
    key = _key(DUE, again, one.event.event_id) if again else _key(DEAD, now, one.event.event_id)
    _move(one, Delivery(one.webhook_id, key, one.event, one.since, one.tries + 1, str(outcome)))


def dead(webhook_id: str, most: int) -> list[Delivery]:
    """The latest first."""
    found = DeliveryItem.query(
        OF + webhook_id, DeliveryItem.sk.startswith(DEAD), consistent_read=True, limit=most, scan_index_forward=False
    )
    return list(map(_read, found))


def revive(several: Iterable[Delivery], now: datetime) -> None:
    """Dead ones are due now, with all their tries before them."""
    for one in several:
        _move(one, Delivery(one.webhook_id, _key(DUE, now, one.event.event_id), one.event, now))


def waiting(webhook_id: str, most: int) -> int:
    """The number of deliveries that are due, now or later; at most `most`, so that the page reads no more."""
    found: Iterator[DeliveryItem] = DeliveryItem.query(
        OF + webhook_id, DeliveryItem.sk.startswith(DUE), attributes_to_get=["sk"], limit=most
    )
    return sum(1 for _ in found)


def erase_of(webhook_id: str) -> None:
    """Deletes what it was still to be told: as much as somebody waits for. The rest runs out by itself."""
    for item in DeliveryItem.query(OF + webhook_id, attributes_to_get=["pk", "sk"], limit=ERASED_AT_ONCE):
        DeliveryItem(OF + webhook_id, item.sk).delete()


def call(now: datetime) -> bool:
    """Whether the caller is to queue a turn: nobody is about to deliver. What was stored before this call is seen by
    whoever is."""
    seconds, item = int(now.timestamp()), TurnItem(TURN_PK, TURN_SK)
    too_long = int((now - CALLED_FOR).timestamp())
    is_nobody = TurnItem.called.does_not_exist() | (TurnItem.called < too_long)
    return went_through(lambda: item.update([TurnItem.called.set(seconds)], is_nobody))


def begin(now: datetime) -> bool:
    """Whether the turn is the caller's; from now on another one must be called for to see what comes."""
    seconds, item = int(now.timestamp()), TurnItem(TURN_PK, TURN_SK)
    is_free = TurnItem.until.does_not_exist() | (TurnItem.until < seconds)
    end = int((now + TURN).timestamp())
    return went_through(lambda: item.update([TurnItem.until.set(end), TurnItem.called.remove()], is_free))


def end() -> None:
    TurnItem(TURN_PK, TURN_SK).update([TurnItem.until.remove()])


def _move(before: Delivery, after: Delivery) -> None:
    gone = {
        "Key": table.key(OF + before.webhook_id, before.key),
        "ConditionExpression": "attribute_exists(pk)",
    }
    went_through(
        lambda: table.transact_write_patiently([{"Delete": gone}, {"Put": {"Item": _item(after).serialize()}}])
    )


def _item(one: Delivery) -> DeliveryItem:
    return DeliveryItem(
        OF + one.webhook_id,
        one.key,
        event=one.event.to_document(),
        since=int(one.since.timestamp()),
        tries=one.tries,
        last=one.last or None,
        expires=int((one.since + KEPT).timestamp()),
    )


def _key(list_: str, at: datetime, event_id: str) -> str:
    return f"{list_}{int(at.timestamp()):010}#{event_id}"


def _read(item: DeliveryItem) -> Delivery:
    return Delivery(
        item.pk.removeprefix(OF),
        item.sk,
        Event.from_document(list(item.event)),
        datetime.fromtimestamp(int(item.since), UTC),
        int(item.tries),
        item.last or "",
    )
