"""The keys of a family's partition and of its passes, for whoever writes beside them and reads nothing."""

from typing import Any

from chalicelib.core import table

# A family's partition, which others share, and its passes in it.
PARTITION, PREFIX = "F#", "P#"


def of_pass(family_id: str, pass_id: str) -> dict[str, Any]:
    """As DynamoDB writes it."""
    return table.key(PARTITION + family_id, PREFIX + pass_id)
