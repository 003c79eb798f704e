"""Changes of webhooks in the table's stream. Plain rules."""

from collections.abc import Mapping
from typing import Any

from chalicelib.links.rules import WebhookState

PARTITION = "WEBHOOKS"
OF_STAFF = (WebhookState.PROPOSED, WebhookState.HALTED)


def waits_for_staff(keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """`webhook_id/number` of one that a second person is to confirm, or that stopped since somebody last asked to try
    again (`number`: how often that was); None for any other change."""
    if keys["pk"] != PARTITION or new.get("state") not in OF_STAFF or new.get("state") == old.get("state"):
        return None
    return f"{keys['sk']}/{int(new.get('asked', 0))}"


def is_asked_again(keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether somebody asked to try again by this change."""
    return keys["pk"] == PARTITION and new.get("state") == WebhookState.AGAIN and new.get("asked") != old.get("asked")
