"""Then: the answer is the problem document that the contract promises."""

from typing import Any

from chalice.test import HTTPResponse

from chalicelib.core.http.problems import INVALID, ProblemKind
from chalicelib.core.languages import translate


def is_problem(answer: HTTPResponse, kind: ProblemKind, language: str = "nl", **values: object) -> dict[str, Any]:
    """The document, whose words are in `language`; `values` are those that its detail names."""
    assert answer.status_code == kind.status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"] == "no-store"
    document: dict[str, Any] = answer.json_body
    assert document["type"].endswith(f"/{kind.slug}")
    assert document["status"] == kind.status
    assert document["title"] == translate(kind.title, language)
    assert document["detail"] == translate(kind.detail, language, **values)
    return document


def is_invalid(answer: HTTPResponse, field: str, message: str, language: str = "nl") -> None:
    """That one field is wrong, and why."""
    errors = is_problem(answer, INVALID, language)["errors"]
    assert errors == [{"field": field, "message": translate(message, language)}]
