"""What a family asks for around its registration: processor time, and DynamoDB's units. The simulation of the opening
(tests/bench/spread/assumed.py) counts with these."""

import base64
import gzip
import re
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import boto3

import app
from chalicelib.programme.sessions import handlers as programme
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.bench.registration import event, spending
from tests.bench.table import Row
from tests.camps import LOU, family, published

SESSIONS = 300
WAITING = 2_000
TURNS = 30
# Milliseconds, of a look at the programme.
MOST_FIRST, MOST_NEXT = 60, 5
# Of the page that registers, with all it loads, over the wire: what a slow line takes in a second or two.
MOST_BYTES, MOST_REQUESTS = 60 * 1024, 5
LOADS = re.compile(r'(?:src|<link[^>]* href)="(?:\.\./)*(?:\./)?(assets/[^"]+)"')


def pages() -> list[Row]:
    dynamodb_local.empty()
    for number in range(SESSIONS):
        session = published(title=f"Speelplein {number}")
    claeys = family(LOU)
    answer = app.app(event(claeys.token, session.session_id, [LOU.child_id], "key"), None)
    assert answer["statusCode"] == 201, answer
    wait(session.session_id)

    def register() -> bytes:
        return look("/sessions/{session_id}", claeys.token, session.session_id)

    return [
        *weight("the page that registers", register()),
        measured("the page that registers", register),
        *weight(f"the programme of {SESSIONS} sessions", look("/programme")),
        *programme_views(),
        measured("a pass", lambda: get("/api/pass", claeys.token)),
        measured("a family's registrations", lambda: get("/api/registrations", claeys.token)),
        measured(
            f"a place among {WAITING:,} who wait",
            lambda: waiting_list.position(session.session_id, ["child00000"], f"{0:019d}"),
        ),
    ]


def programme_views() -> list[Row]:
    """The page and the list, the first in five seconds of a container and language, and all others."""
    page, listed = f"the programme of {SESSIONS} sessions", f"the list of {SESSIONS} sessions"
    filtered = {"municipality": "Kaprijke", "age": "6"}
    days = {"from": "2027-07-01", "to": "2027-08-31"}
    week = {"week": "2027-08-16"}
    return [
        measured(f"{page}, the first", lambda: look("/programme"), programme.forget, MOST_FIRST),
        measured(f"{page}, the next", lambda: look("/programme"), most=MOST_NEXT),
        measured(f"{page}, filtered", lambda: look("/programme", query=filtered | week), most=MOST_NEXT),
        measured(f"{listed}, the first", lambda: get("/api/sessions"), programme.forget, MOST_FIRST),
        measured(f"{listed}, the next", lambda: get("/api/sessions"), most=MOST_NEXT),
        measured(f"{listed}, filtered", lambda: get("/api/sessions", query=filtered | days), most=MOST_NEXT),
    ]


def measured(
    what: str, ask: Callable[[], object], before: Callable[[], object] = lambda: None, most: float | None = None
) -> Row:
    took = []
    for _ in range(TURNS):
        before()
        with spending() as spent:
            begun = process_time()
            ask()
            took.append(process_time() - begun)
    calls = "+".join(spent.calls) or "no call"
    return Row(
        f"{what}: processor time", round(1000 * median(took), 2), "ms", most, f"{spent.read_units:g} RU: {calls}"
    )


def weight(what: str, page: bytes) -> list[Row]:
    """Bodies as API Gateway sends them, without headers."""
    loaded = sorted(set(LOADS.findall(gzip.decompress(page).decode())))
    assert loaded, "a page without a style sheet"
    bytes_in_all = len(page) + sum(len(look("/assets/{name}", "", one.removeprefix("assets/"))) for one in loaded)
    return [
        Row(
            f"{what}: bytes over the wire, with all it loads", bytes_in_all, "bytes", MOST_BYTES, f"itself {len(page)}"
        ),
        Row(f"{what}: requests", 1 + len(loaded), "", MOST_REQUESTS, " ".join(loaded)),
    ]


def look(resource: str, token: str = "", name: str = "", query: dict[str, str] | None = None) -> bytes:
    """A page or what it loads, as a browser asks for it."""
    asked = event("", "", [], "key")
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": f"__Host-pass={token}" if token else ""}
    variable = re.search(r"{(\w+)}", resource)
    asked |= {"resource": resource, "path": resource, "httpMethod": "GET", "body": None}
    asked |= {"headers": headers, "multiValueHeaders": {key: [value] for key, value in headers.items()}}
    asked |= {"pathParameters": {variable[1]: name} if variable else None}
    asked |= {"multiValueQueryStringParameters": {key: [value] for key, value in (query or {}).items()} or None}
    asked["requestContext"] |= {"resourcePath": resource, "httpMethod": "GET"}
    answer = app.app(asked, None)
    assert answer["statusCode"] == 200, answer
    body = answer["body"]
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()


def get(path: str, token: str = "", query: dict[str, str] | None = None) -> Any:
    asked = event(token, "", [], "key")
    asked |= {"resource": path, "path": path, "httpMethod": "GET", "body": None}
    asked |= {"multiValueQueryStringParameters": {key: [value] for key, value in (query or {}).items()} or None}
    asked["requestContext"] |= {"resourcePath": path, "httpMethod": "GET"}
    answer = app.app(asked, None)
    assert answer["statusCode"] == 200, answer
    return answer


def wait(session_id: str) -> None:
    """Given so many families on the waiting list, each with one child."""
    items = [
        {
            "pk": {"S": f"S#{session_id}"},
            "sk": {"S": f"{waiting_list.PREFIX}child{number:05d}"},
            "registration_id": {"S": f"{number:019d}"},
            "ticket": {"N": str(number)},
        }
        for number in range(WAITING)
    ]
    client = boto3.client("dynamodb")
    for start in range(0, WAITING, 25):
        client.batch_write_item(
            RequestItems={"stormloop": [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]}
        )
