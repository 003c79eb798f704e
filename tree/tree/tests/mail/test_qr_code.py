"""A confirmation has the QR code of its reference, without a picture that a mail program would have to fetch."""

import re

import segno

from tests.mail.conftest import part
from tests.mail.test_mails import ALL, REFERENCE


def test_a_confirmation_has_the_code_of_its_reference_and_of_nothing_else():
    table = part(ALL["confirmed", "nl"], "html").partition('role="img"')[2].partition("</table>")[0]
    rows = [re.findall(r'colspan="(\d+)" width="\d+"([^>]*)>', row) for row in re.findall("<tr.*?</tr>", table)]

    drawn = [["#000000" in dark for modules, dark in row for _ in range(int(modules))] for row in rows]

    assert drawn == [[bool(dark) for dark in row] for row in segno.make(REFERENCE, error="m", micro=False).matrix]
