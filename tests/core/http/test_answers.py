"""A real answer of every route, for every way in which it can go well, held against the document; and the same for the
refusals that only an opening knows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib import openapi
from chalicelib.booking.registrations.rules import reference, registration_id
from chalicelib.core.http import problems
from chalicelib.core.http.problems import ProblemKind
from chalicelib.core.languages import translate
from chalicelib.core.moments import today
from chalicelib.money.orders.following import follow
from chalicelib.money.payees.rules import Payees
from chalicelib.money.statements import taking, uploading
from chalicelib.openapi import refusals
from chalicelib.people.families import proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Child, child
from chalicelib.people.staff.rules import Role
from infra.local.banks import ACCOUNT, Book, Entry
from tests.camps import JEF, LOU, NOOR, Family, family, post, request, signed_in
from tests.core.http import summer
from tests.core.http.summer import (
    APPROVED,
    CLAEYS,
    CLOSING,
    CONFIRMED_ID,
    DRAFT,
    DRAWN,
    ELSEWHERE,
    EVERYBODY,
    HELD,
    HELD_ID,
    LATER,
    NAMERS,
    OFFERED_ID,
    OPEN,
    OWN,
    PAUSED,
    REASON,
    SESSIONS,
    TWICE_NAMED,
    WAITING_ID,
    WISHED,
    incident,
    register,
)  # fmt: skip
from tests.core.http.test_openapi import OPERATIONS, is_right, resolved
from tests.front_door import city
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.programme.openings import plans
from tests.programme.openings.plans import ANNA, MANAGER, approve, publish, put

Ask = Callable[[], HTTPResponse]
DESK, FINANCE = signed_in(Role.DESK), signed_in(Role.FINANCE)


def owing() -> HTTPResponse:
    """An account with orders: the whole city takes money since."""
    pays_to(municipality="")
    follow(OWN.pass_.family_id, datetime.now(UTC))
    return OWN.get("/api/account")


FAMILY = openapi.EXAMPLES["PassRequest"]
MATS = [FAMILY["children"][0] | {"first_name": "Mats"}]
CASE_KEY = {"Idempotency-Key": "stoep-3"}
ATTENDANCE = f"sessions/{OPEN}/attendance/2027-08-16"
TOO_YOUNG = {
    "children": [
        {"child_id": JEF.child_id, "first_name": "Jef", "last_name": "Claeys", "birth_date": "2026-09-12"},
    ]
}
WISHES = {"wishes": [{"children_sessions": [{"child_id": LOU.child_id, "session_id": SESSIONS[WISHED]}]}]}


def staff(path: str, by: dict[str, str] = MANAGER) -> HTTPResponse:
    return request("GET", f"/api/staff/{path}", headers=by)


def at_desk(key: str, session_id: str = OPEN, **more: Any) -> HTTPResponse:
    sent = {**FAMILY, "email": None, "children": MATS, "session_id": session_id, "reason": REASON, **more}
    return post("/api/staff/registrations", sent, {**DESK, "Idempotency-Key": key})


def grant(key: str) -> HTTPResponse:
    sent = {**FAMILY, "children": MATS, "from": "staff", "reason": REASON}
    return post(f"/api/staff/sessions/{SESSIONS[HELD]}/grants", sent, {**MANAGER, "Idempotency-Key": key})


def change(what: str, **sent: Any) -> HTTPResponse:
    return put(f"/api/staff/sessions/{OPEN}/{what}", {**sent, "reason": REASON}, MANAGER)


def correct(**sent: Any) -> HTTPResponse:
    return post(f"/api/staff/sessions/{OPEN}/changes", {**sent, "reason": REASON}, MANAGER)


def call_off() -> HTTPResponse:
    sent = {"message": {"nl": "De begeleider is ziek.", "fr": None, "en": None}, "reason": REASON}
    return post(f"/api/staff/sessions/{OPEN}/cancellation", sent, MANAGER)


def quoted(session_id: str, *children: Child) -> HTTPResponse:
    """By the session's own price: the city of these tests has no tariff."""
    sent = {"items": [{"session_id": session_id, "child_ids": [one.child_id for one in children]}]}
    return post("/api/quotes", sent, OWN.authorization)


def own(action: str, registration_id: str) -> HTTPResponse:
    return post(f"/api/registrations/{registration_id}/{action}", {}, OWN.authorization)


def answer(about_lou: Any, registration_id: str = HELD_ID) -> HTTPResponse:
    sent = {LOU.child_id: about_lou} if about_lou else {}
    return put(f"/api/registrations/{registration_id}/answers", sent, OWN.authorization)


def move(api: str, by: Any, to: str = SESSIONS[HELD], **more: Any) -> HTTPResponse:
    """Jef, who has no other seat."""
    here = register(OPEN, JEF, key="to move")
    if here.status_code >= 300:
        return here
    path = f"{api}/registrations/{registration_id(CLAEYS.family_id, 'to move')}/transfer"
    return post(path, {"session_id": to, **more}, {**by, "Idempotency-Key": "move"})


def wishes(content: Any, opening_id: str = WISHED, by: Any = OWN) -> HTTPResponse:
    return put(f"/api/openings/{opening_id}/wishes", content, by.authorization)


def pay(order_id: str = CONFIRMED_ID) -> HTTPResponse:
    back = {"return_url": f"https://kamp.kaprijke.example/account/orders/{order_id}/pay"}
    return post(f"/api/orders/{order_id}/payments", back, {**OWN.authorization, "Idempotency-Key": "pay"})


def beacon(by: dict[str, str], value: str = "3 8 17 22 30 41") -> HTTPResponse:
    return post(f"/api/staff/openings/{CLOSING}/beacon", {"value": value}, by)


def hand_in() -> HTTPResponse:
    """The statement of today, of the account that families pay to; it has an entry that nobody knows."""
    day = today(datetime.now(UTC))
    book = Book((Entry(4500, text="?", day=day),), opened_on=day, closed_on=day)
    with mock.patch.object(taking.payees, "every", return_value=Payees({"": replace(KAPRIJKE, iban=ACCOUNT)})):
        return request("POST", "/api/staff/statements", book.coda(), FINANCE)


def hand_in_for_long() -> HTTPResponse:
    with mock.patch.object(uploading, "_ask", return_value=None):
        return hand_in()


def of_certificates(path: str, by: dict[str, str] = OWN.authorization) -> HTTPResponse:
    return request("GET", f"/api/{path}", headers=by)


def on_the_day(ask: Ask) -> HTTPResponse:
    with time_machine.travel("2027-08-16T08:55:00+02:00"):
        return ask()


def twice(ask: Ask) -> Ask:
    return lambda: ask() and ask()


GOES_WELL: dict[tuple[str, int], list[Ask]] = {
    ("GET /api/health", 200): [lambda: request("GET", "/api/health")],
    ("GET /api/openapi.json", 200): [lambda: request("GET", "/api/openapi.json")],
    ("GET /api/sessions", 200): [lambda: request("GET", "/api/sessions")],
    ("GET /api/sessions/{session_id}", 200): [
        lambda session_id=session_id: request("GET", f"/api/sessions/{session_id}")
        for session_id in (OPEN, summer.FULL, summer.ANNOUNCED, summer.CLOSED, SESSIONS[LATER])
    ],
    ("GET /api/sessions/{session_id}/questions", 200): [
        lambda: request("GET", f"/api/sessions/{OPEN}/questions"),
        lambda: request("GET", f"/api/sessions/{SESSIONS[HELD]}/questions"),
    ],
    ("POST /api/passes", 202): [lambda: post("/api/passes", FAMILY)],
    ("GET /api/pass", 200): [lambda: OWN.get("/api/pass")],
    ("DELETE /api/pass", 204): [lambda: request("DELETE", "/api/pass", headers=OWN.authorization)],
    ("POST /api/pass/corrections", 200): [
        lambda: post("/api/pass/corrections", {"postcode": "9000", "language": "fr"}, OWN.authorization),
        lambda: post("/api/pass/corrections", TOO_YOUNG, OWN.authorization),
    ],
    ("GET /api/family", 200): [lambda: OWN.get("/api/family")],
    ("DELETE /api/family", 202): [lambda: request("DELETE", "/api/family", headers=OWN.authorization)],
    ("POST /api/registrations", 201): [
        lambda: register(OPEN, JEF, key="new"),
        lambda: register(SESSIONS[HELD], JEF, key="new"),
        lambda: register(summer.FULL, JEF, key="new"),
    ],
    ("POST /api/registrations", 200): [twice(lambda: register(OPEN, JEF, key="new"))],
    ("GET /api/registrations", 200): [lambda: OWN.get("/api/registrations")],
    ("GET /api/registrations/{registration_id}", 200): [
        lambda one=one: OWN.get(f"/api/registrations/{one}") for one in summer.OWN_IDS
    ],
    ("DELETE /api/registrations/{registration_id}", 204): [lambda: OWN.cancel(OFFERED_ID)],
    ("DELETE /api/registrations/{registration_id}/children/{child_id}", 204): [
        lambda: request(
            "DELETE", f"/api/registrations/{CONFIRMED_ID}/children/{LOU.child_id}", headers=OWN.authorization
        )
    ],
    ("GET /api/registrations/{registration_id}/answers", 200): [
        lambda one=one: OWN.get(f"/api/registrations/{one}/answers") for one in (HELD_ID, CONFIRMED_ID)
    ],
    ("PUT /api/registrations/{registration_id}/answers", 200): [lambda: answer(summer.ANSWERED)],
    ("POST /api/registrations/{registration_id}/transfer", 200): [lambda: move("/api", OWN.authorization)],
    ("POST /api/registrations/{registration_id}/acceptance", 200): [lambda: own("acceptance", OFFERED_ID)],
    ("POST /api/registrations/{registration_id}/extension", 200): [lambda: own("extension", HELD_ID)],
    ("GET /api/account", 200): [lambda: OWN.get("/api/account"), owing],
    ("POST /api/orders/{order_id}/payments", 201): [pay, twice(pay)],
    ("POST /api/payments/provider", 200): [lambda: request("POST", "/api/payments/provider", b"id=tr_1")],
    ("GET /api/tax-certificates", 200): [
        lambda: OWN.get("/api/tax-certificates?year=2023"),
        lambda: of_certificates("tax-certificates?year=2024"),
    ],
    ("GET /api/tax-certificates/{certificate}/certificate.pdf", 200): [
        lambda: of_certificates("tax-certificates/2024-000001/certificate.pdf")
    ],
    ("GET /api/staff/tax-certificates.xml", 200): [
        lambda: of_certificates("staff/tax-certificates.xml?year=2024", signed_in(Role.FINANCE))
    ],
    ("GET /api/forms", 200): [lambda: request("GET", "/api/forms")],
    ("GET /api/forms/{form_id}", 200): [
        lambda form=form: request("GET", f"/api/forms/{form.form_id}") for form in city.FORMS
    ],
    ("POST /api/cases", 201): [lambda: post("/api/cases", openapi.EXAMPLES["CaseRequest"], CASE_KEY)],
    ("POST /api/cases", 200): [twice(lambda: post("/api/cases", openapi.EXAMPLES["CaseRequest"], CASE_KEY))],
    ("GET /api/cases/{receipt}", 200): [
        lambda receipt=receipt: request("GET", f"/api/cases/{receipt}?secret={city.SECRET}")
        for receipt in (city.NEW, city.ASKED, city.SAID)
    ],
    ("GET /api/openings", 200): [lambda: request("GET", "/api/openings")],
    ("GET /api/openings/{opening_id}", 200): [
        lambda opening_id=opening_id: request("GET", f"/api/openings/{opening_id}")
        for opening_id in (HELD, LATER, PAUSED, WISHED, DRAWN)
    ],
    ("GET /api/openings/{opening_id}/list", 200): [
        lambda: request("GET", f"/api/openings/{HELD}/list"),
        lambda: request("GET", f"/api/openings/{DRAWN}/list"),
    ],
    ("PUT /api/openings/{opening_id}/wishes", 200): [lambda: wishes(WISHES)],
    ("GET /api/openings/{opening_id}/wishes", 200): [
        lambda: OWN.get(f"/api/openings/{WISHED}/wishes"),
        lambda: OWN.get(f"/api/openings/{DRAWN}/wishes"),
    ],
    ("DELETE /api/openings/{opening_id}/wishes", 204): [
        lambda: request("DELETE", f"/api/openings/{WISHED}/wishes", headers=OWN.authorization)
    ],
    ("GET /api/openings/{opening_id}/draw", 200): [
        lambda: request("GET", f"/api/openings/{CLOSING}/draw"),
        lambda: request("GET", f"/api/openings/{DRAWN}/draw"),
    ],
    ("GET /api/ledger", 200): [lambda: request("GET", "/api/ledger"), lambda: request("GET", "/api/ledger?after=3")],
    ("POST /api/quotes", 200): [lambda: quoted(OPEN, JEF)],
    ("GET /api/cancellation", 200): [lambda: request("GET", "/api/cancellation")],
    ("PUT /api/staff/cancellation", 200): [
        lambda: put("/api/staff/cancellation", openapi.EXAMPLES["CancellationRuleRequest"], MANAGER)
    ],
    ("GET /api/staff/me", 200): [lambda: staff("me", EVERYBODY)],
    ("GET /api/staff/ledger", 200): [lambda: staff("ledger")],
    ("POST /api/staff/openings", 201): [plans.created],
    ("GET /api/staff/openings", 200): [lambda: staff("openings")],
    ("GET /api/staff/openings/{opening_id}", 200): [
        lambda opening_id=opening_id: staff(f"openings/{opening_id}") for opening_id in (DRAFT, APPROVED, HELD, DRAWN)
    ],
    ("PUT /api/staff/openings/{opening_id}", 200): [
        lambda: put(f"/api/staff/openings/{DRAFT}", {"version": 1, "plan": plans.PLAN}, MANAGER)
    ],
    ("POST /api/staff/openings/{opening_id}/approvals", 200): [lambda: approve(APPROVED, EVERYBODY)],
    ("POST /api/staff/openings/{opening_id}/publication", 200): [lambda: publish(APPROVED)],
    ("POST /api/staff/openings/{opening_id}/beacon", 200): [lambda: beacon(ANNA)],
    ("POST /api/staff/openings/{opening_id}/beacon", 202): [lambda: beacon(MANAGER)],
    ("POST /api/staff/openings/{opening_id}/draw", 200): [
        lambda: post(f"/api/staff/openings/{DRAWN}/draw", {}, MANAGER)
    ],
    ("POST /api/staff/openings/{opening_id}/draw", 202): [
        lambda: post(f"/api/staff/openings/{CLOSING}/draw", {}, MANAGER)
    ],
    ("POST /api/staff/openings/{opening_id}/incidents", 201): [
        lambda: incident(HELD, "pause"),
        lambda: incident(PAUSED, "resume"),
        lambda: incident(LATER, "extend", minutes=15),
    ],
    ("POST /api/staff/openings/{opening_id}/incidents", 202): [
        lambda: incident(LATER, "turn-into-draw", wishes_until="2027-05-14T19:00", keep_given=True)
    ],
    ("GET /api/staff/openings/{opening_id}/incidents", 200): [
        lambda opening_id=opening_id: staff(f"openings/{opening_id}/incidents") for opening_id in (HELD, LATER, PAUSED)
    ],
    ("POST /api/staff/openings/{opening_id}/incidents/{number}/approval", 200): [
        lambda: post(f"/api/staff/openings/{LATER}/incidents/1/approval", {}, ANNA)
    ],
    ("POST /api/staff/openings/{opening_id}/incidents/{number}/announcement", 202): [
        lambda: post(f"/api/staff/openings/{PAUSED}/incidents/1/announcement", {}, MANAGER)
    ],
    ("POST /api/staff/registrations", 201): [
        lambda: at_desk("new"),
        lambda: at_desk("new", email="fatima@example.be"),
        lambda: at_desk("new", summer.FULL),
    ],
    ("POST /api/staff/registrations", 200): [twice(lambda: at_desk("new"))],
    ("GET /api/staff/registrations", 200): [
        lambda: staff(f"registrations?email={CLAEYS.email}", DESK),
        lambda: staff(f"registrations?reference={reference(CONFIRMED_ID)}&session_id={OPEN}", DESK),
    ],
    ("POST /api/staff/registrations/{registration_id}/acceptance", 200): [
        lambda: post(f"/api/staff/registrations/{OFFERED_ID}/acceptance", {"reason": REASON}, DESK)
    ],
    ("POST /api/staff/registrations/{registration_id}/cancellation", 200): [
        lambda: post(f"/api/staff/registrations/{CONFIRMED_ID}/cancellation", {"reason": REASON}, DESK)
    ],
    ("POST /api/staff/registrations/{registration_id}/transfer", 200): [
        lambda: move("/api/staff", DESK, reason=REASON)
    ],
    ("POST /api/staff/sessions/{session_id}/grants", 201): [lambda: grant("new")],
    ("POST /api/staff/sessions/{session_id}/grants", 200): [twice(lambda: grant("new"))],
    ("POST /api/staff/sessions/{session_id}/reserved", 200): [
        lambda: post(
            f"/api/staff/sessions/{OPEN}/reserved", {"held_for": "staff", "seats": 2, "reason": REASON}, MANAGER
        )
    ],
    ("POST /api/staff/registrations/search", 200): [
        lambda: post("/api/staff/registrations/search", {"email": CLAEYS.email}, DESK),
    ],
    ("GET /api/staff/work", 200): [lambda: staff("work", DESK), lambda: staff("work?kind=twice-named", DESK)],
    ("POST /api/staff/work", 204): [
        lambda: post(
            "/api/staff/work", {"work_id": f"twice-named//{TWICE_NAMED.child_id}", "edition": 0, "do": "take"}, DESK
        )
    ],
    ("POST /api/staff/families/{family_id}/conversations", 204): [
        lambda: post(
            f"/api/staff/families/{OWN.pass_.family_id}/conversations", openapi.EXAMPLES["ConversationRequest"], DESK
        )
    ],
    ("GET /api/staff/sessions/{session_id}/waiting-list", 200): [
        lambda session_id=session_id: staff(f"sessions/{session_id}/waiting-list", DESK)
        for session_id in (OPEN, summer.FULL)
    ],
    ("GET /api/staff/namings", 200): [lambda: staff("namings", DESK)],
    ("POST /api/staff/namings/{child_id}", 200): [
        lambda: post(
            f"/api/staff/namings/{TWICE_NAMED.child_id}", {"family_id": family_id(NAMERS[0]), "reason": REASON}, DESK
        )
    ],
    ("POST /api/staff/namings/{child_id}/joining", 200): [
        lambda: post(
            f"/api/staff/namings/{TWICE_NAMED.child_id}/joining",
            {"other_child_id": summer.JOINED, "reason": REASON},
            DESK,
        )
    ],
    ("POST /api/staff/namings/{child_id}/parting", 200): [
        lambda: post(
            f"/api/staff/namings/{TWICE_NAMED.child_id}/parting",
            {"family_id": family_id("karim@example.be"), "reason": REASON},
            DESK,
        )
    ],
    ("POST /api/staff/families/joining", 200): [
        lambda: post(
            "/api/staff/families/joining",
            {"family_id": CLAEYS.family_id, "other_family_id": family_id("karim@example.be"), "reason": REASON},
            DESK,
        )
    ],
    ("POST /api/staff/families/corrections", 200): [
        lambda: post(
            "/api/staff/families/corrections",
            {"family_id": CLAEYS.family_id, **TOO_YOUNG, "email": "an@example.org", "reason": REASON},
            DESK,
        )
    ],
    ("POST /api/staff/families/limits", 200): [
        lambda: post("/api/staff/families/limits", {"email": CLAEYS.email, "children": 12, "reason": REASON}, DESK)
    ],
    ("GET /api/staff/refunds.xml", 200): [lambda: staff("refunds.xml", signed_in(Role.FINANCE))],
    ("GET /api/staff/sessions/{session_id}/attendance/{date}", 200): [lambda: staff(ATTENDANCE)],
    ("PUT /api/staff/sessions/{session_id}/attendance/{date}", 200): [
        lambda: on_the_day(lambda: put(f"/api/staff/{ATTENDANCE}", {LOU.child_id: "present"}, MANAGER)),
        lambda: on_the_day(
            lambda: put(f"/api/staff/{ATTENDANCE}", {LOU.child_id: {"mark": "late"}, "nobody": "late"}, MANAGER)
        ),
    ],
    ("PUT /api/staff/sessions/{session_id}/capacity", 200): [lambda: change("capacity", capacity=24)],
    ("POST /api/staff/sessions/{session_id}/changes", 200): [lambda: correct(place="Sporthal Lembeke", tell=True)],
    ("POST /api/staff/sessions/{session_id}/cancellation", 200): [call_off, twice(call_off)],
    ("PUT /api/staff/sessions/{session_id}/closing", 200): [lambda: change("closing", closes_at="2027-08-01T12:00")],
    ("POST /api/staff/statements", 200): [hand_in, twice(hand_in)],
    ("POST /api/staff/statements", 202): [hand_in_for_long],
    ("GET /api/staff/receivables", 200): [lambda: staff("receivables?municipality=Kaprijke", FINANCE)],
}


def eleventh_child() -> HTTPResponse:
    """The first use of a pass with a child more than a mailbox names in a season."""
    fatima = family(NOOR, email="fatima@example.be").pass_
    ten = tuple(child(f"Noor {letter}", "El Amrani", NOOR.birth_date) for letter in "abcdefghij")
    proving.naming(replace(fatima, children=ten), fatima.created_at)
    families.put(replace(fatima, namings={}))
    return Family(fatima, tokens.sign(replace(fatima, namings={}))).get("/api/pass")


# What an opening alone refuses, by the kind of problem.
IS_REFUSED: dict[tuple[str, ProblemKind], Ask] = {
    ("GET /api/pass", problems.TOO_MANY_CHILDREN): eleventh_child,
    ("POST /api/registrations", problems.TOO_EARLY): lambda: register(SESSIONS[LATER], LOU, key="new"),
    ("POST /api/registrations", problems.PAUSED): lambda: register(SESSIONS[PAUSED], LOU, key="new"),
    ("POST /api/registrations", problems.BY_DRAW): lambda: register(SESSIONS[WISHED], LOU, key="new"),
    ("POST /api/registrations", problems.BEING_DRAWN): lambda: register(SESSIONS[CLOSING], LOU, key="new"),
    ("POST /api/registrations", problems.NOT_FROM_THERE): lambda: register(SESSIONS[ELSEWHERE], LOU, key="new"),
    ("POST /api/registrations/{registration_id}/transfer", problems.TOO_EARLY): (
        lambda: move("/api", OWN.authorization, SESSIONS[LATER])
    ),
    ("POST /api/registrations/{registration_id}/transfer", problems.PAUSED): (
        lambda: move("/api", OWN.authorization, SESSIONS[PAUSED])
    ),
    ("POST /api/registrations/{registration_id}/acceptance", problems.OFFER_OVER): (
        lambda: own("acceptance", summer.CANCELLED_ID)
    ),
    ("POST /api/registrations/{registration_id}/acceptance", problems.ANSWERS_MISSING): (
        lambda: own("acceptance", HELD_ID)
    ),
    ("PUT /api/registrations/{registration_id}/answers", problems.NOT_NOW): (lambda: answer({}, summer.CANCELLED_ID)),
    ("POST /api/registrations/{registration_id}/acceptance", problems.NOT_NOW): lambda: own("acceptance", WAITING_ID),
    ("PUT /api/openings/{opening_id}/wishes", problems.WISHES_OVER): lambda: wishes(WISHES, DRAWN),
    ("PUT /api/openings/{opening_id}/wishes", problems.NOT_NOW): lambda: wishes(WISHES, HELD),
    ("GET /api/openings/{opening_id}/list", problems.NOT_NOW): lambda: request("GET", f"/api/openings/{LATER}/list"),
    ("PUT /api/staff/openings/{opening_id}", problems.NOT_NOW): (
        lambda: put(f"/api/staff/openings/{HELD}", {"version": 1, "plan": plans.PLAN}, MANAGER)
    ),
    ("PUT /api/staff/openings/{opening_id}", problems.CHANGED): (
        lambda: put(f"/api/staff/openings/{DRAFT}", {"version": 2, "plan": plans.PLAN}, MANAGER)
    ),
    ("POST /api/staff/openings/{opening_id}/publication", problems.NOT_NOW): lambda: publish(DRAFT),
    ("POST /api/staff/openings/{opening_id}/approvals", problems.NOT_ALLOWED): lambda: approve(APPROVED, MANAGER),
    ("PUT /api/staff/sessions/{session_id}/attendance/{date}", problems.NOT_NOW): (
        lambda: put(f"/api/staff/{ATTENDANCE}", {LOU.child_id: "present"}, MANAGER)
    ),
    ("POST /api/staff/registrations", problems.TOO_EARLY): lambda: at_desk("new", SESSIONS[LATER]),
    ("POST /api/staff/registrations", problems.PAUSED): lambda: at_desk("new", SESSIONS[PAUSED]),
}


@pytest.fixture(scope="module", autouse=True)
def everything() -> Iterator[None]:
    with summer.summer():
        yield


def documented(route: str, status: int) -> dict[str, Any]:
    return resolved(OPERATIONS[route]["responses"][str(status)])


def test_there_is_an_answer_here_for_every_way_in_which_a_route_goes_well() -> None:
    ways = {
        (route, int(status))
        for route, operation in OPERATIONS.items()
        for status in operation["responses"]
        if status.startswith("2")
    }
    assert ways == set(GOES_WELL)


@pytest.mark.parametrize(("route", "status"), GOES_WELL, ids=str)
def test_what_goes_well_is_answered_as_documented(route: str, status: int) -> None:
    for ask in GOES_WELL[route, status]:
        answer = ask()
        if not route.startswith("GET"):
            summer.again()

        assert answer.status_code == status, answer.body
        response = documented(route, status)
        assert answer.headers["Cache-Control"]
        if status == 204:
            assert answer.body == b""
        elif "application/json" in response["content"]:
            assert is_right(response["content"]["application/json"]["schema"], answer.json_body), answer.json_body
        else:
            [media] = response["content"]
            assert answer.headers["Content-Type"].startswith(media)


@pytest.mark.parametrize(
    ("route", "kind"), IS_REFUSED, ids=lambda one: one if isinstance(one, str) else refusals.name(one)
)
def test_what_an_opening_refuses_is_answered_as_documented(route: str, kind: ProblemKind) -> None:
    answer = IS_REFUSED[route, kind]()
    summer.again()

    assert answer.status_code == kind.status, answer.body
    media = documented(route, kind.status)["content"]["application/problem+json"]
    assert refusals.name(kind) in media["examples"]
    assert is_right(media["schema"], answer.json_body), answer.json_body
    assert answer.json_body["title"] == translate(kind.title, "nl")
    assert ("Retry-After" in answer.headers) == (kind.status in (425, 503))
    names = {*refusals.CARRIES.get(kind, ()), "type", "title", "status", "detail"}
    assert names <= set(answer.json_body)


def test_every_name_in_a_problem_is_documented() -> None:
    known = set(refusals.SCHEMAS["ProblemDocument"]["properties"])
    for ask in IS_REFUSED.values():
        assert set(ask().json_body) <= known
