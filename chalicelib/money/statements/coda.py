"""CODA, the statements of Belgian banks: Febelfin's standard, version 2, as lines of 128 characters.

`febelfin-coda` knows where in a record what stands. What makes a file whole it checks by `assert`, and not at all where
a file ends early: so the shape of each line, the counts and the sums are checked here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from coda import CODA

from chalicelib.core.languages import N_
from chalicelib.money.statements.rules import (
    CUT_OFF,
    MOST_NAME,
    MOST_TEXT,
    NO_AMOUNT,
    NO_DAY,
    NOT_READABLE,
    NOTHING_IN_IT,
    THREE_DECIMALS,
    Movement,
    MovementKind,
    Statement,
    StatementFormat,
    Unreadable,
    account_of,
    bank_reference,
    checked,
    divided,
    do_not_add_up,
    euros,
    in_one_line,
    other_account,
    reference_in,
)

ENCODING = "windows-1252"
LONG = 128

NOT_LONG_ENOUGH = N_("A line of a CODA file has 128 characters, and this one has {length}. Download the file again.")
NO_SUCH_RECORD = N_("No line of a CODA file begins with “{record}”.")
OUT_OF_ORDER = N_("A line that begins with “{record}” does not belong here.")
OTHER_VERSION = N_("This is CODA version {version}. Only version 2 can be read.")
NOT_SO_MANY = N_("The last line counts {said} records, and there are {found}. The file is not whole.")
OTHER_TOTAL = N_("The last line says {said} in all, and the entries come to {found}. The file is not whole.")
MORE_TO_COME = N_("The bank says that another part follows, but the file ends. Download it again.")

# Of each kind of record that has them, where an amount stands with its sign before it, and where a day.
_AMOUNTS = {"1": (42, 58), "21": (31, 47), "8": (41, 57)}
_DAYS = {"0": ((5, 11),), "1": ((58, 64),), "21": ((115, 121),), "8": ((57, 63),)}
_TOTALS = ((22, 37), (37, 52))  # of the last record, without a sign
_KNOWN = {"0", "1", "21", "22", "23", "31", "32", "33", "4", "8", "9"}
_COUNTED = {"1", "21", "22", "23", "31", "32", "33", "8"}
# Entries that stand for themselves, and of an entry for many the payments that it consists of. (8 and 9 say what was
# charged for one.)
_WHOLE, _PARTS = frozenset("0123"), frozenset("567")
NO_VALUE_DAY = "000000"
# Of the transaction's code: the families of costs, and what an order that could not be carried out gives back.
_COSTS = frozenset({"35", "80"})
_UNDONE = frozenset({("01", "54"), ("01", "11")})


def is_coda(data: bytes) -> bool:
    """Whether it begins as a CODA file does."""
    return re.match(rb"0000[0-9]\d{6}", data) is not None


def read(data: bytes, accounts: Iterable[str], today: date) -> list[Statement]:
    """All statements of the file; raises Unreadable if one of them cannot be counted."""
    lines = _text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip("\x1a "):
        lines.pop()
    if not lines:
        raise Unreadable(NOTHING_IN_IT)
    for number, line in enumerate(lines, 1):
        _check_line(line, number, is_last=number == len(lines))
    return [_statement(lines, first, end, accounts, today) for first, end in _statements(lines)]


def _text(data: bytes) -> str:
    """Windows-1252 by the standard; some banks' sites make UTF-8 of it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(ENCODING, errors="replace")


def _record(line: str) -> str:
    """ "21" where the second character says which, else the first alone."""
    return line[:2] if line[:1] in ("2", "3") else line[:1]


def _check_line(line: str, number: int, *, is_last: bool) -> None:
    record = _record(line)
    if record not in _KNOWN:
        raise Unreadable(NO_SUCH_RECORD, number, record=record)
    if len(line) != LONG:
        raise Unreadable(CUT_OFF if is_last and len(line) < LONG else NOT_LONG_ENOUGH, number, length=len(line))
    if record == "0" and line[127] != "2":
        raise Unreadable(OTHER_VERSION, number, version=line[127])
    if place := _AMOUNTS.get(record):
        _cents(line[slice(*place)], number)
    for place in _DAYS.get(record, ()):
        _check_day(line[slice(*place)], number)
    if record == "21":
        value_day = line[47:53]
        if value_day != NO_VALUE_DAY:
            _check_day(value_day, number)
    if record == "9":
        for place in _TOTALS:
            _cents("0" + line[slice(*place)], number)


def _cents(signed: str, number: int) -> int:
    """Of a sign (0: credit, 1: debit) and fifteen digits, of which three are decimals."""
    if not re.fullmatch(r"[01][0-9]{15}", signed):
        raise Unreadable(NO_AMOUNT, number, amount=signed.strip())
    thousandths = int(signed[1:])
    if thousandths % 10:
        raise Unreadable(THREE_DECIMALS, number, amount=f"{thousandths // 1000}.{thousandths % 1000:03}")
    cents = thousandths // 10
    return -cents if signed[0] == "1" else cents


def _check_day(text: str, number: int) -> None:
    try:
        datetime.strptime(text, "%d%m%y")  # noqa: DTZ007 a day of the bank's, not a moment
    except ValueError:
        raise Unreadable(NO_DAY, number, day=text) from None


def _statements(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The begin and the end of each statement, by its first and its last record; the end is not part of it."""
    first = None
    for place, line in enumerate(lines):
        record = _record(line)
        if (record == "0") != (first is None) or (record not in ("0", "1") and place == (first or 0) + 1):
            raise Unreadable(OUT_OF_ORDER, place + 1, record=record)
        if record == "0":
            first = place
        elif record == "9":
            assert first is not None
            yield first, place + 1
            first = None
            if line[127] == "1" and place + 1 == len(lines):
                raise Unreadable(MORE_TO_COME, place + 1)
    if first is not None:
        raise Unreadable(CUT_OFF, len(lines))


def _statement(lines: Sequence[str], first: int, end: int, accounts: Iterable[str], today: date) -> Statement:
    mine = lines[first:end]
    _check_counts(mine, first, end)
    _check_sums(mine, end)
    try:
        (parsed,) = CODA(_as_the_library_reads_it(mine)).statements
    except (AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unreadable(NOT_READABLE, first + 1, reason=in_one_line(str(error), 200) or type(error).__name__) from None
    at = _lines_of_moves(mine, first)
    statement = Statement(
        account=account_of(_iban(parsed.account), first + 2),
        currency=parsed.account_currency.strip(),
        number=parsed.new_sequence.lstrip("0"),
        opened_on=parsed.old_balance_date,
        closed_on=parsed.new_balance_date,
        opening_cents=_whole(parsed.old_balance),
        closing_cents=_whole(parsed.new_balance),
        movements=tuple(movement for move in parsed.moves for movement in _movements(move, at)),
        format=StatementFormat.CODA,
    )
    return checked(statement, accounts, today, first + 1)


def _iban(account: str) -> str:
    """Of a Belgian account that is still written in twelve digits, which some banks do."""
    if re.fullmatch(r"[0-9]{12}", account):
        return f"BE{98 - int(account + '111400') % 97:02}{account}"
    return account


def _check_counts(mine: Sequence[str], first: int, end: int) -> None:
    order = [_record(line) for line in mine]
    said, found = mine[-1][16:22], sum(record in _COUNTED for record in order)
    if not said.isdigit() or int(said) != found:
        raise Unreadable(NOT_SO_MANY, end, said=said.strip(), found=found)
    for record, is_wrong in (("1", order.count("1") != 1), ("8", order.count("8") > 1)):
        if is_wrong:
            raise Unreadable(OUT_OF_ORDER, first + 1, record=record)
    if "8" not in order and "21" in order:
        raise Unreadable(CUT_OFF, end)


def _check_sums(mine: Sequence[str], end: int) -> None:
    """The last record's sums of what went out and of what came in, and both balances, by the entries that stand for
    themselves."""
    whole = [_cents(line[31:47], end) for line in mine if line.startswith("21") and line[53] in _WHOLE]
    came, went = sum(cents for cents in whole if cents > 0), -sum(cents for cents in whole if cents < 0)
    for place, found in zip(_TOTALS, (went, came), strict=True):
        said = _cents("0" + mine[-1][slice(*place)], end)
        if said != found:
            raise Unreadable(OTHER_TOTAL, end, said=euros(said), found=euros(found))
    opening = _cents(mine[1][slice(*_AMOUNTS["1"])], end)
    for line in mine:
        closing = _cents(line[slice(*_AMOUNTS["8"])], end) if line.startswith("8") else None
        if closing is not None and opening + came - went != closing:
            raise do_not_add_up(opening, came - went, closing, end)


def _as_the_library_reads_it(mine: Sequence[str]) -> Iterator[str]:
    """It stops at a day of zeros, which stands for none, and at details of details, which we leave out as those of
    charges."""
    for line in mine:
        if line.startswith("21"):
            value_day = line[115:121] if line[47:53] == NO_VALUE_DAY else line[47:53]
            kind = "8" if line[53] == "9" else line[53]
            yield line[:47] + value_day + kind + line[54:]
        else:
            yield line


def _lines_of_moves(mine: Sequence[str], first: int) -> dict[tuple[str, str], int]:
    """The line of each record 21, by its two numbers."""
    return {(line[2:6], line[6:10]): first + place for place, line in enumerate(mine, 1) if line.startswith("21")}


def _movements(move: Any, at: dict[tuple[str, str], int]) -> tuple[Movement, ...]:
    parts = [_movement(part, at) for part in move.moves if part.transaction_type in _PARTS]
    return divided(_movement(move, at), parts)


def _movement(move: Any, at: dict[tuple[str, str], int]) -> Movement:
    line = at.get((move.sequence, move.detail_sequence), 0)
    cents = _whole(move.amount)
    is_free = move.communication_type is None
    structured = (move.communication or "") if move.communication_type in ("101", "102") else ""
    text = in_one_line(structured or (move.communication if is_free else move._communication), MOST_TEXT)
    return Movement(
        booked_on=move.entry_date,
        cents=cents,
        name=in_one_line(move.counterparty_name or "", MOST_NAME),
        iban=other_account((move.counterparty_account or "")[:34]),
        reference=reference_in(structured, text if is_free else ""),
        text=text,
        bank_reference=bank_reference(move.bank_reference),
        kind=_kind(move, cents),
        end_to_end=in_one_line(move.customer_reference or "", 35),
        line=line,
    )


def _kind(move: Any, cents: int) -> MovementKind:
    family, transaction = move.transaction_family, move.transaction_transaction
    if move.r_transaction or (family, transaction) in _UNDONE:
        return MovementKind.RETURN
    if family in _COSTS and cents < 0:
        return MovementKind.COSTS
    return MovementKind.TRANSFER if family == "01" else MovementKind.OTHER


def _whole(amount: Decimal) -> int:
    return int(amount * 100)
