from typing import Any

from chalicelib.api import problems
from chalicelib.incidents.handlers import IncidentsOfStaff
from chalicelib.incidents.public import MeasuredOutage, PublicIncident
from chalicelib.incidents.reporting import INCIDENT, IncidentOfStaff
from chalicelib.incidents.rules import NEEDS_A_SECOND, Action
from chalicelib.openapi.examples import OPENING_ID
from chalicelib.openapi.operations import Operation, Part, path_parameter

BY_ID = path_parameter("opening_id", OPENING_ID)
BY_NUMBER = path_parameter("number", "1")
WHY = {
    "nl": "Het systeem antwoordt niet. Het gaat vanavond verder; niemand verliest zijn beurt.",
    "fr": "Le système ne répond pas. Il reprend ce soir ; personne ne perd son tour.",
    "en": "The system does not answer. It goes on this evening; nobody loses their turn.",
}
CAUSE = {"nl": "Een fout van ons.", "fr": "Une erreur de notre part.", "en": "A mistake of ours."}
AN_INCIDENT: dict[str, Any] = {
    "number": 1,
    "action": "pause",
    "at": "2027-03-06T18:09:41+00:00",
    "start": "2027-03-06T18:09:51+00:00",
    "end": None,
    "cause": CAUSE,
    "why": WHY,
    "done": {
        "nl": "De registratie is gepauzeerd sinds 19:09.",
        "fr": "Les inscriptions sont suspendues depuis 19 h 09.",
        "en": "Registration is paused since 19:09.",
    },
    "outage": {
        "measured": True,
        "start": "2027-03-06T18:04:00+00:00",
        "end": "2027-03-06T18:10:00+00:00",
        "failed": 412,
        "requests": 5120,
    },
}
OF_STAFF = AN_INCIDENT | {
    "status": "done",
    "reason": "Nobody could register from 19:04 on.",
    "proposed_by": "Els Maes",
    "minutes": None,
    "moment": None,
    "keep_given": True,
    "told": 1840,
}
_SECOND = " and ".join(f"`{action.value}`" for action in Action if action in NEEDS_A_SECOND)
PART = Part(
    tag="incidents",
    about="Staff act when something goes wrong. Each incident is in the opening's public log.",
    schemas={
        "Incident": PublicIncident,
        "IncidentOfStaff": IncidentOfStaff,
        "IncidentsOfStaff": IncidentsOfStaff,
        "Outage": MeasuredOutage,
    },
    requests={"IncidentRequest": INCIDENT},
    examples={
        "IncidentOfStaff": OF_STAFF,
        "IncidentsOfStaff": {"incidents": [OF_STAFF]},
        "IncidentRequest": {
            "action": "pause",
            "why": WHY,
            "cause": CAUSE,
            "reason": "Nobody could register from 19:04 on.",
        },
    },
    paths={
        "/api/staff/openings/{opening_id}/incidents": {
            "post": Operation(
                "reportIncident",
                "Pause, resume, extend or restart an opening, or turn it into a draw",
                {201: "IncidentOfStaff", 202: "IncidentOfStaff"},
                [problems.INVALID, problems.NOT_FOUND, problems.CHANGED, problems.NOT_NOW],
                about="`extend` takes `minutes`, `restart` takes `opens_at`, `turn-into-draw` takes `wishes_until` and "
                f"`keep_given`; with any other action they are an error. {_SECOND} cannot be undone: they are answered "
                "with 202 and take effect when an approver has confirmed them.",
                body="IncidentRequest",
                parameters=[BY_ID],
            ),
            "get": Operation(
                "listIncidents",
                "Read the incidents of an opening, with those that wait for an approver",
                {200: "IncidentsOfStaff"},
                [problems.NOT_FOUND],
                parameters=[BY_ID],
            ),
        },
        "/api/staff/openings/{opening_id}/incidents/{number}/approval": {
            "post": Operation(
                "approveIncident",
                "Confirm an incident that somebody else proposed: it takes effect",
                {200: "IncidentOfStaff"},
                [problems.NOT_FOUND, problems.CHANGED, problems.NOT_NOW],
                parameters=[BY_ID, BY_NUMBER],
            )
        },
        "/api/staff/openings/{opening_id}/incidents/{number}/announcement": {
            "post": Operation(
                "announceIncident",
                "Tell the families that were not told yet, if telling them broke off",
                {202: "IncidentOfStaff"},
                [problems.NOT_FOUND],
                parameters=[BY_ID, BY_NUMBER],
            )
        },
    },
)
