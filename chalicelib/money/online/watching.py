"""The hourly look at payments of which something may still come: the provider's calls may be late, or never come.

A timer makes it (booking/offers/timers.py), for one hour: there is another one as long as a payment is left to be
looked at, and none at all while there is none.
"""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from chalicelib.core.observability import log
from chalicelib.money.online import table
from chalicelib.money.online.looking import look
from chalicelib.money.online.provider import Provider, ProviderAway, ProviderRefuses, of_city
from chalicelib.money.online.rules import is_watched
from chalicelib.money.online.table import Watched

# The function has 60 seconds, and one of the two messages of its batch may be a mail for which SES takes 26.
MOST_SECONDS = 20.0


@dataclass(frozen=True)
class HourlyLook:
    """`after`: the id behind which there may be more, to be looked at now; None: that was all. `is_any_left`: whether
    some of what was looked at is to be looked at again in an hour."""

    after: str | None
    is_any_left: bool


def look_at_all(now: datetime, after: str = "") -> HourlyLook:
    """From behind the id `after`, for MOST_SECONDS. Raises Busy."""
    provider = of_city()
    if provider is None:
        return HourlyLook(None, is_any_left=False)
    until, is_any_left = monotonic() + MOST_SECONDS, False
    for watched in table.all_watched(after):
        try:
            is_any_left |= not _is_at_its_end(provider, watched, now) or not table.unwatch(watched)
        except ProviderAway:
            return HourlyLook(None, is_any_left=True)
        if monotonic() >= until:
            return HourlyLook(watched.payment_id, is_any_left)
    return HourlyLook(None, is_any_left)


def _is_at_its_end(provider: Provider, watched: Watched, now: datetime) -> bool:
    payment = table.get(watched.payment_id)
    if payment is None:
        return True
    if not watched.is_missed and not is_watched(payment, now):
        return True
    try:
        return not is_watched(look(provider, payment, now), now)
    except ProviderRefuses as refusal:
        log.error("payment_refused", payment_id=payment.payment_id, status=refusal.status, field=refusal.field)
        return not is_watched(payment, now)
