"""Areas of the city, out of files."""

from dataclasses import replace

import pytest

from chalicelib.core.http.problems import CHANGED, INVALID, Problem
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.forms.rules import RoutingRule
from chalicelib.front_door.routing import areas, editing, geojson
from tests.front_door import city
from tests.front_door.city import NOW, STREET, said
from tests.front_door.routing.test_geojson import SQUARE, feature, file

OTHER = [[3.8, 51.2], [3.9, 51.2], [3.9, 51.3], [3.8, 51.2]]


def test_a_newer_file_replaces_the_areas_of_the_same_name_and_leaves_their_wording(table: None) -> None:
    editing.take(file(feature("Overleie"), feature("Lange Munte", OTHER)))
    editing.name("overleie", 1, {"name": said("Overleie", "Overleie", "Across the Lys")})

    editing.take(file(feature("Overleie", OTHER)))

    assert {one.area_id: one.edition for one in areas.every().values()} == {"overleie": 3, "lange-munte": 1}
    assert areas.every()["overleie"].name["en"] == "Across the Lys"
    assert areas.containing(Place(51.25, 3.61)) == ()
    assert areas.containing(Place(51.21, 3.87)) == ("lange-munte", "overleie")
    with pytest.raises(Problem) as refused:
        editing.remove("overleie", 1)
    assert refused.value.kind is CHANGED
    editing.remove("overleie", 3)
    assert set(areas.every()) == {"lange-munte"}


def test_there_is_an_end_to_areas_however_many_files(table: None) -> None:
    editing.take(file(*(feature(f"Area {number}") for number in range(40))))
    with pytest.raises(Problem) as refused:
        editing.take(file(*(feature(f"Wijk {number}") for number in range(40))))

    assert (refused.value.kind, refused.value.errors[0].message) == (INVALID, geojson.IS_LARGE)


def test_a_case_goes_to_the_unit_of_its_area_and_what_is_outside_to_the_owner(table: None) -> None:
    city.a_city()
    city.publish(replace(STREET, version=2, routing=(RoutingRule("office", {}, ("overleie",)),)), edition=2)
    editing.take(file(feature("Overleie", SQUARE)))

    inside = sending.send(replace(city.report("a"), place=Place(51.25, 3.65)), NOW).case
    outside = sending.send(replace(city.report("b"), place=Place(50.0, 3.65)), NOW).case

    assert (inside.unit_id, outside.unit_id) == ("office", "streets")
