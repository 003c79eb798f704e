"""Files for a spreadsheet: CSV as Excel in Belgium and the Netherlands opens it, `;` between cells and UTF-8 marked so.

A cell of text that begins like a formula gets an apostrophe before it (OWASP's list): nothing that somebody once typed
is computed in an office.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

CSV = "text/csv; charset=utf-8"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for row in (head, *rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Also lines within: some programs split them into cells."""
    return "\n".join(f"'{line}" if line.startswith(FORMULAS) else line for line in cell.split("\n"))
