"""Providers redeem vouchers on a phone: look at one, confirm, and undo within an hour; afterwards finance does.

Each is redeemed exactly once, whoever does it at the same moment, and checked anew: the pass, its holder, the provider,
what it is for, the day. What a provider sees is the first letter of a name and what it is for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, ProblemKind, existing, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.money.citypass import figures, providers, versions, voucher_table
from chalicelib.money.citypass import table as applications
from chalicelib.money.citypass.applications import Application, plain
from chalicelib.money.citypass.rules import BudgetRule
from chalicelib.money.citypass.vouchers import UNDO, Provider, Voucher, VoucherStatus, may_undo, why_not
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff

TOO_MANY_CODES = ProblemKind(
    "too-many",
    429,
    N_("Too many codes that do not exist"),
    N_("So many wrong codes within an hour look like guessing. Try again in the next hour, or call the city."),
)
NOT_UNDONE = N_("This voucher is not redeemed, or longer than an hour ago. Finance of the city can still undo it.")
ID = 10


@dataclass(frozen=True)
class Seen:
    """A voucher as a provider sees it. `budget`: by the rule under which it was issued; None: that is gone. `why_not`:
    marked with N_, None: it counts. `may_undo`: this provider redeemed it within the last hour."""

    voucher: Voucher
    budget: BudgetRule | None
    why_not: str | None
    may_undo: bool


def look(provider: Provider, typed: str, now: datetime) -> Seen:
    """Raises Problem `not-found` for a code of no voucher, and `too-many` after some of them in an hour."""
    if not providers.may_try(provider.provider_id, now):
        raise Problem(TOO_MANY_CODES, retry_after=_to_next_hour(now))
    voucher = voucher_table.get(code_in(typed))
    if voucher is None:
        figures.wrong_code(now)
        if not providers.count_wrong(provider.provider_id, now):
            raise Problem(TOO_MANY_CODES, retry_after=_to_next_hour(now))
        raise Problem(NOT_FOUND)
    version = versions.get(voucher.rule)
    budget = version.rule.budget(voucher.budget) if version else None
    why = why_not(voucher, provider, _pass_of(voucher), today(now))
    return Seen(voucher, budget, why, may_undo(voucher, provider.provider_id, now))


def redeem(provider: Provider, typed: str, now: datetime) -> Voucher:
    """Raises Problem `not-now`, which says why, as `look` does and as the write finds out."""
    seen = look(provider, typed, now)
    if seen.why_not:
        raise not_now(seen.why_not)
    of = _pass_of(seen.voucher)
    try:
        voucher_table.redeem(seen.voucher, provider.provider_id, by_chance(ID), of, now)
    except Refused:
        again = look(existing(providers.get(provider.provider_id)), typed, now)
        if again.why_not:
            raise not_now(again.why_not) from None
        raise Problem(CHANGED) from None
    return existing(voucher_table.get(seen.voucher.code))


def undo(provider: Provider, typed: str, now: datetime) -> None:
    """Raises Problem `not-now`."""
    seen = look(provider, typed, now)
    if not seen.may_undo:
        raise not_now(NOT_UNDONE)
    try:
        voucher_table.undo(seen.voucher, now, now - UNDO, "", "")
    except Interfered:
        raise not_now(NOT_UNDONE) from None


def undo_for_city(by: Staff, code: str, why: str, now: datetime) -> None:
    """Finance undoes it, whenever that is. Raises Problem `not-found`, `not-now` and `changed`."""
    voucher = existing(voucher_table.get(plain(code)))
    if voucher.family_id:
        access.about(voucher.family_id)
    if voucher.status is not VoucherStatus.REDEEMED:
        raise not_now(NOT_UNDONE)
    try:
        voucher_table.undo(voucher, now, None, why, by.staff_id)
    except Interfered:
        raise Problem(CHANGED) from None


def code_in(typed: str) -> str:
    """The code as somebody typed it, or in the address that a camera read."""
    return plain(typed.rpartition("code=")[2])


def _pass_of(voucher: Voucher) -> Application | None:
    return applications.get(voucher.family_id, voucher.application_id) if voucher.family_id else None


def _to_next_hour(now: datetime) -> int:
    return int(timedelta(hours=1).total_seconds()) - now.minute * 60 - now.second
