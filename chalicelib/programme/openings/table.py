"""Openings in the table, all under one key, so that a container learns of every one with one query.

| pk       | sk         | what                                                            |
| -------- | ---------- | --------------------------------------------------------------- |
| OPENINGS | opening_id | an opening: its current version, approvals, state, seed         |
| OWNERS   | session_id | which opening owns the session, or is about to                  |

`opening_id` begins with the year, so that those of earlier years are not read over and over.

A session has one owner: an opening owns all of its sessions before it is published (`own`), in parts, because it may
have more than a transaction takes. Whoever finds a session owned by a draft, which is published at this moment or whose
publication broke off, takes it over and changes that draft's edition in the same transaction: so nobody publishes a
draft that has lost a session since they read it.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.core import table
from chalicelib.core.ids import by_chance
from chalicelib.core.memory import Memory
from chalicelib.core.moments import kept
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.programme.openings.rules import Approval, Opening, Plan, Shift, State
from chalicelib.programme.openings.stream import PK as PK  # noqa: PLC0414 who asks for openings takes it from here

OWNERS = "OWNERS"
# Of the writes that DynamoDB takes in one transaction.
MOST_OWNED_AT_ONCE = 100
# How long a container goes by what it read. A pause, which cannot wait longer, is told to every family by then; and
# what a container reads anew costs half a read unit for each 4 KB of openings.
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, Mapping[str, Opening]] = Memory(SECONDS_REMEMBERED)


class OpeningItem(table.Item):
    """`plan`: the version as JSON. `edition` counts every change of the item, so that no two overwrite each other."""

    edition = NumberAttribute()
    version = NumberAttribute()
    state = UnicodeAttribute()
    seed = BinaryAttribute(legacy_encoding=False)
    plan = JSONAttribute()
    more = JSONAttribute()

    @classmethod
    def of(cls, opening: Opening, edition: int) -> Self:
        return cls(
            PK,
            opening.opening_id,
            edition=edition,
            version=opening.version,
            state=opening.state.value,
            seed=opening.seed,
            plan=opening.plan.to_document(),
            more={
                "approvals": [{**asdict(one), "at": one.at.isoformat()} for one in opening.approvals],
                "published_at": _text(opening.published_at),
                "shifts": [[one.after.isoformat(), one.by.total_seconds()] for one in opening.shifts],
                "paused_at": _text(opening.paused_at),
                "pauses": [[one.after.isoformat(), one.by.total_seconds()] for one in opening.pauses],
                "why": dict(opening.why),
                "drawn_instead": _text(opening.drawn_instead),
                "seed_was_public": opening.seed_was_public,
            },
        )

    def opening(self) -> Opening:
        more = self.more
        return Opening(
            opening_id=self.sk,
            version=int(self.version),
            plan=Plan.from_document(self.plan),
            state=State(self.state),
            seed=self.seed,
            approvals=tuple(
                Approval(one["by"], datetime.fromisoformat(one["at"]), one["version"], one["name"])
                for one in more["approvals"]
            ),
            published_at=kept(more["published_at"]),
            shifts=_shifts(more["shifts"]),
            pauses=_shifts(more.get("pauses", ())),
            paused_at=kept(more["paused_at"]),
            why=more["why"],
            drawn_instead=kept(more["drawn_instead"]),
            seed_was_public=more["seed_was_public"],
        )


class OwnerItem(table.Item):
    opening_id = UnicodeAttribute()


def new_id(now: datetime) -> str:
    """`2027-k7m2xq`: the year, and what cannot be chosen, so that no draft's seed can be had twice."""
    return f"{now.year}-" + by_chance(6)


def create(opening: Opening) -> None:
    _put(opening, 1, OpeningItem.pk.does_not_exist())


def get(opening_id: str) -> tuple[Opening, int] | None:
    """The opening as it is now, and its edition, which `write` asks for."""
    item = OpeningItem.find(PK, opening_id)
    return (item.opening(), int(item.edition)) if item else None


def write(opening: Opening, edition: int) -> None:
    """Puts the opening in the place of the one that was read with this edition; raises Interfered if that has gone."""
    _put(opening, edition + 1, OpeningItem.edition == edition)
    forget()


def _put(opening: Opening, edition: int, condition: Condition) -> None:
    """botocore repeats a put whose answer was lost, and its own condition refuses it then: what stands is ours."""
    try:
        OpeningItem.of(opening, edition).save(condition=condition)
    except Refused as refused:
        if get(opening.opening_id) != (opening, edition):
            raise Interfered from refused


def put_of(opening: Opening, edition: int) -> dict[str, Any]:
    """The same as one write of a transaction, for what must change together with it."""
    return {
        "Put": {
            "Item": OpeningItem.of(opening, edition + 1).serialize(),
            **table.as_read("edition", edition),
        }
    }


def unchanged(opening_id: str, edition: int) -> dict[str, Any]:
    """One write of a transaction, which changes nothing: that the opening is still the one that was read with this
    edition. For whoever does something because of what it says."""
    return {"ConditionCheck": {"Key": table.key(PK, opening_id), **table.as_read("edition", edition)}}


def own(opening: Opening) -> bool:
    """That the opening owns each of its sessions; again and again is the same. To be published only with the edition
    that it was read with before. False: a published opening owns one of them."""
    for place in range(0, len(opening.plan.session_ids), MOST_OWNED_AT_ONCE):
        part = opening.plan.session_ids[place : place + MOST_OWNED_AT_ONCE]
        while True:
            try:
                table.transact_write([_owning(session_id, opening.opening_id) for session_id in part])
                break
            except Refused as refused:
                if refused.busy:
                    raise refused.busy from refused
                for number, item in refused.items.items():
                    if not _taken_over(part[number], item["opening_id"]["S"], opening.opening_id):
                        return False
    return True


def _owning(session_id: str, opening_id: str, before: str | None = None) -> dict[str, Any]:
    """One write of a transaction. `before`: the opening that owns the session, and is to lose it."""
    return {
        "Put": {
            "Item": OwnerItem(OWNERS, session_id, opening_id=opening_id).serialize(),
            "ConditionExpression": "attribute_not_exists(pk) OR opening_id = :before",
            "ExpressionAttributeValues": {":before": {"S": before or opening_id}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _taken_over(session_id: str, other: str, opening_id: str) -> bool:
    """Whether the session is not that other opening's any more. False: that one is published."""
    found = get(other)
    if found and found[0].is_live:
        return False
    # If the draft changed meanwhile, it is looked at again.
    with suppress(Refused):
        table.transact_write([_owning(session_id, opening_id, other), *([put_of(*found)] if found else [])])
    return True


def left_alone(session_id: str) -> list[dict[str, Any]] | None:
    """The writes of a transaction by which no opening owns the session, nor gets to by a publication that is under way:
    a draft that owns it already has to be published anew. None: a published opening owns it."""
    owner = OwnerItem.find(OWNERS, session_id)
    key = table.key(OWNERS, session_id)
    if owner is None:
        return [{"ConditionCheck": {"Key": key, "ConditionExpression": "attribute_not_exists(pk)"}}]
    found = get(owner.opening_id)
    if found and found[0].is_live:
        return None
    owned = {
        "ConditionExpression": "opening_id = :before",
        "ExpressionAttributeValues": {":before": {"S": owner.opening_id}},
    }
    return [{"Delete": {"Key": key, **owned}}, *([put_of(*found)] if found else [])]


def every() -> list[Opening]:
    """All openings, drafts too, the newest first."""
    return [item.opening() for item in OpeningItem.query(PK, scan_index_forward=False, consistent_read=True)]


def of_session(session_id: str, now: datetime) -> Opening | None:
    """The published opening that the session belongs to, as it was at most SECONDS_REMEMBERED ago; no read meanwhile.

    None: it belongs to none, and opens by itself."""
    return _by_session(now).get(session_id)


def remembered(now: datetime) -> list[Opening]:
    """The published openings of this year and the last, as `of_session` knows them."""
    return list({opening.opening_id: opening for opening in _by_session(now).values()}.values())


def one_remembered(opening_id: str, now: datetime) -> Opening | None:
    """One of them, or None."""
    return next((opening for opening in _by_session(now).values() if opening.opening_id == opening_id), None)


def forget() -> None:
    """For whoever changes openings in this process."""
    _remembered.forget()


def _by_session(now: datetime) -> Mapping[str, Opening]:
    return _remembered.get(PK, lambda: _read(now))


def _read(now: datetime) -> Mapping[str, Opening]:
    since = OpeningItem.sk >= str(now.year - 1)
    live = [item.opening() for item in OpeningItem.query(PK, since) if item.state != State.DRAFT]
    return {session: opening for opening in live for session in opening.plan.session_ids}


def _shifts(kept: Iterable[tuple[str, float]]) -> tuple[Shift, ...]:
    return tuple(Shift(datetime.fromisoformat(after), timedelta(seconds=seconds)) for after, seconds in kept)


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
