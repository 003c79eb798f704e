"""Declarations in the family's own partition, and a line for each that waits, the oldest first.

| pk                    | sk                              | what                                                |
| --------------------- | ------------------------------- | --------------------------------------------------- |
| F#family_id           | ENTITLED#declaration_id         | what is declared, since when, the proof, who decided |
| ENTITLED#municipality | declared_at#family_id#declaration_id | that nobody decided it yet                     |

The first is the truth, and what happens to it is a condition of its edition. A line is written and deleted with it; one
that leads to nothing that waits is taken away by whoever comes upon it.

`ENTITLED#` in the stream makes the family's orders be worked out anew (mail/rules.py).
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from chalicelib.city.work.rules import Worker
from chalicelib.core import table
from chalicelib.core.refusals import Refused, unless_interfered
from chalicelib.money.entitlements.rules import Decision, Declaration, Declared, Paper, ProofStatus
from chalicelib.people.staff.rules import scope_name

PREFIX = LIST = "ENTITLED#"
FAMILY = "F#"
AT_ONCE = 100

Item = Mapping[str, Any]
Write = Mapping[str, Any]


def of_family(family_id: str) -> list[Declaration]:
    """All that is kept, the oldest first. One query; `rules.family_of` makes of it what prices go by."""
    values = {":family": {"S": FAMILY + family_id}, ":declared": {"S": PREFIX}}
    items = table.query("pk = :family AND begins_with(sk, :declared)", values, ConsistentRead=True)
    return sorted(map(read, items), key=lambda each: (each.declared_at, each.declaration_id))


def get(family_id: str, declaration_id: str) -> Declaration | None:
    item = table.call("GetItem", Key=_key(family_id, declaration_id), ConsistentRead=True).get("Item")
    return read(item) if item else None


def put(declaration: Declaration) -> None:
    """A new one. Raises Interfered if it is there already, and Busy."""
    truth = {"Put": {"Item": _item(declaration), **table.as_read("edition", 0)}}
    with unless_interfered():
        table.transact_write([truth, *_lines_of(declaration)])


def replace(before: Declaration, after: Declaration, more: Sequence[Write] = ()) -> None:
    """In the place of `before`, if that still stands as it was read; `more`: of the same transaction, without
    conditions. Raises Interfered and Busy."""
    truth = {"Put": {"Item": _item(after), **table.as_read("edition", before.edition)}}
    line = {"Delete": {"Key": _line(before)}}
    with unless_interfered():
        table.transact_write([truth, *([line] if before.waits and not after.waits else _lines_of(after)), *more])


def delete(declaration: Declaration) -> None:
    """If it still stands as it was read. Raises Interfered and Busy."""
    key = _key(declaration.family_id, declaration.declaration_id)
    truth = {"Delete": {"Key": key, **table.as_read("edition", declaration.edition)}}
    with unless_interfered():
        table.transact_write([truth, {"Delete": {"Key": _line(declaration)}}])


def renaming(family_id: str, old: str, new: str) -> list[Write]:
    """Writes of a transaction: what was declared for a child is for another id from now on."""
    writes: list[Write] = []
    for before in of_family(family_id):
        if before.declared.child_id == old:
            declared = dataclasses.replace(before.declared, child_id=new)
            after = dataclasses.replace(before, declared=declared, edition=before.edition + 1)
            writes.append({"Put": {"Item": _item(after), **table.as_read("edition", before.edition)}})
    return writes


def forget_paper(declaration: Declaration) -> None:
    """That what was uploaded is deleted. It changes no edition; again, or of one that is gone, it does nothing."""
    with suppress(Refused):
        table.call(
            "UpdateItem",
            Key=_key(declaration.family_id, declaration.declaration_id),
            UpdateExpression="REMOVE paper",
            ConditionExpression="attribute_exists(pk)",
        )


def waiting(municipalities: Iterable[str], after: str = "", most: int = 25) -> tuple[list[Declaration], str | None]:
    """At most `most` that wait with these municipalities, the oldest first, and behind what the next part begins (None:
    there is none). A read unit for each, and half a unit for each 4 KB of lines."""
    lists = {scope_name(each) for each in municipalities}
    every = merge(*(_waiting(each, after, most + 1) for each in lists), key=place)
    found = list(islice(every, most + 1))
    return found[:most], place(found[most - 1]) if len(found) > most else None


def place(declaration: Declaration) -> str:
    """The declaration's place in its list."""
    at = declaration.declared_at.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{at}#{declaration.family_id}#{declaration.declaration_id}"


def erase_lines(family_id: str) -> None:
    """The lines that lead to the family's; its own partition goes with the family. Again is the same."""
    for declaration in of_family(family_id):
        if declaration.waits:
            table.call("DeleteItem", Key=_line(declaration))


def _waiting(municipality: str, after: str, at_once: int) -> Iterator[Declaration]:
    values = {":list": {"S": LIST + municipality}, ":after": {"S": after or " "}}
    lines = table.query("pk = :list AND sk > :after", values, Limit=min(at_once, AT_ONCE))
    while some := list(islice(lines, min(at_once, AT_ONCE))):
        yield from _standing(some)


def _standing(lines: Sequence[Item]) -> Iterator[Declaration]:
    """The declarations that lines lead to, in their order. Read after them and consistently: one that does not wait is
    decided or gone."""
    keys = [_key(*line["sk"]["S"].split("#")[1:]) for line in lines]
    truths = {(item["pk"]["S"], item["sk"]["S"]): item for item in table.batch_get(keys)}
    for line, key in zip(lines, keys, strict=True):
        item = truths.get((key["pk"]["S"], key["sk"]["S"]))
        found = read(item) if item else None
        if found and found.waits:
            yield found
        else:
            table.call("DeleteItem", Key={"pk": line["pk"], "sk": line["sk"]})


def _lines_of(declaration: Declaration) -> list[Write]:
    if not declaration.waits:
        return []
    return [{"Put": {"Item": {**_line(declaration), "expires": _seconds(declaration.expires)}}}]


def read(item: Item) -> Declaration:
    """From the item as DynamoDB writes it."""
    said = {name: value["S"] for name, value in item.items() if "S" in value}
    declared = Declared(
        name=said["name"],
        municipality=said.get("municipality", ""),
        child_id=said.get("child_id"),
        since=date.fromisoformat(said["since"]),
        until=date.fromisoformat(said["until"]),
        income_cents=int(item["income_cents"]["N"]) if "income_cents" in item else None,
    )
    return Declaration(
        declaration_id=said["sk"].removeprefix(PREFIX),
        family_id=said["pk"].removeprefix(FAMILY),
        declared=declared,
        declared_at=datetime.fromisoformat(said["declared_at"]),
        declared_by=_worker(item["declared_by"]["M"]) if "declared_by" in item else None,
        status=ProofStatus(said["status"]),
        paper=_paper(item["paper"]["M"]) if "paper" in item else None,
        decision=_decision(item["decision"]["M"]) if "decision" in item else None,
        edition=int(item["edition"]["N"]),
    )


def _item(declaration: Declaration) -> dict[str, Any]:
    declared, paper, decision = declaration.declared, declaration.paper, declaration.decision
    texts = {
        "name": declared.name,
        "municipality": declared.municipality,
        "child_id": declared.child_id,
        "since": declared.since.isoformat(),
        "until": declared.until.isoformat(),
        "declared_at": declaration.declared_at.isoformat(),
        "status": declaration.status.value,
    }
    item: dict[str, Any] = {
        **_key(declaration.family_id, declaration.declaration_id),
        **_texts(texts),
        "edition": {"N": str(declaration.edition)},
        "expires": _seconds(declaration.expires),
    }
    if declared.income_cents is not None:
        item["income_cents"] = {"N": str(declared.income_cents)}
    if declaration.declared_by:
        item["declared_by"] = {"M": _of_worker(declaration.declared_by)}
    if paper:
        size = {"N": str(paper.size)}
        item["paper"] = {"M": {**_texts({"kind": paper.kind, "at": paper.at.isoformat()}), "size": size}}
    if decision:
        said = _texts({"at": decision.at.isoformat(), "seen": decision.seen, "reason": decision.reason})
        item["decision"] = {"M": {**said, "by": {"M": _of_worker(decision.by)}}}
    return item


def _texts(texts: Mapping[str, str | None]) -> dict[str, Any]:
    return {name: {"S": text} for name, text in texts.items() if text}


def _of_worker(worker: Worker) -> dict[str, Any]:
    return {"staff_id": {"S": worker.staff_id}, "name": {"S": worker.name}}


def _worker(stored: Item) -> Worker:
    return Worker(stored["staff_id"]["S"], stored["name"]["S"])


def _paper(stored: Item) -> Paper:
    return Paper(stored["kind"]["S"], int(stored["size"]["N"]), datetime.fromisoformat(stored["at"]["S"]))


def _decision(stored: Item) -> Decision:
    texts = {name: stored[name]["S"] for name in ("seen", "reason") if name in stored}
    return Decision(_worker(stored["by"]["M"]), datetime.fromisoformat(stored["at"]["S"]), **texts)


def _line(declaration: Declaration) -> dict[str, Any]:
    return table.key(LIST + scope_name(declaration.declared.municipality), place(declaration))


def _key(family_id: str, declaration_id: str) -> dict[str, Any]:
    return table.key(FAMILY + family_id, PREFIX + declaration_id)


def _seconds(moment: datetime) -> dict[str, str]:
    return {"N": str(int(moment.timestamp()))}
