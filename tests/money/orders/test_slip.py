"""A payment slip on paper: what a family needs for a transfer, and why it costs that."""

import pytest

from chalicelib.money.orders import slip as slips
from tests.core.printing import printed
from tests.money.orders.slips import LINES, slip


def pages(content):
    return [[text.replace("\xa0", " ") for text in page] for page in printed.pages(content)]


def test_it_says_all_that_a_transfer_needs_and_why():
    (page,) = pages(slips.printed(slip(), "nl"))

    assert page == [
        *("Gemeente Wommelgem", "03 123 45 67", "Betalen met een overschrijving"),
        *("Aan", "Gemeente Wommelgem", "Rekeningnummer (IBAN)", "BE68 5390 0754 7034", "Bedrag", "€ 148,50"),
        *("Gestructureerde mededeling", "+++123/4567/89002+++", "Te betalen tegen", "dinsdag 15 juni 2027"),
        "Typ de mededeling zoals ze hier staat, met niets ernaast: zo weten we dat jij betaald hebt.",
        "Of scan deze code met de app van je bank: die vult alles in.",
        *("Waarvoor", "Aantal", "Per stuk", "Bedrag"),
        *("5", "€ 16,50", "€ 82,50", "Bouwkamp, 16 augustus 2027 (Lotte)", "Dagprijs inwoner · art. 4 §2"),
        *("5", "€ 13,20", "€ 66,00", "Bouwkamp, 16 augustus 2027 (Şimşek)", "Tweede kind, 20 % korting · art. 5"),
        *("Totaal", "€ 148,50", "Pagina 1 van 1", "+++123/4567/89002+++"),
    ]


def test_what_is_paid_already_is_taken_off():
    (page,) = pages(slips.printed(slip(paid_cents=10_000), "fr"))

    assert page[7:9] == ["Montant", "48,50 €"]
    assert page[-8:-2] == ["Total", "148,50 €", "Déjà payé", "100,00 €", "Reste à payer", "48,50 €"]


def test_a_dutch_city_has_a_reference_of_its_own():
    (page,) = pages(slips.printed(slip(reference="5000056789012345"), "nl"))

    assert page[9:11] == ["Betalingskenmerk", "5000 0567 8901 2345"]


def test_many_lines_go_on_on_other_pages_with_the_columns_and_end_with_the_sum():
    found = pages(slips.printed(slip(LINES * 25), "en"))

    assert len(found) == 3
    assert all("What for" in page and f"Page {number} of 3" in page for number, page in enumerate(found, 1))
    assert "Total" in found[-1]
    assert [text for page in found for text in page].count("Bouwkamp, 16 augustus 2027 (Lotte)") == 25


def test_what_no_bank_would_take_is_not_printed():
    with pytest.raises(ValueError, match="70 at most"):
        slips.printed(slip(name="x" * 71), "nl")
