"""Entries that are the city's own refunds: what `refunds` says of them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.money.refunds import rules, settling
from chalicelib.money.statements.movements import StoredMovement

_WORD = re.compile("[0-9A-Za-z-]+")


@dataclass(frozen=True)
class RefundSeen:
    """`writes`: of the transaction that stores the entry, with its entry in the books."""

    order_id: str
    writes: tuple[dict[str, Any], ...]


def is_ours(stored: StoredMovement) -> bool:
    """Whether it may be one: by what it says, without a read."""
    return bool(_reference(stored))


def refund_of(stored: StoredMovement, now: datetime) -> RefundSeen | None:
    """The refund that left the account with this entry, or came back; None: it is none of ours, or not as it was
    released, and a person must look."""
    reference = _reference(stored)
    refund = settling.found([reference]).get(reference) if reference else None
    if refund is None:
        return None
    if stored.cents < 0:
        writes = settling.went_out(refund, -stored.cents, stored.account, now)
    else:
        writes = settling.came_back(refund, stored.cents, stored.account, now)
    return RefundSeen(refund.order_id, tuple(writes)) if writes else None


def _reference(stored: StoredMovement) -> str:
    """As the file that we made gave it to the bank: by itself, or within the text of an entry that came back; empty:
    there is none."""
    said = [stored.movement.end_to_end.strip(), *_WORD.findall(stored.movement.text)]
    return next((one for one in said if rules.of_reference(one)), "")
