"""Areas out of a GeoJSON FeatureCollection (RFC 7946). Plain rules."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core.http.problems import Problem, invalid
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.front_door.routing.geometry import (
    Point,
    Polygon,
    Ring,
    crosses_itself,
    has_hole_outside,
    is_flat,
    point,
    shared,
    turned,
)

# Of an upload, in bytes; of an area and of all of them, in corners: an item of the table has room for the first, a
# megabyte for the others, which a container reads every five seconds while places are sent.
MOST_SENT, MOST_AREAS, MOST_POINTS, MOST_IN_ALL = 3_000_000, 60, 3_000, 40_000
MOST_NAME = 80
# What files of municipalities call an area's name.
NAMES = ("name", "naam", "NAAM", "nom", "NAME", "NOM", "title", "label")

AS_FILE = N_("Choose a GeoJSON file: a FeatureCollection whose features are polygons, in degrees (WGS 84).")
IS_LARGE = N_(
    "There is room for {most} areas, with {points} corners each and {all} together, in a file of 3 MB. Simplify the "
    "borders, and try again."
)
AS_DEGREES = N_(
    "“{name}” has corners that are no degrees: longitude first, then latitude (WGS 84, EPSG:4326). Another system of "
    "coordinates, such as Lambert or RD, must be converted first."
)
NOT_CLOSED = N_("A border of “{name}” is no closed line of four corners or more.")
NO_POLYGON = N_("“{name}” is no polygon. Leave it out, or draw its border.")
CROSSES = N_(
    "The border of “{name}” crosses itself, so nobody can say what is inside. Mend it in the program that drew it (in "
    "QGIS: “Fix geometries”), and take the file in again."
)
HOLE_OUTSIDE = N_("A hole of “{name}” does not lie inside it. Take the hole away, or draw it inside the border.")
IS_OUTSIDE = N_(
    "“{name}” lies outside the city’s border, and no case comes from there. Leave it out, or look at its coordinates: "
    "longitude first, then latitude (WGS 84)."
)
IS_TURNED = N_(
    "“{name}” lies in the city only with its coordinates the other way round. Write longitude first, then latitude, as "
    "[3.61, 51.22], and take the file in again."
)
NO_NAME = N_("Feature {number} has no name. Give it a property “name”.")
TWICE = N_("Two features are called “{name}”. Give each a name of its own.")


@dataclass(frozen=True)
class Drawn:
    """An area as a file draws it. `area_id` is made of its name, so that a newer file replaces it."""

    area_id: str
    name: str
    polygons: tuple[Polygon, ...]


def read(content: bytes, border: Sequence[Polygon]) -> list[Drawn]:
    """Raises Problem `invalid` for the field `file`, which says what is wrong. `border`: the city's, with which each
    area has a place in common; none: nobody entered it."""
    if len(content) > MOST_SENT:
        raise large()
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise invalid("file", AS_FILE) from None
    features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise invalid("file", AS_FILE)
    if len(features) > MOST_AREAS:
        raise large()
    drawn: dict[str, Drawn] = {}
    for number, feature in enumerate(features, 1):
        one = _drawn(feature, number)
        if one.area_id in drawn:
            raise invalid("file", TWICE, name=one.name)
        if border and not shared(one.polygons, border):
            raise invalid("file", IS_TURNED if shared(turned(one.polygons), border) else IS_OUTSIDE, name=one.name)
        drawn[one.area_id] = one
    return list(drawn.values())


def large() -> Problem:
    return invalid("file", IS_LARGE, most=MOST_AREAS, points=MOST_POINTS, all=MOST_IN_ALL)


def name_in_each(name: str) -> dict[str, str]:
    """Until somebody words it otherwise."""
    return dict.fromkeys(LANGUAGES, name)


def _drawn(feature: Any, number: int) -> Drawn:
    if not isinstance(feature, dict):
        raise invalid("file", AS_FILE)
    said, shape = feature.get("properties"), feature.get("geometry")
    name = _name(said if isinstance(said, dict) else {})
    area_id = _id(name)
    if not area_id:
        raise invalid("file", NO_NAME, number=number)
    kind, lines = (shape.get("type"), shape.get("coordinates")) if isinstance(shape, dict) else (None, None)
    polygons = {"Polygon": [lines], "MultiPolygon": lines}.get(str(kind))
    if not isinstance(polygons, list) or not polygons:
        raise invalid("file", NO_POLYGON, name=name)
    made = tuple(_polygon(one, name) for one in polygons)
    if sum(len(ring) for polygon in made for ring in polygon) > MOST_POINTS:
        raise large()
    return Drawn(area_id, name, made)


def _name(said: Mapping[str, Any]) -> str:
    texts = [said[one] for one in NAMES if isinstance(said.get(one), str)]
    name = next((text for text in texts if text.strip()), "")
    return "".join(each for each in unicodedata.normalize("NFC", name[: 4 * MOST_NAME]) if each.isprintable())[
        :MOST_NAME
    ].strip()


def _id(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:40].strip("-")


def _polygon(lines: Any, name: str) -> Polygon:
    if not isinstance(lines, list) or not lines:
        raise invalid("file", NO_POLYGON, name=name)
    polygon = tuple(_ring(line, name) for line in lines)
    if sum(map(len, polygon)) > MOST_POINTS:
        raise large()
    if crosses_itself(polygon):
        raise invalid("file", CROSSES, name=name)
    if any(map(is_flat, polygon)):
        raise invalid("file", NOT_CLOSED, name=name)
    if has_hole_outside(polygon):
        raise invalid("file", HOLE_OUTSIDE, name=name)
    return polygon


def _ring(line: Any, name: str) -> Ring:
    if not isinstance(line, list) or len(line) < 4:
        raise invalid("file", NOT_CLOSED, name=name)
    if len(line) > MOST_POINTS:
        raise large()
    ring = tuple(_corner(one, name) for one in line)
    if ring[0] != ring[-1] or len(set(ring)) < 3:
        raise invalid("file", NOT_CLOSED, name=name)
    return ring


def _corner(given: Any, name: str) -> Point:
    """A height behind longitude and latitude is passed over."""
    if not isinstance(given, list) or len(given) < 2 or not _is_number(given[0], 180) or not _is_number(given[1], 90):
        raise invalid("file", AS_DEGREES, name=name)
    return point(given[0], given[1])


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _refuse(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's
