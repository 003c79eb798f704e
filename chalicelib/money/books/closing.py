"""Every morning: the days of the books that are over are closed, in their order.

A city without a payee pays for no read of it. Another one pays for the day that was closed last and for each day since,
half a read unit while it is empty; a write for each day that has entries, and for each month that has none.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from typing import Any

from chalicelib.core import metering
from chalicelib.core.observability import log, naming_nobody
from chalicelib.core.refusals import went_through
from chalicelib.money.books import days, table
from chalicelib.money.books.days import ClosedDay
from chalicelib.money.payees import table as payees


def run(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The timer calls this."""
    with naming_nobody(), metering.line(context, "worked"):
        closed = list(close(datetime.now(UTC)))
        log.info("books_closed", days=len(closed), entries=sum(one.count for one in closed))
        return {"days": len(closed)}


def close(now: datetime) -> Iterator[ClosedDay]:
    """Each day as it is closed. Two runs at once close each day once."""
    if not payees.remembered():
        return
    before = table.last_closed()
    since = None
    for day in days.days_to_close(before, now):
        since = since or day
        entries = table.of_day(day)
        first = list(islice(entries, 1))
        if not first and (day - since).days + 1 < days.MOST_DAYS_AT_ONCE:
            continue
        closed = days.closed(day, since, chain(first, entries), before, now)
        if not went_through(partial(table.put_closed, closed)):
            return  # another run was quicker; the next one goes on
        yield closed
        before, since = closed, None
