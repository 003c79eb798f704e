"""How a session's seats come to be, open, and are given in a draw: each one write of a transaction, together with what
else must be true then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.seats.item import TAKES_PLACE, Write, item_of, key, number
from chalicelib.seats.rules import AskedBy, HeldFor, Seats
from chalicelib.seats.stream import ASKS


def putting(seats: Seats) -> Write:
    """The seats of a session that is published now. Refused if it has any."""
    return {"Put": {"Item": item_of(seats), "ConditionExpression": "attribute_not_exists(pk)"}}


def opening_at(session_id: str, at: datetime) -> Write:
    """It opens at this moment, whenever it opened before. Refused if there is no such session."""
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": "SET opens = :opens",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":opens": number(int(at.timestamp()))},
        }
    }


def opening_with(
    session_id: str, at: datetime | None, held_back: Mapping[HeldFor, int], *, asks: bool = False
) -> Write:
    """It opens at this moment, None: not yet, and so many of its free seats are held back. Refused if it has fewer.
    `asks`: the opening has questions that must be answered."""
    names = {"#free": "free"}
    takes: list[str] = []
    values: dict[str, Any] = {":held": number(sum(held_back.values()))}
    whose = [held_for for held_for, seats in held_back.items() if seats]
    for place, held_for in enumerate(whose):
        values[f":{place}"] = {"S": held_for.holder}
        for one in range(1, held_back[held_for] + 1):
            name = f"#{len(takes)}"  # short names: an expression has 4 KB
            names[name] = held_for.seat(one)
            takes.append(f",#h.{name}=:{place}")
    if takes:
        names["#h"] = "holders"
    if at:
        values[":opens"] = number(int(at.timestamp()))
    moment = ", opens = :opens" if at else " REMOVE opens"
    if asks:
        names["#asks"], values[":by"] = ASKS, {"SS": [AskedBy.OPENING.value]}
        moment += " ADD #asks :by"
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": f"SET #free = #free - :held{''.join(takes)}{moment}",
            "ConditionExpression": f"#free >= :held AND {TAKES_PLACE}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def giving(session_id: str, holders: Mapping[str, str]) -> Write:
    """The seats that a draw gives: one for each child of `holders`, to its registration. Refused if so many are
    not free, or one of the children has one."""
    names = {"#free": "free", "#holders": "holders"}
    values: dict[str, Any] = {":seats": number(len(holders))}
    sets = ["#free = #free - :seats"]
    conditions = ["#free >= :seats", TAKES_PLACE]
    for place, (child, registration) in enumerate(holders.items()):
        names[f"#c{place}"] = child
        values[f":r{place}"] = {"S": registration}
        sets.append(f"#holders.#c{place} = :r{place}")
        conditions.append(f"attribute_not_exists(#holders.#c{place})")
    return {
        "Update": {
            "Key": key(session_id),
            "UpdateExpression": f"SET {', '.join(sets)}",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }
