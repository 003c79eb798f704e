"""A certificate as a PDF: what the register says, a number, and a code that leads to the page that verifies it.

It says itself whether it is sealed, and by whom; and that a seal of one's own making proves nothing to a stranger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.core.languages import N_, translate
from chalicelib.core.languages.in_words import day as in_words
from chalicelib.core.printing import qr
from chalicelib.core.printing.pdf import A4, LEADING, PdfPage, document, lines
from chalicelib.front_door.counter.rules import Content, SealKind, spoken
from chalicelib.front_door.counter.sealing import Sealer

MARGIN = 70.0
SIZE, SMALL, LARGE = 11.0, 9.0, 18.0
WIDTH = A4[0] - 2 * MARGIN
CODE = 96.0
LABELS = 130.0
# Nothing of what is said of a person stands below it: there the city says what it says on each.
BOTTOM = A4[1] - 215

NUMBER = N_("Certificate number")
NAME, BORN, ADDRESS = N_("Name"), N_("Born on"), N_("Address")
ISSUED, UNTIL = N_("Issued on"), N_("Valid until")
WITHDRAWABLE = N_("no end, unless it is withdrawn")
LAW = N_("Given by: {law}")
VERIFY = N_(
    "Verify it before you rely on it: scan the code, or go to {address} and type the number. The page says what it is, "
    "of which day, and whether it was withdrawn; it names nobody. The file's fingerprint stands there too: whoever has "
    "the file can see that nothing in it was changed."
)
NOT_SEALED = N_("This file has no electronic seal. Its number says whether it is good.")
SELF_SIGNED = N_(
    "This file is sealed electronically by {subject}. The seal is self-signed: nobody but the city vouches for it, and "
    "programs that read the file say that they do not know it. It shows that nothing was changed since. Its number "
    "says whether it is good."
)
SEALED = N_("This file is sealed electronically by {subject}; {issuer} made the certificate of the seal.")
PAGE_OF = N_("page {page} of {pages}")


@dataclass(frozen=True)
class Paper:
    """What stands on it. `city`: who issues it, in lines, the first one bold. `title`: in the certificate's language.
    `law`: by which it is given; "": not said. `verify`: the address of the public page, without the number."""

    number: str
    city: Sequence[str]
    title: str
    content: Content
    issued_on: date
    valid_until: date | None
    law: str
    verify: str
    sealer: Sealer

    @property
    def address(self) -> str:
        """What its code holds: no name, and nothing that opens anything."""
        return f"{self.verify}/{self.number}"


def paper(of: Paper) -> bytes:
    """The PDF, not sealed yet."""
    language = of.content.language
    sheets = [PdfPage(A4)]
    below = _head(sheets[0], of)
    for paragraph in of.content.lines.split("\n"):
        for line in lines(paragraph, WIDTH, SIZE) or [""]:
            below += SIZE * LEADING + 2
            if below > BOTTOM:
                sheets.append(PdfPage(A4))
                below = MARGIN + SIZE * LEADING
            sheets[-1].text(line, MARGIN, below, SIZE)
    for place, sheet in enumerate(sheets, 1):
        _foot(sheet, of, place, len(sheets))
    return document(sheets, f"{of.title} {spoken(of.number)}", language)


def _head(sheet: PdfPage, of: Paper) -> float:
    language = of.content.language
    below = MARGIN
    for place, line in enumerate(of.city):
        sheet.text(line, MARGIN, below, SIZE, bold=not place)
        below += SIZE * LEADING
    below += LARGE * 1.5
    for line in lines(of.title, WIDTH, LARGE):
        sheet.text(line, MARGIN, below, LARGE, bold=True)
        below += LARGE * LEADING
    until = in_words(of.valid_until, language, weekday=False) if of.valid_until else translate(WITHDRAWABLE, language)
    facts = [
        (NUMBER, spoken(of.number)),
        (ISSUED, in_words(of.issued_on, language, weekday=False)),
        (UNTIL, until),
        (NAME, of.content.name),
        (BORN, in_words(of.content.born, language, weekday=False) if of.content.born else ""),
        (ADDRESS, of.content.address),
    ]
    below += SIZE / 2
    for label, said in facts:
        for place, line in enumerate(lines(said, WIDTH - LABELS, SIZE)):
            if not place:
                sheet.text(translate(label, language), MARGIN, below, SIZE)
            sheet.text(line, MARGIN + LABELS, below, SIZE, bold=label == NUMBER)
            below += SIZE * LEADING + 2
    return below


def _foot(sheet: PdfPage, of: Paper, page: int, pages: int) -> None:
    """On each page: a sheet that is alone says whose it is not, but which it is."""
    language = of.content.language
    top = BOTTOM + 24
    sheet.code(qr.runs(qr.drawn(of.address)), A4[0] - MARGIN - CODE, top, CODE)
    below = top + SMALL
    seal = {SealKind.NONE: NOT_SEALED, SealKind.SELF_SIGNED: SELF_SIGNED, SealKind.ISSUED: SEALED}[of.sealer.kind]
    said = [
        f"{spoken(of.number)}, {translate(PAGE_OF, language, page=page, pages=pages)}",
        translate(VERIFY, language, address=of.verify),
        translate(seal, language, subject=of.sealer.subject, issuer=of.sealer.issuer),
        *([translate(LAW, language, law=of.law)] if of.law else []),
    ]
    for paragraph in said:
        for line in lines(paragraph, WIDTH - CODE - 18, SMALL):
            sheet.text(line, MARGIN, below, SMALL)
            below += SMALL * LEADING
        below += SMALL / 3
