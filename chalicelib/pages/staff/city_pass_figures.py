"""Figures of the city pass for the council: a page and a CSV file."""

from decimal import Decimal

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.core.printing import sheets
from chalicelib.insight import city_pass
from chalicelib.insight.answered import FEWEST
from chalicelib.insight.city_pass import NAMES, CityPassFigures
from chalicelib.pages.frame.forms import Form, whole
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

HIDDEN = N_("not shown")
COLUMNS = ("year", "group", "figure", "provider", "number", "euros", "in_words")


def show(visit: Visit, by: Staff) -> Answer:
    found, labels = _asked(visit), city_pass.labels(visit.language)
    hidden = translate(HIDDEN, visit.language)
    return page(
        visit,
        "pages/staff/city_pass_figures.html",
        found=found,
        form=Form({"year": str(found.year)}),
        rows=[
            (translate(NAMES[name], visit.language), hidden if number is None else number)
            for name, number in found.numbers.items()
        ],
        issued=[
            (labels.get(one.budget, one.budget), hidden if one.number is None else one.number) for one in found.issued
        ],
        redeemed=[(labels.get(one.budget, one.budget), one.provider, one.number, one.cents) for one in found.redeemed],
        hidden=hidden,
        fewest=FEWEST,
    )


def download(visit: Visit, by: Staff) -> Answer:
    found, labels = _asked(visit), city_pass.labels(visit.language)
    rows: list[tuple[sheets.Cell, ...]] = [
        (found.year, "decisions", name, "", _cell(number), "", translate(NAMES[name], visit.language))
        for name, number in found.numbers.items()
    ]
    for group, several in (("issued", found.issued), ("redeemed", found.redeemed)):
        rows += [
            (
                found.year,
                group,
                one.budget,
                one.provider,
                _cell(one.number),
                "" if one.cents is None else Decimal(one.cents) / 100,
                labels.get(one.budget, one.budget),
            )
            for one in several
        ]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, f"city-pass-figures-{found.year}.csv"))


def _asked(visit: Visit) -> CityPassFigures:
    year = whole(visit.query.get("year", ""))
    return city_pass.of_year(year if year and 2020 <= year <= 2100 else today(visit.now).year)


def _cell(number: int | None) -> sheets.Cell:
    return "" if number is None else number
