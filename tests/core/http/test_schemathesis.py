"""Schemathesis asks the handlers whatever the OpenAPI document allows and forbids, and holds each answer against it.

For seconds with the other tests; `FUZZ_EXAMPLES=2000 .venv/bin/python -m pytest tests/core/http/test_schemathesis.py`
for as long as one likes.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import AuthContext, BaseSchema, Case, CheckContext, GenerationMode, Response, checks

import app
from chalicelib.booking.draw import handlers as draw
from chalicelib.booking.draw import starting, wishes
from chalicelib.booking.registrations import moving
from chalicelib.booking.registrations.register import KEY_USED
from chalicelib.city.ledger.rules import AS_REASON
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.answering import answer
from chalicelib.core.http.fields import AS_MOMENT, MISSING, UNKNOWN
from chalicelib.core.http.problems import NOT_ELIGIBLE
from chalicelib.core.languages import catalogue
from chalicelib.core.observability import log
from chalicelib.front_door.cases import sending
from chalicelib.front_door.mapping import places
from chalicelib.front_door.photos.words import AS_PHOTO as UNKNOWN_PHOTO
from chalicelib.money.online.handlers import AS_RETURN_URL
from chalicelib.money.quotes import asking
from chalicelib.office.attendance.requests import NOT_THAT_DAY
from chalicelib.office.desk import exceptions as desk
from chalicelib.office.desk import requests as desk_requests
from chalicelib.office.desk.families import UNKNOWN_NUMBER
from chalicelib.office.desk.joining import NOT_KNOWN, SAME_CHILD
from chalicelib.office.desk.namings import NO_SUCH_FAMILY
from chalicelib.office.desk.uniting import SAME_FAMILY
from chalicelib.openapi import document
from chalicelib.people.families import tokens
from chalicelib.people.families.addresses import DOTS, NO_DOMAIN, NO_ENDING
from chalicelib.people.families.handlers import AS_CHILD, NAMED_TWICE, NOT_BORN, TOO_OLD
from chalicelib.programme.cancellation import changing as cancellation
from chalicelib.programme.openings.plans import NOT_OF_OPENING, SESSION_TWICE
from chalicelib.programme.sessions.handlers import FROM_AFTER_TO
from tests.camps import JEF, LOU, NOOR
from tests.camps import TOO_OLD as ROBBE
from tests.core.http import summer
from tests.core.http.summer import CLAEYS, OPEN, OWN_IDS, SESSIONS
from tests.core.http.test_faults import refused
from tests.core.http.wsgi import Application, StartResponse, application

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
# Of each route of staff: they are many, and their requests are long.
OF_STAFF = EXAMPLES // 4
CHILDREN = [child.child_id for child in (LOU, JEF, ROBBE, NOOR)]
EVERY_SESSION = [OPEN, summer.FULL, summer.OFFERED, summer.ANNOUNCED, summer.CLOSED, *SESSIONS.values(), "zzzzzzzzzz"]
MOMENTS = ["2027-03-06T21:30:00Z", "2027-05-06T20:00", "2027-05-07T19:00+02:00", "2027-05-14T19:00"]
# The values of what stands in an address, by its name.
IN_PATHS = {
    "opening_id": [*SESSIONS, "2027-zzzzzz"],
    "session_id": EVERY_SESSION,
    "registration_id": [*OWN_IDS, "zzzzzzzzzzzzzzzzzzz"],
    "order_id": [OWN_IDS[0], "zzzzzzzzzzzzzzzzzzz"],
    "family_id": [OWN_IDS[0][:11], "zzzzzzzzzzz"],
    "number": ["1", "2"],
}


@pytest.fixture(scope="module", autouse=True)
def everything() -> Iterator[None]:
    level = log.level
    log.setLevel("CRITICAL")  # thousands of lines
    with summer.summer(), WRITTEN.watched():
        yield
    log.setLevel(level)


class Written:
    """What was written since it was asked last: each item's key, and the item as it was before."""

    WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})

    def __init__(self) -> None:
        self.before: dict[tuple[str, str], Any] = {}
        self.ask: Callable[[str, dict[str, Any]], Any]

    @contextmanager
    def watched(self) -> Iterator[None]:
        client: Any = stormloop_table.Item._get_connection().connection.client
        self.ask = client._make_api_call
        client._make_api_call = self.noted
        yield
        client._make_api_call = self.ask

    def noted(self, operation: str, arguments: dict[str, Any]) -> Any:
        if operation in self.WRITES:
            for one in objects_with(arguments, "sk"):
                key = one["pk"]["S"], one["sk"]["S"]
                self.before.setdefault(key, self.item(*key))
        return self.ask(operation, arguments)

    def item(self, pk: str, sk: str) -> Any:
        return self.ask("GetItem", {"TableName": "stormloop", "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}).get("Item")

    def changed(self) -> list[str]:
        """The keys of what is another, or is new or gone."""
        changed = [f"{pk} / {sk}" for (pk, sk), before in self.before.items() if self.item(pk, sk) != before]
        self.before.clear()
        return changed


WRITTEN = Written()


def described(application: Application) -> BaseSchema:
    """`application` by our document, narrowed to what it cannot say: which sessions, children and openings there are,
    and which moments are any."""
    content = json.loads(json.dumps(document()))
    schemas = {name: one for name, one in content["components"]["schemas"].items() if name.endswith("Request")}
    of_sessions = [schemas[name] for name in ("RegistrationRequest", "DeskRegistrationRequest", "WishesRequest")]
    for name, values in (("session_id", EVERY_SESSION), ("child_id", CHILDREN)):
        for properties in objects_with(of_sessions, name):
            properties[name]["enum"] = values
    schemas["RegistrationRequest"]["properties"]["child_ids"]["items"]["enum"] = CHILDREN
    for one in objects_with(schemas, "pattern"):
        if one.get("description") == AS_MOMENT:
            one["enum"] = MOMENTS
    for methods in content["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in IN_PATHS and parameter.get("required"):
                    parameter["schema"]["enum"] = IN_PATHS[parameter["name"]]
    schema = schemathesis.openapi.from_dict(content)
    schema.app = application
    schema.auth(refresh_interval=None)(Token)  # kept, the family's pass would go to the routes of staff
    # What API Gateway refuses before we are asked: infra/template.yaml, DEFAULT_4XX.
    schema.config.phases.coverage.unexpected_methods = set()
    return schema


def objects_with(part: Any, name: str) -> Iterator[dict[str, Any]]:
    """Every object in it that has this name."""
    if isinstance(part, dict):
        if name in part:
            yield part
        for each in part.values():
            yield from objects_with(each, name)
    elif isinstance(part, list):
        for each in part:
            yield from objects_with(each, name)


class Token:
    """How Schemathesis shows the family's pass, or the sign-in of somebody who has every role."""

    def get(self, case: Case, context: AuthContext) -> str:
        if case.path.startswith("/api/staff"):
            return summer.EVERYBODY["authorization"]
        return tokens.sign(CLAEYS)

    def set(self, case: Case, token: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


def as_pattern(message: str) -> str:
    """What fits the message in Dutch, whatever its {names} stand for."""
    return ".*".join(map(re.escape, re.split(r"{\w+}", catalogue("nl").gettext(message))))


# What a request that fits its schema may still be refused for.
BEYOND_ANY_SCHEMA = [
    as_pattern(message)
    for message in (
        *(NO_DOMAIN, NO_ENDING, DOTS),  # of an address: JSON Schema's `email` is wider
        *(NOT_BORN, TOO_OLD, NAMED_TWICE, FROM_AFTER_TO, AS_CHILD, KEY_USED, AS_REASON),
        *(SESSION_TWICE, NOT_OF_OPENING),  # of a plan
        *(MISSING, UNKNOWN),  # what an action needs, or cannot have
        *(wishes.AS_DRAWN_SESSION, wishes.PAIR_TWICE, wishes.WISH_TWICE, wishes.AT_THE_SAME_TIME),
        *(NOT_ELIGIBLE.detail, starting.ANOTHER_VALUE, draw.AS_PART, cancellation.IN_ORDER, cancellation.THEN_MORE),
        *(desk_requests.AS_MUNICIPALITY, AS_RETURN_URL, moving.AS_ITS_CHILD),
        *(asking.NO_SESSION, asking.NOT_YOURS, asking.NOT_A_DAY, asking.NOT_AN_EXTRA, asking.TWICE, asking.TOO_MANY),
        asking.NO_PRICE,
        *(desk.TOO_LARGE, NOT_THAT_DAY, NOT_KNOWN, SAME_CHILD, SAME_FAMILY, NO_SUCH_FAMILY),
        # Of a case, which its form says.
        *(UNKNOWN_PHOTO, sending.AS_PHOTOS, sending.AS_CONTACT, sending.AS_PLACE, sending.NO_PLACE, places.OUTSIDE),
        sending.AS_KEY_ONCE,
        *(desk_requests.EITHER, desk_requests.BY_WHAT, UNKNOWN_NUMBER, desk.PAST, desk.TOO_LATE, desk.SO_MANY_AT_ONCE),
    )
]


# No schema says which bytes are a bank's file, nor what may stand in a cell of a city's sheet.
FREE = {"POST /api/staff/statements", "POST /api/staff/sessions/{session_id}/changes"}


def accepts_what_it_documents(context: CheckContext, response: Response, case: Case) -> None:
    """Instead of Schemathesis's positive_data_acceptance, which takes every 422 for a mistake of ours."""
    if is_trimmed(case) or case.operation.label in FREE:
        return
    if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        messages = {error["message"] for error in response.json()["errors"]}
        assert all(any(re.fullmatch(one, message) for one in BEYOND_ANY_SCHEMA) for message in messages), messages


def refuses_what_it_forbids(context: CheckContext, response: Response, case: Case) -> bool | None:
    """Schemathesis's negative_data_rejection, but for texts that may be right once they are trimmed."""
    if is_trimmed(case):
        return None
    return checks.negative_data_rejection(context, response, case)


def is_trimmed(case: Case) -> bool:
    """Whether we look at other texts than were sent: no schema says that of a text of spaces nothing is left."""
    return any(text != text.strip() for text in texts([dict(case.query), case.body]))


def texts(part: Any) -> Iterator[str]:
    """Every text in it that is a value."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts(each)


def stores_nothing_when_it_refuses(context: CheckContext, response: Response, case: Case) -> None:
    """But an attempt during a pause, which counts later; the pass and the number of a family that the desk typed in;
    and a ticket of the waiting list that nobody used."""
    changed = WRITTEN.changed()
    if response.status_code >= 400:
        assert [key for key in changed if not re.match(KEPT.get(case.operation.label, "never"), key)] == []


KEPT = {
    "POST /api/registrations": rf"F#{CLAEYS.family_id} / R#|S#\w+ / WAITING",
    "POST /api/staff/registrations": r"F#\w+ / ([PR]#|NAMES#)|C#\w+ / NAMED|S#\w+ / WAITING|DESK#\w+ / FAMILY",
    "POST /api/staff/sessions/{session_id}/grants": r"F#\w+ / (P#|NAMES#)|C#\w+ / NAMED|DESK#\w+ / FAMILY",
}
AS_DOCUMENTED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
CHECKS = [
    *AS_DOCUMENTED,
    checks.not_a_server_error,
    refuses_what_it_forbids,
    checks.missing_required_header,
    checks.ignored_auth,
    checks.ensure_resource_availability,
    accepts_what_it_documents,
    stores_nothing_when_it_refuses,
    # Not unsupported_method: at AWS it is API Gateway that refuses those.
    # Not use_after_free: a cancelled registration is still there to look at, and says that it is cancelled.
    # Not object_level_authorization: it wants two identities; tests/booking/registrations/test_registering.py has them.
]
api = described(application)


@api.exclude(path_regex="^/api/staff").parametrize()
@settings(max_examples=EXAMPLES)
def test_every_answer_is_as_documented(case: Case) -> None:
    case.call_and_validate(checks=CHECKS)


NEW_DRAFT = "createOpening"


@api.include(path_regex="^/api/staff").exclude(operation_id=NEW_DRAFT).parametrize()
@settings(max_examples=OF_STAFF)
def test_every_answer_to_staff_is_as_documented(case: Case) -> None:
    case.call_and_validate(checks=CHECKS)


@api.include(operation_id=NEW_DRAFT).parametrize()
@settings(max_examples=OF_STAFF, phases=set(Phase) - {Phase.explicit})
def test_every_answer_to_a_new_draft_is_as_documented(case: Case) -> None:
    """Whose plan is that of a new version: Schemathesis's hundreds of explicit cases go there."""
    case.call_and_validate(checks=CHECKS)


of_a_family = api.include(path_regex="^/api/(sessions|pass|passes|registrations)")


def test_every_story_of_calls_is_as_documented() -> None:
    """What one answer names is asked for in the next: registered, looked up, cancelled, looked up again."""

    class Story(of_a_family.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            summer.again()
            WRITTEN.before.clear()

        def validate_response(self, response: Response, case: Case, *_: Any, **__: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=EXAMPLES // 2, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
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

    monkeypatch.setattr(app, "answer", lambda call, _use_case, page=None, **path: answer(call, fail, page, **path))

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
