"""The cases that everybody may see, by the days on which they came.

They are read from the public reports, which go in the same write by which staff take one off the map: one read of at
most MOST_REQUESTS, half a read unit for each 4 KB (some five to seven of them), however many cases nobody may see.
"""

from itertools import islice

from chalicelib.core.moments import today
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.open311 import requests
from chalicelib.front_door.open311.requests import (
    MOST_REQUESTS,
    NO_ID,
    Found,
    ServiceRequest,
    Wanted,
    is_known_by_id,
    is_shown,
    newest_first,
)
from chalicelib.front_door.reports import table as reports


def found(asked: Wanted) -> Found:
    if asked.case_ids:
        known = cases.several(case_id for case_id in asked.case_ids if case_id != NO_ID)
        seen = map(seen_of, known.values())
        return Found(newest_first(one for one in seen if one))
    span = reports.newest(today(asked.since), today(asked.until), MOST_REQUESTS + 1)
    looked_at, goes_on = requests.looked_at([*islice(span, MOST_REQUESTS + 1)])
    fitting = newest_first(one for one in map(requests.of_report, looked_at) if asked.has(one))
    first = (asked.page - 1) * asked.page_size
    # An older span is for whoever has seen all of this one.
    return Found(fitting[first : first + asked.page_size], goes_on if first + asked.page_size >= len(fitting) else None)


def seen_of(case: Case) -> ServiceRequest | None:
    """A case for whoever has its id; None: they are told nothing. One consistent read if it is on the map."""
    if not is_known_by_id(case):
        return None
    if is_shown(case) and (report := reports.get(reports.id_of(case))):
        return requests.of_report(report)
    form = forms.version(case.form_id, case.form_version)
    return requests.of_case(case, form.title) if form else None
