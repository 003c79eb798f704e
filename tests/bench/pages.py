"""What a family asks for around its registration: processor time, and DynamoDB's units. The simulation of the opening
(tests/bench/spread/assumed.py) counts with these."""

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import boto3

import app
from chalicelib.programme import handlers as programme
from chalicelib.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.bench.registration import event, spending
from tests.bench.table import Row
from tests.camps import LOU, family, published

SESSIONS = 300
WAITING = 2_000
TURNS = 30


def pages() -> list[Row]:
    dynamodb_local.empty()
    for number in range(SESSIONS):
        session = published(title=f"Speelplein {number}")
    claeys = family(LOU)
    answer = app.app(event(claeys.token, session.session_id, [LOU.child_id], "key"), None)
    assert answer["statusCode"] == 201, answer
    wait(session.session_id)
    return [
        measured(f"the list of {SESSIONS} sessions, read anew", lambda: get("/api/sessions"), programme.forget),
        measured(f"the list of {SESSIONS} sessions, as remembered", lambda: get("/api/sessions")),
        measured("a pass", lambda: get("/api/pass", claeys.token)),
        measured("a family's registrations", lambda: get("/api/registrations", claeys.token)),
        measured(
            f"a place among {WAITING:,} who wait",
            lambda: waiting_list.position(session.session_id, f"{0:019d}"),
        ),
    ]


def measured(what: str, ask: Callable[[], object], before: Callable[[], object] = lambda: None) -> Row:
    took = []
    for _ in range(TURNS):
        before()
        with spending() as spent:
            begun = process_time()
            ask()
            took.append(process_time() - begun)
    calls = "+".join(spent.calls) or "no call"
    return Row(
        f"{what}: processor time", round(1000 * median(took), 2), "ms", None, f"{spent.read_units:g} RU: {calls}"
    )


def get(path: str, token: str = "") -> Any:
    asked = event(token, "", [], "key")
    asked |= {"resource": path, "path": path, "httpMethod": "GET", "body": None}
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
