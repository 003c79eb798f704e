"""Forms that SEPA takes: account numbers, and texts in its Latin letters.

A bank may refuse a whole file for one letter that it does not know, so names and texts are written in the set that each
bank of SEPA must take (EPC132-08, 1.4): Łukasz becomes Lukasz, Þórsson Thorsson, İpek Ipek. What stands for no letter
becomes a full stop, as EPC217-08 recommends; `&` becomes `+`.
"""

import re
import unicodedata

# Countries whose accounts a SEPA credit transfer reaches (EPC409-09), by the first two letters of the IBAN.
COUNTRIES = frozenset(
    re.findall(
        "..",
        "ADALATBEBGCHCYCZDEDKEEESFIFRGBGIGRHRHUIEISITLILTLULVMCMDMEMKMTNLNOPLPTRORSSESISKSMVA",
    )
)
MOST_NAME = 70
MOST_TEXT = 140
MOST_REFERENCE = 35
NOT_LATIN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# Each bank may take a reference that begins or ends so, or has two of them, for something else (EPC132-08, 1.4).
SLASHES = re.compile(r"^/+|/+$|/(?=/)")


class NotAnAccount(ValueError):
    """The text is no IBAN, or its check digits are wrong."""


class OutOfReach(NotAnAccount):
    """An IBAN of a country to which SEPA does not pay."""


def account(text: str) -> str:
    """An IBAN as people write it, with spaces or without, as banks have it: `BE71096123456769`. Raises NotAnAccount,
    OutOfReach."""
    from stdnum import iban  # noqa: PLC0415 for who pays back alone
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        # Not what a country checks beyond it: stdnum knows Belgium's banks by a list, which a new one is not on.
        found: str = iban.validate(text, check_country=False)
    except ValidationError:
        raise NotAnAccount(text) from None
    if found[:2] not in COUNTRIES:
        raise OutOfReach(text)
    return found


def spaced(iban: str) -> str:
    """As people read it, in fours: `BE71 0961 2345 6769`."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def latin(text: str, most: int) -> str:
    """At most `most` characters of it in the letters that each bank takes. Raises ValueError where none is left."""
    from anyascii import anyascii  # noqa: PLC0415 a large table

    written = anyascii(unicodedata.normalize("NFC", text)).replace("&", "+").replace("_", "-")
    cut = " ".join(NOT_LATIN.sub(".", written).split())[:most].strip()
    if not any(character.isalnum() for character in cut):
        raise ValueError("no letter is left of this text")
    return cut


def reference(text: str) -> str:
    """A reference that comes back on the statement. Raises ValueError for one that a bank would change: too long, other
    letters, slashes where none may stand."""
    if not 0 < len(text) <= MOST_REFERENCE or NOT_LATIN.search(text) or SLASHES.search(text):
        raise ValueError("no reference that a bank gives back as it is")
    return text
