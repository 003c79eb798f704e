"""Bookings of swimming slots: who has how many places, and how often a family swims in a week.

The truth is the slot's item: one attribute for each family, and their sum. A booking is two writes, of one unit each:

1. the visit is entered in the family's week, on the condition that it has fewer visits than it may have;
2. the places are claimed, on the condition that so many are left.

Cancelling goes the other way: the places first, then the entry. So what breaks off leaves an entry without places,
never places that no entry tells of. It would count against the family, so an entry carries the moment of its try: when
it is older than any request gets, whoever meets the limit takes it away (`booking.py`), and time to live ends it in any
case.
"""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused, went_through
from chalicelib.swimming.rules import Slot, week_of_slot

SLOTS = "SWIM#"
WEEK = "WEEK#"
# In a slot's item: how many places a family has. In a week's: the try that entered a slot.
HELD = "f#"
TRY = "t#"
# The time within which a function may still write: it is ended after 10 seconds. Generous, because clocks differ.
SETTLED_SECONDS = 60
# How long a container shows a week as it read it. The claim asks the slot itself.
SECONDS_REMEMBERED = 1.0
_weeks: Memory[str, Mapping[str, "Taken"]] = Memory(SECONDS_REMEMBERED)

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """`by`: family_id to its places. They add up to `places`."""

    places: int = 0
    by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class VisitWeek:
    """A family's visits in one week. `entries`: slot_id to the try that entered it. `people`: how many came along the
    last time."""

    week: str
    entries: Mapping[str, str] = field(default_factory=dict)
    people: int | None = None


def attempt(now: datetime) -> str:
    return f"{int(now.timestamp())}-{secrets.token_urlsafe(6)}"


def is_settled(attempt: str, now: datetime) -> bool:
    """Whether nothing of that try can be under way any more."""
    return int(attempt.partition("-")[0]) < int(now.timestamp()) - SETTLED_SECONDS


def enter(family_id: str, slot: Slot, people: int, attempt: str, most: int) -> VisitWeek | None:
    """Enters a visit, if the family has fewer than `most` in that week. None: it is entered; else the week as it is,
    which is full or has it already."""
    return _enter(
        family_id,
        slot,
        people,
        attempt,
        "attribute_not_exists(#try) AND (attribute_not_exists(visits) OR size(visits) < :most)",
        {":most": _number(most)},
    )


def join_in(family_id: str, slot: Slot, people: int, attempt: str, earlier: str) -> bool:
    """A try takes over the entry of an earlier one. False: that one is no longer there."""
    return _enter(family_id, slot, people, attempt, "#try = :earlier", {":earlier": {"S": earlier}}) is None


def keep_entered(family_id: str, slot: Slot, people: int, attempt: str) -> None:
    """Places that a family has are entered, whatever became of the entry meanwhile."""
    _enter(family_id, slot, people, attempt, None, {})


def _enter(
    family_id: str, slot: Slot, people: int, attempt: str, condition: str | None, values: Mapping[str, Any]
) -> VisitWeek | None:
    conditional = {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    try:
        table.call(
            "UpdateItem",
            Key=_week_key(family_id, slot.week),
            UpdateExpression="ADD visits :slot SET #try = :attempt, people = :people, expires = :expires",
            ExpressionAttributeNames={"#try": TRY + slot.slot_id},
            ExpressionAttributeValues={
                ":slot": {"SS": [slot.slot_id]},
                ":attempt": {"S": attempt},
                ":people": _number(people),
                ":expires": _number(slot.expires),
                **values,
            },
            **(conditional if condition else {}),
        )
    except Refused as refused:
        item = refused.items[0]
        return _week(item) if item else VisitWeek(slot.week)
    return None


def withdraw(family_id: str, slot_id: str, attempt: str) -> bool:
    """Takes an entry away, unless another try has taken it over: that one may be about to claim."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=_week_key(family_id, week_of_slot(slot_id)),
            UpdateExpression="DELETE visits :slot REMOVE #try",
            ConditionExpression="#try = :attempt",
            ExpressionAttributeNames={"#try": TRY + slot_id},
            ExpressionAttributeValues={":slot": {"SS": [slot_id]}, ":attempt": {"S": attempt}},
        )
    )


def claim(family_id: str, slot: Slot, people: int) -> Taken | None:
    """Takes places, all or none, once for a family. None: it has them; else what is taken, this family's included."""
    unbooked = "attribute_not_exists(taken) OR " if people <= slot.places else ""
    return _changes(
        slot,
        "SET #family = :people, expires = :expires, taken = if_not_exists(taken, :none) + :people",
        f"attribute_not_exists(#family) AND ({unbooked}taken <= :most)",
        family_id,
        {
            ":people": _number(people),
            ":none": _number(0),
            ":most": _number(slot.places - people),
            ":expires": _number(slot.expires),
        },
    )


def change(family_id: str, slot: Slot, people: int, held: int) -> Taken | None:
    """Other places instead of those `held`. None: it has them; else what is taken, this family's included. Fewer places
    are given even where the city has taken some away meanwhile."""
    values = {":people": _number(people), ":held": _number(held), ":more": _number(people - held)}
    enough = ""
    if people > held:
        enough = " AND taken <= :most"
        values[":most"] = _number(slot.places - (people - held))
    return _changes(slot, "SET #family = :people, taken = taken + :more", f"#family = :held{enough}", family_id, values)


def release(family_id: str, slot: Slot) -> bool:
    """Gives the family's places back. False: it has none (any more)."""
    return (
        _changes(slot, "SET taken = taken - #family REMOVE #family", "attribute_exists(#family)", family_id, {}) is None
    )


def erase(family_id: str, visits: VisitWeek) -> None:
    """Gives back every place that the family has in a week, of whatever timetable, and then forgets the week. Again and
    again is the same."""
    for slot_id in visits.entries:
        with suppress(Refused):
            table.call(
                "UpdateItem",
                Key=_slot_key(slot_id),
                UpdateExpression="SET taken = taken - #family REMOVE #family",
                ConditionExpression="attribute_exists(#family)",
                ExpressionAttributeNames={"#family": HELD + family_id},
            )
    _weeks.forget(visits.week)
    table.call("DeleteItem", Key=_week_key(family_id, visits.week))


def _changes(slot: Slot, update: str, condition: str, family_id: str, values: Mapping[str, Any]) -> Taken | None:
    _weeks.forget(slot.week)
    expression: dict[str, Any] = {"UpdateExpression": update, "ConditionExpression": condition}
    if values:
        expression["ExpressionAttributeValues"] = values
    try:
        table.call(
            "UpdateItem",
            Key=_slot_key(slot.slot_id),
            ExpressionAttributeNames={"#family": HELD + family_id},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **expression,
        )
    except Refused as refused:
        item = refused.items[0]
        return _taken(item) if item else Taken()
    return None


def taken(slot_ids: Iterable[str], *, consistent: bool = True) -> dict[str, Taken]:
    """The places taken in these slots; a slot without bookings is left out."""
    wanted = list(dict.fromkeys(slot_ids))
    items = table.batch_get([_slot_key(one) for one in wanted], consistent=consistent) if wanted else []
    found = {item["sk"]["S"]: _taken(item) for item in items}
    return {one: found.get(one, Taken()) for one in wanted}


def taken_in(week: str) -> Mapping[str, Taken]:
    """The places taken in the slots of a week, as of a second ago; slots without bookings are left out."""
    return _weeks.get(week, lambda: _read(week))


def _read(week: str) -> Mapping[str, Taken]:
    return {item["sk"]["S"]: _taken(item) for item in table.query("pk = :week", {":week": {"S": SLOTS + week}})}


def week(family_id: str, week: str) -> VisitWeek:
    """A family's week as it is now."""
    item: Any = table.call("GetItem", Key=_week_key(family_id, week), ConsistentRead=True).get("Item")
    return _week(item) if item else VisitWeek(week)


def weeks(family_id: str) -> list[VisitWeek]:
    """A family's weeks, in their order."""
    values = {":family": {"S": f"F#{family_id}"}, ":week": {"S": WEEK}}
    items = table.query("pk = :family AND begins_with(sk, :week)", values, ConsistentRead=True)
    return list(map(_week, items))


def entries(item: Image) -> list[str]:
    """The slots that a family's week enters, from its item as DynamoDB writes it."""
    return list(_week(item).entries)


def _slot_key(slot_id: str) -> dict[str, Any]:
    return table.key(SLOTS + week_of_slot(slot_id), slot_id)


def _week_key(family_id: str, week: str) -> dict[str, Any]:
    return table.key(f"F#{family_id}", WEEK + week)


def _taken(item: Image) -> Taken:
    by = {name.removeprefix(HELD): int(value["N"]) for name, value in item.items() if name.startswith(HELD)}
    return Taken(int(item["taken"]["N"]), by)


def _week(item: Image) -> VisitWeek:
    entries = {name.removeprefix(TRY): value["S"] for name, value in item.items() if name.startswith(TRY)}
    return VisitWeek(
        item["sk"]["S"].removeprefix(WEEK), entries, int(item["people"]["N"]) if "people" in item else None
    )


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
