"""Statements as banks write them: the same entries as CODA (Febelfin's standard 2.6), as camt.053.001.02 and .08. For
tests, and for who tries it: example_bank.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

ACCOUNT = "BE68539007547034"
OTHER_ACCOUNT = "BE43068999999501"
DAY = date(2027, 3, 5)
VCS = "090933755493"  # +++090/9337/55493+++
OTHER_VCS = "123456789002"
DUTCH = "7000000000000001"


@dataclass(frozen=True)
class Entry:
    """An entry that a bank books. `reference`: as the payer gave it to its bank; `text`: what it typed instead.
    `batch`: the payments of one entry for many. `r`: that it is a return, as CODA says it."""

    cents: int
    reference: str = ""
    text: str = ""
    name: str = "AN CLAEYS"
    iban: str = "BE71096123456769"
    bank: str = "OL9456574JBBNEUBCRCL1"
    day: date = DAY
    r: str = ""
    batch: tuple["Entry", ...] = ()
    end_to_end: str = ""
    code: str = "00150000"


@dataclass(frozen=True)
class Book:
    """An account's book for some days, in each format that a bank writes it in. `closing`: None, what is right."""

    entries: Sequence[Entry] = ()
    opening: int = 100_000
    closing: int | None = None
    account: str = ACCOUNT
    currency: str = "EUR"
    number: int = 41
    opened_on: date = DAY
    closed_on: date = DAY

    @property
    def end(self) -> int:
        return self.opening + sum(entry.cents for entry in self.entries) if self.closing is None else self.closing

    def coda(self, last: bool = True) -> bytes:
        account = f"{self.account:34}{self.currency:3}"
        lines = [
            f"00000{_day(self.closed_on)}72505        00099449  {'STAD STORMLOOP':26}{'KREDBEBB':11}00630366277 00000"
            f"{'':39}2",
            f"12{self.number:03}{account}{_amount(self.opening)}{_day(self.opened_on)}{'STAD STORMLOOP':26}"
            f"{'ZICHTREKENING':35}{self.number:03}",
        ]
        for place, entry in enumerate(self.entries, 1):
            lines += _coda_entry(entry, place, 0, "1" if entry.batch else "0")
            for detail, part in enumerate(entry.batch, 1):
                lines += _coda_entry(part, place, detail, "5")
        lines.append(f"8{self.number:03}{account}{_amount(self.end)}{_day(self.closed_on)}{'':64}0")
        went = -sum(entry.cents for entry in self.entries if entry.cents < 0)
        came = sum(entry.cents for entry in self.entries if entry.cents > 0)
        lines.append(f"9{'':15}{len(lines) - 1:06}{_amount(went)[1:]}{_amount(came)[1:]}{'':75}{'2' if last else '1'}")
        lines = [f"{line:128}" for line in lines]
        assert all(len(line) == 128 for line in lines), [line for line in lines if len(line) != 128][:3]
        return "".join(line + "\r\n" for line in lines).encode("windows-1252")

    def camt(self, version: str = "08") -> bytes:
        moved = sum(abs(entry.cents) for entry in self.entries)
        inner = [
            f"<Id>{self.account}-{self.number}</Id><ElctrncSeqNb>{self.number}</ElctrncSeqNb>"
            f"<LglSeqNb>{self.number}</LglSeqNb><CreDtTm>{self.closed_on}T23:00:00+01:00</CreDtTm>"
            f"<Acct><Id><IBAN>{self.account}</IBAN></Id><Ccy>{self.currency}</Ccy></Acct>",
            _balance("OPBD", self.opening, self.currency, self.opened_on),
            _balance("CLBD", self.end, self.currency, self.closed_on),
            f"<TxsSummry><TtlNtries><NbOfNtries>{len(self.entries)}</NbOfNtries>"
            f"<Sum>{_decimal(moved)}</Sum></TtlNtries></TxsSummry>",
            *(_camt_entry(entry, self.currency, version) for entry in self.entries),
        ]
        return "\n".join(
            (
                '<?xml version="1.0" encoding="UTF-8"?>',
                f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">',
                f"<BkToCstmrStmt><GrpHdr><MsgId>M{self.number}</MsgId>",
                f"<CreDtTm>{self.closed_on}T23:00:00+01:00</CreDtTm></GrpHdr>",
                "<Stmt>",
                *inner,
                "</Stmt>",
                "</BkToCstmrStmt>",
                "</Document>",
            )
        ).encode()


def _coda_entry(entry: Entry, place: int, detail: int, kind: str) -> list[str]:
    said = f"1101{entry.reference:12}" if entry.reference else f"0{entry.text}"
    first, rest = said[:54], said[54:107]
    numbers = f"{place:04}{detail:04}"
    return [
        f"21{numbers}{entry.bank:21}{_amount(entry.cents)}{_day(entry.day)}{kind}{entry.code[1:]:7}{first:54}"
        f"{_day(entry.day)}04111 0",
        f"22{numbers}{rest:53}{entry.end_to_end:35}{'KREDBEBB':11}   {entry.r:1}{'':12}1 0",
        f"23{numbers}{entry.iban:34}EUR{entry.name[:35]:35}{'':43}0 0",
    ]


def _amount(cents: int) -> str:
    return f"{'1' if cents < 0 else '0'}{abs(cents) * 10:015}"


def _day(day: date) -> str:
    return f"{day:%d%m%y}"


def _balance(kind: str, cents: int, currency: str, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount_and_side(cents, currency)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _camt_entry(entry: Entry, currency: str, version: str) -> str:
    booked = "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
    parts = "".join(_camt_part(part, currency, version) for part in entry.batch or (entry,))
    reversal = "<RvslInd>true</RvslInd>" if entry.r else ""
    return (
        f"<Ntry>{_amount_and_side(entry.cents, currency)}{reversal}{booked}<BookgDt><Dt>{entry.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{entry.day}</Dt></ValDt><AcctSvcrRef>{entry.bank}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{parts}</NtryDtls></Ntry>"
    )


def _camt_part(entry: Entry, currency: str, version: str) -> str:
    amount = f'<Amt Ccy="{currency}">{_decimal(entry.cents)}</Amt>'
    side = f"<CdtDbtInd>{'DBIT' if entry.cents < 0 else 'CRDT'}</CdtDbtInd>"
    amounts = amount + side if version == "08" else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    other = "Dbtr" if (entry.cents >= 0) != bool(entry.r) else "Cdtr"
    name = f"<Nm>{escape(entry.name)}</Nm>"
    party = f"<Pty>{name}</Pty>" if version == "08" else name
    said = (
        f"<Strd><CdtrRefInf><Ref>{entry.reference}</Ref></CdtrRefInf></Strd>"
        if entry.reference
        else f"<Ustrd>{escape(entry.text)}</Ustrd>"
    )
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{entry.bank}</AcctSvcrRef>"
        f"<EndToEndId>{entry.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>{amounts}"
        f"<RltdPties><{other}>{party}</{other}><{other}Acct><Id><IBAN>{entry.iban}</IBAN></Id></{other}Acct></RltdPties>"
        f"<RmtInf>{said}</RmtInf></TxDtls>"
    )


def _amount_and_side(cents: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{_decimal(cents)}</Amt><CdtDbtInd>{"DBIT" if cents < 0 else "CRDT"}</CdtDbtInd>'


def _decimal(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02}"
