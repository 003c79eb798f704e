"""The outline of the city for its map: border and streets, remembered for a minute in each container."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.attributes import BinaryAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.front_door.mapping.streets import Street

PK, SK = "MAP", "OUTLINE"


class MapItem(table.Item):
    """`content`: JSON, compressed; a city of two thousand streets is 40 KB."""

    content = BinaryAttribute(legacy_encoding=False)


@dataclass(frozen=True)
class CityMap:
    """`border`: Polygon or MultiPolygon of GeoJSON; None: nobody entered one, and every place is taken. `has_tiles`:
    there is a map to draw (files.py)."""

    border: Mapping[str, Any] | None = None
    streets: Sequence[Street] = field(default_factory=tuple)
    has_tiles: bool = False


_known: Memory[str, CityMap] = Memory(60)


def remembered() -> CityMap:
    return _known.get(PK, get)


def get() -> CityMap:
    """An eventually consistent read."""
    item = MapItem.glance(PK, SK)
    if item is None:
        return CityMap()
    said = json.loads(zlib.decompress(item.content))
    return CityMap(said["border"], tuple(Street(*one) for one in said["streets"]), said["has_tiles"])


def put(city: CityMap) -> None:
    streets = [[one.name, one.lat, one.long] for one in city.streets]
    said = {"border": city.border, "streets": streets, "has_tiles": city.has_tiles}
    MapItem(PK, SK, content=zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 9)).save()
    forget()


def forget() -> None:
    _known.forget()
