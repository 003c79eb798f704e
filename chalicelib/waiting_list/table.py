"""The waiting list of a session: a ticket from a counter, then one item for each child that waits.

An item for each child, not one for the list: joining costs the same for the first and for the two thousandth family.
A child waits at most once for a session (the item's key), whoever registered it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError

from chalicelib import table
from chalicelib.waiting_list import rules
from chalicelib.waiting_list.rules import Place

PREFIX = "W#"


class PlaceItem(table.Item):
    registration_id = UnicodeAttribute()
    ticket = NumberAttribute()


def join(session_id: str, children: Iterable[str], registration_id: str) -> str | None:
    """Puts all of the children on the list or none. None: they are on it, now or from an earlier try; else the
    registration with which one of them is on it already."""
    ticket = _next_ticket(session_id)
    puts = [
        {
            "Put": {
                "Item": {
                    **_key(session_id, child),
                    "registration_id": {"S": registration_id},
                    "ticket": {"N": str(ticket)},
                },
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
        for child in children
    ]
    try:
        if len(puts) == 1:
            table.call("PutItem", **puts[0]["Put"])
        else:
            table.transact_write(puts)
    except ClientError as error:
        others = set(_registrations_that_refused(error))
        others.discard(registration_id)
        return min(others, default=None)
    return None


def waiting_by(session_id: str, children: Iterable[str]) -> set[str]:
    """The registrations by which any of the children waits."""
    return {item["registration_id"]["S"] for item in table.batch_get([_key(session_id, child) for child in children])}


def leave(session_id: str, children: Iterable[str], registration_id: str) -> bool:
    """Takes the children off the list that wait by this registration. False: none does."""
    left = False
    for item in table.batch_get([_key(session_id, child) for child in children]):
        if item["registration_id"]["S"] == registration_id:
            # On the condition that it still waits by that one: it may have left and come back in between.
            try:
                PlaceItem(item["pk"]["S"], item["sk"]["S"]).delete(
                    condition=PlaceItem.registration_id == registration_id
                )
            except DeleteError as error:
                if not table.is_refusal(error):
                    raise
            left = True
    return left


def places(session_id: str) -> list[Place]:
    """Everybody who waits, in order; a consistent read of the list (about 80 bytes a child)."""
    items = PlaceItem.query(f"S#{session_id}", PlaceItem.sk.startswith(PREFIX), consistent_read=True)
    found = [Place(item.sk.removeprefix(PREFIX), item.registration_id, int(item.ticket)) for item in items]
    return sorted(found, key=lambda place: (place.ticket, place.child_id))


def position(session_id: str, registration_id: str) -> int | None:
    return rules.position(places(session_id), registration_id)


def _next_ticket(session_id: str) -> int:
    """Tickets are never given twice; a crash leaves a gap, which changes no order."""
    answer = table.call(
        "UpdateItem",
        Key={"pk": {"S": f"S#{session_id}"}, "sk": {"S": "WAITING"}},
        UpdateExpression="ADD #next :one",
        ExpressionAttributeNames={"#next": "next"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["next"]["N"])


def _key(session_id: str, child: str) -> dict[str, Any]:
    return {"pk": {"S": f"S#{session_id}"}, "sk": {"S": f"{PREFIX}{child}"}}


def _registrations_that_refused(error: ClientError) -> Iterable[str]:
    """The registrations of the places that stood in the way; raises the error if it is another one."""
    response: Mapping[str, Any] = error.response
    match response["Error"]["Code"]:
        case "ConditionalCheckFailedException":
            return [response["Item"]["registration_id"]["S"]]
        case "TransactionCanceledException":
            reasons = response["CancellationReasons"]
            if all(reason["Code"] in ("None", "ConditionalCheckFailed") for reason in reasons):
                return [reason["Item"]["registration_id"]["S"] for reason in reasons if "Item" in reason]
    raise error
