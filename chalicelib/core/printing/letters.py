"""A mail as a letter: its plain text on A4, the first line as the heading, with room to fold and to file."""

from collections.abc import Sequence

from chalicelib.core.printing.pdf import A4, LEADING, PdfPage, document, lines

MARGIN = 70.0
SIZE, LARGE = 11.0, 16.0
LINE = SIZE * LEADING
BOTTOM = A4[1] - MARGIN
# Where the window of an envelope is: 110 mm from the left, 50 to 90 mm from the top.
RIGHT, WINDOW, WINDOW_END = 312.0, 150.0, 255.0


def letter(
    text: str,
    title: str,
    language: str,
    to: Sequence[str] = (),
    sender: Sequence[str] = (),
    behind: Sequence[PdfPage] = (),
) -> bytes:
    """The PDF. `title`: what a reader of the file calls it. `to`: for whom it is and where, in lines, behind the window
    of an envelope (at the right, 45 mm from the top, as the post in Belgium reads it). `sender`: who writes, in lines,
    the first one bold, at the top. `behind`: pages that follow it."""
    heading, *rest = text.strip().split("\n")
    sheets = [PdfPage(A4)]
    below = MARGIN + LARGE
    for place, line in enumerate(sender):
        sheets[0].text(line, MARGIN, MARGIN + place * LINE, SIZE, bold=not place)
    if sender:
        below = MARGIN + len(sender) * LINE + 2 * LARGE
    if to:
        below = WINDOW
        for line in to:
            sheets[0].text(line, RIGHT, below, SIZE)
            below += LINE
        below = max(below, WINDOW_END) + LARGE
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
    return document([*sheets, *behind], title, language)
