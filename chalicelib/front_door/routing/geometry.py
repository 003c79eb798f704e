"""A point in a polygon. Plain rules.

Points are whole numbers of ten-millionths of a degree, a centimetre: so a point is on a border or it is not, and no
rounding decides. A polygon is its outer ring and its holes; a border belongs to the polygon, a hole's too.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

Point = tuple[int, int]  # longitude, latitude
Ring = tuple[Point, ...]  # the last one is the first one again
Polygon = tuple[Ring, ...]  # the outer ring, then holes
SCALE = 10_000_000
# Latitudes at which places are looked for: of all borders together, and of each shape besides, however small it is.
MOST_LINES, LINES_EACH = 80, 8


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


def places_in(shapes: Sequence[Sequence[Polygon]]) -> Iterator[Point]:
    """A place in each piece into which the borders of these shapes cut the land, and one to the west of all: between
    each two borders, on lines between the latitudes of their corners. A piece so small that no line meets it is passed
    over."""
    reaching = [(min(lats), max(lats), one) for shape in shapes for one in shape for lats in [latitudes([one])]]
    for y in dict.fromkeys(_lines(shapes)):
        borders = crossings(y, [polygon for south, north, polygon in reaching if south < y < north])
        if borders:
            yield max(borders[0] - SCALE // 100, -180 * SCALE), y
        yield from (((left + right) // 2, y) for left, right in pairwise(borders) if right - left > 1)


def shared(first: Sequence[Polygon], second: Sequence[Polygon]) -> Point | None:
    """A place that is in both; None: there is none."""
    return next((at for at in places_in([first, second]) if is_in(at, first) and is_in(at, second)), None)


def turned(polygons: Iterable[Polygon]) -> tuple[Polygon, ...]:
    """With longitude and latitude the other way round."""
    return tuple(tuple(tuple((y, x) for x, y in ring) for ring in polygon) for polygon in polygons)


def crosses_itself(polygon: Polygon) -> bool:
    """Whether two of its sides cross, of one ring or of two. That they touch is no crossing."""
    sides = sorted((min(one, other), max(one, other)) for ring in polygon for one, other in _sides(ring))
    near: list[tuple[Point, Point]] = []  # those that reach as far east as the one that is looked at begins
    for west, east in sides:
        near = [one for one in near if one[1][0] >= west[0]]
        low, high = sorted((west[1], east[1]))
        for one in near:
            if min(one[0][1], one[1][1]) < high and max(one[0][1], one[1][1]) > low and _cross((west, east), one):
                return True
        near.append((west, east))
    return False


def has_hole_outside(polygon: Polygon) -> bool:
    """Of a polygon that does not cross itself; a hole that leaves nothing of it too."""
    outer, *holes = polygon
    return any(any(_side_of(at, outer) < 0 for at in hole) or set(hole) == set(outer) for hole in holes)


def is_flat(ring: Ring) -> bool:
    """Whether it has nothing inside."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _sides(ring)) == 0


def _lines(shapes: Sequence[Sequence[Polygon]]) -> Iterator[int]:
    for shape in shapes:
        yield from _between(shape, LINES_EACH)
    yield from _between([polygon for shape in shapes for polygon in shape], MOST_LINES)


def _between(polygons: Iterable[Polygon], most: int) -> Sequence[int]:
    """Latitudes on which none of their corners lies, at most about so many."""
    lines = [(low + high) // 2 for low, high in pairwise(latitudes(polygons)) if high - low > 1]
    return lines[:: len(lines) // most + 1]


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    return _parts(one, other) and _parts(other, one)


def _parts(line: tuple[Point, Point], ends: tuple[Point, Point]) -> bool:
    """Whether the ends lie on different sides of the line, and neither on it."""
    (x1, y1), (x2, y2) = line
    first, second = ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) for x, y in ends)
    return (first > 0 > second) or (first < 0 < second)


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
