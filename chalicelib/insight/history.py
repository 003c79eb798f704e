"""Days and years of the tally, and the outages that it saw.

A day that is two days past does not change any more (no container lives that long): it is added up once, by whoever
asks for it first, and kept as one item. A day of which nothing was counted is kept too, and says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.core.counters import table
from chalicelib.core.counters.rules import ANSWERS, FAILED, Sums, added
from chalicelib.core.counters.table import CountedDay
from chalicelib.office.incidents.outages import Minute, Outage, outages

OVER_AFTER = timedelta(days=2)
# So many days are added up within two seconds or so.
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Stretch:
    """The counts from a first to a last day, both in UTC. `since`: the first of these days of which anything was
    counted; None: of none. `behind`: the latest of these days that was not added up yet; ask again."""

    sums: Sums
    outages: tuple[Outage, ...]
    since: date | None
    behind: date | None = None


def stretch(first: date, now: datetime, *, last: date | None = None, most: int = MOST_AT_ONCE) -> Stretch:
    """From `first` until now, or until the end of `last`. Adds up at most so many days that nobody asked for yet, the
    latest first: one query and one write for each."""
    today = now.astimezone(UTC).date()
    last = min(last or today, today)
    kept = {one.day: one for year in range(first.year, last.year + 1) for one in table.days(year)}
    found: list[CountedDay] = []
    behind: date | None = None
    for which in reversed(_dates(first, last)):
        day = kept.get(which)
        if day is None and today - which < OVER_AFTER:
            day = of_slots(which, table.day(which))
        elif day is None and most > 0:
            day = of_slots(which, table.day(which))
            table.keep(day)
            most -= 1
        if day is None:
            behind = behind or which
        else:
            found.append(day)
    counted = [one.day for one in found if one.sums]
    read = sorted((outage_of(one) for day in found for one in day.outages), key=lambda one: one.start)
    return Stretch(added(one.sums for one in found), tuple(read), min(counted, default=None), behind)


def of_slots(day: date, slots: Mapping[datetime, Sums]) -> CountedDay:
    """A day with its outages. One that goes on over midnight becomes two, each with its own counts."""
    return CountedDay(day, added(slots.values()), tuple(map(_document, outages(minutes(slots)))))


def minutes(slots: Mapping[datetime, Sums]) -> list[Minute]:
    """Every minute in which something was counted."""
    counted: dict[datetime, Counter[str]] = {}
    for slot, sums in slots.items():
        counted.setdefault(slot.replace(second=0), Counter()).update(sums)
    return [Minute(at, sums[ANSWERS], sums[FAILED]) for at, sums in counted.items()]


def outage_of(document: Mapping[str, object]) -> Outage:
    start, end = (datetime.fromisoformat(str(document[name])) for name in ("start", "end"))
    return Outage(start, end, int(str(document["failed"])), int(str(document["requests"])))


def _document(one: Outage) -> dict[str, object]:
    return {
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "failed": one.failed,
        "requests": one.requests,
    }


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
