"""Certificates as they are given: with their number, for whom, and which one took the place of which. Plain rules.

A certificate that was given never changes. What is not right any more is a new one that replaces it by its number, or
its cancellation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.money.certificates.rules import Change, Period


@dataclass(frozen=True)
class Organizer:
    """Who organises the care, and sends the file to the tax administration. `municipality`: whose sessions; empty: of
    all that have no organizer of their own. `kbo`: its ten digits in the register of enterprises. `phone`, `contact`,
    `email`: whom the administration asks. `signed_by`, `signed_as`: who signs certificates, and in which capacity.
    `language`: "nl" or "fr"."""

    municipality: str
    name: str
    kbo: str
    street: str
    postcode: str
    town: str
    phone: str
    contact: str
    email: str
    signed_by: str
    signed_as: str
    language: str = "nl"
    edition: int = 0


@dataclass(frozen=True)
class Payer:
    """Who pays for the care, as the certificate names them. `street`: with the number."""

    last_name: str
    first_name: str
    street: str
    postcode: str
    town: str


@dataclass(frozen=True)
class CertifiedChild:
    child_id: str
    last_name: str
    first_name: str
    born: date


@dataclass(frozen=True)
class Certificate:
    """`serial`: unique in its year of payment, and never given again; 0: not yet given. `place`: of the payer among the
    family's; `part`: which one of a child's and payer's, from 0. `proof`: a keyed digest of the two national numbers
    with which it was made (numbers.py), which are not in it. `replaces`: the serial of the one before it."""

    year: int
    family_id: str
    organizer: str
    child: CertifiedChild
    payer: Payer
    place: int
    part: int
    periods: tuple[Period, ...]
    proof: str
    serial: int = 0
    issued_on: date | None = None
    replaces: int | None = None
    replaced_by: int | None = None
    cancelled_on: date | None = None

    @property
    def number(self) -> str:
        return numbered(self.year, self.serial)

    def number_of(self, serial: int | None) -> str | None:
        """Of another one of its year."""
        return numbered(self.year, serial) if serial else None

    @property
    def cents(self) -> int:
        return sum(period.cents for period in self.periods)

    @property
    def days(self) -> int:
        return sum(period.days for period in self.periods)

    @property
    def is_valid(self) -> bool:
        return self.replaced_by is None and self.cancelled_on is None

    @property
    def key(self) -> tuple[str, str, int, int]:
        return self.organizer, self.child.child_id, self.place, self.part

    @property
    def content(self) -> tuple[object, ...]:
        """The content of the certificate, whatever its number."""
        return self.child, self.payer, self.periods, self.proof


@dataclass(frozen=True)
class CertificateChange:
    """`before`: the valid one that is not right any more; `after`: the one that is to be given."""

    kind: Change
    before: Certificate | None
    after: Certificate | None


def numbered(year: int, serial: int) -> str:
    """The number of a certificate as people call it: `2025-000123`."""
    return f"{year}-{serial:06}"


def plan(given: Iterable[Certificate], wanted: Iterable[Certificate]) -> list[CertificateChange]:
    """The changes by which a family gets the certificates that it should have, in a stable order. `given`: all of a
    family and a year, also those that are valid no more."""
    valid = {one.key: one for one in given if one.is_valid}
    due = {one.key: one for one in wanted}
    changes = []
    for key in sorted(valid.keys() | due.keys()):
        before, after = valid.get(key), due.get(key)
        if before is None:
            changes.append(CertificateChange(Change.NEW, None, after))
        elif after is None:
            changes.append(CertificateChange(Change.CANCELLED, before, None))
        elif before.content != after.content:
            changes.append(CertificateChange(Change.CORRECTED, before, after))
    return changes


def carried_out(
    changes: Sequence[CertificateChange], first_serial: int, on: date
) -> tuple[list[Certificate], list[Certificate]]:
    """The certificates to give, numbered from `first_serial`, and those before them as they stand from now on."""
    new, old, serial = [], [], first_serial
    for change in changes:
        number = None
        if change.after:
            replaces = change.before.serial if change.before else None
            new.append(replace(change.after, serial=serial, issued_on=on, replaces=replaces))
            number, serial = serial, serial + 1
        if change.before:
            cancelled_on = None if number else on
            old.append(replace(change.before, replaced_by=number, cancelled_on=cancelled_on))
    return new, old
