"""National numbers (rijksregisternummer, numéro de registre national, or a BIS number): plain rules.

A number is eleven digits inside. It stands in no log, no address of a page and no certificate: only in an item of its
own (table.py), in the file for the administration and on the paper of the family itself.
"""

from datetime import date

from stdnum.be import bis, nn
from stdnum.exceptions import ValidationError

from chalicelib.people.families.identity import keyed_id

PROOF_LENGTH = 20


class NotANumber(ValueError):
    """Not eleven digits, or its check digits are not right."""


class OfAnotherDay(ValueError):
    """The number is of somebody who was born on another day."""


def read(text: str) -> str:
    """The digits of a number as people type it. Raises NotANumber."""
    for kind in (nn, bis):
        try:
            return str(kind.validate(text))
        except ValidationError:
            continue
    raise NotANumber


def read_of(text: str, born: date) -> str:
    """The same of somebody whose day of birth is known. A number that says no whole day fits. Raises NotANumber and
    OfAnotherDay."""
    number = read(text)
    said = nn.get_birth_date(number)
    if said is not None and said != born:
        raise OfAnotherDay
    return number


def spoken(number: str) -> str:
    """As the identity card has it: `85.07.30-033.28`."""
    return str(nn.format(number))


def masked(number: str) -> str:
    """Enough for its owner to see which one it is: `••.••.••-•••.28`. The first six digits would be a birth date."""
    return f"••.••.••-•••.{number[-2:]}"


def proof(payer: str, child: str) -> str:
    """A keyed digest of both, so that a certificate that was made with other numbers is seen, and no number kept."""
    return keyed_id("national numbers of a certificate", f"{payer} {child}", PROOF_LENGTH)
