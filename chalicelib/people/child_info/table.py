"""Information about a child, in the family's own partition: `F#family_id / CARE#child_id`, and beside it what stood
there before somebody changed it, `WAS#child_id#moment`, with who and when, for as long.

A child of two families has two items, each family's own; the list of a session takes that of the family whose
registration has the seat. It is medical data: it goes from here to the page, the list or the file of somebody who may
read it, and nowhere else. The stream shows it to nobody: no filter of the template lets `CARE#` through.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.people.child_info.rules import Care, Contact, Editor, FormerCare

PREFIX, FORMER = "CARE#", "WAS#"


class ContactAttribute(MapAttribute[str, Any]):
    name = UnicodeAttribute()
    phone = UnicodeAttribute()


class CareItem(table.Item):
    contacts: ListAttribute[ContactAttribute] = ListAttribute(of=ContactAttribute)
    medical = UnicodeAttribute(null=True)
    pick_up: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    entered_at = UnicodeAttribute()
    entered_by = JSONAttribute(null=True)
    expires = NumberAttribute()


class FormerCareItem(CareItem):
    until = UnicodeAttribute()
    until_by = JSONAttribute(null=True)


def replace(family_id: str, child_id: str, before: Care | None, now: Care, expires: int) -> None:
    """Puts `now` in the place of `before`, or nothing if it is empty, and keeps `before` beside it if it said something
    else: as long as `now` would be. Raises Refused if somebody else changed it meanwhile, and writes nothing then.

    One write unit for each KB of both, and once more for the transaction.
    """
    key = _key(family_id, child_id)
    as_read = _as_read(before)
    writes: list[dict[str, Any]] = []
    if now.is_empty:
        writes.append({"Delete": {"Key": table.key(*key), **as_read}})
    else:
        writes.append({"Put": {"Item": CareItem(*key, **_attributes(now), expires=expires).serialize(), **as_read}})
    if before and not before.says_the_same(now):
        until = now.entered_at.isoformat()
        former = FormerCareItem(
            key[0],
            f"{FORMER}{child_id}#{until}",
            **_attributes(before),
            until=until,
            until_by=_editor(now.entered_by),
            expires=expires,
        )
        writes.append({"Put": {"Item": former.serialize()}})
    table.transact_write(writes)


def former(family_id: str, child_id: str) -> list[FormerCare]:
    """Earlier notes, the latest first."""
    items = FormerCareItem.query(
        f"F#{family_id}", FormerCareItem.sk.startswith(f"{FORMER}{child_id}#"), scan_index_forward=False
    )
    return [FormerCare(_read(one), datetime.fromisoformat(one.until), _who(one.until_by)) for one in items]


def renaming(family_id: str, old: str, new: str, now: datetime, expires: int) -> list[dict[str, Any]]:
    """Writes of a transaction: what is known of a child is of another id from now on; where that one has its own, what
    was said of this one stands among what was there before. None if nothing is known."""
    return _moving((family_id, old), (family_id, new), now, expires)


def moving(family_id: str, to: str, child_id: str, now: datetime, expires: int) -> list[dict[str, Any]]:
    """The same where a child is of another family from now on."""
    return _moving((family_id, child_id), (to, child_id), now, expires)


def _moving(whose: tuple[str, str], to: tuple[str, str], now: datetime, expires: int) -> list[dict[str, Any]]:
    known, others = get(*whose), get(*to)
    if known is None:
        return []
    key = (f"F#{to[0]}", f"{FORMER}{to[1]}#{now.isoformat()}") if others else _key(*to)
    content = {**_attributes(known), "expires": expires}
    item = FormerCareItem(*key, **content, until=now.isoformat()) if others else CareItem(*key, **content)
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    return [
        {"Delete": {"Key": table.key(*_key(*whose)), **_as_read(known)}},
        {"Put": {"Item": item.serialize(), **absent}},
    ]


def get(family_id: str, child_id: str) -> Care | None:
    item = CareItem.find(*_key(family_id, child_id))
    return _read(item) if item else None


def unknown(family_id: str, child_ids: Sequence[str]) -> list[str]:
    """Those of these children of whom the family has said nothing. Half a read unit for each KB."""
    items = table.batch_get([key(family_id, child) for child in child_ids], consistent=False)
    known = {item["sk"]["S"].removeprefix(PREFIX) for item in items}
    return [child for child in child_ids if child not in known]


def key(family_id: str, child_id: str) -> dict[str, Any]:
    """The key in the form of a batch that reads more than this."""
    return table.key(*_key(family_id, child_id))


def is_care(item: Mapping[str, Any]) -> bool:
    """Whether this is what is known of a child, now or before somebody changed it."""
    return bool(item["sk"]["S"].startswith((PREFIX, FORMER)))


def delete(item: Mapping[str, Any]) -> None:
    """Also where it is gone."""
    table.call("DeleteItem", Key={"pk": item["pk"], "sk": item["sk"]})


def read(item: Mapping[str, Any]) -> tuple[str, str, Care]:
    """The family, the child, and what is or was to be known of it, from the item as DynamoDB writes it."""
    read = CareItem.from_raw_data(dict(item))
    return read.pk.removeprefix("F#"), read.sk.split("#")[1], _read(read)


def _key(family_id: str, child_id: str) -> tuple[str, str]:
    return f"F#{family_id}", f"{PREFIX}{child_id}"


def _read(item: CareItem) -> Care:
    return Care(
        contacts=tuple(Contact(one.name, one.phone) for one in item.contacts),
        medical=item.medical or "",
        pick_up=tuple(item.pick_up),
        entered_at=datetime.fromisoformat(item.entered_at),
        entered_by=_who(item.entered_by),
    )


def _attributes(care: Care) -> dict[str, Any]:
    return {
        "contacts": [
            ContactAttribute(name=one.name, phone=one.phone)  # type: ignore[no-untyped-call]  # PynamoDB's, untyped
            for one in care.contacts
        ],
        "medical": care.medical or None,
        "pick_up": list(care.pick_up),
        "entered_at": care.entered_at.isoformat(),
        "entered_by": _editor(care.entered_by),
    }


def _as_read(before: Care | None) -> dict[str, Any]:
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    at = {":before": {"S": before.entered_at.isoformat()}}
    return {"ConditionExpression": "entered_at = :before", "ExpressionAttributeValues": at}


def _editor(by: Editor | None) -> dict[str, str] | None:
    return {"staff_id": by.staff_id, "name": by.name} if by else None


def _who(by: Any) -> Editor | None:
    return Editor(by["staff_id"], by["name"]) if by else None
