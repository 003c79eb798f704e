"""Two records of one family become one: the same parent under two mail addresses, one of which has nothing that stands.

A registration's id begins with its family's, so registrations stay where they are: a family that has any is the one
that stays. From then on both mailboxes lead to it. The children's namings keep their moment, so nothing is won or lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.draw import table as draws
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import CHANGED, Problem, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.office.desk import correcting
from chalicelib.office.desk.correcting import KnownFamily
from chalicelib.office.desk.exceptions import Deed
from chalicelib.office.desk.namings import must_be_open
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import changes, mailboxes, namings, sharing, table
from chalicelib.people.families.identity import PASS_LENGTH
from chalicelib.people.families.proving import naming
from chalicelib.people.families.rules import Naming, Pass, kept_until
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import OpeningKind, State
from chalicelib.swimming import table as swimming

SAME_FAMILY = N_("Choose two different families.")
HAS_REGISTRATIONS = N_(
    "The family that is to go has registrations, wishes in a draw or hours in the pool. Let that one stay, or cancel "
    "what it has first."
)
SHARES = N_(
    "The family that is to go shares a child with another parent, or one is invited. End that first: you on the page "
    "of the child in one of its registrations, or one of the parents under “My family”. Share it again afterwards."
)
# Addresses of a family that goes; more than that nobody has.
MOST_ADDRESSES = 10


def unite(deed: Deed, kept: str, other: str) -> None:
    """From now on the family `kept` is the family of both mailboxes; it gets a link with the children of both. Links of
    the other one stop. Raises Problem `not-found`, `invalid`, `not-now`, `changed`; then neither is changed, but that
    the children may be named by both."""
    checked_reason(deed.reason)
    if kept == other:
        raise invalid("other", SAME_FAMILY)
    stays, goes = correcting.of(deed.by, kept), correcting.of(deed.by, other)
    if goes.newest.email and mailboxes.family_of(goes.newest.email) == kept:
        return  # they are one already
    must_be_open(deed.now)
    if _has_anything(other, deed.now):
        raise not_now(HAS_REGISTRATIONS)
    if any(sharing.is_shared(other, one.child_id) for one in goes.children):
        raise not_now(SHARES)
    united = naming(_pass_of_both(stays, goes, deed.now), deed.now)
    writes: list[Mapping[str, Any]] = []
    namings_of = dict(united.namings)
    for child in goes.children:
        since, more = namings.uniting(child.child_id, kept, other)
        writes += more
        if since is not None:
            namings_of[child.child_id] = Naming(kept, since)
        writes += cares.moving(other, kept, child.child_id, deed.now, kept_until(deed.now))
    writes += sharing.confiding_too(kept, other, deed.now)
    emails = sorted({one.email for one in table.of_family(other) if one.is_proven and one.email})[:MOST_ADDRESSES]
    for email in emails:
        writes += mailboxes.leading(email, kept, deed.now, other)
    writes += [changes.revoking(other, datetime.now(UTC)), table.put_of(replace(united, namings=namings_of))]
    _record(deed, {"family_id": kept, "joined": other}, writes)


def _has_anything(family_id: str, now: datetime) -> bool:
    records = registrations.of_family(family_id)
    stands = register.standings(records, now) if records else []
    if any(one and one.status is not RegistrationStatus.CANCELLED for one in stands):
        return True
    if any(swimming.weeks(family_id)):
        return True
    return any(
        opening.is_live
        and opening.kind is OpeningKind.DRAW
        and opening.state is not State.DRAWN
        and draws.entry_of(opening.opening_id, family_id) is not None
        for opening in openings.every()
    )


def _pass_of_both(stays: KnownFamily, goes: KnownFamily, now: datetime) -> Pass:
    known = {one.child_id for one in stays.children}
    children = (*stays.children, *(one for one in goes.children if one.child_id not in known))
    return replace(
        stays.newest,
        pass_id=by_chance(PASS_LENGTH),
        children=children,
        created_at=now,
        namings={},
        moves=False,
        invited_by=None,
    )


def _record(deed: Deed, private: Mapping[str, Any], writes: Sequence[Mapping[str, Any]]) -> None:
    try:
        ledger.record(LedgerAct.FAMILIES_JOINED, deed.by, deed.reason, deed.now, private=private, together_with=writes)
    except Refused:
        raise Problem(CHANGED) from None
    finally:
        changes.forget()
