"""A photo that a case took is kept as long as the case, and no longer."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.core.observability import log
from chalicelib.front_door.photos import bucket, table
from chalicelib.front_door.photos.rules import Photo, PhotoState, Standing, standing


class NotKept(Exception):
    """A photo of a case could not be copied to where nothing deletes it; while it lies anywhere it is tried again, and
    then somebody is told (the alarm of the dead letters)."""


def keep(keys: Iterable[str], taken_at: datetime, now: datetime) -> None:
    """Behind the stream, of a case that was stored. One that is still being developed is kept by whoever develops it,
    who sees then whose it is (infra/photos/handler.py). Again is a read of each. Raises Busy, and NotKept after the
    others were kept; of one that is lost for good the case says so."""
    left = [photo for photo in map(table.get, keys) if not _is_done(photo)]
    if any(standing(photo, taken_at, now) is Standing.THERE for photo in left):
        raise NotKept


def _is_done(photo: Photo) -> bool:
    if photo.state is not PhotoState.READY or photo.is_kept:
        return True
    if not bucket.keep(photo.key):
        log.error("photo_not_kept")
        return False
    table.note_kept(photo.key)
    return True


def forget(keys: Iterable[str]) -> None:
    """Of a case that ends. Again is the same. Raises Busy."""
    known = list(keys)
    for key in known:
        bucket.forget(key)
    table.forget(known)
