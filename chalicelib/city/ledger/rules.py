"""The ledger of exceptions: who did what out of the ordinary, when, and why. A chain of hashes: plain rules.

An entry has a public part and a private one (who, why, for which registration). Its hash covers its number, the hash of
the entry before it, the public part, and a seal: SHA-256 of a random salt and the private part. So everybody can verify
the whole chain without a name or a reason; whoever has the private part and its salt can show that it was that one; and
a private part may be erased one day without breaking the chain.

What the chain proves: an entry that was changed, dropped, put in or moved does not fit the hashes of those behind it.
What it cannot prove by itself: that the last entries are there. For that, compare it with a head (number and hash) that
somebody noted down earlier; `GET /api/ledger` publishes it with every answer.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.core.canonical import canonical, each_once
from chalicelib.core.http.answers import Count, Sha256
from chalicelib.core.http.fields import Text
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_

# What stands before the first entry.
NO_HASH = "0" * 64

AS_REASON = N_("Say why, in a sentence of 10 to 1,000 characters: readers of the ledger learn nothing else about it.")
FEWEST_LETTERS = 6
# No control characters but line breaks.
REASON = Text(AS_REASON, "[^\\x00-\\x09\\x0b-\\x1f\\x7f]{10,1000}", 1000)


class LedgerAct(StrEnum):
    DESK_REGISTRATION = "desk-registration"
    DESK_CANCELLATION = "desk-cancellation"
    DESK_TRANSFER = "desk-transfer"
    OFFER_ACCEPTED = "offer-accepted"
    SEAT_GRANTED = "seat-granted"
    SEATS_RESERVED = "seats-reserved"
    SEATS_FREED = "seats-freed"
    CAPACITY_CHANGED = "capacity-changed"
    DEADLINE_MOVED = "deadline-moved"
    REGISTRATION_OPENED = "registration-opened"
    SESSION_CHANGED = "session-changed"
    SESSION_CANCELLED = "session-cancelled"
    SESSION_WITHDRAWN = "session-withdrawn"
    PUBLISHED = "published"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    VOIDED = "voided"
    TURNED_INTO_DRAW = "turned-into-draw"
    BEACON = "beacon"
    DRAWN = "drawn"
    CANCELLATION_RULE = "cancellation-rule"
    NAMING_MOVED = "naming-moved"
    CHILDREN_ALLOWED = "children-allowed"
    FAMILY_CORRECTED = "family-corrected"
    CHILDREN_JOINED = "children-joined"
    CHILDREN_TOLD_APART = "children-told-apart"
    FAMILIES_JOINED = "families-joined"
    SHARING_CHANGED = "sharing-changed"
    PARENTS_RULE = "parents-rule"
    QUESTIONS_CHANGED = "questions-changed"
    PAYEE_PROPOSED = "payee-proposed"
    PAYEE_CHANGED = "payee-changed"
    PAYEE_DROPPED = "payee-dropped"
    WEBHOOK_PROPOSED = "webhook-proposed"
    WEBHOOK_CONFIRMED = "webhook-confirmed"
    WEBHOOK_ENDED = "webhook-ended"
    UNIT_WIDENED = "unit-widened"


@dataclass(frozen=True)
class Head:
    """The last entry of a chain, as far as it must be known to notice that something is missing behind."""

    number: Count
    hash: Sha256


BEFORE_ALL = Head(0, NO_HASH)


class NotALedger(ValueError):
    """A file is not what `GET /api/ledger` answers."""


@dataclass(frozen=True)
class LedgerEntry:
    """One entry. `number`: 1 for the first; `previous`: the hash of the one before it. `at`: UTC, whole seconds.

    `details` are public: numbers, moments, nothing about a person. `staff_id`, `staff_name`, `reason`,
    `registration_id` and `private` are not. `salt`: 32 random hexadecimal digits, private too.
    `seal` and `hash` are what was written down, not what the content would have now: `verify` compares.
    """

    number: int
    previous: str
    at: datetime
    what: LedgerAct
    opening_id: str | None
    session_id: str | None
    details: Mapping[str, Any]
    staff_id: str
    staff_name: str
    reason: str
    registration_id: str | None
    salt: str
    private: Mapping[str, Any] = field(default_factory=dict)
    seal: str = ""
    hash: str = ""

    def sealed(self) -> "LedgerEntry":
        """With the seal and the hash that its content has, as it is written down."""
        sealed = replace(self, seal=seal(self.salt, self.private_part))
        return replace(sealed, hash=chained(self.number, self.previous, self.public_part, sealed.seal))

    @property
    def public_part(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "what": self.what.value,
            "opening_id": self.opening_id,
            "session_id": self.session_id,
            "details": dict(self.details),
        }

    @property
    def private_part(self) -> dict[str, Any]:
        return {
            "by": {"staff_id": self.staff_id, "name": self.staff_name},
            "reason": self.reason,
            "registration_id": self.registration_id,
            "details": dict(self.private),
        }

    @property
    def head(self) -> Head:
        return Head(self.number, self.hash)


def seal(salt: str, private_part: Mapping[str, Any]) -> str:
    """SHA-256 in hexadecimal digits. The salt keeps anybody from finding a name or a reason by trying some."""
    return hashlib.sha256(salt.encode() + canonical(private_part)).hexdigest()


def chained(number: int, previous: str, public_part: Mapping[str, Any], sealed: str) -> str:
    """An entry's hash: SHA-256 in hexadecimal digits."""
    content = {"number": number, "previous": previous, "public": public_part, "seal": sealed}
    return hashlib.sha256(canonical(content)).hexdigest()


def checked_reason(text: str) -> str:
    """The reason as it is written down; raises Problem `invalid` when it says nothing, or too much."""
    try:
        reason = REASON.parse(text)
    except ValueError:
        raise invalid("reason", AS_REASON) from None
    if sum(character.isalpha() for character in reason) < FEWEST_LETTERS:
        raise invalid("reason", AS_REASON)
    return reason


PUBLIC_NAMES = frozenset({"number", "previous", "public", "seal", "hash"})
PRIVATE_NAMES = frozenset({"private", "salt"})


def verify(entries: Sequence[Any], head: Head | None = None) -> list[str]:
    """The faults of a chain from its first entry on, one English sentence each; none: it is whole.

    `entries`: as city/ledger/handlers.py answers them, public or whole, in the chain's order. `head`: what was
    published of its end; the chain may have grown since.
    """
    faults: list[str] = []
    before = BEFORE_ALL
    for place, entry in enumerate(entries, 1):
        if not _is_entry(entry):
            return [*faults, f"Entry {place}: this is no entry of a ledger."]
        if entry["number"] != place:
            faults.append(f"Entry {place}: the number {entry['number']} stands there.")
        if entry["previous"] != before.hash:
            faults.append(f"Entry {place}: it does not follow the entry before it; one was changed, dropped or moved.")
        if entry["hash"] != chained(entry["number"], entry["previous"], entry["public"], entry["seal"]):
            faults.append(f"Entry {place}: it was changed; its hash is that of something else.")
        if "private" in entry and entry["seal"] != seal(entry["salt"], entry["private"]):
            faults.append(f"Entry {place}: who did it, or why, was changed; the seal is that of something else.")
        if head and head.number == place and head.hash != entry["hash"]:
            faults.append(f"Entry {place}: it is not the one that was published as the head.")
        before = Head(place, entry["hash"])
    if head and head.number > len(entries):
        faults.append(f"The chain ends at entry {len(entries)}, but entry {head.number} was published as its head.")
    return faults


def read_export(content: bytes) -> tuple[list[Any], Head]:
    """The entries and the head that an answer of `GET /api/ledger` names; raises NotALedger.

    A name that stands in an object twice is refused: two programs could read two different ledgers from it.
    """
    try:
        document = json.loads(content.decode(), object_pairs_hook=each_once, parse_constant=_refuse)
        canonical(document)  # half of a surrogate pair cannot be hashed
    except (ValueError, RecursionError):
        raise NotALedger from None
    match document:
        case {"entries": list(entries), "head": {"number": int(number), "hash": str(hash_)}}:
            return entries, Head(number, hash_)
    raise NotALedger


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _is_entry(entry: Any) -> bool:
    """Whether it has what can be hashed, and nothing beside it that no hash would cover."""
    return (
        isinstance(entry, Mapping)
        and entry.keys() in (PUBLIC_NAMES, PUBLIC_NAMES | PRIVATE_NAMES)
        and type(entry["number"]) is int
        and all(isinstance(entry[name], str) for name in ("previous", "seal", "hash"))
        and isinstance(entry["public"], Mapping)
        and ("private" not in entry or (isinstance(entry["private"], Mapping) and isinstance(entry["salt"], str)))
    )
