"""Changes that a token signed earlier does not know: a family forgot its links, the desk moved a child's naming, or a
birth date or postcode was corrected.

One partition has one small item for each change, in order of time. A container asks for what is new at most once in
five seconds, by one query, and remembers the rest: no request reads for itself. So a change counts everywhere within
ten seconds, or the container that cannot find out refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import inf
from time import monotonic
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import is_busy
from chalicelib.people.families.rules import KEPT_DAYS, UNREAD, VALID_DAYS, Bearer, Naming

PARTITION = "CHANGES"
FAMILY, CHILD, CORRECTED = "family", "child", "corrected"
ASK_EVERY = 5
# A container that DynamoDB does not answer goes by what it knows until then. Then it refuses: without DynamoDB it could
# not register anybody anyway, and a link that its family forgot must not open anything.
KNOWS_FOR = 10
# After a query that failed, so that a table that is throttled is not asked by every request.
ASK_AGAIN_AFTER = 1
# A change is told again for so long: clocks of two containers differ, and a write may arrive after it was stamped.
OVERLAP = timedelta(seconds=60)
# No token that a change is about is valid any more; a day more, as clocks differ.
KEPT_FOR = timedelta(days=VALID_DAYS + 1)
# A pass that was proven before the desk moved its child does not know it, and every mail has a new token of it.
MOVED_FOR = timedelta(days=KEPT_DAYS) + KEPT_FOR


class ChangeItem(table.Item):
    """`CHANGES / milliseconds#kind#id`. Of a family: `until`; of one that was corrected also `births` and `postcode`.
    Of a child: `family_id` and `since`, of its naming."""

    until = NumberAttribute(null=True)
    births = JSONAttribute(null=True)
    ids = JSONAttribute(null=True)
    postcode = UnicodeAttribute(null=True)
    family_id = UnicodeAttribute(null=True)
    since = NumberAttribute(null=True)
    expires = NumberAttribute()


@dataclass(frozen=True)
class Corrected:
    """All corrections of a family so far: tokens signed until `until` (epoch seconds) say it otherwise. `births`:
    child_id to birth date; `postcode` None: never corrected; `ids`: former id of a child to how the family names it
    now, under its id of today, in the order in which they changed."""

    until: int
    births: Mapping[str, date]
    postcode: str | None
    ids: Mapping[str, tuple[str, Naming]]


@dataclass
class Known:
    """The changes that a container knows. `revoked`: family_id to the epoch second until which its tokens are revoked;
    `moved`: child_id to its naming as the desk moved it last; `corrected`: family_id to what it was corrected to.
    `since`: up to which moment it has heard everything, by the clock that changes are stamped with. `heard_at`: when it
    began to ask for that, and `asks_at`: when it asks again, by the clock that nobody sets."""

    since: datetime
    heard_at: float = -inf
    asks_at: float = -inf
    revoked: dict[str, int] = field(default_factory=dict)
    moved: dict[str, Naming] = field(default_factory=dict)
    corrected: dict[str, Corrected] = field(default_factory=dict)


_remembered: Memory[str, Known] = Memory(KNOWS_FOR)


def revoke(family_id: str) -> None:
    """From now on no token of this family is valid that was signed until now: passes, cookies, links in mails. A token
    that is signed in a later second is."""
    table.transact_write([revoking(family_id, datetime.now(UTC))])
    forget()


def revoking(family_id: str, now: datetime) -> dict[str, Any]:
    """The same as one write of a transaction. `now`: by the clock of whoever writes, when it writes."""
    return _put(FAMILY, family_id, now, KEPT_FOR, until=int(now.timestamp()))


def moving(child_id: str, naming: Naming, now: datetime) -> dict[str, Any]:
    """One write of a transaction: the desk moved a child's naming to this family. `now`: as for `revoking`."""
    return _put(CHILD, child_id, now, MOVED_FOR, family_id=naming.family_id, since=naming.since)


def correcting(
    family_id: str,
    births: Mapping[str, date],
    postcode: str | None,
    ids: Mapping[str, tuple[str, int, bool]],
    now: datetime,
) -> dict[str, Any]:
    """One write of a transaction: all that the family was corrected to so far. `ids`: former id of a child to its id of
    today, since when the family names it, and whether it did first. `now`: as for `revoking`."""
    said = {child: born.isoformat() for child, born in births.items()}
    content = {"births": said, "postcode": postcode, "ids": {old: list(one) for old, one in ids.items()}}
    return _put(CORRECTED, family_id, now, KEPT_FOR, until=int(now.timestamp()), **content)


def corrected(who: Bearer, signed_at: int) -> Bearer:
    """Whom a token is for that was signed at this epoch second, with what was corrected since. Raises Problem
    `busy`."""
    found = _known().corrected.get(who.family_id)
    if found is None or signed_at > found.until:
        return who
    births, named = dict(who.children), dict(who.namings)
    for old, (new, naming) in found.ids.items():
        if old in births:
            births.setdefault(new, births.pop(old))
            if named.pop(old, None):
                named.setdefault(new, naming)
    births = {child: found.births.get(child, born) for child, born in births.items()}
    return replace(who, children=births, namings=named, postcode=found.postcode or who.postcode)


def forget_corrected(family_id: str) -> None:
    """Forgets the corrections of an erased family: its tokens are revoked, so nobody needs them. One read unit for each
    4 KB of all changes."""
    for item in ChangeItem.query(PARTITION):
        if item.sk.endswith(f"#{CORRECTED}#{family_id}"):
            item.delete()


def is_revoked(family_id: str, signed_at: int) -> bool:
    """Whether a token of this family that was signed at this epoch second is valid no more. Raises Problem `busy`."""
    return signed_at <= _known().revoked.get(family_id, -1)


def moved(child_id: str) -> Naming | None:
    """How the desk moved the child's naming last; None: it did not. Raises Problem `busy`."""
    return _known().moved.get(child_id)


def forget() -> None:
    """For whoever changes something in this process: it hears of it with the next request."""
    _remembered.forget()


def hear_nothing() -> None:
    """As in a container that has just heard that nothing changed, and never asks again: for tests and measurements."""
    _remembered.put(PARTITION, Known(datetime.now(UTC), heard_at=inf, asks_at=inf))


def _known() -> Known:
    """The changes that this container knows, of at most KNOWS_FOR seconds ago. Raises Problem `busy` if it cannot
    know."""
    known = _remembered.last(PARTITION) or Known(datetime.fromtimestamp(0, UTC) + OVERLAP)
    if (now := monotonic()) < known.asks_at:
        return known
    try:
        _ask(known, now)
    except Exception as error:
        if not is_busy(error):
            raise
        if monotonic() - known.heard_at >= KNOWS_FOR:
            raise Problem(BUSY, retry_after=ASK_EVERY) from error
        known.asks_at = min(monotonic() + ASK_AGAIN_AFTER, known.heard_at + KNOWS_FOR)
    _remembered.put(PARTITION, known)
    return known


def _ask(known: Known, now: float) -> None:
    """Adds what is new. What it had heard before may come again, and changes nothing."""
    since, asked_at = known.since - OVERLAP, datetime.now(UTC)
    for item in ChangeItem.query(PARTITION, ChangeItem.sk >= _stamp(since), consistent_read=True):
        _, kind, name = item.sk.split("#")
        if kind == FAMILY:
            known.revoked[name] = max(known.revoked.get(name, -1), int(item.until))
        elif kind == CORRECTED:
            births = {child: date.fromisoformat(born) for child, born in item.births.items()}
            ids = {
                old: (new, Naming(name, since, None if is_first else UNREAD))
                for old, (new, since, is_first) in (item.ids or {}).items()
            }
            known.corrected[name] = Corrected(int(item.until), births, item.postcode, ids)
        else:
            known.moved[name] = Naming(item.family_id, int(item.since))
    known.since, known.heard_at, known.asks_at = asked_at, now, now + ASK_EVERY


def _put(kind: str, name: str, now: datetime, kept_for: timedelta, **content: Any) -> dict[str, Any]:
    item = ChangeItem(PARTITION, f"{_stamp(now)}#{kind}#{name}", expires=int((now + kept_for).timestamp()), **content)
    return {"Put": {"Item": item.serialize()}}


def _stamp(moment: datetime) -> str:
    """In milliseconds; as text in the order of time."""
    return f"{int(moment.timestamp() * 1000):015d}"
