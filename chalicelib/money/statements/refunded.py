"""Entries that are the city's own refunds: what `refunds` says of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.money.statements.movements import StoredMovement


@dataclass(frozen=True)
class RefundSeen:
    """`writes`: of the transaction that stores the entry, with its entry in the books."""

    order_id: str
    writes: tuple[dict[str, Any], ...]


def is_ours(stored: StoredMovement) -> bool:
    """Whether it may be one: by what it says, without a read."""
    return False


def refund_of(stored: StoredMovement, now: datetime) -> RefundSeen | None:
    """The refund that left the account with this entry, or came back; None: it is none of ours."""
    return None
