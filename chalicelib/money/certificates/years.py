"""The maximum of a year, and who organises the care: what finance enters before a certificate can be made.

A year that the law's documents at hand give is known. Every other one is entered with where it was read, and counts
once a second person of finance has accepted it.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.money.certificates.rules import KNOWN_MAXIMA

# The first year of the model; and the last one that anybody can mean.
FIRST_YEAR, LAST_YEAR = 2021, 2099
# More than that a day is a typing slip; it was 16.40 in 2024.
LEAST_CENTS, MOST_CENTS = 10_00, 40_00


@dataclass(frozen=True)
class Said:
    """Who of the city said something, and when."""

    staff_id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Maximum:
    """`cents` for a day and child. `source`: where it was read; empty of a known year. `by`, `accepted`: two people;
    None of a known year. `edition`: how often it was entered."""

    year: int
    cents: int
    source: str
    by: Said | None = None
    accepted: Said | None = None
    edition: int = 0

    @property
    def counts(self) -> bool:
        return self.is_known or self.accepted is not None

    @property
    def is_known(self) -> bool:
        return self.year in KNOWN_MAXIMA


def known(year: int) -> Maximum | None:
    cents = KNOWN_MAXIMA.get(year)
    return Maximum(year, cents, "") if cents else None


class SamePerson(Exception):
    """Who entered it cannot accept it."""


def accepted_by(maximum: Maximum, by: Said) -> Maximum:
    """Raises SamePerson."""
    if maximum.by is None or maximum.by.staff_id == by.staff_id:
        raise SamePerson
    return Maximum(maximum.year, maximum.cents, maximum.source, maximum.by, by, maximum.edition + 1)
