"""Reads a text file with a row on each line, as Excel and its kin write it in any country. Plain rules.

The encoding is found by a rule that can be said: what a byte order mark says; else UTF-8 if all of it is UTF-8; else
Windows-1252, which Excel on Windows writes in Western Europe. Rows are counted as a spreadsheet shows them.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from chalicelib.core.languages import N_
from chalicelib.programme.files.grid import MOST_COLUMNS, MOST_ROWS, Cell, Grid, HandedIn, Remark, Row
from chalicelib.programme.files.headers import HEADERS_WITHIN, known_headers
from chalicelib.programme.sessions.changes import Broken, RowError

# Of the text, enough to see which mark stands between its columns.
LOOKED_AT = 20_000
SEPARATORS = {";": N_("semicolons"), "\t": N_("tabs"), ",": N_("commas")}

NOT_TEXT = N_(
    "This is no text and no Excel workbook. Open it in Excel, choose Save as, and take “Excel workbook (.xlsx)”."
)
EMPTY = N_("The file is empty. Its first row must name the columns.")
TOO_MANY_ROWS = N_("There are more than {most} rows. Divide the file into several ones.")
ENCODED = N_("Letters: {encoding}.")
ENCODED_BY_RULE = N_("Letters: {encoding}, because it is not UTF-8. Do these words look right: {words}?")
SEPARATED = N_("Columns are separated by {separator}.")
QUOTE_OPEN = N_("A quotation mark opens a cell here, but none closes it.")
QUOTE_INSIDE = N_(
    "A cell goes on after its closing quotation mark. Write a quotation mark that is part of a text twice."
)
UNREADABLE = N_("This row cannot be read: {reason}.")


def read_text(data: bytes, name: str) -> HandedIn:
    """Raises Broken for what is no text, or has nothing in it."""
    text, encoding, is_by_rule = _decoded(data)
    if not text.strip(" \t\r\n;,"):
        raise Broken([RowError(1, EMPTY)])
    said = re.match("sep=(.)\r?\n", text)  # a line of Excel's own, which it does not show
    text = text[said.end() :] if said else text
    separator = said[1] if said else _separator(text)
    errors: list[RowError] = []
    rows = list(_rows(text, separator, errors))
    if len(rows) > MOST_ROWS:
        raise Broken([RowError(1, TOO_MANY_ROWS, {"most": MOST_ROWS})])
    words = re.findall(r"[^\s;,]*[^\x00-\x7f][^\s;,]*", text)[:4] if is_by_rule else []
    encoded = (
        Remark(ENCODED_BY_RULE, {"encoding": encoding, "words": " · ".join(words)})
        if words
        else Remark(ENCODED, {"encoding": encoding})
    )
    separated = Remark(SEPARATED, {"separator": SEPARATORS.get(separator, f"“{separator}”")})
    return HandedIn(name, [Grid("", rows)], [encoded, separated], errors)


def _decoded(data: bytes) -> tuple[str, str, bool]:
    """The text, the name of its encoding, and whether only the rule says so."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "UTF-16", False
        if b"\0" in data:
            raise Broken([RowError(1, NOT_TEXT)])
        try:
            return data.decode("utf-8-sig"), "UTF-8", False
        except UnicodeDecodeError:
            if data.startswith(b"\xef\xbb\xbf"):
                raise
            return data.decode("cp1252"), "Windows-1252", True
    except UnicodeDecodeError:
        raise Broken([RowError(1, NOT_TEXT)]) from None


def _separator(text: str) -> str:
    """The mark with which most names of columns are found; else the one that is there most."""
    beginning = text[:LOOKED_AT]

    def found(separator: str) -> tuple[int, int]:
        rows = csv.reader(StringIO(beginning, newline=""), delimiter=separator)
        known = 0
        try:
            for row in islice(rows, HEADERS_WITHIN):
                known = max(known, known_headers(row))
        except csv.Error:
            pass  # what is wrong with it is said when all of it is read
        return known, beginning.count(separator)

    return max(SEPARATORS, key=found)


def _rows(text: str, separator: str, errors: list[RowError]) -> Iterator[Row]:
    """Each row that is not empty. After one that cannot be read it goes on with the next line of the file."""
    lines = list(StringIO(text, newline=""))
    start, number = 0, 0
    while start < len(lines):
        reader = csv.reader((lines[place] for place in range(start, len(lines))), delimiter=separator, strict=True)
        begins = start
        try:
            for record in reader:
                number += 1
                begins = start + reader.line_num
                if any(cell.strip() for cell in record):
                    yield number, [Cell(text) for text in record[:MOST_COLUMNS]]
            return
        except csv.Error as error:
            number += 1
            errors.append(_unreadable(number, error))
            start = begins + 1


def _unreadable(line: int, error: csv.Error) -> RowError:
    reason = str(error)
    if "unexpected end" in reason:
        return RowError(line, QUOTE_OPEN)
    if "expected after" in reason:
        return RowError(line, QUOTE_INSIDE)
    return RowError(line, UNREADABLE, {"reason": reason})
