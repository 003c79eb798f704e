"""What a session asks, for anybody: before they register, and for programs that show the form themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, Schema
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.programme.questions import table
from chalicelib.programme.questions.rules import OF_CAMPS, Question, property_of
from chalicelib.programme.sessions import table as programme

CACHED = {"Cache-Control": "public, max-age=5"}

_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
PROPERTY = Schema(
    properties={
        "type": {"enum": ["string", "array", "boolean", "integer"]},
        "x-key": {"type": "string", "description": "What an answer names the question by."},
        "x-label": {**_TEXTS, "description": "Language to the question."},
        "x-help": {**_TEXTS, "description": "Language to what stands below it; absent: nothing."},
        "x-required": {"type": "boolean", "description": "Must be answered before a seat is final."},
        "x-purpose": {"enum": [one.value for one in OF_CAMPS], "description": "What the answer is for: who reads it."},
        "x-choices": {
            "type": "object",
            "additionalProperties": _TEXTS,
            "description": "Of a question with answers to choose from: each value, and language to its text.",
        },
    },
    required=["type", "x-key", "x-label", "x-required", "x-purpose"],
)


@dataclass(frozen=True)
class SessionQuestions:
    questions: Annotated[
        Sequence[
            Annotated[
                Mapping[str, object],
                PROPERTY,
                "JSON Schema (draft-07) of an answer, with what the draft has no word for behind `x-`.",
            ]
        ],
        "In the order in which they are asked: first those of the session's opening.",
    ]
    versions: Annotated[
        Mapping[str, Count], "Of the session's own questions and its opening's, by their ids; an answer keeps them."
    ]


def list_questions(call: Call, session_id: str) -> Answer:
    return Answer(200, questions(session_id, call.now), CACHED)


def questions(session_id: str, now: datetime) -> SessionQuestions:
    """Raises Problem `not-found`, also for a draft."""
    session = programme.get(session_id)
    if session is None or session.missing:
        raise Problem(NOT_FOUND)
    asked = table.questions_of(session_id, now)
    return SessionQuestions(list(map(public, asked.questions)), asked.versions)


def public(question: Question) -> Mapping[str, object]:
    return {**property_of(question), "x-key": question.key}
