"""Which families name a child, and which of them did first; how many children a family names in a season.

| pk           | sk           | what                                                                                 |
| ------------ | ------------ | ------------------------------------------------------------------------------------ |
| C#child_id   | NAMED        | family_id, since, expires: the first family that named the child                     |
| C#child_id   | BY#family_id | since, expires: another family that names it                                         |
| NAMED_TWICE  | child_id     | since, expires, edition, seen: a child that several families name, for the desk      |
| F#family_id  | NAMES#year   | names (a set), most, expires: its children of the season that begins that September |

All of it is written when a mailbox is proven (proving.py), again and again with the same result. No other family than
the own one leaves this module, but for the desk and for the arithmetic of moments.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.http.problems import TOO_MANY_CHILDREN, Problem
from chalicelib.core.moments import brussels
from chalicelib.core.refusals import Busy, Refused, went_through
from chalicelib.people.families.rules import UNREAD, Naming

# Distinct children that a mailbox names in a season, unless the desk lifts it for a family.
MOST_CHILDREN_A_SEASON = 10
FIRST_MONTH = 9
# Tabs and phones of one family, all proving in the same tenth of a second.
MOST_TRIES = 5

PARTITION, FIRST, BY, SHARED = "C#", "NAMED", "BY#", "NAMED_TWICE"


class FirstNamingItem(table.Item):
    family_id = UnicodeAttribute()
    since = NumberAttribute()
    expires = NumberAttribute()


class NamingItem(table.Item):
    since = NumberAttribute()
    expires = NumberAttribute()


class SharedChildItem(table.Item):
    """`edition` counts the writes of families; `seen`: the newest naming that the desk has looked at, epoch seconds."""

    since = NumberAttribute()
    expires = NumberAttribute()
    edition = NumberAttribute(null=True)
    seen = NumberAttribute(null=True)


class SeasonItem(table.Item):
    """`most`: as many the desk allows this family; None: MOST_CHILDREN_A_SEASON."""

    names = UnicodeSetAttribute(null=True)
    most = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


@dataclass(frozen=True)
class Namer:
    """A family that names a child, since and until (epoch seconds)."""

    family_id: str
    since: int
    expires: int
    is_first: bool


@dataclass(frozen=True)
class SharedChild:
    """A child that several families name, since (epoch seconds). `is_seen`: the desk left it as it is, and no further
    family has named it since."""

    child_id: str
    since: int
    is_seen: bool


def season(now: datetime) -> int:
    """The year in whose September the season of `now` began, in Brussels."""
    there = now.astimezone(brussels())
    return there.year if there.month >= FIRST_MONTH else there.year - 1


def count(family_id: str, children: Iterable[str], now: datetime, expires: int) -> None:
    """Counts these children among those that the family names this season; nothing for those that it names already.

    What the write goes by is a condition of it. So the first look may be as of a moment ago, at half the price: what it
    lets through would have gone through then, and where it says too many it is looked again. Raises Problem
    `not-eligible` (rule `children`), and then none of them is counted; and Busy. Half a read unit, and a write unit if
    there is a new one.
    """
    wanted = set(children)
    for again in range(MOST_TRIES):
        key = _season_key(family_id, season(now))
        item = SeasonItem.find(*key) if again else SeasonItem.seen(*key)
        before = set(item.names or ()) if item else set()
        most = int(item.most) if item and item.most else MOST_CHILDREN_A_SEASON
        if wanted <= before:
            return
        if len(before | wanted) > most:
            if not again:
                continue
            raise Problem(
                TOO_MANY_CHILDREN, {"rule": "children", "child_ids": sorted(wanted - before), "most_children": most}
            )
        as_read = SeasonItem.names == before if before else SeasonItem.names.does_not_exist()
        counted: list[Action] = [SeasonItem.names.set(before | wanted), SeasonItem.expires.set(expires)]
        try:
            SeasonItem(*_season_key(family_id, season(now))).update(counted, as_read)
        except Refused:
            continue
        return
    raise Busy


def name(children: Iterable[str], family_id: str, since: datetime, expires: int) -> dict[str, Naming]:
    """Names these children for the family, and says since when it names each: `since`, unless it did before. One write
    unit a child; three for a child that another family named first."""
    return {child: _name(child, family_id, int(since.timestamp()), expires) for child in children}


def _name(child_id: str, family_id: str, since: int, expires: int) -> Naming:
    first = _as_first(child_id, family_id, since, expires)
    if first is not None:
        return Naming(family_id, first)
    own = NamingItem(PARTITION + child_id, BY + family_id)
    own.update([NamingItem.since.set(NamingItem.since | since), NamingItem.expires.set(expires)])
    _share(child_id, int(own.since), since, expires)
    return Naming(family_id, int(own.since), UNREAD)


def _share(child_id: str, named_at: int, now: int, expires: int) -> None:
    """That another family names the child, since `named_at`. What the desk has seen comes back to it by a naming that
    it has not seen; a family that names the child again changes nothing, nor does one that does the rest of a try that
    broke off hide itself."""
    item = SharedChildItem(SHARED, child_id)
    shared: list[Action] = [
        SharedChildItem.since.set(SharedChildItem.since | now),
        SharedChildItem.expires.set(expires),
        SharedChildItem.edition.add(1),
    ]
    is_new = named_at == now
    is_unseen = None if is_new else SharedChildItem.seen.does_not_exist() | (SharedChildItem.seen < named_at)
    if not went_through(lambda: item.update([*shared, SharedChildItem.seen.remove()], is_unseen)):
        item.update(shared)


def _as_first(child_id: str, family_id: str, since: int, expires: int) -> int | None:
    """Since when the family names the child as the first one; None: another family is. Only the first one's passes
    prolong that."""
    item = FirstNamingItem(PARTITION + child_id, FIRST)
    named: list[Action] = [
        FirstNamingItem.family_id.set(family_id),
        FirstNamingItem.since.set(FirstNamingItem.since | since),
        FirstNamingItem.expires.set(expires),
    ]
    is_ours = FirstNamingItem.pk.does_not_exist() | (FirstNamingItem.family_id == family_id)
    return int(item.since) if went_through(lambda: item.update(named, is_ours)) else None


def firsts(children: Sequence[str]) -> dict[str, str]:
    """The family that named each of these children first; none for a child that nobody names any more. One call."""
    items = table.batch_get([table.key(PARTITION + child, FIRST) for child in children])
    return {item["pk"]["S"].removeprefix(PARTITION): item["family_id"]["S"] for item in items}


def shared(children: Sequence[str]) -> frozenset[str]:
    """Those that several families name, as it was a second ago: half a read unit each, one call."""
    items = table.batch_get([table.key(SHARED, child) for child in children], consistent=False)
    return frozenset(item["sk"]["S"] for item in items)


def named_by_several() -> Iterator[SharedChild]:
    """For the desk: every child that several families name; the next page is read when its first child is wanted."""
    for item in SharedChildItem.query(SHARED, consistent_read=True):
        yield SharedChild(item.sk, int(item.since), is_seen=item.seen is not None)


def settle(child_id: str, newest: int) -> bool:
    """The desk has looked at a child's namings and leaves them as they are; it hears of the child again when a further
    family names it. `newest`: the last naming that it was shown (epoch seconds). False: there is another one by now, or
    the child is not named by several families any more. Again and again is the same."""
    item = SharedChildItem.find(SHARED, child_id)
    if item is None or max((one.since for one in namers(child_id)), default=0) > newest:
        return False
    # Nobody has named the child since it was read, before its namers were.
    edition = SharedChildItem.edition
    as_read = edition == item.edition if item.edition else edition.does_not_exist()
    is_there = SharedChildItem.pk.exists() & as_read
    return went_through(lambda: item.update([SharedChildItem.seen.set(newest)], is_there))


def namers(child_id: str) -> list[Namer]:
    """For the desk: the families that name a child, whichever was first at the top."""
    found = []
    for item in table.query("pk = :child", {":child": {"S": PARTITION + child_id}}, ConsistentRead=True):
        is_first = item["sk"]["S"] == FIRST
        if not is_first and not item["sk"]["S"].startswith(BY):
            continue  # of a child there is more: on which days it is in a camp
        family_id = item["family_id"]["S"] if is_first else item["sk"]["S"].removeprefix(BY)
        found.append(Namer(family_id, int(item["since"]["N"]), int(item["expires"]["N"]), is_first))
    return sorted(found, key=lambda one: (not one.is_first, one.since, one.family_id))


def moving(child_id: str, first: Namer, to: Namer) -> list[dict[str, Any]]:
    """Writes of a transaction by which the child is as if `to` had named it first, and `first` after it. Both as
    `namers` read them: refused if one of them is not as it was."""
    return [
        {
            "Update": {
                "Key": table.key(PARTITION + child_id, FIRST),
                "UpdateExpression": "SET family_id = :to, since = :since_to, expires = :expires_to",
                "ConditionExpression": "family_id = :first AND since = :since",
                "ExpressionAttributeValues": {
                    ":first": {"S": first.family_id},
                    ":since": {"N": str(first.since)},
                    ":to": {"S": to.family_id},
                    ":since_to": {"N": str(to.since)},
                    ":expires_to": {"N": str(to.expires)},
                },
            }
        },
        {
            "Delete": {
                "Key": table.key(PARTITION + child_id, BY + to.family_id),
                "ConditionExpression": "since = :since_to",
                "ExpressionAttributeValues": {":since_to": {"N": str(to.since)}},
            }
        },
        {
            "Put": {
                "Item": {
                    **table.key(PARTITION + child_id, BY + first.family_id),
                    "since": {"N": str(first.since)},
                    "expires": {"N": str(first.expires)},
                }
            }
        },
    ]


def unnamed(child_id: str, now: datetime) -> dict[str, Any]:
    """A condition of a transaction: nobody names this child."""
    return {
        "ConditionCheck": {
            "Key": table.key(PARTITION + child_id, FIRST),
            "ConditionExpression": "attribute_not_exists(pk) OR expires < :now",
            "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
        }
    }


def joining(kept: str, others: Sequence[Namer], ours: Sequence[Namer], child_id: str) -> list[dict[str, Any]]:
    """Writes of a transaction by which the families that name `child_id` (`others`) name `kept`, behind whoever named
    that one first (`ours`: its namers). Refused if a naming of `child_id` is not as it was read."""
    known = {one.family_id for one in ours}
    writes = [_taking_away(child_id, one) for one in others]
    for one in others:
        if one.family_id not in known:
            own = {"since": {"N": str(one.since)}, "expires": {"N": str(one.expires)}}
            writes.append({"Put": {"Item": {**table.key(PARTITION + kept, BY + one.family_id), **own}}})
    writes.append({"Delete": {"Key": table.key(SHARED, child_id)}})
    if known | {one.family_id for one in others} != known:
        newest = max(others, key=lambda one: one.since)
        shared = {"since": {"N": str(newest.since)}, "expires": {"N": str(newest.expires)}, "edition": {"N": "1"}}
        writes.append({"Put": {"Item": {**table.key(SHARED, kept), **shared}}})
    return writes


def parting(child_id: str, every: Sequence[Namer], whose: Namer, new: str) -> list[dict[str, Any]]:
    """Writes of a transaction by which this family names a child of its own, `new`, since it named this one, and this
    one no more. `every`: who names this one, of whom `whose` is not the first."""
    named = {
        "family_id": {"S": whose.family_id},
        "since": {"N": str(whose.since)},
        "expires": {"N": str(whose.expires)},
    }
    writes: list[dict[str, Any]] = [
        _taking_away(child_id, whose),
        {
            "Put": {
                "Item": {**table.key(PARTITION + new, FIRST), **named},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        },
    ]
    return writes if len(every) > 2 else [*writes, {"Delete": {"Key": table.key(SHARED, child_id)}}]


def uniting(child_id: str, kept: str, other: str) -> tuple[int | None, list[dict[str, Any]]]:
    """Writes of a transaction by which `kept`, which names the child as well, names it in the place of `other`; and
    since when, if `other` named it first."""
    every = namers(child_id)
    theirs = next((one for one in every if one.family_id == other), None)
    ours = next((one for one in every if one.family_id == kept), None)
    if theirs is None or ours is None:
        return None, []
    writes = moving(child_id, theirs, replace(ours, since=theirs.since))[:1] if theirs.is_first else []
    writes += [_taking_away(child_id, ours if theirs.is_first else theirs)]
    if len(every) == 2:
        writes.append({"Delete": {"Key": table.key(SHARED, child_id)}})
    return (theirs.since if theirs.is_first else None), writes


def renaming(family_id: str, old: str, new: str, now: datetime) -> list[dict[str, Any]]:
    """Writes of a transaction: of the children that the family names this season, one has another id, and counts
    once."""
    key = _season_key(family_id, season(now))
    item = SeasonItem.find(*key)
    names = set(item.names or ()) if item else set()
    if old not in names:
        return []
    return [
        {
            "Update": {
                "Key": table.key(*key),
                "UpdateExpression": "SET #names = :now",
                "ConditionExpression": "#names = :before",
                "ExpressionAttributeNames": {"#names": "names"},
                "ExpressionAttributeValues": {
                    ":now": {"SS": sorted((names - {old}) | {new})},
                    ":before": {"SS": sorted(names)},
                },
            }
        }
    ]


def _taking_away(child_id: str, one: Namer) -> dict[str, Any]:
    values = {":since": {"N": str(one.since)}}
    condition = "since = :since"
    if one.is_first:
        values[":family"] = {"S": one.family_id}
        condition += " AND family_id = :family"
    return {
        "Delete": {
            "Key": table.key(PARTITION + child_id, FIRST if one.is_first else BY + one.family_id),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
    }


def forget(child_id: str, family_id: str) -> None:
    """The family names the child no more. Again and again is the same.

    That it was the first one stays until it expires, as a keyed digest, while another family names the child: else that
    one would draw by a moment of its own, which another child of it may have shown to come early.
    """
    NamingItem(PARTITION + child_id, BY + family_id).delete()
    is_shared = any(not one.is_first for one in namers(child_id))
    if not is_shared:
        item = FirstNamingItem(PARTITION + child_id, FIRST)
        went_through(lambda: item.delete(condition=FirstNamingItem.family_id == family_id))
        SharedChildItem(SHARED, child_id).delete()


def lifting(family_id: str, now: datetime, most: int, expires: int) -> dict[str, Any]:
    """One write of a transaction: so many children the family may name in the season of `now`. `expires`: epoch
    seconds."""
    return {
        "Update": {
            "Key": table.key(*_season_key(family_id, season(now))),
            "UpdateExpression": "SET most = :most, expires = :expires",
            "ExpressionAttributeValues": {":most": {"N": str(most)}, ":expires": {"N": str(expires)}},
        }
    }


def resolved(namings: Mapping[str, Naming], first: Mapping[str, str]) -> list[Naming]:
    """With the family that named a child first in the place of UNREAD. `first`: as `firsts` reads it."""
    return [naming if naming.first is None else _behind(naming, first.get(child)) for child, naming in namings.items()]


def _behind(naming: Naming, first: str | None) -> Naming:
    """Nobody is before a family to which the desk moved the child, or whose forerunner is gone."""
    return Naming(naming.family_id, naming.since, None if first == naming.family_id else first)


def _season_key(family_id: str, year: int) -> tuple[str, str]:
    return f"F#{family_id}", f"NAMES#{year}"
