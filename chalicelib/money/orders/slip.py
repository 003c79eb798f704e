"""A payment slip as a PDF: to whom, how much, with which communication and until when, as a QR code for a bank's app
too; then each line, with why it costs that. No form of a bank's: on that Febelfin allows no QR code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.printing import qr
from chalicelib.core.printing.pdf import A4, LEADING, PdfPage, document, face, lines
from chalicelib.money.orders.epc import Transfer, spoken_iban, text_of
from chalicelib.money.orders.references import label_of, spoken

TITLE = N_("Payment by bank transfer")
TO, ACCOUNT, AMOUNT, DUE = N_("To whom"), N_("Account number (IBAN)"), N_("Amount"), N_("To pay by")
AS_IT_STANDS = N_("Type the communication as it stands here, and nothing beside it: by it we know that you have paid.")
SCAN = N_("Or scan this code with your bank's app: it fills in everything.")
WHAT, NUMBER, EACH, SUM = N_("What for"), N_("Number"), N_("Each"), N_("Amount")
TOTAL, PAID, LEFT = N_("Total"), N_("Paid already"), N_("Still to pay")
PAGE = N_("Page {number} of {all}")

MARGIN, SIZE, SMALL, LARGE = 56.0, 10.5, 9.0, 18.0
LINE, SMALL_LINE = SIZE * LEADING, SMALL * LEADING
WIDTH = A4[0] - 2 * MARGIN
BOTTOM = A4[1] - MARGIN - 20
# The code's side, and around it the four modules of quiet that the smallest code of a payment (33 modules) needs.
CODE, QUIET = 108.0, 13.2
FRAME = CODE + 2 * QUIET
LABELS = 150.0
# The columns of numbers, from the right: what each begins with at its right edge.
SUM_EDGE, EACH_EDGE, NUMBER_EDGE = A4[0] - MARGIN, A4[0] - MARGIN - 82, A4[0] - MARGIN - 164
WHAT_WIDTH = NUMBER_EDGE - 52 - MARGIN


@dataclass(frozen=True)
class SlipLine:
    """`about`: of which child and camp it is; `reason`: the article of the council's decision, or empty."""

    about: str
    label: str
    quantity: int
    unit_cents: int
    amount_cents: int
    reason: str = ""


@dataclass(frozen=True)
class PaymentSlip:
    """`sender`: who writes, in lines. `transfer`: what is still to be paid."""

    sender: Sequence[str]
    transfer: Transfer
    due_on: date
    lines: Sequence[SlipLine]
    amount_cents: int
    paid_cents: int


def printed(slip: PaymentSlip, language: str) -> bytes:
    """Raises ValueError for a transfer that no bank would take."""
    title = f"{translate(TITLE, language)} {spoken(slip.transfer.reference)}"
    return document(sheets_of(slip, language), title, language)


def sheets_of(slip: PaymentSlip, language: str) -> list[PdfPage]:
    """The pages alone, for behind a letter."""
    sheets = [PdfPage(A4)]
    below = _head(sheets[0], slip, language)
    below = _lines(sheets, slip, below, language)
    _sums(sheets, slip, below, language)
    for number, sheet in enumerate(sheets, 1):
        _right(sheet, translate(PAGE, language, number=number, all=len(sheets)), A4[1] - MARGIN, SUM_EDGE, SMALL)
        sheet.text(spoken(slip.transfer.reference), MARGIN, A4[1] - MARGIN, SMALL)
    return sheets


def _head(sheet: PdfPage, slip: PaymentSlip, language: str) -> float:
    """Who writes, and the frame with all that a transfer needs; answers where the page is free again."""
    below = MARGIN
    for place, line in enumerate(slip.sender):
        sheet.text(line, MARGIN, below, SIZE, bold=not place)
        below += LINE
    below += LARGE
    sheet.text(translate(TITLE, language), MARGIN, below, LARGE, bold=True)
    below += LARGE / 2
    top, below = below, below + 6
    transfer = slip.transfer
    facts = [
        (TO, transfer.name),
        (ACCOUNT, spoken_iban(transfer.iban)),
        (AMOUNT, in_words.money(transfer.cents, language)),
        (label_of(transfer.reference), spoken(transfer.reference)),
        (DUE, in_words.day(slip.due_on, language)),
    ]
    for label, value in facts:
        sheet.text(translate(label, language), MARGIN + QUIET, below + LINE, SMALL)
        for line in lines(value, WIDTH - FRAME - LABELS - 2 * QUIET, SIZE):
            below += LINE
            sheet.text(line, MARGIN + QUIET + LABELS, below, SIZE, bold=True)
        below += 4
    height = max(FRAME, below - top + 10)
    sheet.box(MARGIN, top, WIDTH, height)
    code = qr.runs(qr.payment(text_of(transfer)))
    sheet.code(code, MARGIN + WIDTH - FRAME + QUIET, top + QUIET, CODE)
    below = top + height + 6
    for text in (AS_IT_STANDS, SCAN):
        for line in lines(translate(text, language), WIDTH, SMALL):
            below += SMALL_LINE
            sheet.text(line, MARGIN, below, SMALL)
    return below + LINE


def _lines(sheets: list[PdfPage], slip: PaymentSlip, below: float, language: str) -> float:
    below = _columns(sheets[-1], below, language)
    for line in slip.lines:
        about = lines(line.about, WHAT_WIDTH, SIZE)
        words = lines(" · ".join(filter(None, (line.label, line.reason))), WHAT_WIDTH, SMALL)
        height = len(about) * LINE + len(words) * SMALL_LINE + 6
        if below + height > BOTTOM:
            sheets.append(PdfPage(A4))
            below = _columns(sheets[-1], MARGIN, language)
        sheet = sheets[-1]
        baseline = below + LINE
        _right(sheet, str(line.quantity), baseline, NUMBER_EDGE, SIZE)
        if line.amount_cents == line.quantity * line.unit_cents:  # a published price for so many is another one
            _right(sheet, in_words.money(line.unit_cents, language), baseline, EACH_EDGE, SIZE)
        _right(sheet, in_words.money(line.amount_cents, language), baseline, SUM_EDGE, SIZE)
        for text, size, leading in [
            *((one, SIZE, LINE) for one in about),
            *((one, SMALL, SMALL_LINE) for one in words),
        ]:
            below += leading
            sheet.text(text, MARGIN, below, size)
        below += 6
    return below


def _columns(sheet: PdfPage, below: float, language: str) -> float:
    below += LINE
    sheet.text(translate(WHAT, language), MARGIN, below, SMALL, bold=True)
    for text, edge in ((NUMBER, NUMBER_EDGE), (EACH, EACH_EDGE), (SUM, SUM_EDGE)):
        _right(sheet, translate(text, language), below, edge, SMALL, bold=True)
    sheet.box(MARGIN, below + 4, WIDTH, 0)
    return below + 4


def _sums(sheets: list[PdfPage], slip: PaymentSlip, below: float, language: str) -> None:
    sums = [(TOTAL, slip.amount_cents), (PAID, slip.paid_cents), (LEFT, slip.transfer.cents)]
    shown = sums if slip.paid_cents else sums[:1]
    if below + (len(shown) + 1) * LINE > BOTTOM:
        sheets.append(PdfPage(A4))
        below = MARGIN
    sheet = sheets[-1]
    sheet.box(MARGIN, below + 2, WIDTH, 0)
    below += 4
    for label, cents in shown:
        below += LINE
        is_last = (label, cents) == shown[-1]
        _right(sheet, translate(label, language), below, EACH_EDGE, SIZE, bold=is_last)
        _right(sheet, in_words.money(cents, language), below, SUM_EDGE, SIZE, bold=is_last)


def _right(sheet: PdfPage, text: str, baseline: float, edge: float, size: float, *, bold: bool = False) -> None:
    sheet.text(text, edge - face().width(text, size), baseline, size, bold=bold)
