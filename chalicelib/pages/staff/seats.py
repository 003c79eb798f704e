"""A programme manager changes a session's seats, out of the ordinary: each by a form with its reason."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.booking.registrations.rules import reference
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Model
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.core.moments import in_a_form
from chalicelib.office.desk import exceptions, requests
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.registering import family, rows
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import HeldFor

GRANT, RESERVED, CAPACITY, CLOSING = "grant", "reserved", "capacity", "closing"


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    """`?do=` says which form; without it, how the seats stand and which forms there are."""
    chosen = visit.query.get("do", "")
    first = {"language": visit.language, "key": f"grant-{secrets.token_urlsafe(12)}"}
    return _page(visit, session_id, chosen if chosen in FORMS else "", Form(first))


def change(visit: Visit, by: Staff, session_id: str) -> Answer:
    form = read_form(visit)
    if form["do"] not in FORMS:
        raise Problem(NOT_FOUND)
    try:
        with visit.attempting():
            granted = FORMS[form["do"]](session_id, form, by, visit.now)
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, session_id, form["do"], again, problem)
    said = f"&reference={reference(granted)}" if granted else ""
    return redirect(visit, f"/office/sessions/{session_id}/seats?done={form['do']}{said}")


def _grant(session_id: str, form: Form, by: Staff, now: datetime) -> str:
    """As the desk types a family, without what only the order of registering needs: the id of its registration."""
    ticked = {"despite_age": "true"} if form["despite_age"] == "true" else {}
    given = Form({**family(form), "from": form["from"], **ticked, "reason": form["reason"]})
    key = checked_key(form["key"])
    made, _ = exceptions.grant(*requests.to_grant(session_id, given.document(requests.GRANT), key, by, now))
    return made.registration.registration_id


def _hold_back(session_id: str, form: Form, by: Staff, now: datetime) -> None:
    exceptions.hold_back(*requests.to_hold_back(session_id, _document(form, requests.RESERVED), by, now))


def _resize(session_id: str, form: Form, by: Staff, now: datetime) -> None:
    exceptions.set_capacity(*requests.to_resize(session_id, _document(form, requests.CAPACITY), by, now))


def _close(session_id: str, form: Form, by: Staff, now: datetime) -> None:
    exceptions.set_closing(*requests.to_close(session_id, _document(form, requests.CLOSING), by, now))


def _document(form: Form, model: Model) -> Any:
    return Form({name: form[name].strip() for name in model.fields}).document(model)


# What each form does; a grant answers which registration it made.
FORMS: dict[str, Callable[[str, Form, Staff, datetime], str | None]] = {
    GRANT: _grant,
    RESERVED: _hold_back,
    CAPACITY: _resize,
    CLOSING: _close,
}


def _page(visit: Visit, session_id: str, chosen: str, form: Form, problem: Problem | None = None) -> Answer:
    session = programme.get(session_id)
    seats = seats_table.get([session_id]).get(session_id) if session else None
    if session is None or seats is None:
        raise Problem(NOT_FOUND)
    now = seats.at(int(visit.now.timestamp()))
    closes = datetime.fromtimestamp(seats.closes, UTC)
    held = {held_for.value: len(held_for.of(now)) for held_for in HeldFor}
    if problem is None:
        before = {
            "seats": str(held[HeldFor.STAFF]),
            "capacity": str(seats.capacity),
            "closes_at": in_a_form(closes),
        }
        form = Form({**before, **form.values})
    return page(
        visit,
        "pages/staff/seats.html",
        problem.kind.status if problem else 200,
        session=session,
        seats=now,
        held=held,
        taken=len(now.holders) - sum(held.values()),
        closes=closes,
        chosen=chosen,
        form=form,
        problem=refused(visit, problem),
        **rows(form),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        done=visit.query.get("done") if problem is None else None,
        granted=visit.query.get("reference", "") if problem is None else "",
    )
