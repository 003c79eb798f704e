"""Phone numbers in links: dialled as they are meant, on pages and in mails."""

import re
from pathlib import Path

import pytest

from chalicelib.core.phones import dialled


@pytest.mark.parametrize(
    ("written", "dials"),
    [
        ("+32 (0)470/12.34.56", "+32470123456"),
        ("0032 (0)470 12 34 56", "0032470123456"),
        ("0470\N{EN DASH}12\N{EN DASH}34\N{EN DASH}56", "0470123456"),
        ("0470\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}56", "0470123456"),
        ("0031 6 12345678", "0031612345678"),
        ("06-12345678", "0612345678"),
        ("+380 67 123 4567", "+380671234567"),
        ("(09) 377 12 34", "093771234"),
    ],
)
def test_a_number_is_dialled_without_what_people_write_between_its_digits(written: str, dials: str) -> None:
    assert dialled(written) == dials


def test_every_link_of_a_page_or_a_mail_dials_so():
    chalicelib = Path(__file__).parents[2] / "chalicelib"
    links = [
        link
        for one in chalicelib.rglob("*.html")
        for link in re.findall(r'href="tel:[^>]*?}}"', one.read_text("utf-8"))
    ]

    assert len(links) >= 5
    assert [one for one in links if not one.endswith('|dialled }}"')] == []
