"""A programme manager draws the areas of the city, out of a GeoJSON file."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.http.fields import LINE, Model, Text, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.routing import areas, geojson
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.geojson import MOST_AREAS, MOST_IN_ALL, MOST_NAME

AS_NAME = N_("Write the area’s name in each language, in at most 80 characters.")
IS_USED = N_("Forms are routed by this area: {forms}. Publish them without it first.")
_NAME = Model({"name": Model(dict.fromkeys(LANGUAGES, Text(AS_NAME, LINE, MOST_NAME)), expects=AS_NAME)})


def take(content: bytes) -> Sequence[Area]:
    """The areas of a file, new or in the place of those of the same name, all of them or none. Raises Problem
    `invalid`, `changed`."""
    drawn = geojson.read(content)
    known = areas.every()
    taken = [
        Area(
            one.area_id,
            known[one.area_id].name if one.area_id in known else geojson.name_in_each(one.name),
            one.polygons,
            known[one.area_id].edition + 1 if one.area_id in known else 1,
        )
        for one in drawn
    ]
    after = known | {area.area_id: area for area in taken}
    if len(after) > MOST_AREAS or sum(area.points for area in after.values()) > MOST_IN_ALL:
        raise geojson.large()
    _write([areas.putting(area) for area in taken])
    return taken


def name(area_id: str, edition: int, content: Mapping[str, Any]) -> None:
    """Raises Problem `invalid`, `not-found`, `changed`."""
    before = _as_seen(area_id, edition)
    given = check(_NAME, content)
    _write([areas.putting(Area(area_id, given["name"], before.polygons, before.edition + 1))])


def remove(area_id: str, edition: int) -> None:
    """Raises Problem `not-now` while a form that is there is routed by it, `changed`."""
    before = _as_seen(area_id, edition)
    if used := publishing.relying_on(area_id):
        raise not_now(IS_USED, forms=", ".join(form.title["nl"] for form in used))
    _write([areas.removing(before)])


def _as_seen(area_id: str, edition: int) -> Area:
    area = existing(areas.every().get(area_id))
    if area.edition != edition:
        raise Problem(CHANGED)
    return area


def _write(writes: Sequence[Mapping[str, Any]]) -> None:
    try:
        items.transact_write(writes)
    except Refused:
        raise Problem(CHANGED) from None
    finally:
        areas.forget()
