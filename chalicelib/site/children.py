"""A child's page: what the camp must know of it, as its family says; who sees that, and for how long."""

from chalicelib.api.answering import Answer
from chalicelib.api.problems import NOT_FOUND, Problem
from chalicelib.care import entering
from chalicelib.families.handlers import bearer
from chalicelib.web import care_form
from chalicelib.web.forms import Form, read_form
from chalicelib.web.pages import page, redirect
from chalicelib.web.visit import Visit


def show(visit: Visit, child_id: str) -> Answer:
    known = _known(visit, child_id)
    return _page(visit, known, care_form.shown(known.care))


def save(visit: Visit, child_id: str) -> Answer:
    known = _known(visit, child_id)
    content, form = care_form.typed(read_form(visit))
    try:
        entering.enter(bearer(visit).family_id, child_id, content, visit.now)
    except Problem as problem:
        return _page(visit, known, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/children/{child_id}?saved=yes")


def _known(visit: Visit, child_id: str) -> entering.Known:
    """Of a child of the family's pass; raises Problem `unauthorized` or `not-found`."""
    who = bearer(visit)
    if child_id not in who.children:
        raise Problem(NOT_FOUND)
    return entering.of_child(who.family_id, child_id)


def _page(visit: Visit, known: entering.Known, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "site/children.html",
        status,
        known=known,
        form=form,
        rows=care_form.rows(form),
        is_saved=visit.query.get("saved") == "yes" and status == 200,
    )
