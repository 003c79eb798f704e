"""A family corrects what it said of itself: names, birth dates, postcode, language. What it has follows."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, LINKS_BUSY, NOT_NOW, TOO_MANY_LINKS, Problem
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import CHILD
from chalicelib.people.families.proving import pass_of
from chalicelib.people.families.rules import Bearer
from chalicelib.rights import correcting

OF_CHILD = ("child_id", *CHILD.fields)
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED, TOO_MANY_LINKS, LINKS_BUSY)


def show(visit: Visit, who: Bearer) -> Answer:
    known = pass_of(who)
    values = {"email": known.email, "postcode": known.postcode, "language": known.language}
    for place, one in enumerate(known.children):
        values |= {f"children[{place}].{name}": str(getattr(one, name)) for name in OF_CHILD}
    return _page(visit, Form(values))


def take(visit: Visit, who: Bearer) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            asked = correcting.wanted(form.document(correcting.CORRECTIONS), visit.now.date())
            _, misfits = correcting.correct(who, asked, visit.now, visit.source)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        return _page(visit, form.wrong(problem, visit.language) if problem.errors else form, problem)
    known = pass_of(who)
    return page(
        visit,
        "pages/family/corrected.html",
        misfits=misfits,
        first_names={one.child_id: one.first_name for one in known.children},
        new_email=asked.email if asked.email != known.email else None,
    )


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/family/corrections.html",
        problem.kind.status if problem else 200,
        form=form,
        number=sum(name.endswith(".child_id") for name in form.values),
        problem=refused(visit, problem),
    )
