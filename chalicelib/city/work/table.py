"""Work of the city in the table: what there is to do for a family in its own partition, and a line for each in the list
of its municipality, the oldest due first.

| pk                | sk                       | what                                                               |
| ----------------- | ------------------------ | ------------------------------------------------------------------ |
| F#family_id       | WORK#kind#key            | municipality, about, due, since; who took it, its note, who did it |
| WORK#municipality | day#kind#family_id#key   | that it is on the list                                             |
| WORK#             | WORK#kind#key            | the same as the first, of work about no single family              |

The first is the truth, so that it is told to the family and erased with it. A line of a list leads to it, and is gone
when the work is done: what was done is read by nobody who looks for what there is to do. A line whose work is done, was
moved to another day or is erased is taken away by whoever comes upon it.

Handing in the same kind and key again changes when it is due and what it is about, never who has it, and never opens
again what is done. Two write units each, four in a transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from chalicelib.city.work.rules import (
    DONE_KEPT,
    OPEN_KEPT,
    Handling,
    ListedWork,
    Work,
    Worker,
    WorkId,
    WorkKind,
    day,
)
from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered
from chalicelib.people.staff.rules import Staff, scope_name

PREFIX = LIST = "WORK#"
FAMILY = "F#"
# Lines that are read at once, and as many of the work that they lead to.
AT_ONCE = 100

Item = Mapping[str, Any]


def puts_of(work: Work) -> list[dict[str, Any]]:
    """The two writes by which work is handed in, for a transaction. They have no condition: again is the same."""
    expires = {"N": str(int((work.since + OPEN_KEPT).timestamp()))}
    due = {":due": {"S": work.due.isoformat()}} if work.due else {}
    truth = {
        "Key": _key(work.id),
        "UpdateExpression": "SET municipality = :municipality, about = :about, "
        "since = if_not_exists(since, :since), expires = if_not_exists(expires, :expires)"
        + (", due = :due" if due else " REMOVE due"),
        "ExpressionAttributeValues": {
            ":municipality": {"S": work.municipality},
            ":about": {"M": {name: {"S": value} for name, value in work.about.items()}},
            ":since": {"N": str(int(work.since.timestamp()))},
            ":expires": expires,
            **due,
        },
    }
    line = {**_line(work), "kind": {"S": work.kind}, "family_id": {"S": work.id.family_id}, "of_kind": {"S": work.key}}
    return [{"Update": truth}, {"Put": {"Item": {**line, "expires": expires}}}]


def hand_in(work: Work) -> None:
    """Raises Busy; again is the same."""
    table.transact_write(puts_of(work))


def open_work(
    municipalities: Iterable[str], after: str = "", most: int = 50, kinds: Collection[WorkKind] = ()
) -> tuple[list[ListedWork], str | None]:
    """At most `most` pieces of work of these municipalities, the oldest due first, and behind what the next part begins
    (None: there is none). `after`: what the part before said; `kinds`: only these, all of them if there are none.

    A read unit for each piece of work that is looked at, most + 1 of each municipality, and half a unit for each 4 KB
    of lines, some 20 of them. With `kinds`, all lines are read that lie between.
    """
    lists = {scope_name(one): one for one in municipalities}.values()  # however its name is written
    found = list(islice(merge(*(_open(one, after, frozenset(kinds), most + 1) for one in lists), key=_order), most + 1))
    return found[:most], place(found[most - 1].work) if len(found) > most else None


def place(work: Work) -> str:
    """Where work stands in its list: the list's parts begin behind it, and lists are put together by it."""
    return f"{day(work).isoformat()}#{work.kind}#{work.id.family_id}#{work.key}"


def get(wanted: WorkId) -> ListedWork | None:
    """Work as it was handed in, done or not, and how it was handled."""
    item = table.call("GetItem", Key=_key(wanted), ConsistentRead=True).get("Item")
    return _read(item) if item and "since" in item else None


def of_family(family_id: str) -> list[ListedWork]:
    """All of a family's that is kept, done too, the oldest first."""
    found = [_read(item) for item in _items_of(family_id) if "since" in item]
    return sorted(found, key=lambda one: one.work.since)


def handlings(wanted: Sequence[WorkId]) -> dict[WorkId, Handling]:
    """How work was handled that is found elsewhere; none for what nobody touched. Half a read unit each."""
    ids = {(key["pk"]["S"], key["sk"]["S"]): one for one in wanted for key in (_key(one),)}
    items = table.batch_get([table.key(*key) for key in ids], consistent=False) if ids else []
    return {ids[item["pk"]["S"], item["sk"]["S"]]: _handling(item) for item in items}


def take(wanted: WorkId, by: Staff, now: datetime, edition: int) -> None:
    """From now on everybody sees that `by` does it. `edition`: as `by` saw it. Raises Interfered if somebody else
    changed it since, or it is done or gone."""
    values = {":by": _who(by), ":at": _number(now)}
    _change(wanted, edition, "taken_by = :by, taken_at = :at", values, now)


def leave(wanted: WorkId, now: datetime, edition: int) -> None:
    """Nobody has it any more. Raises Interfered."""
    _change(wanted, edition, "taken_at = :at", {":at": _number(now)}, now, "taken_by")


def note(wanted: WorkId, text: str, now: datetime, edition: int) -> None:
    """Stores a note for colleagues; empty takes it away. Raises Interfered."""
    _change(wanted, edition, "note = :note", {":note": {"S": text}}, now)


def finish(wanted: WorkId, by: Staff, now: datetime, edition: int) -> None:
    """It is done, and on no list any more. Raises Interfered."""
    found = get(wanted)
    values = {":by": _who(by), ":at": _number(now), ":end": _number(now + DONE_KEPT)}
    changes = "done_by = :by, done_at = :at, expires = :end"
    lines = [{"Delete": {"Key": _line(found.work)}}] if found else []
    with unless_interfered():
        table.transact_write([{"Update": _changing(wanted, edition, changes, values)}, *lines])


def withdraw(wanted: WorkId) -> None:
    """There is nothing to do any more; nothing happens to what is done, or is not there. Raises Busy, and Interfered
    if somebody changed it meanwhile."""
    found = get(wanted)
    if found is None or found.handling.done_at:
        return
    as_seen = _as_seen(found.handling.edition)
    values = {"ExpressionAttributeValues": as_seen[1]} if as_seen[1] else {}
    truth = {"Key": _key(wanted), "ConditionExpression": f"attribute_not_exists(done_at) AND {as_seen[0]}", **values}
    with unless_interfered():
        table.transact_write([{"Delete": truth}, {"Delete": {"Key": _line(found.work)}}])


def erase(family_id: str) -> None:
    """All of a family's, and its lines. Again is the same."""
    for item in _items_of(family_id):
        if "since" in item:
            table.call("DeleteItem", Key=_line(_read(item).work))
        table.call("DeleteItem", Key={"pk": item["pk"], "sk": item["sk"]})


def _open(municipality: str, after: str, kinds: frozenset[WorkKind], at_once: int) -> Iterator[ListedWork]:
    lines = _lines(municipality, after, kinds, at_once)
    while some := list(islice(lines, min(at_once, AT_ONCE))):
        yield from _standing(some)


def _standing(lines: Sequence[Item]) -> Iterator[ListedWork]:
    """The work to which lines lead, in their order; lines that lead to none go. Read consistently, and after the lines:
    what is not there is gone, and not only about to come."""
    keys = [_key(WorkId(WorkKind(line["kind"]["S"]), line["of_kind"]["S"], line["family_id"]["S"])) for line in lines]
    # A work that was moved to another day may have two lines.
    items = table.batch_get(list({(key["pk"]["S"], key["sk"]["S"]): key for key in keys}.values()))
    truths = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
    for line, key in zip(lines, keys, strict=True):
        item = truths.get((key["pk"]["S"], key["sk"]["S"]))
        found = _read(item) if item and "since" in item else None
        its_key = {"pk": line["pk"], "sk": line["sk"]}
        if found and not found.handling.done_at and _line(found.work) == its_key:
            yield found
        else:
            table.call("DeleteItem", Key=its_key)


def _lines(municipality: str, after: str, kinds: frozenset[WorkKind], at_once: int) -> Iterator[Item]:
    values = {":list": {"S": _list(municipality)}, ":after": {"S": after or " "}}
    only: dict[str, Any] = {"Limit": min(at_once, AT_ONCE)}
    if kinds:
        names = {f":kind{place}": {"S": kind.value} for place, kind in enumerate(sorted(kinds))}
        only = {"FilterExpression": f"kind IN ({', '.join(names)})"}
        values |= names
    return table.query("pk = :list AND sk > :after", values, **only)


def _order(one: ListedWork) -> str:
    return place(one.work)


def _items_of(family_id: str) -> Iterator[Item]:
    values = {":family": {"S": FAMILY + family_id}, ":work": {"S": PREFIX}}
    return table.query("pk = :family AND begins_with(sk, :work)", values, ConsistentRead=True)


def _change(
    wanted: WorkId, edition: int, changes: str, values: Item, now: datetime, removed: str | None = None
) -> None:
    """Work about no family gets an end: nobody erases it with one."""
    ends = "" if wanted.family_id else ", expires = :end"
    more = {} if wanted.family_id else {":end": _number(now + DONE_KEPT)}
    update = _changing(wanted, edition, changes + ends, {**values, **more}, removed)
    with unless_interfered():
        table.call("UpdateItem", **update)


def _changing(wanted: WorkId, edition: int, changes: str, values: Item, removed: str | None = None) -> dict[str, Any]:
    seen, of_edition = _as_seen(edition)
    is_there = "attribute_exists(since) AND " if wanted.family_id else ""
    return {
        "Key": _key(wanted),
        "UpdateExpression": f"SET {changes}, edition = :next" + (f" REMOVE {removed}" if removed else ""),
        "ConditionExpression": f"{is_there}attribute_not_exists(done_at) AND {seen}",
        "ExpressionAttributeValues": {**values, ":next": {"N": str(edition + 1)}, **of_edition},
    }


def _as_seen(edition: int) -> tuple[str, dict[str, Any]]:
    if not edition:
        return "attribute_not_exists(edition)", {}
    return "edition = :edition", {":edition": {"N": str(edition)}}


def _read(item: Item) -> ListedWork:
    _, kind, key = item["sk"]["S"].split("#", 2)
    work = Work(
        kind=WorkKind(kind),
        key=key,
        municipality=item["municipality"]["S"],
        about={name: value["S"] for name, value in item["about"]["M"].items()},
        due=date.fromisoformat(item["due"]["S"]) if "due" in item else None,
        since=_moment(item["since"]),
    )
    return ListedWork(work, _handling(item))


def _handling(item: Item) -> Handling:
    return Handling(
        taken_by=_worker(item.get("taken_by")),
        taken_at=_moment(item["taken_at"]) if "taken_at" in item else None,
        note=item["note"]["S"] if "note" in item else "",
        done_by=_worker(item.get("done_by")),
        done_at=_moment(item["done_at"]) if "done_at" in item else None,
        edition=int(item["edition"]["N"]) if "edition" in item else 0,
    )


def _key(wanted: WorkId) -> dict[str, Any]:
    return table.key(FAMILY + wanted.family_id if wanted.family_id else LIST, f"{PREFIX}{wanted.kind}#{wanted.key}")


def _line(work: Work) -> dict[str, Any]:
    return table.key(_list(work.municipality), place(work))


def _list(municipality: str) -> str:
    return LIST + scope_name(municipality)


def _who(by: Staff) -> dict[str, Any]:
    return {"M": {"staff_id": {"S": by.staff_id}, "name": {"S": by.name}}}


def _worker(value: Item | None) -> Worker | None:
    return Worker(value["M"]["staff_id"]["S"], value["M"]["name"]["S"]) if value else None


def _number(moment: datetime) -> dict[str, str]:
    return {"N": str(int(moment.timestamp()))}


def _moment(value: Item) -> datetime:
    return datetime.fromtimestamp(int(value["N"]), UTC)
