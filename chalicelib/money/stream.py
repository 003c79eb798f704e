"""Changes about money in the table's stream. Plain rules."""

from collections.abc import Mapping
from typing import Any

# The partition of payments on line that are looked at each hour (money/online/table.py).
WATCHED_PAYMENTS = "PAYMENTS"
# As a refund's item has it (money/refunds/rules.py).
OUT = "out"


def family_to_measure(keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """The family whose orders may cost otherwise by this change: what it is entitled to changed, what is paid
    beside a stay did, or a person decided something about an order. None for any other change."""
    partition, _, owner = keys["pk"].partition("#")
    kind = keys["sk"].partition("#")[0]
    if partition == "F" and kind in ("ENTITLED", "EXTRAS"):
        return owner
    if partition == "ACCOUNT" and kind == "ORDER" and old and new and new.get("inputs") != old.get("inputs"):
        return owner
    return None


def is_watched_payment(change: str, keys: Mapping[str, str]) -> bool:
    """Whether a payment on line is to be looked at each hour from now on."""
    return change == "INSERT" and keys["pk"] == WATCHED_PAYMENTS


def certificates_to_tell(change: str, keys: Mapping[str, str]) -> str | None:
    """`family_id/year` of tax certificates of which the family is to be told; None for any other change."""
    partition, _, owner = keys["pk"].partition("#")
    kind, _, which = keys["sk"].partition("#")
    if change == "INSERT" and (partition, kind) == ("CERTIFIED", "TELL"):
        return f"{owner}/{which.partition('#')[0]}"
    return None


def family_with_ticket(
    change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> str | None:
    """The family whose ticket sales at UiTPAS are to be looked at: one was begun, or an order of one may have dropped
    what UiTPAS took off. None for any other change."""
    partition, _, owner = keys["pk"].partition("#")
    kind = keys["sk"].partition("#")[0]
    if partition != "ACCOUNT":
        return None
    if kind == "TICKET" and change == "INSERT":
        return owner
    is_changed = bool(old and new) and new.get("inputs") != old.get("inputs")
    return owner if kind == "ORDER" and is_changed and '"uitpas#' in str(old.get("inputs")) else None


def paid_order(
    change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, str | int] | None:
    """The order of which nothing is owed any more, since this change, and for which something was paid. None for any
    other change. Amounts in cents."""
    partition, _, family_id = keys["pk"].partition("#")
    kind, _, suffix = keys["sk"].partition("#")
    if (change, partition, kind) != ("MODIFY", "ACCOUNT", "ORDER") or _owed(old) <= 0 or _owed(new) > 0:
        return None
    received = int(new.get("received", 0)) - int(new.get("returned", 0))
    if received <= 0:
        return None
    return {
        "order_id": family_id + suffix,
        "municipality": str(new.get("municipality", "")),
        "amount_cents": int(new.get("amount", 0)),
        "received_cents": received,
        "currency": "EUR",
    }


def refund_paid(
    change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, str | int] | None:
    """The refund that went out by this change; None for any other."""
    partition, _, order_id = keys["pk"].partition("#")
    if (change, partition) != ("MODIFY", "REFUND") or new.get("state") != OUT or old.get("state") == OUT:
        return None
    return {
        "order_id": order_id,
        "refund_id": f"{order_id}-{keys['sk'].lstrip('0')}",
        "municipality": str(new.get("municipality", "")),
        "amount_cents": int(new.get("cents", 0)),
        "currency": "EUR",
    }


def _owed(order: Mapping[str, Any]) -> int:
    """As `Order.balance_cents`."""
    return int(order.get("amount", 0)) - int(order.get("received", 0)) + int(order.get("returned", 0))
