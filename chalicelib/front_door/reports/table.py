"""Reports that anybody may see, in a partition for each year: written with the case that they are about, or after.

Whatever lists them asks for some, from a key on: no request reads a year.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.ids import named
from chalicelib.core.moments import today
from chalicelib.core.refusals import went_through
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.reports.rules import REPORT_ID, STAGES, Report, Stage, why_not

PARTITION = "REPORTS#"
ID_LENGTH = 10
# Behind every report of a day.
_END = "~"


class ReportItem(table.Item):
    """`stage` and what follows to `edition`: of the case as it was read then. `said`: the rest, as JSON."""

    stage = UnicodeAttribute()
    unit_id = UnicodeAttribute()
    answer_by = UnicodeAttribute()
    answered_on = UnicodeAttribute(null=True)
    edition = NumberAttribute()
    said = JSONAttribute()


def id_of(case: Case) -> str:
    """The same for the same case; beside us only who has its receipt can work it out."""
    return f"{today(case.received_at).isoformat()}-{named(f'report {case.case_id} {case.secret}', ID_LENGTH)}"


def get(report_id: str) -> Report | None:
    match = REPORT_ID.fullmatch(report_id)
    item = ReportItem.find(PARTITION + match[1], report_id) if match else None
    return _read(item) if item else None


def newest(first: date, last: date, at_once: int, after: str = "") -> Iterator[Report]:
    """Those that came from `first` to `last`, in Brussels, the newest day first; behind `after`, a report_id, if there
    is one. They are asked for `at_once` by `at_once`, when the first of them is wanted: half a read unit for each 4 KB,
    some five to seven reports. What changed within the last second may be missing."""
    low, high = first.isoformat(), min(after or _END, f"{last.isoformat()}{_END}")
    for year in range(last.year, first.year - 1, -1) if low < high else ():
        span = ReportItem.sk.between(low, high)
        items = ReportItem.query(f"{PARTITION}{year}", span, scan_index_forward=False, page_size=at_once)
        yield from (_read(item) for item in items if item.sk != after)


def putting(report: Report, edition: int) -> dict[str, Any]:
    """One write of the change by which staff let it be seen. `edition`: of the case after it."""
    item = ReportItem(
        PARTITION + report.report_id[:4],
        report.report_id,
        stage=report.stage.value,
        unit_id=report.unit_id,
        answer_by=report.answer_by.isoformat(),
        answered_on=report.answered_on.isoformat() if report.answered_on else None,
        edition=edition,
        said={
            "case_id": report.case_id,
            "form_id": report.form_id,
            "title": dict(report.title),
            "received_at": report.received_at.isoformat(),
            "lat": report.lat,
            "long": report.long,
            "street": report.street,
            "text": report.text,
            "photos": list(report.photos),
        },
    )
    return {"Put": {"Item": dict(item.serialize())}}


def removing(case: Case) -> dict[str, Any]:
    """One write of the change by which they let it be seen no more, or of the case's end."""
    report_id = id_of(case)
    return {"Delete": {"Key": table.key(PARTITION + report_id[:4], report_id)}}


def follow(case: Case) -> None:
    """Behind the stream: how far it is; and gone, if it may not be shown as it is now, whoever changed it. What comes
    late changes nothing that is newer. A read for each change of a report that is not shown, no write."""
    report_id = id_of(case)
    item = ReportItem(PARTITION + report_id[:4], report_id)
    newer = ReportItem.pk.exists() & (ReportItem.edition < case.edition)
    if case.is_public and why_not(case) is None:
        went_through(lambda: item.update(_as_it_stands(case), newer))
    elif case.kind is FormKind.REPORT and case.edition > 1 and get(report_id):
        went_through(lambda: item.delete(newer))


def _as_it_stands(case: Case) -> list[Action]:
    answered_on = ReportItem.answered_on
    return [
        ReportItem.stage.set(STAGES[case.status].value),
        ReportItem.unit_id.set(case.unit_id),
        ReportItem.answer_by.set(case.answer_by.isoformat()),
        answered_on.set(case.answered_on.isoformat()) if case.answered_on else answered_on.remove(),
        ReportItem.edition.set(case.edition),
    ]


def _read(item: ReportItem) -> Report:
    said: dict[str, Any] = item.said
    return Report(
        report_id=item.sk,
        case_id=said["case_id"],
        form_id=said["form_id"],
        title=said["title"],
        received_at=datetime.fromisoformat(said["received_at"]),
        unit_id=item.unit_id,
        answer_by=date.fromisoformat(item.answer_by),
        answered_on=date.fromisoformat(item.answered_on) if item.answered_on else None,
        stage=Stage(item.stage),
        lat=float(said["lat"]),
        long=float(said["long"]),
        street=said["street"],
        text=said["text"],
        photos=tuple(said["photos"]),
    )
