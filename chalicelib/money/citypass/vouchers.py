"""A voucher: what it is for, who may redeem it, and whether it counts on a day: plain rules.

A coupon is a voucher on paper, of no pass, that whoever has it hands in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.core.languages import N_
from chalicelib.money.citypass.applications import Application

# For so long a provider undoes what it redeemed.
UNDO = timedelta(hours=1)


class VoucherStatus(StrEnum):
    ISSUED = "issued"
    REDEEMED = "redeemed"
    GIVEN_BACK = "given-back"


@dataclass(frozen=True)
class Redemption:
    """`redemption_id`: of this one time: what is undone may be redeemed again, under another."""

    redemption_id: str
    provider_id: str
    at: datetime


@dataclass(frozen=True)
class Voucher:
    """`code`: whoever shows it to a provider has the voucher. `rule`: the number of the version under which it was
    issued; `amount`: what it took of the budget, in its unit; `cents`: what a provider is paid. `drawn`: of whose
    budget it was taken, person_id to the end of what they had then. `batch`: of a coupon. A family that was erased, and
    a coupon, have no `family_id`."""

    code: str
    budget: str
    rule: int
    amount: int
    cents: int
    issued_at: datetime
    valid_until: date
    status: VoucherStatus = VoucherStatus.ISSUED
    family_id: str = ""
    application_id: str = ""
    person_id: str = ""
    initial: str = ""
    drawn: Mapping[str, date] = field(default_factory=dict)
    batch: str = ""
    redemption: Redemption | None = None

    @property
    def is_coupon(self) -> bool:
        return bool(self.batch)


@dataclass(frozen=True)
class Provider:
    """A shop or club. `budgets`: the names of those for which it takes vouchers. It takes none until a second person
    has accepted it as it is (`accepted_by`), nor after `ended_at`. `changed_by`: everybody who entered or changed
    what is not accepted yet: none of them accepts it. `edition`: counts changes."""

    provider_id: str
    name: str
    iban: str
    budgets: frozenset[str]
    entered_by: str
    entered_name: str
    accepted_by: str = ""
    accepted_name: str = ""
    ended_at: datetime | None = None
    edition: int = 0
    changed_by: frozenset[str] = frozenset()

    @property
    def takes(self) -> bool:
        return bool(self.accepted_by) and self.ended_at is None


NOT_YET = N_("The city has not accepted you yet, or no longer. Call the city.")
USED = N_("This voucher is used already.")
GIVEN_BACK = N_("The family has given this voucher back. It is worth nothing.")
NOT_FOR_YOU = N_("This voucher is for something else than what you are registered for.")
OVER = N_("This voucher is no longer valid.")
PASS_OVER = N_("The city pass of this voucher is no longer valid.")


def why_not(voucher: Voucher, provider: Provider, of: Application | None, day: date) -> str | None:
    """Why it does not count at this provider on that day, marked with N_; None: it does. `of`: its pass; None: it is
    gone, or the voucher is a coupon, which has none. What this says is a condition of the write too."""
    if not provider.takes:
        return NOT_YET
    if voucher.status is VoucherStatus.REDEEMED:
        return USED
    if voucher.status is VoucherStatus.GIVEN_BACK:
        return GIVEN_BACK
    if voucher.budget not in provider.budgets:
        return NOT_FOR_YOU
    if day > voucher.valid_until:
        return OVER
    if not voucher.is_coupon and (of is None or not of.is_valid(day) or of.member(voucher.person_id) is None):
        return PASS_OVER
    return None


def may_undo(voucher: Voucher, provider_id: str, now: datetime) -> bool:
    """Whether the provider itself still may."""
    done = voucher.redemption
    return (
        voucher.status is VoucherStatus.REDEEMED
        and done is not None
        and done.provider_id == provider_id
        and now <= done.at + UNDO
    )
