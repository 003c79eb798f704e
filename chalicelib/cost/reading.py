"""Use and its cost, from the table: the edge that the command and the pages share."""

from datetime import UTC, date, datetime

from chalicelib.cost import idle, table
from chalicelib.cost.chargeback import Chargeback, chargeback
from chalicelib.cost.prices import PriceList, shipped
from chalicelib.cost.spent import Spent, spent


def cost_of(first: date, last: date, prices: PriceList | None = None) -> Spent:
    """Raises NothingKnown if no day of it was counted, PriceMissing for what was used and has no price."""
    found, counted = table.used_and_counted(first, last)
    standing = idle.packaged().billed
    return spent((first, last), found, counted, standing, prices or shipped(), datetime.now(UTC).date())


def bills(of: Spent) -> Chargeback:
    """For the municipalities of the programme as it is now. Raises NobodyToCharge."""
    names = {place.municipality for place in table.places().values() if place.municipality}
    return chargeback(of, names)
