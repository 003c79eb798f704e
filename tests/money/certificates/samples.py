"""A certificate of a child, its payers and its organizer, as the tests have them."""

from datetime import date

from chalicelib.money.certificates.belcotax import Sheet
from chalicelib.money.certificates.papers import Certificate, CertifiedChild, Organizer, Payer
from chalicelib.money.certificates.rules import Period

# Of nobody: their check digits are right, their serials are beyond those that are given.
PAYER_NUMBER, OTHER_NUMBER, CHILD_NUMBER = "85073003328", "17073003384", "16043099847"
CITY = Organizer(
    "",
    "Stad Voorbeeld",
    "0207500123",
    "Grote Markt 1",
    "2000",
    "Antwerpen",
    "032211333",
    "Dienst Financiën",
    "financien@example.be",
    "Els Peeters",
    "Financieel directeur",
)
MOTHER = Payer("Claeys", "An", "Kerkstraat 12 bus 3", "2018", "Antwerpen")
FATHER = Payer("Şimşek", "Łukasz", "Rue de l’Église 4", "1000", "Bruxelles")
LOU = CertifiedChild("lou", "Şimşek", "Lou", date(2016, 4, 30))
FARM = Period(date(2024, 7, 8), date(2024, 7, 12), 5, 16_40)
WOOD = Period(date(2024, 8, 19), date(2024, 8, 23), 4, 12_50)


def certificate(serial=1, periods=(FARM, WOOD), payer=MOTHER, place=0, **more):
    said = {"family_id": "fam", "child": LOU, "proof": "proof", "issued_on": date(2025, 2, 3), **more}
    return Certificate(
        2024, organizer="", payer=payer, place=place, part=0, periods=tuple(periods), serial=serial, **said
    )


def sheet(certificate_, sequence, **more):
    return Sheet(certificate_, sequence, PAYER_NUMBER, CHILD_NUMBER, **more)
