"""A family moves children of a registration to another session: one page that says what it costs, and what stays."""

import secrets

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.booking.registrations.moving import transfer
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.pages.family.registration import Receipt, about, receipt_of
from chalicelib.pages.frame import move_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer


def show(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """With the pass alone: the link of a mail is for this one registration, and makes no other."""
    return _page(visit, receipt_of(visit, who, registration_id), Form({"key": secrets.token_urlsafe(12)}))


def move(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """The form's `session_id`, `child_ids`, `waitlist`, and `key`, which was made with the form: sent twice, it is one
    move. `cents`: what the page said that it costs for each child; if it costs more by now, it is asked again."""
    form = read_form(visit)
    found = receipt_of(visit, who, registration_id)
    is_final = found.standing.status is RegistrationStatus.CONFIRMED
    if is_final and form["cents"] != str(found.charges(visit, children=1)[0].cents):
        return _page(visit, found, form, is_changed=True)
    try:
        with visit.attempting():
            made = transfer(who, registration_id, move_form.typed(form, checked_key(form["key"])), visit.now)
    except Problem as problem:
        again = move_form.wrong(form, problem, visit.language)
        return _page(visit, found, again, problem)
    return redirect(visit, f"/registrations/{made.registration.registration_id}")


def _page(visit: Visit, found: Receipt, form: Form, problem: Problem | None = None, is_changed: bool = False) -> Answer:
    status = 409 if is_changed else problem.kind.status if problem else 200
    return page(
        visit,
        "pages/family/move.html",
        status,
        **{
            **about(visit, found),
            "form": form,
            "problem": refused(visit, problem),
            "is_changed": is_changed,
            "is_final": found.standing.status is RegistrationStatus.CONFIRMED,
            "charge": found.charges(visit, children=1)[0],
            "booked": found.children,
            "sessions": move_form.options(found.children, found.registration.session_id, visit.now),
        },
    )
