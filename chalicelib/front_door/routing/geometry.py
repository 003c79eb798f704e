"""A point in a polygon. Plain rules.

Points are whole numbers of ten-millionths of a degree, a centimetre: so a point is on a border or it is not, and no
rounding decides. A polygon is its outer ring and its holes; a border belongs to the polygon, a hole's too.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

Point = tuple[int, int]  # longitude, latitude
Ring = tuple[Point, ...]  # the last one is the first one again
Polygon = tuple[Ring, ...]  # the outer ring, then holes
SCALE = 10_000_000


def point(long: float, lat: float) -> Point:
    return round(long * SCALE), round(lat * SCALE)


def degrees(at: Point) -> tuple[float, float]:
    """Longitude and latitude."""
    return at[0] / SCALE, at[1] / SCALE


def is_in(at: Point, polygons: Iterable[Polygon]) -> bool:
    return any(_is_in_one(at, polygon) for polygon in polygons)


def crossings(y: int, polygons: Iterable[Polygon]) -> list[int]:
    """The longitudes, in order, at which a line of this latitude crosses borders; no corner lies on it."""
    found = []
    for ring in _rings(polygons):
        for (x1, y1), (x2, y2) in _sides(ring):
            if (y1 > y) != (y2 > y):
                found.append(x1 + (y - y1) * (x2 - x1) // (y2 - y1))
    return sorted(found)


def latitudes(polygons: Iterable[Polygon]) -> list[int]:
    """Of all corners, each once, in order."""
    return sorted({y for ring in _rings(polygons) for _, y in ring})


def _rings(polygons: Iterable[Polygon]) -> Iterator[Ring]:
    return (ring for polygon in polygons for ring in polygon)


def _is_in_one(at: Point, polygon: Polygon) -> bool:
    outer, *holes = polygon
    where = _side_of(at, outer)
    if where <= 0:
        return where == 0
    return not any(_side_of(at, hole) > 0 for hole in holes)


def _side_of(at: Point, ring: Ring) -> int:
    """1 inside, 0 on the border, -1 outside."""
    x, y = at
    is_inside = False
    for (x1, y1), (x2, y2) in _sides(ring):
        across = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if across == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return 0
        if (y1 > y) != (y2 > y) and (across > 0) == (y2 > y1):
            is_inside = not is_inside
    return 1 if is_inside else -1


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return pairwise(ring)
