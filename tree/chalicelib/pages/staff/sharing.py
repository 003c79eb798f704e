"""Who of two parents may cancel: a programme manager chooses it, with a reason."""

from chalicelib.city import parents
from chalicelib.city.ledger.rules import REASON
from chalicelib.city.parents import MayCancel
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Choice, Model, check
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/parents"
AS_WHO = N_("Choose who may cancel.")
CHANGE = Model({"who": Choice(AS_WHO, list(MayCancel)), "reason": REASON})


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, Form({"who": parents.current(parents.versions()).value}))


def change(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            wanted = check(CHANGE, {"who": form["who"], "reason": form["reason"].strip()})
            _change(MayCancel(wanted["who"]), by, wanted["reason"], visit)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, again, problem)
    return redirect(visit, f"{ADDRESS}?done=yes")


def _change(who: MayCancel, by: Staff, reason: str, visit: Visit) -> None:
    try:
        parents.change(parents.versions(), who, by, reason, visit.now)
    except Interfered:
        raise Problem(CHANGED) from None


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/sharing.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        history=parents.versions()[::-1],
        done=visit.query.get("done") if problem is None else None,
    )
