"""Which child a name and a birth date stand for, where that is not what was typed first: a child's id is for life.

| pk       | sk             | what                                                                               |
| -------- | -------------- | ---------------------------------------------------------------------------------- |
| C#digest | IS             | child_id, expires: the child that was corrected to, or from, this name and date     |
| C#digest | IS#family_id   | the same for one family: two children of two families have one name and one date    |

`digest` is what identity.py makes of a name and a date. It is looked up where a pass is proven and at the desk, never
where a family registers. Whoever types a name from before a correction has the child as it is corrected: by typing, a
family gets neither the old child back nor a second one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table as stormloop_table
from chalicelib.core.refusals import went_through
from chalicelib.people.families import table
from chalicelib.people.families.rules import Child, kept_until

PARTITION, IS, OF_FAMILY = "C#", "IS", "IS#"
# A child that was joined to another one, which was joined to a third; more is nothing that a desk does.
MOST_STEPS = 5


class IdentityItem(stormloop_table.Item):
    child_id = UnicodeAttribute()
    expires = NumberAttribute()


def known(family_id: str, typed: Sequence[Child]) -> tuple[Child, ...]:
    """These children, with the ids that they have; and, where this family corrected one of them, as it is corrected.
    None stands there twice. One read unit for each child in one call, where nothing was ever corrected: what is
    corrected in this very second might as well have been typed a second ago."""
    ids = child_ids(family_id, [one.child_id for one in typed], consistent=False)
    if not ids:
        return tuple(typed)
    corrected = _as_named_last(family_id, set(ids.values()))
    found: dict[str, Child] = {}
    for one in typed:
        child_id = ids.get(one.child_id, one.child_id)
        now = corrected.get(child_id) if one.child_id in ids else None
        found.setdefault(child_id, now or replace(one, child_id=child_id))
    return tuple(found.values())


def child_ids(family_id: str, digests: Iterable[str], *, consistent: bool = True) -> dict[str, str]:
    """Of each digest that stands for another child than the one that it makes, or for one that was corrected: that
    child's id."""
    wanted = list(dict.fromkeys(digests))
    steps: dict[str, str] = {}
    unread = wanted
    for _ in range(MOST_STEPS):
        steps |= dict.fromkeys(unread, "") | _read(family_id, unread, consistent)
        unread = [child for child in dict.fromkeys(steps.values()) if child and child not in steps]
        if not unread:
            break
    return {digest: _last(steps, digest) for digest in wanted if steps[digest]}


def _last(steps: Mapping[str, str], digest: str) -> str:
    """Where the steps from this digest end: at a child that stands for itself."""
    child = digest
    for _ in range(MOST_STEPS):
        following = steps.get(child)
        if not following or following == child:
            break
        child = following
    return child


def knowing(
    digest: str, child_id: str, now: datetime, family_id: str | None = None, instead_of: str | None = None
) -> dict[str, Any]:
    """One write of a transaction: the name and date of this digest stand for that child, for as long as a pass of
    today is kept. Refused if they stand for another one already, but `instead_of`."""
    item = IdentityItem(*_key(digest, family_id), child_id=child_id, expires=kept_until(now))
    return {
        "Put": {
            "Item": item.serialize(),
            "ConditionExpression": "attribute_not_exists(pk) OR child_id IN (:child, :before)",
            "ExpressionAttributeValues": {":child": {"S": child_id}, ":before": {"S": instead_of or child_id}},
        }
    }


def apart(family_id: str, child_id: str) -> str | None:
    """The id of this family's child that was told apart from this one, if it was."""
    item = IdentityItem.find(*_key(child_id, family_id))
    return item.child_id if item and item.child_id != child_id else None


def of_family_alone(family_id: str, digests: Iterable[str], child_id: str) -> list[str]:
    """Those of these digests that stand for this child in this one family."""
    keys = [stormloop_table.key(*_key(digest, family_id)) for digest in dict.fromkeys(digests)]
    items = stormloop_table.batch_get(keys) if keys else ()
    return sorted(item["pk"]["S"].removeprefix(PARTITION) for item in items if item["child_id"]["S"] == child_id)


def keep(typed: Iterable[Child], known: Iterable[Child], now: datetime) -> None:
    """A name typed for another id than it makes is known for as long as a pass of today is kept. One write each."""
    there = {one.child_id for one in known}
    for one in typed:
        if one.child_id not in there:
            item = IdentityItem(*_key(one.child_id, None))
            kept: list[Action] = [IdentityItem.expires.set(kept_until(now))]
            went_through(partial(item.update, kept, IdentityItem.pk.exists()))


def forget(digests: Iterable[str], child_id: str) -> None:
    """Nobody names the child any more. Again and again is the same."""
    for digest in digests:
        item = IdentityItem(*_key(digest, None))
        went_through(partial(item.delete, condition=IdentityItem.child_id == child_id))


def _as_named_last(family_id: str, ids: set[str]) -> dict[str, Child]:
    """As the newest proven pass of the family has them."""
    return {
        child.child_id: child
        for one in table.of_family(family_id)
        if one.is_proven
        for child in one.children
        if child.child_id in ids
    }


def _read(family_id: str, digests: Sequence[str], consistent: bool) -> dict[str, str]:
    keys = [stormloop_table.key(*_key(digest, whose)) for digest in digests for whose in (None, family_id)]
    items = stormloop_table.batch_get(keys, consistent=consistent) if keys else ()
    # What is the family's own goes before what holds for all.
    ordered: list[Mapping[str, Any]] = sorted(items, key=lambda item: len(item["sk"]["S"]))
    return {item["pk"]["S"].removeprefix(PARTITION): item["child_id"]["S"] for item in ordered}


def _key(digest: str, family_id: str | None) -> tuple[str, str]:
    return PARTITION + digest, IS if family_id is None else OF_FAMILY + family_id
