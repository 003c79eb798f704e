"""Changes about helpers, as the table's stream shows them. Plain rules: the outbox starts often."""

from collections.abc import Mapping
from typing import Any

from chalicelib.people.assistance.rules import HelpEndedBy

# The kinds of their sort keys.
HELPER, HELP = "HELPER", "HELP"


def link_to_send(change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """`helper_id` of a helper for whom a link was made; None for any other change."""
    kind, _, helper_id = keys["sk"].partition("#")
    is_new = change != "REMOVE" and "nonce" in new and old.get("nonce") != new["nonce"]
    return helper_id if keys["pk"] == "HELPERS" and kind == HELPER and is_new else None


def help_to_tell(change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """`family_id/help_id` of a help that begins, or is ended before its time, or whose mail did not arrive; None for
    any other change."""
    partition, _, owner = keys["pk"].partition("#")
    kind, _, help_id = keys["sk"].partition("#")
    is_ended = new.get("ended_by") in set(HelpEndedBy) and "ended_by" not in old
    is_unreached = "unreached" in new and "unreached" not in old
    is_told = change == "INSERT" or (change == "MODIFY" and (is_ended or is_unreached))
    return f"{owner}/{help_id}" if (partition, kind) == ("F", HELP) and is_told else None
