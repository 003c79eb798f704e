"""Changes by staff to a session's seats, as writes that a transaction takes together with the ledger's entry.

Each is a condition on the seats' item itself, so that nothing that a family does at the same moment is overwritten, and
free + holders == capacity stays true whatever comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.seats.item import TAKES_PLACE, Write, item_of, key, number
from chalicelib.seats.rules import AskedBy, Channel, Claim, HeldFor, Seats
from chalicelib.seats.stream import ASKS, CALLED_OFF, CHANNEL, NEWS


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
        ":now": number(claim.now),
    }
    sets, removes, conditions = ["#channel = :channel"], [], ["#closes > :now"]
    for place, child in enumerate(claim.children):
        names[f"#c{place}"] = child
        sets.append(f"#holders.#c{place} = :registration")
        conditions.append(f"attribute_not_exists(#holders.#c{place})")
    if grant.held_for:
        values[":holder"] = {"S": grant.held_for.holder}
        for place, seat in enumerate(grant.held_for.of(seats)[: len(claim.children)]):
            names[f"#h{place}"] = seat
            removes.append(f"#holders.#h{place}")
            conditions.append(f"#holders.#h{place} = :holder")
    else:
        names["#free"], values[":wanted"] = "free", number(len(claim.children))
        sets.append("#free = #free - :wanted")
        conditions.append("#free >= :wanted")
    if not grant.despite_age:
        born = sorted(claim.children.values())
        values |= {":eldest": {"S": born[0].isoformat()}, ":youngest": {"S": born[-1].isoformat()}}
        conditions.append("born_from <= :eldest AND born_until >= :youngest")
    return _update(claim.session_id, sets, removes, conditions, names, values)


def renaming(session_id: str, registration_id: str, old: str, new: str) -> Write:
    """The child that has a seat by this registration has another id from now on. Refused if that one has a seat too."""
    names = {"#holders": "holders", "#old": old, "#new": new}
    conditions = ["#holders.#old = :registration", "attribute_not_exists(#holders.#new)"]
    values = {":registration": {"S": registration_id}}
    return _update(session_id, ["#holders.#new = :registration"], ["#holders.#old"], conditions, names, values)


def holding_back(seats: Seats, held_for: HeldFor, wanted: int) -> Write:
    """From as many as `seats` has held back for them to `wanted`: more are taken from the free ones, or fewer are held
    and the rest is free."""
    held = held_for.of(seats)
    names = {"#free": "free", "#holders": "holders"}
    values: dict[str, Any] = {":holder": {"S": held_for.holder}, ":seats": number(abs(wanted - len(held)))}
    if wanted > len(held):
        unused = (name for name in map(held_for.seat, range(1, wanted + 1)) if name not in held)
        new = [next(unused) for _ in range(wanted - len(held))]
        places = _named(new, names)
        sets = ["#free = #free - :seats", *(f"{place} = :holder" for place in places)]
        conditions = ["#free >= :seats", *(f"attribute_not_exists({place})" for place in places)]
        return _update(seats.session_id, sets, [], conditions, names, values)
    places = _named(held[wanted:], names)
    conditions = [f"{place} = :holder" for place in places]
    return _update(seats.session_id, ["#free = #free + :seats"], places, conditions, names, values)


def resizing(seats: Seats, capacity: int) -> Write:
    """To another capacity, from the one that `seats` has."""
    names = {"#free": "free", "#capacity": "capacity"}
    values = {
        ":old": number(seats.capacity),
        ":new": number(capacity),
        ":more": number(capacity - seats.capacity),
        ":fewer": number(seats.capacity - capacity),
    }
    sets = ["#capacity = :new", "#free = #free + :more"]
    return _update(seats.session_id, sets, [], ["#capacity = :old", "#free >= :fewer"], names, values)


def closing(seats: Seats, at: datetime) -> Write:
    """To another deadline, from the one that `seats` has."""
    values = {":old": number(seats.closes), ":new": number(int(at.timestamp()))}
    return _update(seats.session_id, ["#closes = :new"], [], ["#closes = :old"], {"#closes": "closes"}, values)


def opening(seats: Seats, at: datetime | None) -> Write:
    """Opens at another moment than `seats` has; None: not yet. Refused if anybody took a seat, gave one up or began to
    wait since `seats` was read: whether somebody is there decides what may be done."""
    names = {"#opens": "opens", "#holders": "holders", "#queued": "queued"}
    values: dict[str, Any] = {":holders": item_of(seats)["holders"]}
    conditions = ["#holders = :holders"]
    conditions.append("attribute_exists(#queued)" if seats.queued else "attribute_not_exists(#queued)")
    if seats.opens is None:
        conditions.append("attribute_not_exists(#opens)")
    else:
        values[":before"] = number(seats.opens)
        conditions.append("#opens = :before")
    if at is None:
        return _update(seats.session_id, [], ["#opens"], conditions, names, values)
    values[":opens"] = number(int(at.timestamp()))
    return _update(seats.session_id, ["#opens = :opens"], [], conditions, names, values)


def correcting(seats: Seats, after: Seats) -> Write:
    """To the birth dates, the deadline and the number of the last news of `after`, one of which differs.

    Where it is for others from now on, or closes at another moment, it is refused if anybody took a seat, gave one up
    or began to wait since `seats` was read: who does not fit any more was looked for among those."""
    names = {"#news": NEWS}
    values: dict[str, Any] = {}
    sets, conditions = [], [_no_news_since(seats, values)]
    if seats.news != after.news:
        sets.append("#news = :news")
        values[":news"] = number(after.news)
    fields = ("born_from", "born_until", "closes")
    if any(getattr(seats, field) != getattr(after, field) for field in fields):
        names |= {"#holders": "holders", "#closes": "closes", "#queued": "queued"}
        values |= {
            ":from": {"S": after.born_from.isoformat()},
            ":until": {"S": after.born_until.isoformat()},
            ":closes": number(after.closes),
            ":before": number(seats.closes),
            ":holders": item_of(seats)["holders"],
        }
        sets += ["born_from = :from", "born_until = :until", "#closes = :closes"]
        conditions += ["#holders = :holders", "#closes = :before"]
        conditions.append("attribute_exists(#queued)" if seats.queued else "attribute_not_exists(#queued)")
    return _update(seats.session_id, sets, [], conditions, names, values)


def calling_off(seats: Seats, at: datetime, *, is_empty: bool) -> Write:
    """The camp is cancelled: from now on nobody gets a seat, whoever asks. Refused if it is already, or other news came
    in between. `is_empty`: also if anybody has a seat or waits by now."""
    names = {"#news": NEWS, "#off": CALLED_OFF}
    values: dict[str, Any] = {":news": number(seats.news + 1), ":at": number(int(at.timestamp()))}
    conditions = ["attribute_exists(pk)", _no_news_since(seats, values)]
    if is_empty:
        names |= {"#holders": "holders", "#queued": "queued"}
        values[":holders"] = item_of(seats)["holders"]
        conditions += ["#holders = :holders", "attribute_not_exists(#queued)"]
    return _update(seats.session_id, ["#off = :at", "#news = :news"], [], conditions, names, values)


def asking(session_id: str, by: AskedBy, *, is_required: bool, untouched: Seats | None = None) -> Write:
    """From now on `by` asks questions that must be answered, or asks none: of a family that registers by itself, the
    seats are held until it has answered. Also of a camp that is cancelled; refused if there is no such session.
    `untouched`: refused, too, if anybody took a seat, gave one up or began to wait since these seats were read."""
    names = {"#asks": ASKS}
    values: dict[str, Any] = {":by": {"SS": [by.value]}}
    condition = "attribute_exists(pk)"
    if untouched:
        names["#holders"] = "holders"
        values[":holders"] = item_of(untouched)["holders"]
        waits = f"attribute_{'exists' if untouched.queued else 'not_exists'}(queued)"
        condition = f"#holders = :holders AND {waits}"
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": f"{'ADD' if is_required else 'DELETE'} #asks :by",
            "ConditionExpression": condition,
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
    update = " ".join(f"{verb} {', '.join(of)}" for verb, of in (("SET", sets), ("REMOVE", removes)) if of)
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": update,
            "ConditionExpression": " AND ".join([*conditions, TAKES_PLACE]),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _no_news_since(seats: Seats, values: dict[str, Any]) -> str:
    """A condition; `values` learns what it needs."""
    if not seats.news:
        return "attribute_not_exists(#news)"
    values[":last"] = number(seats.news)
    return "#news = :last"


def _named(seats: Sequence[str], names: dict[str, str]) -> list[str]:
    """Their places in the item; `names` learns what they are called."""
    for place, seat in enumerate(seats):
        names[f"#h{place}"] = seat
    return [f"#holders.#h{place}" for place in range(len(seats))]
