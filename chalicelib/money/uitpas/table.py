"""UiTPAS in the table.

| pk                | sk                                | what                                              |
| ----------------- | --------------------------------- | ------------------------------------------------- |
| UITPAS            | session_id                        | event_id: of UiTdatabank                          |
| F#family_id       | UITPAS#child_id                   | number of the pass; changes: how often it changed |
| ACCOUNT#family_id | TICKET#suffix#session_id#child_id | a ticket sale there; `suffix`: of the order       |

A ticket sale is written before UiTPAS is asked and once it answered, each on the condition of its edition; with it, in
one transaction, what it changes of its order. It goes when it is cancelled there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import Refused
from chalicelib.money.uitpas.rules import SaleStatus, TicketSale, UitpasTariff
from chalicelib.people.families.identity import FAMILY_LENGTH

EVENTS, FAMILY, ACCOUNT = "UITPAS", "F#", "ACCOUNT#"
PREFIX, TICKET = "UITPAS#", "TICKET#"
# A number is for the camps of a season, and the next one's.
NUMBER_KEPT = timedelta(days=400)
# How often a family may enter a number for a child: UiTPAS says of each whether it has a social rate.
MOST_CHANGES = 8
# Behind the last day of its camp: its order's prices stand by then.
SALE_KEPT = timedelta(days=400)

Write = dict[str, Any]


class EventItem(table.Item):
    event_id = UnicodeAttribute()


class NumberItem(table.Item):
    number = UnicodeAttribute(null=True)
    changes = NumberAttribute()
    expires = NumberAttribute()


class TicketItem(table.Item):
    status = UnicodeAttribute()
    edition = NumberAttribute()
    said = JSONAttribute()
    expires = NumberAttribute()


def events_of(session_ids: Iterable[str]) -> dict[str, str]:
    """Session to its event in UiTdatabank, as far as it has one; one read for all."""
    keys = [table.key(EVENTS, one) for one in dict.fromkeys(session_ids)]
    found = table.batch_get(keys, consistent=False) if keys else ()
    return {item["sk"]["S"]: item["event_id"]["S"] for item in found}


def put_event(session_id: str, event_id: str) -> None:
    EventItem(EVENTS, session_id, event_id=event_id).save()


def delete_event(session_id: str) -> None:
    EventItem(EVENTS, session_id).delete()


def numbers_of(family_id: str) -> dict[str, str]:
    """Child to the number of its pass. One query."""
    values = {":family": {"S": FAMILY + family_id}, ":numbers": {"S": PREFIX}}
    items = table.query("pk = :family AND begins_with(sk, :numbers)", values, ConsistentRead=True)
    return {item["sk"]["S"].removeprefix(PREFIX): item["number"]["S"] for item in items if "number" in item}


def put_number(family_id: str, child_id: str, number: str, now: datetime) -> bool:
    """False: it was changed too often."""
    try:
        table.call(
            "UpdateItem",
            Key=table.key(FAMILY + family_id, PREFIX + child_id),
            UpdateExpression="SET #number = :number, expires = :expires ADD changes :one",
            ConditionExpression="attribute_not_exists(changes) OR changes < :most",
            ExpressionAttributeNames={"#number": "number"},
            ExpressionAttributeValues={
                ":number": {"S": number},
                ":expires": {"N": str(int((now + NUMBER_KEPT).timestamp()))},
                ":one": {"N": "1"},
                ":most": {"N": str(MOST_CHANGES)},
            },
        )
    except Refused:
        return False
    return True


def forget_number(family_id: str, child_id: str) -> None:
    """How often it was entered stays until it expires."""
    try:
        table.call(
            "UpdateItem",
            Key=table.key(FAMILY + family_id, PREFIX + child_id),
            UpdateExpression="REMOVE #number",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeNames={"#number": "number"},
        )
    except Refused:
        return


def sale(order_id: str, session_id: str, child_id: str) -> TicketSale | None:
    item = TicketItem.find(*_key(order_id, session_id, child_id))
    return _read(item) if item else None


def sales_of(family_id: str) -> Sequence[TicketSale]:
    values = {":account": {"S": ACCOUNT + family_id}, ":tickets": {"S": TICKET}}
    items = table.query("pk = :account AND begins_with(sk, :tickets)", values, ConsistentRead=True)
    return [_read(TicketItem.from_raw_data(dict(item))) for item in items]


def putting(before: TicketSale | None, after: TicketSale) -> Write:
    """One write of a transaction: `after` in the place of `before` (None: there was none). Refused if it is not as it
    was read."""
    edition = before.edition if before else 0
    return {
        "Put": {"Item": _item(replace(after, edition=edition + 1)).serialize(), **table.as_read("edition", edition)}
    }


def deleting(one: TicketSale) -> Write:
    """One write: refused if it is not as it was read."""
    return {"Delete": {"Key": table.key(*_key(*_ids(one))), **table.as_read("edition", one.edition)}}


def _ids(one: TicketSale) -> tuple[str, str, str]:
    return one.order_id, one.session_id, one.child_id


def _key(order_id: str, session_id: str, child_id: str) -> tuple[str, str]:
    return ACCOUNT + order_id[:FAMILY_LENGTH], f"{TICKET}{order_id[FAMILY_LENGTH:]}#{session_id}#{child_id}"


def _item(one: TicketSale) -> TicketItem:
    expires = datetime.combine(one.last_day, time.min, UTC) + SALE_KEPT
    return TicketItem(
        *_key(*_ids(one)),
        status=one.status.value,
        edition=one.edition,
        expires=int(expires.timestamp()),
        said={
            "regular": one.regular_cents,
            "tariff": [one.tariff.tariff_id, one.tariff.name, one.tariff.cents],
            "asked_at": int(one.asked_at.timestamp()),
            "last_day": one.last_day.isoformat(),
            "sale_id": one.sale_id,
            "since": one.since.isoformat() if one.since else None,
            "tries": one.tries,
        },
    )


def _read(item: TicketItem) -> TicketSale:
    said: Mapping[str, Any] = item.said
    suffix, session_id, child_id = item.sk.removeprefix(TICKET).split("#")
    tariff_id, name, cents = said["tariff"]
    return TicketSale(
        item.pk.removeprefix(ACCOUNT) + suffix,
        session_id,
        child_id,
        SaleStatus(item.status),
        said["regular"],
        UitpasTariff(tariff_id, name, cents),
        datetime.fromtimestamp(said["asked_at"], UTC),
        date.fromisoformat(said["last_day"]),
        said["sale_id"],
        date.fromisoformat(said["since"]) if said["since"] else None,
        said["tries"],
        int(item.edition),
    )
