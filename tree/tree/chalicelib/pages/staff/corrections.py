"""The desk corrects a family: its children, its mail address, its postcode, its language; or sends its link again."""

import re

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem, invalid
from chalicelib.core.languages import LANGUAGES
from chalicelib.office import scope
from chalicelib.office.desk import correcting, joining, requests, uniting
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import CHILD
from chalicelib.people.families.identity import FAMILY_ID
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Staff

OF_CHILD = ("child_id", *CHILD.fields)
CORRECT, LINK, LOOK, JOIN, UNITE = "correct", "link", "look", "join", "unite"
# The page has several forms, each with fields of its own.
FIELDS = {
    JOIN: {"reason": "why_joined"},
    UNITE: {"reason": "why_united"},
    LOOK: {"email": "other", "desk_number": "other"},
}
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED)


def show(visit: Visit, by: Staff, family_id: str) -> Answer:
    known = correcting.of(by, family_id)
    return _page(visit, by, known, Form(_values(known)))


def take(visit: Visit, by: Staff, family_id: str) -> Answer:
    """Corrects the family, sends its link again, or joins two records of one child or one family, whichever button was
    pressed."""
    form = read_form(visit)
    address = f"/office/desk/families/{family_id}/corrections"
    try:
        with visit.attempting():
            if form["do"] == LINK:
                correcting.send_again(by, family_id, visit.now)
                return redirect(visit, f"{address}?done={LINK}")
            if form["do"] == LOOK:
                other = requests.to_find({"email" if "@" in form["other"] else "desk_number": form["other"].strip()})
                return redirect(visit, f"{address}?with={other.family_id}#join")
            if form["do"] == UNITE:
                scope.of_whole_city(by, visit.now)
                ids = {"family_id": family_id, "other_family_id": form["other_family_id"]}
                uniting.unite(*requests.to_unite({**ids, "reason": form["why_united"].strip()}, by, visit.now))
                return redirect(visit, f"{address}?done={UNITE}")
            if form["do"] == JOIN:
                scope.of_whole_city(by, visit.now)
                if not (form["kept"] and form["other_child_id"]):
                    raise invalid("other_child_id", joining.SAME_CHILD)
                sent = {"other_child_id": form["other_child_id"], "reason": form["why_joined"].strip()}
                deed, other_child = requests.to_join(sent, by, visit.now)
                joining.join(deed, form["kept"], other_child)
                return redirect(visit, f"{address}?done={JOIN}")
            typed = {**{name: value for name, value in form.values.items() if name != "do"}, "family_id": family_id}
            deed, _, asked, strangers = requests.to_correct(Form(typed).document(requests.CORRECTED), by, visit.now)
            misfits = correcting.correct(deed, family_id, asked, is_strangers=strangers)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        if form["do"] in FIELDS:
            errors = {FIELDS[form["do"]].get(one, one): said for one, said in again.errors.items()}
            again = Form({**_values(correcting.of(by, family_id)), **form.values}, {}, errors)
        return _page(visit, by, correcting.of(by, family_id), again, problem)
    known = correcting.of(by, family_id)
    return page(
        visit,
        "pages/staff/corrected.html",
        known=known,
        misfits=misfits,
        first_names={one.child_id: one.first_name for one in known.children},
        new_email=asked.email if asked.email != known.newest.email else None,
    )


def _values(known: correcting.KnownFamily) -> dict[str, str]:
    values = {"email": known.newest.email, "postcode": known.newest.postcode, "language": known.newest.language}
    for place, one in enumerate(known.children):
        values |= {f"children[{place}].{name}": str(getattr(one, name)) for name in OF_CHILD}
    return values


def _other_family(visit: Visit, by: Staff, known: correcting.KnownFamily) -> correcting.KnownFamily | None:
    other = visit.query.get("with", "")
    is_one = re.fullmatch(FAMILY_ID, other) is not None and other != known.family_id
    return correcting.of(by, other) if is_one else None


def _others(visit: Visit, by: Staff, known: correcting.KnownFamily) -> list[Child]:
    """With whom a child of the family may be one: its own, and those of the family that was looked for."""
    other = _other_family(visit, by, known)
    own = {one.child_id for one in known.children}
    return [*known.children, *(one for one in (other.children if other else ()) if one.child_id not in own)]


def _is_of_whole_city(visit: Visit, by: Staff) -> bool:
    try:
        scope.of_whole_city(by, visit.now)
    except Problem:
        return False
    return True


def _page(visit: Visit, by: Staff, known: correcting.KnownFamily, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/corrections.html",
        problem.kind.status if problem else 200,
        known=known,
        others=_others(visit, by, known) if _is_of_whole_city(visit, by) else None,
        other_family=_other_family(visit, by, known),
        form=form,
        number=sum(name.endswith(".child_id") for name in form.values),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
    )
