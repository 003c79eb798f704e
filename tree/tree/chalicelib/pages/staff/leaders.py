"""Who leads a session: the programme manager names them, and they read the lists of its children around its days."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem, existing
from chalicelib.office.attendance.rules import DAYS_AFTER, DAYS_BEFORE
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import leaders, table


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    return _page(visit, session_id, Form({"leaders": "\n".join(leaders.of_session(session_id))}))


def name(visit: Visit, by: Staff, session_id: str) -> Answer:
    form = read_form(visit)
    try:
        leaders.name(existing(table.get(session_id)), form["leaders"].splitlines())
    except Problem as problem:
        return _page(visit, session_id, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/sessions/{session_id}/leaders?done=named")


def _page(visit: Visit, session_id: str, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/staff/leaders.html",
        status,
        session=existing(table.get(session_id)),
        form=form,
        days_before=DAYS_BEFORE,
        days_after=DAYS_AFTER,
        done=visit.query.get("done") if status == 200 else None,
    )
