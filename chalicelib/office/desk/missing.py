"""Every day: the children of the next days' camps of whom nobody said what the camp must know, or answered what the
city requires, as work for the desk."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import family_of
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import WorkKind
from chalicelib.core import metering, table
from chalicelib.core.observability import log, naming_nobody
from chalicelib.office.desk.rules import is_soon, to_be_said
from chalicelib.people.child_info import table as cares
from chalicelib.programme.questions import table as questions
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats


def find(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The timer calls this."""
    with naming_nobody(), metering.line(context, "worked"):
        found = hand_in(datetime.now(UTC))
        log.info("to_be_said", children=found)
        return {"children": found}


def hand_in(now: datetime) -> int:
    """How many there are; again is the same. A read unit for each 4 KB of the programme, and in a week with camps one
    for each camp's seats and half a one for each child, twice where a camp requires answers; four write units for each
    child of whom something is missing."""
    soon = {one.session_id: one for one in programme.all_sessions() if is_soon(one.starts_on, now)}
    at = int(now.timestamp())
    found = 0
    for session_id, current in (seats.get(list(soon)) if soon else {}).items():
        held = current.at(at)
        found += _of_session(soon[session_id], {c: r for c, r in held.children.items() if r not in held.until}, now)
    return found


def _of_session(session: Session, holders: Mapping[str, str], now: datetime) -> int:
    """`holders`: child_id to registration_id, of those whose seat is final."""
    assert session.starts_on, "it is soon"
    missing = [
        *((WorkKind.CARE_MISSING, child, one) for child, one in _without_care(holders)),
        *((WorkKind.ANSWERS_MISSING, child, one) for child, one in _without_answers(session, holders, now)),
    ]
    for kind, child, one in missing:
        works.hand_in(to_be_said(kind, one, child, session.session_id, session.municipality, session.starts_on))
    return len(missing)


def _without_care(holders: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each child with its registration."""
    keys = [cares.key(family_of(registration_id), child) for child, registration_id in holders.items()]
    known = {cares.read(item)[:2] for item in table.batch_get(keys, consistent=False)}
    return [(child, one) for child, one in holders.items() if (family_of(one), child) not in known]


def _without_answers(session: Session, holders: Mapping[str, str], now: datetime) -> list[tuple[str, str]]:
    if not questions.questions_of(session.session_id, now).required:
        return []
    records = registrations.several(dict.fromkeys(holders.values()))
    lacking = answering.lacking(records, now)
    return [(child, one) for child, one in holders.items() if child in lacking.get(one, ())]
