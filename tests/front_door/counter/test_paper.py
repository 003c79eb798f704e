"""A certificate as paper looks: another program's drawing, and another one's reading of its code."""

from datetime import date

import pypdfium2
import pytest

from chalicelib.front_door.counter.paper import Paper, paper
from chalicelib.front_door.counter.rules import Content, SealKind
from chalicelib.front_door.counter.sealing import NOBODY, Sealer
from tests.money.orders.test_slip_picture import codes_of

VERIFY = "https://kamp.kaprijke.example/certificates/verify"
SELF_SIGNED = Sealer(SealKind.SELF_SIGNED, "Stad Kaprijke, self-signed", "Stad Kaprijke, self-signed")
FAMILY = "Het gezin bestaat vandaag uit:\n1. Łukasz D’Hooghe-Şimşek\n2. Noor D’Hooghe"


def certificate(language: str = "nl", sealer: Sealer = NOBODY, lines: str = FAMILY) -> Paper:
    content = Content("Łukasz D’Hooghe-Şimşek", date(1983, 9, 3), "Veld 1, 9970 Kaprijke", lines, language)
    city = ["Stad Kaprijke", "09 376 00 00"]
    issued = date(2027, 3, 8)
    return Paper("ACEFGHJKMNPRF", city, "Gezinssamenstelling", content, issued, None, "KB 16 juli 1992", VERIFY, sealer)


def words_of(pdf: bytes, page: int = 0) -> str:
    return " ".join(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded().split())


def test_the_code_on_paper_leads_to_the_citys_own_page_and_says_no_more():
    (code,) = codes_of(paper(certificate()))
    assert code[0] == f"{VERIFY}/ACEFGHJKMNPRF"


@pytest.mark.parametrize(("language", "words"), [("nl", "ACE-FGH-JKM-NPRF"), ("fr", "1983"), ("en", "8 March 2027")])
def test_it_is_written_in_each_language(language, words):
    read = words_of(paper(certificate(language)))
    assert words in read
    assert "Łukasz D’Hooghe-Şimşek" in read


def test_it_says_whether_it_is_sealed_and_calls_a_self_signed_seal_so():
    assert "no electronic seal" in words_of(paper(certificate("en")))
    read = words_of(paper(certificate("en", SELF_SIGNED)))
    assert "nobody but the city vouches for it" in read
    assert "by Stad Kaprijke, self" in read


def test_each_page_of_a_long_one_has_number_and_code():
    pdf = paper(certificate(lines="\n".join(f"{year}: Veld {year}, 9970 Kaprijke" for year in range(1950, 2027))))
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 3
    assert "ACE-FGH-JKM-NPRF" in words_of(pdf, 2)
