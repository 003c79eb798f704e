"""Information about a child, in the family's own partition: `F#family_id / CARE#child_id`.

A child of two families has two items, each family's own; the list of a session takes that of the family whose
registration has the seat. It is medical data: it goes from here to the page, the list or the file of somebody who may
read it, and nowhere else. The stream shows it to nobody: no filter of the template lets `CARE#` through.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.people.child_info.rules import Care, Contact

PREFIX = "CARE#"


class ContactAttribute(MapAttribute[str, Any]):
    name = UnicodeAttribute()
    phone = UnicodeAttribute()


class CareItem(table.Item):
    contacts: ListAttribute[ContactAttribute] = ListAttribute(of=ContactAttribute)
    medical = UnicodeAttribute(null=True)
    pick_up: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    entered_at = UnicodeAttribute()
    expires = NumberAttribute()


def put(family_id: str, child_id: str, care: Care, expires: int) -> None:
    """In the place of what was there. One write unit up to 1 KB, two for the longest notes."""
    CareItem(
        *_key(family_id, child_id),
        contacts=[
            ContactAttribute(name=one.name, phone=one.phone)  # type: ignore[no-untyped-call]  # PynamoDB's, untyped
            for one in care.contacts
        ],
        medical=care.medical or None,
        pick_up=list(care.pick_up),
        entered_at=care.entered_at.isoformat(),
        expires=expires,
    ).save()


def delete(family_id: str, child_id: str) -> None:
    """Also where there is none."""
    CareItem(*_key(family_id, child_id)).delete()


def get(family_id: str, child_id: str) -> Care | None:
    item = CareItem.find(*_key(family_id, child_id))
    return _read(item) if item else None


def key(family_id: str, child_id: str) -> dict[str, Any]:
    """The key in the form of a batch that reads more than this."""
    return table.key(*_key(family_id, child_id))


def is_care(item: Mapping[str, Any]) -> bool:
    return bool(item["sk"]["S"].startswith(PREFIX))


def read(item: Mapping[str, Any]) -> tuple[str, str, Care]:
    """The family, the child, and what is to be known of it, from the item as DynamoDB writes it."""
    read = CareItem.from_raw_data(dict(item))
    return read.pk.removeprefix("F#"), read.sk.removeprefix(PREFIX), _read(read)


def _key(family_id: str, child_id: str) -> tuple[str, str]:
    return f"F#{family_id}", f"{PREFIX}{child_id}"


def _read(item: CareItem) -> Care:
    return Care(
        contacts=tuple(Contact(one.name, one.phone) for one in item.contacts),
        medical=item.medical or "",
        pick_up=tuple(item.pick_up),
        entered_at=datetime.fromisoformat(item.entered_at),
    )
