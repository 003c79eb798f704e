"""The standing of the photos of a case, for whoever has it in hand."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.front_door.photos import table
from chalicelib.front_door.photos.rules import Standing, standing


def of_case(keys: Sequence[str], taken_at: datetime, now: datetime) -> list[Standing]:
    """In the order of the keys; one read unit for each."""
    return [standing(photo, taken_at, now) for photo in table.several(keys)]
