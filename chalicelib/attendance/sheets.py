"""An attendance list as a file for a spreadsheet: CSV and XLSX.

CSV is as Excel in Belgium and the Netherlands opens it with a double click: UTF-8 with a byte order mark, `;` between
cells (the comma is theirs for decimals), CRLF. What begins like a formula gets an apostrophe before it, so that no
family can have a spreadsheet compute or call something; XLSX needs none, because there a text says that it is one.
"""

import csv
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from chalicelib.attendance.columns import cells, facts, heading, titles
from chalicelib.attendance.rules import AttendanceList

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9  # in the numbers of Office Open XML
# OWASP's list: what Excel, LibreOffice or Google take for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# As wide as what stands in it, in characters, by the column's place: names, age, ticks, whom to call …
WIDTHS = (22, 16, 6, 9, 9, 36, 26, 40, 30)


def as_csv(of: AttendanceList, language: str) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(titles(of, language))
    for row in of.rows:
        writer.writerow([harmless(cell) for cell in cells(of, row, language)])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Also lines within: some programs split them into cells."""
    return "\n".join(f"'{line}" if line.startswith(FORMULAS) else line for line in cell.split("\n"))


def as_xlsx(of: AttendanceList, language: str) -> bytes:
    """The heading, what it is about, the columns, then a row for each child."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "3:3"
    sheet.freeze_panes = "A4"
    for place, width in enumerate(WIDTHS if of.with_medical else (*WIDTHS[:7], WIDTHS[8])):
        sheet.column_dimensions["ABCDEFGHI"[place]].width = width

    def text(value: str, **font: object) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"  # whatever it looks like: openpyxl takes `=1` for a formula
        cell.font = Font(name="Calibri", **font)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    title = text(heading(of, language), bold=True, size=14)
    title.alignment = Alignment(wrap_text=False)
    about = text(" · ".join(facts(of, language)))
    about.alignment = Alignment(wrap_text=False)
    sheet.append([title])
    sheet.append([about])
    sheet.append([text(one, bold=True) for one in titles(of, language)])
    for row in of.rows:
        sheet.append([text(cell) for cell in cells(of, row, language)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()
