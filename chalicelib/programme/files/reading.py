"""A programme read from a file: its rows as sessions, how each cell was read, what cannot be read. Plain rules.

Nothing is raised for what is wrong: a person sees it all at once, each with its worksheet, row and column.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

from chalicelib.core.languages import N_
from chalicelib.programme.files import meanings, textfile, workbook
from chalicelib.programme.files.grid import Cell, CellKind, Grid, HandedIn, Remark, letter
from chalicelib.programme.files.headers import LEFT_OUT, PAIRS, Header, ReadColumn, find, folded, known_headers
from chalicelib.programme.files.meanings import MEASURED, MOST_CHARACTERS, DayStyle, Meant, Unclear
from chalicelib.programme.sessions.cells import LABELS, TEXT_TOO_LONG, RowReader, visible
from chalicelib.programme.sessions.changes import COLUMNS, SAID, Broken, ProgrammeRow, RowError
from chalicelib.programme.sessions.rules import free_id, has_name, kept_apart

MOST_BYTES = 3_000_000

TOO_LARGE = N_(
    "The file has {size} MB, and at most {most} MB are possible. Take the pictures out of it, or copy the rows into a "
    "new workbook."
)
NO_LIST = N_(
    "There is no list with a row that names the columns. Begin with the template, or write such a row above it."
)
NO_TITLE = N_("No column is known to be the title of the camps. Say below which one it is.")
NO_ROWS = N_("There is no session below the row with the column names.")
NO_MUNICIPALITY = N_("The file does not say of which municipality the sessions are. Choose it below.")
COLUMN_TWICE = N_("Two columns may be “{meaning}”: {first} and {second}. Say below which one it is.")
TOO_FEW_CELLS = N_("This row has {cells} cells, and the row with the names has {columns}.")
TOO_MANY_CELLS = N_(
    "This row has {cells} cells, and the row with the names has {columns}. Put what has a comma or a semicolon in it "
    "between quotation marks."
)
TWICE = N_("The same session is in row {other}: the same municipality, title, first day, ages, place and hours.")
ONLY_TITLE = N_("There is nothing but a title in this row. Is it a camp?")

READ_FROM = N_("Worksheet “{name}”: row {line} names the columns.")
READ_FROM_TEXT = N_("Row {line} names the columns.")
SHEET_LEFT_OUT = N_("The worksheet “{name}” is not read: no row in it names columns that are known.")
DAY_FIRST = N_("In days, the day comes first: 01/07 is 1 July.")
MONTH_FIRST = N_("In days, the month comes first: 07/01 is 1 July.")
OF_YEAR = N_("Days without a year are of {year}.")
TOTALS = N_("Row {line} is left out, because it has totals.")
EXAMPLE = N_("Row {line} is left out, because it is an example.")
HEADER_AGAIN = N_("Row {line} is left out, because it repeats the names of the columns.")

TOTAL = re.compile(r"(?:sub)?tota+l(?:en|en generaal|s|aal)?|totaux|(?:sub)?totaal|som|somme|sum", re.IGNORECASE)
EXAMPLES = ("voorbeeld:", "exemple :", "exemple:", "example:")
ONE_LINE = ("municipality", "title", "place", "kind", "contact", "source")

# A row: which worksheet, from 0, and its number there.
Place = tuple[int, int]


@dataclass(frozen=True)
class Turned:
    """A cell that was read as something else than what it shows. `column`: a column, or a pair of them. `meant`: as
    sessions/cells.py writes it, of a pair both."""

    column: str
    given: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class ReadSheet:
    """A worksheet that was read."""

    sheet: int
    name: str
    header: Header

    def where(self, column: str) -> str:
        """A column as a person finds it: `G (Prijs)`."""
        of_pair = [pair for pair, ends in PAIRS.items() if column in ends]
        found = next((one for name in (column, *of_pair) if (one := self.header.of(name))), None)
        return in_sheet(found) if found else ""


def in_sheet(column: ReadColumn) -> str:
    return f"{letter(column.place)} ({column.header})" if column.header else letter(column.place)


def understood(handed: HandedIn, sheet: int) -> dict[int, str]:
    """Which column is which, by its place, where nobody says anything of them."""
    header = find(handed.grids[sheet], lambda _: {})
    return {one.place: one.column or LEFT_OUT for one in header.columns} if header else {}


@dataclass(frozen=True)
class Reading:
    """`rows`: those without an error. `names`: a row's municipality and title, also where something else in it is
    wrong. `questions`: what somebody must say yes to before the row is taken."""

    sheets: Sequence[ReadSheet]
    rows: Sequence[ProgrammeRow] = ()
    errors: Sequence[RowError] = ()
    remarks: Sequence[Remark] = ()
    names: Mapping[Place, str] = field(default_factory=dict)
    turned: Mapping[Place, Sequence[Turned]] = field(default_factory=dict)
    questions: Mapping[Place, Sequence[RowError]] = field(default_factory=dict)
    needs_municipality: bool = False


def open_file(data: bytes, name: str) -> HandedIn:
    """Raises Broken for what cannot be read at all."""
    if len(data) > MOST_BYTES:
        raise Broken([RowError(1, TOO_LARGE, sizes(len(data)))])
    if workbook.is_workbook(data):
        return workbook.read_workbook(data, name)
    return textfile.read_text(data, name)


def sizes(size: int) -> dict[str, object]:
    """The values of TOO_LARGE for a file of so many bytes."""
    return {"size": f"{size / 1_000_000:.1f}", "most": MOST_BYTES // 1_000_000}


def unmatched(sheet: int, signature: str) -> Mapping[int, str]:
    """Where nobody has said anything about a header."""
    return {}


def read(
    handed: HandedIn, municipality: str = "", matched: Callable[[int, str], Mapping[int, str]] = unmatched
) -> Reading:
    """`municipality`: of the rows, where no column says it. `matched`: what was said of the columns of a worksheet
    whose header has that signature, by their places."""
    found = [
        ReadSheet(sheet, grid.name, header)
        for sheet, grid in enumerate(handed.grids)
        if (header := find(grid, partial(matched, sheet)))
    ]
    listed = [one for one in found if one.header.of("title")] or found[:1]
    if not listed:
        return Reading([], errors=[*handed.errors, RowError(1, NO_LIST)], remarks=handed.remarks)
    remarks = [*handed.remarks]
    for sheet, grid in enumerate(handed.grids):
        if grid.name and all(one.sheet != sheet for one in listed):
            remarks.append(Remark(SHEET_LEFT_OUT, {"name": grid.name}))
    readers = [_SheetReader(one, handed.grids[one.sheet], municipality, handed.name) for one in listed]
    for reader in readers:
        reader.read()
        remarks += reader.remarks
    rows, errors = _distinct([row for reader in readers for row in reader.rows])
    errors = [*handed.errors, *(error for reader in readers for error in reader.errors), *errors]
    if not rows and not errors:
        errors.append(RowError(listed[0].header.line, NO_ROWS, sheet=listed[0].sheet))
    needs = any(reader.needs_municipality for reader in readers)
    if needs:
        errors.append(RowError(listed[0].header.line, NO_MUNICIPALITY, sheet=listed[0].sheet))
    wrong = {(error.sheet, error.line) for error in errors}
    return Reading(
        sheets=listed,
        rows=[] if needs else [row for row in rows if (row.sheet, row.line) not in wrong],
        errors=sorted(errors, key=lambda error: (error.sheet, error.line)),
        remarks=remarks,
        names={place: name for reader in readers for place, name in reader.names.items()},
        turned={place: turned for reader in readers for place, turned in reader.turned.items()},
        questions={place: asked for reader in readers for place, asked in reader.questions.items()},
        needs_municipality=needs,
    )


def _distinct(rows: Sequence[ProgrammeRow]) -> tuple[list[ProgrammeRow], list[RowError]]:
    """The rows with an id of their own each; an error where two are the same session."""
    errors: list[RowError] = []
    kept: list[ProgrammeRow] = []
    first: dict[object, ProgrammeRow] = {}
    taken: set[str] = set()
    for row in rows:
        same = first.setdefault((has_name(row.session), kept_apart(row.session)), row)
        if same is not row:
            errors.append(RowError(row.line, TWICE, {"other": same.line}, row.sheet))
            continue
        session_id = free_id(row.session, taken)
        taken.add(session_id)
        kept.append(replace(row, session=replace(row.session, session_id=session_id)))
    return kept, errors


class _SheetReader:
    """One worksheet while it is read."""

    def __init__(self, sheet: ReadSheet, grid: Grid, municipality: str, file_name: str) -> None:
        self.sheet = sheet
        self.grid = grid
        self.municipality = municipality
        self.columns = {one.column: one.place for one in sheet.header.columns if one.column not in ("", LEFT_OUT)}
        self.below = grid.rows[sheet.header.at + 1 :]
        above = [cell.text for _, cells in grid.rows[: sheet.header.at] for cell in cells]
        self.style = self._style([grid.name, file_name, *above])
        self.unsaid = self._unsaid()
        self.rows: list[ProgrammeRow] = []
        self.errors: list[RowError] = []
        self.remarks: list[Remark] = []
        self.names: dict[Place, str] = {}
        self.turned: dict[Place, list[Turned]] = {}
        self.questions: dict[Place, list[RowError]] = {}
        self.needs_municipality = False

    def read(self) -> None:
        line = self.sheet.header.line
        said = {"name": self.sheet.name, "line": line}
        self.remarks.append(Remark(READ_FROM, said) if self.sheet.name else Remark(READ_FROM_TEXT, said))
        self._say_days()
        twice = [one for one in self.sheet.header.columns if one.twice]
        for one, other in pairwise(twice):
            if one.twice == other.twice:
                named = {"meaning": one.twice, "first": in_sheet(one), "second": in_sheet(other)}
                self.errors.append(RowError(line, COLUMN_TWICE, named, self.sheet.sheet))
        if "title" not in self.columns:
            if not any(one.twice == "title" for one in twice):
                self.errors.append(RowError(line, NO_TITLE, sheet=self.sheet.sheet))
            return
        self.needs_municipality = "municipality" not in self.columns and not self.municipality
        for number, cells in self.below:
            self._read_row(number, cells)

    def _read_row(self, line: int, cells: Sequence[Cell]) -> None:
        filled = {column: cells[at] for column, at in self.columns.items() if at < len(cells) and _says(cells[at])}
        if why := self._left_out(cells, filled):
            self.remarks.append(Remark(why, {"line": line}))
            return
        if not filled:
            return
        place = (self.sheet.sheet, line)
        width = max(one.place for one in self.sheet.header.columns) + 1
        if not self.grid.name and (error := _shifted(line, cells, width)):
            self.errors.append(error)
            return
        texts = dict.fromkeys((one for one in LABELS if one in self.columns or one == "municipality"), "")
        texts["municipality"] = self.municipality or ("?" if self.needs_municipality else "")
        errors: list[RowError] = []
        for column, cell in filled.items():
            try:
                meant = self._meant(column, cell)
            except Unclear as unclear:
                values = {"column": column, "value": visible(cell.text), **unclear.values}
                errors.append(RowError(line, unclear.text, values, self.sheet.sheet))
                continue
            texts |= meant.texts
            self._note(place, column, cell, meant)
        reader = RowReader(line, texts)
        session = reader.session()
        errors += [RowError(one.line, one.text, one.values, self.sheet.sheet) for one in reader.errors]
        names = ("" if self.needs_municipality else session.municipality, session.title)
        self.names[place] = ", ".join(name for name in names if name)
        self.errors += errors
        if errors:
            self.questions.pop(place, None)
            return
        if set(filled) <= {"municipality", "title"} and len(self.columns) > 2:
            self.questions.setdefault(place, []).append(RowError(line, ONLY_TITLE, {}, self.sheet.sheet))
        self.rows.append(ProgrammeRow(line, session, self.unsaid, self.sheet.sheet))

    def _meant(self, column: str, cell: Cell) -> Meant:
        if cell.kind is CellKind.FORMULA:
            raise Unclear(meanings.FORMULA)
        if cell.kind is CellKind.FAULT:
            raise Unclear(meanings.FAULT)
        if column in MEASURED and len(cell.text) > MOST_CHARACTERS:
            raise Unclear(TEXT_TOO_LONG, length=len(cell.text), most=MOST_CHARACTERS)
        match column:
            case "starts_on" | "ends_on":
                text, questions = meanings.day(cell, self.style)
                return Meant({column: text}, questions)
            case "days":
                first, last, questions = meanings.days(cell, self.style)
                return Meant({"starts_on": first, "ends_on": last}, questions)
            case "age_min" | "age_max":
                return Meant({column: meanings.age(cell)})
            case "ages":
                lowest, highest = meanings.ages(cell)
                return Meant({"age_min": lowest, "age_max": highest})
            case "capacity":
                return Meant({column: meanings.count(cell)})
            case "price_eur":
                text, questions = meanings.price(cell)
                return Meant({column: text}, questions)
            case "daily_from" | "daily_until":
                return Meant({column: meanings.hour(cell)})
            case "hours":
                begins, ends = meanings.hours(cell)
                return Meant({"daily_from": begins, "daily_until": ends})
        return Meant({column: meanings.text_of(cell, may_have_lines=column not in ONE_LINE)})

    def _note(self, place: Place, column: str, cell: Cell, meant: Meant) -> None:
        given, texts = cell.text.strip(), tuple(meant.texts.values())
        if texts != (given,) and not _is_number_as_given(column, given, texts[0]):
            self.turned.setdefault(place, []).append(Turned(column, visible(" ⏎ ".join(given.splitlines())), texts))
        for one in meant.questions:
            values = {"column": column, "value": visible(cell.text), **one.values}
            self.questions.setdefault(place, []).append(RowError(place[1], one.text, values, place[0]))

    def _left_out(self, cells: Sequence[Cell], filled: Mapping[str, Cell]) -> str | None:
        """Why a row is no session, if it is none."""
        title = filled.get("title")
        if title and title.text.strip().replace("\u00a0", " ").casefold().startswith(EXAMPLES):
            return EXAMPLE
        texts = [cell.text.strip() for cell in cells if cell.kind is CellKind.TEXT and cell.text.strip()]
        days = [filled[column].text for column in ("starts_on", "ends_on", "days") if column in filled]
        has_days = not all(TOTAL.fullmatch(text.strip(" :")) for text in days)
        is_computed = not title and any(cell.kind is CellKind.FORMULA for cell in filled.values())
        if not has_days and (is_computed or any(TOTAL.fullmatch(text.strip(" :")) for text in texts)):
            return TOTALS
        names = [one.header for one in self.sheet.header.columns]
        if len(texts) > 1 and {folded(text) for text in texts} <= {folded(name) for name in names}:
            return HEADER_AGAIN if known_headers(texts) > 1 else None
        return None

    def _style(self, titles: Sequence[str]) -> DayStyle:
        cells: list[Cell] = []
        pairs: list[tuple[Cell, Cell]] = []
        for _, row in self.below:
            by_column = {name: row[at] for name, at in self.columns.items() if at < len(row) and _says(row[at])}
            cells += [by_column[name] for name in ("starts_on", "ends_on", "days") if name in by_column]
            if "starts_on" in by_column and "ends_on" in by_column:
                pairs.append((by_column["starts_on"], by_column["ends_on"]))
        return meanings.style_of(cells, titles, pairs, self.grid.since_1904)

    def _say_days(self) -> None:
        cells = [
            meanings.plain(row[at].text)
            for _, row in self.below
            for name, at in self.columns.items()
            if name in ("starts_on", "ends_on", "days") and at < len(row) and row[at].kind is CellKind.TEXT
        ]
        numeric = [found for text in cells if (found := meanings.NUMERIC.fullmatch(text))]
        if numeric and self.style.day_first is not None:
            self.remarks.append(Remark(DAY_FIRST if self.style.day_first else MONTH_FIRST))
        if self.style.year and any(found[3] is None for found in numeric):
            self.remarks.append(Remark(OF_YEAR, {"year": self.style.year}))

    def _unsaid(self) -> frozenset[str]:
        """The session's fields of which no column says anything."""
        said = {one for column in self.columns for one in PAIRS.get(column, (column,))} | {"municipality", "title"}
        return frozenset(name for name in SAID if COLUMNS.get(name, name) not in said)


def _says(cell: Cell) -> bool:
    """Whether something stands in it; a dash says that there is nothing."""
    text = cell.text.strip()
    return bool(text) and not (cell.kind is CellKind.TEXT and text in meanings.DASHES)


def _shifted(line: int, cells: Sequence[Cell], width: int) -> RowError | None:
    """Of a text file: a mark within a cell moves all that comes after it."""
    filled = max((at for at, cell in enumerate(cells, 1) if cell.text.strip()), default=0)
    if filled > width:
        return RowError(line, TOO_MANY_CELLS, {"cells": filled, "columns": width})
    if len(cells) < width:
        return RowError(line, TOO_FEW_CELLS, {"cells": len(cells), "columns": width})
    return None


def _is_number_as_given(column: str, given: str, meant: str) -> bool:
    """45 euros are 45.00 to everybody, and 9:00 is 09:00."""
    if column == "price_eur":
        return meant in (f"{given}.00", f"{given}0")
    return column in ("daily_from", "daily_until") and meant == f"0{given}"
