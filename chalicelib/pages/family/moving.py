"""A family moves children of a registration to another session: one page that says what it costs, and what stays."""

import secrets

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.booking.registrations.moving import Transfer, transfer
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.money.orders import leaving
from chalicelib.money.orders.leaving import CancellingCost, LeavingOutlook
from chalicelib.money.payees import table as payees
from chalicelib.pages.family.prices import changed, kept_in_words
from chalicelib.pages.family.registration import Receipt, about, receipt_of
from chalicelib.pages.frame import move_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions.handlers import seen


def show(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """With the pass alone: the link of a mail is for this one registration, and makes no other."""
    return _page(visit, receipt_of(visit, who, registration_id), Form({"key": secrets.token_urlsafe(12)}))


def move(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """The form's `session_id`, `child_ids`, `waitlist`, and `key`, which was made with the form: sent twice, it is one
    move. `cents`: what the page said that it costs for each child; if it costs more by now, it is asked again. Where
    the city takes money, what changes is shown first, and `cents` says that it was."""
    form = read_form(visit)
    found = receipt_of(visit, who, registration_id)
    is_final = found.standing.status is RegistrationStatus.CONFIRMED
    if is_final and not _is_paid(found) and form["cents"] != str(_charge(visit, found).cents):
        return _page(visit, found, form, is_changed=True)
    try:
        with visit.attempting():
            wish = move_form.typed(form, checked_key(form["key"]))
            if is_final and (outlook := _outlook(visit, found, wish)) and form["cents"] != outlook.mark:
                return _page(visit, found, form, outlook=outlook)
            made = transfer(who, registration_id, wish, visit.now)
    except Problem as problem:
        again = move_form.wrong(form, problem, visit.language)
        return _page(visit, found, again, problem)
    return redirect(visit, f"/registrations/{made.registration.registration_id}")


def _is_paid(found: Receipt) -> bool:
    return payees.of(found.booking.session.municipality) is not None


def _charge(visit: Visit, found: Receipt) -> CancellingCost:
    """For each child: the city's rule for cancelling. Where the city takes money a move costs nothing but the
    difference in price."""
    if _is_paid(found):
        return CancellingCost(0, None)
    return found.charges(visit, found.registration.child_ids[:1])[0]


def _outlook(visit: Visit, found: Receipt, wish: Transfer) -> LeavingOutlook | None:
    """None where nobody takes money, and for a session that is not there: moving says so."""
    record = found.registration
    to = seen([wish.session_id]).get(wish.session_id)
    if to is None or not _is_paid(found):
        return None
    children = wish.child_ids or record.child_ids
    return leaving.of_moving(record.family_id, record.registration_id, children, to, visit.now)


def _page(
    visit: Visit,
    found: Receipt,
    form: Form,
    problem: Problem | None = None,
    is_changed: bool = False,
    outlook: LeavingOutlook | None = None,
) -> Answer:
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
            "charge": _charge(visit, found),
            "is_paid": _is_paid(found),
            "outlook": outlook,
            "kept": kept_in_words(outlook, visit.language),
            "others": changed(outlook.others, outlook.sessions) if outlook else [],
            "booked": found.children,
            "sessions": move_form.options(found.children, found.registration.session_id, visit.now),
        },
    )
