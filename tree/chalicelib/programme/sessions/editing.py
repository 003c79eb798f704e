"""Sessions that are made by hand, and drafts, which change as often as one likes until the change that completes one
publishes it, as an import does. What changes of a published session: office/camps/correcting.py.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered, Refused
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
from chalicelib.programme.sessions.changes import RowError, too_many_seats
from chalicelib.programme.sessions.rules import Session, free_id, has_name, kept_apart

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
    session = as_typed(sent, labels)
    _check_seats(session, labels)
    there = table.get(session.session_id)
    if there and kept_apart(there) != kept_apart(session):  # another group of that camp
        taken = {name for one in table.all_sessions(consistent_read=True) for name in (one.session_id, *one.names)}
        session = replace(session, session_id=free_id(session, taken))
    _write(table.writes_of(session, None), exists=True)
    return session


def change(session_id: str, known: str, sent: Mapping[str, str], labels: Mapping[str, str]) -> Session:
    """The draft with the columns of `sent`; those that are not in it stay. `known`: the edition that the sender saw.

    Its id changes with its name. Raises Problem `changed` for another edition, also one that is published by now, and
    `invalid` for what is wrong. Nothing is written then; nor if nothing is changed.
    """
    before = get(session_id)
    if edition(before) != known or not before.missing:
        raise Problem(CHANGED)
    session = replace(as_typed({**cells_of(before), **sent}, labels), opens_at=before.opens_at)
    if has_name(session) == has_name(before):
        session = replace(session, session_id=before.session_id)
    if session == before:
        return before
    _check_seats(session, labels)
    _write(table.writes_of(session, before), exists=session.session_id != before.session_id)
    return session


def delete(session_id: str, known: str) -> None:
    """A draft goes without a trace: nobody but staff ever saw it. Raises Problem `changed` for another edition, also
    one that is published by now."""
    draft = get(session_id)
    if edition(draft) != known or not draft.missing:
        raise Problem(CHANGED)
    try:
        table.delete_draft(draft)
    except Interfered:
        raise Problem(CHANGED) from None


def as_typed(sent: Mapping[str, str], labels: Mapping[str, str]) -> Session:
    """As the sheet is read, but for what a form does otherwise: commas in prices, line breaks as browsers send them.
    Raises Problem `invalid` that names each column."""
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
        if exists and refused.items.keys() & {0, 1}:
            raise Problem(INVALID, errors=[FieldError("title", EXISTS)]) from None
        raise Problem(CHANGED) from None
    handlers.forget()
