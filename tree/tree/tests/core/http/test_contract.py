"""../shared/contract.md, line by line: what other programs were written against keeps its names and meaning."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from chalice.test import HTTPResponse
from moto import mock_aws

from chalicelib.core import table as stormloop_table
from chalicelib.core.http import problems
from tests import dynamodb_local as local
from tests.camps import JEF, LOU, NOOR, TOO_OLD, Family, family, post, published, request
from tests.core.http import summer
from tests.core.http.problems import is_problem
from tests.core.http.test_faults import Failing, refused

SESSION = {
    "session_id": str, "municipality": str, "title": str, "starts_on": str, "ends_on": str, "age_min": int,
    "age_max": int, "price_cents": int, "currency": str, "capacity": int, "seats_left": int, "opens_at": str,
    "status": str,
}  # fmt: skip
REGISTRATION = {
    "registration_id": str, "reference": str, "session_id": str, "child_ids": list, "status": str, "created_at": str,
}  # fmt: skip
CHILD = {"child_id": str, "first_name": str, "last_name": str, "birth_date": str}
SENT = {
    "email": "an.claeys@example.be",
    "language": "nl",
    "postcode": "9970",
    "children": [{"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}],
}


@pytest.fixture(scope="module")
def at_moto() -> Iterator[None]:
    with mock_aws():
        local.empty()
        stormloop_table.connect()
        yield
    stormloop_table.connect()


@pytest.fixture(autouse=True)
def empty(at_moto: None) -> None:
    local.empty()


def has(fields: dict[str, type], answered: dict[str, Any]) -> None:
    """At least these, of these types."""
    assert {name: type(answered.get(name)) for name in fields} == fields


def has_offset(moment: str) -> bool:
    return datetime.fromisoformat(moment).tzinfo is not None


def refuses(
    answer: HTTPResponse, kind: problems.ProblemKind, slug: str, status: int, **values: object
) -> dict[str, Any]:
    assert (kind.slug, kind.status, answer.status_code) == (slug, status, status)
    document = is_problem(answer, kind, **values)
    assert document["type"].endswith(slug)
    return document


# The table.


def test_health() -> None:
    answer = request("GET", "/api/health")
    assert (answer.status_code, answer.json_body["status"]) == (200, "ok")
    assert answer.json_body["version"]


def test_the_document() -> None:
    assert request("GET", "/api/openapi.json").json_body["openapi"].startswith("3.1")


def test_sessions() -> None:
    session = published()
    query = "municipality=Kaprijke&from=2027-08-01&to=2027-08-31&age=5"

    listed = request("GET", f"/api/sessions?{query}")
    one = request("GET", f"/api/sessions/{session.session_id}")

    assert listed.json_body == {"sessions": [one.json_body]}
    assert "max-age" in listed.headers["Cache-Control"]
    has(SESSION, one.json_body)
    assert one.json_body["status"] == "open"
    assert has_offset(one.json_body["opens_at"])


def test_a_pass_is_asked_for_and_looked_at() -> None:
    answer = post("/api/passes", SENT)
    assert (answer.status_code, set(answer.json_body)) == (202, {"pass_id"})

    known = family(LOU, JEF)
    own = known.get("/api/pass").json_body

    assert own["pass_id"] == known.pass_.pass_id
    assert "admission" in own
    assert len(own["children"]) == 2
    has(CHILD, own["children"][0])
    assert request("GET", f"/api/pass?token={known.token}").json_body == own
    assert set(post("/api/passes", SENT).json_body) == {"pass_id"}  # the same whether the address is known or not


def test_a_registration_from_its_beginning_to_its_end() -> None:
    session, claeys = published(), family(LOU, JEF)

    made, again = (claeys.register(session, LOU, JEF, waitlist=True, key="one") for _ in range(2))

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json_body == again.json_body
    has(REGISTRATION, made.json_body)
    assert (made.json_body["status"], made.json_body["waitlist_position"]) == ("confirmed", None)
    assert has_offset(made.json_body["created_at"])
    path = f"/api/registrations/{made.json_body['registration_id']}"
    assert claeys.get(path).json_body == made.json_body
    assert claeys.get("/api/registrations").json_body == {"registrations": [made.json_body]}
    assert claeys.cancel(made.json_body["registration_id"]).status_code == 204
    assert claeys.get(path).json_body["status"] == "cancelled"
    assert request("GET", f"/api/sessions/{session.session_id}").json_body["seats_left"] == session.capacity


def test_whoever_waits_has_a_position() -> None:
    session = published(capacity=1)
    family(NOOR, email="fatima@example.be").register(session, NOOR)

    waits = family(LOU).register(session, LOU).json_body  # waitlist is true if it is left out

    assert (waits["status"], waits["waitlist_position"]) == ("waitlisted", 1)


@pytest.mark.parametrize(
    ("status", "changed"),
    [("announced", {"opens_at": None}), ("open", {}), ("closed", {"starts_on": summer.YESTERDAY, "title": "Voorbij"})],
)
def test_the_status_of_a_session(status: str, changed: dict[str, Any]) -> None:
    session = published(**changed)
    assert request("GET", f"/api/sessions/{session.session_id}").json_body["status"] == status


def test_a_full_session() -> None:
    session = published(capacity=1)
    family(LOU).register(session, LOU)
    assert request("GET", f"/api/sessions/{session.session_id}").json_body["status"] == "full"


# The problems.


def test_invalid() -> None:
    document = refuses(post("/api/passes", SENT | {"postcode": "997"}), problems.INVALID, "invalid", 422)
    assert [set(error) for error in document["errors"]] == [{"field", "message"}]
    assert document["errors"][0]["field"] == "postcode"


@pytest.mark.parametrize("token", ["", "Bearer forged", "Basic x"])
def test_unauthorized(token: str) -> None:
    answer = request("GET", "/api/registrations", headers={"Authorization": token} if token else {})
    refuses(answer, problems.UNAUTHORIZED, "unauthorized", 401)


def test_not_found_is_the_same_for_what_is_unknown_and_what_is_another_familys() -> None:
    session, claeys, elamrani = published(), family(LOU), family(NOOR, email="fatima@example.be")
    theirs = elamrani.register(session, NOOR).json_body["registration_id"]

    foreign, unknown = (claeys.get(f"/api/registrations/{one}") for one in (theirs, theirs[:-1]))

    assert refuses(foreign, problems.NOT_FOUND, "not-found", 404) == unknown.json_body


def test_too_early() -> None:
    answer = family(LOU).register(published(opens_at=datetime.fromisoformat("2027-04-01T19:00+02:00")), LOU)
    document = refuses(answer, problems.TOO_EARLY, "too-early", 425)
    assert int(answer.headers["Retry-After"]) > 0
    assert datetime.fromisoformat(document["opens_at"]) == datetime.fromisoformat("2027-04-01T19:00+02:00")


def test_closed() -> None:
    session = published(title="Voorbij", starts_on=summer.YESTERDAY, ends_on=summer.YESTERDAY)
    refuses(family(LOU).register(session, LOU), problems.CLOSED, "closed", 409)


def test_not_eligible_says_which_child_and_which_rule() -> None:
    answer = family(LOU, TOO_OLD).register(published(), LOU, TOO_OLD)
    document = refuses(answer, problems.NOT_ELIGIBLE, "not-eligible", 403, age_min=3, age_max=6)
    assert (document["rule"], document["child_ids"]) == ("age", [TOO_OLD.child_id])


def test_already_registered_names_the_familys_own_registration_only() -> None:
    session, claeys = published(), family(LOU)
    own = claeys.register(session, LOU).json_body["registration_id"]
    other = family(LOU, email="jan.claeys@example.be")

    mine = refuses(claeys.register(session, LOU), problems.ALREADY_REGISTERED, "already-registered", 409)
    theirs = refuses(other.register(session, LOU), problems.ALREADY_REGISTERED, "already-registered", 409)

    assert mine["registration_id"] == own
    assert "registration_id" not in theirs


def test_sold_out_says_how_many_are_left() -> None:
    answer = family(LOU, JEF).register(published(capacity=1), LOU, JEF, waitlist=False)
    document = refuses(answer, problems.SOLD_OUT, "sold-out", 409, seats_left=1)
    assert document["seats_left"] == 1


def test_busy_is_safe_to_repeat_with_the_same_key() -> None:
    session, claeys = published(), family(LOU)

    def register(by: Family = claeys) -> HTTPResponse:
        return by.register(session, LOU, key="one")

    with Failing(refused("ThrottlingException"), nth=2):
        answer = register()
    refuses(answer, problems.BUSY, "busy", 503)
    assert int(answer.headers["Retry-After"]) > 0

    assert [register().json_body["status"] for _ in range(2)] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_words_are_in_the_language_asked_for(language: str) -> None:
    answer = post("/api/passes", {}, {"Accept-Language": language})
    is_problem(answer, problems.INVALID, language)
