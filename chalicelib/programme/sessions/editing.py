"""Sessions that are made and changed by hand, one at a time.

A draft may be changed as often as one likes; it is published by the change that completes it, as by an import. Of a
published session may change what nobody loses by; what a family went by, only while there is no family yet. Each
change of a published session has a reason and an entry in the ledger, written together with it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import handlers, table
from chalicelib.programme.sessions.cells import (
    AGES_REVERSED,
    BEGIN_FIRST,
    DAYS_REVERSED,
    FIRST_DAY_FIRST,
    HOURS_REVERSED,
    LOWEST_FIRST,
    RowReader,
    cells_of,
)
from chalicelib.programme.sessions.changes import RowError, missing, too_many_seats
from chalicelib.programme.sessions.rules import Session, all_free
from chalicelib.seats import table as seats_table
from chalicelib.seats.changing import setting_ages
from chalicelib.seats.rules import Seats

# The name of a published session: its id, its seats and every mail go by these.
ITS_NAME = ("municipality", "title", "starts_on")
# A family chose the session by these.
WHILE_NOBODY_IS_IN = ("ends_on", "age_min", "age_max", "price_eur")
# Of these nobody but staff is told.
PRIVATE = ("source",)

NAMES_IT = N_(
    "This identifies the session, and cannot change once the session is published. Make another session instead."
)
BY_EXCEPTION = N_("The number of seats is changed separately, with its reason.")
SOMEBODY_IS_IN = N_("Families are registered or wait, so this cannot change any more.")
IN_AN_OPENING = N_("This session is part of a published opening, so this stays as announced.")
NEEDED = N_("A published session cannot do without this.")
EXISTS = N_("There is a session of this municipality with this title and first day already.")
# In a form, the sentences that name columns of the sheet.
OF_FORMS = {AGES_REVERSED: LOWEST_FIRST, DAYS_REVERSED: FIRST_DAY_FIRST, HOURS_REVERSED: BEGIN_FIRST}


def edition(session: Session) -> str:
    """Another one as soon as anything of the session changes."""
    return hashlib.sha256(repr(session).encode()).hexdigest()[:16]


def get(session_id: str) -> Session:
    """A session or draft; raises Problem `not-found`."""
    return existing(table.get(session_id))


def create(sent: Mapping[str, str], labels: Mapping[str, str]) -> Session:
    """A draft or, if nothing is missing, a session that everybody sees. `sent`: by the names of the sheet's columns.
    `labels`: column to what the sender knows it by, for messages. Raises Problem `invalid` that names each column."""
    session = _read(sent, labels)
    _check_seats(session, labels)
    _write(table.writes_of(session, None), exists=True)
    return session


def change(
    session_id: str,
    known: str,
    sent: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    by: Staff,
    reason: str,
    now: datetime,
) -> Session:
    """The session with the columns of `sent`; those that are not in it stay. `known`: the edition that the sender saw.

    A draft's id changes with its name. Raises Problem `changed` for another edition, and `invalid` for what is wrong or
    may not change. Nothing is written then; nor if nothing is changed.
    """
    before = get(session_id)
    if edition(before) != known:
        raise Problem(CHANGED)
    read = _read({**cells_of(before), **sent}, labels)
    session = replace(read, opens_at=before.opens_at, opening_id=before.opening_id, deadline=before.deadline)
    if session == before:
        return before
    if before.missing:
        _check_seats(session, labels)
        _write(table.writes_of(session, before), exists=session.session_id != before.session_id)
    else:
        _change_published(before, session, by, reason, now)
    return session


def fixed(session: Session, seats: Seats | None) -> dict[str, str]:
    """The columns that cannot be changed now, each with the reason: an English text, to be translated."""
    if session.missing or seats is None:
        return {}
    stays = dict.fromkeys(ITS_NAME, NAMES_IT) | {"capacity": BY_EXCEPTION}
    if session.opening_id:
        return stays | dict.fromkeys(WHILE_NOBODY_IS_IN, IN_AN_OPENING)
    if seats.queued or seats.registrations:
        return stays | dict.fromkeys(WHILE_NOBODY_IS_IN, SOMEBODY_IS_IN)
    return stays


def _change_published(before: Session, session: Session, by: Staff, reason: str, now: datetime) -> None:
    seats = seats_table.get([before.session_id])[before.session_id]
    old, new = cells_of(before), cells_of(session)
    changed = [column for column in old if old[column] != new[column]]
    stays = fixed(before, seats)
    errors = [FieldError(column, stays[column]) for column in changed if column in stays]
    errors += [FieldError(column, NEEDED) for column in missing(session) if column not in stays]
    try:
        reason = checked_reason(reason)
    except Problem as problem:
        errors += problem.errors
    if errors:
        raise Problem(INVALID, errors=errors)
    writes = table.writes_of(session, before)
    if any(column in WHILE_NOBODY_IS_IN for column in changed):
        ages = all_free(session)
        writes.append(setting_ages(seats, ages.born_from, ages.born_until))
    try:
        ledger.record(
            LedgerAct.SESSION_CHANGED,
            by,
            reason,
            now,
            session_id=session.session_id,
            details=_told(old, new, [column for column in changed if column not in PRIVATE]),
            private=_told(old, new, [column for column in changed if column in PRIVATE]),
            together_with=writes,
        )
    except Refused:
        raise Problem(CHANGED) from None
    handlers.forget()
    seats_table.forget()


def _told(old: Mapping[str, str], new: Mapping[str, str], columns: Iterable[str]) -> dict[str, dict[str, str]]:
    return {column: {"from": old[column], "to": new[column]} for column in columns}


def _read(sent: Mapping[str, str], labels: Mapping[str, str]) -> Session:
    """As the sheet is read, but for what a form does otherwise: commas in prices, line breaks as browsers send them."""
    cells = {column: sent.get(column, "").replace("\r\n", "\n") for column in labels}
    cells["price_eur"] = cells["price_eur"].replace(",", ".")
    reader = RowReader(1, cells)
    session = reader.session()
    if reader.errors:
        raise Problem(INVALID, errors=[_in_a_form(error, labels) for error in reader.errors])
    return session


def _check_seats(session: Session, labels: Mapping[str, str]) -> None:
    if error := too_many_seats(1, session):
        raise Problem(INVALID, errors=[_in_a_form(error, labels)])


def _in_a_form(error: RowError, labels: Mapping[str, str]) -> FieldError:
    column = error.column or ""
    return FieldError(
        column, OF_FORMS.get(error.text, error.text), {**error.values, "column": labels.get(column, column)}
    )


def _write(writes: Sequence[table.Write], *, exists: bool) -> None:
    """`exists`: it may be refused because there is another session of that id."""
    try:
        stormloop_table.transact_write(writes)
    except Refused as refused:
        if exists and 0 in refused.items:
            raise Problem(INVALID, errors=[FieldError("title", EXISTS)]) from None
        raise Problem(CHANGED) from None
    handlers.forget()
