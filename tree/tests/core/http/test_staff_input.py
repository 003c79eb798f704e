"""Whatever is wrong in what staff send, and in wishes: it is refused in words, and nothing is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import openapi
from chalicelib.core.http.fields import BODY_NOT_JSON, BODY_TOO_LARGE, MAX_BODY_BYTES, UNKNOWN
from chalicelib.core.observability import log
from chalicelib.office.attendance.requests import AS_MARK
from tests.camps import LOU, request
from tests.core.http import summer
from tests.core.http.problems import is_invalid
from tests.core.http.test_bad_input import NEVER_RIGHT, NOT_JSON, Place, as_field, with_value

# Path to what is sent there, and is right by itself.
SENT = {
    (method, path): openapi.EXAMPLES[one.body]
    for (method, path), one in ((route.split(), one) for route, one in openapi.OPERATIONS.items())
    if one.body and (path.startswith("/api/staff") or path.endswith("/wishes"))
}


@pytest.fixture(scope="module", autouse=True)
def everything() -> Iterator[None]:
    """And in the end it is as it was: none of all this stores anything."""
    level = log.level
    log.setLevel("CRITICAL")
    with summer.summer():
        yield
        assert summer.stored() == summer.made()
    log.setLevel(level)


def ask(route: tuple[str, str], body: bytes):
    method, path = route
    ids = {
        "session_id": summer.OPEN,
        "registration_id": summer.OFFERED_ID,
        "child_id": LOU.child_id,
        "date": "2027-08-16",
    }
    path = path.format(opening_id=summer.WISHED, family_id=summer.OFFERED_ID[:11], **ids)
    who = summer.EVERYBODY if path.startswith("/api/staff") else summer.OWN.authorization
    return request(method, path, body, {**who, "Idempotency-Key": "bad input", "Accept-Language": "nl"})


def places(content: Any, before: Place = ()) -> Iterator[Place]:
    """Where in it a value stands."""
    steps = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, value in steps:
        yield (*before, step)
        yield from places(value, (*before, step))


EVERY_PLACE = [
    pytest.param(route, place, id=f"{' '.join(route)}: {as_field(place)}")
    for route, content in SENT.items()
    for place in places(content)
]


@pytest.mark.parametrize(("route", "place"), EVERY_PLACE)
def test_a_wrong_value_is_refused_where_it_stands(route, place):
    """Or is right there; whatever it is, it breaks nothing. What else is wrong (the opening is no draft) is told after
    it."""
    for name in (
        "half a surrogate pair",
        "NUL",
        "deep",
        "far too long",
        "negative",
        "object",
        "fraction",
        "list of null",
    ):
        answer = ask(route, with_value(SENT[route], place, NEVER_RIGHT[name]))

        assert answer.status_code == 422, (name, answer.body)
        errors = answer.json_body["errors"]
        assert all(error["field"].startswith(as_field(place)) for error in errors), (name, errors)


@pytest.mark.parametrize("route", SENT, ids=" ".join)
def test_a_body_that_is_no_json_object_is_refused(route):
    for body in NOT_JSON.values():
        is_invalid(ask(route, body), "body", BODY_NOT_JSON)
    for body in (b"null", b"[]", b"7", b'"Lou"'):
        is_problem_of_the_body = ask(route, body)
        assert [error["field"] for error in is_problem_of_the_body.json_body["errors"]] == ["body"]
    is_invalid(ask(route, b" " * (MAX_BODY_BYTES + 1)), "body", BODY_TOO_LARGE)


@pytest.mark.parametrize("route", SENT, ids=" ".join)
def test_a_field_that_nobody_knows_is_refused(route):
    body = json.dumps(SENT[route] | {"favour": True}).encode()
    is_invalid(ask(route, body), "favour", AS_MARK if "attendance" in route[1] else UNKNOWN)
