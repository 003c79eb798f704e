"""Files for a spreadsheet: CSV and XLSX.

CSV is as Excel in Belgium and the Netherlands opens it with a double click: UTF-8 with a byte order mark, `;` between
cells, the comma for decimals, CRLF. What begins like a formula gets an apostrophe before it (OWASP's list), so that
nothing that somebody once typed computes or calls something in an office; XLSX needs none, because there a text says
that it is one.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from chalicelib.core.http.answering import File

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9  # in the numbers of Office Open XML
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 has no place for (2.2): one of them, and no program opens the workbook.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Cell = str | int | Decimal


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for row in (head, *rows):
        writer.writerow([_in_csv(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int], above: Sequence[str] = ()
) -> bytes:
    """`widths` of the columns, in characters. `above`: lines before the columns' names, the first one large."""
    from openpyxl import Workbook  # noqa: PLC0415 large, and for files alone
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    names = len(above) + 1
    sheet.print_title_rows = f"{names}:{names}"
    sheet.freeze_panes = f"A{names + 1}"
    for place, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(place + 1)].width = width

    def cell(value: Cell, *, wrap: bool = True, **font: object) -> WriteOnlyCell:
        if isinstance(value, str):
            value = NOT_IN_XML.sub("\ufffd", value)
        made = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            made.data_type = "s"  # whatever it looks like: openpyxl takes `=1` for a formula
        made.font = Font(name="Calibri", **font)
        made.alignment = Alignment(vertical="top", wrap_text=wrap)
        return made

    for place, line in enumerate(above):
        sheet.append([cell(line, wrap=False, bold=True, size=14) if place == 0 else cell(line, wrap=False)])
    sheet.append([cell(name, bold=True) for name in head])
    for row in rows:
        sheet.append([cell(one) for one in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def as_file(name: str, ending: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> File:
    """`ending`: "csv" or "xlsx"."""
    if ending == "csv":
        return File(as_csv(head, rows), CSV, f"{name}.csv")
    return File(as_xlsx(head, rows, widths), XLSX, f"{name}.xlsx")


def _in_csv(cell: Cell) -> str | int:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return harmless(cell) if isinstance(cell, str) else cell


def harmless(cell: str) -> str:
    """Also lines within: some programs split them into cells."""
    return "\n".join(f"'{line}" if line.startswith(FORMULAS) else line for line in cell.split("\n"))
