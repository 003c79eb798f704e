"""The certificate as a PDF."""

from dataclasses import replace
from datetime import date

from chalicelib.money.certificates.paper import PaperNumbers, paper
from tests.core.printing.printed import pages
from tests.money.certificates.samples import CHILD_NUMBER, CITY, FATHER, PAYER_NUMBER, certificate

NUMBERS = PaperNumbers(PAYER_NUMBER, CHILD_NUMBER)


def test_it_says_all_that_the_model_asks_for_on_one_page():
    (said,) = pages(paper(certificate(), CITY, NUMBERS, "nl", 16_40, is_duplicate=False))

    for line in (
        "ATTEST NR. 281.86 (JAAR VAN DE UITGAVEN 2024)",
        "Stad Voorbeeld",
        "1. Volgnummer van het attest: 2024-000001",
        "Naam: Claeys",
        "Identificatienummer van het Rijksregister of de KSZ: 85.07.30-033.28",
        "Identificatienummer van het Rijksregister of de KSZ: 16.04.30-998.47",
        "08/07/2024 tot 12/07/2024",
        "€\u00a016,40",
        "€\u00a0132,00",
        "Gedaan te Antwerpen, 03/02/2025",
    ):
        assert line in said


def test_a_second_copy_says_so_in_both_languages():
    dutch, french = (
        pages(paper(certificate(), CITY, NUMBERS, language, 16_40, is_duplicate=True))[0] for language in ("nl", "fr")
    )

    assert "1. Volgnummer van het attest: 2024-000001 – duplicaat" in dutch
    assert "1. Numéro d’ordre de l’attestation : 2024-000001 – duplicata" in french


def test_a_corrected_and_a_cancelled_one_say_so():
    corrected = replace(certificate(4, payer=FATHER), replaces=1)
    cancelled = replace(certificate(), cancelled_on=date(2025, 4, 1))

    (of_corrected,) = pages(paper(corrected, CITY, NUMBERS, "fr", 16_40, is_duplicate=False))
    (of_cancelled,) = pages(paper(cancelled, CITY, NUMBERS, "fr", 16_40, is_duplicate=False))

    assert "Attestation rectifiée : remplace l’attestation n° 2024-000001" in of_corrected
    assert "ANNULÉE le 01/04/2025 : cette attestation n’est plus valable" in of_cancelled


def test_once_the_numbers_are_erased_it_says_that():
    (said,) = pages(paper(certificate(), CITY, PaperNumbers(), "nl", 16_40, is_duplicate=True))

    erased = "Identificatienummer van het Rijksregister of de KSZ: meegedeeld aan de FOD Financiën en hier gewist"
    assert said.count(erased) == 2
