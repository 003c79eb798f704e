"""The file for Belcotax-on-web."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from chalicelib.money.certificates import belcotax
from chalicelib.money.certificates.belcotax import SheetTreatment, SumsDiffer, content_digest, written
from chalicelib.money.certificates.rules import Period
from tests.money.certificates.samples import CITY, FATHER, certificate, sheet

FIRST = certificate(1)
SECOND = certificate(2, (Period(date(2024, 4, 1), date(2024, 4, 1), 1, 5_00),), FATHER, 1)
SHEETS = [sheet(FIRST, 1), sheet(SECOND, 2)]
# As Belcotax-2025.xsd puts them in sequence; those of a sheet's base by their numbers.
OF_A_SHEET = """f2002_inkomstenjaar f2005_registratienummer f2008_typefiche f2009_volgnummer f2010_referentie
f2011_nationaalnr f2013_naam f2015_adres f2016_postcodebelgisch f2017_gemeente f2018_landwoonplaats f2028_typetraitement
f2029_enkelopgave325 f2114_voornamen f86_2055_begindate1 f86_2056_enddate1 f86_2059_totaalcontrole f86_2060_amount1
f86_2061_amount2 f86_2062_amount3 f86_2063_amount4 f86_2064_totalamount f86_2093_begindate2 f86_2101_childcountry
f86_2102_childaddress f86_2106_childname f86_2107_childfirstname f86_2110_numberofday1 f86_2111_dailytariff1
f86_2113_numberofday2 f86_2115_dailytariff2 f86_2116_numberofday3 f86_2117_dailytariff3 f86_2119_numberofday4
f86_2120_dailytariff4 f86_2139_childpostnr f86_2140_childmunicipality f86_2144_enddate2 f86_2153_nnchild
f86_2157_begindate3 f86_2158_enddate3 f86_2161_begindate4 f86_2162_enddate4 f86_2163_childbirthdate"""
OF_A_SENDING = """v0002_inkomstenjaar v0010_bestandtype v0011_aanmaakdatum v0014_naam v0015_adres v0016_postcode
v0017_gemeente v0018_telefoonnummer v0021_contactpersoon v0022_taalcode v0023_emailadres v0024_nationaalnr
v0025_typeenvoi v0026_referte v0028_landwoonplaats Aangiften r9002_inkomstenjaar r9010_aantallogbestanden
r9011_totaalaantalrecords r9012_controletotaal r9013_controletotaal"""


def made(sheets=SHEETS, **more):
    said = {"is_test": True, **more}
    return ElementTree.fromstring(written([CITY], sheets, 2024, date(2025, 2, 5), **said))


def in_order(element, zones):
    names = [one.tag for one in element]
    return names == [zone for zone in zones.split() if zone in names]


def test_a_file_has_the_zones_of_the_schema_in_their_order():
    four = certificate(
        3, [Period(date(2024, month, 1), date(2024, month, 2), 2, 10_00 + month) for month in (4, 5, 7, 8)]
    )
    root = made([*SHEETS, sheet(four, 3)])

    assert in_order(root[0], OF_A_SENDING)
    assert all(in_order(one, OF_A_SHEET) for one in root.iter("Fiche28186"))
    assert [one.tag for one in root.findall(".//Fiche28186")[2]] == OF_A_SHEET.split()


def test_a_sheet_says_what_its_certificate_says():
    fiche = made().find(".//Fiche28186")
    said = {one.tag: one.text for one in fiche}

    assert said["f2009_volgnummer"] == "1"
    assert said["f2010_referentie"] == "2024-000001"
    assert said["f2011_nationaalnr"] == "85073003328"
    assert (said["f86_2055_begindate1"], said["f86_2056_enddate1"]) == ("08-07-2024", "12-07-2024")
    assert (said["f86_2110_numberofday1"], said["f86_2111_dailytariff1"], said["f86_2060_amount1"]) == (
        "5",
        "1640",
        "8200",
    )
    assert (said["f86_2113_numberofday2"], said["f86_2115_dailytariff2"], said["f86_2061_amount2"]) == (
        "4",
        "1250",
        "5000",
    )
    assert (said["f86_2064_totalamount"], said["f86_2059_totaalcontrole"]) == ("13200", "26400")
    assert said["f86_2163_childbirthdate"] == "30-04-2016"


def test_the_sums_are_those_of_the_sheets():
    said = {one.tag: one.text for one in made().iter() if one.tag.startswith(("r8", "r9"))}

    assert said == {
        "r8002_inkomstenjaar": "2024",
        "r8005_registratienummer": "0207500123",
        "r8010_aantalrecords": "4",
        "r8011_controletotaal": "3",
        "r8012_controletotaal": "27400",
        "r9002_inkomstenjaar": "2024",
        "r9010_aantallogbestanden": "3",
        "r9011_totaalaantalrecords": "6",
        "r9012_controletotaal": "3",
        "r9013_controletotaal": "27400",
    }


@pytest.mark.parametrize(
    "zone",
    ["f86_2060_amount1", "f86_2064_totalamount", "f2009_volgnummer", "r8011_controletotaal", "r9013_controletotaal"],
)
def test_a_file_whose_sums_differ_is_not_given(zone):
    root = made()
    root.find(f".//{zone}").text = "7"

    with pytest.raises(SumsDiffer):
        belcotax.check(root, SHEETS)


def test_two_sheets_have_no_number_in_common():
    with pytest.raises(SumsDiffer):
        made([sheet(FIRST, 1), sheet(SECOND, 1)])


def test_a_test_is_marked_so_and_has_the_digest_of_the_real_one():
    assert made().findtext(".//v0010_bestandtype") == "BCTEST"
    assert made(is_test=False).findtext(".//v0010_bestandtype") == "BELCOTAX"
    assert content_digest([CITY], SHEETS, 2024, "") != content_digest([CITY], SHEETS[:1], 2024, "")


def test_corrections_name_the_sending_and_the_number_that_each_sheet_had():
    again = replace(FIRST, serial=3, replaces=1)
    root = made(
        [
            sheet(again, 1, treatment=SheetTreatment.CHANGED),
            replace(sheet(SECOND, 2), payer_number="", child_number="", treatment=SheetTreatment.CANCELLED),
        ],
        reference="AB12CD",
    )

    assert (root.findtext(".//v0025_typeenvoi"), root.findtext(".//v0026_referte")) == ("1", "AB12CD")
    assert [one.text for one in root.iter("f2028_typetraitement")] == ["1", "3"]
    assert [one.text for one in root.iter("f2009_volgnummer")] == ["1", "2"]
    assert len(list(root.iter("f2011_nationaalnr"))) == 1


def test_each_organizer_declares_its_own():
    brussels = replace(CITY, municipality="Brussel", kbo="0207373429", language="fr")
    root = ElementTree.fromstring(
        written(
            [CITY, brussels],
            [SHEETS[0], sheet(replace(SECOND, organizer="Brussel"), 2)],
            2024,
            date(2025, 2, 5),
            is_test=True,
        )
    )

    assert [one.text for one in root.iter("a1005_registratienummer")] == ["0207500123", "0207373429"]
    assert [one.text for one in root.iter("r8010_aantalrecords")] == ["3", "3"]
    assert (root.findtext(".//r9010_aantallogbestanden"), root.findtext(".//r9011_totaalaantalrecords")) == ("4", "8")
    assert root.findtext(".//a1027_naamfr1") == "Stad Voorbeeld"


def test_what_xml_has_no_place_for_and_what_is_too_long_leave_a_file_that_can_be_read():
    long = replace(FIRST, payer=replace(FIRST.payer, first_name="Maximiliaan <Jan> \x0b& Co", last_name="L" * 60))
    root = made([sheet(long, 1)])

    assert root.findtext(".//f2114_voornamen") == "Maximiliaan <Ja"
    assert len(root.findtext(".//f2013_naam")) == 41
