"""A session's form: a new one, a draft that is completed, and what may change of a published one."""

from typing import Any

from chalicelib.city.ledger.rules import checked_reason
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, NOT_NOW, Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.money.uitpas.service import of_city
from chalicelib.office import scope
from chalicelib.office.camps import correcting
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import camps, words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import editing, table
from chalicelib.programme.sessions.cells import LABELS, cells_of
from chalicelib.programme.sessions.changes import missing
from chalicelib.programme.sessions.rules import Session, status
from chalicelib.seats import table as seats_table

# What an address says that was just done.
DONE = {
    "made": N_("The session is made."),
    "changed": N_("The change is stored."),
    "cancelled": N_("The camp is cancelled. Families are told within minutes, and the ledger shows it."),
}


def show_new(visit: Visit, by: Staff) -> Answer:
    """With the municipalities and kinds that the programme knows, to choose from."""
    return _page(visit, by, None, Form())


def create(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    _must_be_theirs(by, form)
    try:
        made = editing.create(form.values, words.in_language(LABELS, visit.language))
    except Problem as problem:
        return _page(visit, by, None, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/sessions/{made.session_id}?done=made")


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    session = editing.get(session_id)
    return _page(visit, by, session, Form(cells_of(session)))


def change(visit: Visit, by: Staff, session_id: str) -> Answer:
    """A draft is stored at once. What a published camp would become is shown first where families are concerned, and
    asked about; `confirmed` says that it was."""
    form = read_form(visit)
    _must_be_theirs(by, form)
    labels = words.in_language(LABELS, visit.language)
    sent = {column: form[column] for column in labels if form.has(column)}
    session = editing.get(session_id)
    try:
        if session.missing:
            changed = editing.change(session_id, form["edition"], sent, labels)
        elif answer := _correct(visit, by, session_id, form, sent, labels):
            return answer
        else:
            changed = session
    except Problem as problem:
        session = editing.get(session_id)
        typed = Form({**cells_of(session), **form.values})
        if problem.kind is CHANGED:
            return _page(visit, by, session, typed, problem.kind.status, problem)
        return _page(visit, by, session, typed.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/sessions/{changed.session_id}?done=changed")


def delete(visit: Visit, by: Staff, session_id: str) -> Answer:
    """Of a draft."""
    form = read_form(visit)
    try:
        editing.delete(session_id, form["edition"])
    except Problem as problem:
        if problem.kind is not CHANGED:
            raise
        session = editing.get(session_id)
        return _page(visit, by, session, Form(cells_of(session)), problem.kind.status, problem)
    return redirect(visit, "/office/programme")


def _correct(
    visit: Visit, by: Staff, session_id: str, form: Form, sent: dict[str, str], labels: dict[str, str]
) -> Answer | None:
    """None: it is done. Raises the Problems that belong beside the fields."""
    tell = form["tell"] == "true"
    found = correcting.preview(session_id, form["edition"], sent, labels, tell=tell, now=visit.now)
    if found.columns:
        checked_reason(form["reason"])
    if found.columns and found.concerned.registrations and form["confirmed"] != "true":
        return camps.ask_to_correct(visit, by, found, form)
    try:
        correcting.correct(
            session_id,
            form["edition"],
            sent,
            labels,
            by=by,
            reason=form["reason"],
            tell=tell,
            now=visit.now,
            keep=form.all("keep"),
        )
    except Problem as problem:
        if problem.kind is NOT_NOW:
            return camps.ask_to_correct(visit, by, found, form, problem)
        raise
    return None


def _must_be_theirs(by: Staff, form: Form) -> None:
    """A municipality that a form names: of a new session, or a draft's from now on."""
    scope.must_work_for(by, [form["municipality"]] if form["municipality"].strip() else [])


def _page(
    visit: Visit,
    by: Staff,
    session: Session | None,
    form: Form,
    code: int = 200,
    problem: Problem | None = None,
) -> Answer:
    programme = scope.sessions_of(by, table.all_sessions())
    seats = seats_table.get([session.session_id]).get(session.session_id) if session else None
    labels = words.in_language(LABELS, visit.language)
    fixed = correcting.fixed(session, visit.now) if session else {}
    done = DONE.get(visit.query.get("done", ""))
    closes = session.closes if session and seats else None
    return page(
        visit,
        "pages/staff/session.html",
        code,
        session=session,
        seats=seats,
        closes=closes,
        edition=editing.edition(session) if session else "",
        form=form,
        labels=labels,
        fixed=fixed,
        stays=[(labels[column], _in_words(session, column, visit.language)) for column in labels if column in fixed],
        reasons=[
            (
                translate(text, visit.language),
                in_words.names([labels[one] for one in fixed if fixed[one] == text], visit.language),
            )
            for text in dict.fromkeys(fixed.values())
        ],
        missing=[labels[column].lower() for column in missing(session)] if session else [],
        standing=translate(words.SESSION_STATUS[_status(session, seats, visit)], visit.language) if session else None,
        badge=words.BADGES[_status(session, seats, visit)] if session else None,
        municipalities=sorted({one.municipality for one in programme}),
        kinds=sorted({one.kind for one in programme if one.kind}),
        has_uitpas=of_city() is not None,
        done=translate(done, visit.language) if done and code == 200 else None,
        problem=problem.document(visit.language) if problem else None,
    )


def _in_words(session: Session | None, column: str, language: str) -> str:
    """A cell as people read it."""
    if session is None:
        return ""
    match column:
        case "starts_on" | "ends_on":
            return in_words.day(getattr(session, column), language)
        case "price_eur":
            return in_words.money(session.price_cents or 0, language)
    return cells_of(session)[column]


def _status(session: Session, seats: Any, visit: Visit) -> str:
    return status(session, seats.for_anyone(int(visit.now.timestamp())) if seats else 0, visit.now).value
