"""A point in a polygon: inside, outside, on borders, in holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.front_door.routing.geometry import Point, Polygon, is_in, point


def box(west: int, south: int, east: int, north: int) -> tuple[Point, ...]:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


COURTYARD: Polygon = (box(0, 0, 10, 10), box(4, 4, 6, 6))


@pytest.mark.parametrize(
    ("at", "is_inside"),
    [
        *(((2, 2), True), ((11, 2), False), ((2, -1), False)),
        *(((0, 5), True), ((10, 10), True), ((5, 0), True)),  # on the border, and on its corner
        *(((5, 5), False), ((4, 5), True), ((6, 6), True)),  # in the hole; the hole's border is the polygon's
    ],
)
def test_a_border_belongs_to_the_polygon_and_a_hole_does_not(at: Point, is_inside: bool) -> None:
    assert is_in(at, [COURTYARD]) is is_inside


def test_of_several_polygons_one_is_enough() -> None:
    assert is_in((25, 5), [COURTYARD, (box(20, 0, 30, 10),)])


def test_a_line_through_a_corner_crosses_once() -> None:
    diamond: Polygon = (((0, 5), (5, 0), (10, 5), (5, 10), (0, 5)),)

    assert is_in((5, 5), [diamond])
    assert not is_in((-1, 5), [diamond])
    assert not is_in((1, 0), [diamond])


@given(st.integers(-3, 13), st.integers(-3, 13))
def test_it_says_what_arithmetic_says_of_boxes(x: int, y: int) -> None:
    in_outer, in_hole = 0 <= x <= 10 and 0 <= y <= 10, 4 < x < 6 and 4 < y < 6

    assert is_in((x, y), [COURTYARD]) is (in_outer and not in_hole)


def test_degrees_become_centimetres() -> None:
    assert point(3.6117, 51.2205) == (36_117_000, 512_205_000)
