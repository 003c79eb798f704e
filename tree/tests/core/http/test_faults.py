"""When DynamoDB does not answer, and when we are wrong: what a family is told, and what is written down."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from chalice.test import HTTPResponse

from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import BUSY, UNEXPECTED
from chalicelib.core.languages import LANGUAGES
from chalicelib.core.refusals import NOT_NOW
from chalicelib.people.families import table as families
from tests.camps import JEF, LOU, NOOR, Family, family, post, published, request
from tests.containers import forget
from tests.core.http.problems import is_problem

pytestmark = pytest.mark.usefixtures("table")

ENDPOINT = "https://dynamodb.eu-west-1.amazonaws.com"
ASKED = {
    "email": "an.claeys@example.be",
    "language": "nl",
    "postcode": "9970",
    "children": [{"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}],
}
NO_ANSWER = [
    ReadTimeoutError(endpoint_url=ENDPOINT),
    ConnectTimeoutError(endpoint_url=ENDPOINT),
    EndpointConnectionError(endpoint_url=ENDPOINT),
]


def refused(code: str, **more: Any) -> ClientError:
    """What AWS answers; its words may quote what it was asked."""
    return ClientError({"Error": {"Code": code, "Message": "Lou Claeys"}, **more}, "UpdateItem")


class Failing:
    """DynamoDB whose `nth` call from now on fails, as often as `again`."""

    def __init__(self, error: Exception, nth: int = 1, again: int = 1) -> None:
        self.client: Any = stormloop_table.Item._get_connection().connection.client
        self.ask = self.client._make_api_call
        self.error, self.nth, self.again, self.calls = error, nth, again, 0

    def __enter__(self) -> "Failing":
        self.client._make_api_call = self
        return self

    def __exit__(self, *_: object) -> None:
        self.client._make_api_call = self.ask

    def __call__(self, operation: str, arguments: dict[str, Any]) -> Any:
        self.calls += 1
        if self.nth <= self.calls < self.nth + self.again:
            raise self.error
        return self.ask(operation, arguments)


def lines(logged: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def every_request(claeys: Family, session_id: str, registration_id: str) -> dict[str, Callable[[], HTTPResponse]]:
    """All that ask the table for something, by name."""
    return {
        "list": lambda: request("GET", "/api/sessions"),
        "session": lambda: request("GET", f"/api/sessions/{session_id}"),
        "ask pass": lambda: post("/api/passes", ASKED),
        "pass": lambda: claeys.get("/api/pass"),
        "register": lambda: post(
            "/api/registrations",
            {"session_id": session_id, "child_ids": [JEF.child_id]},
            {**claeys.authorization, "Idempotency-Key": "jef"},
        ),
        "registrations": lambda: claeys.get("/api/registrations"),
        "registration": lambda: claeys.get(f"/api/registrations/{registration_id}"),
        "cancel": lambda: claeys.cancel(registration_id),
    }


def is_busy(answer: HTTPResponse) -> None:
    is_problem(answer, BUSY)
    assert int(answer.headers["Retry-After"]) >= 1


def test_whichever_call_fails_the_answer_is_busy_and_trying_again_mends_it():
    session, claeys = published(), family(LOU, JEF)
    lou = claeys.register(session, LOU).json_body["registration_id"]
    registrations.mark_mailed(lou, "confirmed")
    counted = {}
    for name, ask in every_request(claeys, session.session_id, lou).items():
        for error in (refused("ThrottlingException"), NO_ANSWER[0]):
            nth = 0
            while True:
                nth += 1
                forget()
                with Failing(error, nth) as dynamodb:
                    answer = ask()
                if dynamodb.calls < nth:
                    break
                is_busy(answer)
            counted[name] = nth - 1
            assert answer.status_code < 300
    assert min(counted.values()) >= 1
    assert counted["register"] >= 2
    assert request("GET", f"/api/sessions/{session.session_id}").json_body["seats_left"] == 19


@pytest.mark.parametrize("nth", [1, 2])
def test_a_registration_that_met_a_busy_table_is_made_once_with_the_same_key(nth):
    session, claeys = published(), family(LOU)
    with Failing(refused("ProvisionedThroughputExceededException"), nth):
        is_busy(claeys.register(session, LOU, key="one"))
    assert claeys.get("/api/registrations").json_body == {"registrations": []}

    again = [claeys.register(session, LOU, key="one") for _ in range(2)]

    assert [answer.json_body["status"] for answer in again] == ["confirmed", "confirmed"]
    assert again[0].json_body == again[1].json_body
    assert request("GET", f"/api/sessions/{session.session_id}").json_body["seats_left"] == 19


def test_every_way_of_aws_to_refuse_for_now_is_busy():
    claeys = family(LOU)
    for error in [*map(refused, sorted(NOT_NOW)), *NO_ANSWER]:
        with Failing(error):
            is_busy(claeys.get("/api/pass"))


def test_siblings_on_a_busy_waiting_list_are_told_so_too():
    session, claeys = published(capacity=2), family(LOU, JEF)
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]

    # record, claim, ticket, and then the two places in one transaction
    with Failing(refused("TransactionCanceledException", CancellationReasons=reasons), nth=4):
        is_busy(claeys.register(session, LOU, JEF, key="both"))

    assert claeys.register(session, LOU, JEF, key="both").json_body["status"] == "waitlisted"


OURS = [
    lambda: refused("AccessDeniedException"),
    lambda: refused("ResourceNotFoundException"),
    lambda: refused("ValidationException"),
    lambda: ParamValidationError(report="Lou Claeys"),
    NoCredentialsError,
    lambda: ValueError("Lou Claeys"),
    lambda: KeyError("Lou Claeys"),
    lambda: RecursionError("Lou Claeys"),
]


@pytest.mark.parametrize("mistake", OURS, ids=lambda mistake: type(mistake()).__name__)
def test_a_mistake_of_ours_is_a_number_for_the_family_and_a_place_for_us(monkeypatch, logged, mistake):
    def put(new: object) -> None:
        raise mistake()

    monkeypatch.setattr(families, "put", put)

    for language in LANGUAGES:
        answer = post("/api/passes", ASKED, {"Accept-Language": language})

        request_id = answer.json_body["request_id"]
        is_problem(answer, UNEXPECTED, language, request_id=request_id)
        assert "Retry-After" not in answer.headers
        line, answered = lines(logged)[-2:]
        assert (line["level"], line["message"], line["request_id"]) == ("ERROR", "unexpected", request_id)
        assert line["error"] == type(mistake()).__name__
        assert [frame.partition(":")[0] for frame in line["frames"]] == [
            "answer",
            "answered",
            "create_pass",
            "ask_for",
            "put",
        ]
        assert (answered["status"], answered["problem"]) == (500, "unexpected")
        assert "Lou Claeys" not in json.dumps([line, answered])
        assert "Lou Claeys" not in answer.body.decode()


def test_a_mistake_with_a_cause_does_not_tell_it_either(monkeypatch, logged):
    def put(new: object) -> None:
        try:
            {}["Lou Claeys"]
        except KeyError as error:
            raise RuntimeError("an.claeys@example.be") from error

    monkeypatch.setattr(families, "put", put)

    is_problem(answer := post("/api/passes", ASKED), UNEXPECTED, request_id=answer.json_body["request_id"])

    assert not {"Claeys", "an.claeys"} & set(json.dumps(lines(logged)).replace("@", " ").replace('"', " ").split())


def test_every_answer_writes_one_line_without_what_was_asked(logged):
    session, claeys = published(), family(LOU)
    claeys.register(session, LOU, key="the-key-of-Lou")
    claeys.get("/api/registrations/unknown")
    request("GET", "/api/sessions?municipality=Kaprijke")

    answers = [{name: line.get(name) for name in ("route", "method", "status", "problem")} for line in lines(logged)]

    assert answers == [
        {"route": "/api/registrations", "method": "POST", "status": 201, "problem": None},
        {"route": "/api/registrations/{registration_id}", "method": "GET", "status": 404, "problem": "not-found"},
        {"route": "/api/sessions", "method": "GET", "status": 200, "problem": None},
    ]
