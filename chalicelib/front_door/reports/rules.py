"""A report that anybody may see. Plain rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.front_door.cases.rules import Case, CaseStatus
from chalicelib.front_door.forms.rules import FormKind

MOST_TEXT = 300
# Ten metres: which pavement, and not which door.
DECIMALS = 4
REPORT_ID = re.compile(r"(\d{4})-\d{2}-\d{2}-[2-9a-hjkmnp-z]{10}", re.ASCII)


class Stage(StrEnum):
    """How far a report is, for everybody: not who does what."""

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
    """`report_id`: begins with the day on which it came, and leads to no case. `title`: of its form, by language.
    `text`: written by staff for everybody; "": none. `photos`: keys of those that staff let be seen."""

    report_id: str
    form_id: str
    title: Mapping[str, str]
    received_on: date
    stage: Stage
    lat: float
    long: float
    street: str
    text: str
    photos: tuple[str, ...]


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


def collection(reports: Iterable[Report], base: str) -> dict[str, Any]:
    """GeoJSON (RFC 7946). `base`: of the addresses of photos."""
    return {
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
