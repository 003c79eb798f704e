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
from chalicelib.seats.rules import Channel, Claim, Reason, Seats, is_granted, refusal

SK = "SEATS"
# Attributes of the item beside `holders`, one for each registration that is held for a time, or that came by another
# way than the opening: `u#registration_id`, `c#registration_id`. At the top level: no map need be there before them.
UNTIL = "u#"
CHANNEL = "c#"

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
    """Takes a seat for each child of `wish`. None: they have them, now or from an earlier try.

    What was held and is held no longer is freed first if it stands in the way."""
    refused = _claim(wish)
    if refused and refused.seats and refusal(refused.seats, wish) is None:
        for registration_id in refused.seats.lapsed(wish.now):
            sweep(refused.seats, registration_id, wish.now)
        return _claim(wish)
    return refused


def _claim(wish: Claim) -> Refusal | None:
    names = {
        "#free": "free",
        "#holders": "holders",
        "#opens": "opens",
        "#closes": "closes",
        "#eldest": "born_from",
        "#youngest": "born_until",
    }
    takes, unheld = [], []
    for number, child in enumerate(wish.children):
        names[f"#c{number}"] = child
        takes.append(f"#holders.#c{number} = :registration")
        unheld.append(f"attribute_not_exists(#holders.#c{number})")
    born = sorted(wish.children.values())
    values: dict[str, Any] = {
        ":wanted": {"N": str(len(wish.children))},
        ":registration": {"S": wish.registration_id},
        ":now": {"N": str(wish.now)},
        ":eldest": {"S": born[0].isoformat()},
        ":youngest": {"S": born[-1].isoformat()},
    }
    if wish.until is not None:
        names["#until"] = UNTIL + wish.registration_id
        values[":until"] = {"N": str(wish.until)}
        takes.append("#until = :until")
    if wish.channel is not None:
        names["#channel"] = CHANNEL + wish.registration_id
        values[":channel"] = {"S": wish.channel.value}
        takes.append("#channel = :channel")
    if not wish.from_list:
        unheld.append("attribute_not_exists(queued)")
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
                    "#eldest <= :eldest",
                    "#youngest >= :youngest",
                    *unheld,
                ]
            ),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if not table.is_refusal(error):
            raise
        item: Any = error.response.get("Item")
        if not item:
            return Refusal(Reason.UNKNOWN, None)
        seats = read(item)
        if is_granted(seats.at(wish.now), wish):
            return None
        reason = refusal(seats, wish)
        if reason is None:
            if not seats.lapsed(wish.now):  # the condition above and the rules say the same; tests/seats compares them
                raise
            return Refusal(Reason.TOO_FEW, seats)  # as DynamoDB sees it: `claim` frees what lapsed and asks again
        _refused[wish.session_id] = monotonic(), seats
        return Refusal(reason, seats)
    _refused.pop(wish.session_id, None)
    return None


def release(session_id: str, children: Iterable[str], registration_id: str) -> bool:
    """Gives back the seats that this registration holds. False: it holds none (any more); nothing is changed then."""
    return _give_back(session_id, children, registration_id, "", {})


def sweep(seats: Seats, registration_id: str, now: int) -> bool:
    """Frees the seats that this registration held until `now` or earlier. False: it was accepted, extended or given
    back meanwhile; nothing is changed then."""
    children = [child for child, holder in seats.holders.items() if holder == registration_id]
    return _give_back(seats.session_id, children, registration_id, " AND #until <= :now", {":now": {"N": str(now)}})


def _give_back(
    session_id: str, children: Iterable[str], registration_id: str, condition: str, values: Mapping[str, Any]
) -> bool:
    _refused.pop(session_id, None)
    names = {
        "#free": "free",
        "#holders": "holders",
        "#until": UNTIL + registration_id,
        "#channel": CHANNEL + registration_id,
    }
    held = []
    for number, child in enumerate(children):
        names[f"#c{number}"] = child
        held.append(f"#holders.#c{number}")
    return _changes(
        session_id,
        f"SET #free = #free + :seats REMOVE #until, #channel, {', '.join(held)}",
        " AND ".join(f"{path} = :registration" for path in held) + condition,
        names,
        {":seats": {"N": str(len(held))}, ":registration": {"S": registration_id}, **values},
    )


def settle(session_id: str, registration_id: str, now: int) -> bool:
    """What was held until a moment after `now` is the registration's for good. False: it holds nothing that ends, or it
    has ended; nothing is changed then."""
    _refused.pop(session_id, None)
    return _changes(
        session_id, "REMOVE #until", "#until > :now", {"#until": UNTIL + registration_id}, {":now": {"N": str(now)}}
    )


def extend(session_id: str, registration_id: str, old: int, new: int, now: int) -> bool:
    """What is held until `old` is held until `new`. False: it is not held until `old` (any more); so of two tabs that
    extend once, one does."""
    _refused.pop(session_id, None)
    return _changes(
        session_id,
        "SET #until = :new",
        "#until = :old AND #until > :now",
        {"#until": UNTIL + registration_id},
        {":old": {"N": str(old)}, ":new": {"N": str(new)}, ":now": {"N": str(now)}},
    )


def queue(session_id: str) -> None:
    """From now on, what becomes free is the waiting list's. Repeating it is harmless."""
    _refused.pop(session_id, None)
    _changes(session_id, "SET queued = :yes", "attribute_exists(pk)", {}, {":yes": {"BOOL": True}})


def end_queue(session_id: str) -> None:
    """Nobody waits any more: what is free is for anyone."""
    _refused.pop(session_id, None)
    _changes(session_id, "REMOVE queued", "attribute_exists(queued)", {}, {})


def _changes(session_id: str, update: str, condition: str, names: Mapping[str, str], values: Mapping[str, Any]) -> bool:
    """One conditional UpdateItem. False: the condition did not hold."""
    expression: dict[str, Any] = {"UpdateExpression": update, "ConditionExpression": condition}
    if names:
        expression["ExpressionAttributeNames"] = names
    if values:
        expression["ExpressionAttributeValues"] = values
    try:
        table.call("UpdateItem", Key=key(session_id), **expression)
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
    if seats.queued:
        item["queued"] = {"BOOL": True}
    item |= {UNTIL + registration: {"N": str(end)} for registration, end in seats.until.items()}
    item |= {CHANNEL + registration: {"S": channel.value} for registration, channel in seats.channels.items()}
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
        until={name.removeprefix(UNTIL): int(value["N"]) for name, value in item.items() if name.startswith(UNTIL)},
        channels={
            name.removeprefix(CHANNEL): Channel(value["S"]) for name, value in item.items() if name.startswith(CHANNEL)
        },
        queued="queued" in item,
    )


def forget() -> None:
    """Forgets what was refused: for tests, and for whoever changes seats in this process."""
    _refused.clear()
