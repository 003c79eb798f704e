"""The door for people: an HTTP API before the same function, a third of a REST API's price (docs/decisions.md, 32).

It hands everything to the function, in a shape of its own (payload 2.0). Here that becomes what Chalice knows, and the
answer becomes what an HTTP API wants. Nobody is asked for a token at this door: no claims come through it, so what
asks for a staff member's (`/api/staff`) is not there; pages know staff by their cookie.
"""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice, Request, Response

from chalicelib.core.http.answering import Call, answer
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.people.callers import API
from chalicelib.routes import OPEN311

OTHER_DOOR = "/api/staff"
DOOR = "http"

Routes = tuple[tuple[str, tuple[str, ...]], ...]


class App(Chalice):
    """Chalice, with two doors."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        if event.get("version") != "2.0":
            return super().__call__(event, context)
        asked = as_rest_api_says(event, self._known)
        if asked["resource"] not in self.routes:
            return as_http_api_wants(nowhere(Request(asked, context)).to_dict())
        return as_http_api_wants(super().__call__(asked, context))

    @cached_property
    def _known(self) -> Routes:
        """All are there when the first request comes."""
        return tuple((path, tuple(views)) for path, views in self.routes.items())


def nowhere(request: Request) -> Response:
    """The answers that an API Gateway gives by itself if it knows our routes, in the reader's language."""
    if request.path.startswith("/api"):
        return answer(request, _nothing, API)
    if request.path.startswith(OPEN311):
        from chalicelib.front_door.open311.edge import OPEN311 as PROGRAMS  # noqa: PLC0415 no other request needs it

        return answer(request, _nothing, PROGRAMS)
    from chalicelib.pages.frame.edge import PAGES  # noqa: PLC0415 pages cost the API's cold start nothing

    return answer(request, _nothing, PAGES)


def _nothing(call: Call) -> NoReturn:
    raise Problem(NOT_FOUND)


def as_rest_api_says(event: Mapping[str, Any], routes: Routes) -> dict[str, Any]:
    """`routes`: path as Chalice has it, "/sessions/{session_id}", and its methods. What is none of them gets a name of
    as many parts, which says nothing of what was asked for: it is written into the log. Only what is read
    of an event is in it."""
    context, path = event["requestContext"], event["rawPath"]
    method = "GET" if context["http"]["method"] == "HEAD" else context["http"]["method"]
    resource, parameters = _found(path, method, routes)
    query = parse_qs(event.get("rawQueryString", ""), keep_blank_values=True)
    headers = dict(event.get("headers", {}))
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    return {
        "resource": resource,
        "headers": headers,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": path,
            "domainName": context.get("domainName", ""),
            "requestId": context.get("requestId", ""),
            "requestTimeEpoch": context.get("timeEpoch"),
            "identity": {"sourceIp": context["http"].get("sourceIp", "")},
            "door": DOOR,
        },
    }


def as_http_api_wants(answer: Mapping[str, Any]) -> dict[str, Any]:
    """A header that comes several times is one line, with commas; but not cookies, which have a place of their own."""
    several = {name.lower(): list(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
    cookies = several.pop("set-cookie", [])
    return {
        "statusCode": answer["statusCode"],
        "headers": (answer.get("headers") or {}) | {name: ", ".join(values) for name, values in several.items()},
        "cookies": cookies,
        "body": answer.get("body", ""),
        "isBase64Encoded": answer.get("isBase64Encoded", False),
    }


def _found(path: str, method: str, routes: Routes) -> tuple[str, dict[str, str]]:
    if not path.startswith(OTHER_DOOR):
        for resource, methods, pattern in _patterns(routes):
            if method in methods and (match := pattern.fullmatch(path)):
                return resource, {name: unquote(value) for name, value in match.groupdict().items()}
    first = next((one for one in ("/api", OPEN311) if path.startswith(one)), "/nowhere")
    return first + "/-" * (path.count("/") - 1), {}


@lru_cache(maxsize=1)
def _patterns(routes: Routes) -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """As API Gateway looks: a route without parameters before one with them."""
    ordered = sorted(routes, key=lambda one: one[0].count("{"))
    return tuple((path, methods, _pattern(path)) for path, methods in ordered)


def _pattern(path: str) -> re.Pattern[str]:
    """A parameter is within one part of the path, whole or beside fixed letters."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))
