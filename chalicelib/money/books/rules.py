"""Double entry: what moved from which account to which, in cents. An entry whose postings do not sum to 0 is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class BookAccount(StrEnum):
    """RECEIVABLE: what families owe (`of` a municipality). INCOME: what was charged (`of` a municipality). BANK: what
    is in an account (`of` an IBAN of the city). PROVIDER: what a provider of payments on line holds for the city (`of`
    the provider). UNSETTLED: came in or went out, and nobody knows yet for what (`of` an IBAN of the city). TRANSIT: is
    on its way back to families, and on no statement yet (`of` an IBAN of the city). COSTS: of the bank; ELSEWHERE: the
    city's, and no family's (both `of` an IBAN of the city). VOUCHERS: what the city gives by vouchers of its city pass
    (`of` a budget). PAYABLE_PROVIDERS: what it owes for them (`of` the shop or club)."""

    RECEIVABLE = "receivable"
    INCOME = "income"
    BANK = "bank"
    PROVIDER = "provider"
    UNSETTLED = "unsettled"
    TRANSIT = "transit"
    COSTS = "costs"
    ELSEWHERE = "elsewhere"
    VOUCHERS = "vouchers"
    PAYABLE_PROVIDERS = "payable-providers"


class BookAct(StrEnum):
    """CHARGED: an order was made, or costs more or less from now on. RECEIVED: money came in. SETTLED: what was
    unsettled belongs to an order. RETURNED: the bank took back what had come in, or gave back what had gone out.
    PAID_BACK: goes back to a family. WENT_OUT: the bank's statement shows it. REVERSED: an entry is undone by its
    opposite. VOUCHER: a shop or club redeemed a voucher."""

    CHARGED = "charged"
    RECEIVED = "received"
    SETTLED = "settled"
    RETURNED = "returned"
    PAID_BACK = "paid-back"
    WENT_OUT = "went-out"
    REVERSED = "reversed"
    VOUCHER = "voucher"


@dataclass(frozen=True)
class Posting:
    """`cents` above 0: debit; below: credit."""

    account: BookAccount
    cents: int
    of: str = ""


class NotBalanced(ValueError):
    """The postings of an entry do not sum to 0, or there are none."""


@dataclass(frozen=True)
class BookEntry:
    """`entry_id`: of what caused it, so that it is booked once. `about`: ids by their names, never a name or an
    address. Raises NotBalanced."""

    entry_id: str
    at: datetime
    act: BookAct
    postings: tuple[Posting, ...]
    about: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.postings or sum(posting.cents for posting in self.postings) != 0:
            raise NotBalanced(self.entry_id)


def moved(to: tuple[BookAccount, str], source: tuple[BookAccount, str], cents: int) -> tuple[Posting, Posting]:
    """Debits one account and credits the other; `cents` below 0 is the other way round."""
    return Posting(to[0], cents, to[1]), Posting(source[0], -cents, source[1])
