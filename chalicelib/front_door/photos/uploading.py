"""Somebody wants to upload a photo."""

from datetime import datetime

from chalicelib.core import settings
from chalicelib.core.http.problems import not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.memory import Memory
from chalicelib.front_door.photos import bucket, table
from chalicelib.front_door.photos.rules import KEY_LENGTH
from chalicelib.front_door.photos.words import NO_PHOTOS, TOO_MANY_UPLOADS
from chalicelib.people.families.identity import keyed_id
from chalicelib.people.families.limits import network_of

# One in half a minute: a whole street behind one address, or a round of the city's own people.
MOST_BY_SOURCE_AN_HOUR = 120
SOURCE_LENGTH = 12

# Connections that are at their end, until the hour is over: what is refused from memory writes nothing.
_full: Memory[str, bool] = Memory(3600)


def begin(source: str, now: datetime, back_to: str | None = None) -> tuple[str, bucket.Leave]:
    """A new key, and leave to upload a file to it. `source`: the address that asks. `back_to`: as bucket.leave has it,
    with {key} in it. Raises Problem `not-now`."""
    if not settings.takes_photos():
        raise not_now(NO_PHOTOS)
    _admit(source, now)
    key = by_chance(KEY_LENGTH)
    return key, bucket.leave(key, now, back_to.replace("{key}", key) if back_to else None)


def _admit(source: str, now: datetime) -> None:
    network = network_of(source)
    if network is None:
        return
    counter = keyed_id("upload", f"{now:%Y-%m-%dT%H} {network}", SOURCE_LENGTH)
    if _full.fresh(counter) or not table.count_upload(counter, now, MOST_BY_SOURCE_AN_HOUR):
        _full.put(counter, value=True)
        raise not_now(TOO_MANY_UPLOADS)
