"""The list of forms that anybody may send the city, and the page of one of them.

What was typed is never lost: whatever keeps it from being sent (something wrong, a session that is over, a form that
was changed or went dark, a busy table), the page comes back with it and with the same key, by which sending it twice
makes one case.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.handlers import KEY, KEY_HEADER
from chalicelib.booking.registrations.rules import reference_of
from chalicelib.core.http.answering import BUSY_SECONDS, Answer
from chalicelib.core.http.fields import MAX_BODY_BYTES
from chalicelib.core.http.problems import BUSY, INVALID, NOT_FOUND, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.core.refusals import is_busy
from chalicelib.core.spoken import without_marks
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Case, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.deadlines import DayCount, answer_by
from chalicelib.front_door.forms import table
from chalicelib.front_door.forms.rules import ABOUT_KEY, Form, FormHead, FormKind, PlaceRule
from chalicelib.front_door.units import table as units
from chalicelib.pages.frame import case_form
from chalicelib.pages.frame.forms import STALE, of_ours, parse
from chalicelib.pages.frame.forms import Form as TypedForm
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.photo_fields import policy
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import known_bearer
from chalicelib.programme.questions.rules import said

CACHE_SECONDS = 5
# A form has room for twenty answers of a thousand characters, and a browser sends nine for one of them.
MOST_BYTES = 4 * MAX_BODY_BYTES
# In the order in which people look for them.
KINDS = {
    FormKind.REPORT: N_("Report something"),
    FormKind.QUESTION: N_("Ask something"),
    FormKind.COMPLAINT: N_("Complain"),
    FormKind.SUGGESTION: N_("Suggest something"),
    FormKind.CERTIFICATE: N_("Ask for a certificate"),
    FormKind.APPLICATION: N_("Apply for something"),
}
ANSWERED_BY = {
    DayCount.CALENDAR: N_("{unit} answers within {days} days: sent today, by {day} at the latest."),
    DayCount.WORKING: N_("{unit} answers within {days} working days: sent today, by {day} at the latest."),
}
BUSY_NOW = N_("It is busy now. Nothing is lost: what you typed is below. Press Send again; it is not sent twice.")
STALE_NOW = N_(
    "This page was open for long, or your browser kept no cookie of it. Nothing was sent and nothing is lost: what you "
    "typed is below. Press Send again. If this stays so, allow cookies for this site."
)
CHANGED_NOW = N_(
    "This form was changed while you filled it in. Nothing is lost: what you typed is below. Look at it and press Send."
)
SENT_BEFORE = N_(
    "You sent this form before with other words, and that is received. If what is below is something else, press Send "
    "again: it becomes a case of its own."
)


def list_forms(visit: Visit) -> Answer:
    """Those that are there now, grouped by kind."""
    day = today(visit.now)
    open_ = sorted(
        (one for one in table.published().values() if one.is_open(day)), key=lambda one: said(one.title, visit.language)
    )
    groups = [
        (translate(title, visit.language), [one for one in open_ if one.kind is kind]) for kind, title in KINDS.items()
    ]
    return page(
        visit,
        "pages/family/forms.html",
        cache_seconds=CACHE_SECONDS,
        groups=[(title, forms) for title, forms in groups if forms],
        said=lambda texts: said(texts, visit.language),
    )


def show(visit: Visit, form_id: str) -> Answer:
    """The form; or why it takes nothing now, and what else to do. 503 while nobody is there to answer, or the city
    withdrew it, so that whoever checks addresses sees it; 410 for a form that is taken away."""
    head = _head(form_id)
    form = _last(head)
    if form is None:
        raise Problem(NOT_FOUND)
    if not head.published:
        return _not_there(visit, form, "gone", 410)
    if head.dark_since:
        return _not_there(visit, form, "withdrawn" if head.is_withdrawn else "dark", 503)
    if not form.is_open(today(visit.now)):
        return _not_there(visit, form, "closed", 200)
    return _page(visit, form, TypedForm({case_form.KEY: _new_key()}))


def send(visit: Visit, form_id: str) -> Answer:
    """Stores the case, then shows its receipt."""
    if visit.is_from_elsewhere:
        raise Problem(STALE)
    typed, head = parse(visit.body, MOST_BYTES), _head(form_id)
    key = typed[case_form.KEY] if re.fullmatch(KEY, typed[case_form.KEY]) else _new_key()
    typed = _with(typed, key)
    form, is_changed = _seen(head, typed, visit)
    try:
        of_ours(visit, typed)
    except Problem:
        return _page(visit, form, typed, 403, STALE_NOW)
    if is_changed:
        return _page(visit, form, typed, 409, CHANGED_NOW)
    try:
        with visit.attempting(), busy_as_problem():
            request = case_form.request_of(typed, form, key, Way.PAGE, visit.language)
            case = sending.send(replace(request, about=_about(visit, request)), visit.now).case
    except Problem as problem:
        return _again(visit, form, typed, problem)
    if visit.help:
        return _sent_for_another(visit, form, case)
    return redirect(visit, f"/cases/{case.receipt}?secret={case.secret}&sent=yes")


def _sent_for_another(visit: Visit, form: Form, case: Case) -> Answer:
    """The answer of a helper's browser: no address of it opens the case, now or when the help is over. The number goes
    into what the family gets about the help; if that cannot be written down, the case is stored all the same."""
    from chalicelib.people.assistance import helping  # noqa: PLC0415 for helpers only

    assert visit.help is not None, "a helper's browser"
    helping.note_receipt(visit.help, visit.act_id, case.receipt)
    return page(visit, "pages/family/form_helped.html", case=case, if_not=said(form.if_not, visit.language))


def _about(visit: Visit, request: CaseRequest) -> str:
    """The registration_id of the registration whose reference was typed, if it is one of this browser's family; "": a
    reference alone proves nothing. One query, for a form that asks it."""
    said, who = request.answers.get(ABOUT_KEY), known_bearer(visit)
    if not said or who is None:
        return ""
    typed = without_marks(str(said))
    own = registrations.of_family(who.family_id)
    return next((one.registration_id for one in own if without_marks(reference_of(one)) == typed), "")


def _again(visit: Visit, form: Form, typed: TypedForm, problem: Problem) -> Answer:
    """The page with what was typed, and why it was not sent."""
    if problem.kind is BUSY:
        shown = _page(visit, form, typed, 503, BUSY_NOW)
        return replace(shown, headers={**shown.headers, "Retry-After": str(problem.retry_after or BUSY_SECONDS)})
    if any(one.field == KEY_HEADER for one in problem.errors):
        return _page(visit, form, _with(typed, _new_key()), 409, SENT_BEFORE)
    if problem.kind is INVALID and problem.errors:
        wrong = typed.wrong(Problem(INVALID, errors=case_form.at_fields(problem.errors)), visit.language)
        return _page(visit, form, wrong, 422)
    return _page(visit, form, typed, problem.kind.status, problem=problem)


@contextmanager
def busy_as_problem() -> Iterator[None]:
    """So that a page shows again what was typed: raises Problem `busy` in the place of what says so."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        if not is_busy(error):
            raise
        raise Problem(BUSY, retry_after=BUSY_SECONDS) from error


def _head(form_id: str) -> FormHead:
    head = table.remembered_heads().get(form_id)
    if head is None:
        raise Problem(NOT_FOUND)
    return head


def _last(head: FormHead) -> Form | None:
    """The version that is there, or was before the form was taken away; None: none ever was."""
    return table.version(head.form_id, head.published or head.before or head.newest)


def _seen(head: FormHead, typed: TypedForm, visit: Visit) -> tuple[Form, bool]:
    """The version that somebody filled in, while it is taken; else the one that is there now, and True."""
    text = typed[case_form.VERSION]
    number = int(text) if re.fullmatch("[0-9]{1,6}", text) else 0
    is_taken = head.takes(number, visit.now) or bool(head.dark_since)
    form = table.version(head.form_id, number) if is_taken and number else _last(head)
    if form is None:
        raise Problem(NOT_FOUND)
    return form, form.version != number and not head.dark_since


def _page(
    visit: Visit, form: Form, typed: TypedForm, status: int = 200, why: str = "", problem: Problem | None = None
) -> Answer:
    """`why`, or the `problem`: what kept it from being sent."""
    unit = units.remembered().get(form.owner)
    by = answer_by(form.deadline, today(visit.now))
    by_whom = said(unit.name, visit.language) if unit else ""
    shown = page(
        visit,
        "pages/family/form.html",
        status,
        **case_form.on_page(visit, form, typed),
        at_once=said(form.at_once, visit.language),
        answered_by=translate(
            ANSWERED_BY[form.deadline.counted], visit.language, unit=by_whom, days=form.deadline.days, day=by
        ),
        unit=by_whom,
        why=translate(why, visit.language) if why else "",
        refused=problem.document(visit.language) if problem else None,
        left_over=_left_over(visit, form, typed),
        needs=case_form.needs(form),
    )
    if form.most_photos or form.place is not PlaceRule.NONE:
        shown = replace(shown, headers={**shown.headers, **policy(visit)})
    if form.is_confidential or status != 200 or visit.leaving:
        return shown
    # The way back brings the same page, with what was typed and the same key: not another form for another case.
    return replace(shown, headers={**shown.headers, "Cache-Control": "private, no-cache"})


def _not_there(visit: Visit, form: Form, why: str, status: int) -> Answer:
    """`why`: dark, withdrawn, gone or closed."""
    return page(
        visit,
        "pages/family/form_away.html",
        status,
        asked=form,
        why=why,
        opens_on=_later(form.opens_on, visit),
        if_not=said(form.if_not, visit.language),
        at_once=said(form.at_once, visit.language),
        said=lambda texts: said(texts, visit.language),
    )


def _later(day: date | None, visit: Visit) -> date | None:
    return day if day and day > today(visit.now) else None


def _left_over(visit: Visit, form: Form, typed: TypedForm) -> Sequence[tuple[str, str]]:
    """Answers that were typed to questions that the form asks no more: pairs of question and words."""
    text = typed[case_form.VERSION]
    number = int(text) if re.fullmatch("[0-9]{1,6}", text) else 0
    before = table.version(form.form_id, number) if number and number != form.version else None
    if before is None:
        return ()
    now = case_form.names(form)
    known: Mapping[str, Any] = case_form.names(before)
    return [
        (said(question.label, visit.language), ", ".join(typed.all(name)))
        for name, question in known.items()
        if name not in now and typed[name].strip()
    ]


def _with(typed: TypedForm, key: str) -> TypedForm:
    return TypedForm({**typed.values, case_form.KEY: key}, typed.several, typed.errors)


def _new_key() -> str:
    return secrets.token_urlsafe(16)
