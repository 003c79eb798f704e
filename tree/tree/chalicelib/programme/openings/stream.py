"""Openings and their logs as the table's stream shows them. Plain rules, as it writes no mails."""

from collections.abc import Mapping
from typing import Any

PK = "OPENINGS"
# In an opening's own partition, before the number of an incident.
LOG = "LOG"
DRAFT = "draft"


def drafted(change: str, keys: Mapping[str, str], new: Mapping[str, Any]) -> tuple[str, int] | None:
    """The draft that was written, approved or changed, and its version; None for anything else."""
    if keys["pk"] != PK or change == "REMOVE" or new.get("state") != DRAFT or "version" not in new:
        return None
    return keys["sk"], int(new["version"])


def waits_for_a_second(new: Mapping[str, Any]) -> bool:
    """Whether an incident that is new needs somebody else's yes before it takes effect."""
    return "at" not in new
