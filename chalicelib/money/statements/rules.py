"""A bank's statement of an account: balances and movements, as both of its formats (CODA, camt.053) say them.

Plain rules. A statement that is not whole, or whose sums do not agree, is none: `Unreadable` says why, and on which
line of the file, and nothing of it is counted.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from chalicelib.core.languages import N_
from chalicelib.money.orders.references import is_reference

# A statement may be so old when it is handed in: what of last year is still to be found, and no file of years ago that
# somebody took by mistake.
OLDEST_DAYS = 400
# A bank that closes its day after midnight may date it tomorrow.
AHEAD_DAYS = 1
# An entry may be booked so far outside the days that its statement names.
ASTRAY_DAYS = 31
MOST_TEXT = 500
MOST_NAME = 140
MOST_BANK_REFERENCE = 50
EURO = "EUR"

OTHER_ACCOUNT = N_("This is a statement of account {account}, which is none of the accounts that families pay to.")
NO_ACCOUNT = N_("The account {account} is no IBAN.")
OTHER_CURRENCY = N_("The currency is {currency}. Only euros can be read.")
FROM_THE_FUTURE = N_("The statement ends on {day}, which is still to come.")
TOO_OLD = N_("The statement ends on {day}. It may be at most {days} days old.")
BACKWARDS = N_("The statement ends on {closed_on}, before it begins on {opened_on}.")
ASTRAY = N_("An entry is booked on {day}, but the statement is about {opened_on} to {closed_on}.")
THREE_DECIMALS = N_("The amount {amount} has parts of a cent.")
NO_AMOUNT = N_("The amount “{amount}” cannot be read.")
NO_DAY = N_("The day “{day}” cannot be read.")
DO_NOT_ADD_UP = N_(
    "The entries do not add up: {opening} at the beginning and {movements} of entries make {sum}, but the statement "
    "ends with {closing}. Nothing of this file was counted. Ask the bank for the file again."
)
NOTHING_IN_IT = N_("There is no statement in this file.")
CUT_OFF = N_("The file ends too soon: it is cut off. Download it again.")
NOT_READABLE = N_("This cannot be read: {reason}.")
NEITHER = N_("This is no CODA file and no camt.053 file. Ask your bank’s site for one of these two.")


class Unreadable(Exception):
    """A file or a statement that is not counted, and why. `message`: marked with N_, `values` for its {names}. `line`:
    of the file, from 1; None where it is about all of it."""

    def __init__(self, message: str, line: int | None = None, /, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.values: Mapping[str, Any] = values


class StatementFormat(StrEnum):
    CODA = "coda"
    CAMT = "camt"


class MovementKind(StrEnum):
    """The kind of an entry, as the bank states it."""

    TRANSFER = "transfer"
    RETURN = "return"  # it takes back, or gives back, what it booked before
    COSTS = "costs"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a statement; of an entry for many payments, each of these. `cents`: what came in, negative what went
    out. `iban`, `name`: of the other side, "" if the bank does not say. `reference`: the digits of a structured
    reference, checked. `bank_reference`: how the bank calls the entry, capitals and digits alone. `end_to_end`: what
    the payer's bank was told to pass on. `line`: of the file."""

    booked_on: date
    cents: int
    name: str
    iban: str
    reference: str | None
    text: str
    bank_reference: str
    kind: MovementKind
    end_to_end: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """`number`: as the bank counts its statements, "" if it does not. `opened_on`: the day of the balance with which it
    begins, which may be the last day of the statement before."""

    account: str
    currency: str
    number: str
    opened_on: date
    closed_on: date
    opening_cents: int
    closing_cents: int
    movements: tuple[Movement, ...]
    format: StatementFormat

    @property
    def moved_cents(self) -> int:
        return sum(movement.cents for movement in self.movements)


def checked(statement: Statement, accounts: Iterable[str], today: date, line: int | None = None) -> Statement:
    """The statement, if it can be counted; raises Unreadable. `accounts`: the IBANs that families pay to. `line`: where
    it begins in the file."""
    if statement.account not in accounts:
        raise Unreadable(OTHER_ACCOUNT, line, account=spaced(statement.account))
    if statement.currency != EURO:
        raise Unreadable(OTHER_CURRENCY, line, currency=statement.currency)
    if statement.closed_on < statement.opened_on:
        raise Unreadable(BACKWARDS, line, opened_on=statement.opened_on, closed_on=statement.closed_on)
    if statement.closed_on > today + timedelta(days=AHEAD_DAYS):
        raise Unreadable(FROM_THE_FUTURE, line, day=statement.closed_on)
    if statement.closed_on < today - timedelta(days=OLDEST_DAYS):
        raise Unreadable(TOO_OLD, line, day=statement.closed_on, days=OLDEST_DAYS)
    first = statement.opened_on - timedelta(days=ASTRAY_DAYS)
    last = statement.closed_on + timedelta(days=ASTRAY_DAYS)
    for movement in statement.movements:
        if not first <= movement.booked_on <= last:
            days = {"opened_on": statement.opened_on, "closed_on": statement.closed_on}
            raise Unreadable(ASTRAY, movement.line, day=movement.booked_on, **days)
    if statement.opening_cents + statement.moved_cents != statement.closing_cents:
        raise do_not_add_up(statement.opening_cents, statement.moved_cents, statement.closing_cents, line)
    return statement


def do_not_add_up(opening: int, moved: int, closing: int, line: int | None) -> Unreadable:
    """All in cents."""
    amounts = {"opening": opening, "movements": moved, "sum": opening + moved, "closing": closing}
    return Unreadable(DO_NOT_ADD_UP, line, **{name: euros(cents) for name, cents in amounts.items()})


def euros(cents: int) -> str:
    """`-1234.50` for -123450 cents, in every language: for a message about a file."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def spaced(account: str) -> str:
    """An IBAN as people read it."""
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def account_of(text: str, line: int | None) -> str:
    """The IBAN of the statement's own account; raises Unreadable."""
    try:
        return str(ibans.validate(text, check_country=False))  # its list of banks grows old
    except ValidationError:
        raise Unreadable(NO_ACCOUNT, line, account=text.strip()) from None


def other_account(text: str) -> str:
    """The account of the other side, capitals and digits alone; of no bank that has IBANs, as it stands there."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[:34]


def in_one_line(text: str, most: int) -> str:
    """Without what cannot be printed, and with one space between words."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:most]


def bank_reference(text: str) -> str:
    """As both formats have it: CODA fills up with spaces, and some banks put marks between."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[:MOST_BANK_REFERENCE]


# As families write it: +++123/4567/89012+++, ***123/4567/89012***, 123/4567/89012 or twelve digits.
_BELGIAN = re.compile(r"(?<![0-9])([0-9]{3})[ /.-]?([0-9]{4})[ /.-]?([0-9]{5})(?![0-9])")
# Sixteen digits, with a space after every fourth or none.
_DUTCH = re.compile(r"(?<![0-9])([0-9]{4})[ .]?([0-9]{4})[ .]?([0-9]{4})[ .]?([0-9]{4})(?![0-9])")


def reference_in(structured: str, text: str) -> str | None:
    """The digits of the structured reference of an entry: the one that its bank names as such, else the only one that
    the payer typed into the text; None where there is none, or more than one."""
    digits = re.sub(r"[^0-9]", "", structured)
    if is_reference(digits):
        return digits
    typed = {"".join(found) for pattern in (_DUTCH, _BELGIAN) for found in pattern.findall(text)}
    valid = {digits for digits in typed if is_reference(digits)}
    return valid.pop() if len(valid) == 1 else None


@dataclass(frozen=True, slots=True)
class KnownMovement:
    """An entry that was counted before. `number`: which it is of those that are alike, from 1. `names`: how the bank
    calls it in each format in which it was seen."""

    alike: str
    number: int
    names: Mapping[StatementFormat, str]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a file, told from others: `number` of those that are alike; `is_known`: it was counted before.
    `names`: of the entry from now on."""

    movement: Movement
    alike: str
    number: int
    is_known: bool
    names: Mapping[StatementFormat, str]


def alike(account: str, movement: Movement) -> str:
    """The digest of what CODA and camt.053 say of an entry in the same words: two that differ in it are two."""
    said = (account, movement.booked_on.isoformat(), str(movement.cents), movement.iban, movement.reference or "")
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]


def told_apart(statement: Statement, known: Iterable[KnownMovement]) -> list[Told]:
    """Each entry of a statement: one that was counted before, or a new one. `known`: all that were counted of its
    account and its days.

    Of those that are alike, one is known if the bank calls it by the same name; or if it was only seen in the other
    format, where a bank may call it otherwise. What is left is new: the same family may pay twice on a day.
    """
    by_likeness: dict[str, list[KnownMovement]] = {}
    for one in known:
        by_likeness.setdefault(one.alike, []).append(one)
    highest = {likeness: max(one.number for one in alikes) for likeness, alikes in by_likeness.items()}
    likenesses = [alike(statement.account, movement) for movement in statement.movements]
    told: dict[int, Told] = {}

    def take(place: int, one: KnownMovement) -> None:
        by_likeness[one.alike].remove(one)
        movement = statement.movements[place]
        names = {**one.names, statement.format: movement.bank_reference}
        told[place] = Told(movement, one.alike, one.number, True, names)

    for is_same in (_called_the_same, _seen_elsewhere_alone):
        for place, likeness in enumerate(likenesses):
            if place in told:
                continue
            movement = statement.movements[place]
            same = (one for one in by_likeness.get(likeness, ()) if is_same(movement, one, statement.format))
            if found := min(same, key=lambda one: one.number, default=None):
                take(place, found)
    for place, likeness in enumerate(likenesses):
        if place not in told:
            highest[likeness] = highest.get(likeness, 0) + 1
            movement = statement.movements[place]
            names = {statement.format: movement.bank_reference}
            told[place] = Told(movement, likeness, highest[likeness], False, names)
    return [told[place] for place in range(len(likenesses))]


def _called_the_same(movement: Movement, known: KnownMovement, written: StatementFormat) -> bool:
    if movement.bank_reference:
        return movement.bank_reference in known.names.values()
    return known.names.get(written) == ""


def _seen_elsewhere_alone(movement: Movement, known: KnownMovement, written: StatementFormat) -> bool:
    return written not in known.names


def divided(whole: Movement, parts: Sequence[Movement]) -> tuple[Movement, ...]:
    """The payments of an entry for many, or the entry itself where the bank does not give them all, to the cent."""
    if parts and sum(part.cents for part in parts) == whole.cents:
        return tuple(parts)
    return (replace(whole, kind=MovementKind.OTHER) if parts else whole,)
