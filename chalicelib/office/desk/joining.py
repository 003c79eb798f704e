"""Two records of one child are joined, and two children of one name and one birth date are told apart: by the desk, in
one transaction with the entry in the ledger.

A child's id decides its chance and its one seat in a session. So both wait while somebody knows a moment that follows
from it, as moving a naming does (namings.py); a child that is joined comes behind the family that named the one that
stays; and no two seats of one session, nor two camps on the same days, become one child's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.answers import table as answers
from chalicelib.booking.draw import table as draws
from chalicelib.booking.presence import table as presence
from chalicelib.booking.registrations import days, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.booking.wishes import table as wishes
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.extras import table as extras
from chalicelib.office.desk.exceptions import Deed
from chalicelib.office.desk.namings import NOT_NAMED, must_be_open
from chalicelib.people import access
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import changes, corrections, identities, namings, sharing, table
from chalicelib.people.families.identity import CHILD_LENGTH
from chalicelib.people.families.rules import UNREAD, Naming, kept_until
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import OpeningKind, State
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session, share_a_day
from chalicelib.seats import changing
from chalicelib.seats.waiting_list import table as waiting_list

# Of one transaction, which takes 100: the ledger's entry is one more.
MOST_WRITES = 98
STANDS = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED)

SAME_CHILD = N_("Choose two different children.")
NOT_KNOWN = N_("No family names this child any more.")
BOTH_THERE = N_("Both have a place in {session}. Cancel one of the two first.")
ON_THE_SAME_DAYS = N_("{session} and {other} are on the same days. Cancel one of the two first.")
IS_FIRST = N_("The family that named the child first keeps it. Choose the other family.")
SHARED = N_(
    "One of these children is shared between two parents, or one is invited. End that first: you on the page of the "
    "child in one of its registrations, or one of the parents under “My family”. Share it again afterwards."
)
TOO_MUCH = N_("These children have too many registrations to do that at once. Ask whoever runs the system.")


@dataclass(frozen=True)
class _Renamed:
    """A registration that has a child under another id from now on, and its session while the child has a seat or a
    place there."""

    registration: Registration
    session: Session | None


def join(deed: Deed, kept: str, other: str) -> None:
    """From now on both are the child `kept`, in every family that names `other`. Raises Problem `invalid`, `not-now`,
    `changed`; nothing is stored then."""
    checked_reason(deed.reason)
    if kept == other:
        raise invalid("other_child_id", SAME_CHILD)
    ours, theirs = namings.namers(kept), namings.namers(other)
    if ours and not theirs and identities.child_ids("", [other]).get(other) == kept:
        return  # they are one already
    if not ours or not theirs:
        raise invalid("other_child_id", NOT_KNOWN)
    _must_not_be_shared(other, (one.family_id for one in theirs))
    must_be_open(deed.now)
    renamed = [_renamed(one.family_id, other, deed.now) for one in theirs]
    _must_fit([_renamed(one.family_id, kept, deed.now) for one in ours], renamed)
    known = {one.family_id: one for one in ours}
    writes: list[Mapping[str, Any]] = [
        identities.knowing(other, kept, deed.now, instead_of=other),
        *namings.joining(kept, theirs, ours, other),
    ]
    for one, there in zip(theirs, renamed, strict=True):
        own = known.get(one.family_id)
        is_first = own is not None and own.is_first
        naming = Naming(one.family_id, own.since if own else one.since, None if is_first else UNREAD)
        apart = identities.of_family_alone(one.family_id, {*_digests(one.family_id, other), kept}, other)
        writes += [identities.knowing(digest, kept, deed.now, one.family_id, other) for digest in apart]
        writes += _renaming(one.family_id, other, kept, naming, there, deed.now)
    private = {"child_id": kept, "joined": other, "families": sorted(one.family_id for one in theirs)}
    _record(deed, LedgerAct.CHILDREN_JOINED, private, writes)
    _move_what_follows([one for there in renamed for one in there], other, kept)


def tell_apart(deed: Deed, child_id: str, family_id: str) -> str:
    """The child of this family is another one than that of the families who name it too: the id that it has from now
    on. Raises Problem `invalid`, `not-found`, `not-now`, `changed`; nothing is stored then."""
    checked_reason(deed.reason)
    if already := identities.apart(family_id, child_id):
        return already
    every = namings.namers(child_id)
    if len(every) < 2:
        raise Problem(NOT_FOUND)
    whose = next((one for one in every if one.family_id == family_id), None)
    if whose is None:
        raise invalid("family_id", NOT_NAMED)
    if whose.is_first:
        raise invalid("family_id", IS_FIRST)
    _must_not_be_shared(child_id, [family_id])
    must_be_open(deed.now)
    new = by_chance(CHILD_LENGTH)
    there = _renamed(family_id, child_id, deed.now)
    digests = sorted({*_digests(family_id, child_id), child_id})
    writes = [
        *(identities.knowing(one, new, deed.now, family_id, child_id) for one in digests),
        *namings.parting(child_id, every, whose, new),
        *_renaming(family_id, child_id, new, Naming(family_id, whose.since), there, deed.now),
    ]
    _record(deed, LedgerAct.CHILDREN_TOLD_APART, {"child_id": child_id, "family_id": family_id, "now": new}, writes)
    _move_what_follows(there, child_id, new)
    return new


def _must_not_be_shared(child_id: str, families: Iterable[str]) -> None:
    """Raises Problem `not-now`: what two parents share goes by the child's id, in both families."""
    if any(sharing.is_shared(one, child_id) for one in families):
        raise not_now(SHARED)


def _digests(family_id: str, child_id: str) -> set[str]:
    """Of the names and dates by which the family's passes have the child."""
    return {
        corrections.digest(child)
        for one in table.of_family(family_id)
        for child in one.children
        if child.child_id == child_id
    }


def _renamed(family_id: str, child_id: str, now: datetime) -> list[_Renamed]:
    access.about(family_id, [child_id])
    found = [one for one in registrations.of_family(family_id) if child_id in one.every_child]
    stands = register.standings(found, now) if found else []
    sessions = programme.several({one.session_id for one in found}) if found else {}
    return [
        _Renamed(one, sessions.get(one.session_id) if _is_there(how) and child_id in one.child_ids else None)
        for one, how in zip(found, stands, strict=True)
    ]


def _is_there(standing: Standing | None) -> bool:
    return standing is not None and standing.status in STANDS


def _must_fit(ours: Sequence[Sequence[_Renamed]], theirs: Sequence[Sequence[_Renamed]]) -> None:
    """Raises Problem `not-now` where one child would be in two places. Whoever registers meanwhile is found by the
    conditions of the writes, in the same session, and by the queue, on the same days (`overlaps.py`)."""
    mine, others = list(_sessions(ours)), list(_sessions(theirs))
    for one in mine:
        for other in others:
            if one.session_id == other.session_id:
                raise not_now(BOTH_THERE, session=one.title)
            if share_a_day(one, other):
                raise not_now(ON_THE_SAME_DAYS, session=one.title, other=other.title)


def _sessions(of_families: Sequence[Sequence[_Renamed]]) -> Iterator[Session]:
    return (one.session for there in of_families for one in there if one.session)


def _renaming(
    family_id: str, old: str, new: str, naming: Naming, there: Sequence[_Renamed], now: datetime
) -> list[Mapping[str, Any]]:
    """Writes by which all that a family has of a child is of its new id."""
    writes: list[Mapping[str, Any]] = [
        *corrections.renaming(family_id, old, new, naming, datetime.now(UTC)),
        *namings.renaming(family_id, old, new, now),
        *cares.renaming(family_id, old, new, now, kept_until(now)),
        *entitlements.renaming(family_id, old, new),
    ]
    for one in there:
        found = one.registration
        writes.append(registrations.renaming(found, old, new))
        writes += answers.renaming(found.registration_id, old, new, now)
        writes += extras.renaming(found.registration_id, old, new, now)
        if one.session:
            waits = waiting_list.renaming(found.session_id, found.registration_id, old, new)
            writes += waits or [changing.renaming(found.session_id, found.registration_id, old, new)]
    for prepared in wishes.of_family(family_id).values():
        if any(old in wish.wanted.child_ids for wish in prepared.wishes):
            writes.append(wishes.renaming(prepared, old, new, now))
    for opening in openings.every():
        if opening.is_live and opening.kind is OpeningKind.DRAW and opening.state is not State.DRAWN:
            entered = draws.entry_of(opening.opening_id, family_id)
            if entered and old in entered.children:
                writes.append(draws.renaming(entered, old, new, datetime.now(UTC)))
    return writes


def _record(deed: Deed, what: LedgerAct, private: Mapping[str, Any], writes: Sequence[Mapping[str, Any]]) -> None:
    if len(writes) > MOST_WRITES:
        raise not_now(TOO_MUCH)
    try:
        ledger.record(what, deed.by, deed.reason, deed.now, private=private, together_with=writes)
    except Refused:
        raise Problem(CHANGED) from None
    finally:
        changes.forget()


def _move_what_follows(there: Sequence[_Renamed], old: str, new: str) -> None:
    """Moves the things outside the transaction: the days that the child is in a camp, of which whoever finds one taken
    looks whether that registration stands; and whether it was there."""
    for one in there:
        if one.session and one.session.starts_on and one.session.ends_on:
            days.take(new, days.days(one.session.starts_on, one.session.ends_on), one.registration.registration_id)
        days.forget(old, one.registration.registration_id)
        presence.rename(one.registration.session_id, one.registration.registration_id, old, new)
