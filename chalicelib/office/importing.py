"""A programme is brought in: first what the file would do, row by row, then what somebody accepted of it.

Each row is accepted by itself. The new sessions, and the drafts that change, are written in few transactions of up to a
hundred writes, in the order of the file; then each correction of a published session, and each session that is
withdrawn, by itself, as on its own page: with its reason in the ledger, and mails to its families. Should it break off,
what was done is in, the page says so, and accepting again does what is left. Nothing is stored before somebody
accepted, neither of the file nor of what was said of its columns.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.city.ledger.rules import checked_reason
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.office import scope
from chalicelib.office.camps import cancelling, correcting
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.files import table as matchings
from chalicelib.programme.files.comparing import ComparedRow, Comparison, as_it, compare
from chalicelib.programme.files.grid import HandedIn
from chalicelib.programme.files.reading import Reading, read, understood
from chalicelib.programme.files.table import Matching
from chalicelib.programme.sessions import editing, handlers, table
from chalicelib.programme.sessions.cells import cells_of
from chalicelib.programme.sessions.changes import COLUMNS, Fate, SessionChange, differences
from chalicelib.programme.sessions.rules import Session, normalise
from chalicelib.seats import table as seats_table

# Of a new row that may be a session that is gone: it is not.
ANOTHER = "another"

# Each is a transaction with its entry in the ledger, and a browser waits half a minute at most.
MOST_CORRECTIONS = 40

TOO_MANY_CORRECTIONS = N_("Tick at most {most} of what is published, import these, and then the rest.")
NOTHING_CHOSEN = N_("Choose at least one row.")
WHICH_ONE = N_("Say for {name} whether it is a new session, or one that is in the programme under another name.")


@dataclass(frozen=True)
class Asked:
    """A person's answers about a file. `municipality`: of rows that name none. `said`: which column is which, by
    worksheet; what is remembered counts where nothing is said."""

    municipality: str = ""
    said: Mapping[int, Matching] | None = None


@dataclass(frozen=True)
class Looked:
    """`families`: how many registrations a session has that would change or is gone; `empty`: those in which nobody is
    or waits. `stays`: what cannot change of a published session now, by its id: column to the reason."""

    reading: Reading
    comparison: Comparison
    municipality: str
    municipalities: Sequence[str]
    families: Mapping[str, int]
    empty: Collection[str]
    stays: Mapping[str, Mapping[str, str]]

    def corrects(self, row: ComparedRow) -> list[str]:
        """The columns of a published session that the row may change."""
        assert row.before is not None
        stays = self.stays.get(row.before.session_id, {})
        return [column for column in row.changed if column not in stays]


@dataclass(frozen=True)
class Accepted:
    """`keys`: of the rows. `same`: of a new row that may be another session, that one's id, or ANOTHER. `gone`: ids of
    sessions that are withdrawn, or drafts that are deleted. `reason`: of what happens to published ones. `tell`:
    families hear also of what they do not go by."""

    keys: Collection[str]
    same: Mapping[str, str]
    gone: Collection[str] = ()
    reason: str = ""
    tell: bool = True


@dataclass(frozen=True)
class Refused:
    """An accepted row that could not be done, and why."""

    session_id: str
    name: str
    problem: Problem


@dataclass(frozen=True)
class Done:
    imported: int
    unchanged: int
    refused: Sequence[Refused]


@dataclass(frozen=True)
class _Correction:
    before: Session
    sent: Mapping[str, str]


def municipalities(by: Staff) -> list[str]:
    """Those of the programme that they work for."""
    theirs = scope.theirs(by)
    return sorted({one.municipality for one in table.all_sessions() if theirs(one.municipality)})


def look(by: Staff, handed: HandedIn, asked: Asked, now: datetime) -> Looked:
    """The effect that the file would have on the programme as it is now. Writes nothing.

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
    corrected = [row.before for row in comparison.rows if row.before and row.fate is Fate.CORRECTED]
    concerned = [*corrected, *comparison.gone]
    seats = seats_table.get([one.session_id for one in concerned if not one.missing], consistent=False)
    return Looked(
        reading=reading,
        comparison=comparison,
        municipality=municipality,
        municipalities=known,
        families={session_id: len(one.registrations) for session_id, one in seats.items()},
        empty={one.session_id for one in comparison.gone if one.missing}
        | {session_id for session_id, one in seats.items() if not one.children and not one.queued},
        stays={one.session_id: correcting.fixed(one, now) for one in concerned if not one.missing},
    )


def accept(
    by: Staff,
    handed: HandedIn,
    asked: Asked,
    digest: str,
    accepted: Accepted,
    labels: Mapping[str, str],
    now: datetime,
) -> Done:
    """Does what was accepted, if the file still does what was shown then. `labels`: column to what people call it.

    Raises Problem `changed` if it would do something else by now; `invalid` for what was not said that has to be. What
    `table.save_changes` says about long files holds here too. A correction that is refused says so, and stops no other.
    """
    looked = look(by, handed, asked, now)
    if looked.comparison.digest != digest:
        raise Problem(CHANGED)
    changes, corrections = _chosen(looked, accepted)
    ended = set(accepted.gone).difference(accepted.same.values())  # what goes on under another name is not gone
    gone = [one for one in looked.comparison.gone if one.session_id in ended]
    if not changes and not corrections and not gone:
        raise Problem(INVALID, errors=[FieldError("rows", NOTHING_CHOSEN)])
    if corrections or any(not one.missing for one in gone):
        checked_reason(accepted.reason)
    try:
        stored = table.save_changes(changes)
    except Interfered:
        raise Problem(CHANGED) from None
    finally:
        handlers.forget()
    if looked.municipality:
        _remember(handed, asked, looked)
    tried = [_correct(one, by, accepted, labels, now) for one in corrections]
    tried += [_end(one, by, accepted.reason, now) for one in gone]
    refused = [one for one in tried if one]
    return Done(
        imported=stored + len(tried) - len(refused),
        unchanged=looked.comparison.counts.get(Fate.UNCHANGED, 0),
        refused=[*(_left(one.session) for one in changes[stored:]), *refused],
    )


def _left(session: Session) -> Refused:
    """Somebody changed it, or what came with it, between the check and the write."""
    return Refused(session.session_id, session.title, Problem(CHANGED))


def _correct(
    correction: _Correction, by: Staff, accepted: Accepted, labels: Mapping[str, str], now: datetime
) -> Refused | None:
    before = correction.before
    try:
        correcting.correct(
            before.session_id,
            editing.edition(before),
            correction.sent,
            labels,
            by=by,
            reason=accepted.reason,
            tell=accepted.tell,
            now=now,
        )
    except Problem as problem:
        return Refused(before.session_id, before.title, problem)
    return None


def _end(session: Session, by: Staff, reason: str, now: datetime) -> Refused | None:
    try:
        if session.missing:
            editing.delete(session.session_id, editing.edition(session))
        else:
            cancelling.withdraw(session.session_id, reason, by, now)
    except Problem as problem:
        return Refused(session.session_id, session.title, problem)
    return None


def _remember(handed: HandedIn, asked: Asked, looked: Looked) -> None:
    """Keeps how a person explained columns, where that differs from what would be read without."""
    for sheet in looked.reading.sheets:
        said, signature = (asked.said or {}).get(sheet.sheet), sheet.header.signature
        if said and said != (matchings.remembered(looked.municipality, signature) or understood(handed, sheet.sheet)):
            matchings.remember(looked.municipality, signature, said)


def _chosen(looked: Looked, accepted: Accepted) -> tuple[list[SessionChange], list[_Correction]]:
    """The sessions to write as they are, and those to correct. Raises Problem `invalid`."""
    errors: list[FieldError] = []
    changes: list[SessionChange] = []
    corrections: list[_Correction] = []
    used: set[str] = set()
    for row in looked.comparison.rows:
        if row.key not in accepted.keys or row.session is None:
            continue
        if row.before and row.fate is Fate.CORRECTED:
            if columns := looked.corrects(row):
                corrections.append(_Correction(row.before, _sent(row.session, columns)))
            continue
        if row.change is None or row.fate not in (Fate.NEW, Fate.CHANGED):
            continue
        choice = accepted.same.get(row.key, "") if row.perhaps else ANOTHER
        it = next((one for one in row.perhaps if one.session_id == choice and choice not in used), None)
        used.add(choice)
        if choice == ANOTHER:
            changes.append(row.change)
        elif it is None:
            errors.append(FieldError(f"same-{row.key}", WHICH_ONE, {"name": row.name}))
        elif it.missing:
            changes.append(SessionChange(as_it(row, it), it))
        else:
            session = as_it(row, it)
            stays = looked.stays.get(it.session_id, {})
            columns = [COLUMNS.get(name, name) for name in differences(it, session)]
            corrections.append(_Correction(it, _sent(session, [one for one in columns if one not in stays])))
    if len(corrections) > MOST_CORRECTIONS:
        errors.append(FieldError("rows", TOO_MANY_CORRECTIONS, {"most": MOST_CORRECTIONS}))
    if errors:
        raise Problem(INVALID, errors=errors)
    return changes, corrections


def _sent(session: Session, columns: Sequence[str]) -> dict[str, str]:
    cells = cells_of(session)
    return {column: cells[column] for column in columns}


def _as_known(municipality: str, known: Sequence[str]) -> str:
    """As the programme writes it."""
    return next((one for one in known if normalise(one) == normalise(municipality)), municipality)
