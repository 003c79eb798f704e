"""Passes in the family's own partition."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.people.families import keys
from chalicelib.people.families.rules import UNREAD, Child, Naming, Pass, asked_until, kept_until

PARTITION, PREFIX = keys.PARTITION, keys.PREFIX
# As of a registration (booking/registrations/table.py).
SENDING = 120


class ChildAttribute(MapAttribute[str, Any]):
    child_id = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    birth_date = UnicodeAttribute()
    # Since when this family names the child, once its mailbox is proven; and whether another family did before.
    named_at = NumberAttribute(null=True)
    named_elsewhere = BooleanAttribute(null=True)


class PassItem(table.Item):
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    postcode = UnicodeAttribute()
    children: ListAttribute[ChildAttribute] = ListAttribute(of=ChildAttribute)
    created_at = UnicodeAttribute()
    expires = NumberAttribute()
    mailed = UnicodeSetAttribute(null=True)
    # The mail that somebody began with last, and when (epoch seconds).
    sending = UnicodeAttribute(null=True)
    sending_at = NumberAttribute(null=True)
    moves = BooleanAttribute(null=True)
    invited_by = UnicodeAttribute(null=True)


class PassRequestsItem(table.Item):
    """How many passes a family, a source address or all together asked for, in one hour or minute by the clock."""

    asked = NumberAttribute()
    expires = NumberAttribute()


def count_asked(family_id: str, now: datetime, most: int) -> bool:
    """Counts a pass that is asked for; False, and not counted, if there were `most` in this hour. One write unit either
    way, and the same call for a family that nobody knows."""
    counted: list[Action] = [
        PassRequestsItem.asked.add(1),
        PassRequestsItem.expires.set(int((now + timedelta(hours=2)).timestamp())),
    ]
    may_ask = PassRequestsItem.asked.does_not_exist() | (PassRequestsItem.asked < most)
    item = PassRequestsItem(PARTITION + family_id, f"ASKED#{now:%Y-%m-%dT%H}")
    return went_through(lambda: item.update(counted, may_ask))


def count_links(counter: str, until: datetime, most: int) -> bool:
    """The same for a counter of passes that is no family's: who asks for them, or all together (limits.py). It is kept
    until `until`, or until DynamoDB gets round to deleting it."""
    counted: list[Action] = [
        PassRequestsItem.asked.add(1),
        PassRequestsItem.expires.set(int(until.timestamp())),
    ]
    may_ask = PassRequestsItem.asked.does_not_exist() | (PassRequestsItem.asked < most)
    item = PassRequestsItem(f"LINKS#{counter}", "ASKED-FOR")
    return went_through(lambda: item.update(counted, may_ask))


def put(new: Pass) -> None:
    """Stores a pass; the stream sees it and its mail follows."""
    _of(new).save()


def put_of(new: Pass) -> dict[str, Any]:
    """The same as one write of a transaction."""
    return {"Put": {"Item": _of(new).serialize()}}


def _of(new: Pass) -> PassItem:
    return PassItem(
        PARTITION + new.family_id,
        PREFIX + new.pass_id,
        email=new.email,
        language=new.language,
        postcode=new.postcode,
        children=_children_of(new),
        created_at=new.created_at.isoformat(),
        expires=kept_until(new.created_at) if new.is_proven else asked_until(new.created_at),
        moves=new.moves or None,
        invited_by=new.invited_by,
    )


def _children_of(pass_: Pass) -> list[ChildAttribute]:
    return [_child_of(child, pass_.namings.get(child.child_id)) for child in pass_.children]


def _child_of(child: Child, naming: Naming | None) -> ChildAttribute:
    return ChildAttribute(  # type: ignore[no-untyped-call]  # PynamoDB left this constructor without types
        child_id=child.child_id,
        first_name=child.first_name,
        last_name=child.last_name,
        birth_date=child.birth_date.isoformat(),
        named_at=naming and naming.since,
        named_elsewhere=bool(naming and naming.first is not None) or None,
    )


def store_namings(proven: Pass) -> None:
    """That the mailbox of a stored pass is proven. Raises Refused if the pass is gone."""
    PassItem(PARTITION + proven.family_id, PREFIX + proven.pass_id).update(
        [
            PassItem.children.set(_children_of(proven)),
            PassItem.expires.set(kept_until(proven.created_at)),
            PassItem.moves.remove(),
        ],
        condition=PassItem.pk.exists(),
    )


def correcting(before: Pass, after: Pass) -> dict[str, Any]:
    """One write of a transaction: what a pass says, corrected. Refused if it is not as it was read."""
    was, now = _of(before).serialize(), _of(after).serialize()
    return {
        "Update": {
            "Key": key(before.family_id, before.pass_id),
            "UpdateExpression": "SET children = :children, #language = :language, postcode = :postcode, email = :email",
            "ConditionExpression": "children = :was AND email = :address",
            "ExpressionAttributeNames": {"#language": "language"},
            "ExpressionAttributeValues": {
                **{f":{name}": now[name] for name in ("children", "language", "postcode", "email")},
                ":was": was["children"],
                ":address": was["email"],
            },
        }
    }


def get(family_id: str, pass_id: str) -> Pass | None:
    item = _item(family_id, pass_id)
    return _read(item) if item else None


def seen(family_id: str, pass_id: str) -> Pass | None:
    """As it was a moment ago, at half the price: for what is shown of it, where a correction of this very second may be
    seen at the next look. A pass that is as new as that is there all the same."""
    item = PassItem.seen(PARTITION + family_id, PREFIX + pass_id) or _item(family_id, pass_id)
    return _read(item) if item else None


def to_mail(family_id: str, pass_id: str) -> tuple[Pass, frozenset[str]] | None:
    """A pass and by what its mails are known that were sent; None: it is gone. One read for both."""
    item = _item(family_id, pass_id)
    return (_read(item), frozenset(item.mailed or ())) if item else None


def key(family_id: str, pass_id: str) -> dict[str, Any]:
    """As a batch that reads more than passes asks for it."""
    return keys.of_pass(family_id, pass_id)


def several(passes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Pass]:
    """Those that there are of these, by family_id and pass_id; what changed within the last second may be missing."""
    keys = [key(*one) for one in dict.fromkeys(passes)]
    found = map(read, table.batch_get(keys, consistent=False) if keys else ())
    return {(one.family_id, one.pass_id): one for one in found}


def of_family(family_id: str) -> list[Pass]:
    """The newest last; none whose address is not the family's yet."""
    items = PassItem.query(PARTITION + family_id, PassItem.sk.startswith(PREFIX), consistent_read=True)
    return sorted((one for one in map(_read, items) if not one.moves), key=lambda one: one.created_at)


def partition(family_id: str) -> Iterator[Mapping[str, Any]]:
    """Every item under the family's key, whosever it is, as DynamoDB writes it."""
    return table.query("pk = :family", {":family": {"S": PARTITION + family_id}}, ConsistentRead=True)


def read(item: Mapping[str, Any]) -> Pass:
    """A pass from its item as DynamoDB writes it."""
    return _read(PassItem.from_raw_data(dict(item)))


def _read(item: PassItem) -> Pass:
    return Pass(
        pass_id=item.sk.removeprefix(PREFIX),
        family_id=item.pk.removeprefix(PARTITION),
        email=item.email,
        language=item.language,
        postcode=item.postcode,
        children=tuple(
            Child(one.child_id, one.first_name, one.last_name, date.fromisoformat(one.birth_date))
            for one in item.children
        ),
        created_at=datetime.fromisoformat(item.created_at),
        namings={
            child.child_id: Naming(
                item.pk.removeprefix(PARTITION), int(child.named_at), UNREAD if child.named_elsewhere else None
            )
            for child in item.children
            if child.named_at is not None
        },
        moves=bool(item.moves),
        invited_by=item.invited_by,
    )


def is_mailed(family_id: str, pass_id: str, what: str = "pass") -> bool:
    """Whether a mail was sent that is known by `what`: by default, the one with the pass itself."""
    item = _item(family_id, pass_id)
    return item is not None and what in (item.mailed or ())


def mark_mailed(family_id: str, pass_id: str, what: str = "pass") -> None:
    PassItem(PARTITION + family_id, PREFIX + pass_id).update(
        [PassItem.mailed.add({what})], condition=PassItem.pk.exists()
    )


def begin_mail(family_id: str, pass_id: str, what: str, now: datetime) -> bool:
    """Whether this mail is to be sent by whoever asks: it was not, and nobody else began with it in the last SENDING
    seconds, longer than the function lives. One write unit for each KB of the pass, granted or not."""
    at = int(now.timestamp())
    is_free = PassItem.sending.does_not_exist() | (PassItem.sending != what) | (PassItem.sending_at < at - SENDING)
    return went_through(
        lambda: PassItem(PARTITION + family_id, PREFIX + pass_id).update(
            [PassItem.sending.set(what), PassItem.sending_at.set(at)],
            PassItem.pk.exists() & ~PassItem.mailed.contains(what) & is_free,
        )
    )


def _item(family_id: str, pass_id: str) -> PassItem | None:
    return PassItem.find(PARTITION + family_id, PREFIX + pass_id)
