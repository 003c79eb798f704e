"""An attendance list as a file for a spreadsheet."""

from chalicelib.core.printing import sheets
from chalicelib.office.attendance.columns import cells, facts, heading, shows_groups, titles
from chalicelib.office.attendance.rules import AttendanceList

# As wide as what stands in it, in characters, by the column's place: names, age, ticks, whom to call …
WIDTHS = (22, 16, 6, 9, 9, 36, 26, 40, 30)
GROUP = 18
ANSWER = 24


def as_csv(of: AttendanceList, language: str) -> bytes:
    return sheets.as_csv(titles(of, language), [cells(of, row, language) for row in of.rows])


def as_xlsx(of: AttendanceList, language: str) -> bytes:
    """The heading, what it is about, the columns, then a row for each child."""
    widths = WIDTHS if of.with_medical else (*WIDTHS[:7], WIDTHS[8])
    widths = (*widths[:3], GROUP, *widths[3:]) if shows_groups(of) else widths
    widths = (*widths[:-1], *(ANSWER for _ in of.questions), widths[-1])
    above = (heading(of, language), " · ".join(facts(of, language)))
    return sheets.as_xlsx(titles(of, language), [cells(of, row, language) for row in of.rows], widths, above)
