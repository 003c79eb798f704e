"""Every route of staff, with every role: who may, who may not, and that nobody comes in without a sign-in."""

import base64
import itertools
import json
import re
from collections.abc import Iterable

import pytest

import app
from chalicelib.staff.rules import Role
from tests.camps import request, signed_in

EVERYBODY = set(Role)
# Who may what. A route that is not here fails the tests.
ADMITS: dict[tuple[str, str], set[Role]] = {
    ("GET", "/api/staff/me"): EVERYBODY,
    ("GET", "/api/staff/ledger"): {Role.AUDITOR, Role.MANAGER, Role.APPROVER},
    ("POST", "/api/staff/openings"): {Role.MANAGER},
    ("GET", "/api/staff/openings"): {Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.DESK},
    ("GET", "/api/staff/openings/{opening_id}"): {Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.DESK},
    ("PUT", "/api/staff/openings/{opening_id}"): {Role.MANAGER},
    ("POST", "/api/staff/openings/{opening_id}/approvals"): {Role.APPROVER},
    ("POST", "/api/staff/openings/{opening_id}/publication"): {Role.MANAGER},
    ("POST", "/api/staff/openings/{opening_id}/incidents"): {Role.MANAGER},
    ("GET", "/api/staff/openings/{opening_id}/incidents"): {Role.MANAGER, Role.APPROVER, Role.AUDITOR},
    ("POST", "/api/staff/openings/{opening_id}/incidents/{number}/approval"): {Role.APPROVER},
    ("POST", "/api/staff/openings/{opening_id}/incidents/{number}/announcement"): {Role.MANAGER},
    ("POST", "/api/staff/openings/{opening_id}/beacon"): {Role.MANAGER, Role.APPROVER},
    ("POST", "/api/staff/openings/{opening_id}/draw"): {Role.MANAGER},
    ("POST", "/api/staff/registrations"): {Role.DESK},
    ("GET", "/api/staff/registrations"): {Role.DESK},
    ("POST", "/api/staff/registrations/{registration_id}/acceptance"): {Role.DESK},
    ("POST", "/api/staff/registrations/{registration_id}/cancellation"): {Role.DESK},
    ("POST", "/api/staff/sessions/{session_id}/grants"): {Role.MANAGER},
    ("POST", "/api/staff/sessions/{session_id}/reserved"): {Role.MANAGER},
    ("PUT", "/api/staff/sessions/{session_id}/capacity"): {Role.MANAGER},
    ("PUT", "/api/staff/sessions/{session_id}/closing"): {Role.MANAGER},
    ("PUT", "/api/staff/cancellation"): {Role.MANAGER},
}
ROUTES = {(method, path): route for path, methods in app.app.routes.items() for method, route in methods.items()}
OF_STAFF = sorted(route for route in ROUTES if route[1].startswith("/api/staff"))


def ask(route: tuple[str, str], headers: dict[str, str]) -> tuple[int, str]:
    """The status and the slug of the problem, if it is one of ours. Nothing by any of the names in the address exists,
    and the body is empty: whoever may ask is told so."""
    method, path = route
    answer = request(method, re.sub(r"\{\w+\}", "2027-aaaaaa", path), headers=headers)
    body = json.loads(answer.body) if answer.body else {}
    return answer.status_code, body.get("type", "").rpartition("/")[2]


def each(allowed: bool) -> Iterable[tuple[tuple[str, str], Role]]:
    pairs = itertools.product(OF_STAFF, Role)
    return [(route, role) for route, role in pairs if (role in ADMITS.get(route, set())) == allowed]


def test_this_table_knows_every_route_of_staff() -> None:
    assert set(OF_STAFF) == set(ADMITS)


def test_what_is_for_staff_is_behind_the_sign_in_and_nothing_else_is() -> None:
    guarded = {route for route, entry in ROUTES.items() if entry.authorizer}
    assert guarded == set(OF_STAFF)
    assert {ROUTES[route].authorizer for route in guarded} == {app.STAFF}


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(("route", "role"), each(allowed=True))
def test_who_has_the_role_comes_in(route: tuple[str, str], role: Role) -> None:
    status, slug = ask(route, signed_in(role))
    assert status not in (401, 403, 500), slug


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(("route", "role"), each(allowed=False))
def test_who_has_another_role_does_not(route: tuple[str, str], role: Role) -> None:
    assert ask(route, signed_in(role)) == (403, "not-allowed")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("route", OF_STAFF)
def test_who_has_no_role_does_not(route: tuple[str, str]) -> None:
    assert ask(route, signed_in()) == (403, "not-allowed")


@pytest.mark.parametrize("route", OF_STAFF)
def test_who_is_not_signed_in_does_not(route: tuple[str, str]) -> None:
    """API Gateway's refusal, which Chalice's test client plays; in its own words. tests/infra/test_run.py sees ours."""
    status, _ = ask(route, {})
    assert status == 401


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("route", OF_STAFF)
def test_a_token_of_nobody_does_not_count(route: tuple[str, str]) -> None:
    """Should API Gateway ever let one through."""
    claims = base64.urlsafe_b64encode(json.dumps({"cognito:username": "x", "cognito:groups": "[approver]"}).encode())
    token = f"e30.{claims.decode().rstrip('=')}.unsigned"
    assert ask(route, {"authorization": token}) == (401, "unauthorized")
