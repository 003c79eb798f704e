"""Two records of one family become one: the same parent under two mail addresses, one of which has nothing that stands.

A registration's id begins with its family's, so registrations stay where they are: a family that has any is the one
that stays. From then on both mailboxes lead to it. The children's namings keep their moment, so nothing is won or lost.

That the other one wishes for nothing in a draw is a condition of the write. A registration and an hour in the pool have
keys that nobody can name before there is one, and a registration writes nothing more for this: so they are looked for
before it and after it, and whoever asks is told what came in between, each time until it is gone. A container may take
the other one's links for ten seconds more (people/families/changes.py): to ask again shows what came then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from chalicelib.swimming import table as swimming

SAME_FAMILY = N_("Choose two different families.")
HAS_REGISTRATIONS = N_(
    "The family that is to go has registrations, wishes in a draw or hours in the pool. Let that one stay, or cancel "
    "what it has first."
)
CAME_BETWEEN = N_(
    "They are one family now. But in the same moment the one that went got a registration, a wish in a draw or an hour "
    "in the pool. It stays there: cancel it for the family, and make it again in the one that stays."
)
SHARES = N_(
    "The family that is to go shares a child with another parent, or one is invited. End that first: you on the page "
    "of the child in one of its registrations, or one of the parents under “My family”. Share it again afterwards."
)
# Addresses of a family that goes; more than that nobody has.
MOST_ADDRESSES = 10
# A registration's record comes before its seat. After this no request is still about to claim it: a function is ended
# after 10 seconds. Generous, because clocks differ.
SETTLED = timedelta(seconds=60)


def unite(deed: Deed, kept: str, other: str) -> None:
    """From now on the family `kept` is the family of both mailboxes; it gets a link with the children of both. Links of
    the other one stop. Raises Problem `not-found`, `invalid`, `not-now`, `changed`; then neither is changed, but that
    the children may be named by both; `not-now` with CAME_BETWEEN where they are one and the other has something."""
    checked_reason(deed.reason)
    if kept == other:
        raise invalid("other", SAME_FAMILY)
    stays, goes = correcting.of(deed.by, kept), correcting.of(deed.by, other)
    if goes.newest.email and mailboxes.family_of(goes.newest.email) == kept:
        _must_have_nothing(other, deed.now, CAME_BETWEEN)
        return  # they are one already
    must_be_open(deed.now)
    _must_have_nothing(other, deed.now, HAS_REGISTRATIONS)
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
    writes += [draws.no_entry_of(one, other) for one in _draws_to_come()]
    _record(deed, {"family_id": kept, "joined": other}, writes)
    _must_have_nothing(other, deed.now, CAME_BETWEEN)


def _must_have_nothing(family_id: str, now: datetime, why: str) -> None:
    """Neither a registration, nor one that is being made, a wish in a draw to come, or an hour in the pool. Raises
    Problem `not-now`."""
    records = registrations.of_family(family_id)
    for record, one in zip(records, register.standings(records, now) if records else (), strict=True):
        is_being_made = one is None and not record.cancelled_at and record.created_at > now - SETTLED
        if is_being_made or (one and one.status is not RegistrationStatus.CANCELLED):
            raise not_now(why)
    if any(one.entries for one in swimming.weeks(family_id)):
        raise not_now(why)
    if any(draws.entry_of(one, family_id) for one in _draws_to_come()):
        raise not_now(why)


def _draws_to_come() -> list[str]:
    """Their opening_ids."""
    return [one.opening_id for one in openings.every() if one.is_live and one.is_to_be_drawn]


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
