"""Finding a family at the desk by what it says: a mail address, a number from its letters, a reference or a part of one
that it reads out, a child's name.

By mail address or number it is a query of the family's own partition: it finds the family also if it has a pass and no
registration. For the others there is no index, which every registration would pay for: the seats of this year's
sessions say which registrations there are, `ended.py` which there were, and a reference is worked out from that. For
names the registrations and their passes are read too, half a read unit each, 100 in a call: among 6,000 registrations
of 4,500 passes in 300 sessions some 5,400 units, $0.0008, and a second or two, only when somebody at the desk asks; in
one session of 20 children, 25 units. Who never registered for anything is found by mail address alone: to find it by
name, every pass that there is would have to be read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.registrations import ended
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import REFERENCE_ALPHABET, Registration, reference
from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels
from chalicelib.office import scope
from chalicelib.office.desk.registering import StaffRegistration, of_family, with_standings
from chalicelib.people import access
from chalicelib.people.families import desk_numbers
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import FAMILY_ID
from chalicelib.people.families.mailboxes import family_of
from chalicelib.people.families.names import by_last_name, full_name, is_called, plain
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import is_session_id
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list

MOST_FOUND = 30
# As many as are read in the time that API Gateway waits, by far.
MOST_READ = 20_000
FEWEST_CHARACTERS = 3
# Of a name that is no longer: Bo, Li. Then the whole word is meant: of its beginnings there are too many.
FEWEST_OF_A_NAME = 2
TOO_MANY = N_("There are too many registrations to search by name. Choose a session, or search by mail address.")


@dataclass(frozen=True)
class Results:
    """`found`: by last name and first name, at most MOST_FOUND; `has_more`: there are others. `family`: the newest pass
    of the family that was asked for by its address or number, whether or not it has a registration."""

    found: Sequence[StaffRegistration]
    has_more: bool
    family: Pass | None = None


def find(by: Staff, typed: str, session_id: str | None, now: datetime) -> Results:
    """`session_id`: only in this one, where there is no mail address. What is too short to look for finds nothing; nor
    does `by` find what is in no session of theirs."""
    wanted = " ".join(typed.split())
    if "@" in wanted:
        return _of_family(by, family_of(wanted), now)
    if known := desk_numbers.family_of(wanted):
        return _of_family(by, known, now)
    if re.fullmatch(FAMILY_ID, wanted.lower()) and (of_old_letter := _of_family(by, wanted.lower(), now)).family:
        return of_old_letter
    if len(wanted) < FEWEST_OF_A_NAME or (session_id and not is_session_id(session_id)):
        return Results((), False)
    there = _there(by, session_id, now)
    kept = registrations.kept_references() if _as_reference(wanted) else {}
    found = [one for one in there if is_part_of(wanted, kept.get(one, reference(one)))]
    read = registrations.several(found)
    if not any(character.isdigit() for character in wanted):
        read += [one for one in _called(wanted, there) if one.registration_id not in found]
    return _shown(with_standings(read, now))


def _of_family(by: Staff, family: str, now: datetime) -> Results:
    """The family's registrations in sessions of `by`'s; and the family itself, if it is not others' alone."""
    shown = _shown(of_family(by, family, now))
    if not (shown.found or scope.is_for_any_desk(family)):
        return shown
    passes = families.of_family(family)
    if not passes:
        return shown
    access.about(family, [child.child_id for child in passes[-1].children])
    return Results(shown.found, shown.has_more, passes[-1])


def is_part_of(typed: str, whole: str) -> bool:
    """Whether these may be the first or the last characters of a reference, or all of them, however they were typed."""
    characters, known = _as_reference(typed), whole.replace("-", "")
    return bool(characters) and (known.startswith(characters) or known.endswith(characters))


def _as_reference(typed: str) -> str:
    """The characters of a reference, or of a part of one; empty if it can be none."""
    characters = re.sub(r"[\s-]", "", typed).upper()
    is_one = set(characters) <= set(REFERENCE_ALPHABET) and len(characters) >= FEWEST_CHARACTERS
    return characters if is_one else ""


def _there(by: Staff, session_id: str | None, now: datetime) -> list[str]:
    """The registrations that have seats or wait, in this session or in all of this year and later, as far as they are
    `by`'s; and behind them those that ended this year."""
    this_year = now.astimezone(brussels()).year
    found = [programme.get(session_id)] if session_id else programme.all_sessions()
    sessions = [
        one.session_id
        for one in scope.sessions_of(by, filter(None, found))
        if session_id or (not one.missing and one.ends_on and one.ends_on.year >= this_year)
    ]
    seats = seats_table.get(sessions, consistent=False) if sessions else {}
    ids = [holder for one in seats.values() for holder in one.children.values()]
    for queued in (one.session_id for one in seats.values() if one.queued):
        ids += [place.registration_id for place in waiting_list.places(queued)]
    if session_id:
        ids += ended.of_session(session_id, this_year) if sessions else ()
    else:
        ids += ended.of_year(this_year, frozenset(sessions))
    return list(dict.fromkeys(ids))


def _called(wanted: str, there: Sequence[str]) -> list[Registration]:
    """Those with a child of that name."""
    if len(there) > MOST_READ:
        raise not_now(TOO_MANY)
    read = registrations.several(there)
    passes = families.several((one.family_id, one.pass_id) for one in read)
    return [
        one
        for one in read
        if any(
            _is_meant(wanted, full_name(child)) for child in children_of(one, passes.get((one.family_id, one.pass_id)))
        )
    ]


def _is_meant(wanted: str, name: str) -> bool:
    if len(wanted) < FEWEST_CHARACTERS:
        return plain(wanted) in plain(name).split()
    return is_called(wanted, name)


def children_of(registration: Registration, family: Pass | None) -> list[Child]:
    """Those that it is about, in the order of the pass."""
    return [one for one in family.children if one.child_id in registration.child_ids] if family else []


def _shown(found: Iterable[StaffRegistration]) -> Results:
    ordered = sorted(found, key=_name)
    return Results(ordered[:MOST_FOUND], len(ordered) > MOST_FOUND)


def _name(one: StaffRegistration) -> tuple[str, str, str]:
    children = children_of(one.registration, one.family)
    first = children[0] if children else None
    return (*(by_last_name(first) if first else ("", "")), one.registration.created_at.isoformat())
