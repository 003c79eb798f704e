"""The days on which a child is in a camp: one item for each child and month, which says whose each day is.

| pk         | sk        | what                                                    |
| ---------- | --------- | ------------------------------------------------------- |
| C#child_id | DAYS#month | day, `2027-07-05`, to the registration that has it; expires a month after that month |

A day is taken by a conditional write, so of two registrations of one child one alone gets it. Nobody gives a day back
but a camp that moves to others: who finds a day taken looks whether that registration still stands (`overlaps.py`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from chalicelib.core import table
from chalicelib.core.refusals import Refused

PREFIX = "DAYS#"
# After the month is over.
KEPT_FOR = timedelta(days=31)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def owners(child_ids: Sequence[str], wanted: Iterable[date]) -> dict[str, dict[date, str]]:
    """Of these children and days, the registration that took each. One read unit a child and month."""
    every = sorted(wanted)
    keys = [_key(child, month) for child in dict.fromkeys(child_ids) for month in sorted(set(map(month_of, every)))]
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
    they are its. Else the other registrations that have some of them; nothing of that month is changed then. One write
    unit for each month."""
    gone = sorted(over)
    for month, of_month in groupby(sorted(wanted), key=month_of):
        try:
            table.call("UpdateItem", **_taking(child_id, month, list(of_month), registration_id, gone))
        except Refused as refused:
            item = refused.items[0]
            others = {item[one.isoformat()]["S"] for one in wanted if one.isoformat() in item}
            return others - {registration_id, *gone}
    return set()


def forget(child_id: str, registration_id: str, but: Collection[date] = ()) -> None:
    """Takes the registration from the days of a child, but for those that it keeps; an item without any other goes.
    Repeating it is harmless."""
    kept = {day.isoformat() for day in but}
    found = table.query(
        "pk = :child AND begins_with(sk, :days)", {":child": {"S": f"C#{child_id}"}, ":days": {"S": PREFIX}}
    )
    for item in found:
        own = {
            name: f"#d{place}"
            for place, name in enumerate(item)
            if item[name] == {"S": registration_id} and name not in kept
        }
        if own:
            _take_away({"pk": item["pk"], "sk": item["sk"]}, own, registration_id)


def _take_away(key: Mapping[str, Any], own: Mapping[str, str], registration_id: str) -> None:
    """`own`: the registration's days, with names for an expression."""
    first = date.fromisoformat(f"{key['sk']['S'].removeprefix(PREFIX)}-01")
    month = [one.isoformat() for one in days(first, first + timedelta(30)) if month_of(one) == month_of(first)]
    others = {day: f"#o{place}" for place, day in enumerate(month) if day not in own}
    is_own = " AND ".join(f"{name} = :registration" for name in own.values())
    alone = " AND ".join([is_own, *(f"attribute_not_exists({one})" for one in others.values())])
    names = {name: day for day, name in own.items()}
    values = {":registration": {"S": registration_id}}

    def call(operation: str, condition: str, names: Mapping[str, str], **more: str) -> None:
        expression = {"ConditionExpression": condition, "ExpressionAttributeNames": names}
        table.call(operation, Key=key, ExpressionAttributeValues=values, **expression, **more)

    try:
        call("DeleteItem", alone, names | {name: day for day, name in others.items()})
    except Refused:
        with suppress(Refused):  # another registration has the days by now
            call("UpdateItem", is_own, names, UpdateExpression=f"REMOVE {', '.join(own.values())}")


def _taking(child_id: str, month: str, wanted: list[date], registration_id: str, gone: list[str]) -> dict[str, Any]:
    names = {f"#d{place}": one.isoformat() for place, one in enumerate(wanted)} | {"#expires": "expires"}
    values: dict[str, Any] = {":registration": {"S": registration_id}, ":expires": {"N": str(_expiry(max(wanted)))}}
    values |= {f":g{place}": {"S": one} for place, one in enumerate(gone)}
    mine = ", ".join(value for value in values if value != ":expires")
    return {
        "Key": _key(child_id, month),
        "UpdateExpression": "SET #expires = :expires, "
        + ", ".join(f"#d{place} = :registration" for place in range(len(wanted))),
        "ConditionExpression": " AND ".join(
            f"(attribute_not_exists(#d{place}) OR #d{place} IN ({mine}))" for place in range(len(wanted))
        ),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def _expiry(day: date) -> int:
    """The same for every day of a month, so that no later write ends the item sooner."""
    return int((datetime.combine(day.replace(day=1), time.min, UTC) + timedelta(days=31) + KEPT_FOR).timestamp())


def _key(child_id: str, month: str) -> Mapping[str, Any]:
    return table.key(f"C#{child_id}", f"{PREFIX}{month}")
