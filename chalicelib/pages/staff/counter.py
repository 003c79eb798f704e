"""The home counter at the office: requests for certificates that a unit has in hand, deciding one, withdrawing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing
from chalicelib.core.languages import in_words, translate
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import scope
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case, case_id_of
from chalicelib.front_door.cases.scope import units_of
from chalicelib.front_door.counter import files, issuing, requests, sealing, table
from chalicelib.front_door.counter.issuing import Issue
from chalicelib.front_door.counter.kinds import BY_FORM
from chalicelib.front_door.counter.rules import Certificate, Identity, IdentityWay, is_for, is_own, number_of
from chalicelib.front_door.counter.sealing import Sealer
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form as CaseForm
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import Question, QuestionKind, said

ADDRESS = "/office/counter"
# Lines of the list on one page; what is due first comes first, so the rest waits for these.
MOST_LINES = 100


def show(visit: Visit, by: Staff) -> Answer:
    """Requests in hand of the units that they are in, whatever is due first on top; `?number=` of a certificate shows
    it, that of a receipt leads to its request."""
    form = Form({"number": visit.query.get("number", "")})
    case_id = case_id_of(form["number"])
    case = cases.get(case_id) if case_id else None  # a receipt has the letters of a number, in other groups
    if case and is_for(case) and _is_of_theirs(by, case.unit_id):
        return redirect(visit, f"{ADDRESS}/{case_id}")
    return _list(visit, by, form, _found(by, form["number"]))


def withdraw(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    one = existing(_found(by, form["number"]))
    try:
        with visit.attempting(), _unless_changed():
            issuing.withdraw(one.number, requests.reason({"reason": form["reason"]}), by, visit.now)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _list(visit, by, again, _found(by, one.number), problem)
    return redirect(visit, f"{ADDRESS}?number={one.spoken}&done=withdrawn")


def show_request(visit: Visit, by: Staff, case_id: str) -> Answer:
    case = _case(case_id)
    return _request(visit, by, case, _begun(case, table.identity(case_id)))


def decide(visit: Visit, by: Staff, case_id: str) -> Answer:
    """Writes down how identity was proven, issues, or refuses, by its button."""
    form, case = read_form(visit), _case(case_id)
    try:
        with visit.attempting(), _unless_changed():
            if form["edition"] != str(case.edition):  # somebody else did something since this page was shown
                raise Problem(CHANGED)
            _done(visit, by, case, form)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        begun = _begun(case, table.identity(case_id))
        return _request(visit, by, _case(case_id), Form({**begun.values, **again.values}, {}, again.errors), problem)
    return redirect(visit, f"{ADDRESS}/{case_id}?done={form['do']}")


def get_file(visit: Visit, by: Staff, case_id: str) -> Answer:
    """To print at the desk."""
    one = existing(table.of_case(_case(case_id).case_id))
    return Answer(200, File(existing(files.get(one)), PDF, f"{one.spoken}.pdf"), {"Cache-Control": "no-store"})


def _done(visit: Visit, by: Staff, case: Case, form: Form) -> None:
    match form["do"]:
        case "prove":
            given = check(requests.PROOF, _typed(form, "document", "name", "born"))
            seen = Identity(
                IdentityWay.DESK, given["name"], given["born"], given["document"], visit.now, by.staff_id, by.name
            )
            issuing.prove(case, seen, by)
        case "issue":
            content, until = requests.content(_typed(form, *requests.PAPER.fields), today(visit.now))
            issuing.issue(case, Issue(content, until), by, visit.now)
        case "refuse":
            issuing.refuse(case, requests.reason(_typed(form, "reason")), by, visit.now)
        case _:
            raise Problem(NOT_FOUND)


def _typed(form: Form, *names: str) -> dict[str, Any]:
    return {name: form[name].strip() or None for name in names}


@contextmanager
def _unless_changed() -> Iterator[None]:
    """Raises Problem `changed` in the place of Interfered."""
    try:
        yield
    except Interfered as interfered:
        raise Problem(CHANGED) from interfered


def _case(case_id: str) -> Case:
    """Whose it is, the table of routes saw to (Within.CASE)."""
    case = existing(cases.get(case_id))
    if not is_for(case):
        raise Problem(NOT_FOUND)
    scope.seen(case)
    return case


def _found(by: Staff, typed: str) -> Certificate | None:
    """The certificate with this number, if one of their units issued it, or has its request now."""
    number = number_of(typed)
    one = table.get(number) if number else None
    if one is None or _is_of_theirs(by, one.unit_id):
        return one
    case = cases.get(one.case_id)
    return one if case and _is_of_theirs(by, case.unit_id) else None


def _is_of_theirs(by: Staff, unit_id: str) -> bool:
    return unit_id in {unit.unit_id for unit in units_of(by)}


def _list(visit: Visit, by: Staff, form: Form, one: Certificate | None, problem: Problem | None = None) -> Answer:
    of_units = [cases.inbox(unit.unit_id) for unit in units_of(by)]
    by_deadline = merge(*of_units, key=lambda entry: entry.answer_by)
    asked = (entry for entry in by_deadline if entry.kind is FormKind.CERTIFICATE)
    lines = [(entry, _title(visit, entry.form_id)) for entry in islice(asked, MOST_LINES)]
    return page(
        visit,
        "pages/staff/counter.html",
        status=problem.kind.status if problem else 200,
        lines=lines,
        form=form,
        found=one,
        standing=one.standing(today(visit.now)).value if one else "",
        is_unknown=bool(form["number"]) and one is None,
        has_units=bool(of_units),
        today=today(visit.now),
        done=visit.query.get("done"),
        problem=refused(visit, problem),
    )


def _title(visit: Visit, form_id: str) -> str:
    form = forms.published().get(form_id)
    kind = BY_FORM.get(form_id)
    labels = form.title if form else kind.title if kind else {}
    return said(labels, visit.language) or form_id


def _request(visit: Visit, by: Staff, case: Case, form: Form, problem: Problem | None = None) -> Answer:
    asked = existing(forms.version(case.form_id, case.form_version))
    kind, identity = BY_FORM.get(case.form_id), table.identity(case.case_id)
    return page(
        visit,
        "pages/staff/counter_case.html",
        status=problem.kind.status if problem else 200,
        case=case,
        title=said(asked.title, visit.language),
        answers=_answers(case, asked, visit.language),
        law=asked.deadline.law,
        checks=translate(kind.checks, visit.language) if kind else "",
        identity=identity,
        seen=translate(requests.DOCUMENTS.get(identity.what, identity.what), visit.language) if identity else "",
        documents=[(name, translate(text, visit.language)) for name, text in requests.DOCUMENTS.items()],
        issued=table.of_case(case.case_id),
        is_own=is_own(by, case, identity),
        sealer=_sealer() if case.is_in_hand and identity else None,
        form=form,
        today=today(visit.now),
        done=visit.query.get("done"),
        problem=refused(visit, problem),
    )


def _sealer() -> Sealer | None:
    """None: it does not answer now, which who issues is told when they do."""
    try:
        return sealing.sealer()
    except Problem:
        return None


def _begun(case: Case, identity: Identity | None) -> Form:
    """What the fields say first: what the citizen sent, and what was proven."""
    born = str(case.answers.get("born", ""))
    name = str(case.answers.get("name", "")) or case.contact.name
    return Form(
        {
            "name": identity.name if identity else case.contact.name,
            "born": identity.born.isoformat() if identity and identity.born else "",
            "about": name,
            "about_born": born,
            "address": " ".join(case.contact.address.split()),
            "language": case.contact.language,
        }
    )


def _answers(case: Case, asked: CaseForm, language: str) -> list[tuple[str, str]]:
    return [
        (said(question.label, language), _words(question, case.answers[question.key], language))
        for question in asked.questions
        if question.key in case.answers
    ]


def _words(question: Question, answer: Any, language: str) -> str:
    if question.kind is QuestionKind.DATE:
        return in_words.day(date.fromisoformat(answer), language, weekday=False)
    labels = {choice.value: said(choice.label, language) for choice in question.choices}
    if question.kind is QuestionKind.SEVERAL:
        return ", ".join(labels.get(one, one) for one in answer)
    return labels.get(answer, str(answer))
