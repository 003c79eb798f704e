"""A draw in the table, all of it under its opening.

| pk           | sk                | what                                                                        |
| ------------ | ----------------- | --------------------------------------------------------------------------- |
| O#opening_id | D#family_id       | what a family entered, and what became of it; the only part with ids        |
| O#opening_id | ASKED             | who had it drawn                                                            |
| O#opening_id | BEACON            | the public value that is mixed in, who entered it and who confirmed it      |
| O#opening_id | DRAW              | the hash of the list, and that of the start: each put once                  |
| O#opening_id | LIST#hash#0001    | the list as it is published, in parts                                       |
| O#opening_id | START#hash#0001   | what there was when the draw began, in parts                                |
| O#opening_id | RESULT#0001       | what became of the entries of that part                                     |
| O#opening_id | S#session_id      | how far the draw has written out a session                                  |

What is put once is never another: a draw that is asked for again goes on where it broke off, with the same list.

From the moment when the draw begins its opening does not change until it is over: `begin` changes its edition in the
same transaction, so that an incident that had read the opening before is refused, and one that reads it later finds the
draw. Whatever the draw gives it gives on the condition that the edition is still that one.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from chalicelib.booking.draw import rules
from chalicelib.booking.draw.rules import DrawEntry, Start, listed
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import table
from chalicelib.core.canonical import canonical
from chalicelib.core.refusals import Busy, Refused, went_through
from chalicelib.people.families import namings
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import keyed_id
from chalicelib.people.families.rules import kept_until
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import draw_key
from chalicelib.programme.openings.rules import Opening

MOST_WISHES = 10
PREFIX = "D#"
CHILD_LENGTH = 10
# Of JSON, before it is compressed. An item takes 400 KB; what became of the entries is never longer than they are.
PART_BYTES = 180_000
# Of the start, after it is compressed.
START_BYTES = 300_000

Wish = tuple[tuple[str, str], ...]


class DrawEntryItem(table.Item):
    """`children`: child_id to birth date. `attempts`: [since when, wish, by which pass], of an opening that became a
    draw. `mailed`: that its result was. `told`: the cancelled sessions of which its family was told."""

    pass_id = UnicodeAttribute()
    children = JSONAttribute()
    wishes = JSONAttribute()
    attempts = JSONAttribute(null=True)
    updated_at = UnicodeAttribute()
    expires = NumberAttribute()
    result = JSONAttribute(null=True)
    mailed = BooleanAttribute(null=True)
    told = UnicodeSetAttribute(null=True)


class DrawRequestItem(table.Item):
    by = UnicodeAttribute()
    name = UnicodeAttribute()
    at = UnicodeAttribute()


class BeaconItem(table.Item):
    value = UnicodeAttribute()
    by = UnicodeAttribute()
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    confirmed_by = UnicodeAttribute(null=True)
    confirmed_name = UnicodeAttribute(null=True)
    confirmed_at = UnicodeAttribute(null=True)


class DrawItem(table.Item):
    """`start_hash`, `start_parts`: of what there was when the draw began. `edition`: of the opening from then on.
    `short`: the sessions that have fewer seats left than the draw gave, because somebody else gave them meanwhile."""

    list_hash = UnicodeAttribute()
    entries = NumberAttribute()
    parts = NumberAttribute()
    frozen_at = UnicodeAttribute()
    start_hash = UnicodeAttribute(null=True)
    start_parts = NumberAttribute(null=True)
    edition = NumberAttribute(null=True)
    began_at = UnicodeAttribute(null=True)
    short = JSONAttribute(null=True)


class PartItem(table.Item):
    content = BinaryAttribute(legacy_encoding=False)


class ProgressItem(table.Item):
    seated = NumberAttribute()
    first = NumberAttribute()
    is_done = BooleanAttribute(null=True)


@dataclass(frozen=True)
class Entered:
    """The entry of a family, with its own ids. `pass_id`: by which pass it entered its wishes; each attempt names its
    own, which may know other children. `result`: what became of it, once it is drawn."""

    opening_id: str
    family_id: str
    pass_id: str
    children: Mapping[str, date]
    wishes: tuple[Wish, ...]
    updated_at: datetime
    attempts: tuple[tuple[str, Wish, str], ...] = ()
    result: Mapping[str, Any] | None = None
    is_mailed: bool = False
    told: frozenset[str] = frozenset()

    def wishes_for(self, session_id: str) -> bool:
        return any(session == session_id for wish in self.all_wishes for _, session in wish)

    @property
    def all_wishes(self) -> tuple[Wish, ...]:
        """Its wishes, then the attempts that failed through us in their order; none twice, MOST_WISHES at most."""
        return tuple(dict.fromkeys((*self.wishes, *(wish for _, wish, _ in self.attempts))))[:MOST_WISHES]

    def pass_of(self, wish: Wish) -> str:
        """The pass that knows the children of this wish."""
        by_attempt = {tried: pass_id for _, tried, pass_id in self.attempts}
        return self.pass_id if wish in self.wishes else by_attempt[wish]

    @property
    def entry_name(self) -> str:
        """In the list."""
        return draw_key(self.opening_id, self.family_id)

    @property
    def keys_of_later(self) -> tuple[str, ...]:
        """Its keys if another entry comes first for one of its children."""
        more = (draw_key(self.opening_id, f"{self.family_id}|{number}") for number in range(1, rules.KEYS_OF_LATER))
        return tuple(sorted((self.entry_name, *more)))

    def as_published(self, keys: tuple[str, ...] | None = None) -> DrawEntry:
        """The same as everybody may see it; `keys`: its own alone if None. A child has another name in each family's
        entry, so that nobody who enters it finds the others."""
        return DrawEntry(
            self.entry_name,
            keys or (self.entry_name,),
            self._wishes(
                lambda child: keyed_id(f"opening {self.opening_id} child", f"{self.family_id}|{child}", CHILD_LENGTH)
            ),
        )

    def as_drawn(self, keys: tuple[str, ...] | None = None) -> DrawEntry:
        """The same for the draw itself, never published: a child has one name in all entries."""
        return DrawEntry(
            self.entry_name, keys or (self.entry_name,), self._wishes(lambda child: pseudonym(self.opening_id, child))
        )

    def _wishes(self, named: Callable[[str], str]) -> tuple[Wish, ...]:
        """The order within a wish says nothing."""
        return tuple(tuple(sorted((named(child), session) for child, session in wish)) for wish in self.all_wishes)


@dataclass(frozen=True)
class Beacon:
    """`confirmed_at` None: one staff member entered it, and nobody else did yet."""

    value: str
    by: str
    name: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Begun:
    """That the draw began. `start_hash`, `start_parts`, `edition`: see DrawItem."""

    at: datetime
    edition: int
    start_hash: str
    start_parts: int


@dataclass(frozen=True)
class Frozen:
    """The list from which is drawn. `short`: see DrawItem."""

    list_hash: str
    entries: int
    parts: int
    frozen_at: datetime
    begun: Begun | None = None
    short: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Progress:
    """How far a session is written out. `seated`: how many writes of its seats are done. `first`: the first ticket of
    those who wait. `is_done`: they all have their places."""

    seated: int
    first: int
    is_done: bool


def pseudonym(opening_id: str, child_id: str) -> str:
    """A child's name in one opening's draw: the same in every entry, so that no child gets two seats at a time, and
    never published."""
    return keyed_id(f"opening {opening_id} child", child_id, CHILD_LENGTH)


def with_keys(opening_id: str, entered: Sequence[Entered]) -> list[DrawEntry]:
    """The entries as they are published; reads who named those children first that several of them hold."""
    alone = [one.as_drawn() for one in entered]
    known = {pseudonym(opening_id, child): child for one in entered for wish in one.all_wishes for child, _ in wish}
    families_of = namings.firsts([known[child] for child in rules.by_child(alone)])
    named_by = {
        pseudonym(opening_id, child): draw_key(opening_id, family_id) for child, family_id in families_of.items()
    }
    later = rules.later(alone, named_by)
    return [one.as_published(one.keys_of_later if one.entry_name in later else None) for one in entered]


def put_entry(entered: Entered) -> bool:
    """Replaces the family's earlier entry. False: its result is there; nothing changes."""
    return went_through(lambda: _item(entered).save(condition=DrawEntryItem.result.does_not_exist()))


def withdraw(opening_id: str, family_id: str) -> bool:
    """Takes the family's entry off the list, if there is one. False: its result is there; nothing changes."""
    item = DrawEntryItem(_pk(opening_id), PREFIX + family_id)
    return went_through(lambda: item.delete(condition=DrawEntryItem.result.does_not_exist()))


def renaming(entered: Entered, old: str, new: str, now: datetime) -> dict[str, Any]:
    """One write of a transaction: a child has another id in the family's entry. Refused if the entry was changed since,
    or its result is there."""

    def named(wish: Wish) -> Wish:
        return tuple(dict.fromkeys((new if child == old else child, session) for child, session in wish))

    after = replace(
        entered,
        children={new if child == old else child: born for child, born in entered.children.items()},
        wishes=tuple(map(named, entered.wishes)),
        attempts=tuple((since, named(wish), pass_id) for since, wish, pass_id in entered.attempts),
        updated_at=now,
    )
    return {
        "Put": {
            "Item": _item(after).serialize(),
            "ConditionExpression": "updated_at = :before AND attribute_not_exists(#result)",
            "ExpressionAttributeNames": {"#result": "result"},
            "ExpressionAttributeValues": {":before": {"S": entered.updated_at.isoformat()}},
        }
    }


def erase(opening_id: str, family_id: str) -> None:
    """Forgets who entered these wishes, of a draw that is over: what was published of them stays. Again and again is
    the same."""
    DrawEntryItem(_pk(opening_id), PREFIX + family_id).delete()


def entry_of(opening_id: str, family_id: str) -> Entered | None:
    item = DrawEntryItem.find(_pk(opening_id), PREFIX + family_id)
    return _entered(item) if item else None


def no_entry_of(opening_id: str, family_id: str) -> dict[str, Any]:
    """One condition of a transaction: the family entered nothing."""
    key = table.key(_pk(opening_id), PREFIX + family_id)
    return {"ConditionCheck": {"Key": key, "ConditionExpression": "attribute_not_exists(pk)"}}


def entries(opening_id: str) -> Iterator[Entered]:
    """The entries of all families, with a consistent read of all of it (about 1 KB a family)."""
    for item in DrawEntryItem.query(_pk(opening_id), DrawEntryItem.sk.startswith(PREFIX), consistent_read=True):
        yield _entered(item)


def wishing(opening: Opening | None, session_id: str) -> list[str]:
    """The families that wish for a session in a draw to come, which is its `opening`. Reads all entries of the draw."""
    if opening is None or not opening.is_to_be_drawn:
        return []
    return [one.family_id for one in entries(opening.opening_id) if one.wishes_for(session_id)]


def enter_attempt(opening: Opening, registration: Registration) -> None:
    """An attempt that failed through us counts as a wish of its family, behind those that it has, in the order of the
    attempts. Again and again is the same; nothing if the pass is gone, or if the family's result is there."""
    pass_ = families.get(registration.family_id, registration.pass_id)
    if pass_ is None:
        return
    births = {child.child_id: child.birth_date for child in pass_.children}
    wish = tuple(sorted((child, registration.session_id) for child in registration.child_ids))
    attempt = (registration.created_at.isoformat(), wish, registration.pass_id)
    while True:
        before = entry_of(opening.opening_id, registration.family_id)
        if before and (before.result is not None or attempt in before.attempts):
            return
        condition = DrawEntryItem.pk.does_not_exist()
        if before:
            condition = (
                DrawEntryItem.updated_at == before.updated_at.isoformat()
            ) & DrawEntryItem.result.does_not_exist()
        entered = Entered(
            opening_id=opening.opening_id,
            family_id=registration.family_id,
            pass_id=before.pass_id if before else registration.pass_id,
            children={**(before.children if before else {}), **{child: births[child] for child, _ in wish}},
            wishes=before.wishes if before else (),
            updated_at=datetime.now(UTC),
            attempts=tuple(sorted((*(before.attempts if before else ()), attempt))),
            told=before.told if before else frozenset(),
        )
        if went_through(partial(_item(entered).save, condition)):
            return


def put_results(results: Iterable[tuple[Entered, Mapping[str, Any]]]) -> None:
    """Tells families what became of their wishes: the stream sees it, and a mail follows. What is there stays."""
    table.batch_put(
        [_item(replace(entered, result=result)).serialize() for entered, result in results if entered.result is None]
    )


def is_mailed(opening_id: str, family_id: str) -> bool:
    found = entry_of(opening_id, family_id)
    return found is not None and found.is_mailed


def mark_mailed(opening_id: str, family_id: str) -> None:
    DrawEntryItem(_pk(opening_id), PREFIX + family_id).update(
        [DrawEntryItem.mailed.set(True)], condition=DrawEntryItem.pk.exists()
    )


def ask_put(opening_id: str, by: str, name: str, at: datetime) -> dict[str, Any]:
    """One write of a transaction: who has it drawn, which is kept once."""
    item = DrawRequestItem(_pk(opening_id), "ASKED", by=by, name=name, at=at.isoformat())
    return {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}


def is_asked_for(opening_id: str) -> bool:
    return DrawRequestItem.count(_pk(opening_id), DrawRequestItem.sk == "ASKED", consistent_read=True) > 0


def beacon(opening_id: str, since: datetime) -> Beacon | None:
    """The value that was entered since the list was frozen; an earlier one does not count."""
    item = BeaconItem.find(_pk(opening_id), "BEACON")
    if item is None or datetime.fromisoformat(item.at) < since:
        return None
    return Beacon(
        item.value, item.by, item.name, datetime.fromisoformat(item.confirmed_at) if item.confirmed_at else None
    )


def confirmed_beacon(opening_id: str, since: datetime) -> str | None:
    found = beacon(opening_id, since)
    return found.value if found and found.confirmed_at else None


def enter_beacon(opening_id: str, value: str, by: str, name: str, at: datetime, since: datetime) -> bool:
    """The first of two who enter it; until the second has, what was mistyped can be entered anew. `since`: when the
    list was frozen. False: it is confirmed, and stays as it is."""
    item = BeaconItem(_pk(opening_id), "BEACON", value=value, by=by, name=name, at=at.isoformat())
    is_open = BeaconItem.confirmed_by.does_not_exist() | (BeaconItem.at < since.isoformat())
    return went_through(lambda: item.save(condition=is_open))


def confirm_beacon(opening_id: str, value: str, by: str, name: str, at: datetime) -> dict[str, Any]:
    """One write of a transaction, on the condition that somebody else entered this value and nobody confirmed it."""
    return {
        "Update": {
            "Key": table.key(_pk(opening_id), "BEACON"),
            "UpdateExpression": "SET confirmed_by = :by, confirmed_name = :name, confirmed_at = :at",
            "ConditionExpression": "#value = :value AND #by <> :by AND attribute_not_exists(confirmed_by)",
            "ExpressionAttributeNames": {"#value": "value", "#by": "by"},
            "ExpressionAttributeValues": {
                ":value": {"S": value},
                ":by": {"S": by},
                ":name": {"S": name},
                ":at": {"S": at.isoformat()},
            },
        }
    }


def frozen(opening_id: str) -> Frozen | None:
    item = DrawItem.find(_pk(opening_id), "DRAW")
    if item is None:
        return None
    return Frozen(
        list_hash=item.list_hash,
        entries=int(item.entries),
        parts=int(item.parts),
        frozen_at=datetime.fromisoformat(item.frozen_at),
        begun=Begun(
            datetime.fromisoformat(item.began_at), int(item.edition or 0), item.start_hash, int(item.start_parts or 0)
        )
        if item.began_at and item.start_hash
        else None,
        short=item.short or (),
    )


def valid_list(opening: Opening) -> Frozen | None:
    """The list that is frozen, unless wishes were taken again since: an incident gave the opening a new moment. Once
    the draw began, its list stays."""
    found, until = frozen(opening.opening_id), opening.wishes_until
    if found is None or (found.begun is None and until is not None and found.frozen_at < until):
        return None
    return found


def freeze(
    opening_id: str, hash_of_list: str, entered: Sequence[DrawEntry], at: datetime, instead_of: Frozen | None
) -> Frozen:
    """Puts the list, and then its hash, once: answers the one that stands, which is another's if that was quicker.
    `instead_of`: a list that is not valid any more."""
    parts = list(_parts(listed(entered)))
    table.batch_put(
        [
            _part(_list_sk(hash_of_list, number), [one.to_document() for one in part], opening_id)
            for number, part in enumerate(parts)
        ]
    )
    item = DrawItem(_pk(opening_id), "DRAW")
    item.list_hash, item.entries, item.parts = hash_of_list, len(entered), len(parts)
    item.frozen_at = at.isoformat()
    condition = DrawItem.pk.does_not_exist()
    if instead_of:
        condition = (DrawItem.frozen_at == instead_of.frozen_at.isoformat()) & DrawItem.began_at.does_not_exist()
    with suppress(Refused):
        item.save(condition=condition)
    found = frozen(opening_id)
    assert found is not None, "what was put, or was there, stays"
    return found


def begin(opening: Opening, edition: int, found: Frozen, start: Start, at: datetime) -> None:
    """Keeps what there is when the draw begins, once, and takes the opening for the draw. Nothing of it stands if the
    opening is not the one that was read with this edition, the list is another by now, or another call was quicker."""
    packed = _packed(start.to_document())
    hash_of_start = hashlib.sha256(packed).hexdigest()
    parts = [packed[place : place + START_BYTES] for place in range(0, len(packed), START_BYTES)]
    table.batch_put(
        [
            dict(PartItem(_pk(opening.opening_id), _start_sk(hash_of_start, number), content=part).serialize())
            for number, part in enumerate(parts)
        ]
    )
    begins = {
        "Update": {
            "Key": table.key(_pk(opening.opening_id), "DRAW"),
            "UpdateExpression": "SET start_hash = :start, start_parts = :parts, edition = :edition, began_at = :at",
            "ConditionExpression": "list_hash = :list AND frozen_at = :frozen AND attribute_not_exists(began_at)",
            "ExpressionAttributeValues": {
                ":start": {"S": hash_of_start},
                ":parts": {"N": str(len(parts))},
                ":edition": {"N": str(edition + 1)},
                ":at": {"S": at.isoformat()},
                ":list": {"S": found.list_hash},
                ":frozen": {"S": found.frozen_at.isoformat()},
            },
        }
    }
    try:
        table.transact_write([begins, openings.put_of(opening, edition)])
    except Refused:
        pass
    except Busy as busy:
        if not busy.is_conflict:
            raise
    openings.forget()
    now = frozen(opening.opening_id)
    if now and now.begun and now.begun.start_hash != hash_of_start:  # another call began, from another start
        for number in range(len(parts)):
            PartItem(_pk(opening.opening_id), _start_sk(hash_of_start, number)).delete()


def start_of(opening_id: str, begun: Begun) -> Start:
    parts = (
        PartItem.get(_pk(opening_id), _start_sk(begun.start_hash, number), consistent_read=True).content
        for number in range(begun.start_parts)
    )
    return Start.from_document(_unpacked(b"".join(parts)))


def say_short(opening_id: str, sessions: Sequence[str]) -> None:
    """For staff: which sessions lack seats that the draw gave. None: none does any more."""
    change = DrawItem.short.set(list(sessions)) if sessions else DrawItem.short.remove()
    DrawItem(_pk(opening_id), "DRAW").update([change], condition=DrawItem.pk.exists())


def part_of_list(opening_id: str, found: Frozen, number: int) -> list[DrawEntry]:
    """One of the list's parts, the first is 0."""
    return [DrawEntry.from_document(one) for one in _content(opening_id, _list_sk(found.list_hash, number))]


def whole_list(opening_id: str, found: Frozen) -> Iterator[DrawEntry]:
    for number in range(found.parts):
        yield from part_of_list(opening_id, found, number)


def put_published(opening_id: str, found: Frozen, results: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts what became of every entry, its bars among it, in the parts of the list."""
    for number in range(found.parts):
        of_part = [results[one.entry] for one in part_of_list(opening_id, found, number)]
        table.batch_put([_part(_result_sk(number), of_part, opening_id)])


def part_of_results(opening_id: str, number: int) -> list[Any]:
    return list(_content(opening_id, _result_sk(number)))


def progress(item: Mapping[str, Any]) -> Progress:
    return Progress(int(item["seated"]["N"]), int(item["first"]["N"]), "is_done" in item)


def progress_key(opening_id: str, session_id: str) -> dict[str, Any]:
    return table.key(_pk(opening_id), f"S#{session_id}")


def mark_done(opening_id: str, session_id: str) -> None:
    ProgressItem(_pk(opening_id), f"S#{session_id}").update(
        [ProgressItem.is_done.set(True)], condition=ProgressItem.pk.exists()
    )


def _parts(entered: Sequence[DrawEntry]) -> Iterator[list[DrawEntry]]:
    part: list[DrawEntry] = []
    taken = 0
    for one in entered:
        size = len(canonical(one.to_document()))
        if part and taken + size > PART_BYTES:
            yield part
            part, taken = [], 0
        part.append(one)
        taken += size
    if part:
        yield part


def _part(sk: str, content: Sequence[Any], opening_id: str) -> dict[str, Any]:
    return dict(PartItem(_pk(opening_id), sk, content=_packed(list(content))).serialize())


def _content(opening_id: str, sk: str) -> Any:
    return _unpacked(PartItem.get(_pk(opening_id), sk, consistent_read=True).content)


def _packed(content: Any) -> bytes:
    return zlib.compress(canonical(content))


def _unpacked(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def _pk(opening_id: str) -> str:
    return f"O#{opening_id}"


def _list_sk(hash_of_list: str, number: int) -> str:
    return f"LIST#{hash_of_list}#{number:04d}"


def _start_sk(hash_of_start: str, number: int) -> str:
    return f"START#{hash_of_start}#{number:04d}"


def _result_sk(number: int) -> str:
    return f"RESULT#{number:04d}"


def mark_told(opening_id: str, family_id: str, session_id: str) -> None:
    """That the family was told of a cancelled session; nothing if it took its entry back."""
    item = DrawEntryItem(_pk(opening_id), PREFIX + family_id)
    went_through(lambda: item.update([DrawEntryItem.told.add({session_id})], condition=DrawEntryItem.pk.exists()))


def _item(entered: Entered) -> DrawEntryItem:
    return DrawEntryItem(
        _pk(entered.opening_id),
        PREFIX + entered.family_id,
        pass_id=entered.pass_id,
        children={child: born.isoformat() for child, born in entered.children.items()},
        wishes=entered.wishes,
        attempts=entered.attempts or None,
        updated_at=entered.updated_at.isoformat(),
        expires=kept_until(entered.updated_at),
        result=entered.result,
        mailed=entered.is_mailed or None,
        told=set(entered.told) or None,
    )


def _entered(item: DrawEntryItem) -> Entered:
    return Entered(
        opening_id=item.pk.removeprefix("O#"),
        family_id=item.sk.removeprefix(PREFIX),
        pass_id=item.pass_id,
        children={child: date.fromisoformat(born) for child, born in item.children.items()},
        wishes=tuple(_wish(wish) for wish in item.wishes),
        updated_at=datetime.fromisoformat(item.updated_at),
        attempts=tuple((at, _wish(wish), pass_id) for at, wish, pass_id in item.attempts or ()),
        result=item.result,
        is_mailed=bool(item.mailed),
        told=frozenset(item.told or ()),
    )


def _wish(pairs: Iterable[Sequence[str]]) -> Wish:
    return tuple((child, session) for child, session in pairs)
