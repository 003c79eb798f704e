"""The document, put together from its parts."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from chalicelib import VERSION, routes
from chalicelib.core.http import problems
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import plain
from chalicelib.core.http.fields import MAX_BODY_BYTES, JsonSchema
from chalicelib.core.http.problems import ProblemKind
from chalicelib.openapi import (
    attendance,
    bank,
    camps,
    cancellation,
    cases,
    certificates,
    desk,
    draw,
    families,
    incidents,
    ledger,
    money,
    openings,
    payments,
    programme,
    publication,
    quotes,
    refunds,
    refusals,
    registrations,
    system,
)
from chalicelib.openapi.examples import IDS
from chalicelib.openapi.operations import JSON, Operation, Parameter
from chalicelib.openapi.schemas import ref, schema_by_example, schema_of
from chalicelib.people.families.handlers import MOST_PASSES_AN_HOUR
from chalicelib.people.rules import Caller, Within
from chalicelib.routes import Route

DESCRIPTION = f"""\
Registration for the sessions of a city's camps.

Times are ISO 8601 with offset, dates ISO 8601, money in cents. Bodies are JSON in UTF-8 of at most \
{MAX_BODY_BYTES // 1024} KB, judged by their content whatever their Content-Type; a field that is not named here is an \
error, a query parameter that is not named is ignored. Texts are trimmed and brought into Unicode's NFC before they \
are checked.

Errors are RFC 9457 problem documents in nl, fr or en (Accept-Language); nothing is stored when there is one. Answers \
may get more fields than are named here."""
# Who may call: a family with its pass; the same with the link of a mail; staff.
PASS, LINK, STAFF = "pass", "link", "staff"
SECURITY = {Caller.ANYONE: (), Caller.FAMILY: (PASS,), Caller.FAMILY_BY_LINK: (PASS, LINK)}
SECURITY_SCHEMES = {
    PASS: {"type": "http", "scheme": "bearer", "description": "The token from the link in the mail."},
    LINK: {"type": "apiKey", "in": "query", "name": "token", "description": "The token of the link in the mail."},
    STAFF: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The id token that the city's user pool gives to a member of staff who signs in there "
        "(OpenID Connect, authorization code with PKCE). It is good for 15 minutes; its groups are the roles. Amazon "
        "API Gateway verifies it before it asks us.",
    },
}
PARTS = (
    programme.PART,
    families.PART,
    registrations.PART,
    registrations.OFFERS,
    money.PART,
    payments.PART,
    cases.PART,
    openings.PART,
    draw.PART,
    ledger.PART,
    cancellation.PART,
    quotes.PART,
    refunds.PART,
    certificates.PART,
    desk.PART,
    attendance.PART,
    camps.PART,
    publication.PART,
    incidents.PART,
    bank.PART,
    system.STAFF,
    system.PART,
)
# "GET /api/sessions" to the call, in the order of the parts.
OPERATIONS = {route: one for part in PARTS for route, one in part.operations.items()}
REQUESTS = {name: model for part in PARTS for name, (model, _) in part.requests.items()}
_ANSWERS = {name: one for part in PARTS for name, one in part.answers.items()}
# Of what is answered and of what is sent, as JSON has them.
EXAMPLES: dict[str, Any] = {
    **json.loads(json.dumps({name: one for name, one in _ANSWERS.items() if not isinstance(one, type)}, default=plain)),
    **{name: example for part in PARTS for name, (_, example) in part.requests.items()},
}
NAMES = {
    one if isinstance(one, type) else type(one): name for name, one in _ANSWERS.items() if not isinstance(one, Mapping)
}
ANSWERED = {200: "The answer.", 201: "Made.", 202: "Accepted; the work is under way.", 204: "Done."}
ANSWERED_OF = {
    ("askPass", 202): "A mail is on its way to the owner of the address; one address gets at most "
    f"{MOST_PASSES_AN_HOUR} mails an hour, with the same answer beyond that.",
}


def openapi(call: Call) -> Answer:
    return Answer(200, document(), {"Cache-Control": "public, max-age=300"})


@lru_cache
def document() -> dict[str, Any]:
    """The whole document, as `GET /api/openapi.json` answers it."""
    paths: dict[str, dict[str, Any]] = {}
    refused = set()
    for part in PARTS:
        for route, one in part.operations.items():
            method, path = route.split()
            paths.setdefault(path, {})[method.lower()] = {"tags": [part.tag], **_described(one, _route(method, path))}
            refused.update(_refusals(one, _route(method, path)))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stormloop",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "tags": [{"name": part.tag, "description": part.about} for part in PARTS],
        "paths": paths,
        "components": {
            "schemas": {
                **{name: _schema(answer) for name, answer in _ANSWERS.items()},
                **{name: model.json_schema() for name, model in REQUESTS.items()},
                **refusals.SCHEMAS,
            },
            "headers": refusals.HEADERS,
            "responses": {
                refusals.name_of(kinds): refusals.response(kinds) for kinds in sorted(refused, key=refusals.name_of)
            },
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _schema(answer: object) -> JsonSchema:
    if isinstance(answer, Mapping):
        return schema_by_example(answer, NAMES)
    return schema_of(answer if isinstance(answer, type) else type(answer), NAMES)


def _route(method: str, path: str) -> Route:
    route = routes.find(method, path)
    assert route is not None, f"{method} {path} is described, but it is no route"
    return route


def _security(route: Route) -> Sequence[str]:
    """The schemes of which one is asked for; none where anybody may."""
    return SECURITY[route.who] if isinstance(route.who, Caller) else (STAFF,)


def _in_path(name: str) -> Parameter:
    schema = {"type": "string", "minLength": 1}
    return {"in": "path", "name": name, "required": True, "schema": schema, "example": IDS[name]}


def _ids(route: Route) -> Sequence[str]:
    return re.findall("{(.+?)}", route.address)


def _described(one: Operation, route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.operation_id,
        "summary": one.summary,
        "security": [{scheme: []} for scheme in _security(route)],
        "responses": {
            **{str(status): _answered(one, status) for status in one.statuses},
            **{str(kinds[0].status): ref("responses", refusals.name_of(kinds)) for kinds in _refusals(one, route)},
        },
    }
    roles = f"For staff with one of the roles: {', '.join(route.roles)}." if route.roles else ""
    if about := "\n\n".join(filter(None, (one.about, roles))):
        described["description"] = about
    if parameters := [*map(_in_path, _ids(route)), *one.parameters]:
        described["parameters"] = parameters
    if one.body:
        described["requestBody"] = {"required": True, "content": _json(one.body)}
    if one.file:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "description": one.file, "content": content}
    return described


def _answered(one: Operation, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": ANSWERED_OF.get((one.operation_id, status), ANSWERED[status]),
        "headers": {"Cache-Control": ref("headers", "Cache-Control")},
    }
    if one.answer:
        response["content"] = _json(one.answer)
    elif one.media != JSON:
        response["content"] = {one.media: {"schema": {"type": "string", "format": "binary"}}}
    elif status != 204:
        response["content"] = {JSON: {"schema": {"type": "object"}}}
    return response


def _json(name: str) -> dict[str, Any]:
    return {JSON: {"schema": ref("schemas", name), "example": EXAMPLES[name]}}


def _refusals(one: Operation, route: Route) -> list[tuple[ProblemKind, ...]]:
    """The refusals by status, in the order of problems.KINDS."""
    kinds = {*one.refusals, problems.BUSY, problems.UNEXPECTED}
    if one.body or one.file or one.parameters:
        kinds.add(problems.INVALID)
    if _ids(route):
        kinds.add(problems.NOT_FOUND)
    if route.roles:
        kinds |= {problems.NOT_SIGNED_IN, problems.NOT_ALLOWED}
        kinds |= set() if route.within is Within.NOTHING else {problems.NOT_YOURS}
    elif _security(route):
        # Whichever call brings the token of a first mail names its children.
        kinds |= {problems.UNAUTHORIZED, problems.TOO_MANY_CHILDREN}
    by_status = sorted((kind for kind in problems.KINDS if kind in kinds), key=lambda kind: kind.status)
    return [tuple(same) for _, same in groupby(by_status, key=lambda kind: kind.status)]
