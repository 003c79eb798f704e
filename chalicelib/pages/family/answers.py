"""A registration's page of the city's own questions: of a final seat or of a place on the waiting list. Where a seat is
held, they stand in one form with accepting it."""

from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.pages.family.registration import Receipt, about, questions_of, receipt, save_answers
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit

# Where there is nothing to answer by itself.
ELSEWHERE = (RegistrationStatus.OFFERED, RegistrationStatus.CANCELLED)


def show(visit: Visit, registration_id: str) -> Answer:
    """`?saved=yes`: what was answered just now."""
    return _page(visit, receipt(visit, registration_id))


def save(visit: Visit, registration_id: str) -> Answer:
    """What is wrong is said, and nothing saved; what is only missing is said, and the rest saved."""
    form = read_form(visit)
    found = receipt(visit, registration_id)
    if errors := save_answers(visit, found, form):
        return _page(visit, found, form.wrong(Problem(INVALID, errors=errors), visit.language), 422)
    return redirect(visit, f"/registrations/{registration_id}/answers?saved=yes")


def _page(visit: Visit, found: Receipt, form: Form | None = None, status: int = 200) -> Answer:
    questioned = questions_of(visit, found)
    if found.standing.status in ELSEWHERE or not questioned.parts:
        return redirect(visit, f"/registrations/{found.registration.registration_id}")
    return page(
        visit,
        "pages/family/answers.html",
        status,
        **about(visit, found),
        **questioned.on_page(visit, form),
        is_saved=visit.query.get("saved") == "yes" and status == 200,
        sees_answers=questioned.sees_answers,
    )
