"""Given: three days that were counted, of an opening in Kaprijke, swimming, and pages that are everybody's."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import table, usage
from chalicelib.insight.cost.usage import Usage, UsageKey

OPENED = date(2027, 3, 4)


def used(requests: int, writes: int = 0, mails: int = 0, registrations: int = 0) -> Usage:
    found = {
        usage.API_REQUEST: Decimal(requests),
        usage.LAMBDA_REQUEST: Decimal(requests),
        usage.LAMBDA_DURATION: Decimal("0.0125") * requests,
        usage.READ_UNIT: Decimal("1.5") * requests,
        usage.WRITE_UNIT: Decimal(writes),
        usage.MAIL: Decimal(mails),
        usage.LOG: Decimal("0.0000005") * requests,
        usage.REGISTRATION: Decimal(registrations),
    }
    return {meter: quantity for meter, quantity in found.items() if quantity}


def counted(opening_id: str) -> Mapping[UsageKey, Usage]:
    """What was kept."""
    found: dict[UsageKey, Usage] = {}
    for number in range(3):
        day = OPENED + timedelta(days=number - 1)
        rush = 10 if day == OPENED else 1
        this = {
            UsageKey(day, Activity.LOOKING): used(4_000 * rush),
            UsageKey(day, Activity.REGISTERING, opening_id, "Kaprijke"): used(300 * rush, 600 * rush, 0, 280 * rush),
            UsageKey(day, Activity.MAILS, opening_id, "Kaprijke"): used(0, 280 * rush, 300 * rush),
            UsageKey(day, Activity.SWIMMING, None, "Zoersel"): used(90, 180, 0, 0),
        }
        table.keep(day, this, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))
        found |= this
    return found
