"""The field that asks where something is: what place_field.html needs. The map is a help for who can use one: address
and degrees say the same."""

from dataclasses import dataclass

from chalicelib.front_door.mapping import files, table
from chalicelib.front_door.mapping.geometry import box
from chalicelib.pages.frame.pages import url
from chalicelib.pages.frame.visit import Visit


@dataclass(frozen=True)
class MapShown:
    """Addresses of what draws the city's map. `box`: west, south, east, north of what it shows first."""

    script: str
    worker: str
    style: str
    pmtiles: str
    tiles: str
    box: str


@dataclass(frozen=True)
class PlaceField:
    """`map`: None where the city has none. `streets`: whether it knows its streets by name."""

    map: MapShown | None
    has_streets: bool


def place_field(visit: Visit) -> PlaceField:
    return PlaceField(map_shown(visit), bool(table.remembered().streets))


def map_shown(visit: Visit) -> MapShown | None:
    city = table.remembered()
    if not city.has_tiles or city.border is None:
        return None
    return MapShown(
        script=url(visit, f"/map/{files.MAPLIBRE}"),
        worker=url(visit, f"/map/{files.WORKER}"),
        style=url(visit, f"/map/{files.STYLE}"),
        pmtiles=url(visit, f"/map/{files.PMTILES}"),
        tiles=url(visit, f"/map/{files.TILES}"),
        box=",".join(f"{degrees:.5f}" for degrees in box(city.border)),
    )
