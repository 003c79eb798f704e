"""The groups of a session's children: their names, split by age or by hand."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib.booking.presence.rules import MOST_GROUPS, MOST_OF_A_NAME
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day, Model, queried
from chalicelib.core.http.problems import CHANGED, INVALID, Problem
from chalicelib.core.moments import today
from chalicelib.office.attendance import grouping, reading
from chalicelib.office.attendance.rules import AttendanceList, AttendanceRow
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

QUERY = Model({"day": Day(is_required=False)})
NAME, MEMBER = "name-", "in-"
NAMES, SPLIT, MOVE = "names", "split", "move"


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    found, edition = _found(visit, by, session_id)
    return _page(visit, found, _filled(found, edition))


def change(visit: Visit, by: Staff, session_id: str) -> Answer:
    """`do`: names, split or move; `edition`: of the groups, as the page showed them."""
    form = read_form(visit)
    found, _ = _found(visit, by, session_id)
    if form["do"] not in (NAMES, SPLIT, MOVE) or not re.fullmatch("[0-9]{1,9}", form["edition"]):
        raise Problem(INVALID)
    edition = int(form["edition"])
    try:
        match form["do"]:
            case "names":
                grouping.rename(found, edition, _names(form))
            case "split":
                grouping.split(found, edition)
            case _:
                grouping.move(found, _shown(form), _members(form))
    except Problem as problem:
        if problem.kind is CHANGED:
            # What was chosen stays, on top of how it is now; sending it once more stores it.
            now, edition = _found(visit, by, session_id)
            return _page(visit, now, Form({**_filled(now, edition).values, **_chosen(form)}), problem)
        return _page(visit, found, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"/office/attendance/{session_id}/groups?day={found.day.isoformat()}&done={form['do']}")


def _found(visit: Visit, by: Staff, session_id: str) -> tuple[AttendanceList, int]:
    day: date = queried(QUERY, visit.query)["day"] or today(visit.now)
    return reading.of_session(by, session_id, day, visit.now), grouping.edition_of(session_id)


def _filled(found: AttendanceList, edition: int) -> Form:
    names = {NAME + group_id: name for group_id, name in found.groups.items()}
    members = {MEMBER + row.child_id: row.group_id or "" for row in found.rows}
    shown = " ".join(f"{row.child_id}={row.group_id or ''}" for row in found.rows)
    return Form({**names, **members, "edition": str(edition), "shown": shown})


def _chosen(form: Form) -> Mapping[str, str]:
    """The changes somebody made to the page's values."""
    if form["do"] == NAMES:
        return {name: value for name, value in form.values.items() if name.startswith(NAME) or name == "names"}
    shown = _shown(form)
    return {MEMBER + child: group for child, group in _members(form).items() if group != shown.get(child)}


def _shown(form: Form) -> Mapping[str, str]:
    """The group of each child, as the page showed it."""
    pairs = (one.partition("=") for one in form["shown"].split())
    return {child: group_id for child, _, group_id in pairs}


def _names(form: Form) -> Sequence[tuple[str, str]]:
    kept = [(name.removeprefix(NAME), value) for name, value in form.values.items() if name.startswith(NAME)]
    return [*kept, *(("", line) for line in form["names"].splitlines())]


def _members(form: Form) -> Mapping[str, str]:
    return {name.removeprefix(MEMBER): value for name, value in form.values.items() if name.startswith(MEMBER)}


def _page(visit: Visit, found: AttendanceList, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/groups.html",
        problem.kind.status if problem else 200,
        of=found,
        rows=_by_group_and_age(found),
        counted={group_id: sum(row.group_id == group_id for row in found.rows) for group_id in (*found.groups, None)},
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
        most_groups=MOST_GROUPS,
        most_characters=MOST_OF_A_NAME,
        address=f"/office/attendance/{found.session.session_id}/groups?day={found.day.isoformat()}",
    )


def _by_group_and_age(found: AttendanceList) -> Sequence[AttendanceRow]:
    """Who is not yet in a group first, then the groups in their order; in each the youngest first."""
    places = {group_id: place for place, group_id in enumerate(found.groups, 1)}

    def place(row: AttendanceRow) -> tuple[int, int, str]:
        born = row.child.birth_date.toordinal() if row.child else 0
        return places.get(row.group_id or "", 0), -born, row.child_id

    return sorted(found.rows, key=place)
