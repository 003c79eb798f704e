"""The effect of a file on the programme: what is new, what changes, and what is no longer in it. Plain rules.

A new title is not silently a second camp: where a session is gone that is the same but for its title, or for its days,
somebody says whether it is that one.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.programme.files.reading import Place, Reading
from chalicelib.programme.sessions.changes import (
    COLUMNS,
    Fate,
    Judged,
    RowError,
    SessionChange,
    differences,
    judge,
    missing,
    name_of,
)
from chalicelib.programme.sessions.rules import Session, has_name, normalise


@dataclass(frozen=True)
class ComparedRow:
    """A row of the file. `session`: as it would be, None of a row that is wrong; `before`: as it is. `changed`: the
    columns that differ. `missing`: those that a draft lacks. `perhaps`: sessions that are gone, one of which it may be.
    `unsaid`: the fields of which the file says nothing."""

    place: Place
    name: str
    fate: Fate
    session: Session | None = None
    before: Session | None = None
    changed: Sequence[str] = ()
    missing: Sequence[str] = ()
    errors: Sequence[RowError] = ()
    questions: Sequence[RowError] = ()
    change: SessionChange | None = None
    perhaps: Sequence[Session] = ()
    unsaid: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """In a form: `0-4` is row 4 of the first worksheet."""
        return f"{self.place[0]}-{self.place[1]}"


@dataclass(frozen=True)
class Comparison:
    """`gone`: sessions between the first and the last day of the file that are not in it. `digest`: another one as soon
    as the file would do something else: what was looked at is what is done."""

    rows: Sequence[ComparedRow]
    gone: Sequence[Session]
    digest: str

    @property
    def counts(self) -> Mapping[Fate, int]:
        return Counter(row.fate for row in self.rows)


def compare(
    reading: Reading, programme: Iterable[Session], today: date, is_theirs: Callable[[str], bool]
) -> Comparison:
    """`is_theirs`: whether a municipality is one that the reader of it works for."""
    known = list(programme)
    judged = judge(reading.rows, known)
    gone = _gone(reading, judged, known, today, is_theirs)
    wrong: dict[Place, list[RowError]] = defaultdict(list)
    for error in reading.errors:
        wrong[error.sheet, error.line].append(error)
    rows = [_row(one, reading, gone) for one in judged]
    rows += [
        ComparedRow(place, reading.names.get(place, ""), Fate.WRONG, errors=errors) for place, errors in wrong.items()
    ]
    rows.sort(key=lambda row: row.place)
    digest = hashlib.sha256(repr((rows, gone)).encode()).hexdigest()
    return Comparison(rows, gone, digest)


def as_it(row: ComparedRow, before: Session) -> Session:
    """A new row as the session that it is under another name: what the file says nothing about stays."""
    assert row.session is not None
    return replace(row.session, **{name: getattr(before, name) for name in row.unsaid})


def _row(judged: Judged, reading: Reading, gone: Sequence[Session]) -> ComparedRow:
    row = judged.row
    place = (row.sheet, row.line)
    changed = differences(judged.before, row.session) if judged.before else []
    return ComparedRow(
        place=place,
        name=name_of(row.session),
        fate=judged.fate,
        session=row.session,
        before=judged.before,
        changed=[COLUMNS.get(name, name) for name in changed],
        missing=missing(row.session),
        errors=judged.errors if judged.fate is Fate.WRONG else (),
        questions=reading.questions.get(place, ()) if judged.fate is not Fate.UNCHANGED else (),
        change=judged.change,
        unsaid=row.unsaid,
        perhaps=[one for one in gone if may_be(row.session, one)] if judged.fate is Fate.NEW else (),
    )


def _gone(
    reading: Reading,
    judged: Sequence[Judged],
    known: Sequence[Session],
    today: date,
    is_theirs: Callable[[str], bool],
) -> list[Session]:
    """Sessions that are gone from the file. Those that are over or outside of what it says are not: another
    municipality's, other months, a row that is wrong."""
    in_file = {one.before.session_id for one in judged if one.before}
    unread = {
        normalise(name) for place, name in reading.names.items() if place in {(e.sheet, e.line) for e in reading.errors}
    }
    spans: dict[str, list[date]] = defaultdict(list)
    for one in judged:
        if one.row.session.starts_on:
            spans[normalise(one.row.session.municipality)].append(one.row.session.starts_on)
    found = []
    for session in known:
        days = spans.get(normalise(session.municipality))
        if session.session_id in in_file or session.cancelled_at or not is_theirs(session.municipality):
            continue
        if not days or not session.starts_on:
            continue
        is_within = today < session.starts_on and min(days) <= session.starts_on <= max(days)
        if is_within and normalise(name_of(session)) not in unread:
            found.append(session)
    return sorted(found, key=lambda session: (session.starts_on or today, name_of(session)))


def may_be(new: Session, gone: Session) -> bool:
    """Whether it may be the same camp under another title, or on other days."""
    if normalise(new.municipality) != normalise(gone.municipality) or _ages(new) != _ages(gone):
        return False
    if new.place and gone.place and normalise(new.place) != normalise(gone.place):
        return False
    has_same_days = (new.starts_on, new.ends_on) == (gone.starts_on, gone.ends_on)
    return has_same_days or has_name(new)[:2] == has_name(gone)[:2]


def _ages(session: Session) -> tuple[int | None, int | None]:
    return session.age_min, session.age_max
