"""Families' answers to questions that are asked for statistics: numbers, of which none says who.

A number from 1 to FEWEST - 1 is not told, and never so that it follows from the others and from how many there are in
all. What a family wrote in its own words is told only if FEWEST wrote the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.answers import table as answers
from chalicelib.booking.answers.rules import AnswerValue, SingleAnswer, are_the_same, each_of, offered
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Purpose, Question, QuestionKind
from chalicelib.seats import table as seats_table

FEWEST = 5
# Free to choose: a value that few gave may say who gave it.
OWN_WORDS = (QuestionKind.TEXT, QuestionKind.NUMBER, QuestionKind.DATE)


@dataclass(frozen=True)
class AnswerNumber:
    """`value` None: all answers together that are too few to be told by themselves. `number` None: fewer than
    FEWEST, or hidden so that another one stays so."""

    value: SingleAnswer | None
    number: int | None


@dataclass(frozen=True)
class QuestionFigures:
    question: Question
    numbers: tuple[AnswerNumber, ...]


def of_sessions(session_ids: Sequence[str], now: datetime) -> list[QuestionFigures]:
    """One for each question; sessions that ask the same in the same words are counted together. Half a read unit for
    each registration of a session that asks something for statistics, and none elsewhere."""
    asked = questions.several(session_ids, now) if session_ids else {}
    asking = {
        session_id: found
        for session_id, one in asked.items()
        if (found := [each for each in one.questions if each.purpose is Purpose.STATISTICS])
    }
    seats = seats_table.get(asking, consistent=False) if asking else {}
    at = int(now.timestamp())
    held = {session_id: one.at(at) for session_id, one in seats.items()}
    final = {
        session_id: {child: by for child, by in one.children.items() if by not in one.until}
        for session_id, one in held.items()
    }
    given = answers.several(by for children in final.values() for by in children.values())
    same: list[tuple[Question, list[AnswerValue]]] = []
    for session_id, children in final.items():
        for question in asking[session_id]:
            told = [given[by].given(child).get(question.key) for child, by in children.items()]
            values = [one.value for one in told if one]
            known = next((each for each in same if are_the_same(each[0], question)), None)
            known[1].extend(values) if known else same.append((question, values))
    return [QuestionFigures(question, tuple(figures(question, values))) for question, values in same]


def figures(question: Question, values: Iterable[AnswerValue]) -> list[AnswerNumber]:
    """In the order of the choices; what is free to choose, by how often it was given."""
    single = [one for value in values for one in each_of(value)]
    if question.kind in OWN_WORDS:
        return _of_own_words(single)
    counts = {one: sum(value == one for value in single) for one in offered(question)}
    hidden = _hidden(counts)
    return [AnswerNumber(value, None if value in hidden else number) for value, number in counts.items()]


def _hidden(counts: Mapping[SingleAnswer, int]) -> set[SingleAnswer]:
    """One alone follows from how many there are in all, and so do several that are all as low or as high as they can
    be: then the lowest of the others goes along."""
    hidden = {value for value, number in counts.items() if 0 < number < FEWEST}
    others = sorted((number, str(value), value) for value, number in counts.items() if number >= FEWEST)
    together = sum(counts[value] for value in hidden)
    follow = len(hidden) == 1 or together in (len(hidden), len(hidden) * (FEWEST - 1))
    return hidden | {others[0][2]} if hidden and follow and others else hidden


def _of_own_words(values: Sequence[SingleAnswer]) -> list[AnswerNumber]:
    folded = Counter(one.casefold() if isinstance(one, str) else one for one in values)
    told = [AnswerNumber(value, number) for value, number in folded.most_common() if number >= FEWEST]
    rest = len(values) - sum(one.number or 0 for one in told)
    return [*told, AnswerNumber(None, rest if rest >= FEWEST else None)] if rest else told
