"""A programme is brought in: first what the file would do, row by row, then what somebody accepted of it.

Each row is accepted by itself. The new sessions, and the drafts that change, are written in few transactions of up to a
hundred writes, in the order of the file: should it break off, the rows of the first ones are in, the page says so, and
accepting again does what is left. Nothing is stored before somebody accepted, neither of the file nor of what was said
of its columns.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.office import scope
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.files import table as matchings
from chalicelib.programme.files.comparing import ComparedRow, Comparison, compare, renamed
from chalicelib.programme.files.grid import HandedIn
from chalicelib.programme.files.reading import Reading, read, understood
from chalicelib.programme.files.table import Matching
from chalicelib.programme.sessions import handlers, table
from chalicelib.programme.sessions.changes import Fate, SessionChange
from chalicelib.programme.sessions.rules import Session, normalise
from chalicelib.programme.sessions.table import Imported
from chalicelib.seats import table as seats_table

# Of a new row that may be a session that is gone: it is not.
ANOTHER = "another"

NOTHING_CHOSEN = N_("Choose at least one row.")
WHICH_ONE = N_("Say for {name} whether it is a new session, or one that is in the programme under another name.")
RENAME_THERE = N_("{name} is published. Change its title or its days on its own page, and import the file again.")


@dataclass(frozen=True)
class Asked:
    """What somebody says of a file. `municipality`: of rows that name none. `said`: which column is which, by
    worksheet; what is remembered counts where nothing is said."""

    municipality: str = ""
    said: Mapping[int, Matching] | None = None


@dataclass(frozen=True)
class Looked:
    """`families`: how many registrations a session has that would change or is gone."""

    reading: Reading
    comparison: Comparison
    municipality: str
    municipalities: Sequence[str]
    families: Mapping[str, int]


@dataclass(frozen=True)
class Accepted:
    """`keys`: of the rows. `same`: of a new row that may be another session, that one's id, or ANOTHER."""

    keys: Collection[str]
    same: Mapping[str, str]


def municipalities(by: Staff) -> list[str]:
    """Those of the programme that they work for."""
    theirs = scope.theirs(by)
    return sorted({one.municipality for one in table.all_sessions() if theirs(one.municipality)})


def look(by: Staff, handed: HandedIn, asked: Asked, now: datetime) -> Looked:
    """What the file would do to the programme as it is now. Writes nothing.

    Raises Problem `not-allowed` for a file with a session of a municipality that they do not work for.
    """
    programme = table.all_sessions(consistent_read=True)
    theirs = scope.theirs(by)
    known = sorted({one.municipality for one in programme if theirs(one.municipality)})
    municipality = _as_known(asked.municipality.strip() or (known[0] if len(known) == 1 else ""), known)
    said = asked.said or {}

    def matched(sheet: int, signature: str) -> Matching:
        return said.get(sheet) or matchings.remembered(municipality, signature)

    reading = read(handed, municipality, matched)
    scope.must_work_for(by, {row.session.municipality for row in reading.rows} | ({municipality} - {""}))
    comparison = compare(reading, programme, today(now), theirs)
    concerned = [row.before for row in comparison.rows if row.before and row.fate is Fate.CORRECTED] + [
        *comparison.gone
    ]
    return Looked(reading, comparison, municipality, known, _families(concerned))


def accept(by: Staff, handed: HandedIn, asked: Asked, digest: str, accepted: Accepted, now: datetime) -> Imported:
    """Imports the rows that were accepted, if the file still does what was shown then.

    Raises Problem `changed` if it would do something else by now; `invalid` for what was not said that has to be. What
    `table.save_changes` says about long files holds here too.
    """
    looked = look(by, handed, asked, now)
    if looked.comparison.digest != digest:
        raise Problem(CHANGED)
    chosen = [
        row
        for row in looked.comparison.rows
        if row.key in accepted.keys and row.change and row.fate in (Fate.NEW, Fate.CHANGED)
    ]
    changes = _changes(chosen, accepted.same)
    try:
        table.save_changes(changes)
    except Interfered:
        raise Problem(CHANGED) from None
    finally:
        handlers.forget()
    if looked.municipality:
        _remember(handed, asked, looked)
    return Imported(len(changes), looked.comparison.counts.get(Fate.UNCHANGED, 0))


def _remember(handed: HandedIn, asked: Asked, looked: Looked) -> None:
    """What was said of columns, where it is not what would be read without."""
    for sheet in looked.reading.sheets:
        said, signature = (asked.said or {}).get(sheet.sheet), sheet.header.signature
        if said and said != (matchings.remembered(looked.municipality, signature) or understood(handed, sheet.sheet)):
            matchings.remember(looked.municipality, signature, said)


def _changes(chosen: Sequence[ComparedRow], same: Mapping[str, str]) -> list[SessionChange]:
    errors: list[FieldError] = []
    changes: list[SessionChange] = []
    used: set[str] = set()
    for row in chosen:
        assert row.change is not None
        if not row.perhaps:
            changes.append(row.change)
            continue
        choice = same.get(row.key, "")
        is_it = next((one for one in row.perhaps if one.session_id == choice and choice not in used), None)
        if choice == ANOTHER:
            changes.append(row.change)
        elif is_it is None:
            errors.append(FieldError(f"same-{row.key}", WHICH_ONE, {"name": row.name}))
        elif is_it.missing:
            used.add(choice)
            changes.append(renamed(row, is_it))
        else:
            errors.append(FieldError(f"same-{row.key}", RENAME_THERE, {"name": is_it.title}))
    if not chosen:
        errors.append(FieldError("rows", NOTHING_CHOSEN))
    if errors:
        raise Problem(INVALID, errors=errors)
    return changes


def _as_known(municipality: str, known: Sequence[str]) -> str:
    """As the programme writes it."""
    return next((one for one in known if normalise(one) == normalise(municipality)), municipality)


def _families(sessions: Sequence[Session]) -> dict[str, int]:
    found = seats_table.get([one.session_id for one in sessions if not one.missing], consistent=False)
    return {session_id: len(seats.registrations) for session_id, seats in found.items()}
