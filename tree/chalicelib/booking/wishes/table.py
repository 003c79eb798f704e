"""The prepared wishes in the family's own partition, an item for each opening: ids and keys, no names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute

from chalicelib.booking.wishes.rules import Prepared, WantedSession, Wish
from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered
from chalicelib.people.families.rules import kept_until

PREFIX = "WISHES#"


class PreparedItem(table.Item):
    """`wishes`: [key, session_id, child_ids], the first wish first."""

    wishes = JSONAttribute()
    by_itself = BooleanAttribute()
    edition = NumberAttribute()
    expires = NumberAttribute()


def get(family_id: str, opening_id: str) -> Prepared:
    """One consistent read. Empty where nothing was saved."""
    item = PreparedItem.find(f"F#{family_id}", PREFIX + opening_id)
    return _read(item) if item else Prepared(opening_id, family_id)


def seen(family_id: str, opening_id: str) -> Prepared:
    """The same as it was a moment ago, at half the price."""
    item = PreparedItem.seen(f"F#{family_id}", PREFIX + opening_id)
    return _read(item) if item else Prepared(opening_id, family_id)


def of_family(family_id: str, *, consistent: bool = True) -> Mapping[str, Prepared]:
    """opening_id to what the family prepared for it; not `consistent`, at half the price, as it was a moment ago."""
    items = PreparedItem.query(f"F#{family_id}", PreparedItem.sk.startswith(PREFIX), consistent_read=consistent)
    return {one.opening_id: one for one in map(_read, items)}


def renaming(found: Prepared, old: str, new: str, now: datetime) -> dict[str, Any]:
    """One write of a transaction: a child has another id in these wishes. Refused if they were changed since."""
    named = replace(
        found,
        wishes=tuple(
            replace(
                one,
                wanted=replace(
                    one.wanted,
                    child_ids=tuple(dict.fromkeys(new if child == old else child for child in one.wanted.child_ids)),
                ),
            )
            for one in found.wishes
        ),
    )
    return {"Put": {"Item": _item(named, now).serialize(), **table.as_read("edition", found.edition)}}


def put(changed: Prepared, now: datetime) -> Prepared:
    """Stores the edition after the one that was read; raises Interfered if that is not the last one any more. So no key
    is lost that another tab saved. It is kept as long as a pass that is asked for now. One write."""
    item = _item(changed, now)
    is_last = PreparedItem.edition == changed.edition if changed.edition else PreparedItem.pk.does_not_exist()
    with unless_interfered():
        item.save(condition=is_last)
    return _read(item)


def _item(changed: Prepared, now: datetime) -> PreparedItem:
    return PreparedItem(
        f"F#{changed.family_id}",
        PREFIX + changed.opening_id,
        wishes=[[one.key, one.session_id, list(one.child_ids)] for one in changed.wishes],
        by_itself=changed.by_itself,
        edition=changed.edition + 1,
        expires=kept_until(now),
    )


def read(item: Mapping[str, Any]) -> Prepared:
    """Wishes from their item as DynamoDB writes it."""
    return _read(PreparedItem.from_raw_data(dict(item)))


def _read(item: PreparedItem) -> Prepared:
    stored: list[list[Any]] = item.wishes
    return Prepared(
        opening_id=item.sk.removeprefix(PREFIX),
        family_id=item.pk.removeprefix("F#"),
        wishes=tuple(Wish(key, WantedSession(session_id, tuple(child_ids))) for key, session_id, child_ids in stored),
        by_itself=item.by_itself,
        edition=int(item.edition),
    )
