"""A QR code as a picture in the page: for a camera at the desk, drawn here, without anything fetched."""

import segno
from markupsafe import Markup

# Pixels a module, and modules of quiet around; what is broken or folded to 15 % is read all the same.
SCALE, BORDER, ERROR = 5, 4, "m"


def qr_code(text: str) -> Markup:
    """An SVG without a name of its own: the page says beside it what it is. `text` stands in it for whoever scans it,
    so it holds no token."""
    drawn = segno.make(text, error=ERROR, micro=False)
    picture = drawn.svg_inline(scale=SCALE, border=BORDER, light="#fff", svgclass=None, lineclass=None, omitsize=False)
    return Markup(picture)  # noqa: S704 it is made of squares only
