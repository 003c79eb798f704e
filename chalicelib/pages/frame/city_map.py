"""The files of the city's map, below an address of ours."""

from chalicelib.core import settings
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import existing
from chalicelib.front_door.mapping import files, table
from chalicelib.pages.frame.pages import FOR_EVER
from chalicelib.pages.frame.visit import Visit


def get_file(visit: Visit, name: str) -> Answer:
    """What draws the map comes through us; the tiles from their bucket, to which this leads with leave for an hour."""
    known = name if settings.city_map() and table.remembered().has_tiles else None
    if existing(known) == files.TILES:
        return Answer(302, None, {"Location": files.tiles_address()})
    kind = existing(files.KINDS.get(name))
    script = File(existing(files.script(name)), kind, name)
    return Answer(200, script, {"Content-Disposition": "inline", "Content-Encoding": "gzip", **FOR_EVER})
