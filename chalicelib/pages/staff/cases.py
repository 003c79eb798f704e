"""The pages of somebody's inbox, of one case with its deeds, and of answers that are ready."""

from collections.abc import Callable, Mapping
from datetime import date

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.core.moments import today
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, HistoryEntry, case_id_of, receipt_of
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.handling import handling, registrations, templates
from chalicelib.front_door.handling.handling import CaseFile
from chalicelib.front_door.handling.inbox import MINE, NOBODYS, Wanted, part
from chalicelib.front_door.handling.rules import is_late, may_become
from chalicelib.front_door.photos import standing
from chalicelib.front_door.photos.words import STANDING
from chalicelib.pages.frame.case_answers import answers_in_words
from chalicelib.pages.frame.forms import Form, read_form, whole
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import case_files
from chalicelib.pages.staff import case_words as words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS, READY = "/office/cases", "/office/case-templates"
# What may be done, by the name of its button, and the status that it leads to; None: it leads to none.
LEADS_TO: Mapping[str, CaseStatus | None] = {
    "take": None,
    "assign": None,
    "ask": CaseStatus.WAITING_FOR_CITIZEN,
    "answer": CaseStatus.ANSWERED,
    "forward": None,
    "lengthen": None,
    "note": None,
    "mail": None,
    "concerns": None,
    "merge": CaseStatus.CLOSED,
    "reopen": CaseStatus.REOPENED,
    "close": CaseStatus.CLOSED,
}
# Of what is not in hand any more, these alone.
AFTERWARDS = frozenset({"note", "mail", "reopen", "close"})


def show_inbox(visit: Visit, by: Staff) -> Answer:
    query = visit.query
    whose = query.get("whose", "")
    wanted = Wanted(
        query.get("unit", ""), query.get("form", ""), whose if whose in (NOBODYS, MINE) else "", query.get("after", "")
    )
    found, day = part(by, wanted), today(visit.now)
    titles = {form.form_id: said(form.title, visit.language) for form in forms.published().values()}
    names = {unit.unit_id: said(unit.name, visit.language) for unit in found.units}
    return page(
        visit,
        "pages/staff/cases.html",
        part=found,
        wanted=wanted,
        titles=titles,
        unit_names=names,
        states=words.STATUS,
        ways=words.WAYS,
        receipt_of=receipt_of,
        is_late=lambda answer_by: is_late(answer_by, day),
        begins="after" not in query,
        may_begin=bool(found.units),
    )


def show_case(visit: Visit, by: Staff, case_id: str) -> Answer:
    return _case(visit, by, case_id, Form())


def act(visit: Visit, by: Staff, case_id: str) -> Answer:
    """The form's `do` says what is done; it is refused if the case is not as its page showed it."""
    form = read_form(visit)
    do = DO.get(form["do"])
    edition = whole(form["edition"])
    if do is None or edition is None:
        raise Problem(INVALID)
    try:
        with visit.attempting():
            after = do(visit, by, case_id, edition, form)
    except Problem as problem:
        if problem.kind not in (INVALID, CHANGED, NOT_NOW):
            raise
        typed = form.wrong(problem, visit.language) if problem.errors else form
        return _case(visit, by, case_id, typed, problem.kind.status, problem)
    if not after.is_in_hand or form["do"] in ("forward", "concerns"):
        return redirect(visit, f"{ADDRESS}?done={form['do']}&receipt={after.receipt}")
    return redirect(visit, f"{ADDRESS}/{case_id}?done={form['do']}")


def show_templates(visit: Visit, by: Staff) -> Answer:
    return _templates(visit, Form())


def change_template(visit: Visit, by: Staff) -> Answer:
    """The form's `do`: keep one, or remove one."""
    form = read_form(visit)
    edition = whole(form["edition"]) or 0
    try:
        with visit.attempting():
            if form["do"] == "remove":
                templates.remove(form["template_id"], edition)
            else:
                texts = {language: form[f"text.{language}"] for language in LANGUAGES}
                content = {"form_id": form["form_id"] or None, "title": form["title"], "text": texts}
                templates.keep(content, form["template_id"], edition)
    except Problem as problem:
        if problem.kind not in (INVALID, CHANGED):
            raise
        typed = form.wrong(problem, visit.language) if problem.errors else form
        return _templates(visit, typed, problem.kind.status, problem)
    return redirect(visit, f"{READY}?done={form['do']}")


def _take(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    return handling.take(by, case_id, edition, visit.now)


def _assign(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    return handling.assign(by, case_id, edition, form["assignee"], visit.now)


def _forward(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    is_told = form.has("is_told")
    return handling.forward(by, case_id, edition, form["unit_id"], form["forward_text"], is_told, visit.now)


def _lengthen(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    return handling.lengthen(by, case_id, edition, whole(form["days"].strip()), form["lengthen_text"], visit.now)


def _mail(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    return handling.mail_again(by, case_id, edition, visit.now)


def _concerns(visit: Visit, by: Staff, case_id: str, edition: int, form: Form) -> Case:
    return handling.say_concerned(by, case_id, edition, form.all("concerns"), form["about"], visit.now)


Do = Callable[[Visit, Staff, str, int, Form], Case]
DO: Mapping[str, Do] = {
    "take": _take,
    "assign": _assign,
    "ask": lambda visit, by, case_id, edition, form: handling.ask(by, case_id, edition, form["text"], visit.now),
    "answer": lambda visit, by, case_id, edition, form: handling.answer(by, case_id, edition, form["text"], visit.now),
    "forward": _forward,
    "lengthen": _lengthen,
    "note": lambda visit, by, case_id, edition, form: handling.note(by, case_id, edition, form["note"], visit.now),
    "mail": _mail,
    "concerns": _concerns,
    "merge": lambda visit, by, case_id, edition, form: handling.merge(by, case_id, edition, form["receipt"], visit.now),
    "reopen": lambda visit, by, case_id, edition, form: handling.reopen(
        by, case_id, edition, form["reopen_text"], visit.now
    ),
    "close": lambda visit, by, case_id, edition, form: handling.close(
        by, case_id, edition, form["close_text"], visit.now
    ),
}


def _case(
    visit: Visit, by: Staff, case_id: str, form: Form, status: int = 200, problem: Problem | None = None
) -> Answer:
    found = handling.look(by, case_id, visit.now)
    case, language, day = found.case, visit.language, today(visit.now)
    ready = templates.for_form(case.form_id) if case.is_in_hand else []
    chosen = next((one for one in ready if one.template_id == visit.query.get("template")), None)
    if chosen and not form.has("text"):
        form = Form({**form.values, "text": said(chosen.text, case.contact.language)}, form.several, form.errors)
    if found.about and not form.has("about"):
        form = Form({**form.values, "about": found.about[0].case.receipt}, form.several, form.errors)
    return page(
        visit,
        "pages/staff/case.html",
        status,
        found=found,
        case=case,
        title=said(found.form.title, language),
        unit=said(found.unit.name, language),
        units=[
            (one.unit_id, said(one.name, language))
            for one in found.units.values()
            if one.unit_id != case.unit_id and one.people
        ],
        every_unit=[(one.unit_id, said(one.name, language)) for one in found.units.values()],
        answers=answers_in_words(case, found.form.questions, language),
        photos=_photos(case, visit),
        state=words.STATUS[case.status],
        way=words.WAYS[case.way],
        unsent=[words.ACTS[entry.act] for entry in found.unsent],
        entries=[(entry, words.ACTS[entry.act], _note(entry, found, language)) for entry in reversed(found.history)],
        registration=registrations.about(case, visit.now),
        files=case_files.shown(case, language, visit.now),
        duplicates=[(one, receipt_of(one)) for one in found.duplicates],
        receipt_of=receipt_of,
        days_left=_days_left(case, day),
        is_late=case.is_in_hand and is_late(case.answer_by, day),
        is_complaint=case.kind is FormKind.COMPLAINT,
        is_stuck=handling.is_stuck(case),
        may_name_case=bool(found.about) or not case.about,
        may=frozenset(name for name in LEADS_TO if _may(name, found)),
        ready=ready,
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done") if status == 200 else None,
    )


def _photos(case: Case, visit: Visit) -> list[str]:
    """Of each, why it is not there; "": it is."""
    found = standing.of_case(case.photos, case.received_at, visit.now)
    return [
        translate(STANDING[one], visit.language, number=number) if one in STANDING else ""
        for number, one in enumerate(found, 1)
    ]


def _may(name: str, found: CaseFile) -> bool:
    case, leads_to = found.case, LEADS_TO[name]
    if not case.is_in_hand and name not in AFTERWARDS:
        return False
    if leads_to and leads_to is not case.status and not may_become(case, leads_to):
        return False
    match name:
        case "mail":
            return bool(found.unsent)
        case "lengthen":
            return found.more_days > 0
        case "concerns":
            return case.kind is FormKind.COMPLAINT
        case "merge":
            return not found.duplicates and case.kind is not FormKind.CERTIFICATE
        case "reopen":
            return not case.is_in_hand
    return True


def _note(entry: HistoryEntry, found: CaseFile, language: str) -> str:
    """The internal part of an entry in words: a unit by its name, a case by its receipt."""
    match entry.act:
        case Act.FORWARDED if entry.note in found.units:
            return said(found.units[entry.note].name, language)
        case Act.CONCERNS:
            named = [said(found.units[one].name, language) for one in entry.note.split(", ") if one in found.units]
            return ", ".join(named) or translate(words.NONE_OF_THEM, language)
        case Act.MERGED | Act.ANSWERED if case_id_of(entry.note.partition("#")[0]):
            return receipt_of(entry.note.partition("#")[0])
        case Act.SHOWN:
            return ""
    return entry.note


def _days_left(case: Case, day: date) -> int:
    return (case.answer_by - day).days


def _templates(visit: Visit, form: Form, status: int = 200, problem: Problem | None = None) -> Answer:
    every = templates.every()
    chosen = next((one for one in every if one.template_id == visit.query.get("template")), None)
    if chosen and not form.values:
        values = {f"text.{language}": text for language, text in chosen.text.items()}
        about = {"template_id": chosen.template_id, "edition": str(chosen.edition), "form_id": chosen.form_id}
        form = Form({**values, **about, "title": chosen.title})
    titles = {one.form_id: said(one.title, visit.language) for one in forms.published().values()}
    return page(
        visit,
        "pages/staff/case_templates.html",
        status,
        every=every,
        titles=titles,
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done") if status == 200 else None,
    )
