from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pages.frame.pictures import MOST_POINTS, Point, bars, line, number

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script>&'


def texts(picture: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("picture", [bars(NASTY, NASTY, [(NASTY, 3)]), line(NASTY, NASTY, [Point(0, 3, NASTY)])])
def test_whoever_cannot_see_it_is_told_what_it_shows_and_nothing_in_it_is_markup(picture: str) -> None:
    root = ElementTree.fromstring(picture)

    assert root.get("role") == "img"
    title, about = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert about is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
    assert title.text == about.text == NASTY
    assert NASTY in texts(picture)
    assert "<script" not in picture


def test_nothing_in_it_needs_a_style_that_the_pages_policy_refuses() -> None:
    picture = bars("Plaatsen", "", [("vrij", 1)]) + line("Plaatsen", "", [Point(0, 1), Point(1, 2)])

    assert "style" not in picture


def test_two_pictures_on_a_page_name_different_titles() -> None:
    first, second = (ElementTree.fromstring(bars("a", "b", [])).get("aria-labelledby") for _ in range(2))

    assert first != second


def test_a_bar_is_as_long_as_its_share_of_the_greatest() -> None:
    root = ElementTree.fromstring(bars("Weigeringen", "", [("te vroeg", 200), ("volzet", 50), ("gesloten", 0)]))

    lengths = [float(one.get("width", 0)) for one in root.iter(f"{SVG}rect") if one.get("fill-opacity") is None]
    assert lengths == [400, 100, 0]


def test_many_points_become_as_many_as_can_be_seen_and_the_greatest_stays() -> None:
    points = [Point(place, 7 if place == 3333 else 1) for place in range(10_000)]

    picture = line("Aanvragen", "", points)

    assert picture.count("V") <= MOST_POINTS
    assert texts(picture)[:3] == ["0", "5", "10"]


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (1234567, "1\u202f234\u202f567"), (2.5, "2.5")])
def test_numbers_are_grouped(value: float, text: str) -> None:
    assert number(value) == text


@given(st.lists(st.builds(Point, st.floats(0, 1e9), st.floats(0, 1e6)), max_size=20), st.booleans())
def test_every_line_is_drawn_within_its_picture(points: list[Point], is_total: bool) -> None:
    points.sort(key=lambda point: point.at)

    root = ElementTree.fromstring(line("Plaatsen", "", points, is_total=is_total))

    for path in root.iter(f"{SVG}path"):
        numbers = path.get("d", "").replace("M", " ").replace("H", " ").replace("V", " ").split()
        assert all(-1 <= float(one) <= 481 for one in numbers)
