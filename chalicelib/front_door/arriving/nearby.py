"""What was reported near there already, of what everybody may see: whoever takes a call is not one of the unit whose
cases they are, and reads no more than a neighbour does."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.core.moments import today
from chalicelib.front_door.arriving.matching import words_of
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import Case, Place
from chalicelib.front_door.open311.requests import is_shown
from chalicelib.front_door.reports import table as reports
from chalicelib.front_door.reports.rules import Report

WITHIN_METRES, WITHIN = 200, timedelta(days=30)
MOST_LOOKED_AT, MOST_READ, MOST_SHOWN = 300, 50, 3
METRES_OF_A_DEGREE = 111_320


def nearby(form_id: str, place: Place, now: datetime) -> list[Case]:
    """The newest of the same form, at most MOST_SHOWN, of the MOST_LOOKED_AT newest of all."""
    newest = reports.newest(today(now - WITHIN), today(now), MOST_LOOKED_AT)
    same = [one for one in islice(newest, MOST_LOOKED_AT) if one.form_id == form_id and _may_be_near(place, one)]
    same.sort(key=lambda one: one.received_at, reverse=True)
    known = table.several(one.case_id for one in same[:MOST_READ])
    return near(place, filter(is_shown, (known[one.case_id] for one in same if one.case_id in known)))[:MOST_SHOWN]


def _may_be_near(place: Place, report: Report) -> bool:
    """Only the case says the address that somebody wrote."""
    return not place.is_located or _is_near(place, Place(report.lat, report.long))


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
