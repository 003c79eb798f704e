"""The gate: a day's group on a phone, one tap for each child, also while the line is down (assets/gate.js). Without
JavaScript each tap is a form."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.booking.presence.rules import MOST_OF_A_NOTE, Mark, Marked, Outcome, Presence
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import ID, LINE, Choice, Day, Model, OrNull, Several, Text, Whole, check, queried
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import local, today
from chalicelib.office.attendance import columns, marking
from chalicelib.office.attendance.grouping import AS_GROUP
from chalicelib.office.attendance.requests import AS_EDITION, AS_MARK, AS_MARKS, AS_NOTE
from chalicelib.office.attendance.rules import NO_GROUP, AttendanceRow, of_group
from chalicelib.pages.frame.edge import SECURITY
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.names import full_name, is_called, tails
from chalicelib.people.staff.rules import Staff
from chalicelib.seats.rules import MOST_SEATS

MARKS = {
    Mark.PRESENT: N_("Present"),
    Mark.LATE: N_("Late"),
    Mark.ABSENT: N_("Absent"),
    Mark.FETCHED: N_("Fetched"),
}
NOT_MARKED = N_("Not yet marked")
# What the page shows: all, who nobody marked yet, who is there and was not fetched.
ALL, UNMARKED, HERE = "all", "unmarked", "here"
SHOWN = {UNMARKED: (Mark.UNMARKED,), HERE: (Mark.PRESENT, Mark.LATE)}

QUERY = Model({"day": Day(is_required=False), "group": Text(AS_GROUP, ID, 10, is_required=False)})
# What the script sends; `ago`: so many seconds before it was sent, by the phone's own clock, which may be wrong.
WEEK = timedelta(days=7)
SENT = Several(
    AS_MARKS,
    Model(
        {
            "child_id": Text(AS_MARK, ID, 40),
            "mark": Choice(AS_MARK, [one.value for one in Mark]),
            "edition": Whole(AS_EDITION, 0, 1_000_000),
            "ago": Whole(AS_MARK, 0, int(WEEK.total_seconds())),
            "note": OrNull(Text(AS_NOTE, f"(?:{LINE})?", MOST_OF_A_NOTE)),  # empty: it is taken away
        }
    ),
    MOST_SEATS,
)
# The phone's camera may read a receipt's code here, and nowhere else.
CAMERA = {"Permissions-Policy": SECURITY["Permissions-Policy"].replace("camera=()", "camera=(self)")}


@dataclass(frozen=True)
class Refused:
    """A mark that was refused: what was wanted, and how the child's day stands now."""

    wanted: Mark
    marked: Marked


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    """`?group=`, `?show=`. For the script, which has the names already: how each child is marked now."""
    if _is_script(visit):
        found = marking.marks(session_id, _asked(visit)[0])
        return Answer(200, {"children": {child: _shown(one, visit.language) for child, one in found.items()}})
    return _page(visit, by, session_id)


def take(visit: Visit, by: Staff, session_id: str) -> Answer:
    """A tap, a note, a name to look for; or the script's taps together."""
    form = read_form(visit)
    day, _ = _asked(visit)
    if form.has("marks"):
        outcomes = marking.mark(by, session_id, day, _sent(form["marks"], visit), visit.now)
        children = {
            child: {**_shown(one.presence, visit.language), "outcome": one.outcome.value}
            for child, one in outcomes.items()
        }
        return Answer(200, {"children": children})
    if form.has("q"):
        return _page(visit, by, session_id, looked_for=form["q"])
    wanted = _tapped(form)
    marked = marking.mark(by, session_id, day, [wanted], visit.now)[wanted.child_id]
    if marked.outcome in (Outcome.STORED, Outcome.SAME):
        return redirect(visit, f"{_address(session_id)}?{urlencode({**visit.query, 'did': wanted.child_id})}")
    return _page(visit, by, session_id, refused=Refused(wanted.mark, marked))


def _page(visit: Visit, by: Staff, session_id: str, looked_for: str = "", refused: Refused | None = None) -> Answer:
    day, group_id = _asked(visit)
    found = marking.of_day(by, session_id, day, visit.now)
    shown = of_group(found.list, group_id)
    ids = {row.child_id for row in shown.rows}
    chosen = visit.query.get("show", ALL)
    presences = {one.presence.child_id: one.presence for one in found.expected}
    # Whom somebody looks for by name is shown, whatever else was chosen.
    rows = [
        row
        for row in (found.list.rows if looked_for else shown.rows)
        if (
            _is_called(row, looked_for)
            if looked_for
            else chosen not in SHOWN or presences[row.child_id].mark in SHOWN[chosen]
        )
    ]
    did = visit.query.get("did", "") if refused is None else ""
    answer = page(
        visit,
        "pages/staff/gate.html",
        409 if refused else 200,
        session=found.list.session,
        heading=columns.heading(shown, visit.language),
        date=day,
        groups=_groups(found, visit.language),
        group_id=group_id,
        rows=[(row, presences[row.child_id], said(presences[row.child_id], visit.language)) for row in rows],
        all_rows=found.list.rows,
        counted={mark.value: sum(presences[child].mark is mark for child in ids) for mark in Mark},
        marks=MARKS,
        shows=[(ALL, columns.EVERYBODY), (UNMARKED, NOT_MARKED), (HERE, N_("Here, not fetched yet"))],
        chosen=chosen,
        looked_for=looked_for,
        form=Form({"q": looked_for}),
        remarks={row.child_id: columns.remarks(row, visit.language) for row in rows},
        find=_words,
        can_mark=day <= today(visit.now),
        did=presences.get(did),
        did_said=said(presences[did], visit.language) if did in presences else "",
        refused=refused,
        refused_said=said(refused.marked.presence, visit.language) if refused else "",
        named={row.child_id: _name(row) for row in found.list.rows},
        who=hashlib.sha256(by.staff_id.encode()).hexdigest()[:12],
        with_medical=found.list.with_medical,
        confidential=columns.CONFIDENTIAL,
        address=_address(session_id),
        most_of_a_note=MOST_OF_A_NOTE,
    )
    return Answer(answer.status, answer.body, {**answer.headers, **CAMERA})


def said(one: Presence, language: str) -> str:
    """`Present, 9.02, Yusuf Demir`."""
    if one.mark is Mark.UNMARKED:
        return translate(NOT_MARKED, language)
    when = [in_words.hour(local(one.at).time(), language)] if one.at else []
    parts = [translate(MARKS[one.mark], language), *when, *([one.by.name] if one.by else [])]
    return ", ".join(parts)


def _shown(one: Presence, language: str) -> dict[str, Any]:
    return {
        "mark": one.mark.value,
        "edition": one.edition,
        "back": one.back.value,
        "note": one.note,
        "text": said(one, language),
    }


def _sent(text: str, visit: Visit) -> Sequence[marking.Wanted]:
    """Raises Problem `invalid`."""
    try:
        given = check(Model({"marks": SENT}), {"marks": json.loads(text)})["marks"]
    except (ValueError, RecursionError):
        raise Problem(INVALID) from None
    return [
        marking.Wanted(
            one["child_id"],
            Mark(one["mark"]),
            one["edition"],
            visit.now - timedelta(seconds=one["ago"]),
            one["note"],
        )
        for one in given
    ]


def _tapped(form: Form) -> marking.Wanted:
    """`child_id mark edition`: of a tap, or of a note to the mark that stands. Raises Problem `invalid`."""
    try:
        child_id, mark, edition = (form["note"] or form["tap"]).split(" ")
        note = " ".join(form[f"note-{child_id}"].split())[:MOST_OF_A_NOTE] if form["note"] else None
        return marking.Wanted(child_id, Mark(mark), int(edition), note=note)
    except ValueError:
        raise Problem(INVALID) from None


def _asked(visit: Visit) -> tuple[date, str]:
    wanted = queried(QUERY, visit.query)
    return wanted["day"] or today(visit.now), wanted["group"] or ""


def _groups(found: marking.Day, language: str) -> Sequence[tuple[str, str, int]]:
    """group_id, name and number of children of each, where there are groups."""
    if not found.list.groups:
        return []
    ids = [row.group_id or NO_GROUP for row in found.list.rows]
    names: Mapping[str, str] = {
        "": translate(columns.EVERYBODY, language),
        **found.list.groups,
        NO_GROUP: translate(columns.NOT_YET, language),
    }
    return [(one, name, ids.count(one) if one else len(ids)) for one, name in names.items()]


def _is_called(row: AttendanceRow, looked_for: str) -> bool:
    """By its names as the desk finds it, or a part of its reference."""
    code = _code(looked_for)
    return is_called(looked_for, _name(row)) or (len(code) >= 3 and code in _code(row.reference))


def _words(row: AttendanceRow) -> str:
    """The words that the script finds a child by: names as they may be typed, last the reference without dashes."""
    return " ".join([*(tails(_name(row)) if row.child else ()), _code(row.reference)])


def _name(row: AttendanceRow) -> str:
    return full_name(row.child) if row.child else row.reference


def _code(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _is_script(visit: Visit) -> bool:
    return "application/json" in (visit.headers.get("accept") or "")


def _address(session_id: str) -> str:
    return f"/office/attendance/{session_id}/gate"
