"""A QR code as a picture in the page: for a camera at the gate or the desk."""

from markupsafe import Markup

from chalicelib.core.printing.qr import drawn, payment

# Modules of quiet around it.
BORDER = 4


def qr_code(text: str, *, is_payment: bool = False) -> Markup:
    """An SVG without a name or a size of its own: the page says what it is, and how large. `is_payment`: as banks read
    one."""
    code = payment(text) if is_payment else drawn(text)
    picture = code.svg_inline(border=BORDER, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return Markup(picture)  # noqa: S704 it is made of squares only
