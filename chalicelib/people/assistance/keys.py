"""The keys of helpers and helps, for whoever marks them and reads nothing."""

from typing import Any

from chalicelib.core import table
from chalicelib.people.families.keys import PARTITION as FAMILIES

HELPERS, HELPER = "HELPERS", "HELPER#"
HELP = "HELP#"


def marking_helper(helper_id: str, why: str) -> dict[str, Any]:
    """One write: a mail to a helper did not arrive. Refused if there is no such helper."""
    return _marking(HELPERS, HELPER + helper_id, why)


def marking_help(family_id: str, help_id: str, why: str) -> dict[str, Any]:
    """One write: a mail to a family about a help did not arrive. The stream tells of it. Refused if there is no such
    help."""
    return _marking(FAMILIES + family_id, HELP + help_id, why)


def _marking(pk: str, sk: str, why: str) -> dict[str, Any]:
    return {
        "Update": {
            "Key": table.key(pk, sk),
            "UpdateExpression": "SET unreached = :why",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":why": {"S": why}},
        }
    }
