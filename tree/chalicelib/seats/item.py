"""The item of a session's seats, and how it is read. Only `seats/` knows what its attributes are called."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chalicelib.seats.rules import Channel, Seats
from chalicelib.seats.stream import CALLED_OFF, CHANNEL, EXTENDED, NEWS, SK, UNTIL

Image = Mapping[str, Any]
Write = dict[str, Any]


def key(session_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"S#{session_id}"}, "sk": {"S": SK}}


def item_of(seats: Seats) -> dict[str, Any]:
    """The whole item, as DynamoDB writes it."""
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
        item["blocked"] = number(seats.blocked)
    if seats.stopped is not None:
        item["stopped"] = number(seats.stopped)
    if seats.moved:
        item["moved"] = {"SS": sorted(seats.moved)}
    if seats.kept_for:
        item["kept_for"] = number(seats.kept_for)
    if seats.called_off is not None:
        item[CALLED_OFF] = number(seats.called_off)
    if seats.news:
        item[NEWS] = number(seats.news)
    item |= {UNTIL + registration: number(end) for registration, end in seats.until.items()}
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
        stopped=int(item["stopped"]["N"]) if "stopped" in item else None,
        moved=frozenset(item["moved"]["SS"]) if "moved" in item else frozenset(),
        kept_for=int(item["kept_for"]["N"]) if "kept_for" in item else 0,
        called_off=int(item[CALLED_OFF]["N"]) if CALLED_OFF in item else None,
        news=int(item[NEWS]["N"]) if NEWS in item else 0,
    )


# A camp that is cancelled takes nobody any more, by whichever way: a condition of each write that gives a seat, or
# changes for whom there is one.
TAKES_PLACE = f"attribute_not_exists({CALLED_OFF})"


def paths(children: Iterable[str], letter: str = "c") -> tuple[dict[str, str], list[str]]:
    """Names for an expression, and the paths where the holders of these children stand."""
    names, found = {"#holders": "holders"}, []
    for number, child in enumerate(children):
        names[f"#{letter}{number}"] = child
        found.append(f"#holders.#{letter}{number}")
    return names, found


def all_are(holders: Iterable[str], value: str) -> str:
    return " AND ".join(f"{path} = {value}" for path in holders)


def number(value: int) -> dict[str, str]:
    return {"N": str(value)}
