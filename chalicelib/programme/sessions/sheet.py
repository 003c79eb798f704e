"""Reads the CSV file that a city hands in: all of it, or everything that is wrong with it. Plain rules.

Lines are those of the file as an editor counts them, the header is line 1. What a cell may say: cells.py.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.cells import RowReader, visible
from chalicelib.programme.sessions.changes import COLUMNS, Broken, ProgrammeRow, RowError
from chalicelib.programme.sessions.rules import Session

REQUIRED = (
    "municipality",
    "title",
    "starts_on",
    "ends_on",
    "age_min",
    "age_max",
    "capacity",
    "price_eur",
    "note",
    "source",
)
# Also the names of the session's fields.
OPTIONAL = ("place", "daily_from", "daily_until", "kind", "contact")

MOST_BYTES = 2_000_000

EMPTY = N_("The file is empty. Its first line must name the columns: {columns}.")
HEADER_ONLY = N_("There is no session below the line with the column names.")
TOO_LARGE = N_("The file is larger than {most} bytes. Divide it into several files.")
NOT_TEXT = N_('This is no text file in UTF-8, but perhaps a workbook. Save it as "CSV UTF-8 (comma delimited)".')
SEMICOLONS = N_('The columns are separated by semicolons. Save the file with commas, as "CSV UTF-8 (comma delimited)".')
TABS = N_('The columns are separated by tabs. Save the file with commas, as "CSV UTF-8 (comma delimited)".')
COLUMN_MISSING = N_("The column {column} is missing.")
COLUMN_TWICE = N_("The column {column} is there twice.")
COLUMN_UNKNOWN = N_('The column "{value}" is unknown. Possible are: {columns}.')
COLUMN_NAMELESS = N_("Column number {number} has no name. Remove it if it is empty.")
TOO_FEW_CELLS = N_("This row has {cells} cells, and the first line names {columns} columns.")
TOO_MANY_CELLS = N_(
    "This row has {cells} cells, and the first line names {columns} columns. Put a text with a comma "
    "between quotation marks, and write a price as 60.00."
)
QUOTE_OPEN = N_("A quotation mark opens a cell here, but none closes it.")
QUOTE_INSIDE = N_(
    "A cell goes on after its closing quotation mark. Write a quotation mark that is part of a text twice."
)
UNREADABLE = N_("This row cannot be read: {reason}.")
TWICE = N_("The same session is on line {other}: the same municipality, title and starts_on.")

# The line that it begins on, and its cells.
Record = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    rows: Sequence[ProgrammeRow]

    @property
    def sessions(self) -> list[Session]:
        return [row.session for row in self.rows]

    @property
    def drafts(self) -> list[tuple[int, str, list[str]]]:
        """Line, municipality and title, and the columns that are empty, of each session that is not bookable yet."""
        return [(row.line, name_of(row.session), missing(row.session)) for row in self.rows if row.session.missing]


@dataclass(frozen=True)
class Examined:
    """The content of a file, right or wrong. `rows`: those without an error. `names`: line to the municipality and
    title that the row gives, also where something else in it is wrong."""

    rows: Sequence[ProgrammeRow]
    errors: Sequence[RowError]
    names: Mapping[int, str]


def read(data: bytes) -> Sheet:
    """The sessions of the file, in its order. Raises Broken, with every error by its line, if there is one at all."""
    found = examine(data)
    if found.errors:
        raise Broken(found.errors)
    return Sheet(found.rows)


def examine(data: bytes) -> Examined:
    """The content of a CSV file. Raises Broken if it is none, or has too much in it."""
    if len(data) > MOST_BYTES:
        raise Broken([RowError(1, TOO_LARGE, {"most": MOST_BYTES})])
    data = data.removeprefix(b"\xef\xbb\xbf")  # Excel marks UTF-8 so
    if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = 1 + data[: data.find(b"\0")].count(b"\n") if b"\0" in data else 1
        raise Broken([RowError(line, NOT_TEXT)])
    # What is not UTF-8 becomes surrogates, which no cell may have: so it is found by line and column, like the rest.
    lines = list(StringIO(data.decode("utf-8", "surrogateescape"), newline=""))
    if not "".join(lines).strip():
        raise Broken([RowError(1, EMPTY, {"columns": ",".join(REQUIRED)})])
    if separated := _foreign_separator(lines[0]):
        raise Broken([RowError(1, separated)])
    errors: list[RowError] = []
    return examine_records(_records(lines, errors), errors)


def examine_records(records: Iterable[Record], errors: list[RowError]) -> Examined:
    """The content of a file's rows, the header first. `errors`: of rows that `records` could not read meanwhile."""
    names: dict[int, str] = {}
    rows = list(_rows(iter(records), errors, names))
    if not rows and not errors:
        errors.append(RowError(1, HEADER_ONLY))
    return Examined(rows, sorted(errors, key=lambda error: error.line), names)


def name_of(session: Session) -> str:
    return f"{session.municipality}, {session.title}"


def missing(session: Session) -> list[str]:
    """The fields that a draft lacks, by the names of the sheet's columns."""
    return [COLUMNS.get(name, name) for name in session.missing]


def _foreign_separator(header: str) -> str | None:
    commas = header.count(",")
    if header.count(";") > commas:
        return SEMICOLONS
    return TABS if header.count("\t") > commas else None


def _rows(records: Iterator[Record], errors: list[RowError], names: dict[int, str]) -> Iterator[ProgrammeRow]:
    """The sessions below the header; what is wrong goes to `errors`."""
    first_line, header = next(records, (0, []))
    if first_line != 1:  # the header itself cannot be read, and that has been said
        return
    columns = [name.strip().casefold() for name in header]
    errors += _header_errors(columns)
    unsaid = frozenset(OPTIONAL).difference(columns)
    lines_by_id: dict[str, int] = {}
    for line, record in records:
        if not any(cell.strip() for cell in record):
            continue  # an empty line; spreadsheets leave such rows at the end
        if len(record) != len(columns):
            text = TOO_FEW_CELLS if len(record) < len(columns) else TOO_MANY_CELLS
            errors.append(RowError(line, text, {"cells": len(record), "columns": len(columns)}))
            continue
        reader = RowReader(line, dict(zip(columns, record, strict=True)))
        session = reader.session()
        names[line] = ", ".join(name for name in (session.municipality, session.title) if name)
        if reader.is_identified:
            other = lines_by_id.setdefault(session.session_id, line)
            if other != line:
                reader.error(TWICE, other=other)
        if reader.errors:
            errors += reader.errors
        else:
            yield ProgrammeRow(line, session, unsaid)


def _records(lines: Sequence[str], errors: list[RowError]) -> Iterator[Record]:
    """Each record with the line that it begins on. After a record that cannot be read it goes on with the next line."""
    start = 0
    while start < len(lines):
        reader = csv.reader((lines[number] for number in range(start, len(lines))), strict=True)
        begins = start
        try:
            for record in reader:
                yield begins + 1, record
                begins = start + reader.line_num
            return
        except csv.Error as error:
            errors.append(_unreadable(begins + 1, error))
            start = begins + 1


def _unreadable(line: int, error: csv.Error) -> RowError:
    reason = str(error)
    if "unexpected end" in reason:
        return RowError(line, QUOTE_OPEN)
    if "expected after" in reason:
        return RowError(line, QUOTE_INSIDE)
    return RowError(line, UNREADABLE, {"reason": reason})


def _header_errors(columns: Sequence[str]) -> Iterator[RowError]:
    times = Counter(columns)
    for column in REQUIRED:
        if column not in times:
            yield RowError(1, COLUMN_MISSING, {"column": column})
    for column in (*REQUIRED, *OPTIONAL):
        if times[column] > 1:
            yield RowError(1, COLUMN_TWICE, {"column": column})
    for number, column in enumerate(columns, 1):
        if not column:
            yield RowError(1, COLUMN_NAMELESS, {"number": number})
        elif column not in (*REQUIRED, *OPTIONAL):
            yield RowError(1, COLUMN_UNKNOWN, {"value": visible(column), "columns": ", ".join((*REQUIRED, *OPTIONAL))})
