"""Who was there, in the table: `PRESENCE#session_id / day#child_id`, one item for a child and a day, and the groups of
the session, `PRESENCE#session_id / GROUPS`.

A tap is one conditional UpdateItem of an item below 1 KB: one write unit, no read, whatever others mark at the same
time. A day of 300 children is one query of 14 read units (tests/booking/presence/test_races.py measures both).

The stream shows none of it to anybody: no filter of the template lets these keys through.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.booking.presence.rules import (
    ATTENDED,
    Groups,
    Mark,
    Marked,
    Marker,
    Outcome,
    Presence,
    Tap,
    kept_until,
)
from chalicelib.core import table
from chalicelib.core.refusals import Refused, unless_interfered, went_through

PREFIX, GROUPS = "PRESENCE#", "GROUPS"

Item = Mapping[str, Any]


# --- marks ---


def mark(session_id: str, day: date, tap: Tap) -> Marked:
    """Marks the child, on the condition that it stands as whoever marks has seen it, or that nothing but their own mark
    stands. The same mark by two is no conflict. Raises Busy; again and again is the same."""
    try:
        answer = table.call("UpdateItem", **_marking(session_id, day, tap))
    except Refused as refused:
        stands = _read(refused.items[0]) if refused.items[0] else Presence(tap.child_id)
    else:
        return Marked(Outcome.STORED, _read(answer["Attributes"]))
    if stands.mark is not tap.mark:
        return Marked(Outcome.CONFLICT, stands)
    if tap.note is None or tap.note == stands.note:
        return Marked(Outcome.SAME, stands)
    if stands.note and tap.seen != stands.edition:
        return Marked(Outcome.CONFLICT, stands)
    return _note(session_id, day, tap, stands)


def _marking(session_id: str, day: date, tap: Tap) -> dict[str, Any]:
    names = {
        "#mark": "mark",
        "#before": "before",
        "#edition": "edition",
        "#at": "at",
        "#by": "by",
        "#name": "by_name",
        "#registration": "registration_id",
        "#expires": "expires",
        "#note": "note",
    }
    values = {
        ":mark": {"S": tap.mark.value},
        ":unmarked": {"S": Mark.UNMARKED.value},
        ":at": {"N": str(int(tap.at.timestamp()))},
        ":by": {"S": tap.by.staff_id},
        ":name": {"S": tap.by.name},
        ":registration": {"S": tap.registration_id},
        ":expires": {"N": str(kept_until(day))},
        ":none": {"N": "0"},
        ":one": {"N": "1"},
    }
    sets = ["#mark = :mark", "#before = if_not_exists(#mark, :unmarked)"]
    sets += ["#edition = if_not_exists(#edition, :none) + :one", "#at = :at", "#by = :by", "#name = :name"]
    sets += ["#registration = :registration", "#expires = :expires"]
    forgets = " REMOVE #note"
    if tap.note:
        sets.append("#note = :note")
        values[":note"] = {"S": tap.note}
        forgets = ""
    # Whoever marks may change what they marked themselves, unless that was later: the answer to a tap may be lost.
    own = "(attribute_exists(pk) AND #by = :by AND #at <= :at AND #mark <> :mark)"
    if tap.seen:
        values[":seen"] = {"N": str(tap.seen)}
        condition = f"{own} OR (#edition = :seen AND #mark <> :mark)"
    elif tap.mark is Mark.UNMARKED:  # where nothing stands there is nothing to take back, but something to note
        condition = f"{own} OR attribute_not_exists(pk)" if tap.note else own
    else:
        condition = f"{own} OR attribute_not_exists(pk) OR #mark = :unmarked"
    return {
        "Key": _key(session_id, day, tap.child_id),
        "UpdateExpression": f"SET {', '.join(sets)}{forgets}",
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _note(session_id: str, day: date, tap: Tap, stands: Presence) -> Marked:
    """Another note to the mark that stands; an empty one takes it away."""
    values = {":seen": {"N": str(stands.edition)}, ":one": {"N": "1"}, ":by": {"S": tap.by.staff_id}}
    values |= {":name": {"S": tap.by.name}}
    if tap.note:
        values[":note"] = {"S": tap.note}
    update = "SET #edition = #edition + :one, #by = :by, #name = :name"
    names = {"#edition": "edition", "#by": "by", "#name": "by_name", "#note": "note"}
    try:
        answer = table.call(
            "UpdateItem",
            Key=_key(session_id, day, tap.child_id),
            UpdateExpression=f"{update}, #note = :note" if tap.note else f"{update} REMOVE #note",
            ConditionExpression="#edition = :seen",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except Refused as refused:
        item = refused.items[0]
        return Marked(Outcome.CONFLICT, _read(item) if item else Presence(tap.child_id))
    return Marked(Outcome.STORED, _read(answer["Attributes"]))


def of_day(session_id: str, day: date) -> dict[str, Presence]:
    """By child; who was never marked that day is not in it. One query, consistent."""
    values = {":pk": {"S": PREFIX + session_id}, ":day": {"S": f"{day.isoformat()}#"}}
    found = table.query("pk = :pk AND begins_with(sk, :day)", values, ConsistentRead=True)
    return {one.child_id: one for one in map(_read, found)}


def attended(session_id: str) -> set[tuple[str, date]]:
    """Every child that was there, with the day, also where nothing but the day is kept. One query of the session."""
    found = table.query("pk = :pk", {":pk": {"S": PREFIX + session_id}}, ConsistentRead=True)
    marks = ((item, _read(item)) for item in found if not is_groups(item))
    return {(one.child_id, _day(item)) for item, one in marks if one.mark in ATTENDED}


def of_registration(session_id: str, registration_id: str) -> list[tuple[date, Presence]]:
    """The days of its children, in their order. Reads the session's partition: not for a page that many ask for."""
    marked = [(_day(item), _read(item)) for item in _by(session_id, registration_id)]
    return sorted(marked, key=lambda one: (one[0], one[1].child_id))


# --- what remains ---


def keep_days_alone(session_id: str, registration_id: str | None = None) -> None:
    """Of a registration, or of every one of the session: only that the child was there that day is kept. Hours, notes,
    who marked and by which registration go; so does each mark that says that it was not there. Raises Busy; again and
    again is the same."""
    marked = list(_by(session_id, registration_id))
    while marked:
        # Whatever somebody marks meanwhile is found again.
        for item in marked:
            with suppress(Refused):
                _keep_day(item)
        marked = list(_by(session_id, registration_id))
    if registration_id is None:
        table.call("DeleteItem", Key=_groups_key(session_id))


def _keep_day(item: Item) -> None:
    """Raises Refused if it was marked anew since it was read."""
    write: dict[str, Any] = {
        "Key": {name: item[name] for name in ("pk", "sk")},
        "ConditionExpression": "#edition = :edition",
        "ExpressionAttributeNames": {"#edition": "edition"},
        "ExpressionAttributeValues": {":edition": item["edition"]},
    }
    if _read(item).mark not in ATTENDED:
        table.call("DeleteItem", **write)
        return
    gone = ("at", "by", "by_name", "before", "note", "registration_id")
    write["ExpressionAttributeNames"] |= {"#mark": "mark", **{f"#{name}": name for name in gone}}
    write["ExpressionAttributeValues"] |= {":present": {"S": Mark.PRESENT.value}}
    forgets = ", ".join(f"#{name}" for name in gone)
    table.call("UpdateItem", UpdateExpression=f"SET #mark = :present REMOVE {forgets}", **write)


def _by(session_id: str, registration_id: str | None) -> Iterator[Item]:
    values = {":pk": {"S": PREFIX + session_id}}
    condition = "attribute_exists(registration_id)"
    if registration_id is not None:
        condition, values[":registration"] = "registration_id = :registration", {"S": registration_id}
    yield from table.query("pk = :pk", values, ConsistentRead=True, FilterExpression=condition)


# --- groups ---


def groups_key(session_id: str) -> dict[str, Any]:
    """For a batch that reads more than this."""
    return _groups_key(session_id)


def is_groups(item: Item) -> bool:
    return bool(item["sk"]["S"] == GROUPS and item["pk"]["S"].startswith(PREFIX))


def session_of(item: Item) -> str:
    return str(item["pk"]["S"]).removeprefix(PREFIX)


def read_groups(item: Item) -> Groups:
    """From the item as DynamoDB writes it."""
    names = {pair["L"][0]["S"]: pair["L"][1]["S"] for pair in item["names"]["L"]}
    members = {child: _pair(value["S"]) for child, value in item["members"]["M"].items()}
    return Groups(int(item["edition"]["N"]), names, members)


def groups_of(session_id: str) -> Groups:
    item = table.call("GetItem", Key=_groups_key(session_id), ConsistentRead=True).get("Item")
    return read_groups(item) if item else Groups()


def change_groups(session_id: str, before: Groups, now: Groups, expires: int) -> None:
    """Puts `now` in the place of `before`; raises Interfered if somebody else changed them meanwhile."""
    item = {
        **_groups_key(session_id),
        "edition": {"N": str(before.edition + 1)},
        "names": {"L": [{"L": [{"S": group_id}, {"S": name}]} for group_id, name in now.names.items()]},
        "members": {"M": {child: {"S": " ".join(one)} for child, one in now.members.items()}},
        "expires": {"N": str(expires)},
    }
    with unless_interfered():
        table.call("PutItem", Item=item, **table.as_read("edition", before.edition))


def leave_groups(session_id: str, registration_id: str) -> None:
    """Takes the children of a registration out of the session's groups. Raises Busy."""
    while True:
        groups = groups_of(session_id)
        left = {child: one for child, one in groups.members.items() if one[1] != registration_id}
        if len(left) == len(groups.members):
            return
        names = {"#members": "members", "#edition": "edition"}
        names |= {f"#c{place}": child for place, child in enumerate(groups.members.keys() - left.keys())}
        gone = ", ".join(f"#members.{name}" for name in names if name.startswith("#c"))
        update = {
            "Key": _groups_key(session_id),
            "UpdateExpression": f"REMOVE {gone} SET #edition = #edition + :one",
            "ConditionExpression": "#edition = :edition",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":edition": {"N": str(groups.edition)}},
        }
        if went_through(lambda update=update: table.call("UpdateItem", **update)):  # type: ignore[misc]
            return


def rename(session_id: str, registration_id: str, old: str, new: str) -> None:
    """A child of the registration has another id from now on: so have its marks, and its place in a group. What
    somebody marks at this moment stays under the old id. Raises Busy; again and again is the same."""
    for item in _by(session_id, registration_id):
        if item["sk"]["S"].endswith(f"#{old}"):
            key = {name: item[name] for name in ("pk", "sk")}
            renamed = {**item, "sk": {"S": item["sk"]["S"].removesuffix(old) + new}}
            as_read = {
                "ConditionExpression": "#edition = :edition",
                "ExpressionAttributeNames": {"#edition": "edition"},
                "ExpressionAttributeValues": {":edition": item["edition"]},
            }
            with suppress(Refused):
                table.transact_write([{"Put": {"Item": renamed}}, {"Delete": {"Key": key, **as_read}}])
    while True:
        groups = groups_of(session_id)
        group_id, whose = groups.members.get(old, ("", ""))
        if whose != registration_id:
            return
        update = {
            "Key": _groups_key(session_id),
            "UpdateExpression": "REMOVE #members.#old SET #members.#new = :its, #edition = #edition + :one",
            "ConditionExpression": "#edition = :edition",
            "ExpressionAttributeNames": {"#members": "members", "#edition": "edition", "#old": old, "#new": new},
            "ExpressionAttributeValues": {
                ":its": {"S": f"{group_id} {whose}"},
                ":one": {"N": "1"},
                ":edition": {"N": str(groups.edition)},
            },
        }
        if went_through(lambda update=update: table.call("UpdateItem", **update)):  # type: ignore[misc]
            return


def _key(session_id: str, day: date, child_id: str) -> dict[str, Any]:
    return table.key(PREFIX + session_id, f"{day.isoformat()}#{child_id}")


def _groups_key(session_id: str) -> dict[str, Any]:
    return table.key(PREFIX + session_id, GROUPS)


def _pair(text: str) -> tuple[str, str]:
    group_id, _, registration_id = text.partition(" ")
    return group_id, registration_id


def _day(item: Item) -> date:
    return date.fromisoformat(item["sk"]["S"].partition("#")[0])


def _read(item: Item) -> Presence:
    return Presence(
        child_id=item["sk"]["S"].partition("#")[2],
        mark=Mark(item["mark"]["S"]),
        edition=int(item["edition"]["N"]),
        before=Mark(item["before"]["S"]) if "before" in item else Mark.UNMARKED,
        at=datetime.fromtimestamp(int(item["at"]["N"]), UTC) if "at" in item else None,
        by=Marker(item["by"]["S"], item["by_name"]["S"]) if "by" in item else None,
        note=item["note"]["S"] if "note" in item else "",
        registration_id=item["registration_id"]["S"] if "registration_id" in item else None,
    )
