"""The public list and map of reports, and the same as open data: what staff let be seen."""

import json
from collections.abc import Iterator
from itertools import islice

from chalicelib.core.http.answering import Answer, Json
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.photos import bucket
from chalicelib.front_door.photos.rules import Size
from chalicelib.front_door.reports import table
from chalicelib.front_door.reports.rules import Report, Stage, collection
from chalicelib.pages.frame.pages import here, page
from chalicelib.pages.frame.photo_fields import picture, policy
from chalicelib.pages.frame.place_fields import map_shown
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import said

CACHE_SECONDS = 60
ON_A_PAGE = 50
STAGES = {
    Stage.OPEN: (N_("Received"), "neutral"),
    Stage.IN_HAND: (N_("In hand"), "warning"),
    Stage.DONE: (N_("Done"), "safe"),
}
# Anybody's program may read it from a page of theirs.
OPEN_DATA = {
    "Content-Type": "application/geo+json",
    "Cache-Control": f"public, max-age={CACHE_SECONDS}",
    "Access-Control-Allow-Origin": "*",
}


def show(visit: Visit) -> Answer:
    stage, after = visit.query.get("stage", ""), visit.query.get("after", "")
    wanted = [*islice(_wanted(visit, stage, after), ON_A_PAGE + 1)]
    shown = page(
        visit,
        "pages/family/reports.html",
        cache_seconds=CACHE_SECONDS,
        reports=wanted[:ON_A_PAGE],
        older=here(visit, after=wanted[ON_A_PAGE - 1].report_id) if len(wanted) > ON_A_PAGE else "",
        stages={one.value: (translate(words, visit.language), kind) for one, (words, kind) in STAGES.items()},
        stage=stage,
        map_shown=map_shown(visit),
        said=lambda texts: said(texts, visit.language),
    )
    return Answer(shown.status, shown.body, {**shown.headers, **policy(visit)})


def as_geojson(visit: Visit) -> Answer:
    document = collection(table.newest(today(visit.now)), visit.base)
    return Answer(200, Json(json.dumps(document, ensure_ascii=False)), OPEN_DATA)


def get_photo(visit: Visit, report_id: str, number: str) -> Answer:
    """The small one. `number`: from 1, as the list has them."""
    report = existing(table.get(report_id))
    key = existing(dict(enumerate(report.photos, 1)).get(int(number) if number.isdecimal() and len(number) < 3 else 0))
    file, headers = picture(existing(bucket.content(key, Size.SMALL)))
    return Answer(200, file, {**headers, "Cache-Control": "public, max-age=300"})


def _wanted(visit: Visit, stage: str, after: str) -> Iterator[Report]:
    for report in table.newest(today(visit.now)):
        if (not stage or report.stage == stage) and (not after or report.report_id < after):
            yield report
