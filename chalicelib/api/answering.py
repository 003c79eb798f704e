"""From a request to one use case and back: the only place that knows Chalice's requests and responses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from chalice.app import Request, Response
from pynamodb.exceptions import PynamoDBException

from chalicelib.api.problems import BUSY, UNEXPECTED, Problem
from chalicelib.languages import choose
from chalicelib.observability import log, where
from chalicelib.tally.counting import count
from chalicelib.tally.rules import Answered

# What DynamoDB answers when it will not serve a call now; the same call is safe to repeat with the same key.
THROTTLED = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
        # Of one write in a cancelled transaction:
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
        "TransactionConflict",
    }
)
BUSY_SECONDS = 2
# Between API Gateway's clock and ours. A cold start is seen here too; only more than that is worth a line in the log.
MOST_SKEW_SECONDS = 4


@dataclass(frozen=True)
class Call:
    """What a use case may know of a request. `body` is as received; `now` is when it arrived, in UTC; `claims` are what
    API Gateway verified of a staff member's token, and empty on the routes of parents."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    language: str
    now: datetime
    claims: Mapping[str, Any] = field(default_factory=dict)


class Page(str):
    """HTML, whole."""

    __slots__ = ()


@dataclass(frozen=True)
class Answer:
    """`body`: a page, or what becomes JSON, or None for no content."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


UseCase = Callable[..., Answer]
# How a Problem looks in a language.
ProblemPage = Callable[[Problem, str], Answer]


def answer(request: Request, use_case: UseCase, problem_page: ProblemPage | None = None, **path: str) -> Response:
    """Runs `use_case(call, **path)`; a Problem, and DynamoDB being busy, become problem documents, or a page where
    people look at it."""
    started = perf_counter()
    call = Call(
        headers=request.headers,
        query=request.query_params or {},
        body=_body(request),
        language=choose(request.headers.get("accept-language")),
        now=_moment(request),
        claims=(request.context.get("authorizer") or {}).get("claims") or {},
    )
    slug, about = None, path.get("opening_id")
    try:
        result = use_case(call, **path)
        content_type = "application/json"
    except Problem as problem:
        slug, about = problem.kind.slug, problem.opening_id
        result = (problem_page or _problem)(problem, call.language)
    except Exception as error:  # noqa: BLE001 the outermost edge: a parent gets words and a number, never a trace
        unforeseen = _unforeseen(error, request)
        slug, about = unforeseen.kind.slug, None
        result = (problem_page or _problem)(unforeseen, call.language)
    route = request.context.get("resourcePath")
    log.info(
        "answered",
        route=route,
        method=request.method,
        status=result.status,
        problem=slug,
        milliseconds=round((perf_counter() - started) * 1000, 1),
    )
    is_page = isinstance(result.body, Page)
    count(Answered(str(route), request.method, result.status, is_page, slug, about), call.now)
    if slug:
        content_type = "application/problem+json"
    headers: dict[str, Any] = {"Cache-Control": "no-store", **result.headers}
    if result.body is None:
        return Response(body="", status_code=result.status, headers=headers)
    if isinstance(result.body, Page):
        return Response(
            body=str(result.body),
            status_code=result.status,
            headers={"Content-Type": "text/html; charset=utf-8", **headers},
        )
    return Response(
        body=json.dumps(result.body, ensure_ascii=False),
        status_code=result.status,
        headers={"Content-Type": content_type, **headers},
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
    if is_throttled(error):
        return Problem(BUSY, retry_after=BUSY_SECONDS)
    request_id = str(request.context.get("requestId", ""))
    log.error("unexpected", error=type(error).__name__, frames=where(error), request_id=request_id)
    return Problem(UNEXPECTED, {"request_id": request_id})


def is_throttled(error: Exception) -> bool:
    """Whether AWS refused, or did not answer in time, rather than us being wrong."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if not isinstance(cause, ClientError):
        return isinstance(cause, HTTPClientError | NotConnected)
    response: Mapping[str, Any] = cause.response
    codes = {response["Error"]["Code"], *(reason["Code"] for reason in response.get("CancellationReasons", ()))}
    return bool(codes & THROTTLED)


def _problem(problem: Problem, language: str) -> Answer:
    headers = {"Content-Language": language}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(problem.kind.status, problem.document(language), headers)


def _body(request: Request) -> bytes:
    raw = request.raw_body
    return raw if isinstance(raw, bytes) else (raw or "").encode()
