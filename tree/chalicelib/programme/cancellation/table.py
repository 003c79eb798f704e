"""The rule of what cancelling costs, in the table: one item with every version, the newest last.

| pk   | sk           | what                             |
| ---- | ------------ | -------------------------------- |
| CITY | CANCELLATION | number of versions, the versions |

A city sets it once, and changes it once in some years; a version is 100 bytes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import unless_interfered
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.cancellation.rules import CancellationStep, DatedRule, Rule

PK, SK = "CITY", "CANCELLATION"
# How long a container goes by what it read. Whatever was registered before a change keeps the rule that it had, so a
# few seconds make no difference to anybody.
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, Sequence[DatedRule]] = Memory(SECONDS_REMEMBERED)


class CancellationItem(table.Item):
    """`edition`: the number of the newest version. `versions`: `{number, since (ISO 8601), steps: [[days before,
    percent]], then}`, as JSON."""

    edition = NumberAttribute()
    versions = JSONAttribute()


def versions() -> list[DatedRule]:
    """Every version as they are now, the newest last; none while the default stands. One read unit for 4 KB."""
    item = CancellationItem.find(PK, SK)
    return [_version(one) for one in item.versions] if item else []


def remembered() -> Sequence[DatedRule]:
    """The same as it was at most SECONDS_REMEMBERED ago."""
    return _remembered.get(PK, versions)


def change(before: Sequence[DatedRule], rule: Rule, by: Staff, reason: str, now: datetime) -> DatedRule:
    """Adds a version, with its entry in the ledger, in one transaction. `before`: the versions as they were looked at.

    Raises Interfered, Problem `invalid` for a reason that says nothing, and Busy if DynamoDB does not answer.
    """
    new = DatedRule(len(before) + 1, now.astimezone(UTC).replace(microsecond=0), rule)
    item = CancellationItem(PK, SK, edition=new.number, versions=[_document(one) for one in (*before, new)])
    put = {"Item": item.serialize(), **table.as_read("edition", len(before))}
    with unless_interfered():
        ledger.record(
            LedgerAct.CANCELLATION_RULE,
            by,
            reason,
            now,
            details={"version": new.number, **_content(rule)},
            together_with=[{"Put": put}],
        )
    _remembered.forget()
    return new


def _content(rule: Rule) -> dict[str, Any]:
    return {"steps": [[step.days_before, step.percent] for step in rule.steps], "then": rule.then}


def _document(version: DatedRule) -> dict[str, Any]:
    return {"number": version.number, "since": version.since.isoformat(), **_content(version.rule)}


def _version(document: dict[str, Any]) -> DatedRule:
    rule = Rule(tuple(CancellationStep(days, percent) for days, percent in document["steps"]), document["then"])
    return DatedRule(document["number"], datetime.fromisoformat(document["since"]), rule)
