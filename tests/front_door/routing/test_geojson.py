"""A GeoJSON file as cities have them, and what is no such file."""

import json
from typing import Any

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.front_door.routing import geojson
from chalicelib.front_door.routing.geojson import (
    AS_DEGREES,
    AS_FILE,
    IS_LARGE,
    MOST_POINTS,
    NO_NAME,
    NO_POLYGON,
    NOT_CLOSED,
    TWICE,
    read,
)

SQUARE = [[3.6, 51.2], [3.7, 51.2], [3.7, 51.3], [3.6, 51.3], [3.6, 51.2]]


def feature(name: Any, ring: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"NAAM": name}, "geometry": {"type": kind, "coordinates": [ring]}}


def file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


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
