"""Every route with every role, with nobody, and with a group that is no role of ours: made from the table of routes."""

import base64
import importlib
import inspect
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import app
from chalicelib import routes
from chalicelib.core.http.answering import Call
from chalicelib.core.http.problems import Problem
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.callers import behind
from chalicelib.people.families.rules import Bearer
from chalicelib.people.rules import Caller
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.routes import ROUTES, Route
from tests.camps import request, signed_in
from tests.pages.frame.browsing import Browser

OF_STAFF = [route for route in ROUTES if route.roles]
OF_FAMILIES = [route for route in ROUTES if route.who in (Caller.FAMILY, Caller.FAMILY_BY_LINK)]
PARKING = "approver-of-parking"  # a group of the pool that is no role of ours
FORM = "application/x-www-form-urlencoded"


def name(route: Route) -> str:
    return f"{route.method} {route.address}"


def each(some: list[Route]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", some, ids=name)


def ask(route: Route, logged: io.StringIO, *roles: str) -> tuple[int, str | None]:
    """As somebody with these groups, nobody if there are none: the status, and the slug of the refusal. Nothing by any
    of the names in the address exists, and nothing is sent: whoever may ask is told so."""
    path = re.sub(r"\{\w+\}", "2027-aaaaaa", route.address)
    if route.is_api:
        status = request(route.method, path, headers=signed_in(*roles) if roles else {}).status_code  # type: ignore[arg-type]
    else:
        who = Browser().sign_in(*roles) if roles else Browser()  # type: ignore[arg-type]
        cookies = {"Cookie": f"__Host-staff={who.cookies['staff']}"} if roles else {}
        status = request(route.method, path, headers={"Content-Type": FORM, **cookies}).status_code
    lines = logged.getvalue().splitlines()
    return status, json.loads(lines[-1]).get("problem") if lines else None


def test_the_app_serves_the_table_and_nothing_else() -> None:
    served = {(method, address) for address, methods in app.app.routes.items() for method in methods}
    assert served == {(route.method, route.address) for route in ROUTES}


def test_api_gateway_asks_for_a_sign_in_where_the_api_is_for_staff_and_nowhere_else() -> None:
    guarded = {
        (method, address)
        for address, methods in app.app.routes.items()
        for method, entry in methods.items()
        if entry.authorizer is app.STAFF
    }
    assert guarded == {(route.method, route.address) for route in OF_STAFF if route.is_api}


def test_what_is_below_an_address_of_staff_is_for_staff() -> None:
    open_to_anyone = {"/office/sign-in", "/office/sign-in/page", "/office/signed-in", "/office/sign-out"}
    for route in ROUTES:
        if route.address.startswith(("/office", "/api/staff")):
            assert bool(route.roles) == (route.address not in open_to_anyone), name(route)


@each(list(ROUTES))
def test_a_use_case_takes_who_asks_as_an_object(route: Route) -> None:
    module, _, function = route.use_case.partition(":")
    taken = inspect.signature(getattr(importlib.import_module(f"chalicelib.{module}"), function)).parameters
    first, *others = [one.annotation for one in taken.values()]
    assert first is (Call if route.is_api else Visit)
    who = [Staff] if route.roles else [Bearer] if route in OF_FAMILIES else []
    assert others == [*who, *[str for _ in re.findall(r"\{", route.address)]]


@pytest.mark.usefixtures("table")
@each(OF_STAFF)
def test_whoever_has_one_of_the_roles_comes_in(route: Route, logged: io.StringIO) -> None:
    for role in route.roles:
        status, problem = ask(route, logged, role)
        assert status != 500, role
        assert problem not in ("unauthorized", "not-allowed"), role


@pytest.mark.usefixtures("table")
@each(OF_STAFF)
def test_whoever_has_another_role_or_none_does_not(route: Route, logged: io.StringIO) -> None:
    for role in [*(role for role in Role if role not in route.roles), PARKING]:
        assert ask(route, logged, role) == (403, "not-allowed"), role


@pytest.mark.usefixtures("table")
@each(OF_STAFF)
def test_whoever_is_not_signed_in_does_not(route: Route, logged: io.StringIO) -> None:
    """The API's refusal is API Gateway's, which Chalice's test client plays; tests/infra/test_run.py sees ours. A page
    asks for a sign-in."""
    status, _ = ask(route, logged)
    assert status == (303 if route.method == "GET" and not route.is_api else 401)


@each([route for route in OF_STAFF if route.is_api])
def test_a_token_of_nobody_does_not_count(route: Route) -> None:
    """Should API Gateway ever let one through."""
    claims = base64.urlsafe_b64encode(json.dumps({"cognito:username": "x", "cognito:groups": "[approver]"}).encode())
    token = f"e30.{claims.decode().rstrip('=')}.unsigned"
    answer = request(route.method, re.sub(r"\{\w+\}", "x", route.address), headers={"authorization": token})
    assert answer.status_code == 401
    assert answer.json_body["type"].endswith("/unauthorized")  # our refusal, not API Gateway's


@pytest.mark.usefixtures("table")
@each(OF_FAMILIES)
def test_what_is_for_a_family_asks_for_its_pass(route: Route, logged: io.StringIO) -> None:
    assert ask(route, logged) == (401, "unauthorized")
    if not route.is_api:  # staff are no family
        assert ask(route, logged, Role.DESK) == (401, "unauthorized")


def test_a_route_that_does_not_say_who_stops_the_app() -> None:
    with pytest.raises(TypeError):
        Route("GET", "/api/secrets", "secrets.handlers:tell", activity=routes.LOOKING)  # type: ignore[call-arg]
    with pytest.raises(LookupError):
        routes.by_name((Route("GET", "/api/secrets", "secrets.handlers:tell", (), routes.LOOKING),))
    with pytest.raises(LookupError):  # of staff, and does not say within what
        routes.by_name((Route("GET", "/office/secrets", "secrets.handlers:tell", (Role.DESK,), routes.OFFICE),))


def test_a_use_case_that_is_refused_is_not_even_loaded() -> None:
    refused = behind((Role.FINANCE,), "no.such.module:at_all")
    call = Call({}, {}, b"", "en", datetime.now(UTC))
    with pytest.raises(Problem, match="unauthorized"):
        refused(call)
    with pytest.raises(ModuleNotFoundError):
        refused(replace(call, sender=Staff("7d1f", "Jamila Aerts", frozenset({Role.FINANCE}))))


@pytest.mark.usefixtures("table")
def test_the_menu_and_the_first_page_have_every_place_of_the_office() -> None:
    """A page that begins a part of the office is in the one list of places, so in the menu of whoever may open it; one
    that begins a part of money, on finance's first page of it."""
    begins = {
        route.address for route in OF_STAFF if route.method == "GET" and re.fullmatch(r"/office/[a-z-]+", route.address)
    }
    browser = Browser("en").sign_in(*Role)
    links = {*browser.get("/office").page.links.values(), *browser.get("/office/money").page.links.values()}
    found = {f"/office/{link.rpartition('office/')[2]}" for link in links if "office/" in link}
    assert begins == {one for one in found if one.count("/") == 2}
