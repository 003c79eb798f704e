"""The description of one call, and of one part of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.http.fields import Model
from chalicelib.core.http.problems import ProblemKind

Parameter = dict[str, Any]

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One call. Who may ask, the table of routes says.

    answer      the name of what is answered; None: nothing that has a schema.
    refusals    the problems of this call alone. `invalid` comes with everything that is sent, `not-found` with an id in
                the path; being busy, our own mistakes and a missing sign-in come with every call.
    about       more than fits in the summary.
    body        the name of what is sent.
    file        in words, where it is a file and no JSON.
    parameters  those that do not stand in the path.
    statuses    of its successes.
    media       of an answer that is a file.
    """

    operation_id: str
    summary: str
    answer: str | None = None
    refusals: Sequence[ProblemKind] = ()
    about: str = ""
    body: str | None = None
    file: str | None = None
    parameters: Sequence[Parameter] = ()
    statuses: Sequence[int] = (200,)
    media: str = JSON


@dataclass(frozen=True)
class Part:
    """One part of the API.

    operations  "GET /api/sessions" to the call.
    answers     name to an example, which is an instance of the dataclass that is answered, or a mapping of such; or
                to the dataclass itself, where it stands within others only.
    requests    name to the model that checks what is sent, and to an example.
    """

    tag: str
    about: str
    operations: Mapping[str, Operation]
    answers: Mapping[str, object] = field(default_factory=dict)
    requests: Mapping[str, tuple[Model, Mapping[str, Any]]] = field(default_factory=dict)


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
