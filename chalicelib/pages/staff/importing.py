"""Importing a file: choose it, see what it would do row by row, and have it done.

The page that shows what a file would do carries the file along, so that nothing of it is stored before somebody has
looked at it. The digest that goes with it makes sure that what is imported is what was shown.
"""

import base64
import binascii

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.office import scope
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import importing
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.changes import Fate
from chalicelib.programme.sessions.preview import MOST_BYTES, Preview
from chalicelib.programme.sessions.sheet import OPTIONAL, REQUIRED

# The file again in Base64, and what else is in a form.
MOST_SENT = 2 * MOST_BYTES

NO_FILE = N_("Choose a file first.")
FATES = {
    Fate.NEW: (N_("new"), "neutral"),
    Fate.CHANGED: (N_("changes the draft"), "warning"),
    Fate.UNCHANGED: (N_("is there already"), "neutral"),
    Fate.WRONG: (N_("not right"), "danger"),
}


def show(visit: Visit, by: Staff) -> Answer:
    return _choose(visit, Form())


def look(visit: Visit, by: Staff) -> Answer:
    """What the uploaded file would do."""
    _, files = read_upload(visit, MOST_SENT)
    data = files.get("file", b"")
    if not data:
        return _choose(visit, Form(errors={"file": translate(NO_FILE, visit.language)}), 422)
    return _preview(visit, data, _looked_at(by, data))


def confirm(visit: Visit, by: Staff) -> Answer:
    """Imports what was looked at; what would do something else by now is shown again."""
    form, _ = read_upload(visit, MOST_SENT)
    try:
        data = base64.b64decode(form["content"], validate=True)
    except (binascii.Error, ValueError):
        raise Problem(INVALID) from None
    _looked_at(by, data)
    try:
        imported = importing.confirm(data, form["digest"])
    except Problem as problem:
        if problem.kind not in (CHANGED, NOT_NOW):
            raise
        return _preview(visit, data, importing.look(data), problem)
    return redirect(visit, f"/office/programme?imported={imported.imported}&unchanged={imported.unchanged}")


def _looked_at(by: Staff, data: bytes) -> Preview:
    """Raises Problem `not-allowed` for a file with a session of a municipality that they do not work for."""
    found = importing.look(data)
    scope.must_work_for(by, {row.session.municipality for row in found.rows})
    return found


def _choose(visit: Visit, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/staff/importing.html",
        status,
        form=form,
        columns=[*REQUIRED, *OPTIONAL],
        optional=OPTIONAL,
        labels=words.in_language(LABELS, visit.language),
        most=MOST_BYTES // 1024,
    )


def _preview(visit: Visit, data: bytes, found: Preview, problem: Problem | None = None) -> Answer:
    labels = words.in_language(LABELS, visit.language)
    return page(
        visit,
        "pages/staff/import_preview.html",
        200 if problem is None else problem.kind.status,
        found=found,
        problem=problem.document(visit.language) if problem else None,
        lines=[
            {
                "line": line.line,
                "name": line.name,
                "fate": translate(FATES[line.fate][0], visit.language),
                "badge": FATES[line.fate][1],
                "missing": [labels[name].lower() for name in line.missing],
                "errors": [translate(error.text, visit.language, **error.values) for error in line.errors],
            }
            for line in found.lines
        ],
        counts=[
            (translate(text, visit.language), found.counts[fate])
            for fate, (text, _) in FATES.items()
            if found.counts[fate]
        ],
        drafts=sum(1 for line in found.lines if line.missing and line.fate is not Fate.UNCHANGED),
        content=base64.b64encode(data).decode(),
    )
