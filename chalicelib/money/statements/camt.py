"""camt.053, the statements of all European banks: ISO 20022's XML, in the versions 001.02 and 001.08.

Read entry by entry, so that ten thousand of them need no memory; by `defusedxml`, so that no entity of a file unfolds
into what nobody sent. A statement counts only if opening and entries make its closing.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as member
from datetime import date
from typing import Any
from xml.sax import SAXException, handler, xmlreader

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from chalicelib.core.languages import N_
from chalicelib.money.statements.rules import (
    CUT_OFF,
    EURO,
    MOST_NAME,
    MOST_TEXT,
    NO_AMOUNT,
    NO_DAY,
    NOT_READABLE,
    NOTHING_IN_IT,
    OTHER_CURRENCY,
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
    euros,
    in_one_line,
    other_account,
    reference_in,
)

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
VERSIONS = ("camt.053.001.02", "camt.053.001.08")
# Deeper than any path of the standard.
MOST_DEEP = 40

OTHER_MESSAGE = N_(
    "This is {message}. Only camt.053.001.02 and camt.053.001.08 can be read: ask the bank for one of these."
)
NOT_THERE = N_("{name} is missing.")
TWICE = N_("{name} is there twice.")
NO_SIDE = N_("{name} must be CRDT or DBIT, and is “{value}”.")
OTHER_NUMBER = N_("The summary counts {said} entries, and there are {found}. The file is not whole.")
OTHER_SUM = N_("The summary says {said} in all, and the entries come to {found}. The file is not whole.")
DANGEROUS = N_("The file declares entities, which no bank’s file does.")
TOO_DEEP = N_("The file is nested too deep.")

OPENING, PREVIOUS, CLOSING, INTERIM = "OPBD", "PRCD", "CLBD", "ITBD"
_RETURNED = frozenset({"RRTN", "RPCR", "RCDD", "UPCT", "UPDD", "RIMB", "NTAV", "PRDD", "RRCT", "ARET"})
_COSTS = frozenset({"CHRG", "FEES", "COMM", "INTR"})


@dataclass(slots=True)
class _Element:
    """`line`: of the file. `text`: of its own."""

    name: str
    line: int
    currency: str = ""
    text: str = ""
    inner: list["_Element"] = member(default_factory=list)

    def all(self, path: str) -> list["_Element"]:
        """The elements below it by these names: "Acct/Id/IBAN"."""
        reached = [self]
        for name in path.split("/"):
            reached = [inner for one in reached for inner in one.inner if inner.name == name]
        return reached

    def first(self, *paths: str) -> "_Element | None":
        """The first of the first path that there is."""
        return next((one for path in paths for one in self.all(path)), None)

    def said(self, *paths: str) -> str:
        """Its text, "" if there is none."""
        found = self.first(*paths)
        return found.text.strip() if found else ""

    def needed(self, *paths: str) -> "_Element":
        found = self.first(*paths)
        if found is None:
            raise Unreadable(NOT_THERE, self.line, name=paths[0].replace("/", " / "))
        return found


class _Reader(handler.ContentHandler):
    """Keeps of a statement what is there once, and turns each entry into movements as soon as it is read."""

    def __init__(self, accounts: Iterable[str], today: date) -> None:
        super().__init__()
        self.statements: list[Statement] = []
        self._accounts = frozenset(accounts)
        self._today = today
        self._within: list[_Element] = []
        self._entries: list[_Entry] = []
        self._locator: xmlreader.Locator | None = None
        self._has_message = False

    def setDocumentLocator(self, locator: xmlreader.Locator) -> None:  # noqa: N802 the library's word
        self._locator = locator

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802
        namespace, own = name
        line = (self._locator.getLineNumber() if self._locator else None) or 0
        if own == "Document":
            message = (namespace or "").removeprefix(NAMESPACE)
            if message not in VERSIONS:
                raise Unreadable(OTHER_MESSAGE, line, message=in_one_line(message, 100) or "?")
            self._has_message = True
        if len(self._within) >= MOST_DEEP:
            raise Unreadable(TOO_DEEP, line)
        self._within.append(_Element(own, line, attrs.get((None, "Ccy"), "")))

    def characters(self, content: str) -> None:
        if self._within:
            self._within[-1].text += content

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        ended = self._within.pop()
        if not self._has_message:
            return
        if ended.name == "Ntry":
            if entry := _entry(ended):
                self._entries.append(entry)
        elif ended.name == "Stmt":
            self.statements.append(_statement(ended, self._entries, self._accounts, self._today))
            self._entries = []
        elif self._within and any(one.name == "Stmt" for one in self._within):
            self._within[-1].inner.append(ended)

    def endDocument(self) -> None:  # noqa: N802
        if not self._has_message:
            raise Unreadable(OTHER_MESSAGE, 1, message="XML")
        if not self.statements:
            raise Unreadable(NOTHING_IN_IT)


def is_xml(data: bytes) -> bool:
    """Whether it begins as XML does, in any encoding that has ASCII in it, or in UTF-16."""
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def read(data: bytes, accounts: Iterable[str], today: date) -> list[Statement]:
    """All statements of the file; raises Unreadable if one of them cannot be counted."""
    reader = _Reader(accounts, today)
    parser = DefusedExpatParser(namespaceHandling=1, forbid_dtd=True)
    parser.setContentHandler(reader)
    source = xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise Unreadable(DANGEROUS, parser.getLineNumber()) from None
    except SAXException as error:
        line = parser.getLineNumber()
        if re.search("no element found|unclosed", str(error)):
            raise Unreadable(CUT_OFF, line) from None
        raise Unreadable(NOT_READABLE, line, reason=in_one_line(error.getMessage(), 200)) from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows, or that is another one
        raise Unreadable(NOT_READABLE, 1, reason=in_one_line(str(error), 200)) from None
    return reader.statements


@dataclass(frozen=True, slots=True)
class _Entry:
    """`cents`: of the entry as the bank booked it."""

    cents: int
    movements: tuple[Movement, ...]


def _entry(entry: _Element) -> _Entry | None:
    """None for one that is not booked: it is in no balance."""
    if (entry.said("Sts/Cd") or entry.said("Sts")) != "BOOK":
        return None
    whole = _movement(entry, entry, None)
    parts = entry.all("NtryDtls/TxDtls")
    if len(parts) == 1:
        # The entry's own amount counts; what else is known stands with its one payment.
        return _Entry(whole.cents, (replace(_movement(entry, parts[0], whole.cents), line=entry.line),))
    amounts = [_amount_of_part(part, whole.cents) for part in parts]
    each = [_movement(entry, part, cents) for part, cents in zip(parts, amounts, strict=True) if cents is not None]
    return _Entry(whole.cents, divided(whole, each if len(each) == len(parts) else []))


def _movement(entry: _Element, part: _Element, cents: int | None) -> Movement:
    """Of a whole entry (`part` is the entry), or of one of its payments."""
    cents = _signed(entry, entry.needed("Amt")) if cents is None else cents
    other = _other_side(part, ["Dbtr", "Cdtr"] if (cents >= 0) != _is_return(entry, part) else ["Cdtr", "Dbtr"])
    text = in_one_line(" ".join(one.text for one in part.all("RmtInf/Ustrd")), MOST_TEXT)
    structured = part.said("RmtInf/Strd/CdtrRefInf/Ref")
    end_to_end = part.said("Refs/EndToEndId")
    return Movement(
        booked_on=_day(entry.needed("BookgDt")),
        cents=cents,
        name=other[0],
        iban=other[1],
        reference=reference_in(structured, text),
        text=text or in_one_line(part.said("AddtlTxInf") or entry.said("AddtlNtryInf") or structured, MOST_TEXT),
        bank_reference=bank_reference(part.said("Refs/AcctSvcrRef") or entry.said("AcctSvcrRef")),
        kind=_kind(entry, part, cents),
        end_to_end="" if end_to_end == "NOTPROVIDED" else in_one_line(end_to_end, 35),
        line=part.line,
    )


def _other_side(part: _Element, sides: Sequence[str]) -> tuple[str, str]:
    """Name and account of the first of these sides of which the bank says something."""
    for side in sides:
        at = f"RltdPties/{side}"
        name = in_one_line(part.said(f"{at}/Nm", f"{at}/Pty/Nm"), MOST_NAME)
        account = other_account(part.said(f"{at}Acct/Id/IBAN", f"{at}Acct/Id/Othr/Id"))
        if name or account:
            return name, account
    return "", ""


def _is_return(entry: _Element, part: _Element) -> bool:
    codes = {one.said("BkTxCd/Domn/Fmly/SubFmlyCd") for one in (entry, part)}
    is_reversal = entry.said("RvslInd") in ("true", "1")
    return is_reversal or not codes.isdisjoint(_RETURNED) or part.first("RtrInf") is not None


def _kind(entry: _Element, part: _Element, cents: int) -> MovementKind:
    if _is_return(entry, part):
        return MovementKind.RETURN
    sub_family = part.said("BkTxCd/Domn/Fmly/SubFmlyCd") or entry.said("BkTxCd/Domn/Fmly/SubFmlyCd")
    if sub_family in _COSTS and cents < 0:
        return MovementKind.COSTS
    family = part.said("BkTxCd/Domn/Fmly/Cd") or entry.said("BkTxCd/Domn/Fmly/Cd")
    return MovementKind.TRANSFER if family in ("", "RCDT", "ICDT", "RRCT", "IRCT") else MovementKind.OTHER


def _amount_of_part(part: _Element, whole: int) -> int | None:
    """In cents, with its sign; None where the bank does not give it in euros."""
    amount = part.first("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    if amount is None or amount.currency != EURO:
        return None
    if part.first("CdtDbtInd"):
        return _signed(part, amount)
    cents = _cents(amount)
    return -cents if whole < 0 else cents


def _statement(stated: _Element, entries: Sequence[_Entry], accounts: Iterable[str], today: date) -> Statement:
    account = account_of(stated.needed("Acct/Id/IBAN").text, stated.needed("Acct/Id/IBAN").line)
    opening, closing = _balance(stated, OPENING, PREVIOUS), _balance(stated, CLOSING)
    _check_summary(stated, entries)
    statement = Statement(
        account=account,
        currency=stated.said("Acct/Ccy") or opening.needed("Amt").currency,
        number=in_one_line(stated.said("LglSeqNb") or stated.said("ElctrncSeqNb") or stated.said("Id"), 35),
        opened_on=_day(opening.needed("Dt")),
        closed_on=_day(closing.needed("Dt")),
        opening_cents=_signed(opening, opening.needed("Amt")),
        closing_cents=_signed(closing, closing.needed("Amt")),
        movements=tuple(movement for entry in entries for movement in entry.movements),
        format=StatementFormat.CAMT,
    )
    return checked(statement, accounts, today, stated.line)


def _balance(stated: _Element, *kinds: str) -> _Element:
    for kind in kinds:
        found = [one for one in stated.all("Bal") if one.said("Tp/CdOrPrtry/Cd") == kind and _is_whole_balance(one)]
        if len(found) > 1:
            raise Unreadable(TWICE, found[1].line, name=f"Bal {kind}")
        if found:
            return found[0]
    raise Unreadable(NOT_THERE, stated.line, name=f"Bal {kinds[0]}")


def _is_whole_balance(balance: _Element) -> bool:
    """Not one of a page among several."""
    return balance.said("Tp/SubTp/Cd") != INTERIM


def _check_summary(stated: _Element, entries: Sequence[_Entry]) -> None:
    """Compares the entries with the bank's own counts and sums, where it states them."""
    amounts = [entry.cents for entry in entries]
    for name, mine in _totals(amounts):
        total = stated.first(f"TxsSummry/{name}")
        if total is None:
            continue
        if (said := total.said("NbOfNtries")) and (not said.isdigit() or int(said) != len(mine)):
            raise Unreadable(OTHER_NUMBER, total.line, said=in_one_line(said, 20), found=len(mine))
        if (said_sum := total.first("Sum")) is not None and _cents(said_sum) != (found := sum(map(abs, mine))):
            raise Unreadable(OTHER_SUM, total.line, said=euros(_cents(said_sum)), found=euros(found))


def _totals(amounts: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    yield "TtlNtries", list(amounts)
    yield "TtlCdtNtries", [cents for cents in amounts if cents > 0]
    yield "TtlDbtNtries", [cents for cents in amounts if cents < 0]


def _signed(whose: _Element, amount: _Element) -> int:
    if amount.currency != EURO:
        raise Unreadable(OTHER_CURRENCY, amount.line, currency=in_one_line(amount.currency, 20) or "?")
    side = whose.needed("CdtDbtInd")
    if (value := side.text.strip()) not in ("CRDT", "DBIT"):
        raise Unreadable(NO_SIDE, side.line, name="CdtDbtInd", value=in_one_line(value, 20))
    return _cents(amount) if value == "CRDT" else -_cents(amount)


def _cents(amount: _Element) -> int:
    text = amount.text.strip()
    found = re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{0,15}))?", text)
    if found is None:
        raise Unreadable(NO_AMOUNT, amount.line, amount=in_one_line(text, 30))
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > 2:
        raise Unreadable(THREE_DECIMALS, amount.line, amount=text)
    return int(found[1]) * 100 + int(decimals.ljust(2, "0"))


def _day(where: _Element) -> date:
    """A day, or the day of a moment as the bank's own clock has it."""
    text = where.said("Dt") or where.said("DtTm") or where.text.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unreadable(NO_DAY, where.line, day=in_one_line(text, 40)) from None
