"""The OpenAPI 3.1 document of the public API: requests from the models that check them, answers from models that
tests hold every answer against (tests/api/test_schemathesis.py)."""

from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields, validate

from chalicelib import VERSION
from chalicelib.api import problems
from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import MAX_BODY_BYTES
from chalicelib.families.handlers import PassModel
from chalicelib.programme.handlers import SessionQuery
from chalicelib.registrations.handlers import KEY_HEADER, RegistrationModel
from chalicelib.registrations.rules import REFERENCE_ALPHABET, Status

CURRENCY = "EUR"
REFERENCE = "^" + "-".join(f"[{REFERENCE_ALPHABET}]{{{length}}}" for length in (3, 3, 4)) + "$"
Operation = dict[str, Any]


class SessionModel(Schema):
    session_id = fields.String(required=True)
    municipality = fields.String(required=True)
    title = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    age_min = fields.Integer(required=True)
    age_max = fields.Integer(required=True)
    price_cents = fields.Integer(required=True)
    currency = fields.String(required=True, validate=validate.Equal(CURRENCY))
    capacity = fields.Integer(required=True)
    seats_left = fields.Integer(required=True)
    opens_at = fields.DateTime(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["announced", "open", "full", "closed"]))
    place = fields.String(required=True, allow_none=True)
    daily_from = fields.String(required=True, allow_none=True)
    daily_until = fields.String(required=True, allow_none=True)


class SessionsModel(Schema):
    sessions = fields.List(fields.Nested(SessionModel), required=True)


class AskedPassModel(Schema):
    pass_id = fields.String(required=True)


class PassChildModel(Schema):
    child_id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_date = fields.Date(required=True)


class OwnPassModel(Schema):
    pass_id = fields.String(required=True)
    children = fields.List(fields.Nested(PassChildModel), required=True)
    admission = fields.Dict(required=True, allow_none=True)


class RegistrationAnswerModel(Schema):
    registration_id = fields.String(required=True)
    reference = fields.String(
        required=True, validate=validate.Regexp(REFERENCE)
    )
    session_id = fields.String(required=True)
    child_ids = fields.List(fields.String(), required=True)
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in Status]))
    waitlist_position = fields.Integer(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class RegistrationsModel(Schema):
    registrations = fields.List(fields.Nested(RegistrationAnswerModel), required=True)


class HealthModel(Schema):
    status = fields.String(required=True, validate=validate.Equal("ok"))
    version = fields.String(required=True)


class FieldErrorModel(Schema):
    field = fields.String(required=True)
    message = fields.String(required=True)


class ProblemModel(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorModel))
    opens_at = fields.DateTime(allow_none=True)
    registration_id = fields.String()
    seats_left = fields.Integer()
    child_ids = fields.List(fields.String())
    rule = fields.String()


def openapi(call: Call) -> Answer:
    return Answer(200, document(), {"Cache-Control": "public, max-age=300"})


@lru_cache
def document() -> dict[str, Any]:
    """The whole document, as `GET /api/openapi.json` answers it."""
    spec = APISpec(
        title="Stormloop",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin()],
        info={
            "description": "Registration for sessions of a city's camps. Errors are RFC 9457 problem documents in nl, "
            f"fr or en (Accept-Language). Bodies are JSON of at most {MAX_BODY_BYTES // 1024} KB.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
    )
    spec.components.security_scheme(
        "pass", {"type": "http", "scheme": "bearer", "description": "The token from the link in the mail."}
    )
    for path, operations in _paths().items():
        spec.path(path, operations=operations)
    return spec.to_dict()


def _paths() -> dict[str, dict[str, Operation]]:
    registration_id = _path_parameter("registration_id")
    return {
        "/api/health": {"get": _operation("Whether the system answers", {200: HealthModel})},
        "/api/openapi.json": {
            "get": {
                "summary": "This document",
                "security": [],
                "responses": {
                    "200": {
                        "description": "OpenAPI 3.1",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        },
        "/api/sessions": {
            "get": _operation(
                "Sessions as published, by day",
                {200: SessionsModel},
                [problems.INVALID],
                parameters=[{"in": "query", "schema": SessionQuery}],
            )
        },
        "/api/sessions/{session_id}": {
            "get": _operation(
                "One session", {200: SessionModel}, [problems.NOT_FOUND], parameters=[_path_parameter("session_id")]
            )
        },
        "/api/passes": {
            "post": _operation(
                "Ask for a pass; its token comes by mail", {202: AskedPassModel}, [problems.INVALID], body=PassModel
            )
        },
        "/api/pass": {"get": _operation("Your pass", {200: OwnPassModel}, with_pass=True)},
        "/api/registrations": {
            "post": _operation(
                "Register children for a session",
                {201: RegistrationAnswerModel, 200: RegistrationAnswerModel},
                [problems.INVALID, problems.NOT_FOUND, problems.TOO_EARLY, problems.CLOSED, problems.NOT_ELIGIBLE],
                body=RegistrationModel,
                with_pass=True,
                parameters=[
                    {
                        "in": "header",
                        "name": KEY_HEADER,
                        "required": True,
                        "description": "New for each registration, the same when you try again.",
                        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
                    }
                ],
            ),
            "get": _operation("Your registrations", {200: RegistrationsModel}, with_pass=True),
        },
        "/api/registrations/{registration_id}": {
            "get": _operation(
                "One of your registrations",
                {200: RegistrationAnswerModel},
                [problems.NOT_FOUND],
                parameters=[registration_id],
                with_pass=True,
            ),
            "delete": _operation(
                "Cancel; the seats are free again at once",
                {204: None},
                [problems.NOT_FOUND],
                parameters=[registration_id],
                with_pass=True,
            ),
        },
    }


def _operation(
    summary: str,
    answers: dict[int, type[Schema] | None],
    refusals: list[problems.Kind] | None = None,
    *,
    body: type[Schema] | None = None,
    parameters: list[dict[str, Any]] | None = None,
    with_pass: bool = False,
) -> Operation:
    always = [problems.UNAUTHORIZED, problems.BUSY] if with_pass else [problems.BUSY]
    responses: dict[str, Any] = {str(status): _answered(schema) for status, schema in answers.items()}
    for kind in [*(refusals or []), *always]:
        responses.setdefault(
            str(kind.status),
            {"description": kind.title, "content": {"application/problem+json": {"schema": ProblemModel}}},
        )
    operation: Operation = {"summary": summary, "responses": responses, "security": [{"pass": []}] if with_pass else []}
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _answered(schema: type[Schema] | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done"}
    return {"description": "The answer", "content": {"application/json": {"schema": schema}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True, "schema": {"type": "string", "minLength": 1}}
