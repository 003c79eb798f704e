"""Bringing a programme in: choose a file, see how it was read and what it would do, and accept the rows that are right.

The page that shows what a file would do carries what was read of it along, sealed, so that nothing is stored before
somebody has looked at it. The digest that goes with it makes sure that what is done is what was shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import CHANGED, INVALID, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.printing.sheets import XLSX
from chalicelib.office import importing
from chalicelib.office.importing import ANOTHER, Accepted, Asked, Done, Looked
from chalicelib.pages.frame.forms import Form, must_be_sealed, sealed
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.uploads import TOO_LARGE, Upload, read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.files import in_file, reading, template
from chalicelib.programme.files.comparing import ComparedRow
from chalicelib.programme.files.grid import HandedIn, packed, unpacked
from chalicelib.programme.files.headers import LEFT_OUT, NAMED
from chalicelib.programme.files.reading import MOST_BYTES, ReadSheet, in_sheet, open_file
from chalicelib.programme.files.table import is_column
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.changes import Broken, Fate
from chalicelib.programme.sessions.rules import Session

# What was read of the file, and a field for each row; Lambda takes 6 MB, and API Gateway writes the body in Base64.
MOST_SENT = 4_300_000
MOST_PARTS = 5_000

NO_FILE = N_("Choose a file first.")
SECTIONS = (
    (Fate.WRONG, N_("Not right")),
    (Fate.NEW, N_("New")),
    (Fate.CHANGED, N_("Changes a draft")),
    (Fate.CORRECTED, N_("Changes what is published")),
)


@dataclass(frozen=True)
class ShownChange:
    """A column that differs: what is, and what the file says, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the comparison, in words. `is_ticked`: unless something of it has to be asked first."""

    key: str
    where: str
    name: str
    facts: str
    is_ticked: bool
    missing: str
    errors: Sequence[str]
    questions: Sequence[str]
    turned: Sequence[str]
    changes: Sequence[ShownChange]
    perhaps: Sequence[tuple[str, str]]
    session_id: str
    families: int
    can_be_taken: bool
    stays: Sequence[str]


def show(visit: Visit, by: Staff) -> Answer:
    return _choose(visit, by, Form())


def get_template(visit: Visit, by: Staff) -> Answer:
    """A workbook to fill in, in the visitor's language."""
    name = translate(template.FILE_NAME, visit.language)
    return Answer(200, File(template.written(visit.language), XLSX, name))


def look(visit: Visit, by: Staff) -> Answer:
    """The effect of the file that is sent now, or that is read again with what was said of its columns."""
    try:
        form, files = read_upload(visit, MOST_SENT, MOST_PARTS)
    except Problem as problem:
        if problem.kind is not TOO_LARGE:
            raise
        return _too_large(visit, by, len(visit.body))
    upload = files.get("file")
    if upload is None and form.has("content"):
        handed = _carried(form)
        return _preview(visit, handed, form, _looked(visit, by, handed, form))
    if upload is None or not upload.content:
        return _choose(visit, by, Form(form.values, errors={"file": translate(NO_FILE, visit.language)}), 422)
    try:
        handed = _opened(upload)
    except Broken as broken:
        said = [f"{upload.name}: {in_file.sentence(error, None, visit.language)}" for error in broken.errors]
        return _choose(visit, by, Form(form.values, errors={"file": " ".join(said)}), 422)
    return _preview(visit, handed, form, _looked(visit, by, handed, form))


def confirm(visit: Visit, by: Staff) -> Answer:
    """Imports what was accepted of what was looked at; what would do something else by now is shown again."""
    form, _ = read_upload(visit, MOST_SENT, MOST_PARTS)
    handed = _carried(form)
    same = {name.removeprefix("same-"): value for name, value in form.values.items() if name.startswith("same-")}
    accepted = Accepted(
        frozenset(form.all("rows")), same, frozenset(form.all("gone")), form["reason"], form["tell"] == "true"
    )
    labels = words.in_language(LABELS, visit.language)
    try:
        done = importing.accept(by, handed, _asked(form), form["digest"], accepted, labels, visit.now)
    except Problem as problem:
        if problem.kind not in (CHANGED, INVALID):
            raise
        looked = _looked(visit, by, handed, form)
        if problem.kind is INVALID:
            return _preview(visit, handed, form.wrong(problem, visit.language), looked, status=422)
        return _preview(visit, handed, form, looked, problem, problem.kind.status)
    if done.refused:
        return _preview(visit, handed, form, _looked(visit, by, handed, form), done=done, status=409)
    return redirect(visit, f"/office/programme?imported={done.imported}&unchanged={done.unchanged}")


def _opened(upload: Upload) -> HandedIn:
    return open_file(upload.content, upload.name.replace("\\", "/").rpartition("/")[2][:100])


def _looked(visit: Visit, by: Staff, handed: HandedIn, form: Form) -> Looked:
    return importing.look(by, handed, _asked(form), visit.now)


def _asked(form: Form) -> Asked:
    """The columns as `column-0-3`: the fourth one of the first worksheet."""
    said: dict[int, dict[int, str]] = {}
    for name, value in form.values.items():
        kind, _, at = name.partition("-")
        sheet, _, place = at.partition("-")
        if kind == "column" and sheet.isdecimal() and place.isdecimal() and len(at) < 8:
            said.setdefault(int(sheet), {})[int(place)] = value if is_column(value) else LEFT_OUT
    return Asked(form["municipality"], said)


def _carried(form: Form) -> HandedIn:
    """The file as an earlier page of ours read it. Raises Problem `invalid` for anything else."""
    must_be_sealed(form["content"], form["seal"])
    return unpacked(form["content"])


def _too_large(visit: Visit, by: Staff, size: int) -> Answer:
    said = translate(reading.TOO_LARGE, visit.language, **reading.sizes(size))
    return _choose(visit, by, Form(errors={"file": said}), TOO_LARGE.status)


def _choose(visit: Visit, by: Staff, form: Form, status: int = 200) -> Answer:
    known = importing.municipalities(by)
    values = {"municipality": known[0] if len(known) == 1 else "", **form.values}
    return page(
        visit,
        "pages/staff/importing.html",
        status,
        form=Form(values, errors=form.errors),
        municipalities=known,
        most=MOST_BYTES // 1_000_000,
    )


def _preview(
    visit: Visit,
    handed: HandedIn,
    form: Form,
    looked: Looked,
    problem: Problem | None = None,
    status: int = 200,
    done: Done | None = None,
) -> Answer:
    content = packed(handed)
    language = visit.language
    rows = looked.comparison.rows
    shown = {fate: [_shown(row, looked, language) for row in rows if row.fate is fate] for fate, _ in SECTIONS}
    untaken = [one for sheet in looked.reading.sheets for one in sheet.header.columns if not one.column]
    return page(
        visit,
        "pages/staff/import_preview.html",
        status,
        form=Form({**form.values, "municipality": looked.municipality}, form.several, form.errors),
        problem=problem.document(language) if problem else None,
        file_name=handed.name,
        remarks=[in_file.remark(one, language) for one in looked.reading.remarks],
        sheets=[_columns(sheet, form, language) for sheet in looked.reading.sheets],
        choices=[(LEFT_OUT, translate(N_("Not taken"), language)), *words.in_language(NAMED, language).items()],
        untaken=[in_sheet(one) for one in untaken],
        is_said=any(name.startswith("column-") for name in form.values),
        is_asked=any(one.twice for one in untaken) or not looked.reading.rows,
        municipalities=looked.municipalities,
        needs_municipality=looked.reading.needs_municipality,
        sections=[(fate.value, translate(name, language), shown[fate]) for fate, name in SECTIONS if shown[fate]],
        done=done,
        refused=[(one.session_id, one.name, _why(one.problem, language)) for one in done.refused] if done else [],
        asks_reason=any(row.can_be_taken for row in shown[Fate.CORRECTED])
        or any(not one.missing for row in rows for one in row.perhaps)
        or any(not one.missing and one.session_id in looked.empty for one in looked.comparison.gone),
        takes_any=any(row.can_be_taken for several in shown.values() for row in several) or bool(looked.empty),
        unchanged=looked.comparison.counts.get(Fate.UNCHANGED, 0),
        gone=[_gone(one, looked, language) for one in looked.comparison.gone],
        another=ANOTHER,
        digest=looked.comparison.digest,
        content=content,
        seal=sealed(content),
    )


def _columns(sheet: ReadSheet, form: Form, language: str) -> tuple[str, list[tuple[str, str, str, str]]]:
    """The worksheet's name, and of each column its field, its name, an example and what it is taken for."""
    return sheet.name, [
        (f"column-{sheet.sheet}-{one.place}", in_sheet(one), one.example[:60], one.column or LEFT_OUT)
        for one in sheet.header.columns
    ]


def _shown(row: ComparedRow, looked: Looked, language: str) -> ShownRow:
    sheet = next(one for one in looked.reading.sheets if one.sheet == row.place[0]) if looked.reading.sheets else None
    labels = words.in_language(LABELS, language)
    before, after = (in_file.of_session(one, language) if one else {} for one in (row.before, row.session))
    turned = looked.reading.turned.get(row.place, ())
    stays = looked.stays.get(row.before.session_id, {}) if row.before else {}
    several = len({*looked.municipalities, *(one.session.municipality for one in looked.reading.rows)}) > 1
    return ShownRow(
        key=row.key,
        where=in_file.row(row.place, looked.reading, language),
        name=row.session.title if row.session and not several else row.name,
        facts=in_file.facts(row.session, language) if row.session else "",
        is_ticked=row.fate in (Fate.NEW, Fate.CHANGED) and not row.questions and not row.perhaps,
        missing=", ".join(labels[name].lower() for name in row.missing) if row.fate is not Fate.CORRECTED else "",
        errors=[in_file.sentence(error, sheet, language) for error in row.errors],
        questions=[in_file.sentence(error, sheet, language) for error in row.questions],
        turned=[in_file.turned(one, sheet, language) for one in turned],
        changes=[ShownChange(labels[name], before.get(name, ""), after.get(name, "")) for name in row.changed],
        perhaps=[(one.session_id, f"{one.title}, {in_file.facts(one, language)}") for one in row.perhaps],
        session_id=row.before.session_id if row.before else "",
        families=looked.families.get(row.before.session_id, 0) if row.before else 0,
        can_be_taken=bool(looked.corrects(row)) if row.fate is Fate.CORRECTED else row.fate is not Fate.WRONG,
        stays=[f"{labels[name]}: {translate(stays[name], language)}" for name in row.changed if name in stays],
    )


def _gone(session: Session, looked: Looked, language: str) -> ShownRow:
    return ShownRow(
        key=session.session_id,
        where="",
        name=session.title,
        facts=in_file.facts(session, language),
        is_ticked=False,
        missing="draft" if session.missing else "",
        errors=(),
        questions=(),
        turned=(),
        changes=(),
        perhaps=(),
        session_id=session.session_id,
        families=looked.families.get(session.session_id, 0),
        can_be_taken=session.session_id in looked.empty,
        stays=(),
    )


def _why(problem: Problem, language: str) -> str:
    """The reasons against it, with each column that it names."""
    document = problem.document(language)
    errors = [one["message"] for one in document.get("errors", ())]
    return " ".join(errors) or document["detail"]
