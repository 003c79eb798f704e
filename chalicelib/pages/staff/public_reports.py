"""Whether everybody may see a report, and with which words and photos; and the photos of a case, for its unit."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem, existing
from chalicelib.core.languages import translate
from chalicelib.front_door.cases import scope
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.photos import bucket, standing
from chalicelib.front_door.photos.rules import Size, Standing
from chalicelib.front_door.reports import showing, table
from chalicelib.front_door.reports.rules import MOST_TEXT, why_not
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.photo_fields import picture
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said


def show(visit: Visit, by: Staff, case_id: str) -> Answer:
    case = _case(case_id)
    report = table.get(table.id_of(case)) if case.is_public else None
    photos = list(report.photos) if report else []
    typed = Form({"text": report.text if report else ""}, {"photos": photos})
    return _page(visit, case, typed)


def change(visit: Visit, by: Staff, case_id: str) -> Answer:
    form = read_form(visit)
    case = _case(case_id)
    edition = int(form["edition"]) if form["edition"].isdecimal() and len(form["edition"]) < 10 else 0
    try:
        with visit.attempting():
            if form["do"] == "hide":
                showing.hide(case, by, edition, visit.now)
            else:
                showing.show(case, by, edition, form["text"], form.all("photos"), visit.now)
    except Problem as problem:
        if problem.kind not in (INVALID, NOT_NOW, CHANGED):
            raise
        wrong = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, _case(case_id), wrong, problem)
    return redirect(visit, f"/office/cases/{case_id}/public?saved=yes")


def get_photo(visit: Visit, by: Staff, case_id: str, number: str) -> Answer:
    """`number`: from 1. Through us, so that nobody can hand its address on."""
    case = _case(case_id)
    key = existing(dict(enumerate(case.photos, 1)).get(int(number) if number.isdecimal() and len(number) < 3 else 0))
    return Answer(200, *picture(existing(bucket.content(key, Size.LARGE))))


def _case(case_id: str) -> Case:
    """Whose it is, the table of routes saw to (Within.CASE)."""
    case = existing(cases.get(case_id))
    scope.seen(case)
    return case


def _page(visit: Visit, case: Case, typed: Form, problem: Problem | None = None) -> Answer:
    form = forms.version(case.form_id, case.form_version)
    why = why_not(case)
    there = standing.of_case(case.photos, case.received_at, visit.now)
    return page(
        visit,
        "pages/staff/public_report.html",
        problem.kind.status if problem else 200,
        case=case,
        photos=[(number, key) for number, key in enumerate(case.photos, 1) if there[number - 1] is Standing.THERE],
        title=said(form.title, visit.language) if form else case.form_id,
        form=typed,
        refused=refused(visit, problem),
        why_not=translate(showing.WHY_NOT[why], visit.language) if why else "",
        most=MOST_TEXT,
        is_saved=visit.query.get("saved") == "yes" and not problem,
    )
