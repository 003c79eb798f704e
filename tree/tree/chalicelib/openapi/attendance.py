from datetime import date

from chalicelib.booking.presence.rules import Mark, Outcome
from chalicelib.core.http import problems
from chalicelib.office.attendance.handlers import AttendanceOfDay, ExpectedChild, MarkedChild, MarkedChildren
from chalicelib.office.attendance.requests import MARKS
from chalicelib.openapi.examples import CHILD_ID, SESSION_ID, at
from chalicelib.openapi.operations import Operation, Part

DAY, AT, WHO = date(2027, 8, 16), at("2027-08-16T06:55:00+00:00"), "Yusuf Demir"
EXPECTED = ExpectedChild(
    Mark.PRESENT, 1, AT, WHO, None, CHILD_ID, "Lou", "Claeys", "4W3-KPA-9RTX", "Kapoenen", ["Oma Rita"], has_seat=True
)
MARKED = MarkedChild(Mark.FETCHED, 2, AT, WHO, "By the neighbour, who called.", Outcome.STORED)
PART = Part(
    tag="attendance",
    about="Who is there on a day of a session: for its leaders around its days, and for the desk and the managers of "
    "its municipality.",
    answers={
        "ExpectedChild": EXPECTED,
        "AttendanceOfDay": AttendanceOfDay(SESSION_ID, DAY, [EXPECTED]),
        "MarkedChild": MARKED,
        "MarkedChildren": MarkedChildren(SESSION_ID, DAY, {CHILD_ID: MARKED}),
    },
    requests={
        "AttendanceRequest": (
            MARKS,
            {CHILD_ID: {"mark": "fetched", "edition": 1, "at": None, "note": "By the neighbour, who called."}},
        )
    },
    operations={
        "GET /api/staff/sessions/{session_id}/attendance/{date}": Operation(
            "getAttendance", "Read who is expected on a day, and how each child is marked", "AttendanceOfDay"
        ),
        "PUT /api/staff/sessions/{session_id}/attendance/{date}": Operation(
            "markAttendance",
            "Mark children as present, late, absent or fetched, or take a mark back",
            "MarkedChildren",
            [problems.CHANGED, problems.NOT_NOW],
            about="Each child for itself; who is not named stays as it is. A mark takes the place of the one whose "
            "`edition` is sent, of none (edition 0, or left out), or of an earlier one of the same member of staff; "
            "else its outcome is `conflict` and the child stays as somebody else marked it. The same mark by two is "
            "`same`. "
            "`changed`, `not-found` if nothing that was sent stands. Sending all of it again is harmless.",
            body="AttendanceRequest",
        ),
    },
)
