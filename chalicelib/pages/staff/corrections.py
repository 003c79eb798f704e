"""The desk corrects a family: its children, its mail address, its postcode, its language; or sends its link again."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.office.desk import correcting, requests
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import CHILD
from chalicelib.people.staff.rules import Staff

OF_CHILD = ("child_id", *CHILD.fields)
CORRECT, LINK = "correct", "link"
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED)


def show(visit: Visit, by: Staff, family_id: str) -> Answer:
    known = correcting.of(by, family_id)
    values = {"email": known.newest.email, "postcode": known.newest.postcode, "language": known.newest.language}
    for place, one in enumerate(known.children):
        values |= {f"children[{place}].{name}": str(getattr(one, name)) for name in OF_CHILD}
    return _page(visit, known, Form(values))


def take(visit: Visit, by: Staff, family_id: str) -> Answer:
    """Corrects the family, or sends its link again, whichever button was pressed."""
    form = read_form(visit)
    try:
        with visit.attempting():
            if form["do"] == LINK:
                correcting.send_again(by, family_id, visit.now)
                return redirect(visit, f"/office/desk/families/{family_id}/corrections?done={LINK}")
            typed = {**{name: value for name, value in form.values.items() if name != "do"}, "family_id": family_id}
            deed, _, asked, strangers = requests.to_correct(Form(typed).document(requests.CORRECTED), by, visit.now)
            misfits = correcting.correct(deed, family_id, asked, is_strangers=strangers)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, correcting.of(by, family_id), again, problem)
    known = correcting.of(by, family_id)
    return page(
        visit,
        "pages/staff/corrected.html",
        known=known,
        misfits=misfits,
        first_names={one.child_id: one.first_name for one in known.children},
        new_email=asked.email if asked.email != known.newest.email else None,
    )


def _page(visit: Visit, known: correcting.KnownFamily, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/corrections.html",
        problem.kind.status if problem else 200,
        known=known,
        form=form,
        number=sum(name.endswith(".child_id") for name in form.values),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
    )
