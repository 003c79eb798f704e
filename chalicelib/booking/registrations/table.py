"""The record of a registration, in the family's own partition.

It is put before the seat is claimed, with a time to live: a crash in between leaves a record that a retry completes or
that DynamoDB removes, never a seat without a record. The time to live is longer than the stream (1 day) and the queue
and its dead letters (14 days) can hold back the mail that ends it.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
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

from chalicelib.booking.registrations import ended
from chalicelib.booking.registrations.rules import Admitted, Ended, EndedBy, Registration
from chalicelib.core import table
from chalicelib.core.refusals import Refused, went_through
from chalicelib.people.families.identity import FAMILY_LENGTH

PREFIX = "R#"
CONTINUED = "CONTINUED"
UNSETTLED_FOR = timedelta(days=30)
# The function of mails ends after 60; a message that failed comes again after 360.
SENDING = 120


class RegistrationItem(table.Item):
    session_id = UnicodeAttribute()
    child_ids: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    pass_id = UnicodeAttribute()
    created_at = UnicodeAttribute()
    # The tries with this key that were not refused, so that none deletes the record under another.
    attempts = UnicodeSetAttribute(null=True)
    expires = NumberAttribute(null=True)
    cancelled_at = NumberAttribute(null=True)
    mailed = UnicodeSetAttribute(null=True)
    # How its opening admitted it, for the list that is published.
    opening_id = UnicodeAttribute(null=True)
    window = NumberAttribute(null=True)
    keys: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    is_late = BooleanAttribute(null=True)
    # When the key came first, if nothing came of it then; and by which incident a seat or place was taken back.
    tried_at = UnicodeAttribute(null=True)
    taken_back = UnicodeAttribute(null=True)
    gave_way_to = UnicodeAttribute(null=True)
    # By whom it was cancelled, who of the city, and why.
    ended_by = UnicodeAttribute(null=True)
    ended_who = UnicodeAttribute(null=True)
    ended_why = UnicodeAttribute(null=True)
    # What was done to its camp: cancelled; or its ages changed, and its children stay although they do not fit them.
    called_off = BooleanAttribute(null=True)
    despite_age = BooleanAttribute(null=True)
    # The kind of mail that somebody began with last, and when (epoch seconds).
    sending = UnicodeAttribute(null=True)
    sending_at = NumberAttribute(null=True)
    # Of one that continues another in another session: whose reference it has, and which; and which continues this one.
    continues = UnicodeAttribute(null=True)
    moved_from = UnicodeAttribute(null=True)
    moved_to = UnicodeAttribute(null=True)
    # The children that it is for no more: child_id to the registration to which it moved, or to "".
    left: MapAttribute[str, str] = MapAttribute(null=True)  # type: ignore[no-untyped-call]  # as PynamoDB left it
    left_by_other = UnicodeSetAttribute(null=True)


def begin(new: Registration, attempt: str, lives: timedelta = UNSETTLED_FOR) -> Registration | None:
    """Puts the record. None: it is new; else the record that the same key made before."""
    item = _item(new)
    item.attempts = {attempt}
    item.expires = _expiry(new.created_at, lives)
    try:
        item.save(condition=RegistrationItem.pk.does_not_exist())
    except Refused:
        # An earlier try may have had it deleted meanwhile; then it is ours to put after all.
        return get(new.registration_id) or begin(new, attempt, lives)
    return None


def putting(new: Registration) -> dict[str, Any]:
    """One write of a transaction: the record of a seat that comes with it. Refused if there is one."""
    return {"Put": {"Item": dict(_item(new).serialize()), "ConditionExpression": "attribute_not_exists(pk)"}}


def put_drawn(new: Iterable[Registration]) -> None:
    """Puts the records of a draw, many at once, before their seats. They have no time to live: what was drawn is
    written out to its end."""
    table.batch_put([dict(_item(one).serialize()) for one in new])


def renaming(found: Registration, old: str, new: str) -> dict[str, Any]:
    """One write of a transaction: a child of it, or one that left it, has another id from now on. Refused if its
    children are not as read."""
    key = _key(found.registration_id)
    stay = dict.fromkeys(new if one == old else one for one in found.child_ids)
    left = {new if one == old else one: to for one, to in found.left.items()}
    by_other = {new if one == old else one for one in found.left_by_other}
    return {
        "Update": {
            "Key": table.key(key.pk, key.sk),
            "UpdateExpression": "SET child_ids = :named, #left = :left"
            + (", left_by_other = :other" if by_other else ""),
            "ConditionExpression": "child_ids = :were",
            "ExpressionAttributeNames": {"#left": "left"},
            "ExpressionAttributeValues": {
                ":named": _names(stay),
                ":were": _names(found.child_ids),
                ":left": _left({one: to for one, to in left.items() if one not in stay}),
                **({":other": {"SS": sorted(by_other)}} if by_other else {}),
            },
        }
    }


def cancelled(registration_ids: Iterable[str]) -> set[str]:
    """Those of these that were cancelled; one read for all."""
    keys = [table.key(item.pk, item.sk) for item in map(_key, registration_ids)]
    return {
        item["pk"]["S"].removeprefix("F#") + item["sk"]["S"].removeprefix(PREFIX)
        for item in table.batch_get(keys)
        if "cancelled_at" in item
    }


def join_in(again: Registration, attempt: str) -> bool:
    """Adds a try to an unfinished record, which the earlier tries then leave in place. From now on it is a record of
    this try: it lives as long as a new one, and says when and how this one was admitted; when the key came first stands
    beside. False: they had it deleted."""
    item = _item(again)
    told: list[Action] = [
        RegistrationItem.attempts.add({attempt}),
        RegistrationItem.expires.set(_expiry(again.created_at)),
        RegistrationItem.tried_at.set(RegistrationItem.tried_at | RegistrationItem.created_at),
        RegistrationItem.created_at.set(item.created_at),
    ]
    if again.admission:
        told += [RegistrationItem.window.set(item.window), RegistrationItem.keys.set(item.keys)]
        told.append(RegistrationItem.is_late.set(True) if item.is_late else RegistrationItem.is_late.remove())
    return went_through(lambda: _key(again.registration_id).update(told, condition=RegistrationItem.pk.exists()))


def withdraw(registration_id: str, attempt: str) -> None:
    """Deletes the record of a refused try, unless another try with the same key is under way or went well: that one
    may be about to claim a seat, and a seat must have its record. (Should all of them break off, time to live ends it.)
    """
    try:
        _key(registration_id).delete(condition=RegistrationItem.attempts == {attempt})
    except Refused:
        _forget_attempt(registration_id, attempt)


def _forget_attempt(registration_id: str, attempt: str) -> None:
    with suppress(Refused):
        _key(registration_id).update(
            [RegistrationItem.attempts.delete({attempt})], condition=RegistrationItem.pk.exists()
        )


def get(registration_id: str) -> Registration | None:
    key = _key(registration_id)
    item = RegistrationItem.find(key.pk, key.sk)
    return _read(item) if item else None


def several(registration_ids: Iterable[str], *, consistent: bool = False) -> list[Registration]:
    """The records that exist of these, which must all differ. Not `consistent`, at half the price, what changed within
    the last second may be missing."""
    keys = [table.key(f"F#{one[:FAMILY_LENGTH]}", PREFIX + one[FAMILY_LENGTH:]) for one in registration_ids]
    found = table.batch_get(keys, consistent=consistent)
    return [read(item) for item in found]


def of_family(family_id: str, *, consistent: bool = True) -> list[Registration]:
    """The newest last. Not `consistent`, at half the price, what changed within the last second may be missing."""
    items = RegistrationItem.query(f"F#{family_id}", RegistrationItem.sk.startswith(PREFIX), consistent_read=consistent)
    return sorted(map(_read, items), key=lambda registration: registration.created_at)


def mark_mailed(registration_id: str, *kinds: str) -> None:
    """That mails of these kinds were sent; ends the record's time to live. One write unit."""
    _key(registration_id).update(
        [RegistrationItem.mailed.add(set(kinds)), RegistrationItem.expires.remove()],
        condition=RegistrationItem.pk.exists(),
    )


def begin_mail(registration_id: str, kind: str, now: datetime) -> bool:
    """Whether a mail of this kind is to be sent by whoever asks: none was, and nobody else began with one in the last
    SENDING seconds, longer than the function lives. One write unit, granted or not."""
    at = int(now.timestamp())
    is_free = (
        RegistrationItem.sending.does_not_exist()
        | (RegistrationItem.sending != kind)
        | (RegistrationItem.sending_at < at - SENDING)
    )
    return went_through(
        lambda: _key(registration_id).update(
            [RegistrationItem.sending.set(kind), RegistrationItem.sending_at.set(at)],
            RegistrationItem.pk.exists() & ~RegistrationItem.mailed.contains(kind) & is_free,
        )
    )


def keep(registration_id: str) -> None:
    """Ends the record's time to live before its mail is out: a seat or place has its record, however long."""
    with suppress(Refused):
        _key(registration_id).update([RegistrationItem.expires.remove()], condition=RegistrationItem.pk.exists())


def restore(lost: Registration) -> None:
    """Puts a record back whose time to live was over while its seat was held; it has none any more."""
    item = _item(lost)
    with suppress(Refused):
        item.save(condition=RegistrationItem.pk.does_not_exist())


def mark_cancelled(registration_id: str, at: datetime, by: Ended | None = None) -> None:
    """Keeps the moment of the first cancellation, and by whom; ends the record's time to live. From now on the desk
    finds it among those that ended. `by` None: nobody knows, because what began it broke off."""
    now = int(at.timestamp())
    told: list[Action] = [
        RegistrationItem.cancelled_at.set(RegistrationItem.cancelled_at | now),
        RegistrationItem.expires.remove(),
    ]
    if by:
        told.append(RegistrationItem.ended_by.set(RegistrationItem.ended_by | by.by.value))
        told += [RegistrationItem.ended_who.set(RegistrationItem.ended_who | by.who)] if by.who else []
        told += [RegistrationItem.ended_why.set(RegistrationItem.ended_why | by.why)] if by.why else []
    item = _key(registration_id)
    item.update(told, condition=RegistrationItem.pk.exists())
    _note_ended(item)


def ending(registration_id: str, by: EndedBy) -> dict[str, Any]:
    """One write of a transaction that takes its seats: by whom it ends, so that its mail says so wherever the rest
    breaks off. Refused if there is no such record, or it ended before."""
    item = _key(registration_id)
    return {
        "Update": {
            "Key": table.key(item.pk, item.sk),
            "UpdateExpression": "SET ended_by = :by",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(ended_by)",
            "ExpressionAttributeValues": {":by": {"S": by.value}},
        }
    }


def silence(registration_id: str, kinds: Iterable[str], at: datetime) -> None:
    """Cancels it without a mail of any kind: its family is erased. Not what is gone already."""
    with suppress(Refused):
        _key(registration_id).update(
            [
                RegistrationItem.cancelled_at.set(RegistrationItem.cancelled_at | int(at.timestamp())),
                RegistrationItem.mailed.add(set(kinds)),
                RegistrationItem.expires.remove(),
            ],
            condition=RegistrationItem.pk.exists(),
        )


def erase(registration_id: str) -> None:
    """Deletes the record, whoever needs it. Again and again is the same."""
    _key(registration_id).delete()


def keep_attempt(registration_id: str, until: datetime) -> None:
    """Lets a record that has neither seat nor place live until then at least; one that lives on without an end keeps
    doing so."""
    end = int(until.timestamp())
    with suppress(Refused):
        _key(registration_id).update([RegistrationItem.expires.set(end)], condition=RegistrationItem.expires < end)


def take_back(registration_id: str, incident: str, at: datetime) -> None:
    """Cancels it by an incident, `opening_id#number`; not what its family cancelled before. Repeating is harmless."""
    _end(registration_id, RegistrationItem.taken_back.set(incident), at)


def give_way(registration_id: str, other: str, at: datetime) -> None:
    """Cancels it because a child of it is in another camp on these days, by `other`; not what its family cancelled
    before. Repeating is harmless."""
    _end(registration_id, RegistrationItem.gave_way_to.set(other), at)


def _end(registration_id: str, why: Action, at: datetime) -> None:
    item = _key(registration_id)
    with suppress(Refused):
        item.update(
            [RegistrationItem.cancelled_at.set(int(at.timestamp())), why, RegistrationItem.expires.remove()],
            condition=RegistrationItem.pk.exists() & RegistrationItem.cancelled_at.does_not_exist(),
        )
        _note_ended(item)


def _note_ended(item: RegistrationItem) -> None:
    """`item`: as the write that ended it answered it."""
    at = datetime.fromtimestamp(int(item.cancelled_at), UTC)
    ended.put(item.session_id, item.pk.removeprefix("F#") + item.sk.removeprefix(PREFIX), at)


def call_off(registration_id: str, at: datetime) -> None:
    """Cancels it because its camp is cancelled; not what its family cancelled before. Repeating is harmless."""
    _end(registration_id, RegistrationItem.called_off.set(True), at)


def keep_despite_age(registration_id: str) -> None:
    """From now on the camp's ages do not count for its children. Not what is gone."""
    with suppress(Refused):
        _key(registration_id).update([RegistrationItem.despite_age.set(True)], condition=RegistrationItem.pk.exists())


def parting(
    record: Registration, children: Collection[str], moved_to: str = "", by: EndedBy | None = None
) -> dict[str, Any]:
    """One write of a transaction: the registration is no more for these children, but for the others still. `by`: who
    cancelled for them. Refused if it was cancelled, or a child left it, since it was read."""
    item = _key(record.registration_id)
    left = {**record.left, **dict.fromkeys(children, moved_to)}
    is_other = by is EndedBy.OTHER_PARENT
    return {
        "Update": {
            "Key": table.key(item.pk, item.sk),
            "UpdateExpression": "SET child_ids = :stay, #left = :left REMOVE expires"
            + (" ADD left_by_other :gone" if is_other else ""),
            "ConditionExpression": "child_ids = :before AND attribute_not_exists(cancelled_at)",
            "ExpressionAttributeNames": {"#left": "left"},
            "ExpressionAttributeValues": {
                ":before": _names(record.child_ids),
                ":stay": _names(one for one in record.child_ids if one not in children),
                ":left": _left(left),
                **({":gone": {"SS": sorted(children)}} if is_other else {}),
            },
        }
    }


def unchanged(record: Registration) -> dict[str, Any]:
    """One condition of a transaction: it was not cancelled, and no child left it, since it was read."""
    item = _key(record.registration_id)
    return {
        "ConditionCheck": {
            "Key": table.key(item.pk, item.sk),
            "ConditionExpression": "child_ids = :before AND attribute_not_exists(cancelled_at)",
            "ExpressionAttributeValues": {":before": _names(record.child_ids)},
        }
    }


def moving(record: Registration, children: Collection[str], moved_to: str, at: datetime) -> dict[str, Any]:
    """One write of a transaction: the registration `moved_to` continues this one for these children. If they are all
    that it is for, it ends. Refused as `parting` is."""
    if set(children) != set(record.child_ids):
        return parting(record, children, moved_to)
    item = _key(record.registration_id)
    return {
        "Update": {
            "Key": table.key(item.pk, item.sk),
            "UpdateExpression": "SET cancelled_at = :at, moved_to = :to REMOVE expires",
            "ConditionExpression": "child_ids = :before AND attribute_not_exists(cancelled_at)",
            "ExpressionAttributeValues": {
                ":at": {"N": str(int(at.timestamp()))},
                ":to": {"S": moved_to},
                ":before": _names(record.child_ids),
            },
        }
    }


def keeping_reference(registration_id: str, reference: str) -> dict[str, Any]:
    """One write of a transaction: by which reference a registration is known that continues another one. For the
    search, which has only ids, from which every other reference is worked out."""
    return {"Put": {"Item": {**table.key(CONTINUED, registration_id), "reference": {"S": reference}}}}


def kept_references() -> dict[str, str]:
    """registration_id to the reference that it continues; some 100 bytes for each that ever moved."""
    found = table.query("pk = :pk", {":pk": {"S": CONTINUED}})
    return {item["sk"]["S"]: item["reference"]["S"] for item in found}


def forget_reference(registration_id: str) -> None:
    """Again and again is the same."""
    table.call("DeleteItem", Key=table.key(CONTINUED, registration_id))


def _names(children: Iterable[str]) -> dict[str, Any]:
    return {"L": [{"S": child} for child in children]}


def _left(left: Mapping[str, str]) -> dict[str, Any]:
    return {"M": {child: {"S": to} for child, to in left.items()}}


def read(item: Mapping[str, Any]) -> Registration:
    """A record from its item as DynamoDB writes it. By hand: a list of an opening has thousands."""
    texts = {name: value["S"] for name, value in item.items() if "S" in value}
    numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
    keys = item["keys"]["L"] if "keys" in item else ()
    admission = None
    if "opening_id" in texts:
        keys_of = tuple(key["S"] for key in keys)
        admission = Admitted(texts["opening_id"], numbers.get("window", 0), keys_of, "is_late" in item)
    return Registration(
        registration_id=texts["pk"].removeprefix("F#") + texts["sk"].removeprefix(PREFIX),
        session_id=texts["session_id"],
        child_ids=tuple(child["S"] for child in item["child_ids"]["L"]),
        pass_id=texts["pass_id"],
        created_at=datetime.fromisoformat(texts["created_at"]),
        cancelled_at=datetime.fromtimestamp(numbers["cancelled_at"], UTC) if "cancelled_at" in numbers else None,
        mailed=frozenset(item["mailed"]["SS"]) if "mailed" in item else frozenset(),
        admission=admission,
        tried_at=datetime.fromisoformat(texts["tried_at"]) if "tried_at" in texts else None,
        taken_back=texts.get("taken_back"),
        gave_way_to=texts.get("gave_way_to"),
        ended=_ended(texts),
        called_off="called_off" in item,
        despite_age="despite_age" in item,
        continues=texts.get("continues"),
        moved_from=texts.get("moved_from"),
        moved_to=texts.get("moved_to"),
        left={child: to["S"] for child, to in item["left"]["M"].items()} if "left" in item else {},
        left_by_other=frozenset(item["left_by_other"]["SS"]) if "left_by_other" in item else frozenset(),
    )


def _ended(texts: Mapping[str, str]) -> Ended | None:
    if "ended_by" not in texts:
        return None
    return Ended(EndedBy(texts["ended_by"]), texts.get("ended_who", ""), texts.get("ended_why", ""))


def _key(registration_id: str) -> RegistrationItem:
    return RegistrationItem(f"F#{registration_id[:FAMILY_LENGTH]}", PREFIX + registration_id[FAMILY_LENGTH:])


def _item(registration: Registration) -> RegistrationItem:
    item = _key(registration.registration_id)
    item.session_id = registration.session_id
    item.child_ids = list(registration.child_ids)
    item.pass_id = registration.pass_id
    item.created_at = registration.created_at.isoformat()
    item.continues, item.moved_from = registration.continues, registration.moved_from
    if admitted := registration.admission:
        item.opening_id, item.window, item.keys = admitted.opening_id, admitted.window, list(admitted.keys)
        item.is_late = admitted.is_late or None
    return item


def _expiry(since: datetime, lives: timedelta = UNSETTLED_FOR) -> int:
    return int((since + lives).timestamp())


def _read(item: RegistrationItem) -> Registration:
    return read(item.serialize())
