"""The waiting list of a session: a ticket from a counter, then one item for each child that waits.

An item for each child, not one for the list: joining costs the same for the first and for the two thousandth family.
A child waits at most once for a session (the item's key), whoever registered it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused
from chalicelib.seats.waiting_list import rules
from chalicelib.seats.waiting_list.rules import WaitingOffer, WaitingPlace

PREFIX, OFFER = "W#", "OFFER#"
# How long a container goes by the list as it saw it last, for numbers alone: a rush of those who join would read all of
# it each time.
SECONDS_REMEMBERED = 10
_tickets: Memory[str, list[int]] = Memory(SECONDS_REMEMBERED)


def alone(writes: Sequence[Mapping[str, Any]]) -> None:
    """All of these places taken, or all of them given up, or none; a single one needs no transaction."""
    if len(writes) == 1:
        ((kind, write),) = writes[0].items()
        table.call(f"{kind}Item", **write)
    else:
        table.transact_write(writes)


def join(
    session_id: str,
    children: Iterable[str],
    registration_id: str,
    write: Callable[[Sequence[Mapping[str, Any]]], None] = alone,
) -> str | None:
    """Puts all of the children on the list or none. None: they are on it, now or from an earlier try; else the
    registration with which one of them is on it already.

    `write` carries out the puts of their places, perhaps together with something else."""
    ticket = _next_ticket(session_id)
    puts = [
        {
            "Put": {
                "Item": {
                    **_key(session_id, child),
                    "registration_id": {"S": registration_id},
                    "ticket": {"N": str(ticket)},
                    **_beside(place),
                },
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
        for place, child in enumerate(children)
    ]
    try:
        write(puts)
    except Refused as refused:
        if refused.busy:
            raise refused.busy from refused
        others = {item["registration_id"]["S"] for item in refused.items.values() if item}
        others.discard(registration_id)
        return min(others, default=None)
    return None


def renaming(session_id: str, registration_id: str, old: str, new: str) -> list[Mapping[str, Any]]:
    """Writes of a transaction: the child that waits by this registration has another id from now on, at the same place.
    None if it waits no more. Refused if the other one waits too."""
    items = table.batch_get([_key(session_id, old)])
    if not items or items[0]["registration_id"]["S"] != registration_id:
        return []
    _tickets.forget(session_id)
    place = {**items[0], **_key(session_id, new)}
    waits = {
        "ConditionExpression": "registration_id = :registration",
        "ExpressionAttributeValues": {":registration": {"S": registration_id}},
    }
    return [
        {"Delete": {"Key": _key(session_id, old), **waits}},
        {"Put": {"Item": place, "ConditionExpression": "attribute_not_exists(pk)"}},
    ]


def waiting_by(session_id: str, children: Iterable[str], *, consistent: bool = True) -> set[str]:
    """The registrations by which any of the children waits, now or, not `consistent`, a moment ago."""
    items = table.batch_get([_key(session_id, child) for child in children], consistent=consistent)
    return {item["registration_id"]["S"] for item in items}


def giving_up(session_id: str, child_id: str, registration_id: str) -> dict[str, Any]:
    """One write of a transaction: this child waits no more. Refused unless it waits by this registration."""
    return {
        "Delete": {
            "Key": _key(session_id, child_id),
            "ConditionExpression": "registration_id = :registration",
            "ExpressionAttributeValues": {":registration": {"S": registration_id}},
        }
    }


def leave(
    session_id: str,
    children: Iterable[str],
    registration_id: str,
    write: Callable[[Sequence[Mapping[str, Any]]], None] = alone,
) -> bool:
    """Takes the children off the list that wait by this registration, all at once. False: none does. `write` carries
    that out, perhaps together with something else."""
    _tickets.forget(session_id)
    keys = [
        {"pk": item["pk"], "sk": item["sk"]}
        for item in table.batch_get([_key(session_id, child) for child in children])
        if item["registration_id"]["S"] == registration_id
    ]
    deletes = [
        {
            "Delete": {
                "Key": key,
                # That it still waits by that one: it may have left and come back in between.
                "ConditionExpression": "registration_id = :registration",
                "ExpressionAttributeValues": {":registration": {"S": registration_id}},
            }
        }
        for key in keys
    ]
    try:
        if deletes:
            write(deletes)
    except Refused as refused:
        if refused.busy:
            raise refused.busy from refused
    return bool(deletes)


def forget(session_id: str) -> None:
    """For whoever took somebody off the list in this process."""
    _tickets.forget(session_id)


def take_off(session_id: str, registration_id: str) -> None:
    """Takes whoever waits by this registration off the list; reads the list for it."""
    children = [place.child_id for place in places(session_id) if place.registration_id == registration_id]
    if children:
        leave(session_id, children, registration_id)


def note_offer(session_id: str, offer: WaitingOffer, expires: int) -> None:
    """Keeps that an offer was made; the first time counts. `expires`: epoch seconds. One write unit."""
    numbers = {":at": offer.at, ":until": offer.until, ":end": expires}
    table.call(
        "UpdateItem",
        Key=table.key(f"S#{session_id}", OFFER + offer.registration_id),
        UpdateExpression="SET offered_at = if_not_exists(offered_at, :at), "
        "offered_until = if_not_exists(offered_until, :until), expires = :end",
        ExpressionAttributeValues={name: {"N": str(value)} for name, value in numbers.items()},
    )


def offers(session_id: str) -> list[WaitingOffer]:
    """Every offer that was made to who waited, in no order; half a read unit for 40 of them."""
    values = {":pk": {"S": f"S#{session_id}"}, ":prefix": {"S": OFFER}}
    return [
        WaitingOffer(item["sk"]["S"].removeprefix(OFFER), int(item["offered_at"]["N"]), int(item["offered_until"]["N"]))
        for item in table.query("pk = :pk AND begins_with(sk, :prefix)", values)
    ]


def forget_offer(session_id: str, registration_id: str) -> None:
    """It is erased. Again is the same."""
    table.call("DeleteItem", Key=table.key(f"S#{session_id}", OFFER + registration_id))


def is_empty(session_id: str) -> bool:
    """Half a read unit."""
    return next(_query(session_id, Limit=1), None) is None


def places(session_id: str) -> list[WaitingPlace]:
    """Everybody who waits, in order; a consistent read of the list (about 80 bytes a child)."""
    found = [
        WaitingPlace(item["sk"]["S"].removeprefix(PREFIX), item["registration_id"]["S"], int(item["ticket"]["N"]))
        for item in _query(session_id)
    ]
    return sorted(found, key=lambda place: (place.ticket, place.child_id))


def position(session_id: str, child_ids: Iterable[str], registration_id: str) -> int | None:
    """1 for whoever is next; None: none of these children waits by this registration. A read unit a child.

    Whether it waits is read; how many are before it is known from the list as this container saw it last, at most
    SECONDS_REMEMBERED ago, and from the tickets since. So whoever left meanwhile, at another container, or got no place
    for a ticket may be counted still; nobody is left out.
    """
    keys = [_key(session_id, child) for child in child_ids]
    own = [
        int(item["ticket"]["N"]) for item in table.batch_get(keys) if item["registration_id"]["S"] == registration_id
    ]
    if not own:
        return None
    tickets = _tickets.get(session_id, lambda: sorted({place.ticket for place in places(session_id)}))
    return rules.number_of(min(own), tickets)


def _next_ticket(session_id: str) -> int:
    """Tickets are never given twice; a crash leaves a gap, which changes no order."""
    answer = table.call(
        "UpdateItem",
        Key=counter_key(session_id),
        UpdateExpression="ADD #next :one",
        ExpressionAttributeNames={"#next": "next"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["next"]["N"])


def counter_key(session_id: str) -> dict[str, Any]:
    return table.key(f"S#{session_id}", "WAITING")


def tickets(session_id: str, last: int, number: int) -> dict[str, Any]:
    """One write of a transaction: takes so many tickets at once, on the condition that `last` (0: none) was the last
    one that was given."""
    return {
        "Update": {
            "Key": counter_key(session_id),
            "UpdateExpression": "SET #next = :next",
            "ConditionExpression": "#next = :last" if last else "attribute_not_exists(#next)",
            "ExpressionAttributeNames": {"#next": "next"},
            "ExpressionAttributeValues": {":next": {"N": str(last + number)}}
            | ({":last": {"N": str(last)}} if last else {}),
        }
    }


def last_ticket(counter: Mapping[str, Any] | None) -> int:
    """The last one that was given, by the counter's item; 0: none was."""
    return int(counter["next"]["N"]) if counter else 0


def put_drawn(session_id: str, places: Iterable[WaitingPlace]) -> None:
    """Puts the places that a draw gives, many at once. `drawn`: they call for no mails of their own; the draw's result
    says it."""
    table.batch_put(
        [
            {
                **_key(session_id, place.child_id),
                "registration_id": {"S": place.registration_id},
                "ticket": {"N": str(place.ticket)},
                "drawn": {"BOOL": True},
                **_beside(number),
            }
            for _, together in groupby(places, lambda place: place.registration_id)
            for number, place in enumerate(together)
        ]
    )


def _beside(number: int) -> dict[str, Any]:
    """In the place of every child of a registration but the first: the stream may show its places one at a time, and
    the first alone calls for the family's mail."""
    return {"sibling": {"BOOL": True}} if number else {}


def _query(session_id: str, **more: Any) -> Iterator[Mapping[str, Any]]:
    values = {":pk": {"S": f"S#{session_id}"}, ":prefix": {"S": PREFIX}}
    return table.query("pk = :pk AND begins_with(sk, :prefix)", values, ConsistentRead=True, **more)


def _key(session_id: str, child: str) -> dict[str, Any]:
    return table.key(f"S#{session_id}", PREFIX + child)
