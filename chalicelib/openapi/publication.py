from typing import Any

from chalicelib.api import problems
from chalicelib.openapi.examples import COMMITMENT, OPENING_ID, SESSION_ID
from chalicelib.openapi.openings import AN_OPENING, BY_ID
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openings.plans import PLAN, PlanToSend
from chalicelib.publication.drafts import NEW_VERSION, OF_VERSION
from chalicelib.publication.handlers import OpeningOfStaff, OpeningsOfStaff

A_PLAN: dict[str, Any] = {
    "kind": "first-come",
    "titles": AN_OPENING["titles"],
    "country": "BE",
    "session_ids": [SESSION_ID],
    "windows": [{"opens_at": "2027-05-07T19:00+02:00", "spread_minutes": 30, "postcodes": []}],
    "passes_until": "2027-05-06T20:00+02:00",
    "expected_families": 2000,
    "incident_rule": AN_OPENING["incident_rule"],
    "held_back": [{"session_id": SESSION_ID, "staff": 2, "reduced": 0}],
    "offer_days": 1,
    "offer_hour": 20,
    "patience_minutes": 1440,
    "hold_minutes": 30,
    "wishes_until": None,
    "bundles": "one",
    "beacon": None,
}
_STORED = A_PLAN | {
    "windows": [{"opens_at": "2027-05-07T17:00:00+00:00", "spread_minutes": 30, "postcodes": []}],
    "passes_until": "2027-05-06T18:00:00+00:00",
}
A_DRAFT: dict[str, Any] = {
    "opening_id": OPENING_ID,
    "version": 3,
    "state": "draft",
    "commitment": COMMITMENT,
    "plan": _STORED,
    "approvals": [{"name": "Anna Pauwels", "at": "2027-02-19T09:30:00+00:00", "version": 3, "counts": True}],
    "findings": [
        {
            "code": "residents-only",
            "field": "windows[0].postcodes",
            "session_id": None,
            "message": "The last window is for some postcodes only: other families cannot register at all.",
            "is_notice": True,
        }
    ],
    "passes_check": True,
    "published_at": None,
}
_REFUSALS = (problems.INVALID, problems.NOT_FOUND, problems.CHANGED, problems.NOT_NOW)
PART = Part(
    tag="publication",
    about="Openings of staff: versions of a plan, two approvals of the same version, publication.",
    schemas={
        "Plan": PlanToSend,
        "OpeningOfStaff": OpeningOfStaff,
        "OpeningsOfStaff": OpeningsOfStaff,
    },
    requests={"PlanRequest": PLAN, "NewVersionRequest": NEW_VERSION, "VersionRequest": OF_VERSION},
    examples={
        "PlanRequest": A_PLAN,
        "NewVersionRequest": {"version": 2, "plan": A_PLAN},
        "VersionRequest": {"version": 3},
        "OpeningOfStaff": A_DRAFT,
        "OpeningsOfStaff": {"openings": [A_DRAFT]},
    },
    paths={
        "/api/staff/openings": {
            "post": Operation(
                "createOpening",
                "Make a draft of an opening; its seed is drawn now, once and for all",
                {201: "OpeningOfStaff"},
                [problems.INVALID],
                about="Moments without an offset are by the clocks in Brussels; a moment that these clocks skip or "
                "repeat needs an offset.",
                body="PlanRequest",
            ),
            "get": Operation(
                "listOpeningsOfStaff",
                "List every opening, also drafts, with the findings of the check; the newest first",
                {200: "OpeningsOfStaff"},
            ),
        },
        "/api/staff/openings/{opening_id}": {
            "get": Operation(
                "getOpeningOfStaff",
                "Read one opening, with the findings of the check",
                {200: "OpeningOfStaff"},
                [problems.NOT_FOUND],
                parameters=[BY_ID],
            ),
            "put": Operation(
                "changeOpening",
                "Store a new version of a draft, for which no approval counts yet",
                {200: "OpeningOfStaff"},
                _REFUSALS,
                about="`version` is the version that it replaces; the answer is `changed` if that is no "
                "longer the last one.",
                body="NewVersionRequest",
                parameters=[BY_ID],
            ),
        },
        "/api/staff/openings/{opening_id}/approvals": {
            "post": Operation(
                "approveOpening",
                "Approve this very version, once",
                {200: "OpeningOfStaff"},
                _REFUSALS,
                body="VersionRequest",
                parameters=[BY_ID],
            )
        },
        "/api/staff/openings/{opening_id}/publication": {
            "post": Operation(
                "publishOpening",
                "Publish a version that two different people approved; it does not change any more",
                {200: "OpeningOfStaff"},
                _REFUSALS,
                body="VersionRequest",
                parameters=[BY_ID],
            )
        },
    },
)
