"""Reads the first sheet of an Excel workbook (XLSX) into the rows that sheet.py examines. Plain rules.

Nothing in it is run: a formula is refused, because what it shows depends on who opens it. A workbook is a ZIP archive;
what it says its parts grow to is looked at before any is unpacked, and zipfile unpacks no more than that. What entities
of XML may grow to, expat limits.
"""

import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from chalicelib.core.languages import N_
from chalicelib.programme.sessions.changes import Broken, RowError
from chalicelib.programme.sessions.sheet import EMPTY, REQUIRED, Examined, Record, examine_records

BEGINS = b"PK\x03\x04"
MOST_UNPACKED = 16_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 40

# The errors of openpyxl, zipfile and expat for bytes that are no workbook, or a damaged one.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)

NOT_A_WORKBOOK = N_("This workbook cannot be read. Open it, and save it as an Excel workbook (.xlsx) or as CSV UTF-8.")
TOO_BIG = N_("This workbook has more in it than a programme needs. Copy the sessions into a new one.")
TOO_MANY_ROWS = N_("The sheet has more than {most} rows. Divide it into several files.")
FORMULA = N_("{column} is a formula. Replace it by what it shows: copy the cell and paste its value.")
FAULT = N_('{column} shows the error "{value}". Write what it should say.')


def is_workbook(data: bytes) -> bool:
    return data.startswith(BEGINS)


def examine(data: bytes) -> Examined:
    """What stands in the first sheet; its first row names the columns. Raises Broken for what is no workbook, or has
    too much in it."""
    _must_be_small(data)
    errors: list[RowError] = []
    found = examine_records(_records(_cells(data), errors), errors)
    wrong = {error.line for error in errors}
    return Examined([row for row in found.rows if row.line not in wrong], found.errors, found.names)


def _must_be_small(data: bytes) -> None:
    try:
        unpacked = sum(part.file_size for part in ZipFile(BytesIO(data)).infolist())
    except UNREADABLE:
        raise Broken([RowError(1, NOT_A_WORKBOOK)]) from None
    if unpacked > MOST_UNPACKED:
        raise Broken([RowError(1, TOO_BIG)])


def _cells(data: bytes) -> list[list[Any]]:
    """The cells of the first sheet, row by row, as openpyxl has them."""
    from openpyxl import load_workbook  # noqa: PLC0415 for an import only

    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim others than it has
        return [list(row) for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)]
    except UNREADABLE:
        raise Broken([RowError(1, NOT_A_WORKBOOK)]) from None


def _records(rows: list[list[Any]], errors: list[RowError]) -> Iterator[Record]:
    if len(rows) > MOST_ROWS + 1:
        raise Broken([RowError(1, TOO_MANY_ROWS, {"most": MOST_ROWS})])
    header = [_text(cell.value).strip() for cell in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Broken([RowError(1, EMPTY, {"columns": ",".join(REQUIRED)})])
    yield 1, header
    for line, row in enumerate(rows[1:], 2):
        for cell, column in zip(row, header, strict=False):
            if cell.data_type == "f":
                errors.append(RowError(line, FORMULA, {"column": column}))
            elif cell.data_type == "e":
                errors.append(RowError(line, FAULT, {"column": column, "value": _text(cell.value)}))
        texts = [_text(cell.value) if cell.data_type not in "fe" else "" for cell in row]
        filled = max((place for place, text in enumerate(texts, 1) if text.strip()), default=0)
        width = max(len(header), filled)  # what stands beyond the named columns is an error, emptiness is none
        yield line, [*texts, *[""] * (width - len(texts))][:width]


def _text(value: Any) -> str:
    """A cell as the sheet writes it: 45.5 euros as `45.5`, the first of July as `2027-07-01`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float):
        # 45.10 in a cell is the nearest binary number; people see fifteen digits of it.
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return str(value)
