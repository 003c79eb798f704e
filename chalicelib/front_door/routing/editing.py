"""A programme manager draws the areas of the city, out of a GeoJSON file."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.http.fields import LINE, Model, Text, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.forms.rules import Form
from chalicelib.front_door.mapping import places
from chalicelib.front_door.routing import areas, geojson
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.geojson import MOST_AREAS, MOST_IN_ALL, MOST_NAME

AS_NAME = N_("Write the area’s name in each language, in at most 80 characters.")
IS_USED = N_("Forms are routed by this area: {forms}. Publish them without it first.")
IS_USED_AS_DRAWN = N_(
    "Forms that are published are routed by “{area}” as it is drawn now: {forms}. Give the new drawing another name in "
    "the file, take it in, and publish the forms with it: so each of their ways is tried before cases go there."
)
_NAME = Model({"name": Model(dict.fromkeys(LANGUAGES, Text(AS_NAME, LINE, MOST_NAME)), expects=AS_NAME)})


def take(content: bytes) -> Sequence[Area]:
    """The areas of a file, new or in the place of those of the same name, all of them or none. Those that are drawn as
    they were stay. Raises Problem `invalid`; `not-now` for another drawing of an area by which a form that is there is
    routed; `changed`, also if such a form was published meanwhile."""
    known = areas.every()  # before the forms: who publishes one meanwhile counts up the edition that is written below
    drawn = [
        one
        for one in geojson.read(content, places.border())
        if one.area_id not in known or known[one.area_id].polygons != one.polygons
    ]
    for one in drawn:
        if one.area_id in known and (used := publishing.relying_on(one.area_id)):
            raise not_now(IS_USED_AS_DRAWN, area=known[one.area_id].name["nl"], forms=_titles(used))
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
    if taken:
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
        raise not_now(IS_USED, forms=_titles(used))
    _write([areas.removing(before)])


def _titles(forms: Sequence[Form]) -> str:
    return ", ".join(form.title["nl"] for form in forms)


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
