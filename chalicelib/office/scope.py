"""Whose work something is: the municipality of a session, an opening or a registration, beside those that somebody
works for. Asked before anything about a person is read (people/callers.py).

Somebody of whom no group says for whom they work works for the one municipality of a deployment that has one, and for
none as soon as it has two: so nobody is locked out by an upgrade where there is nothing to keep apart, and nobody sees
what is another's where there is.

What is not theirs is `not-found`, as if it did not exist; what is theirs in part, an opening of several municipalities
that they want to change, is `not-allowed` and says what is missing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import ID_LENGTH
from chalicelib.core.http.problems import NOT_FOUND, NOT_YOURS, Problem
from chalicelib.people.families.identity import is_family_id
from chalicelib.people.staff.rules import Staff, scope_name
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import table, whose
from chalicelib.programme.sessions.rules import Session

Theirs = Callable[[str], bool]


def theirs(by: Staff) -> Theirs:
    """Whether a municipality is one that they work for. Reads the programme where no group says it."""
    if by.municipalities:
        return by.works_for
    known = {scope_name(one.municipality) for one in whose.every()}
    return lambda municipality: len(known | {scope_name(municipality)}) == 1


def is_lost(by: Staff) -> bool:
    """Whether nothing is theirs because no group says for whom they work."""
    return not by.municipalities and not session_ids_of(by) and next(whose.every(), None) is not None


def nobodys(municipality: str) -> bool:
    """Of somebody who works for no municipality."""
    return False


def of_session(by: Staff, now: datetime, session_id: str) -> None:
    """Raises Problem `not-found`."""
    must_have(by, session_id)


def of_registration(by: Staff, now: datetime, registration_id: str, child_id: str | None = None) -> None:
    """Of the record it goes by the session and the children; raises Problem `not-found`, also for another child."""
    found = registrations.get(registration_id) if len(registration_id) == ID_LENGTH else None
    if found is None or (child_id is not None and child_id not in found.child_ids):
        raise Problem(NOT_FOUND)
    must_have(by, found.session_id)


def of_family(by: Staff, now: datetime, family_id: str, declaration_id: str = "", help_id: str = "") -> None:
    """A family that has a registration in a session of theirs, or none at all anywhere. Raises Problem `not-found`."""
    if not is_family_id(family_id):
        raise Problem(NOT_FOUND)
    found = registrations.of_family(family_id)
    if found and not {one.session_id for one in found} & session_ids_of(by):
        raise Problem(NOT_FOUND)


def is_for_any_desk(family_id: str) -> bool:
    """Whether a family has no registration anywhere: whichever desk it calls helps it."""
    return not registrations.of_family(family_id)


def of_opening(by: Staff, now: datetime, opening_id: str) -> None:
    """Raises Problem `not-found`."""
    found = openings.get(opening_id)
    if found is None or not readable(by, [found[0]]):
        raise Problem(NOT_FOUND)


def of_whole_opening(by: Staff, now: datetime, opening_id: str, number: str = "") -> None:
    """Raises Problem `not-found`, or `not-allowed` if some of its sessions are theirs and others are not."""
    found = openings.get(opening_id)
    if found is None or not readable(by, [found[0]]):
        raise Problem(NOT_FOUND)
    must_have_all(by, found[0].plan.session_ids)


def of_whole_city(by: Staff, now: datetime, **of_the_city: str) -> None:
    """Raises Problem `not-allowed` for whoever does not work for every municipality of the programme."""
    must_work_for(by, {one.municipality for one in whose.every()})


def must_have(by: Staff, session_id: str) -> Session:
    """The session or draft; raises Problem `not-found`."""
    session = table.get(session_id)
    if session is None or not theirs(by)(session.municipality):
        raise Problem(NOT_FOUND)
    return session


def must_have_all(by: Staff, session_ids: Iterable[str]) -> None:
    """Raises Problem `not-allowed` if there is one of these sessions that is not theirs."""
    wanted = set(session_ids)
    must_work_for(by, {one.municipality for one in whose.every() if one.session_id in wanted})


def must_work_for(by: Staff, municipalities: Iterable[str]) -> None:
    """Raises Problem `not-allowed`, which names those that they do not work for."""
    is_theirs = theirs(by)
    if missing := sorted({one for one in municipalities if not is_theirs(one)}):
        raise Problem(NOT_YOURS, {"municipalities": ", ".join(missing)})


def sessions_of(by: Staff, sessions: Iterable[Session]) -> list[Session]:
    is_theirs = theirs(by)
    return [one for one in sessions if is_theirs(one.municipality)]


def session_ids_of(by: Staff) -> set[str]:
    """Every session and draft that is theirs."""
    is_theirs = theirs(by)
    return {one.session_id for one in whose.every() if is_theirs(one.municipality)}


def readable(by: Staff, every: Iterable[Opening]) -> list[Opening]:
    """The openings that have a session of theirs; those too, drafts, that have none of anybody's yet."""
    is_theirs = theirs(by)
    known = {one.session_id: is_theirs(one.municipality) for one in whose.every()}

    def is_readable(one: Opening) -> bool:
        sessions = [known[session_id] for session_id in one.plan.session_ids if session_id in known]
        return any(sessions) or not sessions

    return [one for one in every if is_readable(one)]
