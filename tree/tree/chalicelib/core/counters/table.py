"""The sums in the table.

| pk               | sk         | what                                                                        |
| ---------------- | ---------- | --------------------------------------------------------------------------- |
| TALLY#2027-05-07 | 17:00:10#b | a sum for each name, of ten seconds (UTC); one of four items                 |
| TALLY#2027       | 05-07      | the same of the whole day, and its outages, once it is two days past         |

Four items, so that a thousand containers that write at once do not meet at one. An item has some 20 sums and stays
below 1 KB: a write is one unit, and a container makes at most one in ten seconds.

A sum may be too high where AWS's own client repeated a write whose first answer was lost; nothing else counts twice.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import table
from chalicelib.core.counters.rules import SLOT, Sums, slot_of
from chalicelib.core.refusals import Busy

# Which of the four items of a slot is this container's.
ITEM = secrets.choice("abcd")
# A name in the item of a day that is no sum.
OUTAGES = "outages"


class NotWritten(Exception):
    """The sums are not in the table. `may_be`: or perhaps they are, because no answer came."""

    def __init__(self, *, may_be: bool) -> None:
        super().__init__()
        self.may_be = may_be


@dataclass(frozen=True)
class CountedDay:
    """A day that is over, in UTC. `outages`: as `insight/history.py` found them, in JSON."""

    day: date
    sums: Sums
    outages: tuple[Mapping[str, Any], ...] = ()


def add(slot: datetime, sums: Sums) -> None:
    """Adds to what others added; one write unit. Raises NotWritten."""
    names = {f"#n{number}": name for number, name in enumerate(sums)}
    values = {f":v{number}": {"N": str(value)} for number, value in enumerate(sums.values())}
    adds = ", ".join(f"#n{number} :v{number}" for number in range(len(sums)))
    try:
        table.call(
            "UpdateItem",
            Key=table.key(_pk(slot.date()), f"{slot:%H:%M:%S}#{ITEM}"),
            UpdateExpression=f"ADD {adds}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except Busy as busy:
        raise NotWritten(may_be=busy.may_be_written) from None
    except ClientError:
        raise NotWritten(may_be=False) from None
    except BotoCoreError:
        raise NotWritten(may_be=True) from None


def between(start: datetime, end: datetime) -> dict[datetime, Counter[str]]:
    """The sums by slot, from the slot of `start` until before `end`, in order; slots in which nothing was counted are
    left out. Eventually consistent: half a read unit for each 4 KB, some 80 slots."""
    start, end = slot_of(start.astimezone(UTC)), end.astimezone(UTC)
    found: dict[datetime, Counter[str]] = {}
    day = start.date()
    while day <= end.date():
        first = f"{start:%H:%M:%S}" if day == start.date() else "00"
        for item in _query(_pk(day), first, "~"):
            time, _, _ = item["sk"]["S"].partition("#")
            slot = datetime.fromisoformat(f"{day.isoformat()}T{time}+00:00")
            if slot < end:
                found.setdefault(slot, Counter()).update(_sums(item))
        day += timedelta(days=1)
    return dict(sorted(found.items()))


def day(which: date) -> dict[datetime, Counter[str]]:
    """All slots of a day in UTC."""
    start = datetime(which.year, which.month, which.day, tzinfo=UTC)
    return between(start, start + timedelta(days=1) - SLOT / 2)


def days(year: int) -> list[CountedDay]:
    """Those of a year that `keep` wrote, in order; the whole year is some 30 read units."""
    found = []
    for item in _query(f"TALLY#{year}", "0", "~"):
        month, _, number = item["sk"]["S"].partition("-")
        outages = json.loads(item[OUTAGES]["S"]) if OUTAGES in item else []
        found.append(CountedDay(date(year, int(month), int(number)), _sums(item), tuple(outages)))
    return found


def keep(one: CountedDay) -> None:
    """Writes a day that is over, so that its slots need not be read again; repeating it is harmless."""
    item = table.key(f"TALLY#{one.day.year}", f"{one.day:%m-%d}")
    item |= {name: {"N": str(value)} for name, value in one.sums.items()}
    if one.outages:
        item[OUTAGES] = {"S": json.dumps([dict(outage) for outage in one.outages])}
    table.call("PutItem", Item=item)


def _pk(day: date) -> str:
    return f"TALLY#{day.isoformat()}"


def _query(pk: str, first: str, last: str) -> Iterable[Mapping[str, Any]]:
    values = {":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": last}}
    return table.query("pk = :pk AND sk BETWEEN :first AND :last", values)


def _sums(item: Mapping[str, Any]) -> Counter[str]:
    return Counter({name: int(value["N"]) for name, value in item.items() if "N" in value})
