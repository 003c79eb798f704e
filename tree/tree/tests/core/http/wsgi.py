"""The API as a WSGI application, for tools that speak WSGI: API Gateway's part, as thin as can be."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from cfnlint.decode import cfn_yaml
from chalice.test import Client

import app

TEMPLATE = Path(__file__).parents[3] / "infra" / "template.yaml"
GATEWAY = cfn_yaml.load(str(TEMPLATE))["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    uri = environ["REQUEST_URI"].partition("?")[0] + "?" + environ["QUERY_STRING"]  # encoded, unlike PATH_INFO
    body = environ["wsgi.input"].read()
    if uri.startswith("/api/staff") and not headers.get("AUTHORIZATION", "").endswith(".unsigned"):
        return not_signed_in(start_response)
    with Client(app.app) as client:
        answer = client.http.request(environ["REQUEST_METHOD"], uri, headers, body)
    status = HTTPStatus(answer.status_code)
    start_response(f"{status.value} {status.phrase}", list(answer.headers.items()))
    return [answer.body]


def not_signed_in(start_response: StartResponse) -> Iterable[bytes]:
    """What API Gateway answers to whoever has no token of the user pool, as the template tells it to."""
    answer = GATEWAY["UNAUTHORIZED"]
    headers = {name: text.strip("'") for name, text in answer["ResponseParameters"]["Headers"].items()}
    start_response("401 Unauthorized", list(headers.items()))
    return [answer["ResponseTemplates"]["application/json"].encode()]
