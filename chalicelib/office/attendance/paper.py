"""Paper mode: all lists of a day as one PDF, for when the network is about to fail. A session begins on a page of its
own, and so does each of its groups; every page says of which session and day it is, when it was printed and which of
how many it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.printing.pdf import A4_LANDSCAPE, LEADING, PdfPage, document, face, is_printable, lines
from chalicelib.office.attendance.columns import CONFIDENTIAL, FOR_THE_KITCHEN, answer_of, cells, facts, heading, titles
from chalicelib.office.attendance.rules import AttendanceList, AttendanceRow, by_group, for_the_kitchen
from chalicelib.programme.questions.rules import said

TITLE = N_("Attendance lists of {day}")
NOTHING = N_("There are no sessions on that day.")
NOBODY = N_("Nobody is registered.")
PRINTED = N_("As of {moment}")
PAGE = N_("Page {number} of {all}")
# An allergy as a row of boxes would be worse than none.
NOT_PRINTABLE = N_("Not everything here can be printed. See the screen!")

MARGIN, PADDING = 28.0, 3.0
SIZE, SMALL, LARGE = 8.0, 7.0, 14.0
LINE = SIZE * LEADING
# A row is as high as a pen needs it at least.
LEAST_HEIGHT = 22.0
HEADER_HEIGHT = 16.0
TOP, BOTTOM = MARGIN + 40, A4_LANDSCAPE[1] - MARGIN - 14
MOST_LINES = int((BOTTOM - TOP - HEADER_HEIGHT - 2 * PADDING) / LINE)
# Points. What is left of the page's width is for medical notes, or else for remarks.
NAMES, AGE, TICK, CALL, PICK_UP, REMARK = (92.0, 74.0), 34.0, 44.0, 146.0, 108.0, 88.0


@dataclass(frozen=True)
class _Broken:
    """A row of the table, its cells broken into lines."""

    cells: Sequence[Sequence[str]]

    @property
    def height(self) -> float:
        return max(LEAST_HEIGHT, 2 * PADDING + LINE * max(map(len, self.cells)))

    def divided(self, most: int) -> "list[_Broken]":
        """In parts of at most so many lines, so that whatever a family writes is on paper."""
        longest = max(map(len, self.cells))
        return [_Broken([cell[start : start + most] for cell in self.cells]) for start in range(0, longest, most)]


def lists_of_day(lists: Sequence[AttendanceList], day: date, language: str, now: datetime) -> bytes:
    """The PDF. A day on which nothing takes place is a page that says so."""
    title = translate(TITLE, language, day=in_words.day(day, language))
    pages = [page for one in lists for group in by_group(one) for page in _pages(group, language)]
    if not pages:
        page = PdfPage(A4_LANDSCAPE)
        page.text(title, MARGIN, MARGIN + LARGE, LARGE, bold=True)
        page.text(translate(NOTHING, language), MARGIN, TOP + SIZE, SIZE)
        pages = [page]
    printed = translate(PRINTED, language, moment=in_words.moment(now, language))
    for number, page in enumerate(pages, 1):
        _foot(page, printed, translate(PAGE, language, number=number, all=len(pages)), language)
    return document(pages, title, language)


def _pages(of: AttendanceList, language: str) -> Iterator[PdfPage]:
    """Each with the heading and the names of the columns."""
    widths = _widths(of)
    left = [part for row in of.rows for part in _broken(of, row, widths, language).divided(MOST_LINES)]
    begun = False
    counts = _kitchen(of, language)
    while left or counts or not begun:
        begun = True
        page, top = _head(of, widths, language), TOP + HEADER_HEIGHT
        if not of.rows:
            page.text(translate(NOBODY, language), MARGIN, top + LINE + PADDING, SIZE)
        while left and top + left[0].height <= BOTTOM:
            row = left.pop(0)
            _row(page, row, widths, top)
            top += row.height
        if not left and counts:
            while counts and top + 2 * LINE <= BOTTOM:
                page.text(counts.pop(0), MARGIN, top + LINE + PADDING, SIZE)
                top += LINE
        yield page


def _kitchen(of: AttendanceList, language: str) -> list[str]:
    """Lines below the table."""
    counted = [
        f"{said(one.question.label, language)} {one.answer}: {one.children}" for one in for_the_kitchen(of, language)
    ]
    head = [translate(FOR_THE_KITCHEN, language)] if counted else []
    return [line for text in (*head, *counted) for line in lines(text, A4_LANDSCAPE[0] - 2 * MARGIN, SIZE)]


def _widths(of: AttendanceList) -> list[float]:
    whole = A4_LANDSCAPE[0] - 2 * MARGIN
    fixed = [*NAMES, AGE, TICK, TICK, CALL, PICK_UP]
    left = whole - sum(fixed)
    remark = left / 2 if of.questions else REMARK
    return [*fixed, left - remark, remark] if of.with_medical else [*fixed, left]


def _broken(of: AttendanceList, row: AttendanceRow, widths: Sequence[float], language: str) -> _Broken:
    warning = translate(NOT_PRINTABLE, language)
    texts = [text if is_printable(text) else f"{warning}\n{text}" for text in _cells(of, row, language)]
    return _Broken([lines(text, width - 2 * PADDING, SIZE) for text, width in zip(texts, widths, strict=True)])


def _cells(of: AttendanceList, row: AttendanceRow, language: str) -> list[str]:
    """Paper is not wide enough for a column for each question: what was answered stands among the remarks."""
    texts = cells(of, row, language)
    answered = [(said(one.label, language), answer_of(row, one, language)) for one in of.questions]
    told = [f"{label} {answer}" for label, answer in answered if answer]
    remark = "\n".join([texts[-1], *told]) if texts[-1] else "\n".join(told)
    return [*texts[: len(texts) - 1 - len(of.questions)], remark]


def _titles(of: AttendanceList, language: str) -> list[str]:
    return titles(replace(of, questions=()), language)


def _head(of: AttendanceList, widths: Sequence[float], language: str) -> PdfPage:
    page = PdfPage(A4_LANDSCAPE)
    whole = sum(widths)
    page.text(lines(heading(of, language), whole, LARGE)[0], MARGIN, MARGIN + LARGE - 2, LARGE, bold=True)
    about = " · ".join(facts(of, language))
    page.text(lines(about, whole, SIZE)[0], MARGIN, MARGIN + LARGE + LINE + 4, SIZE)
    left = MARGIN
    for title, width in zip(_titles(of, language), widths, strict=True):
        page.box(left, TOP, width, HEADER_HEIGHT, grey=0.9)
        for first in lines(title, width - 2 * PADDING, SMALL)[:1]:
            page.text(first, left + PADDING, TOP + HEADER_HEIGHT - PADDING - 2, SMALL, bold=True)
        left += width
    return page


def _row(page: PdfPage, row: _Broken, widths: Sequence[float], top: float) -> None:
    left = MARGIN
    for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        page.box(left, top, width, row.height)
        for number, line in enumerate(cell):
            page.text(line, left + PADDING, top + PADDING + SIZE + number * LINE, SIZE, bold=place == 0)
        left += width


def _foot(page: PdfPage, printed: str, number: str, language: str) -> None:
    baseline = page.height - MARGIN
    page.text(f"{printed}. {translate(CONFIDENTIAL, language)}", MARGIN, baseline, SMALL)
    page.text(number, page.width - MARGIN - face().width(number, SMALL), baseline, SMALL)
