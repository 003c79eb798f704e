"""The API's requests by which staff change a published camp."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from chalicelib.city.ledger.rules import REASON
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import (
    ID,
    LINE,
    LINES,
    Model,
    OrNull,
    Several,
    Text,
    TrueOrFalse,
    Whole,
    check,
    document,
)
from chalicelib.core.http.problems import FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.office.camps import cancelling, correcting
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import editing
from chalicelib.programme.sessions.cells import LABELS, MOST_CHARACTERS, MOST_EUROS, OLDEST
from chalicelib.programme.sessions.changes import COLUMNS
from chalicelib.programme.sessions.handlers import PublicSession, public_session

AS_LINE = N_("Write one line of at most 200 characters, without control characters.")
AS_KIND = N_("Write one line of at most 40 characters, without control characters.")
AS_DAY = N_("Give a date as year-month-day, for example 2019-07-08.")
AS_HOUR = N_("Give the time as hours:minutes, for example 09:00.")
AS_AGE = N_("Give an age in whole years from 0 to 120.")
AS_CENTS = N_("Give the price in cents, 0 to 1,000,000.")
AS_NOTE = N_("Write at most 2,000 characters, without control characters.")
AS_EDITION = N_("Give the `edition` of an answer.")
AS_KEEP = N_("Name the children who stay although they do not fit the ages, at most 300.")
AS_CHILD = N_("Give the id of a child.")
DATE, HOUR = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"


LINE_OF_TEXT = Text(AS_LINE, LINE, 200, is_required=False)

# What may be given empty, as null, is known no longer then; what is left out stays as it is.
FIELDS = {
    "title": LINE_OF_TEXT,
    "starts_on": Text(AS_DAY, DATE, 10, is_required=False),
    "ends_on": Text(AS_DAY, DATE, 10, is_required=False),
    "age_min": Whole(AS_AGE, 0, OLDEST, is_required=False),
    "age_max": Whole(AS_AGE, 0, OLDEST, is_required=False),
    "price_cents": Whole(AS_CENTS, 0, MOST_EUROS * 100, is_required=False),
    "place": OrNull(LINE_OF_TEXT),
    "daily_from": OrNull(Text(AS_HOUR, HOUR, 5)),
    "daily_until": OrNull(Text(AS_HOUR, HOUR, 5)),
    "contact": OrNull(LINE_OF_TEXT),
    "note": OrNull(Text(AS_NOTE, LINES, MOST_CHARACTERS["note"])),
    "kind": OrNull(Text(AS_KIND, LINE, MOST_CHARACTERS["kind"])),
}
CHANGES = Model(
    {
        **FIELDS,
        "reason": REASON,
        "tell": TrueOrFalse(default=False),
        "keep": OrNull(Several(AS_KEEP, Text(AS_CHILD, ID, 64), 300, 0)),
        "edition": OrNull(Text(AS_EDITION, ID, 64)),
    }
)
CANCELLATION = Model({"message": cancelling.MESSAGE, "reason": REASON})


@dataclass(frozen=True)
class CorrectedSession:
    """The session as everybody sees it now. `told`: whether its families get a mail about this."""

    session: PublicSession
    edition: Annotated[str, "Another one as soon as anything of the session changes; a change may name it."]
    told: bool


def change_session(call: Call, by: Staff, session_id: str) -> Answer:
    given = document(call.body)
    wanted = check(CHANGES, given)
    before = editing.get(session_id)
    named = {name: wanted[name] for name in FIELDS if name in given}
    try:
        after = correcting.correct(
            session_id,
            wanted["edition"] or editing.edition(before),
            _cells(named),
            {column: column for column in LABELS},
            by=by,
            reason=wanted["reason"],
            tell=wanted["tell"],
            now=call.now,
            keep=wanted["keep"] or (),
        )
    except Problem as problem:
        raise _named_as_sent(problem) from None
    told = after.sequence > before.sequence
    return Answer(200, CorrectedSession(public_session(session_id, call.now), editing.edition(after), told))


def cancel_session(call: Call, by: Staff, session_id: str) -> Answer:
    wanted = check(CANCELLATION, document(call.body))
    return Answer(200, cancelling.cancel(session_id, wanted["message"], wanted["reason"], by, call.now))


def _cells(named: Mapping[str, Any]) -> dict[str, str]:
    """As the sheet writes them."""
    cells = {COLUMNS.get(name, name): "" if value is None else str(value) for name, value in named.items()}
    if "price_cents" in named:
        cells["price_eur"] = f"{named['price_cents'] // 100}.{named['price_cents'] % 100:02}"
    return cells


def _named_as_sent(problem: Problem) -> Problem:
    """The sheet knows the price by the name of its column."""
    names = {column: name for name, column in COLUMNS.items()}
    errors: Sequence[FieldError] = [
        FieldError(names.get(one.field, one.field), one.message, one.values) for one in problem.errors
    ]
    return Problem(problem.kind, problem.extra, errors, problem.retry_after)
