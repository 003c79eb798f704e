"""The effect of a file on the programme, row by row, before anything is written. Plain rules."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.core.languages import N_
from chalicelib.programme.sessions import sheet, workbook
from chalicelib.programme.sessions.changes import Broken, Fate, Judged, ProgrammeRow, RowError, judge
from chalicelib.programme.sessions.rules import Session
from chalicelib.programme.sessions.sheet import Examined, missing, name_of

MOST_BYTES = 128 * 1024

TOO_LARGE = N_("The file is larger than {most} KB. Divide it into several files, or use the command line.")


@dataclass(frozen=True)
class PreviewLine:
    """A row of the file. `line`: as a spreadsheet numbers it. `missing`: the columns that a draft lacks."""

    line: int
    name: str
    fate: Fate
    missing: Sequence[str] = ()
    errors: Sequence[RowError] = ()


@dataclass(frozen=True)
class Preview:
    """`digest`: the same for the same file that does the same: what was looked at is what is imported. `rows`: what can
    be imported once no line is wrong."""

    lines: Sequence[PreviewLine]
    rows: Sequence[ProgrammeRow]
    digest: str

    @property
    def is_right(self) -> bool:
        return all(line.fate is not Fate.WRONG for line in self.lines)

    @property
    def counts(self) -> Mapping[Fate, int]:
        return Counter(line.fate for line in self.lines)


def preview(data: bytes, programme: Iterable[Session]) -> Preview:
    """Everything that is wrong with a CSV file or a workbook is in it; nothing is raised."""
    try:
        found = _examined(data)
    except Broken as broken:
        found = Examined([], broken.errors, {})
    judged = judge(found.rows, programme)
    wrong: dict[int, list[RowError]] = {}
    for error in (*found.errors, *(error for one in judged for error in one.errors)):
        wrong.setdefault(error.line, []).append(error)
    right = [_line(one) for one in judged if one.row.line not in wrong]
    lines = right + [
        PreviewLine(line, found.names.get(line, ""), Fate.WRONG, (), errors) for line, errors in wrong.items()
    ]
    lines.sort(key=lambda one: one.line)
    return Preview(lines, found.rows, _digest(data, lines))


def _examined(data: bytes) -> Examined:
    if len(data) > MOST_BYTES:
        raise Broken([RowError(1, TOO_LARGE, {"most": MOST_BYTES // 1024})])
    return workbook.examine(data) if workbook.is_workbook(data) else sheet.examine(data)


def _line(judged: Judged) -> PreviewLine:
    session = judged.row.session
    return PreviewLine(judged.row.line, name_of(session), judged.fate, missing(session))


def _digest(data: bytes, lines: Sequence[PreviewLine]) -> str:
    """SHA-256 in hexadecimal digits, of the file and of what it would do."""
    does = json.dumps([[line.line, line.fate.value, list(line.missing)] for line in lines])
    return hashlib.sha256(hashlib.sha256(data).digest() + does.encode()).hexdigest()
