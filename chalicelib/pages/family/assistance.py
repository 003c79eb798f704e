"""A family lets a helper in by a code on its own screen, sees who helps and what was done, and ends it."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem, existing
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.helps import receipt_of, shown
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.assistance import helping, rules, table
from chalicelib.people.assistance.rules import CODE_LIVES, MINUTES, HelpEndedBy, LetIn, chosen, spoken
from chalicelib.people.families.rules import Bearer

ADDRESS = "/assistance"


def show(visit: Visit, who: Bearer) -> Answer:
    return _page(visit, who, Form({"minutes": str(MINUTES[1])}))


def change(visit: Visit, who: Bearer) -> Answer:
    """Makes a code, which is shown this once; or, by its button, ends a help."""
    form = read_form(visit)
    if form["do"] == "end":
        helping.end(existing(table.find(who.family_id, form["help_id"])), HelpEndedBy.FAMILY, visit.now)
        return redirect(visit, f"{ADDRESS}?done=ended")
    minutes = next((one for one in MINUTES if str(one) == form["minutes"]), MINUTES[0])
    try:
        with visit.attempting():
            scope = chosen(form.all("scope"))
            code = helping.make_code(who.family_id, who.pass_id, scope, minutes, LetIn.CODE, visit.now)
    except Problem as problem:
        return _page(visit, who, form, problem=problem)
    return _page(visit, who, form, code=spoken(code))


def get_receipt(visit: Visit, who: Bearer, help_id: str) -> Answer:
    """All that was done, to keep or to print."""
    return receipt_of(existing(table.find(who.family_id, help_id)), visit)


def _page(visit: Visit, who: Bearer, form: Form, problem: Problem | None = None, code: str = "") -> Answer:
    return page(
        visit,
        "pages/family/assistance.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        code=code,
        minutes=MINUTES,
        helps=shown(table.of_family(who.family_id), visit),
        done=visit.query.get("done") if not code and problem is None else None,
        code_minutes=int(CODE_LIVES.total_seconds()) // 60,
        words=rules,
    )
