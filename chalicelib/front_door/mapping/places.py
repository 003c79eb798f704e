"""Places of the city: whether one is within its border, and which one an address names."""

from dataclasses import replace

from chalicelib.core.languages import N_
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.mapping import table
from chalicelib.front_door.mapping.geometry import contains, polygons_of
from chalicelib.front_door.mapping.streets import Street, find, near
from chalicelib.front_door.routing.geometry import Polygon

OUTSIDE = N_("This place is not in our city. Choose a place within it, or tell the city in which it is.")


def is_outside(place: Place) -> bool:
    """Of an address that names no street of ours nobody knows: it is taken, and people read it."""
    known = table.remembered().border
    if known is None or place.lat is None or place.long is None:
        return False
    return not contains(known, place.lat, place.long)


def border() -> tuple[Polygon, ...]:
    """The city's; none: nobody entered it, and every place is taken."""
    known = table.remembered().border
    return polygons_of(known) if known else ()


def located(place: Place) -> Place:
    """With the middle of the street that its address names, if it says no position: so it reaches who looks after that
    part of the city."""
    if place.is_located:
        return place
    street = find(table.remembered().streets, place.address)
    return replace(place, lat=street.lat, long=street.long) if street else place


def street_near(lat: float, long: float) -> Street | None:
    return near(table.remembered().streets, lat, long)
