"""A mail on paper."""

from chalicelib.core.printing import letters
from tests.core.printing.printed import pages

TEXT = "Je inschrijving is bevestigd\n\nDag,\n\nGoed nieuws: er is plaats voor Łukasz.\n\nReferentie: 4W3-KPA-9RTX\n"


def test_a_letter_has_every_line_of_the_mail_in_order():
    assert pages(letters.letter(TEXT, "4W3-KPA-9RTX", "nl")) == [
        [
            "Je inschrijving is bevestigd",
            "Dag,",
            "Goed nieuws: er is plaats voor Łukasz.",
            "Referentie: 4W3-KPA-9RTX",
        ]
    ]


def test_a_long_one_goes_on_on_another_page():
    found = pages(letters.letter(TEXT + "\n".join(f"Regel {number}" for number in range(80)), "x", "nl"))

    assert len(found) == 2
    assert [line for page in found for line in page][-1] == "Regel 79"
