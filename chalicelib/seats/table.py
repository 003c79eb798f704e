"""The seat claim: one conditional UpdateItem on one small item, the only truth about who has a seat.

It is granted or refused as a whole, at most once for a child, and repeating it is harmless: guarantees of DynamoDB's
conditional writes, kept by `claim` below. A claim or a release costs 1 write unit while the item is at most 1 KB, which
is 30 seats taken, and 2 up to 64 (tests/seats/test_table.py counts it).

What the item holds is in `item.py`. Other writes of it: what staff change, in `changing.py`; how it comes to be and
opens, and what a draw gives, in `opening.py`. What its changes in the table's stream say is in `stream.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import table
from chalicelib.core.ids import by_chance
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused, went_through
from chalicelib.seats.item import TAKES_PLACE, all_are, key, number, paths, read
from chalicelib.seats.rules import NAMELESS, Claim, Reason, Seats, is_granted, refusal
from chalicelib.seats.stream import ASKS, CHANNEL, EXTENDED, UNTIL

# How many lapsed seats one write frees; DynamoDB takes 4 KB and 300 operators in an expression.
MOST_SWEPT = 60

# Since when the opening of the session is paused. What was held then is held until the pause is over, and as much
# longer as it lasted; it stands in the item itself, so that no container frees a seat because it knows of no pause.
STOPPED = "stopped"
STILL_HELD = "(#until > :now OR #until > #stopped)"
# Of the registrations whose end moves, so many in one write.
MOST_MOVED = 60

# How long a refusal is remembered in a container: a sold-out camp is hammered, and a refused write costs as much as a
# granted one. Short, because a freed seat is to be found at once by whoever tries next.
SECONDS_REMEMBERED = 0.5
_refused: Memory[str, Seats] = Memory(SECONDS_REMEMBERED)
# How long it is remembered that a session asks, and when it closes, so that a claim there is made until a moment at
# once. Longer than a refusal: whoever is held in vain, because nothing is asked any more, only has to say yes.
SECONDS_ASKING = 10.0
_asking: Memory[str, int] = Memory(SECONDS_ASKING)


@dataclass(frozen=True)
class ClaimRefusal:
    """Why a claim was refused, and the seats at that moment; None if there is no such session."""

    reason: Reason
    seats: Seats | None


def foresee(wish: Claim) -> ClaimRefusal | None:
    """The refusal that this claim would have met a moment ago; costs nothing. Not what a family can change by itself:
    its own cancellation, in another container, lets its child register again at once. Nor ASKS: `asking` says that."""
    seats = _refused.fresh(wish.session_id)
    reason = refusal(seats, wish) if seats else None
    foreseen = reason and reason not in (Reason.ALREADY_HELD, Reason.ASKS)
    return ClaimRefusal(reason, seats) if reason and foreseen else None


def asking(session_id: str) -> int | None:
    """When the session closes, epoch seconds, if it asked a moment ago what must be answered before a seat is for good;
    None: it did not, or that is not known here. Costs nothing."""
    return _asking.fresh(session_id)


def alone(update: Mapping[str, Any]) -> None:
    """One UpdateItem, which comes with nothing else."""
    table.call("UpdateItem", **update)


def claim(wish: Claim, write: Callable[[Mapping[str, Any]], None] = alone) -> ClaimRefusal | None:
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
                return ClaimRefusal(Reason.UNKNOWN, None)
            seats = read(item)
            if is_granted(seats.at(wish.now), wish):
                return None
            if reason := refusal(seats, wish):
                if reason is Reason.ASKS:
                    _asking.put(wish.session_id, seats.closes)
                else:
                    _refused.put(wish.session_id, seats)
                return ClaimRefusal(reason, seats)
            if not seats.lapsed(wish.now):  # the condition and the rules say the same; tests/seats compares them
                raise
            sweep(seats, wish.now)
        else:
            _refused.forget(wish.session_id)
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
    names["#until"] = UNTIL + wish.registration_id
    takes, unheld, forgets = [], [], ""
    for place, child in enumerate(wish.children):
        names[f"#c{place}"] = child
        takes.append(f"#holders.#c{place} = :registration")
        unheld.append(f"attribute_not_exists(#holders.#c{place})")
    born = sorted(wish.children.values())
    values: dict[str, Any] = {
        ":wanted": {"N": str(len(wish.children))},
        ":registration": {"S": wish.registration_id},
        ":now": {"N": str(wish.now)},
        ":eldest": {"S": born[0].isoformat()},
        ":youngest": {"S": born[-1].isoformat()},
    }
    if wish.until is None:
        forgets = " REMOVE #until"  # of an earlier hold of its own that lapsed
    else:
        values[":until"] = {"N": str(wish.until)}
        takes.append("#until = :until")
    if wish.channel is not None:
        names["#channel"] = CHANNEL + wish.registration_id
        values[":channel"] = {"S": wish.channel.value}
        takes.append("#channel = :channel")
    if not wish.from_list:
        unheld.append("attribute_not_exists(queued)")
    if wish.until is None and not wish.asked_later:
        unheld.append(f"attribute_not_exists({ASKS})")
    moment = "#opens <= :now AND #closes > :now"
    ages = "#eldest <= :eldest AND #youngest >= :youngest"
    return {
        "Key": key(wish.session_id),
        "UpdateExpression": f"SET #free = #free - :wanted, {', '.join(takes)}{forgets}",
        "ConditionExpression": " AND ".join(["#free >= :wanted", moment, ages, TAKES_PLACE, *unheld]),
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
    names, held = paths(children)
    for place, prefix in enumerate((UNTIL, EXTENDED, CHANNEL)):
        names[f"#p{place}"] = prefix + registration_id
    return _changes(
        session_id,
        f"SET #free = #free + :seats REMOVE {', '.join(held)}, #p0, #p1, #p2",
        all_are(held, ":registration"),
        {**names, "#free": "free"},
        {":seats": number(len(held)), ":registration": {"S": registration_id}},
        write,
    )


def giving_up(
    session_id: str, children: Sequence[str], registration_id: str, stays: str | None, *, is_final: bool = False
) -> dict[str, Any]:
    """One write of a transaction: gives back the seats of some of a registration's children. `stays`: a child of it
    that keeps its seat, and with it until when it is held; None: they are all that it has. `is_final`: only seats that
    are not held for a time. Refused, without the item, if these children do not hold them."""
    names, held = paths(children)
    gone, conditions = list(held), [all_are(held, ":registration")]
    names["#free"] = "free"
    if stays is None:
        for place, prefix in enumerate((UNTIL, EXTENDED, CHANNEL)):
            names[f"#p{place}"] = prefix + registration_id
            gone.append(f"#p{place}")
    else:
        names["#stays"] = stays
        conditions.append("#holders.#stays = :registration")
    if is_final:
        names["#p0"] = UNTIL + registration_id
        conditions.append("attribute_not_exists(#p0)")
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": f"SET #free = #free + :seats REMOVE {', '.join(gone)}",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":seats": number(len(held)), ":registration": {"S": registration_id}},
        }
    }


def give_up(session_id: str, children: Sequence[str], registration_id: str, stays: str) -> bool:
    """`giving_up` by itself. False: these children hold no seats by it any more."""
    write = giving_up(session_id, children, registration_id, stays)["Update"]
    _refused.forget(session_id)
    return went_through(lambda: alone(write))


def sweep(seats: Seats, now: int) -> bool:
    """Frees what was held until `now` or earlier. False: some of it was freed or accepted since `seats` was read;
    nothing is changed then. `until` stays, for `forget_lapsed`."""
    freed, gone, names = 0, [], {"#free": "free", "#stopped": STOPPED}
    values: dict[str, Any] = {":now": number(seats.clock(now))}
    conditions = ["attribute_not_exists(#stopped)"]
    if seats.stopped is not None:
        conditions, values[":stopped"] = ["#stopped = :stopped"], number(seats.stopped)
    for place, registration_id in enumerate(seats.lapsed(now)):
        children = [child for child, holder in seats.holders.items() if holder == registration_id]
        if freed and freed + len(children) > MOST_SWEPT:
            break
        more, held = paths(children, f"r{place}c")
        names |= more
        for prefix, name in ((UNTIL, f"#u{place}"), (EXTENDED, f"#e{place}"), (CHANNEL, f"#w{place}")):
            names[name] = prefix + registration_id
        values[f":r{place}"] = {"S": registration_id}
        conditions += [all_are(held, f":r{place}"), f"#u{place} <= :now"]
        gone += [*held, f"#e{place}", f"#w{place}"]
        freed += len(held)
    values[":seats"] = number(freed)
    return _changes(
        seats.session_id,
        f"SET #free = #free + :seats REMOVE {', '.join(gone)}",
        " AND ".join(conditions),
        names,
        values,
    )


def make_nameless(session_id: str, children: Iterable[str], registration_id: str) -> bool:
    """The seats stay taken, but nothing tells by whom: for a session that is over, whose count must stay right. False:
    this registration holds none of them (any more)."""
    names, held = paths(children)
    for place, prefix in enumerate((UNTIL, EXTENDED, CHANNEL)):
        names[f"#p{place}"] = prefix + registration_id
    instead, seats = paths((f"{NAMELESS}-{by_chance(8)}" for _ in held), "n")
    return _changes(
        session_id,
        f"SET {', '.join(f'{seat} = :nobody' for seat in seats)} REMOVE {', '.join(held)}, #p0, #p1, #p2",
        all_are(held, ":registration"),
        {**names, **instead},
        {":nobody": {"S": NAMELESS}, ":registration": {"S": registration_id}},
    )


def forget_lapsed(session_id: str, registration_id: str) -> None:
    """That its seats lapsed stands in the family's record by now."""
    seats = get([session_id]).get(session_id)
    if seats and registration_id in seats.until and registration_id not in seats.holders.values():
        name = {"#until": UNTIL + registration_id}
        end = {":end": number(seats.until[registration_id])}
        _changes(session_id, "REMOVE #until", "#until = :end", name, end)


def settle(
    session_id: str,
    children: Iterable[str],
    registration_id: str,
    now: int,
    write: Callable[[Mapping[str, Any]], None] = alone,
    *,
    unasked: bool = False,
) -> bool:
    """Makes seats that are held until a moment after `now` the registration's for good. False: it holds nothing that
    ends, or it has ended; nothing is changed then. `write`: as of `claim`. `unasked`: only where nothing is asked that
    must be answered before."""
    names, held = paths(children)
    asks_nothing = [f"attribute_not_exists({ASKS})"] if unasked else []
    return _changes(
        session_id,
        "REMOVE #until, #extended",
        " AND ".join([STILL_HELD, TAKES_PLACE, all_are(held, ":registration"), *asks_nothing]),
        {**names, "#until": UNTIL + registration_id, "#extended": EXTENDED + registration_id, "#stopped": STOPPED},
        {":now": number(now), ":registration": {"S": registration_id}},
        write,
    )


def extend(session_id: str, children: Iterable[str], registration_id: str, end: int, now: int) -> bool:
    """Holds seats that are held until a moment after `now` until `end`, once. False: it holds nothing that ends, or had
    more time already; so of two tabs that ask for it, one gets it."""
    names, held = paths(children)
    return _changes(
        session_id,
        "SET #until = :end, #extended = :yes",
        f"{STILL_HELD} AND {TAKES_PLACE} AND attribute_not_exists(#extended) AND {all_are(held, ':registration')}",
        {**names, "#until": UNTIL + registration_id, "#extended": EXTENDED + registration_id, "#stopped": STOPPED},
        {
            ":end": number(end),
            ":now": number(now),
            ":yes": {"BOOL": True},
            ":registration": {"S": registration_id},
        },
    )


def stopping(session_id: str, since: int) -> dict[str, Any]:
    """One write of a transaction: nothing that is held after `since` ends, until `move_on`. Refused if it is stopped
    since another moment; repeating it is harmless."""
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": "SET #stopped = :since",
            "ConditionExpression": "attribute_exists(pk) AND (attribute_not_exists(#stopped) OR #stopped = :since)",
            "ExpressionAttributeNames": {"#stopped": STOPPED},
            "ExpressionAttributeValues": {":since": number(since)},
        }
    }


def move_on(session_id: str, pauses: Mapping[int, int]) -> None:
    """Lets holds end later by the length of the pause since which they are stopped, and go on. `pauses`: of those that
    are over, since when to how many seconds; nothing happens if that one is not among them. Two at once, and whatever
    breaks off, move each end once."""
    while True:
        seats = get([session_id]).get(session_id)
        if seats is None or seats.stopped is None or seats.stopped not in pauses:
            return
        if seats.lapsed(seats.stopped):
            sweep(seats, seats.stopped)
        else:
            _move(seats, seats.stopped, pauses[seats.stopped])


def _move(seats: Seats, since: int, by: int) -> None:
    """The ends of some registrations; with the last of them the session goes on, and what seats are kept for moves."""
    holding = set(seats.holders.values()) - seats.moved
    ends = [(one, end) for one, end in seats.until.items() if one in holding]
    now, later = ends[:MOST_MOVED], ends[MOST_MOVED:]
    names = {"#stopped": STOPPED, "#moved": "moved"}
    values: dict[str, Any] = {":since": number(since)}
    sets, conditions = [], ["#stopped = :since"]
    for place, (registration_id, end) in enumerate(now):
        names[f"#u{place}"] = UNTIL + registration_id
        values |= {f":old{place}": number(end), f":new{place}": number(end + by)}
        sets.append(f"#u{place} = :new{place}")
        conditions.append(f"#u{place} = :old{place}")
    if later:
        more, values[":moved"] = " ADD #moved :moved", {"SS": [one for one, _ in now]}
    else:
        more = " REMOVE #stopped, #moved"
        names["#blocked"] = "blocked"
        if seats.blocked is None:
            conditions.append("attribute_not_exists(#blocked)")
        else:
            values |= {":blocked": number(seats.blocked), ":unblocked": number(seats.blocked + by)}
            sets.append("#blocked = :unblocked")
            conditions.append("#blocked = :blocked")
    update = f"SET {', '.join(sets)}{more}" if sets else more.strip()
    _changes(seats.session_id, update, " AND ".join(conditions), names, values)


def queue(session_id: str) -> None:
    """From now on, what becomes free is the waiting list's. Repeating it is harmless."""
    _changes(session_id, "SET queued = :yes", f"attribute_exists(pk) AND {TAKES_PLACE}", {}, {":yes": {"BOOL": True}})


def end_queue(session_id: str) -> None:
    """Nobody waits any more: what is free is for anyone."""
    _changes(session_id, "REMOVE queued, blocked, kept_for", "attribute_exists(queued)", {}, {})


def block(seats: Seats, since: int | None, kept_for: int) -> None:
    """Since when free seats are kept for somebody who needs more of them, or None, and the ticket of the last one for
    whom that began; not if other seats are free than in `seats` by now."""
    update, values = "REMOVE blocked", {}
    if since is not None:
        update, values = "SET blocked = :since, kept_for = :ticket", {":since": since, ":ticket": kept_for}
    _changes(
        seats.session_id,
        update,
        "#free = :free AND attribute_exists(queued)",
        {"#free": "free"},
        {name: number(value) for name, value in {":free": seats.free, **values}.items()},
    )


def _changes(
    session_id: str,
    update: str,
    condition: str,
    names: Mapping[str, str],
    values: Mapping[str, Any],
    write: Callable[[Mapping[str, Any]], None] = alone,
) -> bool:
    """One conditional UpdateItem. False: the condition did not hold."""
    _refused.forget(session_id)
    expression: dict[str, Any] = {"UpdateExpression": update, "ConditionExpression": condition}
    if names:
        expression["ExpressionAttributeNames"] = names
    if values:
        expression["ExpressionAttributeValues"] = values
    return went_through(lambda: write({"Key": key(session_id), **expression}))


def get(session_ids: Iterable[str], *, consistent: bool = True) -> dict[str, Seats]:
    """The seats of sessions, as they are now or, not `consistent`, a moment ago; unknown sessions are left out."""
    items = table.batch_get([key(session_id) for session_id in dict.fromkeys(session_ids)], consistent=consistent)
    return {seats.session_id: seats for seats in map(read, items)}


def forget() -> None:
    """For whoever changes seats in this process."""
    _refused.forget()
    _asking.forget()
