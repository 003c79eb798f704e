"""A payment slip as paper looks, before a reader of QR codes: another program's drawing, and another one's reading."""

import pypdfium2
import pytest
import zxingcpp

from chalicelib.money.orders import slip as slips
from chalicelib.money.orders.epc import text_of
from tests.money.orders.slips import slip


def codes_of(pdf: bytes) -> list[tuple[str, str]]:
    """Text and level of each QR code on the first page, drawn at 144 dots an inch."""
    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=2, grayscale=True)
    rows = (bytes(drawn.buffer)[row * drawn.stride :][: drawn.width] for row in range(drawn.height))
    picture = memoryview(b"".join(rows)).cast("B", (drawn.height, drawn.width))
    return [(code.text, code.ec_level) for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    "of",
    [
        slip(),
        slip(name="Autonoom gemeentebedrijf voor vrije tijd, sport en jeugd Pajottenland", paid_cents=1),
        slip(name="Communauté de Châtelet-en-Brabançonne à l’œuvre", reference="5000056789012345"),
    ],
    ids=["short", "70 characters", "accents"],
)
def test_the_code_on_paper_is_the_payment(of):
    assert codes_of(slips.printed(of, "nl")) == [(text_of(of.transfer), "M")]
