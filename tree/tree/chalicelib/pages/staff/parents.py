"""Two parents of a child at the desk: who is invited, what is shared, what is hidden."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.languages import LANGUAGES
from chalicelib.office.desk import parents, registering, requests
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Staff


def show(visit: Visit, by: Staff, registration_id: str, child_id: str) -> Answer:
    return _page(visit, registration_id, child_id, Form({"language": visit.language}))


def change(visit: Visit, by: Staff, registration_id: str, child_id: str) -> Answer:
    """Whichever button was pressed, with the reason."""
    form = read_form(visit)
    try:
        with visit.attempting():
            deed = requests.with_reason({"reason": form["reason"].strip()}, by, visit.now)
            match form["do"]:
                case "invite":
                    child = _child(visit, registration_id, child_id)
                    sent = {"email": form["email"].strip(), "language": form["language"]}
                    parents.invite(deed, registration_id, child, sent, visit.source)
                case "end":
                    parents.end(deed, registration_id, child_id)
                case "hide" | "show":
                    parents.hide(deed, registration_id, child_id, is_on=form["do"] == "hide")
                case _:
                    raise Problem(NOT_FOUND)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, registration_id, child_id, again, problem)
    return redirect(visit, f"{_address(registration_id, child_id)}?done=yes")


def _child(visit: Visit, registration_id: str, child_id: str) -> Child:
    children = registering.look_up(registration_id, visit.now).family.children
    return existing(next((one for one in children if one.child_id == child_id), None))


def _address(registration_id: str, child_id: str) -> str:
    return f"/office/desk/registrations/{registration_id}/children/{child_id}/parents"


def _page(visit: Visit, registration_id: str, child_id: str, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/parents.html",
        problem.kind.status if problem else 200,
        child=_child(visit, registration_id, child_id),
        address=_address(registration_id, child_id),
        registration_id=registration_id,
        found=parents.look(registration_id, child_id, visit.now),
        form=form,
        problem=refused(visit, problem),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        done=visit.query.get("done") if problem is None else None,
    )
