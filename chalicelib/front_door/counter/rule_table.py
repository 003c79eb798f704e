"""The rules by which certificates are issued, in versions, in the table.

| pk            | sk           | what                                                              |
| ------------- | ------------ | ----------------------------------------------------------------- |
| COUNTER-RULES | form_id      | how many versions there are, and which one is in force            |
| COUNTER-RULES | form_id#0001 | a version: who entered it, who accepted it, who ended it          |

What a version says never changes: certificates lead back to it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered
from chalicelib.front_door.counter.automatic import IssuingRule, Signatory

PK = "COUNTER-RULES"


def every() -> dict[str, list[IssuingRule]]:
    """All versions by form_id, the newest last."""
    found: dict[str, list[IssuingRule]] = {}
    for item in table.query("pk = :pk", {":pk": {"S": PK}}, ConsistentRead=True):
        if "said" in item:
            rule = _read(item)
            found.setdefault(rule.form_id, []).append(rule)
    return found


def in_force(form_id: str) -> IssuingRule | None:
    """As it is now. Two consistent reads at most."""
    head = table.call("GetItem", Key=table.key(PK, form_id), ConsistentRead=True).get("Item")
    if not head or "in_force" not in head:
        return None
    number = int(head["in_force"]["N"])
    return _read(table.call("GetItem", Key=_key(form_id, number), ConsistentRead=True)["Item"])


def enter(new: IssuingRule) -> None:
    """Adds a version, which does nothing yet. Raises Interfered if there is one of its number already."""
    head = {
        "Key": table.key(PK, new.form_id),
        "UpdateExpression": "SET newest = :number",
        "ConditionExpression": "newest = :before" if new.number > 1 else "attribute_not_exists(pk)",
        "ExpressionAttributeValues": {
            ":number": {"N": str(new.number)},
            **({":before": {"N": str(new.number - 1)}} if new.number > 1 else {}),
        },
    }
    said = {"desk": new.desk, "levels": new.levels, "days": new.days}
    item = {**_key(new.form_id, new.number), "said": {"S": json.dumps(said)}, **_signed("entered", new.entered)}
    with unless_interfered():
        table.transact_write(
            [{"Update": head}, {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}]
        )


def accept(rule: IssuingRule, by: Signatory) -> None:
    """From now on it acts, in the place of the one before. Raises Interfered if `by` entered it, somebody accepted it
    already, or there is a newer one: all are conditions of the write."""
    accepted = _signing(rule, "accepted", by)
    accepted["ConditionExpression"] += " AND entered_by <> :by"
    head = {
        "Key": table.key(PK, rule.form_id),
        "UpdateExpression": "SET in_force = :number",
        "ConditionExpression": "newest = :number",
        "ExpressionAttributeValues": {":number": {"N": str(rule.number)}},
    }
    with unless_interfered():
        table.transact_write([{"Update": accepted}, {"Update": head}])


def end(rule: IssuingRule, by: Signatory) -> None:
    """From now on a clerk issues again. Raises Interfered if it is not in force."""
    head = {
        "Key": table.key(PK, rule.form_id),
        "UpdateExpression": "REMOVE in_force",
        "ConditionExpression": "in_force = :number",
        "ExpressionAttributeValues": {":number": {"N": str(rule.number)}},
    }
    with unless_interfered():
        table.transact_write([{"Update": _signing(rule, "ended", by)}, {"Update": head}])


def relied_on(rule: IssuingRule) -> dict[str, Any]:
    """One part of a transaction, which changes nothing: this version is in force."""
    return {
        "ConditionCheck": {
            "Key": table.key(PK, rule.form_id),
            "ConditionExpression": "in_force = :number",
            "ExpressionAttributeValues": {":number": {"N": str(rule.number)}},
        }
    }


def _key(form_id: str, number: int) -> dict[str, Any]:
    return table.key(PK, f"{form_id}#{number:04}")


def _signed(what: str, by: Signatory) -> dict[str, Any]:
    at = by.at.astimezone(UTC).isoformat()
    return {f"{what}_by": {"S": by.staff_id}, f"{what}_name": {"S": by.name}, f"{what}_at": {"S": at}}


def _signing(rule: IssuingRule, what: str, by: Signatory) -> dict[str, Any]:
    """The update by which somebody accepts or ends a version that there is, once."""
    return {
        "Key": _key(rule.form_id, rule.number),
        "UpdateExpression": f"SET {what}_by = :by, {what}_name = :name, {what}_at = :at",
        "ConditionExpression": f"attribute_exists(pk) AND attribute_not_exists({what}_by)",
        "ExpressionAttributeValues": {
            ":by": {"S": by.staff_id},
            ":name": {"S": by.name},
            ":at": {"S": by.at.astimezone(UTC).isoformat()},
        },
    }


def _read(item: Mapping[str, Any]) -> IssuingRule:
    form_id, _, number = item["sk"]["S"].partition("#")
    said = json.loads(item["said"]["S"])
    entered = _signatory(item, "entered")
    assert entered is not None, "each version was entered by somebody"
    return IssuingRule(
        form_id,
        int(number),
        said["desk"],
        tuple(said["levels"]),
        said["days"],
        entered,
        _signatory(item, "accepted"),
        _signatory(item, "ended"),
    )


def _signatory(item: Mapping[str, Any], what: str) -> Signatory | None:
    if f"{what}_by" not in item:
        return None
    at = datetime.fromisoformat(item[f"{what}_at"]["S"])
    return Signatory(item[f"{what}_by"]["S"], item[f"{what}_name"]["S"], at)
