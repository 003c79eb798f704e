"""A child's page: what the camp must know of it, as its family says; who sees that, and for how long."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.pages.frame import care_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.child_info import entering
from chalicelib.people.families.rules import Bearer


def show(visit: Visit, who: Bearer, child_id: str) -> Answer:
    known = _known(who, child_id)
    return _page(visit, known, care_form.shown(known.care))


def save(visit: Visit, who: Bearer, child_id: str) -> Answer:
    known = _known(who, child_id)
    content, form = care_form.typed(read_form(visit))
    try:
        entering.enter(who.family_id, child_id, content, visit.now)
    except Problem as problem:
        return _page(visit, known, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/children/{child_id}?saved=yes")


def _known(who: Bearer, child_id: str) -> entering.ChildWithCare:
    """Of a child of the family's pass; raises Problem `not-found`."""
    if child_id not in who.children:
        raise Problem(NOT_FOUND)
    return entering.of_child(who.family_id, child_id)


def _page(visit: Visit, known: entering.ChildWithCare, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/family/children.html",
        status,
        known=known,
        form=form,
        rows=care_form.rows(form),
        is_saved=visit.query.get("saved") == "yes" and status == 200,
        action=f"/children/{known.child.child_id}",
        back="/family",
    )
