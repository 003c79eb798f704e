"""Two parents, each with an address of its own: one shares with the other what it registers for a child.

| pk       | sk               | what                                                                            |
| -------- | ---------------- | ------------------------------------------------------------------------------- |
| F#first  | INVITED#child_id | family_id of who is invited, since, expires: until the link in its mail is used |
| F#first  | SHARED#child_id  | family_id of the other parent, since                                            |
| F#second | SHARES#child_id  | family_id of the first, since, mailed: the mails that it got about the child    |
| F#first  | CONFIDENTIAL     | since: the desk marked that the other parent learns of no camp                  |

The invitation is a pass of the invited mailbox (`Pass.invited_by`), which counts when its link is used, like every
other pass. No token says that something is shared: whoever looks reads it, so ending it holds at once, everywhere.

Sharing names the child for the second family as a pass of its own would: it draws no sooner by it (namings.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.core import table
from chalicelib.core.http.problems import UNAUTHORIZED, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused, went_through
from chalicelib.people.families import mailboxes, namings
from chalicelib.people.families import table as families
from chalicelib.people.families.handlers import WantedPass, ask_for
from chalicelib.people.families.keys import PARTITION
from chalicelib.people.families.rules import Child, Pass

INVITED, SHARED, SHARES, CONFIDENTIAL = "INVITED#", "SHARED#", "SHARES#", "CONFIDENTIAL"
KINDS = (INVITED, SHARED, SHARES)
# How long an invitation waits for its link to be used.
VALID_FOR = timedelta(days=14)

OWN_ADDRESS = N_("That is the address of this family itself. Give the other parent's.")
SHARED_ALREADY = N_("This child is shared with another parent. End that first.")


class InvitationItem(table.Item):
    family_id = UnicodeAttribute()
    since = NumberAttribute()
    expires = NumberAttribute()


class SharedItem(table.Item):
    family_id = UnicodeAttribute()
    since = NumberAttribute()


class SharesItem(table.Item):
    family_id = UnicodeAttribute()
    since = NumberAttribute()
    mailed = UnicodeSetAttribute(null=True)


class ConfidentialItem(table.Item):
    since = NumberAttribute()


@dataclass(frozen=True)
class Sharing:
    """How a family shares a child. `invited_at`: an invitation waits for its link to be used; `since`: it is shared."""

    invited_at: datetime | None
    since: datetime | None


@dataclass(frozen=True)
class Share:
    """A child that another family shares with this one. `first`: that family, of which nothing may be told."""

    child_id: str
    first: str
    since: datetime


@dataclass(frozen=True)
class Invited:
    """Whom a family invites. `language`: of the mail."""

    email: str
    language: str


def invite(
    first: str,
    child: Child,
    whom: Invited,
    now: datetime,
    source: str,
    write: Callable[[list[dict[str, Any]]], None] = table.transact_write,
) -> None:
    """The mailbox is invited, in the place of whoever was before, and gets a mail with the link. Tells nothing about
    the address. `write` carries out the invitation, perhaps together with something else. Raises Problem `invalid` for
    the family's own address, `not-now` for a child that is shared already, `too-many` or `busy` for who asks
    (`source`)."""
    email, second = whom.email, mailboxes.family_of(whom.email)
    if second == first:
        raise invalid("email", OWN_ADDRESS)
    if SharedItem.find(PARTITION + first, SHARED + child.child_id):
        raise not_now(SHARED_ALREADY)
    item = InvitationItem(
        PARTITION + first,
        INVITED + child.child_id,
        family_id=second,
        since=int(now.timestamp()),
        expires=int((now + VALID_FOR).timestamp()),
    )
    write([{"Put": {"Item": item.serialize()}}])
    ask_for(WantedPass(email, whom.language, "", (child,)), now, source, invited_by=first)


def withdraw(first: str, child_id: str) -> None:
    """Again and again is the same."""
    InvitationItem(PARTITION + first, INVITED + child_id).delete()


def of_child(first: str, child_id: str, now: datetime) -> Sharing:
    """One call."""
    keys = [table.key(PARTITION + first, kind + child_id) for kind in (INVITED, SHARED)]
    since: dict[str, datetime] = {}
    for item in table.batch_get(keys):
        if int(item.get("expires", {"N": "99999999999"})["N"]) > now.timestamp():
            since[item["sk"]["S"].partition("#")[0] + "#"] = datetime.fromtimestamp(int(item["since"]["N"]), UTC)
    return Sharing(since.get(INVITED), since.get(SHARED))


def must_be_invited(asked: Pass, now: datetime) -> None:
    """Raises Problem `unauthorized` if the invitation of this pass was withdrawn, or is too old. What a try that broke
    off accepted already is no invitation any more."""
    assert asked.invited_by
    for one in asked.children:
        known = share(asked.family_id, one.child_id)
        if known and known.first == asked.invited_by:
            continue
        item = InvitationItem.find(PARTITION + asked.invited_by, INVITED + one.child_id)
        if item is None or item.family_id != asked.family_id or item.expires <= now.timestamp():
            raise Problem(UNAUTHORIZED)


def with_all(asked: Pass) -> Pass:
    """An invitation with the children of those that were accepted before and are shared still: who has no pass of its
    own goes on with all of them."""
    shared = {one.child_id for one in with_family(asked.family_id)}
    before = [one for one in families.of_family(asked.family_id) if one.is_proven and one.invited_by]
    children = {one.child_id: one for known in before for one in known.children if one.child_id in shared}
    return replace(asked, children=tuple({**children, **{one.child_id: one for one in asked.children}}.values()))


def accept(asked: Pass, now: datetime) -> None:
    """From now on it is shared: the link was used. Both sides are written together with the end of the invitation.
    Raises Problem `unauthorized` if that is gone meanwhile."""
    assert asked.invited_by
    for one in asked.children:
        known = share(asked.family_id, one.child_id)
        if known and known.first == asked.invited_by:
            continue  # by a try that broke off
        since = int(now.timestamp())
        shared = SharedItem(PARTITION + asked.invited_by, SHARED + one.child_id, family_id=asked.family_id, since=since)
        shares = SharesItem(PARTITION + asked.family_id, SHARES + one.child_id, family_id=asked.invited_by, since=since)
        invitation = {
            "Key": table.key(PARTITION + asked.invited_by, INVITED + one.child_id),
            "ConditionExpression": "family_id = :second",
            "ExpressionAttributeValues": {":second": {"S": asked.family_id}},
        }
        # Who names a child of the same name and birth date, and invites its other parent too, does not take the place
        # of the family that shares it.
        of_nobody_else = {
            "ConditionExpression": "attribute_not_exists(pk) OR family_id = :first",
            "ExpressionAttributeValues": {":first": {"S": asked.invited_by}},
        }
        try:
            table.transact_write(
                [
                    {"Delete": invitation},
                    {"Put": {"Item": shared.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}},
                    {"Put": {"Item": shares.serialize(), **of_nobody_else}},
                ]
            )
        except Refused as refused:
            if refused.busy:
                raise refused.busy from refused
            raise Problem(UNAUTHORIZED) from refused
        _no_work_for_the_desk(one.child_id, {asked.invited_by, asked.family_id})


def _no_work_for_the_desk(child_id: str, both: set[str]) -> None:
    """That both name the child is as it should be; the desk hears of a third one, also of one that was there before:
    else who names a stranger's child would hide that by an invitation to a second mailbox of theirs."""
    known = namings.namers(child_id)
    if both.issuperset(one.family_id for one in known):
        namings.settle(child_id, max((one.since for one in known), default=0))


def ending(first: str, child_id: str) -> list[dict[str, Any]]:
    """Writes of a transaction; none if it is not shared."""
    item = SharedItem.find(PARTITION + first, SHARED + child_id)
    if item is None:
        return []
    return [
        {
            "Delete": {
                "Key": table.key(PARTITION + first, SHARED + child_id),
                "ConditionExpression": "family_id = :second",
                "ExpressionAttributeValues": {":second": {"S": item.family_id}},
            }
        },
        {"Delete": {"Key": table.key(PARTITION + item.family_id, SHARES + child_id)}},
    ]


def end(first: str, child_id: str) -> None:
    """The other parent sees nothing of it any more, and gets no mail. Again and again is the same."""
    withdraw(first, child_id)
    while writes := ending(first, child_id):
        if went_through(lambda writes=writes: table.transact_write(writes)):  # type: ignore[misc]
            return


def forget(family_id: str) -> None:
    """The family goes: nothing of it is shared with anybody, and nothing with it. Again and again is the same."""
    for item in SharedItem.query(PARTITION + family_id, SharedItem.sk.startswith(SHARED), consistent_read=True):
        end(family_id, item.sk.removeprefix(SHARED))
    for one in with_family(family_id):
        end(one.first, one.child_id)


def with_whom(first: str, child_ids: Iterable[str]) -> dict[str, str]:
    """Child to the other parent's family, of those that are shared; as of a second ago."""
    keys = [table.key(PARTITION + first, SHARED + child) for child in child_ids]
    found = table.batch_get(keys, consistent=False) if keys else ()
    return {item["sk"]["S"].removeprefix(SHARED): item["family_id"]["S"] for item in found}


def with_family(second: str) -> list[Share]:
    """The children that others share with this family, as it is now."""
    items = SharesItem.query(PARTITION + second, SharesItem.sk.startswith(SHARES), consistent_read=True)
    return [_share(item) for item in items]


def has_shares(second: str) -> bool:
    """Whether others share anything with this family, as of a moment ago: for whoever looks, as few have any."""
    return SharesItem.count(PARTITION + second, SharesItem.sk.startswith(SHARES), limit=1) > 0


def share(second: str, child_id: str) -> Share | None:
    item = SharesItem.find(PARTITION + second, SHARES + child_id)
    return _share(item) if item else None


def still(second: str, child_id: str, first: str) -> dict[str, Any]:
    """One write of a transaction, which changes nothing: it goes through only while `first` shares the child."""
    return {
        "ConditionCheck": {
            "Key": table.key(PARTITION + second, SHARES + child_id),
            "ConditionExpression": "family_id = :first",
            "ExpressionAttributeValues": {":first": {"S": first}},
        }
    }


def _share(item: SharesItem) -> Share:
    return Share(item.sk.removeprefix(SHARES), item.family_id, datetime.fromtimestamp(int(item.since), UTC))


def names_of(second: str) -> dict[str, str]:
    """First names of its children by its own passes, the newest first."""
    passes = [one for one in families.of_family(second) if one.is_proven]
    return {child.child_id: child.first_name for one in passes for child in one.children}


def reader(second: str, child_id: str) -> tuple[Pass, Child] | None:
    """The pass by whose address and language the other parent hears, its own newest one or that of the newest
    invitation; and the child, as a pass of its has it."""
    proven = [one for one in reversed(families.of_family(second)) if one.is_proven and one.email]
    of_child = next((child for one in proven for child in one.children if child.child_id == child_id), None)
    own = next((one for one in proven if not one.invited_by), proven[0] if proven else None)
    return (own, of_child) if own and of_child else None


def mailed(second: str, child_id: str) -> frozenset[str] | None:
    """The marks of the mails that the other parent got about the child; None: it is shared no more."""
    item = SharesItem.find(PARTITION + second, SHARES + child_id)
    return frozenset(item.mailed or ()) if item else None


def mark_mailed(second: str, child_id: str, mark: str) -> None:
    item = SharesItem(PARTITION + second, SHARES + child_id)
    went_through(lambda: item.update([SharesItem.mailed.add({mark})], SharesItem.pk.exists()))


def agreed(family_id: str, child_ids: Iterable[str]) -> frozenset[str]:
    """Of these children those that two families name because one shares them with the other, and that nobody else
    names. Two calls at most."""
    keys = [table.key(PARTITION + family_id, kind + child) for child in child_ids for kind in (SHARED, SHARES)]
    between = {item["sk"]["S"].partition("#")[2] for item in table.batch_get(keys)} if keys else set()
    return namings.settled(sorted(between)) if between else frozenset()


def is_shared(family_id: str, child_id: str) -> bool:
    """Whether the family shares this child, invited another parent to, or hears about it as the other parent."""
    return bool(table.batch_get([table.key(PARTITION + family_id, kind + child_id) for kind in KINDS]))


def is_confidential(first: str) -> bool:
    return ConfidentialItem.find(PARTITION + first, CONFIDENTIAL) is not None


def confiding(first: str, now: datetime, *, is_on: bool) -> dict[str, Any]:
    """One write of a transaction: the other parent learns of no camp, or does again."""
    if not is_on:
        return {"Delete": {"Key": table.key(PARTITION + first, CONFIDENTIAL)}}
    item = ConfidentialItem(PARTITION + first, CONFIDENTIAL, since=int(now.timestamp()))
    return {"Put": {"Item": item.serialize()}}


def confiding_too(first: str, other: str, now: datetime) -> list[dict[str, Any]]:
    """Writes of a transaction by which `first` is as confidential as the family `other`, which becomes one with it."""
    if is_confidential(other):
        return [confiding(first, now, is_on=True)]
    check = {"Key": table.key(PARTITION + other, CONFIDENTIAL), "ConditionExpression": "attribute_not_exists(pk)"}
    return [{"ConditionCheck": check}]
