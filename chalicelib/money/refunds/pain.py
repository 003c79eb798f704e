"""A file of transfers for the bank: ISO 20022 pain.001.001.09, as the European Payments Council has it filled in
(EPC132-08, customer to bank).

Written here: sepaxml 2.6.1 stops at pain.001.001.03, which banks need not take after November 2026. Each transfer is an
entry of its own on the statement (`BtchBookg` false), with its reference, so that each cent that goes out is
recognised. The same transfers make the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from chalicelib.money.refunds import sepa

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY = "EUR"
MOST_CENTS = 99_999_999_999
CONTENT_TYPE = "application/xml"


@dataclass(frozen=True)
class Transfer:
    """`reference`: comes back on the statement, at most 35 characters. `text`: for whoever gets the money."""

    reference: str
    cents: int
    name: str
    iban: str
    text: str

    def __post_init__(self) -> None:
        if not 0 < self.cents <= MOST_CENTS:
            raise ValueError("a transfer is of 0.01 to 999,999,999.99 euro")
        sepa.reference(self.reference)


@dataclass(frozen=True)
class AccountTransfers:
    """The transfers out of one account of the city."""

    name: str
    iban: str
    transfers: Sequence[Transfer]


@dataclass(frozen=True)
class TransferFile:
    """`message_id`: the bank takes each once, at most 35 characters. `made_at`: aware. `execute_on`: a day in Brussels.
    `sender`: who sends the file."""

    message_id: str
    made_at: datetime
    execute_on: date
    sender: str
    accounts: Sequence[AccountTransfers]

    def __post_init__(self) -> None:
        sepa.reference(self.message_id)
        if not self.accounts or not all(one.transfers for one in self.accounts):
            raise ValueError("a file has transfers, and so has each account in it")
        references = [each.reference for one in self.accounts for each in one.transfers]
        if len(set(references)) != len(references):
            raise ValueError("a reference stands in the file twice")


def written(file: TransferFile) -> bytes:
    """UTF-8, with its declaration."""
    document = ElementTree.Element("Document", xmlns=NAMESPACE)
    message = _below(document, "CstmrCdtTrfInitn")
    every = [each for one in file.accounts for each in one.transfers]
    header = _below(message, "GrpHdr")
    _below(header, "MsgId", file.message_id)
    _below(header, "CreDtTm", file.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, every)
    _name(_below(header, "InitgPty"), file.sender)
    for number, one in enumerate(file.accounts, start=1):
        _account(message, file, number, one)
    ElementTree.indent(document)
    content: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _account(message: ElementTree.Element, file: TransferFile, number: int, one: AccountTransfers) -> None:
    payment = _below(message, "PmtInf")
    _below(payment, "PmtInfId", sepa.reference(f"{file.message_id}-{number}"))
    _below(payment, "PmtMtd", "TRF")
    _below(payment, "BtchBookg", "false")
    _sums(payment, one.transfers)
    _below(_below(_below(payment, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _below(_below(payment, "ReqdExctnDt"), "Dt", file.execute_on.isoformat())
    _name(_below(payment, "Dbtr"), one.name)
    _iban(_below(payment, "DbtrAcct"), one.iban)
    # By its IBAN a bank knows itself; the schema wants its name nonetheless.
    _below(_below(_below(_below(payment, "DbtrAgt"), "FinInstnId"), "Othr"), "Id", "NOTPROVIDED")
    _below(payment, "ChrgBr", "SLEV")
    for transfer in one.transfers:
        _transfer(payment, transfer)


def _transfer(payment: ElementTree.Element, transfer: Transfer) -> None:
    element = _below(payment, "CdtTrfTxInf")
    _below(_below(element, "PmtId"), "EndToEndId", transfer.reference)
    _below(_below(element, "Amt"), "InstdAmt", _amount(transfer.cents), Ccy=CURRENCY)
    _name(_below(element, "Cdtr"), transfer.name)
    _iban(_below(element, "CdtrAcct"), transfer.iban)
    _below(_below(element, "RmtInf"), "Ustrd", sepa.latin(transfer.text, sepa.MOST_TEXT))


def _sums(parent: ElementTree.Element, transfers: Sequence[Transfer]) -> None:
    _below(parent, "NbOfTxs", str(len(transfers)))
    _below(parent, "CtrlSum", _amount(sum(one.cents for one in transfers)))


def _name(parent: ElementTree.Element, name: str) -> None:
    _below(parent, "Nm", sepa.latin(name, sepa.MOST_NAME))


def _iban(parent: ElementTree.Element, iban: str) -> None:
    _below(_below(parent, "Id"), "IBAN", sepa.account(iban))


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _below(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text
    return element
