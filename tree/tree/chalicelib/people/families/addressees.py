"""Whom letters to a family without a mail address are for, where they go, and on which phone it is called:
`F#family_id / ADDRESSEE`. The desk alone writes and sees it, and the family in its file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import table
from chalicelib.people.families import keys

SK = "ADDRESSEE"


@dataclass(frozen=True)
class Addressee:
    """Each is empty where the family did not say it. `street`: with the number. `town`: as it stands behind the
    postcode of the family's pass."""

    name: str = ""
    street: str = ""
    town: str = ""
    phone: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())

    @property
    def has_address(self) -> bool:
        return bool(self.name and self.street and self.town)


def put(family_id: str, known: Addressee, expires: int) -> None:
    """In the place of what was known. `expires`: epoch seconds."""
    said = {name: {"S": value} for name, value in vars(known).items() if value}
    table.call("PutItem", Item={**_key(family_id), **said, "expires": {"N": str(expires)}})


def get(family_id: str) -> Addressee:
    return several([family_id]).get(family_id, Addressee())


def several(family_ids: Iterable[str]) -> dict[str, Addressee]:
    """Of those of whom something is known; half a read unit each, one call."""
    wanted = [_key(one) for one in dict.fromkeys(family_ids)]
    items = table.batch_get(wanted, consistent=False) if wanted else []
    return {item["pk"]["S"].removeprefix(keys.PARTITION): read(item) for item in items}


def read(item: Mapping[str, Any]) -> Addressee:
    """From its item as DynamoDB writes it."""
    return Addressee(**{name: item[name]["S"] if name in item else "" for name in ("name", "street", "town", "phone")})


def _key(family_id: str) -> dict[str, Any]:
    return table.key(keys.PARTITION + family_id, SK)
