"""Fines of a registration: what a family did against the rules, by the tariff; and those that were undone, with why."""

import secrets
from dataclasses import dataclass

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, Problem
from chalicelib.core.languages import in_words
from chalicelib.core.moments import today
from chalicelib.money.extras import fining
from chalicelib.money.extras.paid_stays import PaidStay, paid_stay
from chalicelib.money.extras.rules import Fine
from chalicelib.money.tariffs.families import FineEvent
from chalicelib.office.desk import registering, search
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

ENTER, UNDO = "enter", "undo"
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED)


@dataclass(frozen=True)
class ShownFine:
    """`label`: what the council calls it. `cents` None: the tariff has no price for it any more."""

    fine: Fine
    label: str
    article: str
    child: str
    cents: int | None


def show(visit: Visit, by: Staff, registration_id: str) -> Answer:
    return _page(visit, registration_id, Form({"key": secrets.token_urlsafe(12)}))


def change(visit: Visit, by: Staff, registration_id: str) -> Answer:
    """The form's `do`: enter a fine, or undo one; with a reason."""
    form = read_form(visit)
    try:
        with visit.attempting():
            found = registering.look_up(registration_id, visit.now)
            stay = paid_stay(found.registration.family_id, registration_id, visit.now)
            if stay is None or form["do"] not in (ENTER, UNDO):
                raise Problem(NOT_FOUND)
            if form["do"] == UNDO:
                fining.undo(by, stay, form["fine_id"], form["reason"], visit.now)
            else:
                content = fining.FINED.typed({name: form[name].strip() or None for name in fining.FINED.fields})
                fining.enter(by, stay, content, form["reason"], checked_key(form["key"]), visit.now)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        typed = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, registration_id, typed, problem)
    return redirect(visit, f"/office/desk/registrations/{registration_id}/fines?done={form['do']}")


def _page(visit: Visit, registration_id: str, form: Form, problem: Problem | None = None) -> Answer:
    found = registering.look_up(registration_id, visit.now)
    stay = paid_stay(found.registration.family_id, registration_id, visit.now)
    children = search.children_of(found.registration, found.family)
    names = {child.child_id: child.first_name for child in found.family.children}
    is_open = stay is not None and stay.takes_fines(visit.now)
    return page(
        visit,
        "pages/staff/fines.html",
        problem.kind.status if problem else 200,
        registration_id=registration_id,
        session=programme.get(found.registration.session_id),
        has_fines=stay is not None and bool(stay.fines),
        can_enter=is_open and stay is not None and stay.is_final,
        can_undo=is_open,
        entered=[_shown(stay, one, names, visit) for one in stay.beside.fines] if stay else [],
        children=[(child.child_id, child.first_name) for child in children],
        kinds=[(kind.name, kind.label.said(visit.language)) for kind in stay.fines] if stay else [],
        days=_days(stay, visit) if stay else [],
        form=Form() if form["do"] == UNDO else form,
        undone=form if form["do"] == UNDO else Form(),
        key=secrets.token_urlsafe(12) if form["do"] == UNDO else form["key"],
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
    )


def _days(stay: PaidStay, visit: Visit) -> list[tuple[str, str]]:
    """The newest first."""
    days = [day for day in stay.days if day <= today(visit.now)]
    return [(day.isoformat(), in_words.day(day, visit.language)) for day in reversed(days)]


def _shown(stay: PaidStay, fine: Fine, names: dict[str, str], visit: Visit) -> ShownFine:
    kind = next((one for one in stay.fines if one.name == fine.name), None)
    cents = stay.fined(fine.child_id, FineEvent(fine.name, fine.day, fine.minutes), visit.now)
    label, article = (kind.label.said(visit.language), kind.article) if kind else (fine.name, "")
    return ShownFine(fine, label, article, names.get(fine.child_id, ""), cents)
