"""The text of the QR code by which a bank's app fills in a transfer: EPC069-12, version 002, in UTF-8. Plain rules.

The reference stands in the line for structured remittance information, as digits, and the line for free text is left
out. EPC069-12 says of that line that an ISO 11649 reference "may be used"; Febelfin says that a structured
communication is 12 digits in data and that whatever stands beside it makes free text of it ("Conditions pour proposer
des virements"); Odoo, made in Belgium, puts digits of both countries there (odoo/odoo#231373); and where the free line
was taken instead, a bank's app read it as a message (letspeppol/letspeppol#274). No bank's own document was found.

Febelfin forbids a QR code on its form for transfers: ours stands on a page of its own.
"""

from dataclasses import dataclass

from stdnum import iban as numbers

from chalicelib.core.http.problems import FieldError
from chalicelib.core.languages import N_
from chalicelib.money.orders.references import is_reference

MOST_BYTES = 331
MOST_CHARACTERS = 70
MOST_CENTS = 99_999_999_999

NAME_NEEDED = N_("Give the name of the account, as the bank has it.")
NAME_TOO_LONG = N_("This name has {characters} characters. Banks read 70 at most: give a shorter one.")
NAME_TOO_WIDE = N_("This name does not fit in a QR code for banks. Give a shorter one, or one in plain letters.")
NAME_IN_LINES = N_("Give the name in one line, without signs that cannot be seen.")
NO_IBAN = N_("This is no account number: its check digits do not fit. Give the IBAN, for example BE68 5390 0754 7034.")


@dataclass(frozen=True)
class Transfer:
    """The transfer that a family is asked to make. `reference`: digits."""

    name: str
    iban: str
    cents: int
    reference: str


def text_of(transfer: Transfer) -> str:
    """Ten lines, joined by a line feed, none behind the last one. Raises ValueError for what no bank would read."""
    errors: list[FieldError] = []
    name, iban = checked_account(transfer.name, transfer.iban, errors)
    if errors:
        raise ValueError(errors[0].message)
    if not 1 <= transfer.cents <= MOST_CENTS:
        raise ValueError("not an amount that can be transferred")
    if not is_reference(transfer.reference):
        raise ValueError("not a reference")
    return _text(name, iban, transfer.cents, transfer.reference)


def checked_account(name: str, iban: str, errors: list[FieldError]) -> tuple[str, str]:
    """The name, and the IBAN without spaces, as a transfer carries them. `errors` learns what is wrong with them, as
    `name` and `iban`."""
    name = name.strip()
    account = str(numbers.compact(iban))
    # Not by the package's list of a country's banks: it is as old as the package, and refuses banks that are new.
    if not numbers.is_valid(account, check_country=False):
        errors.append(FieldError("iban", NO_IBAN))
        account = account[:34]
    if not name:
        errors.append(FieldError("name", NAME_NEEDED))
    elif not name.isprintable():
        errors.append(FieldError("name", NAME_IN_LINES))
    elif len(name) > MOST_CHARACTERS:
        errors.append(FieldError("name", NAME_TOO_LONG, {"characters": len(name)}))
    elif len(_text(name, account, MOST_CENTS, "0" * 16).encode()) > MOST_BYTES:
        errors.append(FieldError("name", NAME_TOO_WIDE))
    return name, account


def spoken_iban(iban: str) -> str:
    """In groups of four, as banks write it."""
    return str(numbers.format(iban))


def _text(name: str, iban: str, cents: int, reference: str) -> str:
    no_bic, no_purpose = "", ""
    amount = f"EUR{cents // 100}.{cents % 100:02}"
    return "\n".join(["BCD", "002", "1", "SCT", no_bic, name, iban, amount, no_purpose, reference])
