"""Two parents: one shares with the other what it registers for a child, and either of them ends it."""

from chalicelib.booking.registrations import shared
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Choice, Model, check
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import sharing
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.handlers import AS_LANGUAGE
from chalicelib.people.families.proving import pass_of
from chalicelib.people.families.rules import Bearer, Child
from chalicelib.people.families.sharing import Invited

INVITATION = Model({"email": Address(), "language": Choice(AS_LANGUAGE, LANGUAGES)})
INVITE, WITHDRAW, END, LEAVE = "invite", "withdraw", "end", "leave"


def show(visit: Visit, who: Bearer, child_id: str) -> Answer:
    return _page(visit, who, _child(who, child_id), Form({"language": visit.language}))


def change(visit: Visit, who: Bearer, child_id: str) -> Answer:
    """The form's `do`: invite, withdraw the invitation, end it; or, of the other parent, leave. What is answered to an
    invitation tells nothing about the address."""
    form = read_form(visit)
    match form["do"]:
        case "invite":
            return _invite(visit, who, child_id, form)
        case "withdraw" | "end":
            sharing.end(who.family_id, child_id)
        case "leave":
            share = sharing.share(who.family_id, child_id)
            if share:
                sharing.end(share.first, child_id)
            return redirect(visit, "/family")
        case _:
            raise Problem(NOT_FOUND)
    return redirect(visit, f"/children/{child_id}/sharing?done={form['do']}")


def ask_to_cancel(visit: Visit, who: Bearer, key: str) -> Answer:
    """Where the city lets both parents cancel. Raises Problem `not-found`."""
    if not shared.may_cancel():
        raise Problem(NOT_FOUND)
    return page(visit, "pages/family/shared_cancel.html", one=shared.by_key(who.family_id, key, visit.now))


def cancel(visit: Visit, who: Bearer, key: str) -> Answer:
    read_form(visit)
    shared.cancel(who.family_id, key, visit.now)
    return redirect(visit, "/family")


def _invite(visit: Visit, who: Bearer, child_id: str, form: Form) -> Answer:
    child = _child(who, child_id)
    try:
        with visit.attempting():
            wanted = check(INVITATION, {"email": form["email"].strip(), "language": form["language"]})
            sharing.invite(who.family_id, child, Invited(**wanted), visit.now, visit.source)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, who, child, again, problem)
    return redirect(visit, f"/children/{child_id}/sharing?done={INVITE}")


def _child(who: Bearer, child_id: str) -> Child:
    """Of the family's pass; raises Problem `not-found`."""
    found = next((one for one in pass_of(who).children if one.child_id == child_id), None)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def _page(visit: Visit, who: Bearer, child: Child, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/family/sharing.html",
        problem.kind.status if problem else 200,
        child=child,
        form=form,
        problem=refused(visit, problem),
        sharing=sharing.of_child(who.family_id, child.child_id, visit.now),
        both_cancel=shared.may_cancel(),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        done=visit.query.get("done") if problem is None else None,
    )
