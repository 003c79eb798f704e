"""Tasks of finance about money, in the table; also those that other rooms of money hand in.

| pk              | sk                     | what                                                                |
| --------------- | ---------------------- | ------------------------------------------------------------------- |
| MONEY-TASKS     | since#subject          | kind, cents, municipality, about; note, who has it; edition         |
| MONEY-DONE#yyyy | since#subject#epoch    | the same, with who did it and when, as long as bookkeeping keeps it |

A task is there once for each subject: handing it in again changes what it says, never what people wrote on it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered
from chalicelib.money.statements.movements import MoneyTask, MoneyTaskKind
from chalicelib.people.staff.rules import Staff

TASKS, DONE = "MONEY-TASKS", "MONEY-DONE#"
# Ten years, and the one in which it was done.
KEPT = timedelta(days=11 * 366)

Write = dict[str, Any]


def hand_in(task: MoneyTask) -> list[Write]:
    """Writes of a transaction. They have no condition: again is the same."""
    values = {
        ":kind": {"S": task.kind},
        ":cents": {"N": str(task.cents)},
        ":municipality": {"S": task.municipality},
        ":about": {"M": {name: {"S": value} for name, value in task.about.items()}},
    }
    changes = "SET kind = :kind, cents = :cents, municipality = :municipality, about = :about"
    return [{"Update": {"Key": _key(task), "UpdateExpression": changes, "ExpressionAttributeValues": values}}]


def closing(task: MoneyTask, by: Staff | None, now: datetime) -> list[Write]:
    """Writes of a transaction: there is nothing to do any more, whatever somebody wrote on it meanwhile. `by` None:
    what came in left nothing to do."""
    return [{"Delete": {"Key": _key(task)}}, _done(task, by.name if by else "", now)]


def finishing(task: MoneyTask, by: Staff, now: datetime) -> list[Write]:
    """Writes of a transaction: it is done. Refused if somebody changed it since it was read."""
    return [{"Delete": {"Key": _key(task), **_as_seen(task)}}, _done(task, by.name, now)]


def _done(task: MoneyTask, by: str, now: datetime) -> Write:
    """`by`: "" the system, because what came in left nothing to do."""
    done = {
        **table.key(f"{DONE}{now.year}", f"{task.since.isoformat()}#{task.subject}#{int(now.timestamp())}"),
        **_content(task),
        "done_by": {"S": by},
        "done_at": {"N": str(int(now.timestamp()))},
        "expires": {"N": str(int((now + KEPT).timestamp()))},
    }
    return {"Put": {"Item": done}}


def changing(task: MoneyTask) -> Write:
    """One write: the task with another note, owner or wish, in the place of the edition that was read. Refused if
    somebody else changed it."""
    item = {**_key(task), **_content(task), "edition": {"N": str(task.edition + 1)}}
    return {"Put": {"Item": item, **_as_seen(task)}}


def change(task: MoneyTask) -> None:
    """Raises Interfered if somebody else changed it."""
    with unless_interfered():
        table.transact_write([changing(task)])


def get(task_id: str) -> MoneyTask | None:
    item = table.call("GetItem", Key=_key_of(task_id), ConsistentRead=True).get("Item")
    return _read(item) if item else None


def several(task_ids: Iterable[str]) -> list[MoneyTask]:
    """Those of these that are open."""
    keys = [_key_of(one) for one in dict.fromkeys(task_ids)]
    return [_read(item) for item in (table.batch_get(keys) if keys else ())]


def every(after: str = "") -> Iterator[MoneyTask]:
    """Those that are open, the oldest first, page by page. `after`: behind the task of this id."""
    values = {":tasks": {"S": TASKS}, ":after": {"S": after.replace("~", "#", 1) or " "}}
    for item in table.query("pk = :tasks AND sk > :after", values, ConsistentRead=True):
        yield _read(item)


def _key(task: MoneyTask) -> dict[str, Any]:
    return _key_of(task.task_id)


def _key_of(task_id: str) -> dict[str, Any]:
    return table.key(TASKS, task_id.replace("~", "#", 1))


def _content(task: MoneyTask) -> dict[str, Any]:
    return {
        "kind": {"S": task.kind},
        "cents": {"N": str(task.cents)},
        "municipality": {"S": task.municipality},
        "about": {"M": {name: {"S": value} for name, value in task.about.items()}},
        "note": {"S": task.note},
        "taken_by": {"S": task.taken_by},
        "wants_back": {"BOOL": task.wants_back},
    }


def _as_seen(task: MoneyTask) -> dict[str, Any]:
    """It is still about the same, and nobody touched it."""
    values: dict[str, Any] = {":seen": {"S": task.kind}}
    if not task.edition:
        condition = "kind = :seen AND attribute_not_exists(edition)"
    else:
        condition, values = "kind = :seen AND edition = :edition", {**values, ":edition": {"N": str(task.edition)}}
    return {"ConditionExpression": condition, "ExpressionAttributeValues": values}


def _read(item: Any) -> MoneyTask:
    since, _, subject = item["sk"]["S"].partition("#")
    return MoneyTask(
        MoneyTaskKind(item["kind"]["S"]),
        date.fromisoformat(since),
        subject,
        int(item["cents"]["N"]),
        item["municipality"]["S"],
        {name: value["S"] for name, value in item["about"]["M"].items()},
        item.get("note", {}).get("S", ""),
        item.get("taken_by", {}).get("S", ""),
        item.get("wants_back", {}).get("BOOL", False),
        int(item.get("edition", {"N": "0"})["N"]),
    )
