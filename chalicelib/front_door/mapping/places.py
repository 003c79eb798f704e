"""Whether the city can do something about a place, and what place an address names."""

from chalicelib.core.languages import N_
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.mapping import table
from chalicelib.front_door.mapping.geometry import contains
from chalicelib.front_door.mapping.streets import Street, find, near

OUTSIDE = N_("This place is not in our city. Choose a place within it, or tell the city in which it is.")
NO_STREET = N_("We know no street of that name. Write it as it stands on its sign, or give the coordinates.")


def is_outside(lat: float, long: float) -> bool:
    border = table.remembered().border
    return border is not None and not contains(border, lat, long)


def named(address: str) -> Place | None:
    """The place that an address names: of its house number we know nothing, so it is the middle of the street."""
    street = find(table.remembered().streets, address)
    return Place(street.lat, street.long, address) if street else None


def street_near(place: Place) -> Street | None:
    return near(table.remembered().streets, place.lat, place.long)
