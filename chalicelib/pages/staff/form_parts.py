"""The parts of a form's draft, a page for each."""

from collections.abc import Mapping

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem
from chalicelib.core.languages import translate
from chalicelib.front_door.forms import editing
from chalicelib.front_door.forms.editing import Draft
from chalicelib.front_door.units import table as units
from chalicelib.pages.frame.forms import CSRF, Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.pages.staff.form_words import CONTACTS, COUNTRIES, COUNTS, KINDS, PARTS, PLACES
from chalicelib.pages.staff.forms import ADDRESS, number
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

# Of a page's form, beside the fields of the part.
EDITION = "edition"


def show(visit: Visit, by: Staff, form_id: str, part: str) -> Answer:
    draft = _draft(form_id, part)
    return _page(visit, draft, part, _filled(draft, part))


def change(visit: Visit, by: Staff, form_id: str, part: str) -> Answer:
    form = read_form(visit)
    draft = _draft(form_id, part)
    typed = Form({name: text for name, text in form.values.items() if name not in (CSRF, EDITION)})
    try:
        with visit.attempting():
            editing.change(draft, part, typed.document(editing.PARTS[part]), number(form[EDITION]), by)
    except Problem as problem:
        if problem.kind is CHANGED:
            latest = editing.draft(form_id)
            return _page(
                visit, latest, part, Form({**form.values, EDITION: str(latest.edition)}, form.several), problem
            )
        return _page(visit, draft, part, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}/{form_id}?done=saved")


def _draft(form_id: str, part: str) -> Draft:
    if part not in editing.PARTS:
        raise Problem(NOT_FOUND)
    return editing.draft(form_id)


def _filled(draft: Draft, part: str) -> Form:
    form, deadline = draft.form, draft.form.deadline
    values: Mapping[str, str] = {
        **_labels("title", form.title),
        **_labels("intro", form.intro),
        **_labels("receipt", form.receipt),
        **_labels("if_not", form.if_not),
        **_labels("at_once", form.at_once),
        "kind": form.kind.value,
        "owner": form.owner,
        "days": str(deadline.days or ""),
        "counted": deadline.counted.value,
        "country": deadline.country,
        "most_more_days": str(deadline.most_more_days),
        "law": deadline.law,
        "contact": form.contact.value,
        "place": form.place.value,
        "most_photos": str(form.most_photos),
        "kept_months": str(form.kept_months),
        "opens_on": form.opens_on.isoformat() if form.opens_on else "",
        "closes_on": form.closes_on.isoformat() if form.closes_on else "",
        "at_once_link": form.at_once_link,
        EDITION: str(draft.edition),
    }
    return Form(values, {"is_confidential": ["true"] if form.is_confidential else []})


def _labels(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}.{language}": text for language, text in labels.items()}


def _page(visit: Visit, draft: Draft, part: str, form: Form, problem: Problem | None = None) -> Answer:
    known = [(one.unit_id, said(one.name, visit.language)) for one in units.every().values() if one.people]

    def named(texts: Mapping[str, str]) -> list[tuple[str, str]]:
        return list(words.in_language(texts, visit.language).items())

    return page(
        visit,
        "pages/staff/form_part.html",
        problem.kind.status if problem else 200,
        part=part,
        heading=translate(PARTS[part], visit.language),
        title=said(draft.form.title, visit.language) or draft.form.form_id,
        address=f"{ADDRESS}/{draft.form.form_id}",
        form=form,
        problem=refused(visit, problem),
        is_changed=problem is not None and problem.kind is CHANGED,
        units=[("", "–"), *sorted(known, key=lambda one: one[1].lower())],
        kinds=named(KINDS),
        counts=named(COUNTS),
        countries=named(COUNTRIES),
        contacts=named(CONTACTS),
        place_rules=named(PLACES),
    )
