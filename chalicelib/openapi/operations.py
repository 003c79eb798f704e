"""The description of one call, and of one part of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.api.fields import JsonSchema, Model
from chalicelib.api.problems import Kind

Parameter = dict[str, Any]

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One call. Who may ask, the table of routes says.

    answers     status to the name of what is answered; None: nothing that has a schema.
    refusals    the problems that belong to it; being busy, our own mistakes and a missing sign-in come with every call.
    about       more than fits in the summary.
    body        the name of what is sent.
    """

    operation_id: str
    summary: str
    answers: Mapping[int, str | None]
    refusals: Sequence[Kind] = ()
    about: str = ""
    body: str | None = None
    parameters: Sequence[Parameter] = ()


@dataclass(frozen=True)
class Part:
    """One part of the API. `schemas`: name to the dataclass that is answered; `requests`: name to the model that checks
    what is sent; `examples` of both, by the same names; `paths`: path to method to call."""

    tag: str
    about: str
    paths: Mapping[str, Mapping[str, Operation]]
    schemas: Mapping[str, JsonSchema | type] = field(default_factory=dict)
    requests: Mapping[str, Model] = field(default_factory=dict)
    examples: Mapping[str, Any] = field(default_factory=dict)


def query_parameters(query: Model) -> list[Parameter]:
    """An empty value asks for nothing, as a form sends it."""
    return [
        {
            "in": "query",
            "name": name,
            "required": field.is_required,
            "description": field.expects,
            "allowEmptyValue": True,
            "schema": field.json_schema(),
        }
        for name, field in query.fields.items()
    ]


def path_parameter(name: str, example: str) -> Parameter:
    return {
        "in": "path",
        "name": name,
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }
