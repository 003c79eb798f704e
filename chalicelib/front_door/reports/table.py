"""Reports that anybody may see, in a partition for each year: written with the case that they are about, or after."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.ids import named
from chalicelib.core.memory import Memory
from chalicelib.core.moments import today
from chalicelib.core.refusals import went_through
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.reports.rules import REPORT_ID, STAGES, Report, Stage, why_not

PARTITION = "REPORTS#"
ID_LENGTH = 10
# Nobody needs to see at once that a lamp burns again.
_year: Memory[int, list[Report]] = Memory(60)


class ReportItem(table.Item):
    """`edition`: of the case as it was read for `stage`. `said`: the rest, as JSON."""

    stage = UnicodeAttribute()
    edition = NumberAttribute()
    said = JSONAttribute()


def id_of(case: Case) -> str:
    """The same for the same case; beside us only who has its receipt can work it out."""
    return f"{today(case.received_at).isoformat()}-{named(f'report {case.case_id} {case.secret}', ID_LENGTH)}"


def get(report_id: str) -> Report | None:
    match = REPORT_ID.fullmatch(report_id)
    item = ReportItem.find(PARTITION + match[1], report_id) if match else None
    return _read(item) if item else None


def newest(day: date, years: int = 2) -> Iterator[Report]:
    """Those that came in this year and the one before, the newest first; as they were a minute ago."""
    for year in range(day.year, day.year - years, -1):
        yield from _year.get(year, partial(_of_year, year))


def putting(report: Report, edition: int) -> dict[str, Any]:
    """One write of the change by which staff let it be seen. `edition`: of the case after it."""
    item = ReportItem(
        PARTITION + report.report_id[:4],
        report.report_id,
        stage=report.stage.value,
        edition=edition,
        said={
            "form_id": report.form_id,
            "title": dict(report.title),
            "received_on": report.received_on.isoformat(),
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
        stage: list[Action] = [ReportItem.stage.set(STAGES[case.status].value), ReportItem.edition.set(case.edition)]
        went_through(lambda: item.update(stage, newer))
    elif case.kind is FormKind.REPORT and case.edition > 1 and get(report_id):
        went_through(lambda: item.delete(newer))


def forget() -> None:
    """This container reads them anew."""
    _year.forget()


def _of_year(year: int) -> list[Report]:
    items = ReportItem.query(f"{PARTITION}{year}", scan_index_forward=False)
    return [_read(item) for item in items]


def _read(item: ReportItem) -> Report:
    said: dict[str, Any] = item.said
    return Report(
        report_id=item.sk,
        form_id=said["form_id"],
        title=said["title"],
        received_on=date.fromisoformat(said["received_on"]),
        stage=Stage(item.stage),
        lat=float(said["lat"]),
        long=float(said["long"]),
        street=said["street"],
        text=said["text"],
        photos=tuple(said["photos"]),
    )
