"""Which families name a child, and which of them did first; how many children a family names in a season.

| pk           | sk           | what                                                                                 |
| ------------ | ------------ | ------------------------------------------------------------------------------------ |
| C#child_id   | NAMED        | family_id, since, expires: the first family that named the child                     |
| C#child_id   | BY#family_id | since, expires: one family that names it                                             |
| NAMED_TWICE  | child_id     | since, expires: a child that several families name, for the desk                     |
| F#family_id  | NAMES#year   | names (a set), most, expires: its children of the season that begins that September |

All of it is written when a mailbox is proven (proving.py), again and again with the same result. No other family than
the own one leaves this module, but for the desk and for the arithmetic of moments.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.http.problems import TOO_MANY_CHILDREN, Problem
from chalicelib.core.moments import brussels
from chalicelib.core.refusals import Busy, Refused
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
    since = NumberAttribute()
    expires = NumberAttribute()


class SeasonItem(table.Item):
    """`most`: as many the desk allows this family; None: MOST_CHILDREN_A_SEASON."""

    names = UnicodeSetAttribute(null=True)
    most = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


@dataclass(frozen=True)
class Namer:
    """A family that names a child, since (epoch seconds)."""

    family_id: str
    since: int
    is_first: bool


@dataclass(frozen=True)
class SharedChild:
    """A child that several families name, since (epoch seconds)."""

    child_id: str
    since: int


def season(now: datetime) -> int:
    """The year in whose September the season of `now` began, in Brussels."""
    there = now.astimezone(brussels())
    return there.year if there.month >= FIRST_MONTH else there.year - 1


def count(family_id: str, children: Iterable[str], now: datetime, expires: int) -> None:
    """Counts these children among those that the family names this season; nothing for those that it names already.

    The number that the write goes by is a condition of it. Raises Problem `not-eligible` (rule `children`), and then
    none of them is counted; and Busy. One read unit, and a write unit if there is a new one.
    """
    wanted = set(children)
    for _ in range(MOST_TRIES):
        item = SeasonItem.find(*_season_key(family_id, season(now)))
        before = set(item.names or ()) if item else set()
        most = int(item.most) if item and item.most else MOST_CHILDREN_A_SEASON
        if wanted <= before:
            return
        if len(before | wanted) > most:
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
    """Names these children for the family, and says since when it names each: `since`, unless it did before. Two write
    units a child, and one more for a child that another family named first."""
    return {child: _name(child, family_id, int(since.timestamp()), expires) for child in children}


def _name(child_id: str, family_id: str, since: int, expires: int) -> Naming:
    own = NamingItem(PARTITION + child_id, BY + family_id)
    own.update([NamingItem.since.set(NamingItem.since | since), NamingItem.expires.set(expires)])
    if _first(child_id, family_id, since, expires) == family_id:
        return Naming(family_id, int(own.since))
    shared = SharedChildItem(SHARED, child_id)
    shared.update([SharedChildItem.since.set(SharedChildItem.since | since), SharedChildItem.expires.set(expires)])
    return Naming(family_id, int(own.since), UNREAD)


def _first(child_id: str, family_id: str, since: int, expires: int) -> str:
    """The family that named the child first: this one, unless another did. Only the first one's passes prolong it."""
    try:
        table.call(
            "UpdateItem",
            Key=table.key(PARTITION + child_id, FIRST),
            UpdateExpression="SET family_id = :family, since = if_not_exists(since, :since), expires = :expires",
            ConditionExpression="attribute_not_exists(pk) OR family_id = :family",
            ExpressionAttributeValues={
                ":family": {"S": family_id},
                ":since": {"N": str(since)},
                ":expires": {"N": str(expires)},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except Refused as refused:
        return str(refused.items[0]["family_id"]["S"])
    return family_id


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
        yield SharedChild(item.sk, int(item.since))


def namers(child_id: str) -> list[Namer]:
    """For the desk: the families that name a child, whichever was first at the top."""
    first, namers = None, []
    for item in table.query("pk = :child", {":child": {"S": PARTITION + child_id}}, ConsistentRead=True):
        sk = item["sk"]["S"]
        if sk == FIRST:
            first = item["family_id"]["S"]
        else:
            namers.append((sk.removeprefix(BY), int(item["since"]["N"])))
    found = [Namer(family_id, since, family_id == first) for family_id, since in namers]
    return sorted(found, key=lambda one: (not one.is_first, one.since, one.family_id))


def moving(child_id: str, first: str, to: str) -> list[dict[str, Any]]:
    """Writes of a transaction by which the child is as if `to` had named it first, and no longer `first`. Refused if
    `first` is not the first any more, or if `to` does not name the child (any more)."""
    return [
        {
            "Update": {
                "Key": table.key(PARTITION + child_id, FIRST),
                "UpdateExpression": "SET family_id = :to",
                "ConditionExpression": "family_id = :first",
                "ExpressionAttributeValues": {":to": {"S": to}, ":first": {"S": first}},
            }
        },
        {
            "ConditionCheck": {
                "Key": table.key(PARTITION + child_id, BY + to),
                "ConditionExpression": "attribute_exists(pk)",
            }
        },
    ]


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
