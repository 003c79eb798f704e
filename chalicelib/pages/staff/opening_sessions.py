"""Sessions that open without an opening: which, from when on, and why. Nothing is drawn and nobody waits for a moment
of their own: whoever is first has a seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.city.ledger.rules import REASON
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Choice, Model, Moment, check
from chalicelib.core.http.problems import INVALID, FieldError, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.office import scope
from chalicelib.office.desk import exceptions
from chalicelib.office.desk.exceptions import Deed
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import State, title
from chalicelib.programme.sessions import handlers, table
from chalicelib.programme.sessions.rules import Session, SessionStatus, status
from chalicelib.seats import table as seats_table

ADDRESS = "/office/programme/registration"
NOW, LATER, NEVER = "now", "later", "never"
AS_WHEN = N_("Choose when families can register.")
NONE_CHOSEN = N_("Choose at least one session.")
TO_COME = N_("Give a moment that is still to come, or choose “now”.")
CHANGE = Model({"when": Choice(AS_WHEN, [NOW, LATER, NEVER]), "reason": REASON})
AT = Model({"opens_at": Moment()})


@dataclass(frozen=True)
class Offered:
    """A session that can be opened or closed here. `planned_in`: the title of an opening that is not published yet and
    names it; empty: none does."""

    session: Session
    status: SessionStatus
    planned_in: str


def show(visit: Visit, by: Staff) -> Answer:
    """`?session=`: one that is ticked already."""
    chosen = visit.query.get("session", "")
    return _page(visit, by, Form({"when": NOW}, {"session": [chosen]}))


def change(visit: Visit, by: Staff) -> Answer:
    """One after the other, each with its seats and its entry in the ledger; the same again does what is left."""
    form = read_form(visit)
    done: list[str] = []
    try:
        with visit.attempting():
            session_ids, deed, at = _asked(visit, by, form)
            for session_id in session_ids:
                exceptions.set_opening(deed, session_id, at)
                done.append(session_id)
    except Problem as problem:
        left = [one for one in form.all("session") if one not in done]
        kept = Form(form.values, {**form.several, "session": left}, form.errors)
        again = kept.wrong(problem, visit.language) if problem.errors else kept
        return _page(visit, by, again, problem, stuck=left[0] if left and not problem.errors else None, done=len(done))
    finally:
        if done:
            handlers.forget()
    return redirect(visit, f"{ADDRESS}?done={form['when']}")


def _asked(visit: Visit, by: Staff, form: Form) -> tuple[Sequence[str], Deed, datetime | None]:
    """All that is wrong with the form is said at once. Raises Problem `invalid`; `not-found` for what is not theirs."""
    errors: list[FieldError] = []
    session_ids = list(dict.fromkeys(form.all("session")))
    if not session_ids:
        errors.append(FieldError("session", NONE_CHOSEN))
    reason, at = "", None
    try:
        wanted = check(CHANGE, {"when": form["when"] or None, "reason": form["reason"].strip()})
        reason = wanted["reason"]
    except Problem as problem:
        errors += problem.errors
    try:
        at = _moment(visit, form)
    except Problem as problem:
        errors += problem.errors
    if errors:
        raise Problem(INVALID, errors=errors)
    for session_id in session_ids:
        scope.must_have(by, session_id)
    return session_ids, Deed(by, reason, visit.now), at


def _moment(visit: Visit, form: Form) -> datetime | None:
    """Whole seconds; None: not before somebody says so."""
    match form["when"]:
        case "later":
            at: datetime = check(AT, {"opens_at": form["opens_at"].strip()})["opens_at"]
            if at <= visit.now:
                raise invalid("opens_at", TO_COME)
            return at
        case "now":
            return visit.now.replace(microsecond=0)
    return None


def _page(
    visit: Visit,
    by: Staff,
    form: Form,
    problem: Problem | None = None,
    stuck: str | None = None,
    done: int = 0,
) -> Answer:
    sessions = scope.sessions_of(by, table.all_sessions(consistent_read=True))
    offered = _offered(visit, sessions)
    by_id = {one.session_id: one for one in sessions}
    return page(
        visit,
        "pages/staff/opening_sessions.html",
        problem.kind.status if problem else 200,
        offered=offered,
        form=form,
        problem=refused(visit, problem),
        stuck=by_id.get(stuck or ""),
        opened=done,
        statuses=words.in_language(words.SESSION_STATUS, visit.language),
        done=visit.query.get("done") if problem is None else None,
    )


def _offered(visit: Visit, sessions: Sequence[Session]) -> list[Offered]:
    """Of no published opening, complete, and not closed: those that do not open yet come first."""
    now = int(visit.now.timestamp())
    ours = [one for one in sessions if not one.missing and not one.opening_id and not one.cancelled_at]
    seats = seats_table.get([one.session_id for one in ours], consistent=False)
    planned = {
        session_id: title(one.plan, visit.language)
        for one in openings.every()
        if one.state is State.DRAFT
        for session_id in one.plan.session_ids
    }
    found = [
        Offered(one, stands, planned.get(one.session_id, ""))
        for one in ours
        if one.session_id in seats
        and (stands := status(one, seats[one.session_id].for_anyone(now), visit.now)) is not SessionStatus.CLOSED
    ]
    return sorted(found, key=lambda one: (one.status is not SessionStatus.ANNOUNCED, one.session.starts_on or date.max))
