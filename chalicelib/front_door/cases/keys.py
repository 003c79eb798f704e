"""The key of a case, for whoever marks it and reads nothing."""

from typing import Any

from chalicelib.core import table

PREFIX, SK = "CASE#", "CASE"


def marking_returned(case_id: str, mark: str) -> dict[str, Any]:
    """One write: the mail about an entry of its history came back, as `Case.returned` says it. The stream tells of it.
    Refused if there is no such case."""
    return {
        "Update": {
            "Key": table.key(PREFIX + case_id, SK),
            "UpdateExpression": "ADD returned :mark",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":mark": {"SS": [mark]}},
        }
    }
