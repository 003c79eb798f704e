"""The public list and map of reports, and the same as open data: what staff let be seen."""

import hashlib
import json
from datetime import date

from chalicelib.core.http.answering import Answer, Json
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.photos import bucket
from chalicelib.front_door.photos.rules import Size
from chalicelib.front_door.reports import table
from chalicelib.front_door.reports.rules import REPORT_ID, Part, Stage, collection, part_of
from chalicelib.pages.frame.pages import here, page
from chalicelib.pages.frame.photo_fields import picture, policy
from chalicelib.pages.frame.place_fields import map_shown
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import said

CACHE_SECONDS = 60
ON_A_PAGE = 50
# As open data, at once: some 300 KB of 6 MB that an answer may have.
AT_ONCE = 500
# At a stage: of how many they are looked for, and how many of these are read at once.
MOST_READ, STAGE_AT_ONCE = 500, 100
STAGES = {
    Stage.OPEN: (N_("Received"), "neutral"),
    Stage.IN_HAND: (N_("In hand"), "warning"),
    Stage.DONE: (N_("Done"), "safe"),
}
# Anybody's program may read it from a page of theirs, and whatever stands between may keep it.
OPEN_DATA = {
    "Content-Type": "application/geo+json",
    "Cache-Control": f"public, max-age={CACHE_SECONDS}, stale-while-revalidate=600",
    "Access-Control-Allow-Origin": "*",
}


def show(visit: Visit) -> Answer:
    stage = visit.query.get("stage", "")
    part = _part(visit, ON_A_PAGE)
    shown = page(
        visit,
        "pages/family/reports.html",
        cache_seconds=CACHE_SECONDS,
        reports=part.reports,
        older=here(visit, after=part.after) if part.after else "",
        stages={one.value: (translate(words, visit.language), kind) for one, (words, kind) in STAGES.items()},
        stage=stage,
        map_shown=map_shown(visit),
        said=lambda texts: said(texts, visit.language),
    )
    return Answer(shown.status, shown.body, {**shown.headers, **policy(visit)})


def as_geojson(visit: Visit) -> Answer:
    """AT_ONCE of them, and the address of the next ones. Whoever has this already, by its ETag, gets no body."""
    part = _part(visit, AT_ONCE)
    older = f"{visit.base}/reports.geojson{here(visit, after=part.after)}" if part.after else ""
    document = json.dumps(collection(part.reports, visit.base, older), ensure_ascii=False)
    headers = {
        **OPEN_DATA,
        "ETag": f'W/"{hashlib.sha256(document.encode()).hexdigest()[:24]}"',
        **({"Link": f'<{older}>; rel="next"'} if older else {}),
    }
    if headers["ETag"] in visit.headers.get("if-none-match", ""):
        return Answer(304, None, headers)
    return Answer(200, Json(document), headers)


def get_photo(visit: Visit, report_id: str, number: str) -> Answer:
    """The small one. `number`: from 1, as the list has them."""
    report = existing(table.get(report_id))
    key = existing(dict(enumerate(report.photos, 1)).get(int(number) if number.isdecimal() and len(number) < 3 else 0))
    file, headers = picture(existing(bucket.content(key, Size.SMALL)))
    return Answer(200, file, {**headers, "Cache-Control": "public, max-age=300"})


def _part(visit: Visit, most: int) -> Part:
    """Of this year and the last: `stage` and `after` are the visitor's to say."""
    stage, after = visit.query.get("stage", ""), visit.query.get("after", "")
    day = today(visit.now)
    known = after if REPORT_ID.fullmatch(after) else ""
    newest = table.newest(date(day.year - 1, 1, 1), day, STAGE_AT_ONCE if stage else most + 1, known)
    return part_of(newest, stage, most, max(most + 1, MOST_READ))
