"""The reminders to an order's family, beside the order.

| pk                | sk                     | what                                                     |
| ----------------- | ---------------------- | -------------------------------------------------------- |
| ACCOUNT#family_id | REMINDED#suffix#due_on | asked (set of days after the due day), until (named day) |

A due day that moves is another item: it is reminded of anew.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.money.orders.rules import Order
from chalicelib.money.unpaid.rules import Reminded
from chalicelib.people.families.identity import FAMILY_LENGTH

ACCOUNT, PREFIX = "ACCOUNT#", "REMINDED#"
# Longer than anybody is reminded of anything.
KEPT = timedelta(days=3 * 366)


def several(orders: Iterable[Order]) -> dict[str, Reminded]:
    """By order_id, of those that anything was told of."""
    by_key = {(key["pk"]["S"], key["sk"]["S"]): order.order_id for order in orders if (key := _key(order))}
    found = table.batch_get([table.key(*key) for key in by_key]) if by_key else ()
    return {by_key[item["pk"]["S"], item["sk"]["S"]]: _read(item) for item in found}


def ask(order: Order, after: int) -> None:
    """A reminder was begun with, so many days after the due day. Again is the same."""
    _update(order, "ADD asked :asked SET expires = :expires", {":asked": {"NS": [str(after)]}})


def tell(order: Order, until: date) -> None:
    """A mail named the day until which the family can pay. Of two the first stays."""
    _update(order, "SET #until = if_not_exists(#until, :until), expires = :expires", {":until": {"S": str(until)}})


def _update(order: Order, expression: str, values: Mapping[str, Any]) -> None:
    expires = int((datetime.combine(order.due_on, datetime.min.time(), UTC) + KEPT).timestamp())
    table.call(
        "UpdateItem",
        Key=_key(order),
        UpdateExpression=expression,
        ExpressionAttributeValues={**values, ":expires": {"N": str(expires)}},
        **({"ExpressionAttributeNames": {"#until": "until"}} if "#until" in expression else {}),
    )


def _read(item: Mapping[str, Any]) -> Reminded:
    asked = frozenset(map(int, item["asked"]["NS"])) if "asked" in item else frozenset()
    return Reminded(asked, date.fromisoformat(item["until"]["S"]) if "until" in item else None)


def _key(order: Order) -> dict[str, Any]:
    return table.key(ACCOUNT + order.family_id, f"{PREFIX}{order.order_id[FAMILY_LENGTH:]}#{order.due_on.isoformat()}")
