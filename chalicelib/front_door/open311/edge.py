"""Answers to Open311's programs: in the format that they named, and errors as the standard has them."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from chalice.app import Request

from chalicelib.core.http.answering import Answer, Call, Edge, Json, Xml
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import translate
from chalicelib.front_door.open311.documents import TYPES, Value, written

# Others than these are 400 to the standard. Beyond it, a program is told when it asks too often or we are busy, so that
# it tries again.
AS_THEY_ARE = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True)
class Open311Call(Call):
    """`form`: json or xml, as the address ends."""

    form: str = "json"


def as_answer(name: str, content: Value, form: str, status: int = 200) -> Answer:
    """`name`: of XML's root element. `form`: a key of TYPES."""
    text = written(name, content, form)
    return Answer(status, Json(text) if form == "json" else Xml(text), {"Content-Type": TYPES[form]})


def _enter(call: Call, request: Request) -> Call:
    path = request.path.format(**(request.uri_params or {}))
    return Open311Call(**vars(call), form="xml" if path.endswith(".xml") else "json")


def _problem(problem: Problem, call: Call) -> Answer:
    kind = problem.kind
    as_it_is = kind.status in AS_THEY_ARE or kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    status = kind.status if as_it_is else HTTPStatus.BAD_REQUEST.value
    said = problem.document(call.language)
    told = [f"{one.field}: {translate(one.message, call.language, **one.values)}" for one in problem.errors]
    errors: Value = [{"code": status, "description": text} for text in told or [f"{said['title']}. {said['detail']}"]]
    refusal = as_answer("errors", errors, call.form if isinstance(call, Open311Call) else "json", status)
    headers = {**refusal.headers, "Content-Language": call.language}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return replace(refusal, headers=headers)


OPEN311 = Edge(enter=_enter, problem=_problem)
