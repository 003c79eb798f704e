"""Webhooks are made, confirmed and ended by people, with an entry in the ledger for each.

Data leaves the city by them, so two people make one: who asks gets the secret, and somebody else confirms the address.
Nothing of it is changed afterwards: another address, or other events, are another webhook.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import REASON, LedgerAct
from chalicelib.core import table as core_table
from chalicelib.core.http.fields import Choice, Model, Several, Text, check
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, FieldError, Problem, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered, Refused, unless_interfered
from chalicelib.links import deliveries, table
from chalicelib.links.rules import (
    MOST_CHARACTERS,
    MOST_WEBHOOKS,
    EventType,
    Webhook,
    WebhookState,
    is_address,
    new_secret,
)
from chalicelib.links.table import WebhookItem
from chalicelib.people.staff.rules import Staff

AS_NAME = N_("Say which system gets it, in 1 to 80 characters.")
AS_ADDRESS = N_("An address begins with https:// and a name, and has no password: https://erp.example.be/stormloop.")
AS_EVENTS = N_("Choose at least one event.")
SAME_PERSON = N_("You asked for this webhook. Another programme manager has to confirm it.")
TOO_MANY = N_("A city has ten webhooks at most. End one first.")
# Dead deliveries that one press of the button sends again: it is pressed again for more.
REVIVED_AT_ONCE = 100
FORM = Model(
    {
        "name": Text(AS_NAME, "[^\\x00-\\x1f\\x7f]{1,80}", 80),
        "address": Text(AS_ADDRESS, "https://.+", MOST_CHARACTERS),
        "events": Several(AS_EVENTS, Choice(AS_EVENTS, list(EventType)), len(EventType)),
        "reason": REASON,
    }
)


def propose(sent: Mapping[str, Any], by: Staff, now: datetime) -> Webhook:
    """It waits for a second person. Its secret is said this once: nobody can read it here afterwards.

    Raises Problem `invalid` that names each field, and `not-now` where there are ten."""
    given = check(FORM, sent)
    if not is_address(given["address"]):
        raise Problem(INVALID, errors=[FieldError("address", AS_ADDRESS)])
    if len(table.every()) >= MOST_WEBHOOKS:
        raise not_now(TOO_MANY)
    webhook = Webhook(
        by_chance(8),
        given["name"],
        given["address"],
        frozenset(map(EventType, given["events"])),
        new_secret(),
        WebhookState.PROPOSED,
        by.staff_id,
        by.name,
        now,
    )
    item = WebhookItem(
        table.PK,
        webhook.webhook_id,
        name=webhook.name,
        address=webhook.address,
        events={one.value for one in webhook.events},
        secret=webhook.secret,
        state=webhook.state.value,
        by=by.staff_id,
        by_name=by.name,
        at=int(now.timestamp()),
        asked=0,
    )
    put = {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}
    _record(LedgerAct.WEBHOOK_PROPOSED, webhook, by, given["reason"], now, put)
    return webhook


def confirm(webhook_id: str, reason: str, by: Staff, now: datetime) -> None:
    """From now on its events are sent. Both people are conditions of the write, and stand in the ledger.

    Raises Problem `not-found`, `not-now` for who asked for it, `invalid` for a reason that says nothing, `changed`."""
    webhook = _found(webhook_id)
    if webhook.by == by.staff_id:
        raise not_now(SAME_PERSON)
    update = {
        "Update": {
            "Key": core_table.key(table.PK, webhook_id),
            "UpdateExpression": "SET #state = :on, confirmed_by = :me, confirmed_by_name = :name",
            "ConditionExpression": "#state = :proposed AND #by = :asked AND #by <> :me",
            "ExpressionAttributeNames": {"#state": "state", "#by": "by"},
            "ExpressionAttributeValues": {
                ":on": {"S": WebhookState.ON.value},
                ":proposed": {"S": WebhookState.PROPOSED.value},
                ":asked": {"S": webhook.by},
                ":me": {"S": by.staff_id},
                ":name": {"S": by.name},
            },
        }
    }
    _record(LedgerAct.WEBHOOK_CONFIRMED, webhook, by, reason, now, update)


def end(webhook_id: str, reason: str, by: Staff, now: datetime) -> None:
    """Nothing is sent to it any more, and what it was still to be told goes. Raises as `confirm`."""
    webhook = _found(webhook_id)
    gone = {"Delete": {"Key": core_table.key(table.PK, webhook_id), "ConditionExpression": "attribute_exists(pk)"}}
    _record(LedgerAct.WEBHOOK_ENDED, webhook, by, reason, now, gone)
    deliveries.erase_of(webhook_id)


def send_again(webhook_id: str, now: datetime) -> int:
    """Makes deliveries that were given up due now, at most REVIVED_AT_ONCE, and their address is tried at once;
    answers how many. The change calls for a turn, by the outbox. Raises Problem `not-found`, and `changed` before it is
    confirmed and if somebody else asked meanwhile."""
    webhook = _found(webhook_id)
    if webhook.state is WebhookState.PROPOSED:
        raise Problem(CHANGED)
    found = deliveries.dead(webhook_id, REVIVED_AT_ONCE)
    deliveries.revive(found, now)
    try:
        with unless_interfered():
            WebhookItem(table.PK, webhook_id).update(
                [
                    WebhookItem.state.set(WebhookState.AGAIN.value),
                    WebhookItem.asked.set(webhook.asked + 1),
                    WebhookItem.failing.set(0),
                    WebhookItem.failing_since.remove(),
                    WebhookItem.held_until.remove(),
                ],
                WebhookItem.asked == webhook.asked,
            )
    except Interfered:
        raise Problem(CHANGED) from None
    return len(found)


def _found(webhook_id: str) -> Webhook:
    webhook = table.get(webhook_id)
    if webhook is None:
        raise Problem(NOT_FOUND)
    return webhook


def _record(act: LedgerAct, webhook: Webhook, by: Staff, reason: str, now: datetime, write: dict[str, Any]) -> None:
    """The public part says where data goes and what; the rest of the address may be a secret of the receiver."""
    details = {"host": webhook.host, "events": sorted(webhook.events)}
    private = {"webhook_id": webhook.webhook_id, "name": webhook.name, "asked_by": webhook.by}
    try:
        ledger.record(act, by, reason, now, details=details, private=private, together_with=[write])
    except Refused as refused:
        if refused.busy:
            raise refused.busy from refused
        raise Problem(CHANGED) from None
    table.forget()
