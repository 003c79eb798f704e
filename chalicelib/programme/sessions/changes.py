"""The changes of an import to the programme, allowed or not. Plain rules: nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from enum import StrEnum

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.rules import Session, identify
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
NOT_OF_THE_SHEET = frozenset({"session_id", "opens_at", "opening_id", "deadline", "cancelled_at", "sequence", "names"})


@dataclass(frozen=True)
class ProgrammeRow:
    """A session and the line of the file that it begins on; the header is line 1. `unsaid`: the fields of the session
    for which the file has no column; what is known of them stays."""

    line: int
    session: Session
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RowError:
    """`text` in English, to be translated; `values` for its {names}."""

    line: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def column(self) -> str | None:
        """Which cell it is about; None: the row as a whole."""
        column = self.values.get("column")
        return str(column) if column else None


class Broken(Exception):
    """A file of which nothing is imported, with everything that is wrong with it, by line."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = sorted(errors, key=lambda error: error.line)


@dataclass(frozen=True)
class SessionChange:
    """A session that is put, new or in the place of its own draft. `replaces`: the id of the draft that it was before
    its first day was known, which goes away with it."""

    session: Session
    replaces: str | None = None


@dataclass(frozen=True)
class Changes:
    changed: Sequence[SessionChange]
    unchanged: int


class Fate(StrEnum):
    """The result of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Judged:
    """A row and what becomes of it. `change`: of a new or changed one; `errors`: of a wrong one."""

    row: ProgrammeRow
    fate: Fate
    change: SessionChange | None = None
    errors: Sequence[RowError] = ()


def changes(rows: Sequence[ProgrammeRow], programme: Iterable[Session]) -> Changes:
    """What is to be written so that the programme has `rows`. What is not in the file stays as it is: a file may be one
    municipality's. Raises Broken if a session that is published, for which families may have registered, would change.
    """
    judged = judge(rows, programme)
    errors = [error for one in judged for error in one.errors]
    if errors:
        raise Broken(errors)
    changed = [one.change for one in judged if one.change]
    return Changes(changed, unchanged=len(rows) - len(changed))


def judge(rows: Sequence[ProgrammeRow], programme: Iterable[Session]) -> list[Judged]:
    """The effect of an import on each row, in their order."""
    known = by_name(programme)
    in_file = {row.session.session_id for row in rows}
    judged: list[Judged] = []
    replaced: set[str] = set()
    for sent in rows:
        before = known.get(sent.session.session_id)
        row = _completed(_as_called_now(sent, before), before) if before else sent
        session = row.session
        differing = _differing(before, session) if before else []
        if before and not differing:
            judged.append(Judged(row, Fate.UNCHANGED))
            continue
        if before and not before.missing:
            judged.append(Judged(row, Fate.WRONG, errors=[_refusal(row, before, name) for name in differing]))
            continue
        if too_large := too_many_seats(row.line, session):
            judged.append(Judged(row, Fate.WRONG, errors=[too_large]))
            continue
        undated = identify(session.municipality, session.title, None)
        # A draft without dates has another id than the same session with them.
        if undated in known and undated not in in_file and undated not in replaced:
            replaced.add(undated)
            row = _completed(row, known[undated])
            judged.append(Judged(row, Fate.CHANGED, SessionChange(row.session, replaces=undated)))
        else:
            judged.append(Judged(row, Fate.CHANGED if before else Fate.NEW, SessionChange(session)))
    return judged


def by_name(programme: Iterable[Session]) -> dict[str, Session]:
    """What `identify` makes of each name that a session has or had to the session."""
    sessions = list(programme)
    return {name: one for one in sessions for name in one.names} | {one.session_id: one for one in sessions}


def _as_called_now(row: ProgrammeRow, before: Session) -> ProgrammeRow:
    """A row that calls a session by a name of its own, as a row of that session. By an earlier name it says nothing of
    the title, nor, if the first day was another one then, of the days: else each import would undo what was corrected.
    """
    session = replace(row.session, session_id=before.session_id)
    if row.session.session_id == identify(before.municipality, before.title, before.starts_on):
        return replace(row, session=session)
    session = replace(session, title=before.title)
    if session.starts_on != before.starts_on:
        session = replace(session, starts_on=before.starts_on, ends_on=before.ends_on)
    return replace(row, session=session)


def too_many_seats(line: int, session: Session) -> RowError | None:
    """The error of a session that is new, or no longer a draft, and has more seats than a session may have."""
    if not outgrows(session.capacity or 0):
        return None
    return RowError(line, TOO_MANY_SEATS, {"column": "capacity", "now": session.capacity, "most": MOST_SEATS})


def _completed(row: ProgrammeRow, before: Session) -> ProgrammeRow:
    """With what is known of the fields that the file says nothing about."""
    known = {name: getattr(before, name) for name in row.unsaid}
    return replace(row, session=replace(row.session, **known))


def _differing(before: Session, session: Session) -> list[str]:
    """The opening, a deadline that was moved, and what families were told are not the sheet's to say."""
    return [
        one.name
        for one in fields(Session)
        if one.name not in NOT_OF_THE_SHEET and getattr(before, one.name) != getattr(session, one.name)
    ]


def _refusal(row: ProgrammeRow, before: Session, name: str) -> RowError:
    published, now = shown(name, getattr(before, name)), shown(name, getattr(row.session, name))
    text = DIFFERS if published and now else EMPTIED if published else FILLED
    return RowError(row.line, text, {"column": COLUMNS.get(name, name), "published": published, "now": now})


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
