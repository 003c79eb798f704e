"""The document, put together from its parts."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from chalicelib import VERSION, routes
from chalicelib.api import problems
from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import MAX_BODY_BYTES
from chalicelib.api.problems import Kind
from chalicelib.families.handlers import MOST_PASSES_AN_HOUR
from chalicelib.openapi import (
    cancellation,
    desk,
    draw,
    families,
    incidents,
    ledger,
    offers,
    openings,
    programme,
    publication,
    refusals,
    registrations,
    staff,
    system,
)
from chalicelib.openapi.operations import JSON, Operation
from chalicelib.openapi.schemas import ref, schema_of
from chalicelib.people.rules import Caller
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
        "(OpenID Connect, "
        "authorization code with PKCE). It is good for an hour; its groups are the roles. Amazon API Gateway verifies "
        "it before it asks us.",
    },
}
PARTS = (
    programme.PART,
    families.PART,
    registrations.PART,
    offers.PART,
    openings.PART,
    draw.PART,
    ledger.PART,
    cancellation.PART,
    desk.PART,
    publication.PART,
    incidents.PART,
    staff.PART,
    system.PART,
)
NAMES = {answered: name for part in PARTS for name, answered in part.schemas.items() if isinstance(answered, type)}
EXAMPLES: dict[str, Any] = {name: example for part in PARTS for name, example in part.examples.items()}
REQUESTS = {name: model for part in PARTS for name, model in part.requests.items()}
ANSWERED = {
    200: "The answer.",
    201: "Made.",
    202: "Accepted; the work is under way.",
    204: "Done.",
}
ANSWERED_OF = {
    ("askPass", 202): "A mail is on its way to the owner of the address; one address gets at most "
    f"{MOST_PASSES_AN_HOUR} mails an hour, with the same answer beyond that.",
}


def openapi(call: Call) -> Answer:
    return Answer(200, document(), {"Cache-Control": "public, max-age=300"})


@lru_cache
def document() -> dict[str, Any]:
    """The whole document, as `GET /api/openapi.json` answers it."""
    refused = {
        kinds
        for part in PARTS
        for path, methods in part.paths.items()
        for method, one in methods.items()
        for kinds in _refusals(one, _route(method, path))
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stormloop",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "tags": [{"name": part.tag, "description": part.about} for part in PARTS],
        "paths": {
            path: {
                method: {"tags": [part.tag], **_described(one, _route(method, path))} for method, one in methods.items()
            }
            for part in PARTS
            for path, methods in part.paths.items()
        },
        "components": {
            "schemas": {
                **{
                    name: schema_of(answered, NAMES) if isinstance(answered, type) else answered
                    for part in PARTS
                    for name, answered in part.schemas.items()
                },
                **{name: model.json_schema() for name, model in REQUESTS.items()},
                **refusals.SCHEMAS,
            },
            "headers": refusals.HEADERS,
            "responses": {
                name: refusals.response(kinds)
                for name, kinds in sorted((refusals.response_name(kinds), kinds) for kinds in refused)
            },
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _route(method: str, path: str) -> Route:
    route = routes.find(method.upper(), path)
    assert route is not None, f"{method} {path} is described, but it is no route"
    return route


def _security(route: Route) -> Sequence[str]:
    """The schemes of which one is asked for; none where anybody may."""
    return SECURITY[route.who] if isinstance(route.who, Caller) else (STAFF,)


def _described(one: Operation, route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.operation_id,
        "summary": one.summary,
        "security": [{scheme: []} for scheme in _security(route)],
        "responses": {
            **{str(status): _answered(one, status, name) for status, name in one.answers.items()},
            **{
                str(kinds[0].status): ref("responses", refusals.response_name(kinds)) for kinds in _refusals(one, route)
            },
        },
    }
    roles = f"For staff with one of the roles: {', '.join(route.roles)}." if route.roles else ""
    about = "\n\n".join(filter(None, (one.about, roles)))
    if about:
        described["description"] = about
    if one.parameters:
        described["parameters"] = list(one.parameters)
    if one.body:
        media = {"schema": ref("schemas", one.body), "example": EXAMPLES[one.body]}
        described["requestBody"] = {"required": True, "content": {JSON: media}}
    return described


def _answered(one: Operation, status: int, name: str | None) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": ANSWERED_OF.get((one.operation_id, status), ANSWERED[status]),
        "headers": {"Cache-Control": ref("headers", "Cache-Control")},
    }
    if name:
        response["content"] = {JSON: {"schema": ref("schemas", name), "example": EXAMPLES[name]}}
    elif status != 204:
        response["content"] = {JSON: {"schema": {"type": "object"}}}
    return response


def _refusals(one: Operation, route: Route) -> list[tuple[Kind, ...]]:
    """The refusals by status, in the order of problems.KINDS."""
    kinds = {*one.refusals, problems.BUSY, problems.UNEXPECTED}
    if route.roles:
        kinds |= {problems.NOT_SIGNED_IN, problems.NOT_ALLOWED}
    elif _security(route):
        kinds.add(problems.UNAUTHORIZED)
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in problems.KINDS:
        if kind in kinds:
            by_status[kind.status].append(kind)
    return [tuple(by_status[status]) for status in sorted(by_status)]
