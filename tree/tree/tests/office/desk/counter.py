"""Given: somebody at the desk, a programme manager, and what they ask for."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerEntry, verify
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from tests.camps import LOU, post, request, signed_in
from tests.city.ledger.published import as_whole

DESK = signed_in(Role.DESK, name="Tom De Wilde")
MANAGER = signed_in(Role.MANAGER, name="Els Maes")
REASON = "Mevrouw Claeys belde, ze heeft geen internet"
EMAIL = "an.claeys@example.be"

_numbers = itertools.count(1)


def typed(*children: Child, **more: Any) -> dict[str, Any]:
    """A family as somebody at the desk types it."""
    return {
        "email": EMAIL,
        "language": "nl",
        "postcode": "9970",
        "children": [
            {"first_name": one.first_name, "last_name": one.last_name, "birth_date": one.birth_date.isoformat()}
            for one in children or (LOU,)
        ],
        "reason": REASON,
        **more,
    }


def register(session: Session, *children: Child, key: str | None = None, **more: Any) -> HTTPResponse:
    body = typed(*children, session_id=session.session_id, **more)
    return post("/api/staff/registrations", body, {**DESK, "Idempotency-Key": key or f"desk-{next(_numbers)}"})


def grant(session: Session, *children: Child, key: str | None = None, **more: Any) -> HTTPResponse:
    body = typed(*children, **{"from": "free", **more})
    path = f"/api/staff/sessions/{session.session_id}/grants"
    return post(path, body, {**MANAGER, "Idempotency-Key": key or f"grant-{next(_numbers)}"})


def reserve(session: Session, seats: int, held_for: str = "staff", **more: Any) -> HTTPResponse:
    body = {"held_for": held_for, "seats": seats, "reason": REASON, **more}
    return post(f"/api/staff/sessions/{session.session_id}/reserved", body, MANAGER)


def resize(session: Session, capacity: Any, **more: Any) -> HTTPResponse:
    return _put(f"/api/staff/sessions/{session.session_id}/capacity", {"capacity": capacity, "reason": REASON, **more})


def close(session: Session, closes_at: str, **more: Any) -> HTTPResponse:
    body = {"closes_at": closes_at, "reason": REASON, **more}
    return _put(f"/api/staff/sessions/{session.session_id}/closing", body)


def find(**query: str) -> HTTPResponse:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return request("GET", f"/api/staff/registrations?{asked}", headers=DESK)


def seats_of(session: Session) -> Seats:
    found = seats_table.get([session.session_id])[session.session_id]
    assert found.free + len(found.holders) == found.capacity
    return found


def entries() -> list[LedgerEntry]:
    found = ledger.entries()
    assert verify([as_whole(entry) for entry in found], ledger.head()) == []
    return found


def errors(answer: HTTPResponse) -> list[str]:
    assert answer.status_code == 422, answer.json_body
    return [error["field"] for error in answer.json_body["errors"]]


def slug(answer: HTTPResponse) -> str:
    assert answer.status_code >= 400, answer.json_body
    return str(answer.json_body["type"].rpartition("/")[2])


def _put(path: str, body: Mapping[str, Any]) -> HTTPResponse:
    return request("PUT", path, json.dumps(body).encode(), {"Content-Type": "application/json", **MANAGER})


def accept(registration_id: str, reason: str = REASON) -> HTTPResponse:
    return post(f"/api/staff/registrations/{registration_id}/acceptance", {"reason": reason}, DESK)


def cancel(registration_id: str, reason: str = REASON, **more: str) -> HTTPResponse:
    return post(f"/api/staff/registrations/{registration_id}/cancellation", {"reason": reason, **more}, DESK)
