"""Whether a place is in the city, and what place an address names."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.core.http.problems import Problem
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.mapping import places
from chalicelib.front_door.mapping import table as maps
from chalicelib.front_door.mapping.commands import streets_of
from chalicelib.front_door.mapping.geometry import NotAShape, box, contains, shape_of
from chalicelib.front_door.mapping.streets import Street, find
from infra.city_map import example
from tests.front_door import city

OUTER = [[3, 51], [4, 51], [4, 52], [3, 52], [3, 51]]
HOLE = [[3.4, 51.4], [3.6, 51.4], [3.6, 51.6], [3.4, 51.6], [3.4, 51.4]]
SQUARE = {"type": "Polygon", "coordinates": [OUTER, HOLE]}
STREETS = (Street("Dorp", 51.2, 3.6), Street("Veldstraat", 51.21, 3.61), Street("Oude Veldstraat", 51.22, 3.62))


@pytest.fixture
def kaprijke(table: None) -> None:
    city.a_city()
    border = shape_of(json.loads(example.BORDER.read_text()))
    maps.put(maps.CityMap(border, streets_of(example.STREETS.read_text()), has_tiles=True))


def test_a_place_in_a_hole_of_the_city_is_not_in_it() -> None:
    assert contains(SQUARE, 51.1, 3.1)
    assert not contains(SQUARE, 51.5, 3.5)
    assert not contains(SQUARE, 50.9, 3.5)
    assert box(SQUARE) == (3, 51, 4, 52)


@given(some.floats(50.5, 52.5), some.floats(2.5, 4.5))
def test_a_collection_is_its_features_together(lat: float, long: float) -> None:
    halves = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for ring in (
            [[3, 51], [3.5, 51], [3.5, 52], [3, 52], [3, 51]],
            [[3.5, 51], [4, 51], [4, 52], [3.5, 52], [3.5, 51]],
        )
    ]
    whole = {"type": "Polygon", "coordinates": SQUARE["coordinates"][:1]}

    together = shape_of({"type": "FeatureCollection", "features": halves})

    assert contains(together, lat, long) == contains(whole, lat, long)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"type": "Point", "coordinates": [3, 51]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[3, 51], [4, 51], [3, 51]]]},
        {"type": "Polygon", "coordinates": [[[51, 300], [4, 51], [4, 52], [51, 300]]]},
        {"type": "Polygon", "coordinates": [[["3", "51"]] * 4]},
        {"type": "Polygon", "coordinates": [[[3, 51]] * 20_001]},
    ],
)
def test_what_is_no_shape_is_refused(document: object) -> None:
    with pytest.raises(NotAShape):
        shape_of(document)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Veldstraat 12, Kaprijke", "Veldstraat"),
        ("  veldstraat  ", "Veldstraat"),
        ("oude véldstraat 3", "Oude Veldstraat"),
        ("Veldstraatje 3", None),
        ("", None),
    ],
)
def test_a_street_is_found_by_its_name_in_an_address(typed: str, name: str | None) -> None:
    street = find(STREETS, typed)

    assert (street and street.name) == name


def test_an_address_becomes_a_place(kaprijke: None) -> None:
    place = sending.send(replace(city.report(), place=Place(None, None, "Veldstraat 7")), city.NOW).case.place

    assert place
    assert (place.address, place.is_located, places.is_outside(place)) == ("Veldstraat 7", True, False)
    assert places.street_near(place.lat, place.long).name == "Veldstraat"


def test_an_address_that_nobody_knows_is_still_taken(kaprijke: None) -> None:
    unknown = Place(None, None, "achter de oude loods")

    assert sending.send(replace(city.report(), place=unknown), city.NOW).case.place == unknown


def test_a_report_from_outside_the_city_is_refused_with_what_to_do(kaprijke: None) -> None:
    in_ghent = replace(city.report(), place=Place(51.0543, 3.7174, "Korenmarkt"))

    with pytest.raises(Problem) as refused:
        sending.send(in_ghent, city.NOW)

    assert [(error.field, error.message) for error in refused.value.errors] == [("location", places.OUTSIDE)]
    with pytest.raises(Problem):  # a canary is no exception: it would go where nobody's case does
        sending.send(replace(in_ghent, key="2", is_canary=True), city.NOW)
    assert sending.send(city.report("3"), city.NOW)


def test_a_city_without_a_border_takes_every_place(table: None) -> None:
    assert not places.is_outside(Place(51.0543, 3.7174))


def test_the_example_city_is_made_anew_to_the_byte() -> None:
    assert example.tiles() == example.TILES.read_bytes()
    assert example.streets_file() == example.STREETS.read_text()
    assert example.border() == json.loads(example.BORDER.read_text())
