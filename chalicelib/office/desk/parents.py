"""Two parents at the desk: it invites the other one for a family that calls, ends the sharing, and marks that the other
parent learns of no camp. Each with its entry in the ledger; none names anybody there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.booking.registrations.rules import family_of
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.fields import Choice, Model, check
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.core.refusals import Refused
from chalicelib.office.desk.exceptions import Deed
from chalicelib.people import access
from chalicelib.people.families import sharing
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.handlers import AS_LANGUAGE
from chalicelib.people.families.rules import Child
from chalicelib.people.families.sharing import Invited, Sharing

INVITATION = Model({"email": Address(), "language": Choice(AS_LANGUAGE, LANGUAGES)})


@dataclass(frozen=True)
class SharedChild:
    """`is_hidden`: the other parent learns of no camp."""

    sharing: Sharing
    is_hidden: bool


def look(registration_id: str, child_id: str, now: datetime) -> SharedChild:
    first = family_of(registration_id)
    access.about(first, [child_id])
    return SharedChild(sharing.of_child(first, child_id, now), sharing.is_confidential(first))


def invite(deed: Deed, registration_id: str, child: Child, sent: Mapping[str, str], source: str) -> None:
    """As the family itself would (sharing.py): it counts when the link in the mail is used."""
    checked_reason(deed.reason)
    whom = Invited(**check(INVITATION, sent))
    record = partial(_record, deed, registration_id, child.child_id, "invited")
    sharing.invite(family_of(registration_id), child, whom, deed.now, source, record)


def end(deed: Deed, registration_id: str, child_id: str) -> None:
    """Ends the sharing. A child that is not shared needs no entry. Raises Problem `busy`."""
    checked_reason(deed.reason)
    first = family_of(registration_id)
    sharing.withdraw(first, child_id)
    if writes := sharing.ending(first, child_id):
        _record(deed, registration_id, child_id, "ended", writes)


def hide(deed: Deed, registration_id: str, child_id: str, *, is_on: bool) -> None:
    """Of all that this family registers. What is so already needs no entry."""
    checked_reason(deed.reason)
    first = family_of(registration_id)
    if sharing.is_confidential(first) is not is_on:
        write = sharing.confiding(first, deed.now, is_on=is_on)
        _record(deed, registration_id, child_id, "hidden" if is_on else "shown", [write])


def _record(deed: Deed, registration_id: str, child_id: str, outcome: str, writes: Sequence[Mapping[str, Any]]) -> None:
    access.about(family_of(registration_id), [child_id])
    try:
        ledger.record(
            LedgerAct.SHARING_CHANGED,
            deed.by,
            deed.reason,
            deed.now,
            registration_id=registration_id,
            details={"outcome": outcome},
            together_with=writes,
        )
    except Refused as refused:
        raise Problem(BUSY, retry_after=1) from refused
