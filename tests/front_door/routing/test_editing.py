"""Areas of the city, out of files."""

from dataclasses import replace
from unittest import mock

import pytest

from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.forms.rules import Form, RoutingRule
from chalicelib.front_door.mapping import table as maps
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
    editing.take(file(feature("Overleie", SQUARE)))
    city.publish(replace(STREET, version=2, routing=(RoutingRule("office", {}, ("overleie",)),)), edition=2)

    inside = sending.send(replace(city.report("a"), place=Place(51.25, 3.65)), NOW).case
    outside = sending.send(replace(city.report("b"), place=Place(50.0, 3.65)), NOW).case

    assert (inside.unit_id, outside.unit_id) == ("office", "streets")


def test_an_area_by_which_a_form_is_routed_is_not_drawn_anew_under_it(table: None) -> None:
    city.a_city()
    editing.take(file(feature("Overleie", SQUARE)))
    city.publish(replace(STREET, version=2, routing=(RoutingRule("office", {}, ("overleie",)),)), edition=2)

    with pytest.raises(Problem) as refused:
        editing.take(file(feature("Overleie", OTHER), feature("Lange Munte", OTHER)))

    assert refused.value.kind is NOT_NOW
    assert "Iets op straat" in refused.value.extra["why"]["nl"]
    assert areas.containing(Place(51.25, 3.65)) == ("overleie",)
    # What is drawn as it was stays, and what is new beside it is taken: the form moves over by being published.
    taken = editing.take(file(feature("Overleie", SQUARE), feature("Overleie 2027", OTHER)))
    assert [one.area_id for one in taken] == ["overleie-2027"]
    assert areas.every()["overleie"].edition == 1
    assert list(editing.take(file(feature("Overleie", SQUARE)))) == []


def test_nobody_draws_an_area_anew_with_which_a_form_was_published_since_they_looked(table: None) -> None:
    editing.take(file(feature("Overleie", SQUARE)))

    def meanwhile(area_id: str) -> list[Form]:
        items.transact_write([areas.relied_on(areas.every()[area_id])])
        return []

    with mock.patch.object(publishing, "relying_on", meanwhile), pytest.raises(Problem) as refused:
        editing.take(file(feature("Overleie", OTHER)))

    assert refused.value.kind is CHANGED
    assert areas.containing(Place(51.25, 3.65)) == ("overleie",)


def test_an_area_outside_the_citys_border_is_refused(table: None) -> None:
    maps.put(maps.CityMap(border={"type": "Polygon", "coordinates": [SQUARE]}))

    with pytest.raises(Problem) as refused:
        editing.take(file(feature("Overleie", SQUARE), feature("Lange Munte", OTHER)))

    assert [one.message for one in refused.value.errors] == [geojson.IS_OUTSIDE]
    assert areas.every() == {}
