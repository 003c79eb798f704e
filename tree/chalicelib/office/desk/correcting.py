"""The desk corrects a family that it sees or that calls: more than a family may by itself, each with its entry in the
ledger; and it sends a link again.

A new mail address counts when the link in it is used, as for a family itself. Where the old mailbox is a stranger's,
because the address was mistyped, its links stop at once and mails go to the new address from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.registrations import table as registrations
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.office import scope
from chalicelib.office.desk.exceptions import Deed
from chalicelib.office.desk.families import desk_number
from chalicelib.people import access
from chalicelib.people.families import changes, corrections, mailboxes, table
from chalicelib.people.families.corrections import Correction, Wanted
from chalicelib.people.families.handlers import AS_CHILD, MOST_PASSES_AN_HOUR
from chalicelib.people.families.identity import PASS_LENGTH, family_id
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.rights import correcting
from chalicelib.rights.correcting import Misfit

# Of one transaction, which takes 100: the ledger's entry is one more.
MOST_WRITES = 98

IN_STEPS = N_("These are too many corrections at once. Do it in steps.")
NO_ADDRESS = N_("This family has no mail address. Give the one to which the link is to go.")
ENOUGH_LINKS = N_("This family was sent {most} links within the hour. Send another one in the next hour.")
NEW_ADDRESS = N_("Give the right mail address: then the links in the mailbox of the old one stop.")


@dataclass(frozen=True)
class KnownFamily:
    """A family as its newest proven passes say it: every child of them once."""

    newest: Pass
    children: Sequence[Child]

    @property
    def family_id(self) -> str:
        return self.newest.family_id

    @property
    def desk_number(self) -> str | None:
        return desk_number(self.newest)


def of(by: Staff, family_id: str) -> KnownFamily:
    """Raises Problem `not-found`, also for a family whose registrations are all in other municipalities: who has none
    at all is anybody's."""
    sessions = {one.session_id for one in registrations.of_family(family_id)}
    if sessions and not sessions & scope.session_ids_of(by):
        raise Problem(NOT_FOUND)
    passes = [one for one in table.of_family(family_id) if one.is_proven]
    if not passes:
        raise Problem(NOT_FOUND)
    children: dict[str, Child] = {}
    for one in reversed(passes):
        for child in one.children:
            children.setdefault(child.child_id, child)
    access.about(family_id, children)
    # The other parent's invitation knows neither the postcode nor the other children.
    own = [one for one in passes if not one.invited_by] or passes
    return KnownFamily(own[-1], list(children.values()))


def correct(deed: Deed, family_id: str, asked: Wanted, *, is_strangers: bool) -> list[Misfit]:
    """Answers what no longer fits. `is_strangers`: the mailbox of the old address is nobody's of this family. Raises
    Problem `not-found`, `invalid`, `not-now`, `changed`; nothing is stored then."""
    checked_reason(deed.reason)
    known = of(deed.by, family_id)
    ids = {one.child_id for one in known.children}
    for child_id, place in asked.places.items():
        if child_id not in ids:
            raise invalid(f"children[{place}].child_id", AS_CHILD)
    if asked.email == known.newest.email:
        asked = replace(asked, email=None)
    if asked.email:
        mailboxes.must_be_free(asked.email, family_id)
    elif is_strangers:
        raise invalid("email", NEW_ADDRESS)
    found = corrections.correction(family_id, asked, datetime.now(UTC), by_desk=True, moves_at_once=is_strangers)
    misfits = correcting.misfits_of(family_id, asked, found, deed.now)
    writes = [*found.writes, *correcting.works_of(family_id, misfits, deed.now)]
    if is_strangers and asked.email:
        writes += _estranged(known.newest, asked.email, deed.now)
    if len(writes) > MOST_WRITES:
        raise not_now(IN_STEPS)
    if writes or asked.email:
        _record(deed, known, asked, found, writes, is_strangers=is_strangers)
        correcting.store_rest(found)
    if asked.email:
        send_link(of(deed.by, family_id).newest, asked.email, deed.now)
    return misfits


def send_again(by: Staff, family_id: str, now: datetime) -> None:
    """A link to the family's own address, as if it had asked. Raises Problem `not-found`, `not-now`."""
    known = of(by, family_id)
    if not known.newest.email:
        raise not_now(NO_ADDRESS)
    send_link(replace(known.newest, children=tuple(known.children)), known.newest.email, now)


def send_link(known: Pass, email: str, now: datetime) -> None:
    """Raises Problem `not-now` after too many."""
    if not table.count_asked(known.family_id, now, MOST_PASSES_AN_HOUR):
        raise not_now(ENOUGH_LINKS, most=MOST_PASSES_AN_HOUR)
    moves = bool(known.children) and email != known.email
    pass_id = by_chance(PASS_LENGTH)
    table.put(replace(known, pass_id=pass_id, email=email, created_at=now, namings={}, moves=moves, invited_by=None))


def _estranged(newest: Pass, email: str, now: datetime) -> Sequence[Mapping[str, Any]]:
    """The old mailbox's links stop, and it is another family from now on; the new one is this family."""
    is_of_its_id = family_id(email) == newest.family_id
    its_own = [] if is_of_its_id else mailboxes.leading(email, newest.family_id, now)
    if not newest.email:
        return its_own
    old = mailboxes.estranging(newest.email, newest.family_id)
    return [*its_own, old, changes.revoking(newest.family_id, datetime.now(UTC))]


def _record(
    deed: Deed,
    known: KnownFamily,
    asked: Wanted,
    found: Correction,
    writes: Sequence[Mapping[str, Any]],
    *,
    is_strangers: bool,
) -> None:
    details = {
        "children": sum(one != asked.children.get(one.child_id, one) for one in known.children),
        "birth_dates": len(found.newly_born),
        "address": bool(asked.email),
        "links_stopped": is_strangers,
    }
    try:
        ledger.record(
            LedgerAct.FAMILY_CORRECTED,
            deed.by,
            deed.reason,
            deed.now,
            details=details,
            private={"family_id": known.family_id, "child_ids": sorted(asked.children)},
            together_with=writes,
        )
    except Refused:
        raise Problem(CHANGED) from None
    finally:
        changes.forget()
