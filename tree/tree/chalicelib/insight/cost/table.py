"""Use by day, in the table.

| pk   | sk         | what                                                                          |
| ---- | ---------- | ----------------------------------------------------------------------------- |
| COST | 2027-05-07 | what was used that day (UTC) by key; until (ISO 8601): as far as logs were read |

One item a day, replaced whole whenever the day is counted anew, so that counting twice changes nothing. It is JSON,
compressed: some 5 KB on the busiest day, which are 5 write units, and one on most others.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from chalicelib.core import table
from chalicelib.core.activities import Activity
from chalicelib.insight.cost.lines import SessionOwner
from chalicelib.insight.cost.prices import Meter
from chalicelib.insight.cost.usage import Usage, UsageKey
from chalicelib.programme.sessions import whose

PK = "COST"


def used(first_day: date, last_day: date) -> dict[UsageKey, Usage]:
    """The use from `first_day` until `last_day`, both included. A day that nobody has counted is not in it; see
    `counted`. A year is some 100 read units."""
    return used_and_counted(first_day, last_day)[0]


def counted(first_day: date, last_day: date) -> dict[date, datetime]:
    """Which of these days were counted, and until which moment: the whole day, where that is after its end."""
    return used_and_counted(first_day, last_day)[1]


def used_and_counted(first_day: date, last_day: date) -> tuple[dict[UsageKey, Usage], dict[date, datetime]]:
    """Both by one query."""
    days = list(_days(first_day, last_day))
    return (
        {key: usage for _, _, found in days for key, usage in found.items()},
        {day: until for day, until, _ in days},
    )


def gathered_until() -> datetime | None:
    """Until which moment logs were read; None: never yet."""
    newest_first = table.query(
        "pk = :pk",
        {":pk": {"S": PK}},
        ProjectionExpression="#until",
        ExpressionAttributeNames={"#until": "until"},
        ScanIndexForward=False,
        Limit=1,
    )
    last = next(newest_first, None)
    return datetime.fromisoformat(last["until"]["S"]) if last else None


def keep(day: date, found: Mapping[UsageKey, Usage], until: datetime) -> None:
    """In the place of what was known of that day."""
    rows = [
        [
            key.activity.value,
            key.opening_id,
            key.municipality,
            {"/".join(meter): f"{n.normalize():f}" for meter, n in usage.items()},
        ]
        for key, usage in found.items()
    ]
    packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)
    item = {
        **table.key(PK, day.isoformat()),
        "until": {"S": until.isoformat(timespec="seconds")},
        "used": {"B": packed},
    }
    table.call("PutItem", Item=item)


def places() -> dict[str, SessionOwner]:
    """The municipality and opening of each session; half a read unit for each 4 KB of the programme."""
    return {one.session_id: SessionOwner(one.municipality, one.opening_id) for one in whose.every()}


def _days(first_day: date, last_day: date) -> Iterator[tuple[date, datetime, dict[UsageKey, Usage]]]:
    values = {":pk": {"S": PK}, ":first": {"S": first_day.isoformat()}, ":last": {"S": last_day.isoformat()}}
    for item in table.query("pk = :pk AND sk BETWEEN :first AND :last", values):
        day = date.fromisoformat(item["sk"]["S"])
        yield day, datetime.fromisoformat(item["until"]["S"]), dict(_unpacked(day, item["used"]["B"]))


def _unpacked(day: date, packed: bytes) -> Iterator[tuple[UsageKey, Usage]]:
    for activity, opening_id, municipality, usage in json.loads(zlib.decompress(packed)):
        key = UsageKey(day, Activity(activity), opening_id, municipality)
        yield key, {_meter(name): Decimal(quantity) for name, quantity in usage.items()}


def _meter(name: str) -> Meter:
    service, _, item = name.partition("/")
    return service, item
