"""Changes of an application for a city pass, as the table's stream shows them. Plain rules: the outbox starts often."""

from collections.abc import Mapping
from typing import Any

# The kind of its sort key.
APPLICATION = "CITYPASS"
# How it stands while it is a pass (applications.py: PassStatus).
GRANTED = "granted"


def decided(change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """`family_id/number` of an application that stands otherwise than before; None for any other change."""
    partition, _, owner = keys["pk"].partition("#")
    kind, _, number = keys["sk"].partition("#")
    is_application = (partition, kind) == ("F", APPLICATION) and number != ""
    if is_application and change != "REMOVE" and old.get("status") != new.get("status"):
        return f"{owner}/{number}"
    return None
