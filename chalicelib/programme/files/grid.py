"""A file as a spreadsheet shows it: worksheets of numbered rows of cells. Plain rules.

Between the page that shows what a file would do and the one that does it, the browser keeps what was read of the file:
`packed`. So nothing is stored before somebody has looked at it, and a workbook of megabytes is a few kilobytes there.
"""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chalicelib.programme.sessions.changes import RowError

MOST_ROWS = 2_000
MOST_COLUMNS = 60


class CellKind(StrEnum):
    """The kind of a cell in a workbook; in a text file all are texts."""

    TEXT = "t"
    NUMBER = "n"
    DAY = "d"
    HOUR = "h"
    FORMULA = "f"
    FAULT = "e"


class Cell(NamedTuple):
    """`text`: a number with a point, a day as 2027-07-05, an hour as 09:00."""

    text: str
    kind: CellKind = CellKind.TEXT


# A row as the spreadsheet numbers it, and its cells; what is empty at its end is left out.
Row = tuple[int, Sequence[Cell]]


@dataclass(frozen=True)
class Grid:
    """A worksheet, or a text file, whose `name` is empty. Empty rows are left out. `since_1904`: its numbers for days
    count from then, as Excel for the Mac did."""

    name: str
    rows: Sequence[Row]
    since_1904: bool = False


@dataclass(frozen=True)
class Remark:
    """How something was read. `text` in English, to be translated; `values` for its {names}."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class HandedIn:
    """A file that somebody handed in, before anybody knows what its cells mean. `name`: what they call it. `errors`:
    of rows that cannot be read at all."""

    name: str
    grids: Sequence[Grid]
    remarks: Sequence[Remark] = ()
    errors: Sequence[RowError] = ()


def letter(place: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def packed(handed: HandedIn) -> str:
    """For a field of a form."""
    document = {
        "name": handed.name,
        "grids": [
            [
                grid.name,
                [
                    [line, [cell.text if cell.kind is CellKind.TEXT else list(cell) for cell in cells]]
                    for line, cells in grid.rows
                ],
                grid.since_1904,
            ]
            for grid in handed.grids
        ],
        "remarks": [[remark.text, dict(remark.values)] for remark in handed.remarks],
        "errors": [[error.line, error.text, dict(error.values), error.sheet] for error in handed.errors],
    }
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(document, ensure_ascii=False).encode(), 9)).decode()


def unpacked(sent: str) -> HandedIn:
    """The file that `packed` wrote; the page that carries it has sealed it. Raises ValueError for anything else."""
    document = json.loads(zlib.decompress(base64.urlsafe_b64decode(sent)))
    return HandedIn(
        document["name"],
        [
            Grid(name, [(line, [_cell(cell) for cell in cells]) for line, cells in rows], since_1904)
            for name, rows, since_1904 in document["grids"]
        ],
        [Remark(text, values) for text, values in document["remarks"]],
        [RowError(line, text, values, sheet) for line, text, values, sheet in document["errors"]],
    )


def _cell(sent: str | list[str]) -> Cell:
    if isinstance(sent, list):
        text, kind = sent
        return Cell(text, CellKind(kind))
    return Cell(sent)
