"""Questions that the city can answer at once: the desk reads them, a manager writes them."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import LINE, LINES, Text
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.arriving import known, known_table
from chalicelib.front_door.arriving.known import KnownAnswer
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/intake/known"
NEW, ID_LENGTH = "new", 10
AS_QUESTION = N_("Write the question, of at most 200 characters.")
AS_ANSWER = N_("Write the answer, of at most 1000 characters.")
AS_WORDS = N_("Write other words for it, of at most 200 characters.")
TOO_MANY = N_("There are as many as a call has time for. Take another one away first.")
QUESTION, ANSWER = Text(AS_QUESTION, LINE, known.MOST_QUESTION), Text(AS_ANSWER, LINES, known.MOST_ANSWER)
WORDS = Text(AS_WORDS, LINE, known.MOST_WORDS)


def show_all(visit: Visit, by: Staff) -> Answer:
    listed = known.in_order(known_table.every(), visit.language)
    return page(
        visit,
        "pages/staff/known_answers.html",
        known=listed,
        said=lambda texts: said(texts, visit.language),
        done=visit.query.get("done"),
    )


def show(visit: Visit, by: Staff, answer_id: str) -> Answer:
    """`new`: one to be written."""
    one = _one(answer_id)
    typed = {} if one is None else {"words": one.words, "edition": str(one.edition)}
    if one is not None:
        for language in LANGUAGES:
            typed |= {f"question.{language}": one.question[language], f"answer.{language}": one.answer[language]}
    return _page(visit, answer_id, Form(typed))


def change(visit: Visit, by: Staff, answer_id: str) -> Answer:
    typed = read_form(visit)
    one = _one(answer_id)
    try:
        with visit.attempting():
            _do(typed, one)
    except Problem as problem:
        if problem.kind is not INVALID:
            return _page(visit, answer_id, typed, problem)
        return _page(visit, answer_id, typed.wrong(problem, visit.language))
    return redirect(visit, f"{ADDRESS}?done=yes")


def _do(typed: Form, one: KnownAnswer | None) -> None:
    """Raises Problem `invalid`, `not-now`, `changed`."""
    if one is not None and typed["edition"] != str(one.edition):
        raise Problem(CHANGED)
    try:
        if one is not None and typed["do"] == "remove":
            return known_table.remove(one)
        if one is None and len(known_table.every()) >= known.MOST_KNOWN:
            raise not_now(TOO_MANY)
        return known_table.put(_read(typed, one))
    except Interfered:
        raise Problem(CHANGED) from None


def _read(typed: Form, one: KnownAnswer | None) -> KnownAnswer:
    errors: list[FieldError] = []
    question = {each: QUESTION.read(typed[f"question.{each}"], f"question.{each}", errors) for each in LANGUAGES}
    answer = {each: ANSWER.read(typed[f"answer.{each}"], f"answer.{each}", errors) for each in LANGUAGES}
    words = WORDS.read(typed["words"], "words", errors) if typed["words"].strip() else ""
    if errors:
        raise Problem(INVALID, errors=errors)
    known_as = one.answer_id if one else by_chance(ID_LENGTH)
    return KnownAnswer(known_as, question, answer, words, one.edition + 1 if one else 1)


def _one(answer_id: str) -> KnownAnswer | None:
    """None: it is to be written. Raises Problem `not-found`."""
    return None if answer_id == NEW else existing(known_table.get(answer_id))


def _page(visit: Visit, answer_id: str, typed: Form, problem: Problem | None = None) -> Answer:
    status = problem.kind.status if problem else 422 if typed.errors else 200
    return page(
        visit,
        "pages/staff/known_answer.html",
        status,
        form=typed,
        answer_id=answer_id,
        names_of_languages=NAMES_OF_LANGUAGES,
        problem=problem.document(visit.language) if problem else None,
    )
