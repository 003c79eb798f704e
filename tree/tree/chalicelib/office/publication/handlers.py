"""Openings as staff make them, as requests. Nobody is told a seed before everybody is: only its commitment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import FromOne, Sha256
from chalicelib.core.http.fields import document
from chalicelib.office.publication import drafts
from chalicelib.office.publication.drafts import CheckedOpening
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import plans
from chalicelib.programme.openings.plans import PlanToSend
from chalicelib.programme.openings.rules import Opening, State


@dataclass(frozen=True)
class ShownApproval:
    name: str
    at: datetime
    version: FromOne
    counts: Annotated[bool, "True if it is for this version."]


@dataclass(frozen=True)
class ShownFinding:
    code: str
    field: Annotated[str | None, "Of the plan."]
    session_id: str | None
    message: str
    is_notice: Annotated[bool, "True if it is only a notice: the plan may be published."]


@dataclass(frozen=True)
class OpeningOfStaff:
    opening_id: str
    version: FromOne
    state: State
    commitment: Sha256
    plan: Annotated[PlanToSend, "The plan in the shape in which it can be sent again."]
    approvals: Sequence[ShownApproval]
    findings: Annotated[Sequence[ShownFinding], "The findings of the check, for a draft."]
    passes_check: Annotated[bool | None, "True if it may be approved and published; null if it is published."]
    published_at: datetime | None


@dataclass(frozen=True)
class OpeningsOfStaff:
    openings: Sequence[OpeningOfStaff]


def create_opening(call: Call, by: Staff) -> Answer:
    return _answer(201, drafts.create(plans.wanted(document(call.body)), by, call.now), call)


def list_openings(call: Call, by: Staff) -> Answer:
    """Drafts too, the newest first."""
    every = drafts.every_checked(by, call.now, call.language)
    return Answer(200, OpeningsOfStaff([_shown(one, call.language) for one in every]))


def get_opening(call: Call, by: Staff, opening_id: str) -> Answer:
    return _answer(200, drafts.get(opening_id), call)


def change_opening(call: Call, by: Staff, opening_id: str) -> Answer:
    version, plan = drafts.new_version_wanted(document(call.body))
    return _answer(200, drafts.change(opening_id, version, plan, by), call)


def approve_opening(call: Call, who: Staff, opening_id: str) -> Answer:
    version = drafts.version_wanted(document(call.body))
    return _answer(200, drafts.approve(opening_id, version, who, call.now, call.language), call)


def publish_opening(call: Call, who: Staff, opening_id: str) -> Answer:
    version = drafts.version_wanted(document(call.body))
    return _answer(200, drafts.publish(opening_id, version, who, call.now, call.language), call)


def _answer(status: int, opening: Opening, call: Call) -> Answer:
    return Answer(status, _shown(drafts.checked(opening, call.now, call.language), call.language))


def _shown(checked: CheckedOpening, language: str) -> OpeningOfStaff:
    opening = checked.opening
    return OpeningOfStaff(
        opening_id=opening.opening_id,
        version=opening.version,
        state=opening.state,
        commitment=opening.commitment,
        plan=plans.to_send(opening.plan),
        approvals=[
            ShownApproval(one.name, one.at, one.version, one.version == opening.version) for one in opening.approvals
        ],
        findings=[
            ShownFinding(one.code, one.field, one.session_id, one.said(language), one.is_notice)
            for one in checked.findings
        ],
        passes_check=None if opening.is_live else checked.passes,
        published_at=opening.published_at,
    )
