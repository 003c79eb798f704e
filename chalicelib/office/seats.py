"""What a programme manager changes of a session's seats, out of the ordinary: each by a form with its reason."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.api.answering import Answer
from chalicelib.api.problems import NOT_FOUND, Problem
from chalicelib.desk import handlers
from chalicelib.languages import LANGUAGES
from chalicelib.moments import in_a_form
from chalicelib.office.registering import rows, typed
from chalicelib.programme import table as programme
from chalicelib.registrations.handlers import KEY_HEADER
from chalicelib.registrations.rules import reference
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import HeldFor
from chalicelib.staff.rules import Staff
from chalicelib.web.forms import Form, read_form
from chalicelib.web.pages import NAMES_OF_LANGUAGES, ask, page, redirect
from chalicelib.web.visit import Visit

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
    use_case, content = FORMS[form["do"]]
    try:
        done = ask(visit, use_case, content(form), headers={KEY_HEADER: form["key"]}, session_id=session_id)
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, session_id, form["do"], again, problem)
    granted = f"&reference={reference(done['registration_id'])}" if "registration_id" in done else ""
    return redirect(visit, f"/office/sessions/{session_id}/seats?done={form['do']}{granted}")


def _grant(form: Form) -> dict[str, Any]:
    """As the desk types a family, without what only the order of registering needs."""
    content, _ = typed(form)
    family = {name: content[name] for name in ("email", "desk_number", "language", "postcode", "children")}
    return {
        **family,
        "from": form["from"],
        "despite_age": form["despite_age"] == "true",
        "reason": form["reason"],
    }


def _reserved(form: Form) -> dict[str, Any]:
    return {"held_for": form["held_for"], "seats": whole(form["seats"]), "reason": form["reason"]}


def _capacity(form: Form) -> dict[str, Any]:
    return {"capacity": whole(form["capacity"]), "reason": form["reason"]}


def _closing(form: Form) -> dict[str, Any]:
    return {"closes_at": form["closes_at"], "reason": form["reason"]}


def whole(text: str) -> int | str | None:
    """A number as the API takes it; what is none is left to be refused by it."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None


FORMS: dict[str, tuple[Callable[..., Answer], Callable[[Form], dict[str, Any]]]] = {
    GRANT: (handlers.grant_seats, _grant),
    RESERVED: (handlers.reserve_seats, _reserved),
    CAPACITY: (handlers.change_capacity, _capacity),
    CLOSING: (handlers.move_closing, _closing),
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
        "office/seats.html",
        problem.kind.status if problem else 200,
        session=session,
        seats=now,
        held=held,
        taken=len(now.holders) - sum(held.values()),
        closes=closes,
        chosen=chosen,
        form=form,
        problem=problem.document(visit.language) if problem and not problem.errors else None,
        **rows(form),
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        done=visit.query.get("done") if problem is None else None,
        granted=visit.query.get("reference", "") if problem is None else "",
    )
