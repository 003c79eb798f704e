"""Events on their way from the outbox to the city's other systems.

Guarantee: at least once, in no promised order, each event with the same id at each try. An event is in the table for
each webhook that wants it before its message leaves the queue, and goes when the webhook took it.

Mails do not wait for it: one turn at a time, of a few seconds, is all that webhooks have of the mails function, and ten
seconds lie between two (mail/rules.py). A turn goes to each webhook once, the one that was tried longest ago first;
an address that fails is left alone for a while after three failures, and for good after a day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from pynamodb.expressions.update import Action

from chalicelib.core import settings
from chalicelib.core.observability import log
from chalicelib.core.refusals import went_through
from chalicelib.links import calling, deliveries, table
from chalicelib.links.calling import Post
from chalicelib.links.rules import (
    Delivery,
    Event,
    Health,
    Outcome,
    Webhook,
    WebhookState,
    after,
    body,
    is_over,
    is_taken,
    signature,
)
from chalicelib.links.table import WebhookItem

# No call is begun later in a turn, and one takes calling.SECONDS: together less than lies between two turns.
MOST_SECONDS = 5.0
AT_ONCE = 4


@dataclass(frozen=True)
class Next:
    """When the next turn is due. `at_once`: something is due already. `at`: the moment, None if nothing waits."""

    at_once: bool = False
    at: datetime | None = None


def take(events: Iterable[Event], now: datetime) -> bool:
    """Keeps the events for whoever wants them; answers whether a turn is to be called for."""
    webhooks, are_any = table.remembered(), False
    for event in events:
        for webhook in webhooks:
            if webhook.wants(event):
                deliveries.add(webhook.webhook_id, event, now)
                are_any = are_any or webhook.is_tried
    return are_any and deliveries.call(now)


def turn(now: datetime) -> Next:
    """One turn. While another one is under way, the next is due at once: it may have begun before what is to be
    delivered was there."""
    if not deliveries.begin(now):
        return Next(at_once=True)
    try:
        tried = [one for one in table.every() if one.is_tried]
        tried.sort(key=lambda one: one.health.tried_at or one.at)
        until = monotonic() + MOST_SECONDS
        left = [_serve(one, now, until) for one in tried]
    finally:
        deliveries.end()
    waiting = [one for one in left if one]
    soonest = min(waiting, default=None)
    if soonest is None or soonest > now:
        return Next(at=soonest)
    return Next(at_once=deliveries.call(now))


def are_any() -> bool:
    """Whether a turn may have something to do: for the daily look at what nothing called for."""
    return any(one.is_tried for one in table.every())


def _serve(webhook: Webhook, now: datetime, until: float) -> datetime | None:
    """When it is to be tried next; None: nothing is due, now or later. A moment until `now`: more is due already."""
    health, outcomes, state = webhook.health, [], WebhookState.ON
    while monotonic() < until and state is WebhookState.ON and not _is_held(health, now):
        batch = deliveries.due(webhook.webhook_id, now, 1 if health.failing else AT_ONCE)
        if not batch:
            break
        answered = _deliver(webhook, batch, now)
        outcomes += answered
        health = after(health, answered, now)
        if is_over(health, answered, now):
            state = WebhookState.HALTED
    if outcomes or webhook.state is WebhookState.AGAIN:
        _write_down(webhook, health, state)
        taken = sum(map(is_taken, outcomes))
        log.info("webhook_served", webhook=webhook.webhook_id, taken=taken, left=len(outcomes) - taken, state=state)
    if state is WebhookState.HALTED:
        return None
    first = deliveries.first_due(webhook.webhook_id)
    return max(first, health.held_until) if first and health.held_until else first


def _deliver(webhook: Webhook, batch: Sequence[Delivery], now: datetime) -> list[Outcome]:
    answered = calling.several([_post(webhook, one.event, now) for one in batch])
    for one, outcome in zip(batch, answered, strict=True):
        if is_taken(outcome):
            deliveries.taken(one)
        else:
            deliveries.failed(one, outcome, now)
    return answered


def _post(webhook: Webhook, event: Event, now: datetime) -> Post:
    content, seconds = body(event, settings.public_url()), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Stormloop",
        "webhook-id": event.event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(webhook.secret, event.event_id, seconds, content),
    }
    return Post(webhook.address, headers, content)


def _is_held(health: Health, now: datetime) -> bool:
    return health.held_until is not None and health.held_until > now


def _write_down(webhook: Webhook, health: Health, state: WebhookState) -> None:
    """Writes down how it answered. Not over what somebody asked for meanwhile: their turn comes, and writes its own.
    One that was ended stays ended."""
    item = WebhookItem(table.PK, webhook.webhook_id)
    actions: list[Action] = [
        WebhookItem.state.set(state.value),
        WebhookItem.failing.set(health.failing),
        WebhookItem.delivered.set(health.delivered),
        WebhookItem.last.set(health.last),
    ]
    for attribute, moment in (
        (WebhookItem.failing_since, health.failing_since),
        (WebhookItem.held_until, health.held_until),
        (WebhookItem.tried_at, health.tried_at),
    ):
        actions.append(attribute.set(int(moment.timestamp())) if moment else attribute.remove())
    went_through(lambda: item.update(actions, WebhookItem.asked == webhook.asked))
