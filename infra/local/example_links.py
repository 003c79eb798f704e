"""What people of the example city have to look at: a webhook with a delivery that was given up, to be sent again; an
address of the city's that leads nowhere, and rings. And what ran by itself, summed as each morning."""

import os
from datetime import UTC, datetime, timedelta

from chalicelib.core.moments import today
from chalicelib.front_door.watching import table as watching
from chalicelib.front_door.watching.addresses import Asked, Trouble
from chalicelib.front_door.watching.rules import Ring, RingKind
from chalicelib.front_door.watching.table import Link
from chalicelib.insight import by_itself_days
from chalicelib.links import changing, deliveries, table
from chalicelib.links.rules import EventType, event
from chalicelib.people.staff.rules import Role, Staff

ASKS = Staff("example-manager", "Piet de Boer", frozenset({Role.MANAGER}))
CONFIRMS = Staff("example-manager-2", "Els Maes", frozenset({Role.MANAGER}))
NAME = "Boekhouding"
GONE = Link("example-gone", "https://www.kaprijke.example/meldpunt", "De oude website, onder Contact", is_well=False)
# A whole day of tries.
TRIED = timedelta(days=1)


def give_something_to_look_at(now: datetime) -> None:
    """What is there already stays as it is."""
    if not table.every():
        _let_a_delivery_die(now)
        print("A webhook of the bookkeeping, /office/webhooks: one delivery was given up, and can be sent again.")
    if not any(one.link_id == GONE.link_id for one in watching.links()):
        _ring(now)
        print("An address of the city leads nowhere, and rings at /office/watch.", flush=True)
    by_itself_days.sum_up(now)


def _let_a_delivery_die(now: datetime) -> None:
    sent = {
        "name": NAME,
        "address": "https://boekhouding.kaprijke.example/stormloop",
        "events": [EventType.REFUND_PAID.value, EventType.CERTIFICATE.value],
        "reason": "Example: the bookkeeping hears what was paid back.",
    }
    webhook = changing.propose(sent, ASKS, now)
    changing.confirm(webhook.webhook_id, "Example: the address is the bookkeeping's own.", CONFIRMS, now)
    paid: dict[str, str | int] = {
        "order_id": "example",
        "refund_id": "1",
        "municipality": "Vilvoorde",
        "amount_cents": 4500,
    }
    deliveries.add(webhook.webhook_id, event("example", now - TRIED, EventType.REFUND_PAID, paid), now - TRIED)
    while tried := deliveries.first_due(webhook.webhook_id):
        (one,) = deliveries.due(webhook.webhook_id, tried, 1)
        deliveries.failed(one, 503, tried)


def _ring(now: datetime) -> None:
    day, why = today(now), Asked(Trouble.STATUS, 404).why
    watching.put_link(Link(GONE.link_id, GONE.url, GONE.where, "", False, why, day, 1))
    watching.begin(Ring(RingKind.LINK, GONE.link_id, day, day, {"url": GONE.url, "why": why, "where": GONE.where}))


if __name__ == "__main__":
    assert os.environ.get("AWS_ENDPOINT_URL"), "only for the emulator"
    give_something_to_look_at(datetime.now(UTC))
