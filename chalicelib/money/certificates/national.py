"""The national numbers in the table: `NATIONAL#family_id / NUMBERS`, in a partition of its own, so that no reading of a
family, an order or a certificate brings them along. The family's file tells them masked (rights/telling.py).

The stream shows them to nobody: no filter of the template lets this key through. The table is encrypted at rest by
DynamoDB, as every table is (docs/money.md says what that keeps out).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.money.certificates.papers import Payer
from chalicelib.money.certificates.payers import FamilyNumbers, NumberedPayer, expires

PARTITION, SK = "NATIONAL#", "NUMBERS"


def of_family(family_id: str) -> FamilyNumbers:
    """The payers and numbers that the family gave; empty if it gave nothing, or if that is erased."""
    item = table.call("GetItem", Key=_key(family_id), ConsistentRead=True).get("Item")
    return _read(item) if item else FamilyNumbers()


def several(family_ids: Iterable[str]) -> dict[str, FamilyNumbers]:
    """Of those that gave something."""
    keys = [_key(one) for one in dict.fromkeys(family_ids)]
    return {item["pk"]["S"].removeprefix(PARTITION): _read(item) for item in (table.batch_get(keys) if keys else ())}


def put(family_id: str, given: FamilyNumbers, kept_until: date, now: datetime) -> None:
    """In the place of what was read, as given at `now`. Raises Refused if somebody else changed it meanwhile."""
    said = {
        "payers": [[*vars(one.payer).values(), one.number] for one in given.payers],
        "children": dict(given.children),
        "shares": {child_id: list(shares) for child_id, shares in given.shares.items()},
    }
    item = {
        **_key(family_id),
        "said": {"S": json.dumps(said, ensure_ascii=False)},
        "edition": {"N": str(given.edition + 1)},
        "given_at": {"N": str(int(now.timestamp()))},
        "expires": {"N": str(expires(kept_until))},
    }
    table.call("PutItem", Item=item, **table.as_read("edition", given.edition))


def erase(family_id: str) -> None:
    """Again is the same."""
    table.call("DeleteItem", Key=_key(family_id))


def erase_given_until(family_id: str, moment: datetime) -> bool:
    """Erases them unless the family gave them anew since: those are for certificates to come. Again is the same."""
    condition = {
        "ConditionExpression": "given_at <= :moment",
        "ExpressionAttributeValues": {":moment": {"N": str(int(moment.timestamp()))}},
    }
    return went_through(lambda: table.call("DeleteItem", Key=_key(family_id), **condition))


def _key(family_id: str) -> dict[str, Any]:
    return table.key(PARTITION + family_id, SK)


def _read(item: Mapping[str, Any]) -> FamilyNumbers:
    ends = datetime.fromtimestamp(int(item["expires"]["N"]), UTC)
    if ends <= datetime.now(UTC):  # time to live takes a day or two
        return FamilyNumbers(edition=int(item["edition"]["N"]))
    said = json.loads(item["said"]["S"])
    return FamilyNumbers(
        tuple(NumberedPayer(Payer(*one[:-1]), one[-1]) for one in said["payers"]),
        said["children"],
        said["shares"],
        int(item["edition"]["N"]),
        (ends - timedelta(days=1)).date(),
    )
