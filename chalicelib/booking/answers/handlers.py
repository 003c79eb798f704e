"""Answering the city's questions, as requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from chalicelib.booking.answers import answering
from chalicelib.booking.answers.answering import Questioned
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import document
from chalicelib.people.families.rules import Bearer


@dataclass(frozen=True)
class ShownAnswers:
    registration_id: str
    answers: Annotated[
        Mapping[str, Mapping[str, object]],
        "By child_id, then by the question's key: every answer to what is asked.",
    ]
    missing: Annotated[
        Mapping[str, Sequence[str]], "By child_id, the keys of the required questions that lack a valid answer."
    ]


def get_answers(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(answering.look_up(who, registration_id, call.now)))


def put_answers(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(answering.answer(who, registration_id, document(call.body), call.now)))


def shown(of: Questioned) -> ShownAnswers:
    """Answers to what is asked now, about the children that it is for now."""
    keys = {one.key for one in of.asked.questions}
    given = of.answers.values(of.registration.child_ids)
    return ShownAnswers(
        of.registration.registration_id,
        {child: {key: value for key, value in said.items() if key in keys} for child, said in given.items()},
        of.missing,
    )
