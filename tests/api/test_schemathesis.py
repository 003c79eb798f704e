"""Schemathesis asks the handlers whatever the OpenAPI document allows and forbids, and holds each answer against it.

For seconds with the other tests; `FUZZ_EXAMPLES=2000 .venv/bin/python -m pytest tests/api/test_schemathesis.py` for as
long as one likes.
"""

import copy
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import run_state_machine_as_test
from moto import mock_aws
from schemathesis import AuthContext, BaseSchema, Case, CheckContext, GenerationMode, Response, checks

import app
from chalicelib import table as stormloop_table
from chalicelib.api.answering import answer
from chalicelib.families import table as families
from chalicelib.families import tokens
from chalicelib.families.handlers import NAMED_TWICE, NOT_BORN, TOO_OLD
from chalicelib.families.identity import family_id
from chalicelib.families.rules import Pass
from chalicelib.languages import translate
from chalicelib.observability import log
from chalicelib.openapi import document
from chalicelib.programme.handlers import FROM_AFTER_TO
from chalicelib.programme.rules import identify
from chalicelib.registrations.handlers import AS_CHILD
from chalicelib.registrations.register import KEY_USED
from chalicelib.seats import table as seats
from tests import dynamodb_local as local
from tests.api.test_faults import refused
from tests.api.wsgi import Application, StartResponse, application
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, family, named_by, published
from tests.camps import TOO_OLD as ROBBE

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))

CLAEYS = Pass(
    pass_id="3k9rtgw5mxpa",
    family_id=family_id("an.claeys@example.be"),
    email="an.claeys@example.be",
    language="nl",
    postcode="9970",
    children=(LOU, JEF, ROBBE),
    created_at=datetime.now(UTC) - timedelta(days=3),
    namings=named_by(family_id("an.claeys@example.be"), *(one.child_id for one in (LOU, JEF, ROBBE))),
)
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
OPEN = BOUWKAMP.session_id
FULL = identify("Kaprijke", "Danskamp", BOUWKAMP.starts_on)
ANNOUNCED = identify("Kaprijke", "Kleutersportkamp", BOUWKAMP.starts_on)
CLOSED = identify("Kaprijke", "Beestenboel", YESTERDAY)


@pytest.fixture(scope="module", autouse=True)
def city() -> Iterator[None]:
    level = log.level
    log.setLevel("CRITICAL")  # thousands of lines
    with mock_aws():
        boto3.client("dynamodb").create_table(**local.TABLE)
        stormloop_table.connect()
        begin()
        yield
    stormloop_table.connect()
    log.setLevel(level)


def begin() -> None:
    """A session of each kind, the family whose token is used, another with the only seat of one; nothing else."""
    client: Any = stormloop_table.Item._get_connection().connection.client
    client.delete_table(TableName="stormloop")
    client.create_table(**local.TABLE)
    seats.forget()
    families.put(CLAEYS)
    elamrani = family(NOOR, email="fatima@example.be")
    elamrani.register(published(capacity=1000), NOOR)
    elamrani.register(published(title="Danskamp", capacity=1), NOOR)
    published(title="Kleutersportkamp", opens_at=None)
    published(title="Beestenboel", starts_on=YESTERDAY, ends_on=YESTERDAY)


def described(application: Application) -> BaseSchema:
    """`application` by our document, narrowed to what it cannot say: which sessions and children there are."""
    content = copy.deepcopy(document())
    wish = content["components"]["schemas"]["RegistrationRequest"]["properties"]
    wish["session_id"]["enum"] = [OPEN, FULL, ANNOUNCED, CLOSED, "zzzzzzzzzz"]
    wish["child_ids"]["items"]["enum"] = [child.child_id for child in (LOU, JEF, ROBBE, NOOR)]
    schema = schemathesis.openapi.from_dict(content)
    schema.app = application
    schema.auth()(Token)
    # What API Gateway refuses before we are asked: infra/template.yaml, DEFAULT_4XX.
    schema.config.phases.coverage.unexpected_methods = set()
    return schema


class Token:
    """How Schemathesis shows the family's pass."""

    def get(self, case: Case, context: AuthContext) -> str:
        return tokens.sign(CLAEYS)

    def set(self, case: Case, token: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


# What a request that fits its schema may still be refused for.
BEYOND_ANY_SCHEMA = {
    translate(message, "nl") for message in (NOT_BORN, TOO_OLD, NAMED_TWICE, FROM_AFTER_TO, AS_CHILD, KEY_USED)
}


def accepts_what_it_documents(context: CheckContext, response: Response, case: Case) -> None:
    """Instead of Schemathesis's positive_data_acceptance, which takes every 422 for a mistake of ours."""
    if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        messages = {error["message"] for error in response.json()["errors"]}
        assert messages <= BEYOND_ANY_SCHEMA, messages


AS_DOCUMENTED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
CHECKS = [
    *AS_DOCUMENTED,
    checks.not_a_server_error,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.ignored_auth,
    checks.ensure_resource_availability,
    accepts_what_it_documents,
    # Not unsupported_method: at AWS it is API Gateway that refuses those.
    # Not use_after_free: a cancelled registration is still there to look at, and says that it is cancelled.
    # Not object_level_authorization: it wants two identities; tests/registrations/test_registering.py has them.
]
api = described(application)


@api.parametrize()
@settings(max_examples=EXAMPLES)
def test_every_answer_is_as_documented(case: Case) -> None:
    case.call_and_validate(checks=CHECKS)


def test_every_story_of_calls_is_as_documented() -> None:
    """What one answer names is asked for in the next: registered, looked up, cancelled, looked up again."""

    class Story(api.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            begin()

        def validate_response(self, response: Response, case: Case, *_: Any, **__: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


ROUTES = [(path, method) for path, methods in document()["paths"].items() for method in methods]


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize(
    ("error", "status"), [(refused("ThrottlingException"), 503), (ValueError("Lou Claeys"), 500)], ids=["busy", "ours"]
)
def test_what_goes_wrong_is_as_documented(monkeypatch, path, method, error, status):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(app, "run", lambda _use_case, **path: answer(app.app.current_request, fail, **path))

    @given(case=api[path][method].as_strategy())
    @settings(max_examples=1, database=None)
    def ask(case: Case) -> None:
        response = case.call()
        assert response.status_code == status
        case.validate_response(response, checks=AS_DOCUMENTED)

    ask()


# The checks see what they are for.


@dataclass
class Answered:
    status: str
    headers: dict[str, str]
    content: Any


def a_field_is_missing(answer: Answered) -> None:
    answer.content.pop("children", None)


def a_field_has_another_type(answer: Answered) -> None:
    answer.content["pass_id"] = 7


def a_header_is_missing(answer: Answered) -> None:
    del answer.headers["Cache-Control"]


def a_status_is_new(answer: Answered) -> None:
    answer.status = "418 I'm a teapot"


def it_is_no_json(answer: Answered) -> None:
    answer.headers["Content-Type"] = "text/html"


def it_is_a_mistake_of_ours(answer: Answered) -> None:
    answer.status = "500 Internal Server Error"


def a_wrong_request_is_taken(answer: Answered) -> None:
    answer.status, answer.content = "200 OK", {"sessions": []}
    answer.headers["Content-Type"] = "application/json"


def a_right_request_is_refused(answer: Answered) -> None:
    answer.status = "422 Unprocessable Entity"
    answer.content = {"errors": [{"field": "age", "message": "We do not like this age."}]}


def spoiled(change: Callable[[Answered], None]) -> Application:
    """The API, but for what `change` makes of its answers."""

    def changed(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        began: list[Any] = []
        body = b"".join(application(environ, lambda *status_and_headers: began.extend(status_and_headers)))
        answered = Answered(began[0], dict(began[1]), json.loads(body))
        change(answered)
        start_response(answered.status, list(answered.headers.items()))
        return [json.dumps(answered.content).encode()]

    return changed


def open_to_all(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The API, to which everybody is the family Claeys."""
    return application({**environ, "HTTP_AUTHORIZATION": f"Bearer {tokens.sign(CLAEYS)}"}, start_response)


@pytest.mark.parametrize(
    ("path", "spoiled", "mode", "title"),
    [
        ("/api/pass", spoiled(a_field_is_missing), GenerationMode.POSITIVE, "schema"),
        ("/api/pass", spoiled(a_field_has_another_type), GenerationMode.POSITIVE, "schema"),
        ("/api/pass", spoiled(a_header_is_missing), GenerationMode.POSITIVE, "header"),
        ("/api/pass", spoiled(a_status_is_new), GenerationMode.POSITIVE, "Undocumented status code"),
        ("/api/pass", spoiled(it_is_no_json), GenerationMode.POSITIVE, "Undocumented Content-Type"),
        ("/api/pass", spoiled(it_is_a_mistake_of_ours), GenerationMode.POSITIVE, "Server error"),
        ("/api/pass", open_to_all, GenerationMode.POSITIVE, "without authentication"),
        ("/api/sessions", spoiled(a_wrong_request_is_taken), GenerationMode.NEGATIVE, "accepted"),
        ("/api/sessions", spoiled(a_right_request_is_refused), GenerationMode.POSITIVE, "We do not like this age"),
    ],
    ids=[
        *("field missing", "field of another type", "header missing", "status", "no JSON", "mistake"),
        *("open to all", "wrong request taken", "right request refused"),
    ],
)
def test_the_checks_see_what_they_are_for(path: str, spoiled: Application, mode: GenerationMode, title: str) -> None:
    schema = described(spoiled)

    @given(case=schema[path]["GET"].as_strategy(mode, auth_storage=schema.auth))
    @settings(max_examples=20, database=None)
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    with pytest.raises(BaseException, match=title):
        ask()
