"""What staff change of a session's seats, as writes that a transaction takes together with the ledger's entry.

Each is a condition on the seats' item itself, so that nothing that a family does at the same moment is overwritten, and
free + holders == capacity stays true whatever comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.programme import table as programme
from chalicelib.seats.rules import Channel, Claim, HeldFor, Seats
from chalicelib.seats.table import CHANNEL, key

Write = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """Seats out of order. `held_for`: whose seats that are held back are given; None: free ones. `despite_age`: the
    ages of the session do not count."""

    claim: Claim
    held_for: HeldFor | None
    despite_age: bool


def granting(seats: Seats, grant: Grant) -> Write:
    """Gives the seats, whether or not the session is open yet and somebody waits. `seats`: as they were read; which of
    those held back are given is chosen there."""
    claim = grant.claim
    names = {"#holders": "holders", "#closes": "closes", "#channel": CHANNEL + claim.registration_id}
    values: dict[str, Any] = {
        ":registration": {"S": claim.registration_id},
        ":channel": {"S": Channel.EXCEPTION.value},
        ":now": _number(claim.now),
    }
    sets, removes, conditions = ["#channel = :channel"], [], ["#closes > :now"]
    for number, child in enumerate(claim.children):
        names[f"#c{number}"] = child
        sets.append(f"#holders.#c{number} = :registration")
        conditions.append(f"attribute_not_exists(#holders.#c{number})")
    if grant.held_for:
        values[":holder"] = {"S": grant.held_for.holder}
        for number, seat in enumerate(grant.held_for.of(seats)[: len(claim.children)]):
            names[f"#h{number}"] = seat
            removes.append(f"#holders.#h{number}")
            conditions.append(f"#holders.#h{number} = :holder")
    else:
        names["#free"], values[":wanted"] = "free", _number(len(claim.children))
        sets.append("#free = #free - :wanted")
        conditions.append("#free >= :wanted")
    if not grant.despite_age:
        born = sorted(claim.children.values())
        values |= {":eldest": {"S": born[0].isoformat()}, ":youngest": {"S": born[-1].isoformat()}}
        conditions.append("born_from <= :eldest AND born_until >= :youngest")
    return _update(claim.session_id, sets, removes, conditions, names, values)


def holding_back(seats: Seats, held_for: HeldFor, number: int) -> Write:
    """From as many as `seats` has held back for them to `number`: more are taken from the free ones, or fewer are held
    and the rest is free."""
    held = held_for.of(seats)
    names = {"#free": "free", "#holders": "holders"}
    values: dict[str, Any] = {":holder": {"S": held_for.holder}, ":seats": _number(abs(number - len(held)))}
    if number > len(held):
        unused = (name for name in map(held_for.seat, range(1, number + 1)) if name not in held)
        new = [next(unused) for _ in range(number - len(held))]
        places = _named(new, names)
        sets = ["#free = #free - :seats", *(f"{place} = :holder" for place in places)]
        conditions = ["#free >= :seats", *(f"attribute_not_exists({place})" for place in places)]
        return _update(seats.session_id, sets, [], conditions, names, values)
    places = _named(held[number:], names)
    conditions = [f"{place} = :holder" for place in places]
    return _update(seats.session_id, ["#free = #free + :seats"], places, conditions, names, values)


def resizing(seats: Seats, capacity: int) -> list[Write]:
    """The seats of the session and its entry in the programme, as of the capacity that `seats` has."""
    names = {"#free": "free", "#capacity": "capacity"}
    values = {
        ":old": _number(seats.capacity),
        ":new": _number(capacity),
        ":more": _number(capacity - seats.capacity),
        ":fewer": _number(seats.capacity - capacity),
    }
    sets = ["#capacity = :new", "#free = #free + :more"]
    conditions = ["#capacity = :old", "#free >= :fewer"]
    published = {name: values[name] for name in (":old", ":new")}
    return [
        _update(seats.session_id, sets, [], conditions, names, values),
        _publishing(seats.session_id, "SET #capacity = :new", "#capacity = :old", {"#capacity": "capacity"}, published),
    ]


def closing(seats: Seats, at: datetime) -> list[Write]:
    """The seats of the session and its entry in the programme, as of the deadline that `seats` has."""
    new = _number(int(at.timestamp()))
    values = {":old": _number(seats.closes), ":new": new}
    return [
        _update(seats.session_id, ["#closes = :new"], [], ["#closes = :old"], {"#closes": "closes"}, values),
        _publishing(
            seats.session_id, "SET #deadline = :new", "attribute_exists(pk)", {"#deadline": "deadline"}, {":new": new}
        ),
    ]


def _publishing(
    session_id: str, update: str, condition: str, names: Mapping[str, str], values: Mapping[str, Any]
) -> Write:
    return {
        "Update": {
            "Key": {"pk": {"S": programme.PK}, "sk": {"S": session_id}},
            "UpdateExpression": update,
            "ConditionExpression": f"{condition} AND attribute_not_exists(draft)",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _update(
    session_id: str,
    sets: Sequence[str],
    removes: Sequence[str],
    conditions: Sequence[str],
    names: Mapping[str, str],
    values: Mapping[str, Any],
) -> Write:
    update = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": update,
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _named(seats: Sequence[str], names: dict[str, str]) -> list[str]:
    """Their places in the item; `names` learns what they are called."""
    for number, seat in enumerate(seats):
        names[f"#h{number}"] = seat
    return [f"#holders.#h{number}" for number in range(len(seats))]


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
