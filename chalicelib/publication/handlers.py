"""Openings as staff make them, as requests. Nobody is told a seed before everybody is: only its commitment."""

from collections.abc import Sequence
from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import Model, Whole, read_json
from chalicelib.languages import N_, translate
from chalicelib.openings import table
from chalicelib.openings.check import Finding, passes
from chalicelib.openings.plans import PLAN, plan_of
from chalicelib.openings.rules import Opening
from chalicelib.publication import drafts
from chalicelib.staff.rules import Staff

AS_VERSION = N_("Give the number of the version that you mean.")
OF_VERSION = Model({"version": Whole(AS_VERSION, 1, 1_000_000)})
NEW_VERSION = Model({**OF_VERSION.fields, "plan": PLAN})


def create_opening(call: Call, by: Staff) -> Answer:
    return Answer(201, _shown(drafts.create(plan_of(read_json(PLAN, call.body)), call.now), call))


def list_openings(call: Call, by: Staff) -> Answer:
    """Drafts too, the newest first."""
    openings = table.every()
    found = drafts.check(openings, call.now, call.language, openings)
    return Answer(200, {"openings": [_with(opening, found.get(opening.opening_id, ()), call) for opening in openings]})


def get_opening(call: Call, by: Staff, opening_id: str) -> Answer:
    return Answer(200, _shown(drafts.get(opening_id), call))


def change_opening(call: Call, by: Staff, opening_id: str) -> Answer:
    wanted = read_json(NEW_VERSION, call.body)
    plan = plan_of(wanted["plan"], before="plan.")
    return Answer(200, _shown(drafts.change(opening_id, wanted["version"], plan), call))


def approve_opening(call: Call, who: Staff, opening_id: str) -> Answer:
    version = read_json(OF_VERSION, call.body)["version"]
    return Answer(200, _shown(drafts.approve(opening_id, version, who, call.now, call.language), call))


def publish_opening(call: Call, who: Staff, opening_id: str) -> Answer:
    version = read_json(OF_VERSION, call.body)["version"]
    return Answer(200, _shown(drafts.publish(opening_id, version, who, call.now, call.language), call))


def _shown(opening: Opening, call: Call) -> dict[str, Any]:
    found = drafts.check([opening], call.now, call.language)
    return _with(opening, found.get(opening.opening_id, ()), call)


def _with(opening: Opening, found: Sequence[Finding], call: Call) -> dict[str, Any]:
    return {
        "opening_id": opening.opening_id,
        "version": opening.version,
        "state": opening.state.value,
        "commitment": opening.commitment,
        "plan": opening.plan.to_document(),
        "approvals": [
            {
                "name": one.name,
                "at": one.at.isoformat(),
                "version": one.version,
                "counts": one.version == opening.version,
            }
            for one in opening.approvals
        ],
        "findings": [
            {
                "code": one.code,
                "field": one.field,
                "session_id": one.session_id,
                "message": translate(one.message, call.language, **one.values),
                "is_notice": one.is_notice,
            }
            for one in found
        ],
        "passes_check": None if opening.is_live else passes(list(found)),
        "published_at": opening.published_at.isoformat() if opening.published_at else None,
    }
