"""A case takes photos by writes of its own transaction: each photo is one case's, or the case is not stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.core import settings
from chalicelib.core.http.problems import FieldError
from chalicelib.core.refusals import Item
from chalicelib.front_door.photos import table
from chalicelib.front_door.photos.rules import is_key
from chalicelib.front_door.photos.words import AS_PHOTO, NO_PHOTOS, UNFIT


def faults(keys: Sequence[str]) -> list[FieldError]:
    """Of what was sent as keys, before anything is written: what cannot be one, or stands there twice."""
    if keys and not settings.takes_photos():
        return [FieldError("photos", NO_PHOTOS)]
    return [
        FieldError(f"photos[{place}]", AS_PHOTO)
        for place, key in enumerate(keys)
        if not is_key(key) or key in keys[:place]
    ]


def writes(keys: Sequence[str], case_id: str, now: datetime) -> list[table.Write]:
    return [table.taking(key, case_id, now) for key in keys]


def refusals(keys: Sequence[str], refused: Mapping[int, Item]) -> list[FieldError]:
    """The errors of a case that was not stored because of its photos. `refused`: by the place of the photo among
    `keys`, its item as DynamoDB writes it."""
    return [FieldError(f"photos[{place}]", _why_not(refused[place])) for place in range(len(keys)) if place in refused]


def _why_not(item: Item) -> str:
    unfit = table.unfit_of(item)
    return UNFIT[unfit] if unfit else AS_PHOTO
