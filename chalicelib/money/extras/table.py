"""Charges for a registration beside the stay, in the family's own partition, where its prices are read anyway:
`F#family_id / EXTRAS#suffix`, one item for each registration that has any. `suffix`: of the registration.

`EXTRAS#` in the stream makes the family's orders be worked out anew (money/stream.py); that one is deleted does not:
its registration is, and the order stands as it is.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.city.work.rules import Worker
from chalicelib.core import table
from chalicelib.money.extras.rules import Beside, ExtraDays, Fine, Undone
from chalicelib.people.families.identity import FAMILY_LENGTH
from chalicelib.people.families.rules import kept_until

PREFIX = "EXTRAS#"

Write = Mapping[str, Any]


class ExtrasItem(table.Item):
    """`taken`: JSON, child_id to name to days or null. `fines`: JSON. A time to live for what outlived its
    registration; sooner it goes with that one."""

    taken = UnicodeAttribute()
    fines = UnicodeAttribute()
    edition = NumberAttribute()
    expires = NumberAttribute()


def get(registration_id: str) -> Beside:
    """As it is now; without any, that of edition 0."""
    item = ExtrasItem.find(*_key(registration_id))
    return read(item.serialize()) if item else Beside(registration_id)


def replacing(after: Beside, now: datetime) -> Write:
    """One write of a transaction: in the place of the edition before it. Refused if that has gone."""
    item = ExtrasItem(
        *_key(after.registration_id),
        taken=json.dumps(
            {child: {name: _days(days) for name, days in named.items()} for child, named in after.taken.items()},
            ensure_ascii=False,
        ),
        fines=json.dumps([_of_fine(one) for one in after.fines], ensure_ascii=False),
        edition=after.edition,
        expires=kept_until(now),
    )
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", after.edition - 1)}}


def renaming(registration_id: str, old: str, new: str, now: datetime) -> list[Write]:
    """Writes of a transaction: what is of a child is of another id from now on."""
    known = get(registration_id)
    return [replacing(known.renamed(old, new), now)] if known.is_about(old) else []


def delete(registration_id: str) -> None:
    """Again and again is the same."""
    table.call("DeleteItem", Key=table.key(*_key(registration_id)))


def read(item: Mapping[str, Any]) -> Beside:
    """From the item as DynamoDB writes it."""
    return Beside(
        item["pk"]["S"].removeprefix("F#") + item["sk"]["S"].removeprefix(PREFIX),
        {
            child: {name: _read_days(days) for name, days in named.items()}
            for child, named in json.loads(item["taken"]["S"]).items()
        },
        tuple(_fine(one) for one in json.loads(item["fines"]["S"])),
        int(item["edition"]["N"]),
    )


def _days(days: ExtraDays) -> list[str] | None:
    return None if days is None else [day.isoformat() for day in days]


def _read_days(stored: list[str] | None) -> ExtraDays:
    return None if stored is None else tuple(map(date.fromisoformat, stored))


def _of_fine(fine: Fine) -> dict[str, Any]:
    undone = fine.undone
    return {
        "fine_id": fine.fine_id,
        "child_id": fine.child_id,
        "name": fine.name,
        "day": fine.day.isoformat(),
        "minutes": fine.minutes,
        "why": fine.why,
        "by": [fine.by.staff_id, fine.by.name],
        "at": fine.at.isoformat(),
        "undone": [undone.by.staff_id, undone.by.name, undone.at.isoformat(), undone.why] if undone else None,
    }


def _fine(stored: Mapping[str, Any]) -> Fine:
    undone = stored["undone"]
    return Fine(
        stored["fine_id"],
        stored["child_id"],
        stored["name"],
        date.fromisoformat(stored["day"]),
        stored["minutes"],
        stored["why"],
        Worker(*stored["by"]),
        datetime.fromisoformat(stored["at"]),
        Undone(Worker(*undone[:2]), datetime.fromisoformat(undone[2]), undone[3]) if undone else None,
    )


def _key(registration_id: str) -> tuple[str, str]:
    return f"F#{registration_id[:FAMILY_LENGTH]}", PREFIX + registration_id[FAMILY_LENGTH:]
