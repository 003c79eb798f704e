"""The OpenAPI document is valid, complete, and says what the contract says."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

import app
from chalicelib import openapi
from chalicelib.core.http import problems
from chalicelib.core.http.fields import check
from chalicelib.routes import ROUTES
from tests.camps import request

# As in the contract: other programs are written against it.
CONTRACT = {
    "invalid": 422,
    "unauthorized": 401,
    "not-found": 404,
    "too-early": 425,
    "closed": 409,
    "not-eligible": 403,
    "already-registered": 409,
    "sold-out": 409,
    "busy": 503,
}
OURS = {"not-allowed": 403, "answers-missing": 409, "changed": 409, "not-now": 409, "unexpected": 500, "too-many": 429}
ALWAYS = {"busy", "unexpected"}
# Whichever call uses the token of a first mail names its children.
WITH_PASS = {"unauthorized", "not-eligible"}
OF_STAFF = {"unauthorized", "not-allowed"}
IN_THE_WAY = {"too-early", "closed", "not-eligible", "already-registered", "sold-out"}
TAKING_WISHES = ALWAYS | WITH_PASS | {"not-found", "not-now", "closed", "too-early"}
HELD = ALWAYS | WITH_PASS | {"not-found", "not-now", "closed"}
VERSIONS = ALWAYS | OF_STAFF | {"invalid", "not-found", "changed", "not-now"}
REFUSALS = {
    "GET /api/health": ALWAYS,
    "GET /api/tax-certificates": ALWAYS | WITH_PASS | {"invalid", "not-now"},
    "GET /api/tax-certificates/{certificate}/certificate.pdf": ALWAYS | WITH_PASS | {"not-found"},
    "GET /api/staff/tax-certificates.xml": ALWAYS | OF_STAFF | {"invalid", "not-now", "changed"},
    "GET /api/openapi.json": ALWAYS,
    "GET /api/sessions": ALWAYS | {"invalid"},
    "GET /api/sessions/{session_id}": ALWAYS | {"not-found"},
    "GET /api/sessions/{session_id}/questions": ALWAYS | {"not-found"},
    "POST /api/passes": ALWAYS | {"invalid", "too-many"},
    "GET /api/pass": ALWAYS | WITH_PASS,
    "GET /api/account": ALWAYS | WITH_PASS,
    "POST /api/orders/{order_id}/payments": ALWAYS | WITH_PASS | {"invalid", "not-found", "not-now"},
    "POST /api/payments/provider": ALWAYS,
    "POST /api/pass/corrections": ALWAYS | WITH_PASS | {"invalid", "not-now", "changed", "too-many"},
    "DELETE /api/pass": ALWAYS | WITH_PASS,
    "GET /api/family": ALWAYS | WITH_PASS,
    "DELETE /api/family": ALWAYS | WITH_PASS,
    "POST /api/registrations": ALWAYS | WITH_PASS | {"invalid", "not-found"} | IN_THE_WAY,
    "GET /api/registrations": ALWAYS | WITH_PASS,
    "GET /api/registrations/{registration_id}": ALWAYS | WITH_PASS | {"not-found"},
    "DELETE /api/registrations/{registration_id}": ALWAYS | WITH_PASS | {"not-found"},
    "DELETE /api/registrations/{registration_id}/children/{child_id}": ALWAYS | WITH_PASS | {"not-found"},
    "POST /api/registrations/{registration_id}/transfer": (
        ALWAYS | WITH_PASS | {"invalid", "not-found", "not-now"} | IN_THE_WAY
    ),
    "GET /api/registrations/{registration_id}/answers": ALWAYS | WITH_PASS | {"not-found"},
    "PUT /api/registrations/{registration_id}/answers": (
        ALWAYS | WITH_PASS | {"invalid", "not-found", "not-now", "changed"}
    ),
    "POST /api/registrations/{registration_id}/acceptance": HELD | {"answers-missing"},
    "POST /api/registrations/{registration_id}/extension": HELD,
    "GET /api/openings": ALWAYS,
    "GET /api/openings/{opening_id}": ALWAYS | {"not-found"},
    "GET /api/openings/{opening_id}/list": ALWAYS | {"invalid", "not-found", "not-now"},
    "GET /api/openings/{opening_id}/wishes": ALWAYS | WITH_PASS | {"not-found", "not-now"},
    "PUT /api/openings/{opening_id}/wishes": TAKING_WISHES | {"invalid", "not-eligible"},
    "DELETE /api/openings/{opening_id}/wishes": TAKING_WISHES,
    "GET /api/openings/{opening_id}/draw": ALWAYS | {"invalid", "not-found", "not-now"},
    "GET /api/ledger": ALWAYS | {"invalid"},
    "GET /api/cancellation": ALWAYS,
    "POST /api/quotes": ALWAYS | WITH_PASS | {"invalid"},
    "GET /api/forms": ALWAYS,
    "GET /api/forms/{form_id}": ALWAYS | {"not-found"},
    "POST /api/cases": ALWAYS | {"invalid", "not-found", "not-now"},
    "GET /api/cases/{receipt}": ALWAYS | {"invalid", "not-found"},
    "PUT /api/staff/cancellation": ALWAYS | OF_STAFF | {"invalid", "changed"},
    "GET /api/staff/refunds.xml": ALWAYS | OF_STAFF | {"invalid", "not-found", "not-now"},
    "POST /api/staff/statements": ALWAYS | OF_STAFF | {"invalid"},
    "GET /api/staff/receivables": ALWAYS | OF_STAFF | {"invalid"},
    "GET /api/staff/me": ALWAYS | OF_STAFF,
    "GET /api/staff/ledger": ALWAYS | OF_STAFF | {"invalid"},
    "POST /api/staff/openings": ALWAYS | OF_STAFF | {"invalid"},
    "GET /api/staff/openings": ALWAYS | OF_STAFF,
    "GET /api/staff/openings/{opening_id}": ALWAYS | OF_STAFF | {"not-found"},
    "PUT /api/staff/openings/{opening_id}": VERSIONS,
    "POST /api/staff/openings/{opening_id}/approvals": VERSIONS,
    "POST /api/staff/openings/{opening_id}/publication": VERSIONS,
    "POST /api/staff/openings/{opening_id}/beacon": VERSIONS,
    "POST /api/staff/openings/{opening_id}/draw": ALWAYS | OF_STAFF | {"not-found", "not-now"},
    "POST /api/staff/openings/{opening_id}/incidents": VERSIONS,
    "GET /api/staff/openings/{opening_id}/incidents": ALWAYS | OF_STAFF | {"not-found"},
    "POST /api/staff/openings/{opening_id}/incidents/{number}/approval": VERSIONS - {"invalid"},
    "POST /api/staff/openings/{opening_id}/incidents/{number}/announcement": ALWAYS | OF_STAFF | {"not-found"},
    "POST /api/staff/registrations": ALWAYS | OF_STAFF | {"invalid", "not-found"} | IN_THE_WAY,
    "GET /api/staff/registrations": ALWAYS | OF_STAFF | {"invalid"},
    "POST /api/staff/registrations/search": ALWAYS | OF_STAFF | {"invalid"},
    "GET /api/staff/work": ALWAYS | OF_STAFF | {"invalid"},
    "POST /api/staff/work": VERSIONS,
    "POST /api/staff/families/{family_id}/conversations": ALWAYS | OF_STAFF | {"invalid", "not-found"},
    "GET /api/staff/sessions/{session_id}/waiting-list": ALWAYS | OF_STAFF | {"invalid", "not-found"},
    "POST /api/staff/registrations/{registration_id}/acceptance": HELD - WITH_PASS | OF_STAFF | {"invalid"},
    "POST /api/staff/registrations/{registration_id}/transfer": (
        ALWAYS | OF_STAFF | {"invalid", "not-found", "not-now"} | IN_THE_WAY
    ),
    "POST /api/staff/registrations/{registration_id}/cancellation": ALWAYS | OF_STAFF | {"invalid", "not-found"},
    "GET /api/staff/namings": ALWAYS | OF_STAFF | {"invalid"},
    "POST /api/staff/namings/{child_id}": VERSIONS,
    "POST /api/staff/namings/{child_id}/joining": VERSIONS,
    "POST /api/staff/namings/{child_id}/parting": VERSIONS,
    "POST /api/staff/families/joining": ALWAYS
    | OF_STAFF
    | {"invalid", "not-found", "not-now", "changed", "not-eligible"},
    "POST /api/staff/families/corrections": ALWAYS | OF_STAFF | {"invalid", "not-found", "not-now", "changed"},
    "POST /api/staff/families/limits": ALWAYS | OF_STAFF | {"invalid"},
    "POST /api/staff/sessions/{session_id}/grants": ALWAYS
    | OF_STAFF
    | {"invalid", "not-found", "not-now"}
    | (IN_THE_WAY - {"too-early"}),
    "POST /api/staff/sessions/{session_id}/reserved": VERSIONS - {"changed"},
    "GET /api/staff/sessions/{session_id}/attendance/{date}": ALWAYS | OF_STAFF | {"not-found"},
    "PUT /api/staff/sessions/{session_id}/attendance/{date}": VERSIONS,
    "PUT /api/staff/sessions/{session_id}/capacity": VERSIONS - {"changed"},
    "PUT /api/staff/sessions/{session_id}/closing": VERSIONS - {"changed"},
    "POST /api/staff/sessions/{session_id}/changes": VERSIONS,
    "POST /api/staff/sessions/{session_id}/cancellation": VERSIONS - {"changed"},
}
SUCCESSES = {
    "POST /api/passes": {"202"},
    "POST /api/registrations": {"200", "201"},
    "POST /api/cases": {"200", "201"},
    "POST /api/orders/{order_id}/payments": {"201"},
    "DELETE /api/pass": {"204"},
    "DELETE /api/family": {"202"},
    "DELETE /api/registrations/{registration_id}": {"204"},
    "DELETE /api/registrations/{registration_id}/children/{child_id}": {"204"},
    "DELETE /api/openings/{opening_id}/wishes": {"204"},
    "POST /api/staff/statements": {"200", "202"},
    "POST /api/staff/openings": {"201"},
    "POST /api/staff/openings/{opening_id}/beacon": {"200", "202"},
    "POST /api/staff/openings/{opening_id}/draw": {"200", "202"},
    "POST /api/staff/openings/{opening_id}/incidents": {"201", "202"},
    "POST /api/staff/openings/{opening_id}/incidents/{number}/announcement": {"202"},
    "POST /api/staff/registrations": {"200", "201"},
    "POST /api/staff/work": {"204"},
    "POST /api/staff/families/{family_id}/conversations": {"204"},
    "POST /api/staff/sessions/{session_id}/grants": {"200", "201"},
}
DOCUMENT = openapi.document()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` stands for."""
    while "$ref" in part:
        name = part["$ref"].removeprefix("#/").split("/")
        part = DOCUMENT
        for step in name:
            part = part[step]
    return part


def parts(of: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(of, dict):
        yield of
        for each in of.values():
            yield from parts(each)
    elif isinstance(of, list):
        for each in of:
            yield from parts(each)


def is_right(schema: dict[str, Any], value: Any) -> bool:
    whole = {**schema, "components": DOCUMENT["components"]}
    return bool(jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid(value))


def test_it_is_what_the_meta_schema_of_openapi_3_1_asks_for():
    assert DOCUMENT["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(copy.deepcopy(DOCUMENT)).validate()


def test_the_meta_schema_would_find_a_slip():
    broken = copy.deepcopy(DOCUMENT)
    broken["paths"]["/api/pass"]["get"]["responses"]["200"].pop("description")
    with pytest.raises(Exception, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_schema_in_it_is_json_schema():
    schemas = [part["schema"] for part in parts(DOCUMENT) if isinstance(part.get("schema"), dict)]
    for schema in [*schemas, *DOCUMENT["components"]["schemas"].values()]:
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_reference_leads_somewhere():
    references = [part["$ref"] for part in parts(DOCUMENT) if isinstance(part.get("$ref"), str)]
    assert references
    for reference in references:
        assert resolved({"$ref": reference})


def test_it_is_served_as_it_is():
    answer = request("GET", "/api/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json_body == json.loads(json.dumps(DOCUMENT))


def test_every_route_is_in_it_and_nothing_else():
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    pages = {f"{one.method} {one.address}" for one in ROUTES if not one.is_api}
    assert set(OPERATIONS) == routes - pages == set(REFUSALS)


def test_every_route_and_every_problem_is_in_the_docs():
    """docs/api.md names a route as `METHOD /path`, perhaps with a query, and a problem by its slug."""
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`? ]+)[^`]*`", text))
    assert set(OPERATIONS) <= named
    slugs = set(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", text, re.MULTILINE))
    assert slugs == {(slug, str(status)) for slug, status in (CONTRACT | OURS).items()}


def test_the_docs_name_every_parameter_every_field_of_a_request_and_those_of_an_answer():
    """docs/api.md names each once at least, wherever it describes what it is of."""
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    missing = {
        f"{route} {name}"
        for route, one in OPERATIONS.items()
        for name in names_in(one)
        if not re.search(rf"\b{name}\b", text)
    }
    assert missing == set()


def names_in(operation: dict[str, Any]) -> Iterator[str]:
    """Of its query, of the JSON that it takes, and of the uppermost level of what it answers, in a list too."""
    yield from (one["name"] for one in map(followed, operation.get("parameters", ())) if one["in"] == "query")
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    answers = [one for status, one in operation["responses"].items() if status.startswith("2")]
    for one in map(followed, [*bodies, *answers]):
        for content in one.get("content", {}).values():
            yield from fields_of(content["schema"])


def fields_of(schema: dict[str, Any], depth: int = 2) -> Iterator[str]:
    schema = followed(schema)
    yield from schema.get("properties", ())
    inner = [one for way in ("allOf", "anyOf", "oneOf") for one in schema.get(way, ())]
    for one in inner:
        yield from fields_of(one, depth)
    if depth and "items" in schema:
        yield from fields_of(schema["items"], depth - 1)


def followed(one: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in one:
        found: Any = DOCUMENT
        for step in one["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        one = found
    return one


@pytest.mark.parametrize("route", [one for one in ROUTES if one.is_api and one.roles], ids=lambda one: one.address)
def test_the_roles_of_a_staff_route_are_those_that_it_admits(route):
    text = OPERATIONS[f"{route.method} {route.address}"]["description"].rpartition("roles: ")[2]
    assert set(text.removesuffix(".").split(", ")) == set(route.roles)


def test_the_docs_name_the_roles_of_each_staff_route():
    """docs/api.md is written by hand: who changes the table of routes alone does not change who may what unnoticed."""
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+ /api/staff[^`? ]*)[^|]*\| ([a-z, -]+) \|", text, re.MULTILINE)
    said = {route: set(roles.split(", ")) for route, roles in rows}
    meant = {f"{one.method} {one.address}": set(one.roles) for one in ROUTES if one.is_api and one.roles}
    assert said == meant | {"GET /api/staff/me": {"any"}}


def test_every_operation_has_a_name_of_its_own_and_words():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for operation in OPERATIONS.values():
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
        assert all(resolved(response)["description"] for response in operation["responses"].values())


def test_the_problems_are_those_of_the_contract_and_some_of_our_own():
    assert {kind.slug: kind.status for kind in problems.KINDS} == CONTRACT | OURS


def test_every_kind_of_problem_is_an_example_somewhere():
    shown = {
        example["value"]["title"]
        for response in DOCUMENT["components"]["responses"].values()
        for example in response["content"]["application/problem+json"]["examples"].values()
    }
    assert shown == {kind.title for kind in problems.KINDS}


@pytest.mark.parametrize("route", REFUSALS)
def test_each_problem_is_documented_where_it_can_occur_under_its_status(route):
    documented: dict[str, int] = {}
    for status, response in OPERATIONS[route]["responses"].items():
        content = resolved(response).get("content", {})
        for part in parts(content.get("application/problem+json", {}).get("schema", {})):
            if "const" in part.get("properties", {}).get("type", {}):
                slug = part["properties"]["type"]["const"].rpartition("/")[2]
                documented[slug] = int(status)
                assert part["properties"]["status"]["const"] == int(status)

    assert documented == {slug: (CONTRACT | OURS)[slug] for slug in REFUSALS[route]}


@pytest.mark.parametrize("route", OPERATIONS)
def test_each_success_is_documented_under_its_status(route):
    found = {status for status in OPERATIONS[route]["responses"] if status.startswith("2")}
    assert found == SUCCESSES.get(route, {"200"})


@pytest.mark.parametrize(
    ("status", "header", "is_required"),
    [
        ("401", "WWW-Authenticate", False),  # API Gateway gives it another name
        ("425", "Retry-After", True),
        ("503", "Retry-After", True),
    ],
)
def test_what_a_client_needs_to_go_on_is_a_documented_header(status, header, is_required):
    for route in REFUSALS:
        operation = OPERATIONS[route]
        if status in operation["responses"]:
            headers = resolved(operation["responses"][status])["headers"]
            assert resolved(headers[header])["required"] is is_required


def test_every_example_is_right_by_its_own_schema():
    media = [part for part in parts(DOCUMENT) if "schema" in part and ("example" in part or "examples" in part)]
    assert len(media) > 20
    for part in media:
        examples = [part["example"]] if "example" in part else [one["value"] for one in part["examples"].values()]
        for example in examples:
            assert is_right(part["schema"], example), example


@pytest.mark.parametrize("name", openapi.REQUESTS)
def test_the_examples_of_requests_are_taken_by_the_models_that_check_them(name):
    assert check(openapi.REQUESTS[name], openapi.EXAMPLES[name])


def test_a_request_may_hold_nothing_else_and_an_answer_may_get_more():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert schema.get("additionalProperties", True) is not name.endswith("Request"), name


def test_the_schemas_of_answers_would_find_a_slip():
    session = resolved({"$ref": "#/components/schemas/Session"})
    right = openapi.EXAMPLES["Session"]
    wrong = {
        "status": "draft",
        "starts_on": "16/08/2027",
        "price_cents": 45.5,
        "currency": "USD",
        "seats_left": -1,
        "opens_at": "2027-03-06 19:00",
        "daily_from": "9u",
        "title": None,
    }
    assert is_right(session, right | {"new_field": 1})
    for name, value in wrong.items():
        assert not is_right(session, right | {name: value}), name
        assert not is_right(session, {key: each for key, each in right.items() if key != name}), name


def test_patterns_mean_the_same_in_python_and_in_javascript():
    """Only what both know: no flags, no named groups, no lookbehind, no \\A and \\Z, no class of one of them only."""
    patterns = {part["pattern"] for part in parts(DOCUMENT) if isinstance(part.get("pattern"), str)}
    assert len(patterns) >= 7
    for pattern in patterns:
        re.compile(pattern)
        jsonschema_rs.validator_for({"type": "string", "pattern": pattern})  # reads it as ECMA 262
        assert re.match(r"\^.*\$$", pattern)
        outside_classes = re.sub(r"\[[^]]*\]", "[]", pattern)
        assert not re.search(r"\(\?[^:!]|\\(?![.x])|[*+?}]\+", outside_classes), pattern


@pytest.mark.parametrize("route", OPERATIONS)
def test_security_is_named_for_what_takes_a_pass_or_a_sign_in_and_for_nothing_else(route):
    method, path = route.split()
    schemes = [name for requirement in OPERATIONS[route]["security"] for name in requirement]
    needs_pass = ["pass"] if "unauthorized" in REFUSALS.get(route, ()) else []
    of_staff = ["staff"] if app.app.routes[path][method].authorizer else []
    assert schemes == {"GET /api/pass": ["pass", "link"]}.get(route, of_staff or needs_pass)
    assert set(schemes) <= set(DOCUMENT["components"]["securitySchemes"])
