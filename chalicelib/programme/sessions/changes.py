"""The changes of an import to the programme, allowed or not. Plain rules: nothing is written here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.rules import Session, free_id, has_name, identify, kept_apart
from chalicelib.seats.rules import MOST_SEATS, outgrows

DIFFERS = N_(
    "Already published with {column} {published}, and the file says {now}. "
    "A published session is not changed by an import."
)
EMPTIED = N_(
    "Already published with {column} {published}, and the file leaves it empty. "
    "A published session is not changed by an import."
)
FILLED = N_(
    "Already published without {column}, and the file says {now}. A published session is not changed by an import."
)
TOO_MANY_SEATS = N_(
    "{column} is {now}. A session has at most {most} places, so that all of them can be given within a second or two. "
    "Divide it into groups, and make each group a session of its own."
)

# What staff know by the name of its column.
COLUMNS = {"price_cents": "price_eur"}
CANCELLED = N_("This camp is cancelled, and stays so. If it takes place after all, give it another title.")

# The fields of a session that a file can say: not when it opens, until when, and what families were told.
SAID = (
    *("municipality", "title", "starts_on", "ends_on", "age_min", "age_max", "capacity", "price_cents"),
    *("note", "source", "place", "daily_from", "daily_until", "kind", "contact"),
)


@dataclass(frozen=True)
class ProgrammeRow:
    """A session and its row of the file, as a spreadsheet numbers it. `unsaid`: the fields of the session for which the
    file has no column; what is known of them stays. `sheet`: which worksheet, from 0."""

    line: int
    session: Session
    unsaid: frozenset[str] = frozenset()
    sheet: int = 0


@dataclass(frozen=True)
class RowError:
    """`text` in English, to be translated; `values` for its {names}."""

    line: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    sheet: int = 0

    @property
    def column(self) -> str | None:
        """Which cell it is about; None: the row as a whole."""
        column = self.values.get("column")
        return str(column) if column else None


class Broken(Exception):
    """A file of which nothing is imported, with everything that is wrong with it, by line."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = sorted(errors, key=lambda error: (error.sheet, error.line))


@dataclass(frozen=True)
class SessionChange:
    """A session that is put, new or in the place of `before`, a draft as it was read; one of another id, because its
    first day was not known or it had another name, goes away with it."""

    session: Session
    before: Session | None = None


@dataclass(frozen=True)
class Changes:
    changed: Sequence[SessionChange]
    unchanged: int


class Fate(StrEnum):
    """The result of a row. CORRECTED: it would change a session that is published."""

    NEW = "new"
    CHANGED = "changed"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Judged:
    """A row and what becomes of it. `change`: of a new or changed one; `errors`: of a wrong one, and of one that an
    import cannot correct by itself. `before`: the session as it is, None if it is new."""

    row: ProgrammeRow
    fate: Fate
    change: SessionChange | None = None
    errors: Sequence[RowError] = ()
    before: Session | None = None


def changes(rows: Sequence[ProgrammeRow], programme: Iterable[Session]) -> Changes:
    """The writes by which the programme has `rows`. Sessions that are not in the file stay as they are: a file may be
    one municipality's. Raises Broken if a session that is published, for which families may have registered, would
    change."""
    judged = judge(rows, programme)
    errors = [error for one in judged for error in one.errors]
    if errors:
        raise Broken(errors)
    changed = [one.change for one in judged if one.change]
    return Changes(changed, unchanged=len(rows) - len(changed))


def judge(rows: Sequence[ProgrammeRow], programme: Iterable[Session]) -> list[Judged]:
    """The effect of an import on each row, in their order."""
    known = {session.session_id: session for session in programme}
    meant = matched(rows, known.values())
    taken = {name for session in known.values() for name in (session.session_id, *session.names)}
    meant_ids = {session.session_id for session in meant.values()}
    left = [session for session in known.values() if session.session_id not in meant_ids and not session.starts_on]
    judged: list[Judged] = []
    for place, sent in enumerate(rows):
        before = meant.get(place)
        row = (
            _completed(_as_called_now(sent, before), before) if before else _with_id(sent, free_id(sent.session, taken))
        )
        session = row.session
        taken.add(session.session_id)
        differing = differences(before, session) if before else []
        if before and not differing:
            judged.append(Judged(row, Fate.UNCHANGED, before=before))
            continue
        if before and before.cancelled_at:
            error = RowError(row.line, CANCELLED, {}, row.sheet)
            judged.append(Judged(row, Fate.WRONG, errors=[error], before=before))
            continue
        if before and not before.missing:
            refusals = [_refusal(row, before, name) for name in differing]
            judged.append(Judged(row, Fate.CORRECTED, errors=refusals, before=before))
            continue
        if too_large := too_many_seats(row.line, session):
            judged.append(Judged(row, Fate.WRONG, errors=[too_large]))
            continue
        undated = next((one for one in left if has_name(one) == (*has_name(session)[:2], None)), None)
        # A draft without dates has another id than the same session with them.
        if undated:
            left.remove(undated)
            row = replace(row, session=replace(session, **_known(row, undated)))
            judged.append(Judged(row, Fate.CHANGED, SessionChange(row.session, undated), before=undated))
        else:
            judged.append(
                Judged(row, Fate.CHANGED if before else Fate.NEW, SessionChange(session, before), before=before)
            )
    return judged


def matched(rows: Sequence[ProgrammeRow], programme: Iterable[Session]) -> dict[int, Session]:
    """Which session each row is about, by the row's place: the one of its name and first day, or that had them before.
    Of several such rows and sessions those belong together that are most alike."""
    by_name: dict[object, list[Session]] = defaultdict(list)
    earlier: dict[str, Session] = {}
    for session in programme:
        by_name[has_name(session)].append(session)
        earlier |= dict.fromkeys((session.session_id, *session.names), session)
    pairs = [
        (-_likeness(row, session), place, session.session_id, session)
        for place, row in enumerate(rows)
        for session in by_name.get(has_name(row.session), ())
    ]
    found: dict[int, Session] = {}
    used: set[str] = set()
    for _, place, session_id, session in sorted(pairs, key=lambda pair: pair[:3]):
        if place not in found and session_id not in used:
            used.add(session_id)
            found[place] = session
    for place, row in enumerate(rows):
        name = identify(row.session.municipality, row.session.title, row.session.starts_on)
        had_it = earlier.get(name)
        if place not in found and had_it and had_it.session_id not in used and not had_it.missing:
            used.add(had_it.session_id)
            found[place] = had_it
    return found


def _as_called_now(row: ProgrammeRow, before: Session) -> ProgrammeRow:
    """By an earlier name a row says nothing of the title, nor, if the first day was another one then, of the days: else
    each import would undo what was corrected."""
    if has_name(row.session) == has_name(before):
        return row
    session = replace(row.session, title=before.title)
    if session.starts_on != before.starts_on:
        session = replace(session, starts_on=before.starts_on, ends_on=before.ends_on)
    return replace(row, session=session)


def _likeness(row: ProgrammeRow, session: Session) -> int:
    completed = _completed(row, session).session
    apart = sum(one == other for one, other in zip(kept_apart(completed), kept_apart(session), strict=True))
    return 2 * apart + (completed.price_cents == session.price_cents)


def too_many_seats(line: int, session: Session) -> RowError | None:
    """The error of a session that is new, or no longer a draft, and has more seats than a session may have."""
    if not outgrows(session.capacity or 0):
        return None
    return RowError(line, TOO_MANY_SEATS, {"column": "capacity", "now": session.capacity, "most": MOST_SEATS})


def _completed(row: ProgrammeRow, before: Session) -> ProgrammeRow:
    """With what is known of the fields that the file says nothing about, and with its id."""
    return replace(row, session=replace(row.session, session_id=before.session_id, **_known(row, before)))


def _known(row: ProgrammeRow, before: Session) -> dict[str, Any]:
    return {name: getattr(before, name) for name in row.unsaid}


def _with_id(row: ProgrammeRow, session_id: str) -> ProgrammeRow:
    return replace(row, session=replace(row.session, session_id=session_id))


def differences(before: Session, session: Session) -> list[str]:
    """The fields that differ, of those that a file can say."""
    return [name for name in SAID if getattr(before, name) != getattr(session, name)]


def _refusal(row: ProgrammeRow, before: Session, name: str) -> RowError:
    published, now = shown(name, getattr(before, name)), shown(name, getattr(row.session, name))
    text = DIFFERS if published and now else EMPTIED if published else FILLED
    return RowError(row.line, text, {"column": COLUMNS.get(name, name), "published": published, "now": now}, row.sheet)


def name_of(session: Session) -> str:
    return f"{session.municipality}, {session.title}"


def missing(session: Session) -> list[str]:
    """The fields that a draft lacks, by the names of the columns."""
    return [COLUMNS.get(name, name) for name in session.missing]


def shown(name: str, value: object) -> str:
    """A value as the sheet writes it, texts between quotation marks; "" for an empty cell."""
    if value is None or value == "":
        return ""
    if name == "price_cents" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02}"
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f'"{value}"' if isinstance(value, str) else str(value)
