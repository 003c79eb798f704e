"""The OpenAPI 3.1 document of the public API: requests from the models that check them, answers from models that
tests hold every answer against (tests/api/test_schemathesis.py)."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import INCLUDE, Schema, fields, validate

from chalicelib import VERSION
from chalicelib.api import problems
from chalicelib.api.answering import BUSY_SECONDS, Answer, Call
from chalicelib.api.fields import MAX_BODY_BYTES
from chalicelib.api.problems import Kind, Problem
from chalicelib.families.handlers import AS_EMAIL, PassModel
from chalicelib.programme.handlers import SessionQuery
from chalicelib.registrations.handlers import AS_KEY, KEY, KEY_HEADER, RegistrationModel
from chalicelib.registrations.rules import REFERENCE_ALPHABET, Status, reference

REFERENCE = "^" + "-".join(f"[{REFERENCE_ALPHABET}]{{{length}}}" for length in (3, 3, 4)) + "$"
HOUR = "^[0-2][0-9]:[0-5][0-9]$"
AT_LEAST_0 = validate.Range(0)
AT_LEAST_1 = validate.Range(1)
Operation = dict[str, Any]


class Shown(Schema):
    """What is answered. Fields may be added, so none is forbidden."""

    class Meta:
        unknown = INCLUDE


class Session(Shown):
    session_id = fields.String(required=True)
    municipality = fields.String(required=True)
    title = fields.String(required=True)
    starts_on = fields.Date(required=True, metadata={"description": "The first day."})
    ends_on = fields.Date(required=True, metadata={"description": "The last day."})
    age_min = fields.Integer(
        required=True, validate=AT_LEAST_0, metadata={"description": "In whole years, on the first day."}
    )
    age_max = fields.Integer(required=True, validate=AT_LEAST_0)
    price_cents = fields.Integer(required=True, validate=AT_LEAST_0)
    currency = fields.String(required=True, validate=validate.Equal("EUR"))
    capacity = fields.Integer(required=True, validate=AT_LEAST_0)
    seats_left = fields.Integer(required=True, validate=AT_LEAST_0)
    opens_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When registration opens; null as long as unknown."}
    )
    status = fields.String(required=True, validate=validate.OneOf(["announced", "open", "full", "closed"]))
    place = fields.String(required=True, allow_none=True)
    daily_from = fields.String(required=True, allow_none=True, metadata={"pattern": HOUR})
    daily_until = fields.String(required=True, allow_none=True, metadata={"pattern": HOUR})


class Sessions(Shown):
    sessions = fields.List(fields.Nested(Session), required=True)


class AskedPass(Shown):
    pass_id = fields.String(required=True)


class Child(Shown):
    child_id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_date = fields.Date(required=True)


class Pass(Shown):
    pass_id = fields.String(required=True)
    children = fields.List(fields.Nested(Child), required=True, validate=validate.Length(1))
    admission = fields.Dict(required=True, allow_none=True)


class Registration(Shown):
    registration_id = fields.String(required=True)
    reference = fields.String(
        required=True,
        validate=validate.Regexp(REFERENCE),
        metadata={"description": "To read out on the phone: no letter looks like another, the last one is a check."},
    )
    session_id = fields.String(required=True)
    child_ids = fields.List(fields.String(), required=True, validate=validate.Length(1))
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in Status]))
    waitlist_position = fields.Integer(
        required=True, allow_none=True, validate=AT_LEAST_1, metadata={"description": "1 for whoever is next."}
    )
    created_at = fields.DateTime(required=True)


class Registrations(Shown):
    registrations = fields.List(fields.Nested(Registration), required=True)


class Health(Shown):
    status = fields.String(required=True, validate=validate.Equal("ok"))
    version = fields.String(required=True)


class FieldError(Shown):
    field = fields.String(required=True, metadata={"examples": ["email", "children[1].birth_date"]})
    message = fields.String(required=True, metadata={"description": "What is expected."})


class ProblemDocument(Shown):
    """RFC 9457."""

    type = fields.String(required=True, metadata={"format": "uri"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldError), validate=validate.Length(1))
    opens_at = fields.DateTime(allow_none=True)
    registration_id = fields.String(metadata={"description": "The registration of this family that is in the way."})
    seats_left = fields.Integer(validate=AT_LEAST_0)
    child_ids = fields.List(fields.String(), validate=validate.Length(1))
    rule = fields.String(validate=validate.OneOf(["age", "residence"]))
    age_min = fields.Integer(allow_none=True)
    age_max = fields.Integer(allow_none=True)
    request_id = fields.String(metadata={"description": "What to name when you call for help."})


SESSION: dict[str, Any] = {
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
CHILD = {"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}
CHILD_ID = "bvt9rrpxwh"
REGISTRATION: dict[str, Any] = {
    "registration_id": "k7mxfar3ct94ghx7r2p",
    "reference": reference("k7mxfar3ct94ghx7r2p"),
    "session_id": SESSION["session_id"],
    "child_ids": [CHILD_ID],
    "status": "confirmed",
    "waitlist_position": None,
    "created_at": "2027-03-06T18:00:02+00:00",
}
EXAMPLES: dict[type[Schema], Any] = {
    Health: {"status": "ok", "version": VERSION},
    Session: SESSION,
    Sessions: {"sessions": [SESSION]},
    PassModel: {"email": "an.claeys@example.be", "language": "nl", "postcode": "9970", "children": [CHILD]},
    AskedPass: {"pass_id": "3k9rtgw5mxpa"},
    Pass: {"pass_id": "3k9rtgw5mxpa", "children": [{"child_id": CHILD_ID, **CHILD}], "admission": None},
    RegistrationModel: {"session_id": SESSION["session_id"], "child_ids": [CHILD_ID], "waitlist": True},
    Registration: REGISTRATION,
    Registrations: {"registrations": [REGISTRATION]},
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
    problems.ALREADY_REGISTERED: {"registration_id": REGISTRATION["registration_id"]},
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
    "WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}},
    "Cache-Control": {"required": True, "schema": {"type": "string"}},
}
CONFLICTS = (problems.CLOSED, problems.ALREADY_REGISTERED, problems.SOLD_OUT)
MORE_HEADERS = {401: ["WWW-Authenticate"], 425: ["Retry-After"], 503: ["Retry-After"]}

DESCRIPTION = f"""\
Registration for the sessions of a city's camps.

Times are ISO 8601 with offset, dates ISO 8601, money in cents. Bodies are JSON in UTF-8 of at most \
{MAX_BODY_BYTES // 1024} KB, judged by their content whatever their Content-Type; a field that is not named here is an \
error. Texts are trimmed and brought into Unicode's NFC before they are checked.

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
    202: "A mail is on its way, to whoever the address belongs to.",
    204: "Done.",
}


def openapi(call: Call) -> Answer:
    return Answer(200, document(), {"Cache-Control": "public, max-age=300"})


@lru_cache
def document() -> dict[str, Any]:
    """The whole document, as `GET /api/openapi.json` answers it."""
    models = MarshmallowPlugin(schema_name_resolver=_component_name)
    spec = APISpec(
        title="Stormloop",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[models],
        info={"description": DESCRIPTION, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    assert models.converter
    models.converter.add_parameter_attribute_function(_may_be_empty)
    spec.components.security_scheme(
        "pass", {"type": "http", "scheme": "bearer", "description": "The token from the link in the mail."}
    )
    spec.components.security_scheme(
        "link", {"type": "apiKey", "in": "query", "name": "token", "description": "As the link in the mail carries it."}
    )
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    alone = [[kind] for kind in problems.KINDS if kind not in CONFLICTS]
    for kinds in [CONFLICTS, *alone]:
        spec.components.response(_response_name(kinds), _refused(kinds))
    for path, operations in _paths().items():
        for operation in operations.values():
            operation["tags"] = [TAG_OF.get(path.split("/")[2], "system")]
        spec.path(path, operations=operations)
    return spec.to_dict()


def _component_name(model: type[Schema] | Schema) -> str:
    """PassModel checks a request: PassRequest."""
    of = model if isinstance(model, type) else type(model)
    return of.__name__.replace("Model", "Request")


def _may_be_empty(converter: object, field: object, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A parameter of the query that is empty is not asked for, as a form sends it."""
    return {"allowEmptyValue": True} if ret["in"] == "query" else {}


def _paths() -> dict[str, dict[str, Operation]]:
    registration_id = _path_parameter("registration_id", REGISTRATION["registration_id"])
    return {
        "/api/health": {"get": _operation("getHealth", "Whether the system answers", {200: Health})},
        "/api/openapi.json": {"get": _operation("getOpenapi", "This document", {200: None})},
        "/api/sessions": {
            "get": _operation(
                "listSessions",
                "Sessions as published, in the order of their first day",
                {200: Sessions},
                [problems.INVALID],
                parameters=[{"in": "query", "schema": SessionQuery}],
            )
        },
        "/api/sessions/{session_id}": {
            "get": _operation(
                "getSession",
                "One session",
                {200: Session},
                [problems.NOT_FOUND],
                parameters=[_path_parameter("session_id", SESSION["session_id"])],
            )
        },
        "/api/passes": {
            "post": _operation(
                "askPass",
                "Ask for a pass; its token comes by mail",
                {202: AskedPass},
                [problems.INVALID],
                body=PassModel,
            )
        },
        "/api/pass": {"get": _operation("getPass", "Your pass", {200: Pass}, security=["pass", "link"])},
        "/api/registrations": {
            "post": _operation(
                "register",
                "Register children for a session: seats for all of them or none; 200 if the same key made it before",
                {201: Registration, 200: Registration},
                [problems.INVALID, problems.NOT_FOUND, problems.TOO_EARLY, problems.NOT_ELIGIBLE, *CONFLICTS],
                body=RegistrationModel,
                parameters=[_key_parameter()],
                security=["pass"],
            ),
            "get": _operation("listRegistrations", "Your registrations", {200: Registrations}, security=["pass"]),
        },
        "/api/registrations/{registration_id}": {
            "get": _operation(
                "getRegistration",
                "One of your registrations",
                {200: Registration},
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
    answers: dict[int, type[Schema] | None],
    refusals: Sequence[Kind] = (),
    *,
    body: type[Schema] | None = None,
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
            **{str(status): _answered(status, schema) for status, schema in answers.items()},
            **{str(status): _response_name(kinds[status]) for status in sorted(kinds)},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body, "example": EXAMPLES[body]}},
        }
    return operation


def _answered(status: int, schema: type[Schema] | None) -> dict[str, Any]:
    response: dict[str, Any] = {"description": ANSWERED[status], "headers": {"Cache-Control": "Cache-Control"}}
    if schema:
        response["content"] = {"application/json": {"schema": schema, "example": EXAMPLES[schema]}}
    elif status != 204:
        response["content"] = {"application/json": {"schema": {"type": "object"}}}
    return response


def _refused(kinds: Sequence[Kind]) -> dict[str, Any]:
    """The answer of kinds that have one status; its description lists them."""
    schemas = [_problem(kind) for kind in kinds]
    more = MORE_HEADERS.get(kinds[0].status, ())
    return {
        "description": " ".join(f"`{kind.slug}`: {kind.title}." for kind in kinds),
        "headers": {name: name for name in ("Content-Language", "Cache-Control", *more)},
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
            ProblemDocument,
            {
                "type": "object",
                "properties": {"type": {"const": problems.TYPE + kind.slug}, "status": {"const": kind.status}},
                "required": list(CARRIES.get(kind, ())),
            },
        ]
    }


def _example(kind: Kind) -> dict[str, Any]:
    return Problem(kind, {**CARRIES.get(kind, {}), **MAY_CARRY.get(kind, {})}).document("en")


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
