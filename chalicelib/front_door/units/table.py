"""The units of the city, all under one key.

| pk    | sk      | what                                      |
| ----- | ------- | ----------------------------------------- |
| UNITS | unit_id | a unit, with its people and who leads them |
"""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.front_door.stream import UNITS
from chalicelib.front_door.units.rules import Unit, Widening

PK = UNITS
# Somebody who left a unit reads its cases no longer than this.
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, dict[str, Unit]] = Memory(SECONDS_REMEMBERED)


class UnitItem(table.Item):
    """`said`: the unit as JSON. `people`: how many there are, so that a condition can ask. `widened`: the edition of
    its last widening, for the stream, whose filter sees `state` (infra/template.yaml)."""

    edition = NumberAttribute()
    people = NumberAttribute()
    widened = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    said = JSONAttribute()


def get(unit_id: str) -> Unit | None:
    """The unit as it is now. One consistent read."""
    item = UnitItem.find(PK, unit_id)
    return _read(item) if item else None


def every() -> dict[str, Unit]:
    """All of them as they are now, by unit_id."""
    return {unit.unit_id: unit for unit in map(_read, UnitItem.query(PK, consistent_read=True))}


def remembered() -> dict[str, Unit]:
    """All of them, as they were at most SECONDS_REMEMBERED ago."""
    return _remembered.get(PK, every)


def putting(unit: Unit) -> dict[str, Any]:
    """One write of a transaction: the unit in the place of the edition before. Refused if that is not as it was read.
    Whoever writes it calls `forget` afterwards."""
    said = {
        "name": dict(unit.name),
        "people": list(unit.people),
        "head": unit.head,
        "above": unit.above,
        "is_confidential": unit.is_confidential,
        "widenings": [
            {**vars(one), "at": one.at.isoformat(), "people": list(one.people), "told": list(one.told)}
            for one in unit.widenings
        ],
    }
    widened = unit.widenings[-1].edition if unit.widenings else None
    state = "widened" if unit.widenings else None
    item = UnitItem(
        PK, unit.unit_id, edition=unit.edition, people=len(unit.people), widened=widened, state=state, said=said
    )
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", unit.edition - 1)}}


def peopled(unit_id: str) -> dict[str, Any]:
    """One part of a transaction, which changes nothing: the unit has people."""
    return {
        "ConditionCheck": {
            "Key": table.key(PK, unit_id),
            "ConditionExpression": "people > :none",
            "ExpressionAttributeValues": {":none": {"N": "0"}},
        }
    }


def unchanged(unit: Unit) -> dict[str, Any]:
    """One part of a transaction, which changes nothing: the unit is as it was read."""
    return {"ConditionCheck": {"Key": table.key(PK, unit.unit_id), **table.as_read("edition", unit.edition)}}


def relied_on(unit_id: str) -> dict[str, Any]:
    """One write of the transaction that publishes a form that leads to it: the unit has people, and whoever read it
    before the form was published does not take the last one away."""
    return {
        "Update": {
            "Key": table.key(PK, unit_id),
            "UpdateExpression": "ADD edition :one",
            "ConditionExpression": "people > :none",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":none": {"N": "0"}},
        }
    }


def forget() -> None:
    """This container reads the units anew."""
    _remembered.forget()


def _read(item: UnitItem) -> Unit:
    said: dict[str, Any] = item.said
    return Unit(
        unit_id=item.sk,
        name=said["name"],
        people=tuple(said["people"]),
        head=said["head"],
        above=said["above"],
        is_confidential=said["is_confidential"],
        edition=int(item.edition),
        widenings=tuple(
            Widening(
                **{
                    **one,
                    "at": datetime.fromisoformat(one["at"]),
                    "people": tuple(one["people"]),
                    "told": tuple(one["told"]),
                }
            )
            for one in said.get("widenings", ())  # units from before there were any have none
        ),
    )
