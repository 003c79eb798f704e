"""The days on which a child is in a camp: one item for each child and year, which says whose each day is.

| pk         | sk        | what                                                    |
| ---------- | --------- | ------------------------------------------------------- |
| C#child_id | DAYS#year | day, `2027-07-05`, to the registration that has it       |

A day is taken by a conditional write, so of two registrations of one child one alone gets it. Nobody gives a day back:
who finds a day taken looks whether that registration still stands (`overlaps.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import Refused

PREFIX = "DAYS#"
# After the year is over; by then every camp of it is.
KEPT_FOR = timedelta(days=60)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def owners(child_ids: Sequence[str], wanted: Iterable[date]) -> dict[str, dict[date, str]]:
    """Of these children and days, the registration that took each. One read unit a child and year."""
    every = sorted(wanted)
    keys = [_key(child, year) for child in dict.fromkeys(child_ids) for year in sorted({one.year for one in every})]
    found: dict[str, dict[date, str]] = {}
    for item in table.batch_get(keys) if keys else ():
        taken = {one: item[one.isoformat()]["S"] for one in every if one.isoformat() in item}
        found.setdefault(item["pk"]["S"].removeprefix("C#"), {}).update(taken)
    return found


def has(child_id: str, wanted: Sequence[date]) -> set[str]:
    """The registrations that took any of these days."""
    return set(owners([child_id], wanted).get(child_id, {}).values())


def take(child_id: str, wanted: Sequence[date], registration_id: str, over: Iterable[str] = ()) -> set[str]:
    """Takes these days for a registration, also those of the registrations `over`, which do not stand any more. Empty:
    they are its. Else the other registrations that have some of them; nothing of that year is changed then. One write
    unit for each year and KB."""
    gone = sorted(over)
    for year, of_year in groupby(sorted(wanted), key=lambda one: one.year):
        try:
            table.call("UpdateItem", **_taking(child_id, year, list(of_year), registration_id, gone))
        except Refused as refused:
            item = refused.items[0]
            others = {item[one.isoformat()]["S"] for one in wanted if one.isoformat() in item}
            return others - {registration_id, *gone}
    return set()


def forget(child_id: str, registration_id: str) -> None:
    """Takes the registration from the days of a child. Repeating it is harmless."""
    found = table.query(
        "pk = :child AND begins_with(sk, :days)", {":child": {"S": f"C#{child_id}"}, ":days": {"S": PREFIX}}
    )
    for item in found:
        own = [name for name, value in item.items() if value == {"S": registration_id}]
        if own:
            names = {f"#d{place}": name for place, name in enumerate(own)}
            update = {
                "Key": {"pk": item["pk"], "sk": item["sk"]},
                "UpdateExpression": f"REMOVE {', '.join(names)}",
                "ConditionExpression": " AND ".join(f"{name} = :registration" for name in names),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {":registration": {"S": registration_id}},
            }
            with suppress(Refused):  # another registration has it by now
                table.call("UpdateItem", **update)


def _taking(child_id: str, year: int, wanted: list[date], registration_id: str, gone: list[str]) -> dict[str, Any]:
    names = {f"#d{place}": one.isoformat() for place, one in enumerate(wanted)} | {"#expires": "expires"}
    values: dict[str, Any] = {":registration": {"S": registration_id}, ":expires": {"N": str(_expiry(year))}}
    values |= {f":g{place}": {"S": one} for place, one in enumerate(gone)}
    mine = ", ".join(value for value in values if value != ":expires")
    return {
        "Key": _key(child_id, year),
        "UpdateExpression": "SET #expires = :expires, "
        + ", ".join(f"#d{place} = :registration" for place in range(len(wanted))),
        "ConditionExpression": " AND ".join(
            f"(attribute_not_exists(#d{place}) OR #d{place} IN ({mine}))" for place in range(len(wanted))
        ),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _expiry(year: int) -> int:
    return int((datetime.combine(date(year + 1, 1, 1), time.min, UTC) + KEPT_FOR).timestamp())


def _key(child_id: str, year: int) -> Mapping[str, Any]:
    return table.key(f"C#{child_id}", f"{PREFIX}{year}")
