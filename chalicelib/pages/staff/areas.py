"""The areas of the city by which reports find their unit: out of a GeoJSON file, which is chosen or pasted."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, Problem, existing, invalid
from chalicelib.core.languages import LANGUAGES
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.routing import areas, editing
from chalicelib.front_door.routing.geojson import AS_FILE, MOST_SENT
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/areas"
# What a browser may send: a larger file than there may be is refused beside its field.
MOST_BODY = 2 * MOST_SENT
MOST_DIGITS = 9


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, Form())


def take(visit: Visit, by: Staff) -> Answer:
    form, files = read_upload(visit, MOST_BODY)
    content = files["file"].content if "file" in files else form["pasted"].strip().encode()
    try:
        with visit.attempting():
            if not content:
                raise invalid("file", AS_FILE)
            editing.take(content)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, f"{ADDRESS}?done=taken")


def change(visit: Visit, by: Staff, area_id: str) -> Answer:
    """`do`: name, or remove."""
    form = read_form(visit)
    if not form["edition"].isascii() or not form["edition"].isdigit() or len(form["edition"]) > MOST_DIGITS:
        raise Problem(INVALID)
    existing(areas.every().get(area_id))
    try:
        with visit.attempting():
            if form["do"] == "remove":
                editing.remove(area_id, int(form["edition"]))
            else:
                names = {language: form[f"{area_id}.name.{language}"] for language in LANGUAGES}
                editing.name(area_id, int(form["edition"]), {"name": names})
    except Problem as problem:
        typed = Form({} if problem.kind is CHANGED else form.values)
        wrong = typed.wrong(problem, visit.language) if problem.errors else typed
        errors = {f"{area_id}.{name}": text for name, text in wrong.errors.items()}
        return _page(visit, Form(wrong.values, {}, errors), problem)
    return redirect(visit, f"{ADDRESS}?done=saved")


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    known, forms = areas.every(), publishing.there()
    named = {
        f"{area_id}.name.{language}": text for area_id, area in known.items() for language, text in area.name.items()
    }
    return page(
        visit,
        "pages/staff/areas.html",
        problem.kind.status if problem else 200,
        areas=[
            (
                area,
                said(area.name, visit.language),
                [said(form.title, visit.language) for _, form in forms if area_id in form.areas],
            )
            for area_id, area in known.items()
        ],
        form=Form({**named, **form.values}, form.several, form.errors),
        problem=refused(visit, problem),
        done=visit.query.get("done") if problem is None else None,
    )
