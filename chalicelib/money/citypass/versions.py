"""The versions of the city pass's rule, in the table.

| pk       | sk           | what                                                        |
| -------- | ------------ | ----------------------------------------------------------- |
| CITYPASS | RULES        | number of versions, first day of the last that is accepted  |
| CITYPASS | RULES#number | a version, who entered it, who accepted it                  |

A version never changes once it is entered: what was decided by it leads back to it. One that is wrong is not accepted,
and another one is entered.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import unless_interfered
from chalicelib.money.citypass.rules import (
    Benefit,
    BudgetOwner,
    BudgetRule,
    BudgetUnit,
    IncomeRule,
    PassRule,
    RuleVersion,
    Signatory,
    in_force,
)
from chalicelib.money.tariffs.rules import Labels
from chalicelib.people.staff.rules import Staff

PK, HEAD, PREFIX = "CITYPASS", "RULES", "RULES#"
_remembered: Memory[str, Sequence[RuleVersion]] = Memory(4)


def every() -> list[RuleVersion]:
    """The newest last. A read unit for each 4 KB."""
    values = {":pk": {"S": PK}, ":rules": {"S": PREFIX}}
    items = table.query("pk = :pk AND begins_with(sk, :rules)", values, ConsistentRead=True)
    return [_read(one) for one in items]


def remembered() -> Sequence[RuleVersion]:
    """As they were some seconds ago at most: accepting one in the last second is no reason to be refused by it."""
    return _remembered.get(PK, every)


def of_today(day: date) -> RuleVersion | None:
    return in_force(remembered(), day)


def get(number: int) -> RuleVersion | None:
    """A version by its number, for what was decided by it."""
    known = next((one for one in _remembered.last(PK) or () if one.number == number and one.is_accepted), None)
    if known:
        return known
    item = table.call("GetItem", Key=_key(number), ConsistentRead=True).get("Item")
    return _read(item) if item else None


def enter(rule: PassRule, before: int, by: Staff) -> RuleVersion:
    """Adds a version, which counts for nothing yet. `before`: how many there were when it was typed. Raises Interfered
    if there are more by now."""
    version = RuleVersion(before + 1, rule, Signatory(by.staff_id, by.name))
    head = {
        "Key": table.key(PK, HEAD),
        "UpdateExpression": "SET edition = :next",
        "ConditionExpression": "edition = :before" if before else "attribute_not_exists(edition)",
        "ExpressionAttributeValues": {
            ":next": {"N": str(before + 1)},
            **({":before": {"N": str(before)}} if before else {}),
        },
    }
    item = {
        **_key(version.number),
        "rule": {"S": json.dumps(_document(rule))},
        "first_day": {"S": rule.first_day.isoformat()},
        "entered_by": {"S": by.staff_id},
        "entered_name": {"S": by.name},
    }
    put = {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    with unless_interfered():
        table.transact_write([{"Update": head}, {"Put": put}])
    _remembered.forget()
    return version


def accept(version: RuleVersion, by: Staff) -> None:
    """From its first day on it counts. Raises Interfered if `by` entered it, somebody accepted it already, or one that
    begins as late or later was accepted: all three are conditions of the write."""
    day = {"S": version.rule.first_day.isoformat()}
    accepted = {
        "Key": _key(version.number),
        "UpdateExpression": "SET accepted_by = :by, accepted_name = :name",
        "ConditionExpression": "entered_by <> :by AND attribute_not_exists(accepted_by) AND first_day = :day",
        "ExpressionAttributeValues": {":by": {"S": by.staff_id}, ":name": {"S": by.name}, ":day": day},
    }
    head = {
        "Key": table.key(PK, HEAD),
        "UpdateExpression": "SET last_day = :day",
        "ConditionExpression": "attribute_not_exists(last_day) OR last_day < :day",
        "ExpressionAttributeValues": {":day": day},
    }
    with unless_interfered():
        table.transact_write([{"Update": accepted}, {"Update": head}])
    _remembered.forget()


def _key(number: int) -> dict[str, Any]:
    return table.key(PK, f"{PREFIX}{number:04}")


def _document(rule: PassRule) -> dict[str, Any]:
    return {**asdict(rule), "first_day": rule.first_day.isoformat()}


def _read(item: Mapping[str, Any]) -> RuleVersion:
    accepted = Signatory(item["accepted_by"]["S"], item["accepted_name"]["S"]) if "accepted_by" in item else None
    return RuleVersion(
        int(item["sk"]["S"].removeprefix(PREFIX)),
        _rule(json.loads(item["rule"]["S"])),
        Signatory(item["entered_by"]["S"], item["entered_name"]["S"]),
        accepted,
    )


def _rule(found: Mapping[str, Any]) -> PassRule:
    return PassRule(
        **{
            **found,
            "first_day": date.fromisoformat(found["first_day"]),
            "postcodes": tuple(found["postcodes"]),
            "income": IncomeRule(**found["income"]),
            "benefits": tuple(Benefit(one["name"], Labels(**one["label"])) for one in found["benefits"]),
            "budgets": tuple(
                BudgetRule(
                    **{
                        **one,
                        "label": Labels(**one["label"]),
                        "unit": BudgetUnit(one["unit"]),
                        "owner": BudgetOwner(one["owner"]),
                    }
                )
                for one in found["budgets"]
            ),
        }
    )
