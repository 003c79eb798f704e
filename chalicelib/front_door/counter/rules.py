"""Certificates of the home counter: their numbers, how somebody's identity was proven, how one stands. Plain rules.

A certificate is issued for a case of a form of kind CERTIFICATE, by somebody of its unit, once. What anybody may read
by its number says what it is and whether it holds, and of nobody whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.core.spoken import checked
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.people.families.identity import mailbox
from chalicelib.people.families.names import plain
from chalicelib.people.staff.rules import Staff

# Without its check character: 53 bits by chance. With a million certificates somebody who asks a thousand times a
# second meets one in five months, and learns of it what it is.
NUMBER_LENGTH = 12
# By whom a certificate was issued, if not by a person: their staff_id.
BY_RULE = "stormloop"

Labels = Mapping[str, str]


class IdentityWay(StrEnum):
    """How somebody showed who they are. DESK: a document that a person of the city looked at. SIGN_IN: the provider
    that the city has a contract with."""

    DESK = "desk"
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Identity:
    """Who asks for a certificate, as it was proven. `name`, `born`: as the document or the provider says. `what`: which
    document (requests.DOCUMENTS), or which provider and with which assurance; never its number. `by`, `by_name`: who of
    the city saw it; "" for a provider."""

    way: IdentityWay
    name: str
    born: date | None
    what: str
    at: datetime
    by: str = ""
    by_name: str = ""
    level: str = ""


@dataclass(frozen=True)
class Content:
    """What a certificate says: about whom, and what the register says, in lines as the clerk wrote them down."""

    name: str
    born: date | None
    address: str
    lines: str
    language: str


class Standing(StrEnum):
    """What the public page says of a number that there is."""

    VALID = "valid"
    OVER = "over"
    WITHDRAWN = "withdrawn"


class SealKind(StrEnum):
    """NONE: the city has no seal. SELF_SIGNED: of a key that nobody but the city vouches for. ISSUED: of a key for
    which somebody else made a certificate; whether that one is trusted, the reader's program says."""

    NONE = "none"
    SELF_SIGNED = "self-signed"
    ISSUED = "issued"


@dataclass(frozen=True)
class Certificate:
    """A certificate as it was issued, without whose it is. `number`: without dashes. `title`: of its form then,
    language to text. `valid_until`: the last day; None: it has no end. `digest`: SHA-256 of the PDF in hexadecimal.
    `identity`: how it was proven. `by`: staff_id, or BY_RULE, whose `by_name` is the number of its version. `why`:
    of a withdrawal, for the city and the citizen."""

    number: str
    case_id: str
    form_id: str
    title: Labels
    unit_id: str
    issued_on: date
    valid_until: date | None
    digest: str
    seal: SealKind
    identity: IdentityWay
    by: str
    by_name: str
    withdrawn_on: date | None = None
    withdrawn_by: str = ""
    why: str = ""

    @property
    def spoken(self) -> str:
        return spoken(self.number)

    def standing(self, day: date) -> Standing:
        if self.withdrawn_on:
            return Standing.WITHDRAWN
        return Standing.OVER if self.valid_until and day > self.valid_until else Standing.VALID


def spoken(number: str) -> str:
    """As it is printed and read out: `ACE-FGH-JKM-NPRT`. No receipt of a case is written like that."""
    return f"{number[:3]}-{number[3:6]}-{number[6:9]}-{number[9:]}"


def number_of(typed: str) -> str | None:
    """The number that somebody typed or scanned, with dashes or without; None: no number reads so."""
    return checked(typed, NUMBER_LENGTH)


def is_for(case: Case) -> bool:
    """Whether the counter answers this case: its form asks for a certificate, and no canary is given one."""
    return case.kind is FormKind.CERTIFICATE and not case.is_canary


def is_own(by: Staff, case: Case, identity: Identity | None, content: Content | None = None) -> bool:
    """Whether somebody of the city would decide about themself: by their mail address, or by their name as the request,
    the document or the certificate has it. Who has a colleague's name asks another colleague."""
    address = case.contact.email
    if address and by.email and mailbox(address) == mailbox(by.email):
        return True
    names = (case.contact.name, identity.name if identity else "", content.name if content else "")
    return any(same_name(name, by.name) for name in names)


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, in whichever order first and last name stand; one of no letters is
    nobody's."""
    words = _words(one)
    return bool(words) and words == _words(other)


def _words(name: str) -> frozenset[str]:
    return frozenset(plain(name).split())
