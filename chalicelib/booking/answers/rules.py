"""Families' answers to a city's questions about their children: which are missing, which are taken along. Plain rules.

An answer belongs to a child in a registration. It keeps the version of the questions under which it was given, and
shows as it was given; whether it suffices is judged by the questions as they are now.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.staff.rules import Role
from chalicelib.programme.questions.rules import Question, QuestionKind, readers, said

# Of all answers in one registration, as they are stored: ten children with a page of text each.
MOST_BYTES = 100_000

YES, NO = N_("yes"), N_("no")

# Text, the value of a choice, several of these, yes or no, a whole number, a date as ISO 8601 writes it.
SingleAnswer = str | bool | int
AnswerValue = SingleAnswer | list[str]


@dataclass(frozen=True)
class GivenAnswer:
    """`version`: of the set of questions under which it was given."""

    value: AnswerValue
    version: int


@dataclass(frozen=True)
class ChildAnswers:
    """`given`: by the key of the question. `at`: when it was last changed, in UTC; `by`: at the desk, or None: the
    family."""

    given: Mapping[str, GivenAnswer]
    at: datetime
    by: Editor | None = None


@dataclass(frozen=True)
class Answers:
    """Of one registration. `of`: by child_id, also of children that left it since. `edition`: counts each change, 0:
    nobody answered yet."""

    registration_id: str
    of: Mapping[str, ChildAnswers] = field(default_factory=dict)
    edition: int = 0

    def given(self, child_id: str) -> Mapping[str, GivenAnswer]:
        return self.of[child_id].given if child_id in self.of else {}

    def values(self, child_ids: Iterable[str]) -> dict[str, dict[str, AnswerValue]]:
        return {child: {key: one.value for key, one in self.given(child).items()} for child in child_ids}


# Whether a value is an answer to a question as it is now (programme/questions/checking.py).
Suffices = Callable[[Question, AnswerValue], bool]


def missing(
    questions: Iterable[Question], answers: Answers, child_ids: Iterable[str], suffices: Suffices
) -> dict[str, list[str]]:
    """child_id to the keys of the required questions that have no valid answer; who lacks none is left out."""
    required = [one for one in questions if one.required]
    found = {child: _unanswered(required, answers.given(child), suffices) for child in child_ids}
    return {child: keys for child, keys in found.items() if keys}


def unanswered(
    questions: Iterable[Question], answers: Answers, child_id: str, suffices: Suffices
) -> tuple[Question, ...]:
    """Required or not."""
    keys = _unanswered(list(questions), answers.given(child_id), suffices)
    return tuple(one for one in questions if one.key in keys)


def _unanswered(questions: Iterable[Question], given: Mapping[str, GivenAnswer], suffices: Suffices) -> list[str]:
    return [one.key for one in questions if one.key not in given or not suffices(one, given[one.key].value)]


def entered(
    before: Answers,
    wanted: Mapping[str, Mapping[str, AnswerValue | None]],
    versions: Mapping[str, int],
    now: datetime,
    by: Editor | None,
) -> Answers:
    """The answers afterwards: a key that is left out keeps its answer, None takes it away. `versions`: by key, of the
    questions as they are now. The same answer again stays as it was given. Unchanged: `before` itself."""
    of = dict(before.of)
    for child, sent in wanted.items():
        given = dict(before.given(child))
        for key, value in sent.items():
            if value is None:
                given.pop(key, None)
            elif key not in given or given[key].value != value:
                given[key] = GivenAnswer(value, versions[key])
        if given != dict(before.given(child)):
            of[child] = ChildAnswers(given, now, by)
    return before if of == dict(before.of) else Answers(before.registration_id, of, before.edition + 1)


def taken_along(
    before: Answers,
    registration_id: str,
    child_ids: Collection[str],
    keys: Collection[str],
    versions: Mapping[str, int],
) -> Answers | None:
    """The answers of these children for a registration that continues `before`, as far as the questions there are the
    same, `keys`. None: there are none."""
    of = {}
    for child in child_ids:
        kept = {key: replace(one, version=versions[key]) for key, one in before.given(child).items() if key in keys}
        if kept:
            of[child] = replace(before.of[child], given=kept)
    return Answers(registration_id, of, 1) if of else None


def are_the_same(here: Question, there: Question) -> bool:
    """Whether an answer to one is an answer to the other, for the same people: another word in its text makes another
    question of it."""
    return (here.key, here.kind, here.purpose, dict(here.label)) == (
        there.key,
        there.kind,
        there.purpose,
        dict(there.label),
    )


def renamed(before: Answers, old: str, new: str) -> Answers:
    """The child has another id from now on. What was said of it under both is what `old` says, unless it says
    nothing."""
    of = {child: one for child, one in before.of.items() if child != old}
    of[new] = before.of[old]
    return Answers(before.registration_id, of, before.edition + 1)


def offered(question: Question) -> Sequence[SingleAnswer]:
    """The answers to choose from, in their order; none where a family answers in its own words."""
    return (True, False) if question.kind is QuestionKind.YES_NO else question.values


def each_of(value: AnswerValue) -> Sequence[SingleAnswer]:
    """The answer alone or, where several were chosen, each of them."""
    return value if isinstance(value, list) else [value]


def in_text(question: Question, value: AnswerValue, language: str) -> str:
    """An answer as people read it. `question`: as it was asked then. A choice that it does not have, and whatever else
    it cannot explain, is shown as it is stored."""
    labels = {one.value: said(one.label, language) or one.value for one in question.choices}
    match value:
        case bool():
            return translate(YES if value else NO, language)
        case list():
            return ", ".join(labels.get(one, one) for one in value)
        case int():
            return str(value)
        case str() if question.kind is QuestionKind.DATE:
            return _day(value, language)
        case _:
            return labels.get(value, value)


def _day(text: str, language: str) -> str:
    try:
        return in_words.day(date.fromisoformat(text), language, weekday=False)
    except ValueError:
        return text


def readable(questions: Iterable[Question], roles: Collection[Role]) -> tuple[Question, ...]:
    """Those whose answers somebody with one of these roles may read beside a child's name."""
    return tuple(one for one in questions if not set(readers(one.purpose)).isdisjoint(roles))
