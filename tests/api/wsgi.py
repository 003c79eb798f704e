"""The API as a WSGI application, for tools that speak WSGI: API Gateway's part, as thin as can be."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from chalice.test import Client

import app

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
    with Client(app.app) as client:
        answer = client.http.request(environ["REQUEST_METHOD"], uri, headers, body)
    status = HTTPStatus(answer.status_code)
    start_response(f"{status.value} {status.phrase}", list(answer.headers.items()))
    return [answer.body]
