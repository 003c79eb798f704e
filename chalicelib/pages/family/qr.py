"""A QR code as a picture in the page: for a camera at the desk, drawn here, without anything fetched."""

import segno
from markupsafe import Markup

# Modules of quiet around it; what is broken or folded to 15 % is read all the same.
BORDER, ERROR = 4, "m"


def qr_code(text: str) -> Markup:
    """An SVG without a name or a size of its own: the page says what it is, and how large. Whoever scans it reads
    `text`, so that holds no token."""
    drawn = segno.make(text, error=ERROR, micro=False)
    picture = drawn.svg_inline(border=BORDER, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return Markup(picture)  # noqa: S704 it is made of squares only
