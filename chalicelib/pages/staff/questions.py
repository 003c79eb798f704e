"""What a session, an opening or a form of the front door asks: a manager sees it as families do, adds, words, orders
and retires questions.

All have one page, which is also the form of a question: `?question=key` to change one, `?kind=choice` or
`?example=lunch` for a new one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from chalicelib.booking.registrations.register import hold_of
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, Problem, existing, invalid
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.front_door.forms import editing as drafting
from chalicelib.pages.frame.answers_form import WORDING
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, rendered
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, title
from chalicelib.programme.questions import editing, table
from chalicelib.programme.questions.editing import AS_PLACE, MODELS, Deed, Editable
from chalicelib.programme.questions.examples import EXAMPLES
from chalicelib.programme.questions.rules import (
    MOST_CHOICES,
    MOST_QUESTIONS,
    Purpose,
    Question,
    QuestionKind,
    said,
)
from chalicelib.programme.sessions import table as programme

KINDS: Mapping[str, str] = {
    QuestionKind.CHOICE: N_("One answer from a list"),
    QuestionKind.SEVERAL: N_("Several answers from a list"),
    QuestionKind.YES_NO: N_("Yes or no"),
    QuestionKind.TEXT: N_("In words"),
    QuestionKind.NUMBER: N_("A number"),
    QuestionKind.DATE: N_("A date"),
}
PURPOSES: Mapping[str, str] = {
    Purpose.CAMP: N_("The camp"),
    Purpose.KITCHEN: N_("The kitchen"),
    Purpose.STATISTICS: N_("Statistics"),
    Purpose.CASE: N_("Whoever answers"),
}
READERS: Mapping[str, str] = {
    Purpose.CAMP: N_("The leaders of the session and the desk read the answer of each child."),
    Purpose.KITCHEN: N_("The leaders of the session, the desk and programme managers read the answer of each child."),
    Purpose.STATISTICS: N_("Answers are only counted. Nobody reads which answer is whose."),
    Purpose.CASE: N_("Only the people of the unit that answers read it."),
}
# What a ready-made question is called in the list of those to choose from.
READY_MADE = {
    "photo_consent": N_("Photos: yes or no"),
    "lunch": N_("Lunch"),
    "swimming_level": N_("Swimming level"),
    "t_shirt": N_("T-shirt size"),
}
DONE = {
    "saved": N_("The question is stored. Families see it within seconds."),
    "arranged": N_("The change is stored. Families see it within seconds."),
}
IN_DRAFT = N_("It is saved in the draft.")
# Rows for answers to choose from: those that there are, and so many more.
MORE_ROWS = 3
MOST_DIGITS = 3


@dataclass(frozen=True)
class Subject:
    """Of what the questions are. `address`: of this page; `back`: of its own page. `is_draft`: an opening that is not
    published yet. `above`: what the session's opening asks, and the address of that page; minutes for which a seat is
    held until a family has answered. `is_form`: of the front door; its draft, which nobody sees yet."""

    title: str
    address: str
    back: str
    found: Editable
    held_minutes: int
    is_draft: bool = False
    above: tuple[Question, ...] = ()
    above_address: str = ""
    is_form: bool = False


def show_session(visit: Visit, by: Staff, session_id: str) -> Answer:
    return _show(visit, _of_session(visit, session_id))


def change_session(visit: Visit, by: Staff, session_id: str) -> Answer:
    return _change(visit, by, partial(_of_session, visit, session_id))


def show_opening(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _show(visit, _of_opening(visit, opening_id))


def change_opening(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _change(visit, by, partial(_of_opening, visit, opening_id))


def show_form(visit: Visit, by: Staff, form_id: str) -> Answer:
    return _show(visit, _of_form(visit, by, form_id))


def change_form(visit: Visit, by: Staff, form_id: str) -> Answer:
    return _change(visit, by, partial(_of_form, visit, by, form_id))


def _of_form(visit: Visit, by: Staff, form_id: str) -> Subject:
    draft = drafting.draft(form_id)
    address = f"/office/forms/{form_id}"
    title_ = said(draft.form.title, visit.language) or form_id
    return Subject(title_, f"{address}/questions", address, drafting.asked(draft, by), 0, is_form=True)


def _of_session(visit: Visit, session_id: str) -> Subject:
    session = existing(programme.get(session_id))
    opening = openings.of_session(session_id, visit.now)
    above = table.get(opening.opening_id) if opening else None
    address = f"/office/sessions/{session_id}"
    return Subject(
        session.title,
        f"{address}/questions",
        address,
        editing.of_session(session_id),
        _held_minutes(opening),
        above=above.questions if above else (),
        above_address=f"/office/openings/{opening.opening_id}/questions" if opening else "",
    )


def _of_opening(visit: Visit, opening_id: str) -> Subject:
    opening = existing(openings.get(opening_id))[0]
    address = f"/office/openings/{opening_id}"
    return Subject(
        title(opening.plan, visit.language),
        f"{address}/questions",
        address,
        editing.of_opening(opening_id),
        _held_minutes(opening),
        is_draft=not opening.is_live,
    )


def _held_minutes(opening: Opening | None) -> int:
    return int(hold_of(opening).total_seconds()) // 60


def _show(visit: Visit, subject: Subject) -> Answer:
    asked = visit.query
    found = subject.found
    if key := asked.get("question"):
        return _form_page(visit, subject, _filled(found, found.question(key), key))
    if example := asked.get("example"):
        return _form_page(visit, subject, _filled(found, existing(EXAMPLES.get(example)), "", example))
    if kind := asked.get("kind"):
        new = {"kind": _kind(kind).value, "version": str(found.version)}
        return _form_page(visit, subject, Form(new | ({"purpose": Purpose.CASE.value} if subject.is_form else {})))
    return _list_page(visit, subject, Form())


def _change(visit: Visit, by: Staff, look: Callable[[], Subject]) -> Answer:
    """`do`: save, a question; or arrange: order, retire, ask again. `version`: of what the page showed."""
    form = read_form(visit)
    subject = look()
    if not form["version"].isascii() or not form["version"].isdigit() or len(form["version"]) > 6:
        raise Problem(INVALID)
    deed = Deed(int(form["version"]), by, form["reason"], visit.now)
    if form["do"] == "arrange":
        return _arrange(visit, subject, form, deed, look)
    if form["do"] == "save":
        return _save(visit, subject, form, deed, look)
    raise Problem(INVALID)


def _save(visit: Visit, subject: Subject, form: Form, deed: Deed, look: Callable[[], Subject]) -> Answer:
    found, kind = subject.found, _kind(form["kind"])
    form = _closed_up(form)
    if form.has("add"):
        return _form_page(visit, subject, form)
    before = found.question(form["question"]) if form["question"] else EXAMPLES.get(form["example"])
    if before and before.kind is not kind:
        raise Problem(INVALID)
    typed = Form({name: text for name, text in form.values.items() if _of_model(name, kind)}).document(MODELS[kind])
    try:
        with visit.attempting():
            question = editing.wanted(typed, kind, before)
            if form["question"]:
                question = replace(question, key=form["question"])
            editing.save(found, question, deed, wish=before.key if before else "")
    except Problem as problem:
        if problem.kind is CHANGED:
            latest = look()
            again = Form({**form.values, "version": str(latest.found.version)}, form.several)
            return _form_page(visit, latest, again, problem)
        return _form_page(visit, subject, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{subject.address}?done=saved")


def _arrange(visit: Visit, subject: Subject, form: Form, deed: Deed, look: Callable[[], Subject]) -> Answer:
    found = subject.found
    try:
        with visit.attempting():
            places = {one.key: _place(form, one.key) for one in found.questions if form.has(f"place-{one.key}")}
            editing.arrange(found, places, form.all("retire"), form.all("again"), deed)
    except Problem as problem:
        if problem.kind is CHANGED:
            return _list_page(visit, look(), Form({"reason": form["reason"]}), problem)
        return _list_page(visit, subject, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{subject.address}?done=arranged")


def _place(form: Form, key: str) -> int:
    text = form[f"place-{key}"].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise invalid(f"place-{key}", AS_PLACE)
    return int(text)


def _kind(text: str) -> QuestionKind:
    if text not in list(QuestionKind):
        raise Problem(NOT_FOUND)
    return QuestionKind(text)


def _of_model(name: str, kind: QuestionKind) -> bool:
    return name.partition(".")[0].partition("[")[0] in MODELS[kind].fields


def _filled(found: Editable, question: Question, key: str, example: str = "") -> Form:
    """The form of a question as it is, or as it is proposed."""
    values = {
        "version": str(found.version),
        "question": key,
        "example": example,
        "kind": question.kind.value,
        "purpose": question.purpose.value,
        "least": str(question.least),
        "most": str(question.most),
        **{f"label.{language}": text for language, text in question.label.items()},
        **{f"help.{language}": text for language, text in question.help.items()},
    }
    for place, choice in enumerate(question.choices):
        values[f"choices[{place}].value"] = choice.value
        values |= {f"choices[{place}].label.{language}": text for language, text in choice.label.items()}
    return Form(values, {"required": ["true"] if question.required else []})


def _closed_up(form: Form) -> Form:
    """Without the answers that were left empty, so that each error finds its row again."""
    rows = []
    for place in range(MOST_CHOICES + MORE_ROWS):
        row = {name: form[f"choices[{place}].{name}"] for name in ("value", *(f"label.{one}" for one in LANGUAGES))}
        if any(text.strip() for name, text in row.items() if name != "value"):
            rows.append(row)
    choices = {f"choices[{place}].{name}": text for place, row in enumerate(rows) for name, text in row.items()}
    others = {name: text for name, text in form.values.items() if not name.startswith("choices[")}
    return Form({**others, **choices}, form.several)


def _list_page(visit: Visit, subject: Subject, form: Form, problem: Problem | None = None) -> Answer:
    found = subject.found
    asked = (*subject.above, *found.questions)
    wanted = visit.query.get("preview", "")
    language = wanted if wanted in LANGUAGES else visit.language
    places = {f"place-{one.key}": str(place) for place, one in enumerate(found.questions, 1)}
    form = Form({**places, **form.values}, form.several, form.errors)
    return page(
        visit,
        "pages/staff/questions.html",
        problem.kind.status if problem else 200,
        subject=subject,
        found=found,
        form=form,
        is_changed=problem is not None and problem.kind is CHANGED,
        is_required=any(one.required for one in asked),
        has_room=len(found.questions) < MOST_QUESTIONS,
        done=_done(visit, subject) if problem is None else None,
        ready_made=[] if subject.is_form else list(words.in_language(READY_MADE, visit.language).items()),
        asked=asked,
        preview_language=language,
        preview=_preview(visit, asked, language),
        **_words(visit, subject),
    )


def _preview(visit: Visit, asked: Sequence[Question], language: str) -> Markup:
    """The questions as a family that reads this language sees them."""
    shown = rendered(
        replace(visit, language=language),
        "pages/staff/questions_preview.html",
        by_field={f"preview.{one.key}": one for one in asked},
        form=Form(),
        wording=WORDING,
        said=partial(said, language=language),
    )
    return Markup(shown)  # noqa: S704 a template of ours made it, and escaped what staff typed


def _form_page(visit: Visit, subject: Subject, form: Form, problem: Problem | None = None) -> Answer:
    rows = sum(name.endswith(".label.nl") for name in form.values if name.startswith("choices["))
    is_choice = form["kind"] in (QuestionKind.CHOICE, QuestionKind.SEVERAL)
    return page(
        visit,
        "pages/staff/question.html",
        problem.kind.status if problem else 200,
        subject=subject,
        found=subject.found,
        form=form,
        is_changed=problem is not None and problem.kind is CHANGED,
        rows=range(min(MOST_CHOICES, rows + MORE_ROWS)) if is_choice else (),
        purpose_stays=bool(form["question"]) and subject.found.needs_reason,
        **_words(visit, subject),
    )


def _words(visit: Visit, subject: Subject) -> Mapping[str, Any]:
    named = words.in_language(PURPOSES, visit.language)
    return {
        "kinds": words.in_language(KINDS, visit.language),
        "purposes": {purpose.value: named[purpose] for purpose in subject.found.purposes},
        "readers": words.in_language(READERS, visit.language),
        "said": partial(said, language=visit.language),
    }


def _done(visit: Visit, subject: Subject) -> str | None:
    done = DONE.get(visit.query.get("done", ""))
    if done and subject.is_form:
        done = IN_DRAFT
    return translate(done, visit.language) if done else None
