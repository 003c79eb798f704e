"""Given: openings that are drawn by lot, and families that enter wishes for them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.booking.draw import drawing
from chalicelib.people.families.rules import Child
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Bundles, Opening, OpeningKind, Plan, State, Window
from chalicelib.programme.sessions.rules import Session
from tests.camps import Family, request

OPENS = datetime(2027, 3, 1, 18, tzinfo=UTC)
UNTIL = datetime(2027, 3, 6, 22, tzinfo=UTC)  # some hours from now, by the clock of the tests
AFTER = UNTIL + timedelta(minutes=5)


def drawn_opening(*sessions: Session, until: datetime = UNTIL, state: State = State.PUBLISHED, **plan: Any) -> Opening:
    """Given an opening that is published and takes wishes."""
    opening = Opening(
        opening_id="2027-k7m2xq",
        version=1,
        plan=Plan(
            **{
                "kind": OpeningKind.DRAW,
                "titles": {"nl": "Zomer", "fr": "Été", "en": "Summer"},
                "country": "BE",
                "session_ids": tuple(session.session_id for session in sessions),
                "windows": (Window(OPENS, timedelta(0)),),
                "passes_until": OPENS - timedelta(days=1),
                "expected_families": 100,
                "incident_rule": {"nl": "…", "fr": "…", "en": "…"},
                "wishes_until": until,
                "bundles": Bundles.ONE,
                **plan,
            }
        ),
        state=state,
        seed=bytes(range(32)),
        published_at=OPENS - timedelta(days=10),
    )
    openings.create(opening)
    openings.forget()
    return opening


def changed(opening: Opening, **more: Any) -> Opening:
    """Given that staff changed something about it."""
    _, edition = openings.get(opening.opening_id)
    new = replace(opening, **more)
    openings.write(new, edition)
    return new


def wishes(*bundles: Sequence[tuple[Child, Session]]) -> dict[str, Any]:
    return {
        "wishes": [
            {"children_sessions": [{"child_id": c.child_id, "session_id": s.session_id} for c, s in bundle]}
            for bundle in bundles
        ]
    }


def enter(family: Family, opening: Opening, *bundles: Sequence[tuple[Child, Session]]) -> HTTPResponse:
    return request(
        "PUT",
        f"/api/openings/{opening.opening_id}/wishes",
        json.dumps(wishes(*bundles)).encode(),
        {**family.authorization, "Content-Type": "application/json"},
    )


def hold(opening: Opening, now: datetime = AFTER) -> bool:
    openings.forget()
    return drawing.hold(opening.opening_id, now)


def result_of(family: Family, opening: Opening) -> dict[str, Any]:
    openings.forget()
    answer = family.get(f"/api/openings/{opening.opening_id}/wishes")
    assert answer.status_code == 200, answer.body
    return answer.json_body["result"]


def published(opening: Opening, part: int | None = None) -> dict[str, Any]:
    query = "" if part is None else f"?part={part}"
    answer = request("GET", f"/api/openings/{opening.opening_id}/draw{query}")
    assert answer.status_code == 200, answer.body
    return answer.json_body
