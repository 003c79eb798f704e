"""A GeoJSON file as cities have them, and what is no such file."""

import json
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.front_door.routing import geojson
from chalicelib.front_door.routing.geojson import (
    AS_DEGREES,
    AS_FILE,
    CROSSES,
    HOLE_OUTSIDE,
    IS_LARGE,
    IS_OUTSIDE,
    IS_TURNED,
    MOST_POINTS,
    NO_NAME,
    NO_POLYGON,
    NOT_CLOSED,
    TWICE,
    Drawn,
)
from chalicelib.front_door.routing.geometry import Polygon, crosses_itself, point

SQUARE = [[3.6, 51.2], [3.7, 51.2], [3.7, 51.3], [3.6, 51.3], [3.6, 51.2]]


BOWTIE = [[3.6, 51.2], [3.7, 51.3], [3.7, 51.2], [3.6, 51.3], [3.6, 51.2]]


def moved(ring: list[list[float]], east: float) -> list[list[float]]:
    return [[long + east, lat] for long, lat in ring]


def holed(outer: Any, hole: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": "A"},
        "geometry": {"type": "Polygon", "coordinates": [outer, hole]},
    }


def feature(name: Any, ring: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"NAAM": name}, "geometry": {"type": kind, "coordinates": [ring]}}


def file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def read(content: bytes, border: tuple[Polygon, ...] = ()) -> list[Drawn]:
    return geojson.read(content, border)


def test_each_feature_is_an_area_with_the_name_that_the_file_gives_it() -> None:
    two = feature("’t Zand", [SQUARE], "MultiPolygon")

    drawn = read(b"\xef\xbb\xbf" + file(feature("Overleie"), two))

    assert [(one.area_id, one.name) for one in drawn] == [("overleie", "Overleie"), ("t-zand", "’t Zand")]
    assert drawn[0].polygons == drawn[1].polygons
    assert drawn[0].polygons[0][0][1] == (37_000_000, 512_000_000)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", AS_FILE),
        (b"\xff\xfe", AS_FILE),
        (b"[" * 100_000, AS_FILE),
        (b'{"type": "Feature"}', AS_FILE),
        (file(), AS_FILE),
        (file("a feature"), AS_FILE),
        (file(feature(None)), NO_NAME),
        (file(feature("⌂")), NO_NAME),
        (file(feature("A"), feature("a")), TWICE),
        (file(feature("A", None)), NOT_CLOSED),
        (file(feature("A", SQUARE, "Point")), NO_POLYGON),
        (file({"properties": {"name": "A"}, "geometry": None}), NO_POLYGON),
        (file(feature("A", SQUARE[:-1])), NOT_CLOSED),
        (file(feature("A", [[3.6, 51.2]] * 5)), NOT_CLOSED),
        (file(feature("A", [[3.6, 51.2], [3.7, 51.3], [3.8, 51.4], [3.6, 51.2]])), NOT_CLOSED),
        (file(feature("A", BOWTIE)), CROSSES),
        (file(feature("A", [SQUARE, BOWTIE], "MultiPolygon")), CROSSES),
        (file(holed(SQUARE, [[3.65, 51.25], [3.75, 51.25], [3.65, 51.28], [3.65, 51.25]])), CROSSES),
        (file(holed(SQUARE, moved(SQUARE, 0.05))), HOLE_OUTSIDE),
        (file(holed(SQUARE, moved(SQUARE, 1.0))), HOLE_OUTSIDE),
        (file(holed(SQUARE, SQUARE)), HOLE_OUTSIDE),
        (file(feature("Lambert", [[73000.0, 168000.0], *SQUARE])), AS_DEGREES),
        (file(feature("A", [["3.6", "51.2"], *SQUARE])), AS_DEGREES),
        (file(feature("A", [[True, False], *SQUARE])), AS_DEGREES),
        (file(feature("A", [[1e400, 51.2], *SQUARE])), AS_FILE),
        (file(feature("A", [[float("nan"), 51.2], *SQUARE])), AS_FILE),
        (file(*(feature(f"Area {number}") for number in range(61))), IS_LARGE),
        (file(feature("A", [*SQUARE[:-1], *SQUARE] * (MOST_POINTS // 5))), IS_LARGE),
        (b" " * 5_000_000, IS_LARGE),
    ],
    ids=lambda one: repr(one[:40]) if isinstance(one, bytes) else "",
)
def test_what_is_no_such_file_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Problem) as refused:
        read(content)

    assert [(one.field, one.message) for one in refused.value.errors] == [("file", why)]


def test_a_name_is_cut_and_has_no_control_characters() -> None:
    [drawn] = read(file(feature("Wijk\u202e\n" + "x" * 500)))

    assert len(drawn.name) == geojson.MOST_NAME
    assert drawn.name.isprintable()


CITY: tuple[Polygon, ...] = ((tuple(point(*corner) for corner in SQUARE),),)


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (SQUARE, None),
        (moved(SQUARE, 0.05), None),  # partly outside
        ([[3.0, 50.0], [4.0, 50.0], [4.0, 53.0], [3.0, 53.0], [3.0, 50.0]], None),  # around it
        (moved(SQUARE, 0.2), IS_OUTSIDE),
        (moved(SQUARE, 0.1), IS_OUTSIDE),  # a border in common is no place in common
        ([[100.0, 10.0], [101.0, 10.0], [101.0, 11.0], [100.0, 10.0]], IS_OUTSIDE),
        ([[lat, long] for long, lat in SQUARE], IS_TURNED),
    ],
)
def test_an_area_has_a_place_within_the_citys_border(ring: list[list[float]], why: str | None) -> None:
    if why is None:
        assert read(file(feature("Overleie", ring)), CITY)
    else:
        with pytest.raises(Problem) as refused:
            read(file(feature("Overleie", ring)), CITY)
        assert [(one.message, one.values) for one in refused.value.errors] == [(why, {"name": "Overleie"})]


def test_borders_that_touch_themselves_are_taken() -> None:
    pinched = [[3.6, 51.2], [3.7, 51.2], [3.65, 51.25], [3.7, 51.3], [3.6, 51.3], [3.65, 51.25], [3.6, 51.2]]

    assert read(file(feature("A", pinched)))
    assert read(file(holed(SQUARE, [[3.6, 51.25], [3.65, 51.25], [3.65, 51.28], [3.6, 51.25]])))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=7))
def test_a_crossing_is_found_wherever_its_sides_stand(corners: list[tuple[int, int]]) -> None:
    ring = (*corners, corners[0])
    sides = list(pairwise(ring))

    def is_left(line: tuple[tuple[int, int], tuple[int, int]], at: tuple[int, int]) -> int:
        (x1, y1), (x2, y2) = line
        return (x2 - x1) * (at[1] - y1) - (y2 - y1) * (at[0] - x1)

    do_cross = any(
        is_left(one, two[0]) * is_left(one, two[1]) < 0 and is_left(two, one[0]) * is_left(two, one[1]) < 0
        for one, two in combinations(sides, 2)
    )
    assert crosses_itself((ring,)) is do_cross
