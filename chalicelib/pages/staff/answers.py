"""The city's own questions about the children of a registration, which the desk answers for a family on the phone."""

from functools import partial

from chalicelib.booking.answers import answering
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_NOW, Problem
from chalicelib.office.desk import registering, search
from chalicelib.pages.frame import answers_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.questions.rules import Question, readers
from chalicelib.programme.sessions import table as programme


def show(visit: Visit, by: Staff, registration_id: str) -> Answer:
    return _page(visit, registration_id)


def save(visit: Visit, by: Staff, registration_id: str) -> Answer:
    """What is wrong is said, and nothing saved; what is only missing is said, and the rest saved."""
    form = read_form(visit)
    found = registering.look_up(registration_id, visit.now)
    questioned = answering.of(found.registration, found.standing, visit.now)
    parts = answers_form.asked(questioned, search.children_of(found.registration, found.family), _sees)
    editor = Editor(by.staff_id, by.name)
    entering = partial(answering.answer, found.family.bearer, registration_id, now=visit.now, by=editor)
    try:
        errors = answers_form.take(form, parts, entering)
    except Problem as problem:
        if problem.kind is not NOT_NOW:
            raise
        return _page(visit, registration_id, form, problem)
    if errors:
        wrong = Problem(INVALID, errors=errors)
        return _page(visit, registration_id, form.wrong(wrong, visit.language), wrong)
    return redirect(visit, f"/office/desk/registrations/{registration_id}?done=answers")


def _sees(question: Question) -> bool:
    return Role.DESK in readers(question.purpose)


def _page(visit: Visit, registration_id: str, form: Form | None = None, problem: Problem | None = None) -> Answer:
    found = registering.look_up(registration_id, visit.now)
    questioned = answering.of(found.registration, found.standing, visit.now)
    parts = answers_form.asked(questioned, search.children_of(found.registration, found.family), _sees)
    before = answers_form.shown(questioned, parts, _sees)
    shown = answers_form.again(form, before) if form else before
    return page(
        visit,
        "pages/staff/answers.html",
        problem.kind.status if problem else 200,
        registration_id=registration_id,
        session=programme.get(found.registration.session_id),
        refused=refused(visit, problem),
        **answers_form.on_page(visit, parts, shown),
    )
