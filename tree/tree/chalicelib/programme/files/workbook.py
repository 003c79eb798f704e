"""Reads the worksheets of an Excel workbook (XLSX). Plain rules.

Nothing in it is run: a formula is refused, because what it shows depends on who opens it. A workbook is a ZIP archive;
what it says its parts grow to is looked at before any is unpacked, and zipfile unpacks no more than that. What entities
of XML may grow to, expat limits.
"""

import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from chalicelib.core.languages import N_
from chalicelib.programme.files.grid import MOST_COLUMNS, MOST_ROWS, Cell, CellKind, Grid, HandedIn, Remark
from chalicelib.programme.files.textfile import EMPTY, TOO_MANY_ROWS
from chalicelib.programme.sessions.changes import Broken, RowError

BEGINS = b"PK\x03\x04"
OLD_BEGINS = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 16_000_000
MOST_SHEETS = 20
DAY = timedelta(days=1)

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

NOT_A_WORKBOOK = N_(
    "This workbook cannot be read. Open it in Excel, choose Save as, and take “Excel workbook (.xlsx)”, without a "
    "password."
)
TOO_BIG = N_("This workbook has more in it than a programme needs. Copy the sessions into a new one.")
HIDDEN = N_("The hidden worksheet “{name}” is not read.")


def is_workbook(data: bytes) -> bool:
    """Also what Excel wrote before 2007, or with a password, which is refused."""
    return data.startswith((BEGINS, OLD_BEGINS))


def read_workbook(data: bytes, name: str) -> HandedIn:
    """Its worksheets that are not hidden. Raises Broken for what is no workbook, or has too much in it."""
    from openpyxl import load_workbook  # noqa: PLC0415 for an import only
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415

    _must_be_small(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        since_1904 = book.epoch == CALENDAR_MAC_1904
        grids, hidden = [], []
        for sheet in book.worksheets[:MOST_SHEETS]:
            if sheet.sheet_state != "visible":
                hidden.append(Remark(HIDDEN, {"name": sheet.title}))
                continue
            sheet.reset_dimensions()  # a file may claim others than it has
            grids.append(Grid(sheet.title, _rows(sheet), since_1904))
    except UNREADABLE:
        raise Broken([RowError(1, NOT_A_WORKBOOK)]) from None
    if not any(grid.rows for grid in grids):
        raise Broken([RowError(1, EMPTY)])
    return HandedIn(name, [grid for grid in grids if grid.rows], hidden)


def _must_be_small(data: bytes) -> None:
    try:
        unpacked = sum(part.file_size for part in ZipFile(BytesIO(data)).infolist())
    except UNREADABLE:
        raise Broken([RowError(1, NOT_A_WORKBOOK)]) from None
    if unpacked > MOST_UNPACKED:
        raise Broken([RowError(1, TOO_BIG)])


def _rows(sheet: Any) -> list[tuple[int, list[Cell]]]:
    """The rows in which something stands."""
    found: list[tuple[int, list[Cell]]] = []
    for line, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS * 2, max_col=MOST_COLUMNS), 1):
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1].text.strip():
            cells.pop()
        if cells:
            found.append((line, cells))
    if len(found) > MOST_ROWS:
        raise Broken([RowError(1, TOO_MANY_ROWS, {"most": MOST_ROWS})])
    return found


def _cell(cell: Any) -> Cell:
    """A cell as the sheet writes it: 45.5 euros as `45.5`, the first of July as `2027-07-01`."""
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        return Cell(str(value), CellKind.FORMULA)
    if cell.data_type == "e":
        return Cell(str(value), CellKind.FAULT)
    if isinstance(value, datetime):
        if value.time() == time.min:
            return Cell(value.date().isoformat(), CellKind.DAY)
        return Cell(value.isoformat(" ", "minutes"))
    if isinstance(value, date):
        return Cell(value.isoformat(), CellKind.DAY)
    if isinstance(value, timedelta) and timedelta(0) <= value < DAY:
        return Cell(f"{value.seconds // 3600:02}:{value.seconds // 60 % 60:02}", CellKind.HOUR)
    if isinstance(value, time):
        return Cell(value.isoformat("minutes"), CellKind.HOUR)
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, int | float):
        # 45.10 in a cell is the nearest binary number; people see fifteen digits of it.
        return Cell(f"{value:.15g}", CellKind.NUMBER)
    return Cell(str(value))
