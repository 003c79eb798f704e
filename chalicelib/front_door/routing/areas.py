"""The areas of the city by which cases are routed, all under one key.

| pk    | sk      | what                                  |
| ----- | ------- | ------------------------------------- |
| AREAS | area_id | an area: its name and its polygons    |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.routing.geometry import Point, Polygon, is_in, point

PK = "AREAS"
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, "dict[str, Area]"] = Memory(SECONDS_REMEMBERED)


@dataclass(frozen=True)
class Area:
    """`name`: language to text. `edition` counts its changes, and each form that was published with it."""

    area_id: str
    name: Mapping[str, str]
    polygons: tuple[Polygon, ...]
    edition: int
    _box: tuple[int, int, int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        corners = [corner for polygon in self.polygons for corner in polygon[0]]
        longs, lats = [long for long, _ in corners], [lat for _, lat in corners]
        object.__setattr__(self, "_box", (min(longs), min(lats), max(longs), max(lats)))

    def has(self, at: Point) -> bool:
        west, south, east, north = self._box
        return west <= at[0] <= east and south <= at[1] <= north and is_in(at, self.polygons)

    @property
    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


class AreaItem(table.Item):
    """`said`: name and polygons as JSON."""

    edition = NumberAttribute()
    said = JSONAttribute()


def containing(place: Place) -> tuple[str, ...]:
    """The ids of the areas that a place is in, as they were at most SECONDS_REMEMBERED ago; none: it is outside of
    all, or only an address is known."""
    if place.lat is None or place.long is None:
        return ()
    at = point(place.long, place.lat)
    return tuple(area_id for area_id, area in remembered().items() if area.has(at))


def every() -> dict[str, Area]:
    """All of them as they are now, by area_id."""
    return {area.area_id: area for area in map(_read, AreaItem.query(PK, consistent_read=True))}


def remembered() -> dict[str, Area]:
    return _remembered.get(PK, every)


def putting(area: Area) -> dict[str, Any]:
    """One write of a transaction: the area in the place of the edition before. Refused if that is not as it was read.
    Whoever writes it calls `forget` afterwards."""
    said = {"name": dict(area.name), "polygons": [[list(map(list, ring)) for ring in one] for one in area.polygons]}
    item = AreaItem(PK, area.area_id, edition=area.edition, said=said)
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", area.edition - 1)}}


def removing(area: Area) -> dict[str, Any]:
    """One write of a transaction. Refused if it is not as it was read, or a form was published with it meanwhile."""
    return {"Delete": {"Key": table.key(PK, area.area_id), **table.as_read("edition", area.edition)}}


def relied_on(area: Area) -> dict[str, Any]:
    """One write of the transaction that publishes a form: the area is as it was read when the form's ways were looked
    for, and whoever read it before the form was published neither removes it nor draws it anew."""
    return {
        "Update": {
            "Key": table.key(PK, area.area_id),
            "UpdateExpression": "ADD edition :one",
            "ConditionExpression": "edition = :seen",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":seen": {"N": str(area.edition)}},
        }
    }


def forget() -> None:
    """This container reads the areas anew."""
    _remembered.forget()


def _read(item: AreaItem) -> Area:
    said: dict[str, Any] = item.said
    polygons = tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in said["polygons"])
    return Area(item.sk, said["name"], polygons, int(item.edition))
