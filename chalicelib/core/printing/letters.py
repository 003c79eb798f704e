"""A mail as a letter: its plain text on A4, the first line as the heading, with room to fold and to file."""

from chalicelib.core.printing.pdf import A4, LEADING, PdfPage, document, lines

MARGIN = 70.0
SIZE, LARGE = 11.0, 16.0
LINE = SIZE * LEADING
BOTTOM = A4[1] - MARGIN


def letter(text: str, title: str, language: str) -> bytes:
    """The PDF. `title`: what a reader of the file calls it."""
    heading, *rest = text.strip().split("\n")
    sheets = [PdfPage(A4)]
    below = MARGIN + LARGE
    for line in lines(heading, A4[0] - 2 * MARGIN, LARGE):
        sheets[0].text(line, MARGIN, below, LARGE, bold=True)
        below += LARGE * LEADING
    for paragraph in rest:
        for line in lines(paragraph, A4[0] - 2 * MARGIN, SIZE) or [""]:
            below += LINE if line else LINE / 2
            if below > BOTTOM:
                sheets.append(PdfPage(A4))
                below = MARGIN + LINE
            if line:
                sheets[-1].text(line, MARGIN, below, SIZE)
    return document(sheets, title, language)
