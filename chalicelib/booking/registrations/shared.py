"""The other parent's view: the registrations that it is shared, of this child alone, as they stand.

Nothing of the family that made them: no address, no other child, no id from which its id could be read. Each is known
to the second family by a key of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.booking.registrations import register, table
from chalicelib.booking.registrations.rules import (
    Ended,
    EndedBy,
    Registration,
    RegistrationStatus,
    Standing,
    reference_of,
)
from chalicelib.city import parents
from chalicelib.city.parents import MayCancel
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write
from chalicelib.people.families import sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import keyed_id
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

KEY_LENGTH = 12
BY_OTHER_PARENT = Ended(EndedBy.OTHER_PARENT)


@dataclass(frozen=True)
class ChildSharedWithUs:
    """`first_name`: as the second family's own pass has it. `is_hidden`: nothing may be said of where it goes,
    nor when: the programme is public, and days alone tell the camp."""

    child_id: str
    first: str
    first_name: str
    is_hidden: bool


@dataclass(frozen=True)
class SharedRegistration:
    key: str
    child_id: str
    first_name: str
    registration: Registration
    standing: Standing
    session: Session

    @property
    def reference(self) -> str:
        return reference_of(self.registration)


def children_of(second: str) -> list[ChildSharedWithUs]:
    """The children that others share with this family. Half a read unit for who shares nothing, else one query, and
    some reads for each child; what is shared no more is seen no more, from that moment."""
    shares = sharing.with_family(second) if sharing.has_shares(second) else []
    names = sharing.names_of(second) if shares else {}
    return [
        ChildSharedWithUs(one.child_id, one.first, names.get(one.child_id, ""), sharing.is_confidential(one.first))
        for one in shares
    ]


def of_family(second: str, now: datetime) -> list[SharedRegistration]:
    """Registrations that others share with this family, neither hidden nor cancelled, the first day first."""
    return of_children(second, children_of(second), now)


def of_children(second: str, children: Sequence[ChildSharedWithUs], now: datetime) -> list[SharedRegistration]:
    """The same of these children; some more reads for each."""
    found = []
    for child in children:
        if child.is_hidden:
            continue
        records = [one for one in table.of_family(child.first) if child.child_id in one.child_ids]
        sessions = programme.several({one.session_id for one in records}) if records else {}
        for one, stands in zip(records, register.standings(records, now) if records else (), strict=True):
            session = sessions.get(one.session_id)
            if session and stands and stands.status is not RegistrationStatus.CANCELLED:
                key = key_of(second, one.registration_id, child.child_id)
                found.append(SharedRegistration(key, child.child_id, child.first_name, one, stands, session))
    return sorted(found, key=lambda one: (str(one.session.starts_on), one.key))


def key_of(second: str, registration_id: str, child_id: str) -> str:
    return keyed_id(f"shared with {second}", f"{registration_id} {child_id}", KEY_LENGTH)


def may_cancel() -> bool:
    """Whether the city lets the other parent cancel too."""
    return parents.current(parents.versions()) is MayCancel.BOTH


def by_key(second: str, key: str, now: datetime) -> SharedRegistration:
    """Raises Problem `not-found` for what is not shared with this family, or not any more."""
    return existing(next((one for one in of_family(second, now) if one.key == key), None))


def cancel(second: str, key: str, now: datetime) -> None:
    """For the shared child alone, by writes that go through only while it is shared. Raises Problem `not-found`, also
    where the city lets only the one cancel who registered."""
    if not may_cancel():
        raise Problem(NOT_FOUND)
    one = by_key(second, key, now)
    record = one.registration
    family = existing(families.get(record.family_id, record.pass_id))

    def together(writes: Sequence[Mapping[str, Any]]) -> None:
        try:
            transact_write([*writes, sharing.still(second, one.child_id, record.family_id)])
        except Refused:
            share = sharing.share(second, one.child_id)
            if share is None or share.first != record.family_id:
                raise Problem(NOT_FOUND) from None
            raise

    how = register.Leaving(lambda update: together([{"Update": update}]), together, together, BY_OTHER_PARENT)
    register.cancel_child(family.bearer, record.registration_id, one.child_id, now, how)
