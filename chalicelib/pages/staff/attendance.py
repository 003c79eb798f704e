"""Attendance lists of a day, or of a session and a day: as page, spreadsheet and PDF."""

from datetime import date

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import ID, Day, Model, Text, queried
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.core.printing.sheets import CSV, XLSX
from chalicelib.office.attendance import columns, paper, reading, sheets
from chalicelib.office.attendance.grouping import AS_GROUP
from chalicelib.office.attendance.rules import (
    DAYS_AFTER,
    DAYS_BEFORE,
    NO_GROUP,
    AttendanceList,
    for_the_kitchen,
    of_group,
    tomorrow,
)
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.questions.rules import said
from chalicelib.programme.sessions.handlers import MUNICIPALITY

QUERY = Model(
    {
        "day": Day(is_required=False),
        "municipality": MUNICIPALITY,
        "group": Text(AS_GROUP, ID, 10, is_required=False),
    }
)


def show(visit: Visit, by: Staff) -> Answer:
    """The sessions of `?day=`, today if it is left out, everywhere or in `?municipality=`."""
    day, municipality = _asked(visit, today(visit.now))
    return page(
        visit,
        "pages/staff/attendance.html",
        form=Form({"day": day.isoformat(), "municipality": municipality or ""}),
        date=day,
        groups=reading.groups(by, day, municipality, visit.now),
        municipalities=sorted({one.municipality for one in reading.theirs(by, visit.now) if not one.missing}),
        tomorrow=tomorrow(today(visit.now)),
        is_leader=Role.LEADER in by.roles,
        days_before=DAYS_BEFORE,
        days_after=DAYS_AFTER,
    )


def show_list(visit: Visit, by: Staff, session_id: str) -> Answer:
    """To read on a screen, or to print."""
    found = _list(visit, by, session_id)
    return page(
        visit,
        "pages/staff/attendance_list.html",
        of=found,
        group_id=visit.query.get("group", "") if found.group is not None else "",
        groups=[("", columns.EVERYBODY), *found.groups.items(), (NO_GROUP, columns.NOT_YET)] if found.groups else [],
        heading=columns.heading(found, visit.language),
        facts=columns.facts(found, visit.language),
        columns=columns.columns(found),
        titles=columns.titles(found, visit.language),
        rows=[columns.cells(found, row, visit.language) for row in found.rows],
        confidential=columns.CONFIDENTIAL,
        kitchen=[
            [said(one.question.label, visit.language), one.answer, one.children]
            for one in for_the_kitchen(found, visit.language)
        ],
    )


def get_csv(visit: Visit, by: Staff, session_id: str) -> Answer:
    found = _list(visit, by, session_id)
    return _file(sheets.as_csv(found, visit.language), CSV, columns.file_name(found, "csv"))


def get_xlsx(visit: Visit, by: Staff, session_id: str) -> Answer:
    found = _list(visit, by, session_id)
    return _file(sheets.as_xlsx(found, visit.language), XLSX, columns.file_name(found, "xlsx"))


def get_paper(visit: Visit, who: Staff) -> Answer:
    """All lists of `?day=`, tomorrow's if it is left out, in one file."""
    day, municipality = _asked(visit, tomorrow(today(visit.now)))
    lists = reading.of_day(who, day, municipality, visit.now)
    return _file(paper.lists_of_day(lists, day, visit.language, visit.now), PDF, columns.day_file_name(day, "pdf"))


def _list(visit: Visit, who: Staff, session_id: str) -> AttendanceList:
    """Of all children, or of `?group=`."""
    day, _ = _asked(visit, today(visit.now))
    found = reading.of_session(who, session_id, day, visit.now)
    return of_group(found, queried(QUERY, visit.query)["group"] or "")


def _file(content: bytes, content_type: str, name: str) -> Answer:
    return Answer(200, File(content, content_type, name))


def _asked(visit: Visit, otherwise: date) -> tuple[date, str | None]:
    wanted = queried(QUERY, visit.query)
    return wanted["day"] or otherwise, wanted["municipality"]
