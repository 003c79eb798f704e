"""Visits that the home counter avoided, by kind of certificate: a public page and CSV, counted from what happened."""

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.moments import today
from chalicelib.core.printing import sheets
from chalicelib.front_door.counter import visits
from chalicelib.pages.frame.forms import Form, whole
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit

COLUMNS = ("year", "certificate", "in_words", "issued", "identity_at_the_desk", "visits_avoided", "withdrawn")


def show(visit: Visit) -> Answer:
    year = _year(visit)
    return page(
        visit,
        "pages/family/certificate_figures.html",
        found=visits.of_year(year, visit.language),
        form=Form({"year": str(year)}),
        year=year,
    )


def download(visit: Visit) -> Answer:
    year = _year(visit)
    rows = [
        (year, one.form_id, one.title, one.issued, one.at_desk, one.avoided, one.withdrawn)
        for one in visits.of_year(year, visit.language)
    ]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, f"certificates-{year}.csv"))


def _year(visit: Visit) -> int:
    year = whole(visit.query.get("year", ""))
    return year if year and 2020 <= year <= 2100 else today(visit.now).year
