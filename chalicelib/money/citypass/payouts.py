"""The city's debt to shops and clubs for a month's vouchers. We hold no money: the city pays it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.money.citypass import providers, voucher_table
from chalicelib.money.citypass.rules import month_later
from chalicelib.money.citypass.voucher_table import PayoutLine

NOT_OVER = N_("This month is not over yet: vouchers may still be redeemed or undone.")


@dataclass(frozen=True)
class Payout:
    """One transfer. `reference`: says the month and the provider, and nothing of who used the vouchers."""

    name: str
    iban: str
    cents: int
    reference: str


@dataclass(frozen=True)
class ProviderMonth:
    """`iban`: empty while what somebody changed of the provider waits for a second person. `number`: of redeemed
    vouchers, less those that were undone. `cents` is below nought where more was undone than redeemed: then there is
    nothing to pay, and the city settles it with the provider."""

    provider_id: str
    name: str
    iban: str
    number: int
    cents: int
    lines: tuple[PayoutLine, ...]


def of_month(month: str) -> list[ProviderMonth]:
    """Of each provider that has a line in the month (yyyy-mm), by name."""
    known = {one.provider_id: one for one in providers.every()}
    lines: dict[str, list[PayoutLine]] = {}
    for one in voucher_table.payouts_of(month):
        lines.setdefault(one.provider_id, []).append(one)
    found = [
        ProviderMonth(
            provider_id,
            known[provider_id].name if provider_id in known else provider_id,
            known[provider_id].iban if provider_id in known and known[provider_id].accepted_by else "",
            sum(1 if one.cents >= 0 else -1 for one in some),
            sum(one.cents for one in some),
            tuple(some),
        )
        for provider_id, some in lines.items()
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def is_over(month: str, now: datetime) -> bool:
    """From the second day of the next month on: a voucher of the last second may be written a moment later."""
    first = date.fromisoformat(f"{month}-01")
    return today(now) > month_later(first, 1)


def payouts(month: str, now: datetime) -> list[Payout]:
    """The transfers that are due for a month that is over, to accounts that a second person accepted. Raises Problem
    `not-now` for one that is not over."""
    if not is_over(month, now):
        raise not_now(NOT_OVER)
    return [
        Payout(one.name, one.iban, one.cents, reference(month, one.provider_id))
        for one in of_month(month)
        if one.cents > 0 and one.iban
    ]


def reference(month: str, provider_id: str) -> str:
    return f"CITYPASS {month} {provider_id}"


def sums(several: Sequence[ProviderMonth]) -> int:
    return sum(one.cents for one in several)
