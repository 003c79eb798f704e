"""The form of the city's own questions, a part for each child: the family's and the desk's are the same.

What is not for whoever looks is asked while it is unanswered, and afterwards shown no more.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.booking.answers import answering
from chalicelib.booking.answers.answering import UNANSWERED, Questioned, field
from chalicelib.booking.answers.rules import AnswerValue, unanswered
from chalicelib.core.http.problems import INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Child
from chalicelib.programme.questions.rules import Purpose, Question, QuestionKind, said

# child_id to key to what was typed.
Content = dict[str, dict[str, Any]]
# The fields that a form had: what is not among them keeps its answer, whatever was asked meanwhile.
SHOWN = "shown"
YES, NO = "yes", "no"
# Up to so many answers stand below each other; more are a list to choose from.
MOST_RADIOS = 7
# Who reads an answer, by what it is for.
READ_BY = {
    Purpose.CAMP: N_("The leaders of the camp and the desk see the answer."),
    Purpose.KITCHEN: N_(
        "For the kitchen: the leaders of the camp, the desk and the programme managers see the answer."
    ),
    Purpose.STATISTICS: N_("Answers are only counted. Nobody sees which one is yours."),
}
WORDING = {"YES": YES, "NO": NO, "MOST_RADIOS": MOST_RADIOS, "READ_BY": READ_BY}


@dataclass(frozen=True)
class AskedOfChild:
    """`questions`: those that this form asks. `settled`: whether there are others, which are answered."""

    child: Child
    questions: Sequence[Question]
    settled: bool

    @property
    def names(self) -> dict[str, Question]:
        """By the name of the field."""
        return {field(self.child.child_id, one.key): one for one in self.questions}


def asked(found: Questioned, children: Iterable[Child], sees: Callable[[Question], bool]) -> list[AskedOfChild]:
    """`sees`: whether whoever looks may read the answer to a question."""
    every = found.asked.questions
    if not every:
        return []
    parts = []
    for child in children:
        open_ = unanswered(every, found.answers, child.child_id, answering.suffices)
        shown = [one for one in every if one in open_ or sees(one)]
        parts.append(AskedOfChild(child, shown, len(shown) < len(every)))
    return parts


def shown(found: Questioned, parts: Sequence[AskedOfChild], sees: Callable[[Question], bool]) -> Form:
    """The form with what was answered, to be changed."""
    values: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for part in parts:
        given = found.answers.given(part.child.child_id)
        for name, question in part.names.items():
            if question.key in given and sees(question):
                several[name] = _typed_as(given[question.key].value)
                values[name] = several[name][-1]
    return Form(values, several)


def typed(form: Form, parts: Sequence[AskedOfChild]) -> Content:
    """What `answering.answer` takes: None where nothing is said."""
    had = _had(form)
    return {
        part.child.child_id: {one.key: value_of(form, name, one) for name, one in part.names.items() if name in had}
        for part in parts
    }


def take(form: Form, parts: Sequence[AskedOfChild], save: Callable[[Content], object]) -> list[FieldError]:
    """Saves what was typed; what is wrong or missing. A required question that is left open keeps the answer that it
    has; if anything is wrong, nothing is saved. Raises what `save` raises, but for `invalid`."""
    content = typed(form, parts)
    required = {name for part in parts for name, one in part.names.items() if one.required}
    open_ = [field(child, key) for child, given in content.items() for key, value in given.items() if value is None]
    missing = [FieldError(name, UNANSWERED) for name in open_ if name in required]
    try:
        save(_without(content, {one.field for one in missing}))
    except Problem as problem:
        if problem.kind is not INVALID or not problem.errors:
            raise
        return [*problem.errors, *missing]
    return missing


def take_what_is_right(form: Form, parts: Sequence[AskedOfChild], save: Callable[[Content], object]) -> None:
    """The same for whoever must not be kept from something else by what is wrong."""
    wrong: set[str] = set()

    def without(content: Content) -> object:
        return save(_without(content, wrong))

    while found := {one.field for one in take(form, parts, without) if one.message != UNANSWERED} - wrong:
        wrong |= found


def again(form: Form, before: Form) -> Form:
    """What was typed, and beside it what was answered to questions that the form did not have."""
    had = _had(form)
    values = {name: text for name, text in before.values.items() if name not in had}
    several = {name: texts for name, texts in before.several.items() if name not in had}
    return Form({**values, **form.values}, {**several, **form.several}, form.errors)


def on_page(visit: Visit, parts: Sequence[AskedOfChild], form: Form) -> dict[str, Any]:
    """What a template needs to show the questions."""
    return {
        "asked": parts,
        "form": form,
        "labels": {one.key: said(one.label, visit.language) for part in parts for one in part.questions},
        "wording": WORDING,
        "said": partial(said, language=visit.language),
    }


def _had(form: Form) -> set[str]:
    return set(form[SHOWN].split())


def _without(content: Content, names: Collection[str]) -> Content:
    return {
        child: {key: value for key, value in given.items() if field(child, key) not in names}
        for child, given in content.items()
    }


def _typed_as(value: AnswerValue) -> list[str]:
    match value:
        case bool():
            return [YES if value else NO]
        case list():
            return value
        case _:
            return [str(value)]


def value_of(form: Form, name: str, question: Question) -> Any:
    """What was typed in the field of a question, as an answer; None: nothing."""
    text = form[name].strip()
    match question.kind:
        case QuestionKind.SEVERAL:
            return form.all(name) or None
        case QuestionKind.YES_NO:
            return {YES: True, NO: False}.get(text, text or None)
        case QuestionKind.NUMBER if re.fullmatch("-?[0-9]{1,9}", text):
            return int(text)
        case _:
            return text or None
