"""Requests of staff when something goes wrong; and the call of the function that tells families."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import metering
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import document
from chalicelib.core.observability import naming_nobody
from chalicelib.office.incidents import announcing, reporting
from chalicelib.office.incidents.reporting import IncidentOfStaff
from chalicelib.people.staff.rules import Staff


@dataclass(frozen=True)
class IncidentsOfStaff:
    incidents: Sequence[IncidentOfStaff]


def report_incident(call: Call, by: Staff, opening_id: str) -> Answer:
    """201 with the incident that takes effect; 202 with one that an approver has to confirm first."""
    made = reporting.report(opening_id, reporting.wanted(document(call.body)), by, call.now)
    return Answer(201 if made.at else 202, made)


def approve_incident(call: Call, by: Staff, opening_id: str, number: str) -> Answer:
    return Answer(200, reporting.approve(opening_id, number, by, call.now))


def announce_incident(call: Call, by: Staff, opening_id: str, number: str) -> Answer:
    return Answer(202, reporting.announce(opening_id, number))


def list_incidents(call: Call, by: Staff, opening_id: str) -> Answer:
    return Answer(200, IncidentsOfStaff(reporting.every(opening_id)))


def announce(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The work that an incident makes, and its mails: see announcing.py."""
    with naming_nobody(), metering.line(context, "worked"):
        metering.about(opening_id=event["opening_id"])
        return announcing.announce(event["opening_id"], event["number"])
