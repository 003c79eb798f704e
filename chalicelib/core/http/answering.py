"""From a request to one use case and back: the only place that knows Chalice's requests and responses."""

import base64
import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chalice.app import Request, Response

from chalicelib.core import metering
from chalicelib.core.counters.counting import count
from chalicelib.core.counters.rules import Answered
from chalicelib.core.http.answers import plain
from chalicelib.core.http.problems import BUSY, UNEXPECTED, Problem
from chalicelib.core.languages import choose
from chalicelib.core.observability import log, where
from chalicelib.core.refusals import is_busy

BUSY_SECONDS = 2
# Shorter pages are sent as they are. API Gateway could compress too, but here it is seen and counted on every machine.
LEAST_COMPRESSED = 1000
# Between API Gateway's clock and ours. A cold start is seen here too; only more than that is worth a line in the log.
MOST_SKEW_SECONDS = 4
# Of every answer, to programs and people: TLS only, for two years, and it is what it says that it is.
ALWAYS = {"Strict-Transport-Security": "max-age=63072000", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Call:
    """Parts of a request that a use case sees. `body` is as received; `now` is when it arrived, in UTC. `token`: of
    a family's pass, as it was sent. `source`: the IP address that it came from, by API Gateway's word; empty if it
    says none. `sender`: the staff member whom a sign-in vouches for, if there was one. `refused`: what a page was
    refused and shows in its own way, for the tally."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    language: str
    now: datetime
    token: str | None = None
    source: str = ""
    sender: object = None
    refused: list[Problem] = field(default_factory=list)


class Page(str):
    """HTML, whole."""

    __slots__ = ()


class Asset(Page):
    """A file that stays the same as long as a container lives: it is compressed once."""

    __slots__ = ()


class Json(str):
    """JSON that is written already."""

    __slots__ = ()


class Xml(str):
    """XML that is written already; its answer's headers say what kind."""

    __slots__ = ()


@dataclass(frozen=True)
class Answer:
    """`body`: a page, a file, JSON, or what becomes JSON (core/http/answers.py), or None for no content. A header with
    several values has a list."""

    status: int
    body: Any = None
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file to be kept or printed. `name`: ASCII, what it is called once it is saved."""

    content: bytes
    content_type: str
    name: str


class Encoded(Response):
    """Bytes, as API Gateway wants them. Chalice does so only for who asks for just that kind, as no browser does."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        return {
            **super().to_dict(),
            "body": base64.b64encode(self.body).decode(),
            "isBase64Encoded": True,
        }


UseCase = Callable[..., Answer]


def answer(request: Request, use_case: UseCase, edge: "Edge", **path: str) -> Response:
    """Runs `use_case(call, **path)`; a Problem, and DynamoDB being busy, become what `edge` makes of them."""
    metering.begin(request.lambda_context)
    metering.through(request.context.get("door"))
    call = edge.enter(
        Call(
            headers=request.headers,
            query=request.query_params or {},
            body=_body(request),
            language=choose(request.headers.get("accept-language")),
            now=_moment(request),
            token=_token(request.headers.get("authorization", "")),
            source=str((request.context.get("identity") or {}).get("sourceIp") or ""),
        ),
        request,
    )
    refused = None
    try:
        call = edge.recognize(call)
        result = use_case(call, **path)
    except Problem as problem:
        refused, result = problem, edge.problem(problem, call)
    except Exception as error:  # noqa: BLE001 the outermost edge: a parent gets words and a number, never a trace
        refused = _unforeseen(error, request)
        result = edge.problem(refused, call)
    result = edge.leave(result, call)
    count(_answered(request, result, path, [*call.refused, *([refused] if refused else [])]), call.now)
    response = _response(result, call, "application/problem+json" if refused else "application/json")
    metering.used(metering.SENT, len(response.body))
    if refused is None:  # then there is one of that name, and whoever asks cannot write into our log
        metering.about(path.get("session_id"), path.get("opening_id"))
    log.info(
        "answered",
        route=request.context.get("resourcePath"),
        method=request.method,
        status=result.status,
        problem=refused.kind.slug if refused else None,
        **metering.take(),
    )
    return response


def _response(result: Answer, call: Call, content_type: str) -> Response:
    headers: dict[str, Any] = {"Cache-Control": "no-store", **ALWAYS, **result.headers}
    if headers["Cache-Control"].startswith("public"):
        varies = _varies(headers, isinstance(result.body, Page))
        headers |= {"Vary": varies} if varies else {}
    if result.body is None:
        return Response(body="", status_code=result.status, headers=headers)
    if isinstance(result.body, Page):
        headers = {"Content-Type": "text/html; charset=utf-8", **headers}
        # Without an Accept, API Gateway would hand out our base64 as it is.
        takes_bytes = "gzip" in call.headers.get("accept-encoding", "") and call.headers.get("accept")
        if len(result.body) < LEAST_COMPRESSED or not takes_bytes:
            return Response(body=str(result.body), status_code=result.status, headers=headers)
        compressed = _once(result.body) if isinstance(result.body, Asset) else _compressed(result.body, 6)
        return Encoded(compressed, {**headers, "Content-Encoding": "gzip"}, result.status)
    if isinstance(result.body, File):
        attachment = f'attachment; filename="{result.body.name}"'
        headers = {"Content-Disposition": attachment, "Content-Type": result.body.content_type, **headers}
        return Encoded(result.body.content, headers, result.status)
    return Response(
        body=str(result.body) if isinstance(result.body, Json | Xml) else written(result.body),
        status_code=result.status,
        headers={"Content-Type": content_type, **headers},
    )


@lru_cache(maxsize=16)
def _once(asset: Asset) -> bytes:
    return _compressed(asset, 9)


def _compressed(page: Page, level: int) -> bytes:
    return gzip.compress(page.encode(), compresslevel=level, mtime=0)


def written(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, default=plain)


def _varies(headers: Mapping[str, Any], is_page: bool) -> str:
    """By what a cache keeps answers of one address apart: one that names its language is another in each, and a page
    comes compressed or not."""
    by_language = ["Accept-Language"] if "Content-Language" in headers else []
    by_encoding = ["Accept-Encoding", "Accept"] if is_page else []
    return ", ".join([*by_language, *by_encoding, *([headers["Vary"]] if "Vary" in headers else [])])


def _answered(request: Request, result: Answer, path: Mapping[str, str], refused: Iterable[Problem]) -> Answered:
    """For the tally. The opening in the address is one that there is, unless something was refused."""
    return Answered(
        route=str(request.context.get("resourcePath")),
        method=request.method,
        status=result.status,
        is_page=isinstance(result.body, Page),
        opening_id=path.get("opening_id"),
        refusals=tuple({id(one): (one.kind.slug, one.opening_id) for one in refused}.values()),
    )


def _moment(request: Request) -> datetime:
    """When the request reached API Gateway: one clock for all families, whichever container answers, and none waits
    longer for its moment because a container had to start first. Our own clock where there is no gateway."""
    own = datetime.now(UTC)
    milliseconds = request.context.get("requestTimeEpoch")
    if not isinstance(milliseconds, int):
        return own
    gateways = datetime.fromtimestamp(milliseconds / 1000, UTC)
    if abs((own - gateways).total_seconds()) > MOST_SKEW_SECONDS:
        log.warning("clock_skew", seconds=round((own - gateways).total_seconds(), 1))
    return gateways


def _unforeseen(error: Exception, request: Request) -> Problem:
    if is_busy(error):
        return Problem(BUSY, retry_after=BUSY_SECONDS)
    request_id = str(request.context.get("requestId", ""))
    log.error("unexpected", error=type(error).__name__, frames=where(error), request_id=request_id)
    return Problem(UNEXPECTED, {"request_id": request_id})


def _problem(problem: Problem, call: Call) -> Answer:
    headers = {"Content-Language": call.language}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(problem.kind.status, problem.document(call.language), headers)


def _as_it_is(call: Call, request: Request) -> Call:
    return call


def _as_it_came(call: Call) -> Call:
    return call


def _as_it_was_answered(result: Answer, call: Call) -> Answer:
    return result


@dataclass(frozen=True)
class Edge:
    """How requests of one kind come in, how their problems look, and how their answers go out: by default, the JSON
    API's. `recognize`: asks others who it is, and may raise like a use case; none of the other three may."""

    enter: Callable[[Call, Request], Call] = _as_it_is
    recognize: Callable[[Call], Call] = _as_it_came
    problem: Callable[[Problem, Call], Answer] = _problem
    leave: Callable[[Answer, Call], Answer] = _as_it_was_answered


def _token(authorization: str) -> str | None:
    scheme, _, given = authorization.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None


def _body(request: Request) -> bytes:
    raw = request.raw_body
    return raw if isinstance(raw, bytes) else (raw or "").encode()
