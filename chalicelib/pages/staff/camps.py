"""A published camp: what a correction would change and for whom, asked once more; and the camp cancelled."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.office.camps import cancelling
from chalicelib.office.camps.cancelling import CancellationPreview
from chalicelib.office.camps.concerned import Concerned
from chalicelib.office.camps.correcting import CorrectionPreview
from chalicelib.office.camps.handlers import CANCELLATION
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.names import full_name
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import changed_words, table
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats.rules import age

WITHDRAW = "withdraw"
OF_OTHERS = N_("a camp of another municipality")


def ask_to_cancel(visit: Visit, by: Staff, session_id: str) -> Answer:
    """How many families have what in it, and where else they could go. Looking changes nothing."""
    return _cancel_page(visit, cancelling.preview(session_id, visit.now), Form())


def cancel(visit: Visit, by: Staff, session_id: str) -> Answer:
    """The form's `message.nl` …, and `reason`; `do` says whether it was asked while nobody was in it."""
    form = read_form(visit)
    try:
        if form["do"] == WITHDRAW:
            cancelling.withdraw(session_id, form["reason"], by, visit.now)
        else:
            typed = Form({name: form[name] for name in ("reason", *_fields())})
            wanted = check(CANCELLATION, typed.document(CANCELLATION))
            cancelling.cancel(session_id, wanted["message"], wanted["reason"], by, visit.now)
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _cancel_page(visit, cancelling.preview(session_id, visit.now), again, problem)
    return redirect(visit, f"/office/sessions/{session_id}?done=cancelled")


def ask_to_correct(
    visit: Visit, by: Staff, found: CorrectionPreview, form: Form, problem: Problem | None = None
) -> Answer:
    """The page that asks: what was typed, in hidden fields, below its effect. `form`: as it was sent."""
    language = visit.language
    others = table.several({one.other_session_id for one in found.elsewhere}) if found.elsewhere else {}
    first_day = found.after.starts_on
    return page(
        visit,
        "pages/staff/camp_change.html",
        problem.kind.status if problem else 200,
        session=found.before,
        after=found.after,
        form=form,
        kept=form.all("keep"),
        hidden=[(name, form[name]) for name in (*LABELS, "edition", "reason", "tell") if form.has(name)],
        changes=_changes(found, language),
        there=_there(found.concerned),
        families=found.concerned.families,
        is_told=found.is_told,
        is_always_told=found.is_told and form["tell"] != "true",
        misfits=[
            (one.child_id, full_name(one), age(one.birth_date, first_day) if first_day else 0) for one in found.misfits
        ],
        elsewhere=[
            (full_name(one.child), _name(others.get(one.other_session_id), by, language)) for one in found.elsewhere
        ],
        problem=refused(visit, problem),
    )


def _cancel_page(visit: Visit, found: CancellationPreview, form: Form, problem: Problem | None = None) -> Answer:
    language = visit.language
    return page(
        visit,
        "pages/staff/camp_cancel.html",
        problem.kind.status if problem else 200,
        session=found.session,
        when=changed_words.days(found.session, language),
        there=_there(found.concerned),
        wishing=len(found.wishing),
        families=found.families,
        others=[(one.session, changed_words.days(one.session, language), one.seats_left) for one in found.others],
        languages_offered=[(one, NAMES_OF_LANGUAGES[one], translate(cancelling.BY_ITSELF, one)) for one in LANGUAGES],
        form=form,
        problem=refused(visit, problem) if problem and not problem.errors else None,
    )


def _there(concerned: Concerned) -> tuple[int, int, int]:
    """Registrations, offers, registrations that wait."""
    return len(concerned.confirmed), len(concerned.offered), len(concerned.waiting)


def _changes(found: CorrectionPreview, language: str) -> list[tuple[str, str, str]]:
    """Label, what is and what would be. What families read as one thing is one; the rest is named as the form does."""
    after = {column: now for column, (_, now) in found.columns.items()}
    return changed_words.between(found.before, after, language)


def _fields() -> list[str]:
    return [f"message.{language}" for language in LANGUAGES]


def _name(session: Session | None, by: Staff, language: str) -> str:
    """Where a child is in another municipality is not for the staff of this one."""
    if session is None or not by.works_for(session.municipality):
        return translate(OF_OTHERS, language)
    return f"{session.title}, {changed_words.days(session, language)}"
