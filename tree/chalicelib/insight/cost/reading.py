"""Use and its cost, from the table: the edge that the command and the pages share."""

from datetime import UTC, date, datetime

from chalicelib.insight.cost import idle, table
from chalicelib.insight.cost.chargeback import Chargeback, chargeback
from chalicelib.insight.cost.prices import PriceList, shipped
from chalicelib.insight.cost.spent import Spent, spent
from chalicelib.insight.cost.usage import Usage, UsageKey


def cost_of(first: date, last: date, prices: PriceList | None = None) -> Spent:
    """Raises NothingKnown if no day of it was counted, PriceMissing for what was used and has no price."""
    known = table.used_and_counted(first, last)
    return _spent((first, last), known, prices or shipped(), datetime.now(UTC).date())


def cost_so_far(first: date, last: date, now: datetime) -> Spent:
    """With the days that no night has counted yet, from the logs, as far as they could be read. Raises the same."""
    from chalicelib.insight.cost import so_far  # noqa: PLC0415 - asks for the logs

    return _spent((first, last), so_far.used_and_counted(first, last, now), shipped(), now.date())


def bills(of: Spent) -> Chargeback:
    """For the municipalities of the programme as it is now. Raises NobodyToCharge."""
    names = {place.municipality for place in table.places().values() if place.municipality}
    return chargeback(of, names)


def _spent(
    time: tuple[date, date], known: tuple[dict[UsageKey, Usage], dict[date, datetime]], prices: PriceList, today: date
) -> Spent:
    return spent(time, *known, idle.packaged().billed, prices, today)
