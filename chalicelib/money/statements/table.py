"""Statements and their entries in the table.

| pk                | sk              | what                                                                          |
| ----------------- | --------------- | ----------------------------------------------------------------------------- |
| MOVEMENTS#yyyy-mm | dd#alike#number | an entry that was booked that day: whose it is, and how the bank calls it     |
| PAID#order_id     | movement_id     | that the entry is the order's                                                 |
| STATEMENTS        | statement_id    | a statement: its balances, who handed it in; its parts, once all of it stands |
| STATEMENT#id      | 0001 …          | the ids of its entries, so many in a part                                     |

An entry is known by what it says (rules.py), so it is there once, whichever file brings it. Its key is the condition
under which it is counted, in the one transaction with the order, the books and the task.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import Refused
from chalicelib.money.statements.movements import MovementAct, MovementState, StoredMovement, Trace
from chalicelib.money.statements.rules import Movement, MovementKind, Statement, StatementFormat, Told

MOVEMENTS, PAID, STATEMENTS, STATEMENT = "MOVEMENTS#", "PAID#", "STATEMENTS", "STATEMENT#"
# Ids in a part of a statement, some 40 bytes each.
IN_A_PART = 2_000
# Bookkeeping keeps what moved for ten years, behind the year in which it did.
KEPT = timedelta(days=11 * 366)

Write = dict[str, Any]


@dataclass(frozen=True)
class StoredStatement:
    """`entries`: how many it has. `by`: the name of who handed it in. `parts`: how many items hold the ids of its
    entries; 0: not all of it is stored yet."""

    statement_id: str
    account: str
    number: str
    format: StatementFormat
    opened_on: date
    closed_on: date
    opening_cents: int
    closing_cents: int
    entries: int
    by: str
    at: datetime
    parts: int = 0

    @property
    def is_whole(self) -> bool:
        return self.parts > 0

    @property
    def moved_cents(self) -> int:
        return self.closing_cents - self.opening_cents


def statement_id(statement: Statement) -> str:
    """The same for the same statement, however its file is packed or its lines end."""
    said = [
        *(statement.account, statement.number, statement.format, statement.opened_on, statement.closed_on),
        *(statement.opening_cents, statement.closing_cents),
        *((one.booked_on, one.cents, one.iban, one.reference, one.bank_reference) for one in statement.movements),
    ]
    digest = hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]
    return f"{statement.closed_on.isoformat()}-{digest}"


# Entries.


def new(told: Told, account: str, of: str) -> StoredMovement:
    return StoredMovement(account, told.movement, told.alike, told.number, told.names, of)


def putting(before: StoredMovement | None, after: StoredMovement) -> list[Write]:
    """Writes of a transaction: the entry, and that it is its order's. Refused if it is not as it was read; `before`
    None: if it is there already."""
    edition = before.edition if before else 0
    writes: list[Write] = [{"Put": {"Item": _item(after, edition + 1), **table.as_read("edition", edition)}}]
    was, now = (before.order_id if before else ""), after.order_id
    if was and was != now:
        writes.append({"Delete": {"Key": table.key(PAID + was, after.movement_id)}})
    if now and was != now:
        line = {**table.key(PAID + now, after.movement_id), "cents": {"N": str(after.cents)}}
        writes.append({"Put": {"Item": line}})
    return writes


def naming(stored: StoredMovement, told: Told) -> Write:
    """One write: how the bank calls the entry in another format too."""
    names = {format_: name for format_, name in told.names.items() if stored.names.get(format_) != name}
    (format_, name), *_ = names.items()
    return {
        "Update": {
            "Key": table.key(*_key(stored.movement_id)),
            "UpdateExpression": "SET #names.#format = :name, edition = edition + :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#names": "names", "#format": format_},
            "ExpressionAttributeValues": {":name": {"S": name}, ":one": {"N": "1"}},
        }
    }


def of_days(account: str, first: date, last: date) -> Iterator[StoredMovement]:
    """The entries of an account that were booked on these days, both included, day by day. They come by the month, with
    those of the city's other accounts."""
    month = first.replace(day=1)
    while month <= last:
        values = {
            ":month": {"S": f"{MOVEMENTS}{month:%Y-%m}"},
            ":first": {"S": f"{first:%d}#" if month.month == first.month and month.year == first.year else "00"},
            ":last": {"S": f"{last:%d}#~" if (month.year, month.month) == (last.year, last.month) else "99"},
        }
        for item in table.query("pk = :month AND sk BETWEEN :first AND :last", values, ConsistentRead=True):
            if item["account"]["S"] == account:
                yield _read(item)
        month = (month + timedelta(days=32)).replace(day=1)


def get(movement_id: str) -> StoredMovement | None:
    found = several([movement_id])
    return found.get(movement_id)


def several(movement_ids: Iterable[str]) -> dict[str, StoredMovement]:
    """Those of these that there are, by their ids; other texts are none."""
    keys = [table.key(*_key(one)) for one in dict.fromkeys(movement_ids) if _is_id(one)]
    found = [_read(item) for item in (table.batch_get(keys) if keys else ())]
    return {one.movement_id: one for one in found}


def of_order(order_id: str) -> list[StoredMovement]:
    """The bank's entries by which money came in for an order or went back, the oldest first."""
    values = {":paid": {"S": PAID + order_id}}
    ids = [item["sk"]["S"] for item in table.query("pk = :paid", values, ConsistentRead=True)]
    return sorted(several(ids).values(), key=lambda one: (one.movement.booked_on, one.movement_id))


# Statements.


def begin(statement: Statement, by: str, now: datetime) -> StoredStatement:
    """The statement as it is stored; puts it there if it is not."""
    of = statement_id(statement)
    if found := find(of):
        return found
    begun = StoredStatement(
        of,
        statement.account,
        statement.number,
        statement.format,
        statement.opened_on,
        statement.closed_on,
        statement.opening_cents,
        statement.closing_cents,
        len(statement.movements),
        by,
        now.replace(microsecond=0),
    )
    try:
        table.call("PutItem", Item=_statement_item(begun), ConditionExpression="attribute_not_exists(pk)")
    except Refused:  # somebody else handed it in at the same moment
        return find(of) or begun
    return begun


def finish(begun: StoredStatement, movement_ids: Sequence[str]) -> None:
    """All of its entries are stored. Again is the same."""
    parts = [movement_ids[at : at + IN_A_PART] for at in range(0, len(movement_ids), IN_A_PART)] or [()]
    for number, part in enumerate(parts, 1):
        item = {**table.key(STATEMENT + begun.statement_id, f"{number:04}"), "ids": {"S": " ".join(part)}}
        table.call("PutItem", Item=item)
    table.call(
        "UpdateItem",
        Key=table.key(STATEMENTS, begun.statement_id),
        UpdateExpression="SET parts = :parts",
        ExpressionAttributeValues={":parts": {"N": str(len(parts))}},
    )


def find(of: str) -> StoredStatement | None:
    item = table.call("GetItem", Key=table.key(STATEMENTS, of), ConsistentRead=True).get("Item")
    return _read_statement(item) if item else None


def statements(before: str = "~") -> Iterator[StoredStatement]:
    """The latest first, page by page. `before`: that come behind the one of this id."""
    values = {":all": {"S": STATEMENTS}, ":before": {"S": before}}
    for item in table.query("pk = :all AND sk < :before", values, ScanIndexForward=False):
        yield _read_statement(item)


def entries_of(of: str) -> list[str]:
    """The ids of a statement's entries, in its order."""
    values = {":of": {"S": STATEMENT + of}}
    items = table.query("pk = :of", values, ConsistentRead=True)
    return [one for item in items for one in item["ids"]["S"].split()]


def day_of(movement_id: str) -> date:
    return date(int(movement_id[:4]), int(movement_id[4:6]), int(movement_id[6:8]))


def _is_id(text: str) -> bool:
    day, _, rest = text.partition("-")
    return len(day) == 8 and day.isdigit() and day.isascii() and "-" in rest and "#" not in rest


def _key(movement_id: str) -> tuple[str, str]:
    day, alike, number = movement_id.split("-", 2)
    return f"{MOVEMENTS}{day[:4]}-{day[4:6]}", f"{day[6:]}#{alike}#{number}"


def _item(stored: StoredMovement, edition: int) -> dict[str, Any]:
    movement = stored.movement
    said = {
        "name": movement.name,
        "iban": movement.iban,
        "reference": movement.reference,
        "text": movement.text,
        "bank": movement.bank_reference,
        "kind": movement.kind,
        "end_to_end": movement.end_to_end,
        "traces": [[int(one.at.timestamp()), one.act, one.by, one.why] for one in stored.traces],
    }
    ends = datetime(movement.booked_on.year, 12, 31, tzinfo=UTC) + KEPT
    return {
        **table.key(*_key(stored.movement_id)),
        "account": {"S": stored.account},
        "cents": {"N": str(stored.cents)},
        "state": {"S": stored.state},
        "order_id": {"S": stored.order_id},
        "against": {"S": stored.against},
        "statement_id": {"S": stored.statement_id},
        "names": {"M": {format_: {"S": name} for format_, name in stored.names.items()}},
        "said": {"S": json.dumps(said, ensure_ascii=False, separators=(",", ":"))},
        "edition": {"N": str(edition)},
        "expires": {"N": str(int(ends.timestamp()))},
    }


def _read(item: Any) -> StoredMovement:
    year, month = item["pk"]["S"].removeprefix(MOVEMENTS).split("-")
    day, alike, number = item["sk"]["S"].split("#")
    said = json.loads(item["said"]["S"])
    movement = Movement(
        date(int(year), int(month), int(day)),
        int(item["cents"]["N"]),
        said["name"],
        said["iban"],
        said["reference"],
        said["text"],
        said["bank"],
        MovementKind(said["kind"]),
        said["end_to_end"],
    )
    return StoredMovement(
        item["account"]["S"],
        movement,
        alike,
        int(number),
        {StatementFormat(format_): name["S"] for format_, name in item["names"]["M"].items()},
        item["statement_id"]["S"],
        MovementState(item["state"]["S"]),
        item["order_id"]["S"],
        item["against"]["S"],
        tuple(Trace(datetime.fromtimestamp(at, UTC), MovementAct(act), by, why) for at, act, by, why in said["traces"]),
        int(item["edition"]["N"]),
    )


def _statement_item(begun: StoredStatement) -> dict[str, Any]:
    ends = datetime(begun.closed_on.year, 12, 31, tzinfo=UTC) + KEPT
    texts = {
        "account": begun.account,
        "number": begun.number,
        "format": begun.format,
        "opened_on": begun.opened_on.isoformat(),
        "closed_on": begun.closed_on.isoformat(),
        "by": begun.by,
    }
    numbers = {
        "opening": begun.opening_cents,
        "closing": begun.closing_cents,
        "entries": begun.entries,
        "at": int(begun.at.timestamp()),
        "parts": begun.parts,
        "expires": int(ends.timestamp()),
    }
    return {
        **table.key(STATEMENTS, begun.statement_id),
        **{name: {"S": text} for name, text in texts.items()},
        **{name: {"N": str(number)} for name, number in numbers.items()},
    }


def _read_statement(item: Any) -> StoredStatement:
    return StoredStatement(
        item["sk"]["S"],
        item["account"]["S"],
        item["number"]["S"],
        StatementFormat(item["format"]["S"]),
        date.fromisoformat(item["opened_on"]["S"]),
        date.fromisoformat(item["closed_on"]["S"]),
        int(item["opening"]["N"]),
        int(item["closing"]["N"]),
        int(item["entries"]["N"]),
        item["by"]["S"],
        datetime.fromtimestamp(int(item["at"]["N"]), UTC),
        int(item["parts"]["N"]),
    )
