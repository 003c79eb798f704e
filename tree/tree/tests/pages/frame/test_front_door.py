"""The door for people: what an HTTP API hands over and gets back, and what does not come through it."""

import gzip
import json
from base64 import b64decode
from typing import Any

import pytest

import app
from chalicelib.pages.frame.front_door import as_http_api_wants, as_rest_api_says
from chalicelib.people.staff.rules import Role
from tests.camps import signed_in
from tests.core.http import summer as summers

pytestmark = pytest.mark.usefixtures("summer")


@pytest.fixture(scope="module")
def summer():
    with summers.summer():
        yield


def event(path: str, method: str = "GET", query: str = "", body: str | None = None, **more: Any) -> dict[str, Any]:
    """As API Gateway writes it, payload 2.0 (its documentation's example)."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"accept": "text/html", "accept-language": "nl", "host": "abc.execute-api.eu-west-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc",
            "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x"},
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 1_583_348_638_390,
        },
        "isBase64Encoded": False,
        **({"body": body} if body is not None else {}),
        **more,
    }


def answered(*args: Any, **more: Any) -> dict[str, Any]:
    return app.app(event(*args, **more), None)


def test_a_page_comes_through_it() -> None:
    answer = answered("/programme", query="age=5&age=6")

    assert answer["statusCode"] == 200
    assert "Bouwkamp (Lembeke)" in answer["body"]
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"


def test_it_is_compressed_for_who_takes_that() -> None:
    headers = {"accept": "text/html", "accept-encoding": "gzip"}

    answer = app.app({**event("/programme"), "headers": headers}, None)

    assert answer["isBase64Encoded"] is True
    assert "Bouwkamp (Lembeke)" in gzip.decompress(b64decode(answer["body"])).decode()


def test_cookies_come_and_go_in_their_own_place() -> None:
    """Given a family that comes by its link, then asks for its page."""
    entered = answered("/enter", query=f"token={summers.OWN.token}")
    cookies = [one.split(";")[0] for one in entered["cookies"]]

    assert entered["statusCode"] == 303
    assert any(one.startswith("__Host-pass=") for one in cookies)
    assert not {"set-cookie", "Set-Cookie"} & entered["headers"].keys()
    assert "Mijn inschrijvingen" in answered("/family", cookies=cookies)["body"]


def test_the_moment_is_the_gateway_s() -> None:
    """So that an opening begins at one clock for all, whichever door."""
    asked = as_rest_api_says(event("/programme"), (("/programme", ("GET",)),))

    assert asked["requestContext"]["requestTimeEpoch"] == 1_583_348_638_390


def test_where_it_comes_from_is_what_the_gateway_saw_whatever_a_header_says() -> None:
    sent = event("/programme") | {"headers": {"x-forwarded-for": "203.0.113.9"}}
    asked = as_rest_api_says(sent, (("/programme", ("GET",)),))

    assert asked["requestContext"]["identity"] == {"sourceIp": "192.0.2.1"}


def test_the_json_api_comes_through_it_too() -> None:
    answer = answered("/api/sessions")

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["sessions"]


def test_what_asks_for_a_staff_member_s_token_is_not_there() -> None:
    """Nobody verified a token here: also one that looks like one is of no use."""
    for path in ("/api/staff/openings", "/api/staff/me"):
        answer = app.app({**event(path), "headers": signed_in(*Role)}, None)
        assert (answer["statusCode"], json.loads(answer["body"])["type"].rpartition("/")[2]) == (404, "not-found")


def test_nobody_can_say_that_they_are_verified() -> None:
    forged = event("/office/ledger")
    forged["requestContext"]["authorizer"] = {"claims": {"sub": "x", "cognito:groups": "auditor"}}

    assert app.app(forged, None)["statusCode"] == 303  # to the sign-in


@pytest.mark.parametrize(
    ("path", "method"),
    [("/nothing", "GET"), ("/a/b/c", "GET"), ("/programme", "DELETE"), ("/sessions/", "GET"), ("/{x}", "POST")],
)
def test_what_is_not_there_is_a_page_that_leads_on(path: str, method: str) -> None:
    answer = answered(path, method)

    assert answer["statusCode"] == 404
    assert "Niet gevonden" in answer["body"]
    root = "../" * (path.count("/") - 1) or "./"
    assert f'href="{root}programme"' in answer["body"]


def test_what_is_not_there_is_a_problem_for_a_program() -> None:
    answer = answered("/api/nothing/at-all")

    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (404, "application/problem+json")


def test_the_log_says_nothing_of_an_address_that_is_not_there(logged: Any) -> None:
    answered("/Lou/Claeys", query="name=Lou")

    assert "Lou" not in logged.getvalue()
    assert '"/nowhere/-"' in logged.getvalue()


def test_the_log_says_which_door_it_was(logged: Any) -> None:
    answered("/programme")

    assert '"door":"http"' in logged.getvalue()


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/sessions/abc", "/sessions/{id}", {"id": "abc"}),
        ("/sessions/new", "/sessions/new", {}),
        ("/sessions/a%20b", "/sessions/{id}", {"id": "a b"}),
        ("/sessions/abc/x", "/nowhere/-/-", {}),
        ("/files/list.csv", "/files/{name}.csv", {"name": "list"}),
    ],
)
def test_an_address_is_one_of_the_routes_a_fixed_one_before_one_with_a_name(
    path: str, resource: str, parameters: dict[str, str]
) -> None:
    routes = (("/sessions/{id}", ("GET",)), ("/sessions/new", ("GET",)), ("/files/{name}.csv", ("GET",)))

    asked = as_rest_api_says(event(path), routes)

    assert (asked["resource"], asked["pathParameters"] or {}) == (resource, parameters)


def test_a_header_that_comes_twice_is_one_line() -> None:
    answer = as_http_api_wants({"statusCode": 200, "multiValueHeaders": {"Vary": ["Cookie", "Accept-Language"]}})

    assert answer["headers"] == {"vary": "Cookie, Accept-Language"}


def test_whoever_only_wants_the_headers_gets_those_of_the_page() -> None:
    assert answered("/programme", "HEAD")["statusCode"] == 200
