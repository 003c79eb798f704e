"""The desk moves children to another session for a family that calls, with a reason for the ledger."""

import secrets

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_
from chalicelib.office import scope
from chalicelib.office.desk import registering, requests
from chalicelib.office.desk.registering import StaffRegistration
from chalicelib.pages.frame import move_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.desk import line_of, reason_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

REASONS = (
    N_("The family called: another week suits better."),
    N_("The family came to the desk and moves to another week."),
)


def show(visit: Visit, by: Staff, registration_id: str) -> Answer:
    found = registering.look_up(registration_id, visit.now)
    return _page(visit, by, found, Form({"key": f"desk-{secrets.token_urlsafe(12)}"}))


def move(visit: Visit, by: Staff, registration_id: str) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            wish = move_form.typed(form, checked_key(form["key"]))
            deed = requests.with_reason({"reason": reason_of(form)}, by, visit.now)
            made, _ = registering.move_for(deed, registration_id, wish)
    except Problem as problem:
        found = registering.look_up(registration_id, visit.now)
        is_reason = any(one.field == "reason" for one in problem.errors)
        again = form.wrong(problem, visit.language) if is_reason else move_form.wrong(form, problem, visit.language)
        return _page(visit, by, found, again, problem)
    return redirect(visit, f"/office/desk/registrations/{made.registration.registration_id}?done=move")


def _page(visit: Visit, by: Staff, found: StaffRegistration, form: Form, problem: Problem | None = None) -> Answer:
    line = line_of(found, programme.get(found.registration.session_id))
    return page(
        visit,
        "pages/staff/move.html",
        problem.kind.status if problem else 200,
        line=line,
        form=form,
        problem=refused(visit, problem),
        reasons=REASONS,
        sessions=move_form.options(line.children, found.registration.session_id, visit.now, scope.theirs(by)),
    )
