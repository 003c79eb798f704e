"""The file for Belcotax-on-web: XML, sheets 281.86. Plain: from certificates to bytes, sums checked before it is given.

Elements and their order are those of the administration's schema for incomes of 2025 (`Belcotax-2025.xsd`): Verzending,
its Aangiften (one for each organizer), each with one Opgave32586 of Fiche28186. Amounts are whole cents, days
DD-MM-YYYY. What could be verified of it and what not stands in docs/certificates.md.

A first file is an original (`v0025_typeenvoi` 0) with sheets numbered from 1. Whatever follows is a file of corrections
(1): each sheet says whether it changes one (1), is added (2) or takes one back (3), under the number that it had.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from hashlib import sha256
from xml.etree import ElementTree

from chalicelib.money.certificates.papers import Certificate, Organizer

SHEET = "28186"
BELGIUM = "150"
TEST, REAL = "BCTEST", "BELCOTAX"
LANGUAGE_CODES = {"nl": "1", "fr": "2"}
# begin, end, days, price of a day, amount: the zones of each of the four periods.
PERIOD_ZONES = (
    ("2055_begindate1", "2056_enddate1", "2110_numberofday1", "2111_dailytariff1", "2060_amount1"),
    ("2093_begindate2", "2144_enddate2", "2113_numberofday2", "2115_dailytariff2", "2061_amount2"),
    ("2157_begindate3", "2158_enddate3", "2116_numberofday3", "2117_dailytariff3", "2062_amount3"),
    ("2161_begindate4", "2162_enddate4", "2119_numberofday4", "2120_dailytariff4", "2063_amount4"),
)
# Characters that a zone has room for.
ROOM = {
    "v0014_naam": 41,
    "v0015_adres": 32,
    "v0017_gemeente": 27,
    "v0018_telefoonnummer": 12,
    "v0021_contactpersoon": 34,
    "v0023_emailadres": 44,
    "a1011_naamnl1": 28,
    "a1012_naamnl2": 31,
    "a1013_adresnl": 32,
    "a1015_gemeente": 27,
    "a1027_naamfr1": 28,
    "a1029_adresfr": 32,
    "a1030_gemeentefr": 27,
    "f2013_naam": 41,
    "f2015_adres": 150,
    "f2017_gemeente": 50,
    "f2114_voornamen": 15,
    "f86_2102_childaddress": 41,
    "f86_2106_childname": 41,
    "f86_2107_childfirstname": 32,
    "f86_2140_childmunicipality": 148,
}
NOT_IN_XML = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SheetTreatment(IntEnum):
    """`f2028_typetraitement`."""

    ORIGINAL = 0
    CHANGED = 1
    ADDED = 2
    CANCELLED = 3


@dataclass(frozen=True)
class Sheet:
    """A certificate in the file. `sequence`: its number there; of one that is changed or taken back, that which it had
    in the file before. `payer_number`, `child_number`: national numbers; empty for one that is taken back after they
    were erased."""

    certificate: Certificate
    sequence: int
    payer_number: str
    child_number: str
    treatment: SheetTreatment = SheetTreatment.ORIGINAL


@dataclass(frozen=True)
class Sums:
    """The totals that a file says of itself: of each declaration its records, sum of sequences and of control totals;
    and of all of them together."""

    records: int
    sequences: int
    cents: int


class SumsDiffer(ValueError):
    """The file does not say what its certificates say: it is not given."""


def content_digest(organizers: Iterable[Organizer], sheets: Sequence[Sheet], year: int, reference: str) -> str:
    """Of what a file says, whatever its day and whether it is for a test: the real one is for exactly what the test was
    accepted for."""
    return sha256(written(organizers, sheets, year, date.min, is_test=True, reference=reference)).hexdigest()


def written(
    organizers: Iterable[Organizer],
    sheets: Sequence[Sheet],
    year: int,
    made_on: date,
    *,
    is_test: bool,
    reference: str = "",
) -> bytes:
    """`organizers`: the first one sends the file; each sheet is declared by its own. `reference`: the administration's
    number of the sending that this one corrects; empty: it is an original. Raises SumsDiffer."""
    by_key = {one.municipality: one for one in organizers}
    sender = next(iter(by_key.values()))
    root = ElementTree.Element("Verzendingen")
    sending = ElementTree.SubElement(root, "Verzending")
    _sender(sending, sender, year, made_on, is_test=is_test, reference=reference)
    declarations = ElementTree.SubElement(sending, "Aangiften")
    declared = [
        _declaration(declarations, one, [each for each in sheets if each.certificate.organizer == key], year)
        for key, one in by_key.items()
        if any(each.certificate.organizer == key for each in sheets)
    ]
    _put(sending, "r9002_inkomstenjaar", year)
    _put(sending, "r9010_aantallogbestanden", len(declared) + 2)
    _put(sending, "r9011_totaalaantalrecords", sum(one.records for one in declared) + 2)
    _put(sending, "r9012_controletotaal", sum(one.sequences for one in declared))
    _put(sending, "r9013_controletotaal", sum(one.cents for one in declared))
    check(root, sheets)
    ElementTree.indent(root, " ")
    file: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return file


def _sender(
    sending: ElementTree.Element, sender: Organizer, year: int, made_on: date, *, is_test: bool, reference: str
) -> None:
    _put(sending, "v0002_inkomstenjaar", year)
    _put(sending, "v0010_bestandtype", TEST if is_test else REAL)
    _put(sending, "v0011_aanmaakdatum", _day(made_on))
    _put(sending, "v0014_naam", sender.name)
    _put(sending, "v0015_adres", sender.street)
    _put(sending, "v0016_postcode", sender.postcode)
    _put(sending, "v0017_gemeente", sender.town)
    _put(sending, "v0018_telefoonnummer", sender.phone)
    _put(sending, "v0021_contactpersoon", sender.contact)
    _put(sending, "v0022_taalcode", LANGUAGE_CODES[sender.language])
    _put(sending, "v0023_emailadres", sender.email)
    _put(sending, "v0024_nationaalnr", sender.kbo)
    _put(sending, "v0025_typeenvoi", 1 if reference else 0)
    if reference:
        _put(sending, "v0026_referte", reference)
    _put(sending, "v0028_landwoonplaats", BELGIUM)


def _declaration(declarations: ElementTree.Element, organizer: Organizer, sheets: Sequence[Sheet], year: int) -> Sums:
    declaration = ElementTree.SubElement(declarations, "Aangifte")
    _put(declaration, "a1002_inkomstenjaar", year)
    _put(declaration, "a1005_registratienummer", organizer.kbo)
    _put(declaration, "a1011_naamnl1", organizer.name)
    if rest := organizer.name[ROOM["a1011_naamnl1"] :].strip():
        _put(declaration, "a1012_naamnl2", rest)
    _put(declaration, "a1013_adresnl", organizer.street)
    _put(declaration, "a1014_postcodebelgisch", organizer.postcode)
    _put(declaration, "a1015_gemeente", organizer.town)
    _put(declaration, "a1016_landwoonplaats", BELGIUM)
    _put(declaration, "a1020_taalcode", LANGUAGE_CODES[organizer.language])
    if organizer.language == "fr":
        _put(declaration, "a1027_naamfr1", organizer.name)
        _put(declaration, "a1029_adresfr", organizer.street)
        _put(declaration, "a1030_gemeentefr", organizer.town)
        _put(declaration, "a1031_taalfr", LANGUAGE_CODES["fr"])
    list_ = ElementTree.SubElement(ElementTree.SubElement(declaration, "Opgaven"), "Opgave32586")
    for sheet in sheets:
        _sheet(list_, sheet, organizer, year)
    sums = Sums(
        len(sheets) + 2, sum(one.sequence for one in sheets), sum(control_total(one.certificate) for one in sheets)
    )
    _put(declaration, "r8002_inkomstenjaar", year)
    _put(declaration, "r8005_registratienummer", organizer.kbo)
    _put(declaration, "r8010_aantalrecords", sums.records)
    _put(declaration, "r8011_controletotaal", sums.sequences)
    _put(declaration, "r8012_controletotaal", sums.cents)
    return sums


def _sheet(list_: ElementTree.Element, sheet: Sheet, organizer: Organizer, year: int) -> None:
    certificate = sheet.certificate
    payer, child, periods = certificate.payer, certificate.child, certificate.periods
    fiche = ElementTree.SubElement(list_, f"Fiche{SHEET}")
    _put(fiche, "f2002_inkomstenjaar", year)
    _put(fiche, "f2005_registratienummer", organizer.kbo)
    _put(fiche, "f2008_typefiche", SHEET)
    _put(fiche, "f2009_volgnummer", sheet.sequence)
    _put(fiche, "f2010_referentie", certificate.number)
    if sheet.payer_number:
        _put(fiche, "f2011_nationaalnr", sheet.payer_number)
    _put(fiche, "f2013_naam", payer.last_name)
    _put(fiche, "f2015_adres", payer.street)
    _put(fiche, "f2016_postcodebelgisch", payer.postcode)
    _put(fiche, "f2017_gemeente", payer.town)
    _put(fiche, "f2018_landwoonplaats", BELGIUM)
    _put(fiche, "f2028_typetraitement", sheet.treatment.value)
    _put(fiche, "f2029_enkelopgave325", 0)
    _put(fiche, "f2114_voornamen", payer.first_name)
    zones: dict[str, object] = {}
    for names, period in zip(PERIOD_ZONES, periods, strict=False):
        values = (_day(period.first), _day(period.last), period.days, period.day_cents, period.cents)
        zones |= dict(zip(names, values, strict=True))
    zones["2059_totaalcontrole"] = control_total(certificate)
    zones["2064_totalamount"] = certificate.cents
    zones["2101_childcountry"] = BELGIUM
    zones["2102_childaddress"] = payer.street
    zones["2106_childname"] = child.last_name
    zones["2107_childfirstname"] = child.first_name
    zones["2139_childpostnr"] = payer.postcode
    zones["2140_childmunicipality"] = payer.town
    if sheet.child_number:
        zones["2153_nnchild"] = sheet.child_number
    zones["2163_childbirthdate"] = _day(child.born)
    for name, value in sorted(zones.items()):  # the schema has them in the order of their numbers
        _put(fiche, f"f86_{name}", value)


def control_total(certificate: Certificate) -> int:
    """Zone 2.59: the sum of zones 2.60 to 2.88, the amounts of the periods and their total."""
    return 2 * certificate.cents


def check(root: ElementTree.Element, sheets: Sequence[Sheet]) -> None:
    """That the file says of itself what its sheets say, and its sheets what the certificates say. Raises SumsDiffer."""
    fiches = root.findall(f".//Fiche{SHEET}")
    said = sorted((_number(one, "f2009_volgnummer"), _text(one, "f2010_referentie")) for one in fiches)
    if said != sorted((one.sequence, one.certificate.number) for one in sheets):
        raise SumsDiffer("sheets")
    if len({number for number, _ in said}) != len(said):
        raise SumsDiffer("sequence")
    for fiche in fiches:
        amounts = [_number(fiche, f"f86_{names[4]}") for names in PERIOD_ZONES if _has(fiche, names[4])]
        products = [
            _number(fiche, f"f86_{names[2]}") * _number(fiche, f"f86_{names[3]}")
            for names in PERIOD_ZONES
            if _has(fiche, names[4])
        ]
        total = _number(fiche, "f86_2064_totalamount")
        if amounts != products or sum(amounts) != total or _number(fiche, "f86_2059_totaalcontrole") != 2 * total:
            raise SumsDiffer("amounts")
    if sum(_number(one, "f86_2064_totalamount") for one in fiches) != sum(one.certificate.cents for one in sheets):
        raise SumsDiffer("total")
    _check_totals(root)


def _check_totals(root: ElementTree.Element) -> None:
    declarations = root.findall(".//Aangifte")
    for declaration in declarations:
        fiches = declaration.findall(f".//Fiche{SHEET}")
        controls = sum(_number(one, "f86_2059_totaalcontrole") for one in fiches)
        if (
            _number(declaration, "r8010_aantalrecords") != len(fiches) + 2
            or _number(declaration, "r8011_controletotaal") != sum(_number(one, "f2009_volgnummer") for one in fiches)
            or _number(declaration, "r8012_controletotaal") != controls
        ):
            raise SumsDiffer("declaration")
    sending = root[0]
    for of_all, of_each in (
        ("r9012_controletotaal", "r8011_controletotaal"),
        ("r9013_controletotaal", "r8012_controletotaal"),
    ):
        if _number(sending, of_all) != sum(_number(one, of_each) for one in declarations):
            raise SumsDiffer("sending")
    if _number(sending, "r9010_aantallogbestanden") != len(declarations) + 2 or _number(
        sending, "r9011_totaalaantalrecords"
    ) != 2 + sum(_number(one, "r8010_aantalrecords") for one in declarations):
        raise SumsDiffer("records")


def _has(fiche: ElementTree.Element, zone: str) -> bool:
    return fiche.find(f"f86_{zone}") is not None


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(name) or ""


def _number(element: ElementTree.Element, name: str) -> int:
    return int(_text(element, name))


def _put(parent: ElementTree.Element, name: str, value: object) -> None:
    text = NOT_IN_XML.sub(" ", str(value)).strip()
    ElementTree.SubElement(parent, name).text = text[: ROOM[name]].rstrip() if name in ROOM else text


def _day(day: date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year:04}"
