"""The questions and answers of a case in words: the citizen's page and the unit's show the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.languages import N_, translate
from chalicelib.front_door.cases.rules import Case
from chalicelib.programme.questions.rules import Question, QuestionKind, said


def answers_in_words(case: Case, questions: Sequence[Question], language: str) -> list[tuple[str, str]]:
    """Pairs of question and answer, in the order of the form; where it is comes last."""
    place = case.place
    where = (place.address or f"{place.lat}, {place.long}") if place else ""
    shown = [
        (said(one.label, language), _in_words(case.answers[one.key], one, language))
        for one in questions
        if one.key in case.answers
    ]
    return [*shown, *([(translate(N_("Where"), language), where)] if where else [])]


def _in_words(value: Any, question: Question, language: str) -> str:
    labels: Mapping[str, str] = {choice.value: said(choice.label, language) for choice in question.choices}
    if question.kind is QuestionKind.YES_NO:
        return translate(N_("Yes") if value else N_("No"), language)
    return ", ".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
