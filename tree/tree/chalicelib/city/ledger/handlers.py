"""The ledger as it is read: by staff with names and reasons, by everybody without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.city.ledger import table
from chalicelib.city.ledger.rules import BEFORE_ALL, Head, LedgerAct, LedgerEntry
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import FromOne, Sha256
from chalicelib.core.http.fields import Model, WholeInQuery, queried
from chalicelib.core.languages import N_

# Entries in one answer: about half a megabyte for the public, one for staff.
PAGE = 1000
CACHED = {"Cache-Control": "public, max-age=5"}

AS_AFTER = N_("Give the number of an entry.")
LEDGER_QUERY = Model({"after": WholeInQuery(AS_AFTER, 0, 99_999_999, is_required=False)})


TheHead = Annotated[Head, "The last entry of all: note it down, and nobody can drop entries at the end unnoticed."]
Next = Annotated[FromOne | None, "The value of `after` for the next part; null after the last one."]


@dataclass(frozen=True)
class PublicPart:
    at: datetime
    what: LedgerAct
    opening_id: str | None
    session_id: str | None
    details: Annotated[Mapping[str, object], "Numbers and moments, and nothing about a person."]


@dataclass(frozen=True)
class EntryAuthor:
    staff_id: str
    name: str


@dataclass(frozen=True)
class PrivatePart:
    by: EntryAuthor
    reason: str
    registration_id: str | None
    details: Mapping[str, object]


@dataclass(frozen=True)
class PublicEntry:
    number: FromOne
    previous: Annotated[Sha256, "The hash of the entry before it; zeros before the first."]
    public: PublicPart
    seal: Annotated[Sha256, "The hash of the private part, with a salt."]
    hash: Annotated[Sha256, "The hash of number, previous, public and seal as canonical JSON."]


@dataclass(frozen=True)
class WholeEntry(PublicEntry):
    private: PrivatePart
    salt: str


@dataclass(frozen=True)
class PublicLedger:
    entries: Sequence[PublicEntry]
    head: TheHead
    next: Next


@dataclass(frozen=True)
class WholeLedger:
    entries: Sequence[WholeEntry]
    head: TheHead
    next: Next


def public_ledger(call: Call) -> Answer:
    """The public parts, `?after=` a number, and the head of the chain: enough to verify that nothing was changed."""
    after = after_wanted(call)
    chain = table.remembered()
    page = [entry for entry in chain if entry.number > after][:PAGE]
    head = chain[-1].head if chain else BEFORE_ALL
    return Answer(200, PublicLedger([public_entry(one) for one in page], head, next_part(page, head)), CACHED)


def public_entry(entry: LedgerEntry) -> PublicEntry:
    public = PublicPart(entry.at, entry.what, entry.opening_id, entry.session_id, entry.details)
    return PublicEntry(entry.number, entry.previous, public, entry.seal, entry.hash)


def whole_entry(entry: LedgerEntry) -> WholeEntry:
    by = EntryAuthor(entry.staff_id, entry.staff_name)
    private = PrivatePart(by, entry.reason, entry.registration_id, entry.private)
    return WholeEntry(**vars(public_entry(entry)), private=private, salt=entry.salt)


def next_part(page: Sequence[LedgerEntry], head: Head) -> int | None:
    return page[-1].number if page and page[-1].number < head.number else None


def after_wanted(call: Call) -> int:
    return int(queried(LEDGER_QUERY, call.query)["after"] or 0)
