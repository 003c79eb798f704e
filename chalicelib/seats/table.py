"""The seat claim: one conditional UpdateItem on one small item, the only truth about who has a seat.

It is granted or refused as a whole, at most once for a child, and repeating it is harmless: guarantees of DynamoDB's
conditional writes, kept by `claim` below. A claim or a release costs 1 write unit while the item is at most 1 KB, which
is 30 seats taken, and 2 up to 64 (tests/seats/test_table.py counts it).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from chalicelib import table
from chalicelib.refusals import Refused
from chalicelib.seats.rules import Channel, Claim, Reason, Seats, is_granted, refusal

SK = "SEATS"
# Attributes of the item beside `holders`, one for each registration that is held for a time, had more time already, or
# came by another way than the opening: `u#registration_id` … At the top level: no map need be there before them.
UNTIL = "u#"
EXTENDED = "e#"
CHANNEL = "c#"
# How many lapsed seats one write frees; DynamoDB takes 4 KB and 300 operators in an expression.
MOST_SWEPT = 60

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


def alone(update: Mapping[str, Any]) -> None:
    """One UpdateItem, which comes with nothing else."""
    table.call("UpdateItem", **update)


def claim(wish: Claim, write: Callable[[Mapping[str, Any]], None] = alone) -> Refusal | None:
    """Takes a seat for each child of `wish`. None: they have them, now or from an earlier try. (ALREADY_HELD may be by
    the same registration, for good or until another moment.)

    `write` carries out the update that takes them, perhaps together with something else; it raises what `alone` would.
    What was held and is held no longer is freed first if it stands in the way: two more writes then."""
    while True:
        try:
            write(_taking(wish))
        except Refused as refused:
            item = refused.items[0]
            if not item:
                return Refusal(Reason.UNKNOWN, None)
            seats = read(item)
            if is_granted(seats.at(wish.now), wish):
                return None
            if reason := refusal(seats, wish):
                _refused[wish.session_id] = monotonic(), seats
                return Refusal(reason, seats)
            if not seats.lapsed(wish.now):  # the condition and the rules say the same; tests/seats compares them
                raise
            sweep(seats, wish.now)
        else:
            _refused.pop(wish.session_id, None)
            return None


def _taking(wish: Claim) -> dict[str, Any]:
    """The update that takes the seats; refused, with the item as it is, unless the wish is granted as that stands."""
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
    moment = "#opens <= :now AND #closes > :now"
    ages = "#eldest <= :eldest AND #youngest >= :youngest"
    return {
        "Key": key(wish.session_id),
        "UpdateExpression": f"SET #free = #free - :wanted, {', '.join(takes)}",
        "ConditionExpression": " AND ".join(["#free >= :wanted", moment, ages, *unheld]),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def release(
    session_id: str,
    children: Iterable[str],
    registration_id: str,
    write: Callable[[Mapping[str, Any]], None] = alone,
) -> bool:
    """Gives back the seats that this registration holds. False: it holds none (any more); nothing is changed then.
    `write`: as of `claim`."""
    names, held = _held(children)
    for number, prefix in enumerate((UNTIL, EXTENDED, CHANNEL)):
        names[f"#p{number}"] = prefix + registration_id
    return _changes(
        session_id,
        f"SET #free = #free + :seats REMOVE {', '.join(held)}, #p0, #p1, #p2",
        _all_are(held, ":registration"),
        {**names, "#free": "free"},
        {":seats": _number(len(held)), ":registration": {"S": registration_id}},
        write,
    )


def sweep(seats: Seats, now: int) -> bool:
    """Frees what was held until `now` or earlier. False: some of it was freed or accepted since `seats` was read;
    nothing is changed then. `until` stays, for `forget_lapsed`."""
    freed, gone, conditions, names = 0, [], [], {"#free": "free"}
    values: dict[str, Any] = {":now": _number(now)}
    for place, registration_id in enumerate(seats.lapsed(now)):
        children = [child for child, holder in seats.holders.items() if holder == registration_id]
        if freed and freed + len(children) > MOST_SWEPT:
            break
        more, held = _held(children, f"r{place}c")
        names |= more
        for prefix, name in ((UNTIL, f"#u{place}"), (EXTENDED, f"#e{place}"), (CHANNEL, f"#w{place}")):
            names[name] = prefix + registration_id
        values[f":r{place}"] = {"S": registration_id}
        conditions += [_all_are(held, f":r{place}"), f"#u{place} <= :now"]
        gone += [*held, f"#e{place}", f"#w{place}"]
        freed += len(held)
    values[":seats"] = _number(freed)
    return _changes(
        seats.session_id,
        f"SET #free = #free + :seats REMOVE {', '.join(gone)}",
        " AND ".join(conditions),
        names,
        values,
    )


def forget_lapsed(session_id: str, registration_id: str) -> None:
    """That its seats lapsed stands in the family's record by now."""
    seats = get([session_id]).get(session_id)
    if seats and registration_id in seats.until and registration_id not in seats.holders.values():
        name = {"#until": UNTIL + registration_id}
        end = {":end": _number(seats.until[registration_id])}
        _changes(session_id, "REMOVE #until", "#until = :end", name, end)


def settle(
    session_id: str,
    children: Iterable[str],
    registration_id: str,
    now: int,
    write: Callable[[Mapping[str, Any]], None] = alone,
) -> bool:
    """What was held until a moment after `now` is the registration's for good. False: it holds nothing that ends, or it
    has ended; nothing is changed then. `write`: as of `claim`."""
    names, held = _held(children)
    return _changes(
        session_id,
        "REMOVE #until, #extended",
        f"#until > :now AND {_all_are(held, ':registration')}",
        {**names, "#until": UNTIL + registration_id, "#extended": EXTENDED + registration_id},
        {":now": _number(now), ":registration": {"S": registration_id}},
        write,
    )


def extend(session_id: str, children: Iterable[str], registration_id: str, end: int, now: int) -> bool:
    """What is held until a moment after `now` is held until `end`, once. False: it holds nothing that ends, or had more
    time already; so of two tabs that ask for it, one gets it."""
    names, held = _held(children)
    return _changes(
        session_id,
        "SET #until = :end, #extended = :yes",
        f"#until > :now AND attribute_not_exists(#extended) AND {_all_are(held, ':registration')}",
        {**names, "#until": UNTIL + registration_id, "#extended": EXTENDED + registration_id},
        {
            ":end": _number(end),
            ":now": _number(now),
            ":yes": {"BOOL": True},
            ":registration": {"S": registration_id},
        },
    )


def queue(session_id: str) -> None:
    """From now on, what becomes free is the waiting list's. Repeating it is harmless."""
    _changes(session_id, "SET queued = :yes", "attribute_exists(pk)", {}, {":yes": {"BOOL": True}})


def end_queue(session_id: str) -> None:
    """Nobody waits any more: what is free is for anyone."""
    _changes(session_id, "REMOVE queued, blocked", "attribute_exists(queued)", {}, {})


def block(seats: Seats, since: int | None) -> None:
    """Since when the first of the waiting list waits for more seats than are free, or None; not if other seats are free
    than in `seats` by now."""
    update, values = ("SET blocked = :since", {":since": _number(since)}) if since else ("REMOVE blocked", {})
    _changes(
        seats.session_id,
        update,
        "#free = :free AND attribute_exists(queued)",
        {"#free": "free"},
        {":free": _number(seats.free), **values},
    )


def setting_ages(seats: Seats, born_from: date, born_until: date) -> dict[str, Any]:
    """One write of a transaction: from now on it is for who was born in between. Refused if anybody took a seat or
    joined the waiting list since `seats` was read."""
    return {
        "Update": {
            "Key": key(seats.session_id),
            "UpdateExpression": "SET born_from = :from, born_until = :until",
            "ConditionExpression": "#holders = :holders AND attribute_not_exists(queued)",
            "ExpressionAttributeNames": {"#holders": "holders"},
            "ExpressionAttributeValues": {
                ":from": {"S": born_from.isoformat()},
                ":until": {"S": born_until.isoformat()},
                ":holders": item_of(seats)["holders"],
            },
        }
    }


def _held(children: Iterable[str], letter: str = "c") -> tuple[dict[str, str], list[str]]:
    """Names for an expression, and the paths where the holders of these children stand."""
    names, paths = {"#holders": "holders"}, []
    for number, child in enumerate(children):
        names[f"#{letter}{number}"] = child
        paths.append(f"#holders.#{letter}{number}")
    return names, paths


def _all_are(paths: Iterable[str], value: str) -> str:
    return " AND ".join(f"{path} = {value}" for path in paths)


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def _changes(
    session_id: str,
    update: str,
    condition: str,
    names: Mapping[str, str],
    values: Mapping[str, Any],
    write: Callable[[Mapping[str, Any]], None] = alone,
) -> bool:
    """One conditional UpdateItem. False: the condition did not hold."""
    _refused.pop(session_id, None)
    expression: dict[str, Any] = {"UpdateExpression": update, "ConditionExpression": condition}
    if names:
        expression["ExpressionAttributeNames"] = names
    if values:
        expression["ExpressionAttributeValues"] = values
    try:
        write({"Key": key(session_id), **expression})
    except Refused:
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
    if seats.blocked is not None:
        item["blocked"] = _number(seats.blocked)
    item |= {UNTIL + registration: _number(end) for registration, end in seats.until.items()}
    item |= {EXTENDED + registration: {"BOOL": True} for registration in seats.extended}
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
        extended=frozenset(name.removeprefix(EXTENDED) for name in item if name.startswith(EXTENDED)),
        blocked=int(item["blocked"]["N"]) if "blocked" in item else None,
    )


def forget() -> None:
    """Forgets what was refused: for tests, and for whoever changes seats in this process."""
    _refused.clear()
