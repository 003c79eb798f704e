"""The certificate as a PDF, in Dutch or French, as the administration's model has it.

Its signature is left open: a city prints and signs, or says on its own page how it signs files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.core.languages.in_words import money
from chalicelib.core.printing.pdf import A4, LEADING, PdfPage, document, lines
from chalicelib.money.certificates.numbers import spoken
from chalicelib.money.certificates.papers import Certificate, Organizer, Payer, numbered
from chalicelib.money.certificates.words import WORDS, PaperWords

MARGIN, INSIDE = 42.0, 10.0
WIDTH = A4[0] - 2 * MARGIN
SIZE, SMALL, LARGE = 9.0, 7.5, 12.0
LINE = SIZE * LEADING + 1.5
INDENT = 24.0
# Of the table of periods, as parts of its width.
COLUMNS = (0.10, 0.36, 0.16, 0.19, 0.19)
ROW = 19.0


@dataclass(frozen=True)
class PaperNumbers:
    """National numbers, eleven digits; empty: they were sent and erased."""

    payer: str = ""
    child: str = ""


@dataclass
class _Sheet:
    """The page, and how far down it is written."""

    page: PdfPage
    down: float

    def text(self, text: str, left: float = 0.0, size: float = SIZE, *, bold: bool = False) -> None:
        for line in lines(text, WIDTH - 2 * INSIDE - left, size):
            self.down += size * LEADING + 1.5
            self.page.text(line, MARGIN + INSIDE + left, self.down, size, bold=bold)

    def field(self, label: str, value: str, colon: str) -> None:
        self.text(f"{label}{colon} {value}", INDENT)

    def space(self, points: float = 6.0) -> None:
        self.down += points

    def frame(self, top: float) -> None:
        self.space()
        self.page.box(MARGIN, top, WIDTH, self.down - top)
        self.space()


def paper(
    certificate: Certificate,
    organizer: Organizer,
    numbers: PaperNumbers,
    language: str,
    most_cents: int,
    *,
    is_duplicate: bool,
) -> bytes:
    """The PDF. `language`: "nl" or "fr". `most_cents`: the maximum of its year."""
    words = WORDS[language]
    colon = " :" if language == "fr" else ":"
    sheet = _Sheet(PdfPage(A4), MARGIN - 8)
    top = sheet.down
    sheet.space(2)
    sheet.text(words.title.format(year=certificate.year), size=LARGE, bold=True)
    sheet.text(words.grounds)
    sheet.frame(top)
    top = sheet.down
    sheet.text(f"{words.organizer}{colon}")
    sheet.text(organizer.name, INDENT, bold=True)
    sheet.field(words.kbo, organizer.kbo, colon)
    sheet.field(words.street, organizer.street, colon)
    sheet.text(f"{words.postcode}{colon} {organizer.postcode} – {words.town}{colon} {organizer.town}", INDENT)
    sheet.space()
    sheet.text(words.box_one, bold=True)
    sheet.text(words.not_filled_in)
    sheet.frame(top)
    top = sheet.down
    sheet.text(words.box_two, bold=True)
    _number(sheet, words, certificate, colon, is_duplicate=is_duplicate)
    _person(sheet, words, certificate, numbers, colon)
    sheet.text(f"{words.periods}{colon}", bold=True)
    _periods(sheet, words, certificate, language)
    sheet.text(words.signed)
    issued = certificate.issued_on or date.min
    sheet.text(words.done_at.format(town=organizer.town, day=_day(issued)))
    sheet.text(f"{words.authorised}{colon}")
    sheet.field(words.name, organizer.signed_by, colon)
    sheet.field(words.capacity, organizer.signed_as, colon)
    sheet.field(words.signature, "", colon)
    sheet.space(26)
    sheet.frame(top)
    for note in words.notes:
        sheet.text(note.format(most=money(most_cents, language)), size=SMALL)
    return document([sheet.page], f"281.86 {certificate.number}", language)


def _number(sheet: _Sheet, words: PaperWords, certificate: Certificate, colon: str, *, is_duplicate: bool) -> None:
    mark = f" – {words.duplicate}" if is_duplicate else ""
    sheet.text(f"{words.number}{colon} {certificate.number}{mark}", bold=True)
    year = certificate.year
    if certificate.replaces:
        sheet.text(words.replaces.format(number=numbered(year, certificate.replaces)), INDENT)
    if certificate.replaced_by:
        sheet.text(words.replaced.format(number=numbered(year, certificate.replaced_by)), INDENT, bold=True)
    if certificate.cancelled_on:
        sheet.text(words.cancelled.format(day=_day(certificate.cancelled_on)), INDENT, bold=True)
    sheet.space(3)


def _person(sheet: _Sheet, words: PaperWords, certificate: Certificate, numbers: PaperNumbers, colon: str) -> None:
    payer, child = certificate.payer, certificate.child
    for heading, last, first, number, born in (
        (words.payer, payer.last_name, payer.first_name, numbers.payer, None),
        (words.child, child.last_name, child.first_name, numbers.child, child.born),
    ):
        sheet.text(f"{heading}{colon}", bold=True)
        sheet.field(words.last_name, last, colon)
        sheet.field(words.first_name, first, colon)
        sheet.field(words.national_number, spoken(number) if number else words.erased, colon)
        if born:
            sheet.field(words.born, _day(born), colon)
        _address(sheet, words, payer, colon)
        sheet.space(3)


def _address(sheet: _Sheet, words: PaperWords, payer: Payer, colon: str) -> None:
    sheet.field(words.address, f"{payer.street}, {payer.postcode} {payer.town}", colon)


def _periods(sheet: _Sheet, words: PaperWords, certificate: Certificate, language: str) -> None:
    sheet.space()
    _row(sheet, words.columns, bold=True)
    for place, period in enumerate(certificate.periods, 1):
        dates = words.dates.format(first=_day(period.first), last=_day(period.last))
        cells = (str(place), dates, str(period.days), money(period.day_cents, language), money(period.cents, language))
        _row(sheet, cells)
    _row(sheet, ("", words.total, str(certificate.days), "", money(certificate.cents, language)), bold=True)
    sheet.space(2)


def _row(sheet: _Sheet, cells: Sequence[str], *, bold: bool = False) -> None:
    left = MARGIN + INSIDE
    for part, cell in zip(COLUMNS, cells, strict=True):
        width = part * (WIDTH - 2 * INSIDE)
        sheet.page.box(left, sheet.down, width, ROW)
        sheet.page.text(cell, left + 5, sheet.down + ROW - 6, SIZE, bold=bold)
        left += width
    sheet.down += ROW


def _day(day: date) -> str:
    """As forms in Belgium have it: 30/04/2016."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
