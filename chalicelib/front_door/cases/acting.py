"""The one way in which a case changes: the case, an entry of its history and its place in an inbox in one transaction,
on the condition that the case is as it was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import unless_interfered
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import CITIZEN, STORMLOOP, TRANSITIONS, Act, Case, CaseStatus, HistoryEntry
from chalicelib.people.staff.rules import Staff

NOT_FROM_HERE = N_("This cannot be done with the case as it stands now. See how it stands.")


@dataclass(frozen=True)
class Actor:
    """The person or system that changes a case. `by`: a staff_id, CITIZEN or STORMLOOP. `name`: for staff. `email`: the
    mail address of somebody of the city; "": of nobody."""

    by: str
    name: str = ""
    email: str = ""


BY_CITIZEN, BY_STORMLOOP = Actor(CITIZEN), Actor(STORMLOOP)


def actor(by: Staff) -> Actor:
    return Actor(by.staff_id, by.name, by.email.lower())


@dataclass(frozen=True)
class Deed:
    """A change of a case. `text`: for the citizen; `note`: for staff alone; "": nothing. `changes`: fields of the
    case and their new values. `also`: writes of the same transaction."""

    act: Act
    by: Actor
    at: datetime
    status: CaseStatus | None = None
    text: str = ""
    note: str = ""
    changes: Mapping[str, Any] | None = None
    also: Sequence[Mapping[str, Any]] = ()


def change(case: Case, deed: Deed) -> Case:
    """The case as it is after the deed. Raises Problem `not-now` for a status that it cannot get, Interfered if it is
    not as it was read any more (or one of `also` is refused), Busy."""
    after = _after(case, deed)
    with unless_interfered():
        items.transact_write([*table.changing(case, after, _entry(after, deed)), *deed.also])
    return after


def writes_of(case: Case, deed: Deed) -> list[dict[str, Any]]:
    """The writes of a deed, for the transaction of another case's. Raises Problem `not-now`."""
    after = _after(case, deed)
    return table.changing(case, after, _entry(after, deed))


def _after(case: Case, deed: Deed) -> Case:
    status = deed.status or case.status
    if status is not case.status and status not in TRANSITIONS[case.status]:
        raise not_now(NOT_FROM_HERE)
    return replace(case, status=status, edition=case.edition + 1, **(deed.changes or {}))


def _entry(after: Case, deed: Deed) -> HistoryEntry:
    return HistoryEntry(
        number=after.edition,
        at=deed.at,
        act=deed.act,
        by=deed.by.by,
        status=after.status,
        by_name=deed.by.name,
        by_email=deed.by.email,
        text=deed.text,
        note=deed.note,
    )
