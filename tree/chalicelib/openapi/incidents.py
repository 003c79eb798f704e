from chalicelib.core.http.problems import CHANGED, NOT_NOW
from chalicelib.office.incidents.handlers import IncidentsOfStaff
from chalicelib.office.incidents.public import MeasuredOutage, PublicIncident
from chalicelib.office.incidents.reporting import INCIDENT, IncidentOfStaff, IncidentStatus
from chalicelib.office.incidents.rules import NEEDS_A_SECOND, Action
from chalicelib.openapi.examples import at
from chalicelib.openapi.operations import Operation, Part

WHY = {
    "nl": "Het systeem antwoordt niet. Het gaat vanavond verder; niemand verliest zijn beurt.",
    "fr": "Le système ne répond pas. Il reprend ce soir ; personne ne perd son tour.",
    "en": "The system does not answer. It goes on this evening; nobody loses their turn.",
}
CAUSE = {"nl": "Een fout van ons.", "fr": "Une erreur de notre part.", "en": "A mistake of ours."}
REASON = "Nobody could register from 19:04 on."
AN_INCIDENT = PublicIncident(
    number=1,
    action=Action.PAUSE,
    at=at("2027-03-06T18:09:41+00:00"),
    start=at("2027-03-06T18:09:51+00:00"),
    end=None,
    cause=CAUSE,
    why=WHY,
    done={
        "nl": "De registratie is gepauzeerd sinds 19:09.",
        "fr": "Les inscriptions sont suspendues depuis 19 h 09.",
        "en": "Registration is paused since 19:09.",
    },
    outage=MeasuredOutage(
        measured=True,
        start=at("2027-03-06T18:04:00+00:00"),
        end=at("2027-03-06T18:10:00+00:00"),
        failed=412,
        requests=5120,
    ),
)
OF_STAFF = IncidentOfStaff(
    **vars(AN_INCIDENT),
    status=IncidentStatus.DONE,
    reason=REASON,
    proposed_by="Els Maes",
    minutes=None,
    moment=None,
    keep_given=True,
    told=1840,
)
_SECOND = " and ".join(f"`{action.value}`" for action in Action if action in NEEDS_A_SECOND)
PART = Part(
    tag="incidents",
    about="Staff act when something goes wrong. Each incident is in the opening's public log.",
    answers={
        "Incident": PublicIncident,
        "IncidentOfStaff": OF_STAFF,
        "IncidentsOfStaff": IncidentsOfStaff([OF_STAFF]),
        "Outage": MeasuredOutage,
    },
    requests={"IncidentRequest": (INCIDENT, {"action": "pause", "why": WHY, "cause": CAUSE, "reason": REASON})},
    operations={
        "POST /api/staff/openings/{opening_id}/incidents": Operation(
            "reportIncident",
            "Pause, resume, extend or restart an opening, or turn it into a draw",
            "IncidentOfStaff",
            [CHANGED, NOT_NOW],
            about="`extend` takes `minutes`, `restart` takes `opens_at`, `turn-into-draw` takes `wishes_until` and "
            f"`keep_given`; with any other action they are an error. {_SECOND} cannot be undone: they are answered "
            "with 202 and take effect when an approver has confirmed them.",
            body="IncidentRequest",
            statuses=(201, 202),
        ),
        "GET /api/staff/openings/{opening_id}/incidents": Operation(
            "listIncidents",
            "Read the incidents of an opening, with those that wait for an approver",
            "IncidentsOfStaff",
        ),
        "POST /api/staff/openings/{opening_id}/incidents/{number}/approval": Operation(
            "approveIncident",
            "Confirm an incident that somebody else proposed: it takes effect",
            "IncidentOfStaff",
            [CHANGED, NOT_NOW],
        ),
        "POST /api/staff/openings/{opening_id}/incidents/{number}/announcement": Operation(
            "announceIncident",
            "Tell the families that were not told yet, if telling them broke off",
            "IncidentOfStaff",
            statuses=(202,),
        ),
    },
)
