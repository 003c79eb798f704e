"""A photo that a case took is kept as long as the case, and no longer."""

from collections.abc import Iterable

from chalicelib.front_door.photos import bucket, table
from chalicelib.front_door.photos.rules import PhotoState


def keep(keys: Iterable[str]) -> None:
    """Behind the stream, of a case that was stored. One that is still being developed is kept by whoever develops it,
    who sees then whose it is (infra/photos/handler.py). Again is a read of each. Raises Busy."""
    for key in keys:
        photo = table.get(key)
        if photo.state is PhotoState.READY and not photo.is_kept:
            bucket.keep(key)
            table.note_kept(key)


def forget(keys: Iterable[str]) -> None:
    """Of a case that ends. Again is the same. Raises Busy."""
    known = list(keys)
    for key in known:
        bucket.forget(key)
    table.forget(known)
