"""Which event of UiTdatabank a session is: by it UiTPAS knows what a ticket costs."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.money.uitpas import asking
from chalicelib.money.uitpas import table as uitpas
from chalicelib.money.uitpas.service import of_city
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    """There is none where the city has no UiTPAS."""
    _must_be_there()
    return _page(visit, session_id, Form({"event_id": uitpas.events_of([session_id]).get(session_id, "")}))


def change(visit: Visit, by: Staff, session_id: str) -> Answer:
    form = read_form(visit)
    _must_be_there()
    try:
        asking.name_event(existing(table.get(session_id)).session_id, form["event_id"])
    except Problem as problem:
        return _page(visit, session_id, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/sessions/{session_id}/uitpas?done=named")


def _must_be_there() -> None:
    if of_city() is None:
        raise Problem(NOT_FOUND)


def _page(visit: Visit, session_id: str, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/staff/uitpas.html",
        status,
        session=existing(table.get(session_id)),
        form=form,
        done=visit.query.get("done") if status == 200 else None,
    )
