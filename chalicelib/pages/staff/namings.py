"""Children whom several families name: the desk decides whose naming is the first, or leaves it; and lets a family name
more children than the season's limit."""

from dataclasses import replace

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, Problem
from chalicelib.office.desk import joining, namings, requests
from chalicelib.office.desk.exceptions import Deed
from chalicelib.pages.frame.forms import Form, read_form, whole
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.namings import MOST_CHILDREN_A_SEASON
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/desk/namings"
MOVE, SEEN, ALLOWED, APART = "move", "seen", "allowed", "apart"
# The page has two forms, whose fields are two.
FIELDS_APART = {"family_id": "other_family", "reason": "why_apart"}
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED)


def show(visit: Visit, by: Staff) -> Answer:
    """`?after=`: behind which child this part begins; `?all=yes`: those too whom the desk has looked at."""
    return _list(visit, Form())


def allow(visit: Visit, by: Staff) -> Answer:
    """Lets a family name more children."""
    form = read_form(visit)
    typed = Form({name: form[name].strip() for name in requests.ALLOWED.fields})
    try:
        with visit.attempting():
            namings.lift(*requests.to_lift(typed.document(requests.ALLOWED), by, visit.now))
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        return _list(visit, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}?done={ALLOWED}")


def show_child(visit: Visit, by: Staff, child_id: str) -> Answer:
    return _child(visit, child_id, Form())


def decide(visit: Visit, by: Staff, child_id: str) -> Answer:
    """Moves the first naming, tells two children apart, or leaves it as it is, whichever button was pressed."""
    form = read_form(visit)
    try:
        with visit.attempting():
            if form["do"] == MOVE:
                sent = {"family_id": form["family_id"], "reason": form["reason"].strip()}
                deed, to = requests.to_move(sent, by, visit.now)
                namings.move(deed, child_id, to, form["first"])
            elif form["do"] == APART:
                sent = {"family_id": form["other_family"], "reason": form["why_apart"].strip()}
                joining.tell_apart(*_apart(sent, by, visit, child_id))
            elif form["do"] == SEEN and (newest := whole(form["newest"])) is not None:
                namings.settle(child_id, newest)
            else:
                raise Problem(NOT_FOUND)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        if form["do"] == APART:
            again = replace(again, errors={FIELDS_APART.get(one, one): said for one, said in again.errors.items()})
        return _child(visit, child_id, again, problem)
    if form["do"] == APART:
        return redirect(visit, f"{ADDRESS}?done={APART}")
    return redirect(visit, f"{ADDRESS}/{child_id}?done={MOVE}" if form["do"] == MOVE else f"{ADDRESS}?done={SEEN}")


def _apart(sent: dict[str, str], by: Staff, visit: Visit, child_id: str) -> tuple[Deed, str, str]:
    deed, family_id = requests.to_move(sent, by, visit.now)
    return deed, child_id, family_id


def _list(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    with_seen = visit.query.get("all") == "yes"
    return page(
        visit,
        "pages/staff/namings.html",
        problem.kind.status if problem else 200,
        shared=namings.listed(requests.after(visit.query), with_seen=with_seen),
        with_seen=with_seen,
        most=MOST_CHILDREN_A_SEASON,
        form=form,
        done=visit.query.get("done") if problem is None else None,
    )


def _child(visit: Visit, child_id: str, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/naming.html",
        problem.kind.status if problem else 200,
        one=namings.of_child(child_id),
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
    )
