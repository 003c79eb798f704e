"""What was reported near there already, of what everybody may see: whoever takes a call is not one of the unit whose
cases they are, and reads no more than a neighbour does."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.front_door.arriving.matching import words_of
from chalicelib.front_door.cases.rules import Case, Place
from chalicelib.front_door.open311 import listing
from chalicelib.front_door.open311.requests import Wanted

WITHIN_METRES, WITHIN = 200, timedelta(days=30)
MOST_LOOKED_AT, MOST_SHOWN = 100, 3
METRES_OF_A_DEGREE = 111_320


def nearby(form_id: str, place: Place, now: datetime) -> list[Case]:
    """The newest of the same form, at most MOST_SHOWN."""
    codes = frozenset({form_id})
    asked = Wanted((), now - WITHIN, now, codes, frozenset(), page=1, page_size=MOST_LOOKED_AT)
    return near(place, listing.found(asked))[:MOST_SHOWN]


def near(place: Place, cases: Iterable[Case]) -> list[Case]:
    """Those within WITHIN_METRES, or whose address has the same words where one of the two has no position."""
    return [case for case in cases if case.place and _is_near(place, case.place)]


def _is_near(one: Place, other: Place) -> bool:
    if one.lat is None or one.long is None or other.lat is None or other.long is None:
        words = words_of(one.address)
        return bool(words) and words <= words_of(other.address)
    north = (one.lat - other.lat) * METRES_OF_A_DEGREE
    east = (one.long - other.long) * METRES_OF_A_DEGREE * math.cos(math.radians(one.lat))
    return math.hypot(north, east) <= WITHIN_METRES
