"""Statistics of a year and of each opening: for auditors, programme managers and finance. A page and a CSV file."""

from collections.abc import Sequence

from chalicelib.booking.answers.rules import in_text
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.languages import N_, translate
from chalicelib.core.printing import sheets
from chalicelib.insight.answered import FEWEST, QuestionFigures
from chalicelib.insight.statistics import (
    GROUPS,
    IN_WORDS,
    Statistic,
    Statistics,
    StatisticsGroup,
    label,
    of_opening,
    of_year,
    years,
)
from chalicelib.office import scope
from chalicelib.pages.frame import pictures
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, title
from chalicelib.programme.questions.rules import said

COLUMNS = ("year", "opening_id", "title", "group", "figure", "number", "derived_from", "at_least", "in_words")
# Figures of one kind, so that it means something that one bar is longer than another.
COMPARED = (StatisticsGroup.SEATS, StatisticsGroup.REFUSALS, StatisticsGroup.EXCEPTIONS)
AT_LEAST = N_("at least {number}")
# Of the file, as groups and sources of the other figures are called.
ANSWERS = "answers"
HIDDEN = N_("not shown")
OTHERS = N_("Other answers")
NOT_COUNTED = N_("not counted")


def show(visit: Visit, by: Staff) -> Answer:
    """`?year=`, and `?opening=` for one opening; without either, this year."""
    found = _asked(visit, by)
    return page(
        visit,
        "pages/staff/statistics.html",
        found=found,
        heading=title(found.opening.plan, visit.language) if found.opening else str(found.year),
        groups=[_shown(group, found.of(group), visit) for group in GROUPS],
        answers=[(said(one.question.label, visit.language), _answers(one, visit.language)) for one in found.answers],
        fewest=FEWEST,
        years=years(visit.now),
        openings=[(one.opening_id, title(one.plan, visit.language)) for one in _of_year(found.year, by)],
        form=Form(visit.query),
    )


def download(visit: Visit, by: Staff) -> Answer:
    """The year and each of its openings, or one opening, with the API's names."""
    found = _asked(visit, by)
    openings = [] if found.opening else _of_year(found.year, by)
    several = [found, *(of_opening(one.opening_id, visit.now) for one in openings)]
    rows = [row for one in several for row in (*_rows(one, visit.language), *_rows_of_answers(one, visit.language))]
    name = f"statistics-{found.opening.opening_id if found.opening else found.year}.csv"
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, name))


def _asked(visit: Visit, by: Staff) -> Statistics:
    form = Form(visit.query)
    if form["opening"]:
        scope.of_opening(by, visit.now, form["opening"])
        return of_opening(form["opening"], visit.now)
    known = years(visit.now)
    year = next((one for one in known if str(one) == form["year"]), visit.now.year)
    return of_year(year, visit.now)


def _of_year(year: int, by: Staff) -> list[Opening]:
    live = [one for one in openings.every() if one.is_live and one.opening_id.startswith(f"{year}-")]
    return scope.readable(by, live)


def _shown(
    group: StatisticsGroup, figures: Sequence[Statistic], visit: Visit
) -> tuple[str, list[tuple[str, str, str]], str]:
    """Its name, the rows of its table, and its picture where there is something to compare."""
    name = translate(GROUPS[group], visit.language)
    words = [translate(label(one), visit.language) for one in figures]
    numbers = [_number(one, visit.language) for one in figures]
    sources = [translate(IN_WORDS[one.source], visit.language) for one in figures]
    rows = list(zip(words, numbers, sources, strict=True))
    about = "; ".join(f"{word}: {number}" for word, number in zip(words, numbers, strict=True))
    bars = [(word, one.number or 0) for word, one in zip(words, figures, strict=True)]
    has_picture = group in COMPARED and any(one.number for one in figures)
    return name, rows, pictures.bars(name, about, bars) if has_picture else ""


def _number(of: Statistic, language: str) -> str:
    if of.number is None:
        return translate(NOT_COUNTED, language)
    number = pictures.number(of.number)
    return translate(AT_LEAST, language, number=number) if of.is_at_least else number


def _answers(of: QuestionFigures, language: str) -> list[tuple[str, str]]:
    """Each answer in words, and how many gave it."""
    return [
        (
            translate(OTHERS, language) if one.value is None else in_text(of.question, one.value, language),
            translate(HIDDEN, language) if one.number is None else pictures.number(one.number),
        )
        for one in of.numbers
    ]


def _rows_of_answers(one: Statistics, language: str) -> list[tuple[str | int, ...]]:
    opening = one.opening
    return [
        (
            one.year,
            opening.opening_id if opening else "",
            title(opening.plan, language) if opening else "",
            ANSWERS,
            each.question.key,
            "" if number.number is None else number.number,
            ANSWERS,
            "no",
            f"{said(each.question.label, language)} {answer}{f' ({told})' if number.number is None else ''}",
        )
        for each in one.answers
        for number, (answer, told) in zip(each.numbers, _answers(each, language), strict=True)
    ]


def _rows(one: Statistics, language: str) -> list[tuple[str | int, ...]]:
    opening = one.opening
    return [
        (
            one.year,
            opening.opening_id if opening else "",
            title(opening.plan, language) if opening else "",
            figure.group.value,
            figure.name,
            "" if figure.number is None else figure.number,
            figure.source.value,
            "yes" if figure.is_at_least else "no",
            translate(label(figure), language),
        )
        for figure in one.figures
    ]
