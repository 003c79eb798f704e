"""That a family wants to be erased: kept until it is, so that what breaks off goes on.

`F#family_id / ERASING` is written together with the revocation of the family's tokens. The stream sees it, and a
message follows; whoever erases (chalicelib/rights/erasing.py) takes it away last.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import Refused
from chalicelib.people.families import changes
from chalicelib.people.families.table import PARTITION, PREFIX, partition

SK = "ERASING"


class ErasingItem(table.Item):
    asked_at = UnicodeAttribute()
    told = BooleanAttribute(null=True)
    rest_gone = BooleanAttribute(null=True)


@dataclass(frozen=True)
class Leaving:
    """`is_told`: its last mail was sent. `rest_is_gone`: all but its entries in draws that are under way; whatever
    stands in the partition since is of whoever came again."""

    asked_at: datetime
    is_told: bool
    rest_is_gone: bool


def ask(family_id: str, now: datetime) -> None:
    """From now on no token of the family is valid, and what is kept of it will be erased. Again is the same."""
    item = ErasingItem(PARTITION + family_id, SK, asked_at=now.isoformat())
    put = {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}
    with suppress(Refused):
        table.transact_write([changes.revoking(family_id, datetime.now(UTC)), put])
    changes.forget()


def asked(family_id: str) -> Leaving | None:
    item = ErasingItem.find(PARTITION + family_id, SK)
    return Leaving(datetime.fromisoformat(item.asked_at), bool(item.told), bool(item.rest_gone)) if item else None


def note_told(family_id: str) -> None:
    with suppress(Refused):
        ErasingItem(PARTITION + family_id, SK).update([ErasingItem.told.set(True)], ErasingItem.pk.exists())


def note_rest_gone(family_id: str) -> None:
    with suppress(Refused):
        ErasingItem(PARTITION + family_id, SK).update([ErasingItem.rest_gone.set(True)], ErasingItem.pk.exists())


def finish_late(family_id: str) -> None:
    """As `finish`, long after the rest was gone: tokens of whoever came again since are good."""
    table.call("DeleteItem", Key=table.key(PARTITION + family_id, SK))


def erase_rest(family_id: str, most: int) -> bool:
    """Deletes what is left in the family's partition, at most so many items, its passes last: what others find by them
    is gone before. False: there is more."""
    for deleted, key in enumerate(_rest(family_id)):
        if deleted == most:
            return False
        table.call("DeleteItem", Key=key)
    return True


def finish(family_id: str) -> None:
    """Nothing is left. A token that was signed since it was asked for is revoked too: what it is for is gone."""
    end = {"Delete": {"Key": table.key(PARTITION + family_id, SK)}}
    table.transact_write([changes.revoking(family_id, datetime.now(UTC)), end])


def _rest(family_id: str) -> Iterator[dict[str, Any]]:
    passes = []
    for item in partition(family_id):
        key = {"pk": item["pk"], "sk": item["sk"]}
        if item["sk"]["S"].startswith(PREFIX):
            passes.append(key)
        elif item["sk"]["S"] != SK:
            yield key
    yield from passes
