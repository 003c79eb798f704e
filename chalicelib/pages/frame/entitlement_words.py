"""Declarations of families on which a price depends, in words, for families and staff alike."""

from collections.abc import Mapping

from chalicelib.core.languages import N_, translate
from chalicelib.money.entitlements.declaring import Place
from chalicelib.money.entitlements.rules import INCOME, LEVEL, ProofStatus
from chalicelib.pages.frame.quote_words import SCHOOLS, called

SCHOOL = N_("The child goes to: {school}")
OF_THE_FAMILY = N_("Income of the whole family")
WHOLE_CITY = N_("The whole city")

# As a badge shows it: the text, and its kind.
STATUS: Mapping[ProofStatus, tuple[str, str]] = {
    ProofStatus.WAITING: (N_("Waits for the city"), "warning"),
    ProofStatus.PROVEN: (N_("Proven"), "safe"),
    ProofStatus.REFUSED: (N_("Not accepted"), "danger"),
}


def what(name: str, language: str) -> str:
    """The content of a declaration with this name."""
    if name == INCOME:
        return translate(OF_THE_FAMILY, language)
    if name.startswith(LEVEL):
        return translate(SCHOOL, language, school=called(name.removeprefix(LEVEL), language, SCHOOLS))
    said = called(name, language)
    return said[:1].upper() + said[1:]


def options(place: Place, language: str) -> list[tuple[str, str]]:
    """The declarations that are possible there, for a list to choose from."""
    return [(name, what(name, language)) for name in place.asked.every]


def where(place: str, language: str) -> str:
    """With whom it is declared."""
    return place or translate(WHOLE_CITY, language)
