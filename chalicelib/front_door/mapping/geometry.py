"""Shapes of GeoJSON (RFC 7946), and whether a place is in one: plain rules. Within a city the earth is flat enough."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.front_door.routing.geometry import Polygon, is_in, point

MOST_POINTS = 20_000

Point = Sequence[float]  # longitude first, as GeoJSON has it
Ring = Sequence[Point]


class NotAShape(ValueError):
    """Its text says what is wrong, for a program."""


def shape_of(document: Any) -> dict[str, Any]:
    """The one Polygon or MultiPolygon of a GeoJSON document: a geometry, a feature, or a collection, whose features are
    taken together. Raises NotAShape."""
    match document:
        case {"type": "FeatureCollection", "features": [*features]}:
            polygons = [polygon for each in features for polygon in _polygons(shape_of(each))]
            return _checked({"type": "MultiPolygon", "coordinates": polygons})
        case {"type": "Feature", "geometry": geometry}:
            return shape_of(geometry)
        case {"type": "Polygon" | "MultiPolygon" as kind, "coordinates": [*coordinates]}:
            return _checked({"type": kind, "coordinates": coordinates})
    raise NotAShape("neither a Polygon nor a MultiPolygon")


def contains(shape: Mapping[str, Any], lat: float, long: float) -> bool:
    """By the rule by which areas are (routing/geometry.py): the border belongs to it. `shape`: as shape_of gives it."""
    return is_in(point(long, lat), polygons_of(shape))


def polygons_of(shape: Mapping[str, Any]) -> tuple[Polygon, ...]:
    """As areas are drawn, to be compared with them."""
    return tuple(tuple(map(_whole, polygon)) for polygon in _polygons(shape))


def box(shape: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    points = [point for polygon in _polygons(shape) for point in polygon[0]]
    longs, lats = [point[0] for point in points], [point[1] for point in points]
    return min(longs), min(lats), max(longs), max(lats)


def _polygons(shape: Mapping[str, Any]) -> Sequence[Sequence[Ring]]:
    coordinates: Any = shape["coordinates"]
    return [coordinates] if shape["type"] == "Polygon" else coordinates


def _whole(ring: Ring) -> tuple[tuple[int, int], ...]:
    """Closed, whether the file closed it or not."""
    return tuple(point(*corner[:2]) for corner in (*ring, ring[0]))


def _checked(shape: dict[str, Any]) -> dict[str, Any]:
    number = 0
    polygons = _polygons(shape)
    if not polygons or not all(isinstance(polygon, list) and polygon for polygon in polygons):
        raise NotAShape("a polygon without a ring")
    for ring in (ring for polygon in polygons for ring in polygon):
        if not isinstance(ring, list) or len(ring) < 4:
            raise NotAShape("a ring of fewer than four points")
        number += len(ring)
        if number > MOST_POINTS or not all(map(_is_point, ring)):
            raise NotAShape(f"more than {MOST_POINTS} points, or one that is no longitude and latitude")
    return shape


def _is_point(point: Any) -> bool:
    match point:
        case [(int() | float()) as long, (int() | float()) as lat, *_]:
            return -180 <= long <= 180 and -90 <= lat <= 90
    return False
