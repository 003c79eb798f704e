"""The seat claim: one conditional UpdateItem on one small item, the only truth about who has a seat.

It is granted or refused as a whole, at most once for a child, and repeating it is harmless: guarantees of DynamoDB's
conditional writes, kept by `claim` below. A claim or a release costs 1 write unit while the item is at most 1 KB, which
is 30 seats taken, and 2 up to 64 (tests/seats/test_table.py counts it).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import table
from chalicelib.seats.rules import Claim, Reason, Seats, is_granted, refusal

SK = "SEATS"

# How long a refusal is remembered in a container: a sold-out camp is hammered, and a refused write costs as much as a
# granted one. Short, because a freed seat is to be found at once by whoever tries next.
SECONDS_REMEMBERED = 0.5
_refused: dict[str, tuple[float, Seats]] = {}

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """Why a claim was refused, and the seats at that moment; None if there is no such session."""

    reason: Reason
    seats: Seats | None


def key(session_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"S#{session_id}"}, "sk": {"S": SK}}


def foresee(wish: Claim) -> Refusal | None:
    """The refusal that this claim would have met a moment ago; costs nothing. Not what a family can change by itself:
    its own cancellation, in another container, lets its child register again at once."""
    remembered = _refused.get(wish.session_id)
    if not remembered or monotonic() - remembered[0] > SECONDS_REMEMBERED:
        return None
    reason = refusal(remembered[1], wish)
    return Refusal(reason, remembered[1]) if reason and reason is not Reason.ALREADY_HELD else None


def claim(wish: Claim) -> Refusal | None:
    """Takes a seat for each child of `wish`. None: they have them, now or from an earlier try."""
    names = {
        "#free": "free",
        "#holders": "holders",
        "#opens": "opens",
        "#closes": "closes",
        "#from": "born_from",
        "#until": "born_until",
    }
    takes, unheld = [], []
    for number, child in enumerate(wish.children):
        names[f"#c{number}"] = child
        takes.append(f"#holders.#c{number} = :registration")
        unheld.append(f"attribute_not_exists(#holders.#c{number})")
    born = sorted(wish.children.values())
    try:
        table.call(
            "UpdateItem",
            Key=key(wish.session_id),
            UpdateExpression=f"SET #free = #free - :wanted, {', '.join(takes)}",
            ConditionExpression=" AND ".join(
                [
                    "#free >= :wanted",
                    "#opens <= :now",
                    "#closes > :now",
                    "#from <= :eldest",
                    "#until >= :youngest",
                    *unheld,
                ]
            ),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={
                ":wanted": {"N": str(len(wish.children))},
                ":registration": {"S": wish.registration_id},
                ":now": {"N": str(wish.now)},
                ":eldest": {"S": born[0].isoformat()},
                ":youngest": {"S": born[-1].isoformat()},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if not table.is_refusal(error):
            raise
        item: Any = error.response.get("Item")
        if not item:
            return Refusal(Reason.UNKNOWN, None)
        seats = read(item)
        if is_granted(seats, wish):
            return None
        reason = refusal(seats, wish)
        if reason is None:  # the condition above and the rules say the same; tests/seats compares them
            raise
        _refused[wish.session_id] = monotonic(), seats
        return Refusal(reason, seats)
    _refused.pop(wish.session_id, None)
    return None


def release(session_id: str, children: Iterable[str], registration_id: str) -> bool:
    """Gives back the seats that this registration holds. False: it holds none (any more); nothing is changed then."""
    _refused.pop(session_id, None)
    names = {"#free": "free", "#holders": "holders"}
    held = []
    for number, child in enumerate(children):
        names[f"#c{number}"] = child
        held.append(f"#holders.#c{number}")
    try:
        table.call(
            "UpdateItem",
            Key=key(session_id),
            UpdateExpression=f"SET #free = #free + :seats REMOVE {', '.join(held)}",
            ConditionExpression=" AND ".join(f"{path} = :registration" for path in held),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":seats": {"N": str(len(held))}, ":registration": {"S": registration_id}},
        )
    except ClientError as error:
        if not table.is_refusal(error):
            raise
        return False
    return True


def get(session_ids: Iterable[str], *, consistent: bool = True) -> dict[str, Seats]:
    """The seats of sessions, as they are now or, not `consistent`, a moment ago; unknown sessions are left out."""
    items = table.batch_get([key(session_id) for session_id in dict.fromkeys(session_ids)], consistent=consistent)
    return {seats.session_id: seats for seats in map(read, items)}


def item_of(seats: Seats) -> dict[str, Any]:
    """The item as it is put when a session is published."""
    item: dict[str, Any] = {
        **key(seats.session_id),
        "capacity": {"N": str(seats.capacity)},
        "free": {"N": str(seats.free)},
        "holders": {"M": {child: {"S": registration} for child, registration in seats.holders.items()}},
        "closes": {"N": str(seats.closes)},
        "born_from": {"S": seats.born_from.isoformat()},
        "born_until": {"S": seats.born_until.isoformat()},
    }
    if seats.opens is not None:
        item["opens"] = {"N": str(seats.opens)}
    return item


def read(item: Image) -> Seats:
    return Seats(
        session_id=item["pk"]["S"].removeprefix("S#"),
        capacity=int(item["capacity"]["N"]),
        free=int(item["free"]["N"]),
        holders={child: value["S"] for child, value in item["holders"]["M"].items()},
        opens=int(item["opens"]["N"]) if "opens" in item else None,
        closes=int(item["closes"]["N"]),
        born_from=date.fromisoformat(item["born_from"]["S"]),
        born_until=date.fromisoformat(item["born_until"]["S"]),
    )


def forget() -> None:
    """Forgets what was refused: for tests, and for whoever changes seats in this process."""
    _refused.clear()
