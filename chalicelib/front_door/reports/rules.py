"""A report that anybody may see. Plain rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.core.moments import today
from chalicelib.front_door.cases.rules import Case, CaseStatus
from chalicelib.front_door.forms.rules import FormKind

MOST_TEXT = 300
# Ten metres: which pavement, and not which door.
DECIMALS = 4
REPORT_ID = re.compile(r"(\d{4})-\d{2}-\d{2}-[2-9a-hjkmnp-z]{10}", re.ASCII)


class Stage(StrEnum):
    """The progress of a report, for everybody: not who does what."""

    OPEN = "open"
    IN_HAND = "in-hand"
    DONE = "done"


STAGES = {
    CaseStatus.RECEIVED: Stage.OPEN,
    CaseStatus.ASSIGNED: Stage.IN_HAND,
    CaseStatus.IN_PROGRESS: Stage.IN_HAND,
    CaseStatus.WAITING_FOR_CITIZEN: Stage.IN_HAND,
    CaseStatus.REOPENED: Stage.OPEN,
    CaseStatus.ANSWERED: Stage.DONE,
    CaseStatus.CLOSED: Stage.DONE,
}


class NotPublic(StrEnum):
    """Why a case can never be seen by everybody."""

    NO_REPORT = "no-report"
    CONFIDENTIAL = "confidential"
    NO_PLACE = "no-place"
    MERGED = "merged"


@dataclass(frozen=True)
class Report:
    """`report_id`: begins with the day on which it came, and leads nobody to its case. `case_id`: for ourselves.
    `title`: of its form, by language. `received_at`: UTC. `unit_id`: whose it is. `answer_by`, `answered_on`: of the
    case. `text`: written by staff for everybody; "": none. `photos`: keys of those that staff let be seen."""

    report_id: str
    case_id: str
    form_id: str
    title: Mapping[str, str]
    received_at: datetime
    unit_id: str
    answer_by: date
    answered_on: date | None
    stage: Stage
    lat: float
    long: float
    street: str
    text: str
    photos: tuple[str, ...]

    @property
    def received_on(self) -> date:
        """In Brussels."""
        return today(self.received_at)


@dataclass(frozen=True)
class Part:
    """Some of them, the newest first. `after`: the report_id behind which the next ones are; "": there are none."""

    reports: tuple[Report, ...]
    after: str = ""


def why_not(case: Case) -> NotPublic | None:
    """None: it may be shown."""
    if case.kind is not FormKind.REPORT:
        return NotPublic.NO_REPORT
    if case.is_confidential or case.is_canary:
        return NotPublic.CONFIDENTIAL
    if case.place is None or not case.place.is_located:
        return NotPublic.NO_PLACE
    if case.merged_into:
        return NotPublic.MERGED
    return None


def part_of(newest: Iterable[Report], stage: str, most: int, most_read: int) -> Part:
    """The first `most` of these that are at a stage ("": at any), of the first `most_read`: whoever asks for what is
    rare gets few at a time, and has no year read for them."""
    found: list[Report] = []
    for number, report in enumerate(newest, 1):
        if not stage or report.stage == stage:
            if len(found) == most:
                return Part(tuple(found), found[-1].report_id)
            found.append(report)
        if number == most_read:
            return Part(tuple(found), report.report_id)
    return Part(tuple(found))


def collection(reports: Iterable[Report], base: str, older: str = "") -> dict[str, Any]:
    """GeoJSON (RFC 7946). `base`: of the addresses of photos. `older`: the address of the next ones; "": none."""
    links = {"links": [{"rel": "next", "href": older, "type": "application/geo+json"}]} if older else {}
    return {
        **links,
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": report.report_id,
                "geometry": {"type": "Point", "coordinates": [report.long, report.lat]},
                "properties": {
                    "form": report.form_id,
                    "title": dict(report.title),
                    "received_on": report.received_on.isoformat(),
                    "stage": report.stage.value,
                    "street": report.street,
                    "text": report.text,
                    "photos": [
                        f"{base}/reports/{report.report_id}/photos/{number}"
                        for number in range(1, len(report.photos) + 1)
                    ],
                },
            }
            for report in reports
        ],
    }
