"""Monthly counts about city passes: numbers, of which none says who.

| pk          | sk             | what                                                      |
| ----------- | -------------- | --------------------------------------------------------- |
| CITYFIGURES | yyyy-mm        | a number for each thing that was decided or given out     |
| CITYFIGURES | yyyy-mm#asked  | how often somebody asked whether it is for them           |

What is decided counts in the transaction that decides it. Who only asks is counted beside it, and never in its way.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy
from chalicelib.money.citypass.rules import Likely

PK = "CITYFIGURES"
ASKED = "asked"

# The names of the numbers.
VISITS, APPLIED = "visits", "applied"
GRANTED_BY_MACHINE, GRANTED_BY_PERSON, REFUSED = "granted_by_machine", "granted_by_person", "refused"
OBJECTED, OVERTURNED, UPHELD, WITHDRAWN = "objected", "overturned", "upheld", "withdrawn"
DECIDED, DAYS, LATE = "decided", "days", "late"
WRONG_CODES, COUPONS = "wrong_codes", "coupons"
ISSUED = "issued#"  # and the budget's name


def visited(now: datetime) -> None:
    _beside(now, {VISITS: 1})


def asked(likely: Likely, now: datetime) -> None:
    _beside(now, {f"answer_{likely}": 1})


def wrong_code(now: datetime) -> None:
    _beside(now, {WRONG_CODES: 1})


def counting(now: datetime, numbers: Mapping[str, int]) -> dict[str, Any]:
    """One write of a transaction."""
    return {"Update": _adding(f"{today(now):%Y-%m}", numbers)}


def of_year(year: int) -> Counter[str]:
    """The sums of a year. A read unit for each 4 KB."""
    total: Counter[str] = Counter()
    values = {":pk": {"S": PK}, ":year": {"S": f"{year:04}-"}}
    for item in table.query("pk = :pk AND begins_with(sk, :year)", values):
        total.update({name: int(value["N"]) for name, value in item.items() if "N" in value})
    return total


def _beside(now: datetime, numbers: Mapping[str, int]) -> None:
    with suppress(Busy):
        table.call("UpdateItem", **_adding(f"{today(now):%Y-%m}#{ASKED}", numbers))


def _adding(sk: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    names = {f"#n{place}": name for place, name in enumerate(numbers)}
    return {
        "Key": table.key(PK, sk),
        "UpdateExpression": "ADD " + ", ".join(f"#n{place} :n{place}" for place in range(len(numbers))),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {f":n{place}": {"N": str(one)} for place, one in enumerate(numbers.values())},
    }
