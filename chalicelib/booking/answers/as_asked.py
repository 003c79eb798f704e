"""Questions as they were asked when somebody answered them, so that an answer shows as it was given."""

from collections.abc import Iterable, Mapping

from chalicelib.booking.answers.rules import Answers
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Asked, Question, QuestionSet


def as_asked(asked: Asked, several: Iterable[Answers]) -> Mapping[tuple[str, int], Question]:
    """By key and version, for each answer to a question of `asked`, retired ones too. Versions before the current one
    are read together, once in a container."""
    of = {one.key: each for each in asked.sets for one in (*each.questions, *each.retired)}
    given = {
        (key, answer.version)
        for one in several
        for child in one.of.values()
        for key, answer in child.given.items()
        if key in of
    }
    earlier = {(of[key].of, version) for key, version in given if version != of[key].version}
    sets = questions.versions(earlier) if earlier else {}
    return {
        (key, version): _find(sets.get((of[key].of, version), of[key]), key) or _must_find(of[key], key)
        for key, version in given
    }


def _find(one: QuestionSet, key: str) -> Question | None:
    return next((question for question in (*one.questions, *one.retired) if question.key == key), None)


def _must_find(one: QuestionSet, key: str) -> Question:
    found = _find(one, key)
    assert found, "it is of this set"
    return found
