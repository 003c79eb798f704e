"""What became of what citizens sent: a page for everybody, and a CSV file."""

from itertools import groupby

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.languages import in_words
from chalicelib.core.printing import sheets
from chalicelib.front_door.watching.rules import LEAST_SHOWN
from chalicelib.insight.front_door import CaseFigures, Labels, YearOfCases, of_year
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit

CACHE_SECONDS = 300
COLUMNS = (
    *("year", "month", "form_id", "form", "unit_id", "unit"),
    *("received", "answered_in_time", "answered_late", "in_hand", "of_these_late", "reopened", "silent_days"),
)


def show(visit: Visit) -> Answer:
    """`?year=`, this year if it is left out."""
    found = of_year(visit.query.get("year", ""), visit.now)
    return page(
        visit,
        "pages/family/case_figures.html",
        cache_seconds=CACHE_SECONDS,
        found=found,
        forms=[
            (_said(rows[0].form, visit) or form_id, [(_month(one, visit), _said(one.unit, visit), one) for one in rows])
            for form_id, rows in _by_form(found)
        ],
        fewest=LEAST_SHOWN,
    )


def download(visit: Visit) -> Answer:
    """The same numbers with the names of the API; an empty cell is a number that is not shown."""
    found = of_year(visit.query.get("year", ""), visit.now)
    rows = [
        (
            *(one.year, one.month or "", one.form_id, _said(one.form, visit), one.unit_id, _said(one.unit, visit)),
            *(["" for _ in range(6)] if one.is_hidden else _numbers(one)),
            one.silent,
        )
        for one in found.rows
    ]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, f"cases-{found.year}.csv"))


def _numbers(one: CaseFigures) -> list[int]:
    return [one.received, one.in_time, one.late, one.in_hand, one.overdue, one.reopened]


def _by_form(found: YearOfCases) -> list[tuple[str, list[CaseFigures]]]:
    return [(form_id, list(rows)) for form_id, rows in groupby(found.rows, key=lambda one: one.form_id)]


def _month(one: CaseFigures, visit: Visit) -> str:
    return in_words.month(one.month, visit.language) if one.month else str(one.year)


def _said(labels: Labels, visit: Visit) -> str:
    return labels.get(visit.language) or labels.get("nl", "")
