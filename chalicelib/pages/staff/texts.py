"""Texts of help, mails and legal pages: staff look at them, change them with a preview, and bring back what was."""

from typing import Any

from chalicelib.city.texts import changing
from chalicelib.city.texts.rules import TextVersion
from chalicelib.city.texts.showing import as_page
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

PREVIEW = "preview"


def show(visit: Visit, by: Staff) -> Answer:
    return page(visit, "pages/staff/texts.html", texts=changing.every())


def edit(visit: Visit, by: Staff, key: str) -> Answer:
    current, _ = changing.look(key)
    return _edited(visit, key, _form_of(current))


def save(visit: Visit, by: Staff, key: str) -> Answer:
    """The button decides: a preview stores nothing."""
    form = read_form(visit)
    texts = form.document().get("texts") or {}
    try:
        if form["do"] == PREVIEW:
            return _edited(visit, key, form, preview=changing.attempt(key, texts))
        changing.change(key, _number(form["version"]), texts, by, visit.now)
    except Problem as problem:
        if problem.kind is CHANGED:
            return _edited(visit, key, form, problem.kind.status, has_changed=True)
        return _edited(visit, key, form.wrong(problem, visit.language), problem.kind.status)
    return redirect(visit, f"/office/texts/{key}?saved=yes")


def restore(visit: Visit, by: Staff, key: str) -> Answer:
    form = read_form(visit)
    try:
        changing.restore(key, _number(form["version"]), _number(form["older"]), by, visit.now)
    except Problem as problem:
        if problem.kind is not CHANGED:
            raise
        current, _ = changing.look(key)
        return _edited(visit, key, _form_of(current), problem.kind.status, has_changed=True)
    return redirect(visit, f"/office/texts/{key}?saved=yes")


def _edited(visit: Visit, key: str, form: Form, status: int = 200, **more: Any) -> Answer:
    current, history = changing.look(key)
    values = {"preview": None, "has_changed": False, "is_saved": "saved" in visit.query, **more}
    return page(
        visit,
        "pages/staff/text.html",
        status,
        key=current.key,
        current=current,
        history=history,
        form=form,
        may_change=visit.may("POST", "/office/texts/{key}"),
        as_page=as_page,
        languages_of=[(code, NAMES_OF_LANGUAGES[code]) for code in current.key.languages],
        **values,
    )


def _form_of(version: TextVersion) -> Form:
    return Form({f"texts.{language}": version.texts[language] for language in version.key.languages})


def _number(typed: str) -> int:
    """The version sent; one that no browser sends is a version that there never is."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
