"""The OpenAPI 3.1 document of the public API: requests from the models that check them, answers from models that
tests hold every answer against (tests/api/test_schemathesis.py)."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from chalicelib import VERSION
from chalicelib.api import problems
from chalicelib.api.answering import BUSY_SECONDS, Answer, Call
from chalicelib.api.fields import MAX_BODY_BYTES, MOST_ERRORS, JsonSchema, Model
from chalicelib.api.problems import Kind, Problem
from chalicelib.families.handlers import AS_EMAIL, MOST_PASSES_AN_HOUR, PASS
from chalicelib.programme.handlers import SESSION_QUERY
from chalicelib.registrations.handlers import AS_KEY, KEY, KEY_HEADER, REGISTRATION
from chalicelib.registrations.rules import REFERENCE_ALPHABET, Status, reference

Operation = dict[str, Any]


def _object(required: dict[str, JsonSchema], optional: dict[str, JsonSchema] | None = None) -> JsonSchema:
    """What is answered. Fields may be added, so none is forbidden."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _or_null(schema: JsonSchema) -> JsonSchema:
    return {**schema, "type": [schema["type"], "null"]}


def _all(schema: JsonSchema, **more: Any) -> JsonSchema:
    return {"type": "array", "items": schema, **more}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


TEXT: JsonSchema = {"type": "string"}
DAY: JsonSchema = {"type": "string", "format": "date"}
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
HOUR: JsonSchema = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
REFERENCE: JsonSchema = {
    "type": "string",
    "pattern": "^" + "-".join(f"[{REFERENCE_ALPHABET}]{{{length}}}" for length in (3, 3, 4)) + "$",
    "description": "To read out on the phone: no letter looks like another, the last one is a check.",
}

ANSWERS: dict[str, JsonSchema] = {
    "Health": _object({"status": {"const": "ok"}, "version": TEXT}),
    "Session": _object(
        {
            "session_id": TEXT,
            "municipality": TEXT,
            "title": TEXT,
            "starts_on": {**DAY, "description": "The first day."},
            "ends_on": {**DAY, "description": "The last day."},
            "age_min": {**COUNT, "description": "In whole years, on the first day."},
            "age_max": COUNT,
            "price_cents": COUNT,
            "currency": {"const": "EUR"},
            "capacity": COUNT,
            "seats_left": COUNT,
            "opens_at": {**_or_null(MOMENT), "description": "When registration opens; null as long as unknown."},
            "status": {"enum": ["announced", "open", "full", "closed"]},
            "place": _or_null(TEXT),
            "daily_from": _or_null(HOUR),
            "daily_until": _or_null(HOUR),
        }
    ),
    "Sessions": _object({"sessions": _all(_ref("schemas", "Session"))}),
    "AskedPass": _object({"pass_id": TEXT}),
    "Child": _object({"child_id": TEXT, "first_name": TEXT, "last_name": TEXT, "birth_date": DAY}),
    "Pass": _object(
        {
            "pass_id": TEXT,
            "children": _all(_ref("schemas", "Child"), minItems=1),
            "admission": {"type": ["object", "null"]},
        }
    ),
    "Registration": _object(
        {
            "registration_id": TEXT,
            "reference": REFERENCE,
            "session_id": TEXT,
            "child_ids": _all(TEXT, minItems=1),
            "status": {"enum": [status.value for status in Status]},
            "waitlist_position": {"type": ["integer", "null"], "minimum": 1, "description": "1 for whoever is next."},
            "created_at": MOMENT,
        }
    ),
    "Registrations": _object({"registrations": _all(_ref("schemas", "Registration"))}),
    "FieldError": _object(
        {
            "field": {**TEXT, "examples": ["email", "children[1].birth_date"]},
            "message": {**TEXT, "description": "What is expected."},
        }
    ),
    "ProblemDocument": {
        **_object(
            {"type": {**TEXT, "format": "uri"}, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
            {
                "errors": _all(_ref("schemas", "FieldError"), minItems=1, maxItems=MOST_ERRORS),
                "opens_at": _or_null(MOMENT),
                "registration_id": {**TEXT, "description": "The registration of this family that is in the way."},
                "seats_left": COUNT,
                "child_ids": _all(TEXT, minItems=1),
                "rule": {"enum": ["age"]},
                "age_min": _or_null(COUNT),
                "age_max": _or_null(COUNT),
                "request_id": {**TEXT, "description": "What to name when you call for help."},
            },
        ),
        "description": "RFC 9457.",
    },
}
REQUESTS: dict[str, Model] = {"PassRequest": PASS, "RegistrationRequest": REGISTRATION}

A_SESSION: dict[str, Any] = {
    "session_id": "95ey9cscy3",
    "municipality": "Kaprijke",
    "title": "Bouwkamp (Lembeke)",
    "starts_on": "2027-08-16",
    "ends_on": "2027-08-18",
    "age_min": 3,
    "age_max": 6,
    "price_cents": 4500,
    "currency": "EUR",
    "capacity": 20,
    "seats_left": 7,
    "opens_at": "2027-03-06T19:00:00+01:00",
    "status": "open",
    "place": "Lembeke",
    "daily_from": "09:00",
    "daily_until": "16:00",
}
A_CHILD = {"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}
CHILD_ID = "bvt9rrpxwh"
A_REGISTRATION: dict[str, Any] = {
    "registration_id": "k7mxfar3ct94ghx7r2p",
    "reference": reference("k7mxfar3ct94ghx7r2p"),
    "session_id": A_SESSION["session_id"],
    "child_ids": [CHILD_ID],
    "status": "confirmed",
    "waitlist_position": None,
    "created_at": "2027-03-06T18:00:02+00:00",
}
EXAMPLES: dict[str, Any] = {
    "Health": {"status": "ok", "version": VERSION},
    "Session": A_SESSION,
    "Sessions": {"sessions": [A_SESSION]},
    "PassRequest": {"email": "an.claeys@example.be", "language": "nl", "postcode": "9970", "children": [A_CHILD]},
    "AskedPass": {"pass_id": "3k9rtgw5mxpa"},
    "Pass": {"pass_id": "3k9rtgw5mxpa", "children": [{"child_id": CHILD_ID, **A_CHILD}], "admission": None},
    "RegistrationRequest": {"session_id": A_SESSION["session_id"], "child_ids": [CHILD_ID], "waitlist": True},
    "Registration": A_REGISTRATION,
    "Registrations": {"registrations": [A_REGISTRATION]},
}
# What each problem carries beyond the words, and what it may carry.
CARRIES: dict[Kind, dict[str, Any]] = {
    problems.INVALID: {"errors": [{"field": "email", "message": AS_EMAIL}]},
    problems.TOO_EARLY: {"opens_at": "2027-03-06T18:00:00+00:00"},
    problems.NOT_ELIGIBLE: {"rule": "age", "child_ids": [CHILD_ID]},
    problems.SOLD_OUT: {"seats_left": 1},
    problems.UNEXPECTED: {"request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"},
}
MAY_CARRY: dict[Kind, dict[str, Any]] = {
    problems.NOT_ELIGIBLE: {"age_min": 3, "age_max": 6},
    problems.ALREADY_REGISTERED: {"registration_id": A_REGISTRATION["registration_id"]},
}
HEADERS = {
    "Content-Language": {
        "description": "The language of title, detail and messages, as asked for with Accept-Language; nl if not ours.",
        "required": True,
        "schema": {"type": "string", "examples": ["nl"]},
    },
    "Retry-After": {
        "description": "Seconds.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "examples": [BUSY_SECONDS]},
    },
    "WWW-Authenticate": {
        "description": "Always sent; Amazon API Gateway hands it over as x-amzn-Remapped-WWW-Authenticate instead.",
        "required": False,
        "schema": {"type": "string", "const": "Bearer"},
    },
    "Cache-Control": {"required": True, "schema": {"type": "string"}},
}
SECURITY_SCHEMES = {
    "pass": {"type": "http", "scheme": "bearer", "description": "The token from the link in the mail."},
    "link": {"type": "apiKey", "in": "query", "name": "token", "description": "As the link in the mail carries it."},
}
CONFLICTS = (problems.CLOSED, problems.ALREADY_REGISTERED, problems.SOLD_OUT)
MORE_HEADERS = {401: ["WWW-Authenticate"], 425: ["Retry-After"], 503: ["Retry-After"]}

DESCRIPTION = f"""\
Registration for the sessions of a city's camps.

Times are ISO 8601 with offset, dates ISO 8601, money in cents. Bodies are JSON in UTF-8 of at most \
{MAX_BODY_BYTES // 1024} KB, judged by their content whatever their Content-Type; a field that is not named here is an \
error, a query parameter that is not named is ignored. Texts are trimmed and brought into Unicode's NFC before they \
are checked.

Errors are RFC 9457 problem documents in nl, fr or en (Accept-Language); nothing is stored when there is one. Answers \
may get more fields than are named here."""
TAGS = {
    "programme": "What can be booked.",
    "families": "Passes: a mail address that a link proved, and its children.",
    "registrations": "Seats, and places on the waiting list.",
    "system": "About this API itself.",
}
TAG_OF = {"sessions": "programme", "passes": "families", "pass": "families", "registrations": "registrations"}
ANSWERED = {
    200: "The answer.",
    201: "Made.",
    202: "A mail is on its way, to whoever the address belongs to; but to one address at most "
    f"{MOST_PASSES_AN_HOUR} an hour, with the same answer beyond that.",
    204: "Done.",
}


def openapi(call: Call) -> Answer:
    return Answer(200, document(), {"Cache-Control": "public, max-age=300"})


@lru_cache
def document() -> dict[str, Any]:
    """The whole document, as `GET /api/openapi.json` answers it."""
    alone = [[kind] for kind in problems.KINDS if kind not in CONFLICTS]
    paths = _paths()
    for path, operations in paths.items():
        for operation in operations.values():
            operation["tags"] = [TAG_OF.get(path.split("/")[2], "system")]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stormloop",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {**ANSWERS, **{name: model.json_schema() for name, model in REQUESTS.items()}},
            "headers": HEADERS,
            "responses": {_response_name(kinds): _refused(kinds) for kinds in [CONFLICTS, *alone]},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _paths() -> dict[str, dict[str, Operation]]:
    registration_id = _path_parameter("registration_id", A_REGISTRATION["registration_id"])
    return {
        "/api/health": {"get": _operation("getHealth", "Whether the system answers", {200: "Health"})},
        "/api/openapi.json": {"get": _operation("getOpenapi", "This document", {200: None})},
        "/api/sessions": {
            "get": _operation(
                "listSessions",
                "Sessions as published, in the order of their first day",
                {200: "Sessions"},
                [problems.INVALID],
                parameters=_query_parameters(SESSION_QUERY),
            )
        },
        "/api/sessions/{session_id}": {
            "get": _operation(
                "getSession",
                "One session",
                {200: "Session"},
                [problems.NOT_FOUND],
                parameters=[_path_parameter("session_id", A_SESSION["session_id"])],
            )
        },
        "/api/passes": {
            "post": _operation(
                "askPass",
                "Ask for a pass; its token comes by mail",
                {202: "AskedPass"},
                [problems.INVALID],
                body="PassRequest",
            )
        },
        "/api/pass": {"get": _operation("getPass", "Your pass", {200: "Pass"}, security=["pass", "link"])},
        "/api/registrations": {
            "post": _operation(
                "register",
                "Register children for a session: seats for all of them or none; 200 if the same key made it before",
                {201: "Registration", 200: "Registration"},
                [problems.INVALID, problems.NOT_FOUND, problems.TOO_EARLY, problems.NOT_ELIGIBLE, *CONFLICTS],
                body="RegistrationRequest",
                parameters=[_key_parameter()],
                security=["pass"],
            ),
            "get": _operation("listRegistrations", "Your registrations", {200: "Registrations"}, security=["pass"]),
        },
        "/api/registrations/{registration_id}": {
            "get": _operation(
                "getRegistration",
                "One of your registrations",
                {200: "Registration"},
                [problems.NOT_FOUND],
                parameters=[registration_id],
                security=["pass"],
            ),
            "delete": _operation(
                "cancel",
                "Cancel; the seats are free again at once",
                {204: None},
                [problems.NOT_FOUND],
                parameters=[registration_id],
                security=["pass"],
            ),
        },
    }


def _operation(
    operation_id: str,
    summary: str,
    answers: dict[int, str | None],
    refusals: Sequence[Kind] = (),
    *,
    body: str | None = None,
    parameters: Sequence[dict[str, Any]] = (),
    security: Sequence[str] = (),
) -> Operation:
    kinds = defaultdict(list)
    for kind in [*refusals, *([problems.UNAUTHORIZED] if security else []), problems.BUSY, problems.UNEXPECTED]:
        kinds[kind.status].append(kind)
    operation: Operation = {
        "operationId": operation_id,
        "summary": summary,
        "security": [{scheme: []} for scheme in security],
        "responses": {
            **{str(status): _answered(status, name) for status, name in answers.items()},
            **{str(status): _ref("responses", _response_name(kinds[status])) for status in sorted(kinds)},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref("schemas", body), "example": EXAMPLES[body]}},
        }
    return operation


def _answered(status: int, name: str | None) -> dict[str, Any]:
    headers = {"Cache-Control": _ref("headers", "Cache-Control")}
    response: dict[str, Any] = {"description": ANSWERED[status], "headers": headers}
    if name:
        response["content"] = {"application/json": {"schema": _ref("schemas", name), "example": EXAMPLES[name]}}
    elif status != 204:
        response["content"] = {"application/json": {"schema": {"type": "object"}}}
    return response


def _refused(kinds: Sequence[Kind]) -> dict[str, Any]:
    """The answer of kinds that have one status; its description lists them."""
    schemas = [_problem(kind) for kind in kinds]
    more = MORE_HEADERS.get(kinds[0].status, ())
    return {
        "description": " ".join(f"`{kind.slug}`: {kind.title}." for kind in kinds),
        "headers": {name: _ref("headers", name) for name in ("Content-Language", "Cache-Control", *more)},
        "content": {
            "application/problem+json": {
                "schema": {"oneOf": schemas} if len(schemas) > 1 else schemas[0],
                "examples": {kind.slug: {"value": _example(kind)} for kind in kinds},
            }
        },
    }


def _response_name(kinds: Sequence[Kind]) -> str:
    return "-or-".join(kind.slug for kind in kinds)


def _problem(kind: Kind) -> dict[str, Any]:
    return {
        "allOf": [
            _ref("schemas", "ProblemDocument"),
            {
                "type": "object",
                "properties": {"type": {"const": problems.TYPE + kind.slug}, "status": {"const": kind.status}},
                "required": list(CARRIES.get(kind, ())),
            },
        ]
    }


def _example(kind: Kind) -> dict[str, Any]:
    return Problem(kind, {**CARRIES.get(kind, {}), **MAY_CARRY.get(kind, {})}).document("en")


def _query_parameters(query: Model) -> list[dict[str, Any]]:
    """What is empty is not asked for, as a form sends it."""
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


def _path_parameter(name: str, example: str) -> dict[str, Any]:
    return {
        "in": "path",
        "name": name,
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }


def _key_parameter() -> dict[str, Any]:
    return {
        "in": "header",
        "name": KEY_HEADER,
        "required": True,
        "description": AS_KEY,
        "schema": {"type": "string", "pattern": f"^{KEY}$"},
        "example": "9f0c6f1e-3e1b-4f0e-8a55-7d3a1d0f3c11",
    }
