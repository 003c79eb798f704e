"""Given: a plan as a programme manager writes it for the Bouwkamp, drafts, approvals, a published opening."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import table
from chalicelib.programme.openings.rules import Opening
from tests.camps import BOUWKAMP, post, request, signed_in

# Friday 7 May 2027 at 19:00 on the clocks in Brussels: two months after this evening (tests/__init__.py).
OPENS_AT = datetime.fromisoformat("2027-05-07T19:00+02:00")
SPREAD = timedelta(minutes=30)
PASSES_UNTIL = datetime.fromisoformat("2027-05-06T20:00+02:00")
PLAN: dict[str, Any] = {
    "kind": "first-come",
    "titles": {"nl": "Kampen zomer 2027", "fr": "Camps été 2027", "en": "Camps summer 2027"},
    "country": "BE",
    "session_ids": [BOUWKAMP.session_id],
    "windows": [{"opens_at": "2027-05-07T19:00", "spread_minutes": 30, "postcodes": []}],
    "passes_until": "2027-05-06T20:00",
    "expected_families": 2000,
    "incident_rule": {
        "nl": "Valt het systeem uit, dan begint de opening opnieuw en telt elke poging.",
        "fr": "En cas de panne, l’ouverture recommence et chaque tentative compte.",
        "en": "If the system fails, the opening begins anew and every attempt counts.",
    },
}
DRAW = {
    "kind": "draw",
    "windows": [{"opens_at": "2027-05-07T19:00", "spread_minutes": 0}],
    "wishes_until": "2027-05-14T19:00",
}

MANAGER = signed_in(Role.MANAGER, name="Els Maes")
ANNA, BRAM = signed_in(Role.APPROVER, name="Anna Pauwels"), signed_in(Role.APPROVER, name="Bram Wouters")


def put(path: str, content: Any, headers: Mapping[str, str]) -> HTTPResponse:
    return request("PUT", path, json.dumps(content).encode(), {"Content-Type": "application/json", **headers})


def created(**changed: Any) -> HTTPResponse:
    return post("/api/staff/openings", PLAN | changed, MANAGER)


def drafted(**changed: Any) -> str:
    """The id of a draft."""
    answer = created(**changed)
    assert answer.status_code == 201, answer.json_body
    return str(answer.json_body["opening_id"])


def approve(opening_id: str, by: Mapping[str, str], version: int = 1) -> HTTPResponse:
    return post(f"/api/staff/openings/{opening_id}/approvals", {"version": version}, dict(by))


def publish(opening_id: str, version: int = 1, by: Mapping[str, str] = MANAGER) -> HTTPResponse:
    return post(f"/api/staff/openings/{opening_id}/publication", {"version": version}, dict(by))


def approved(**changed: Any) -> str:
    """The id of a draft that two people approved."""
    opening_id = drafted(**changed)
    for by in (ANNA, BRAM):
        assert approve(opening_id, by).status_code == 200, approve(opening_id, by).json_body
    return opening_id


def published_opening(**changed: Any) -> Opening:
    opening_id = approved(**changed)
    answer = publish(opening_id)
    assert answer.status_code == 200, answer.json_body
    return stored(opening_id)


def stored(opening_id: str) -> Opening:
    found = table.get(opening_id)
    assert found
    return found[0]
