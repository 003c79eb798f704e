"""Matters that wait for somebody of the office: approvals, incidents to confirm, what the check found, drafts that lack
something. Nothing for whose roles there is nothing to decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.languages import N_, translate
from chalicelib.office import scope
from chalicelib.office.publication import drafts
from chalicelib.office.publication.drafts import APPROVERS, CheckedOpening
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import log
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, title
from chalicelib.programme.sessions import table as programme

APPROVE = N_("Approve: {title}")
CONFIRM = N_("Confirm an incident: {action}, {title}")
PUBLISH = N_("Publish, because it is approved: {title}")
PUT_RIGHT = N_("Correct what the check finds ({number}): {title}")
PAUSED = N_("Paused: {title}")
DRAW = N_("Hold the draw, because its wishes are closed: {title}")
DRAFTS = N_("Complete drafts of the programme: {number}")


OPENING = "/office/openings/{opening_id}"
APPROVAL, PUBLICATION, HOLDING = f"{OPENING}/approval", f"{OPENING}/publication", f"{OPENING}/draw"
INCIDENTS = f"{OPENING}/incidents"
CONFIRMATION = f"{INCIDENTS}/{{number}}/approval"


@dataclass(frozen=True)
class PendingTask:
    """`text` in the visitor's language; `path` of the page where it is done."""

    text: str
    path: str


def decides(visit: Visit) -> bool:
    """Whether something can wait for them at all."""
    return visit.may("POST", PUBLICATION) or visit.may("POST", APPROVAL)


def waiting_for(who: Staff, visit: Visit) -> list[PendingTask]:
    if not decides(visit):
        return []
    every = drafts.every_checked(who, visit.now, visit.language)
    items = [one for checked in every for one in _of_opening(checked, who, visit)]
    if visit.may("GET", "/office/programme"):
        number = sum(1 for session in scope.sessions_of(who, programme.all_sessions()) if session.missing)
        if number:
            text = translate(DRAFTS, visit.language, number=number)
            items.append(PendingTask(text, "/office/programme?show=drafts"))
    return items


def _of_opening(checked: CheckedOpening, who: Staff, visit: Visit) -> Iterator[PendingTask]:
    opening = checked.opening
    if opening.state is State.DRAFT:
        yield from _of_draft(checked, who, visit)
    elif opening.state is not State.DRAWN and opening.opening_id >= str(visit.now.year - 1):
        yield from _of_live(opening, who, visit)


def _of_draft(checked: CheckedOpening, who: Staff, visit: Visit) -> Iterator[PendingTask]:
    opening = checked.opening
    if not checked.passes:
        if visit.may("POST", OPENING):
            yield _item(opening, visit, PUT_RIGHT, number=len(checked.wrong))
    elif len(opening.approved_by) >= APPROVERS:
        if visit.may("POST", PUBLICATION):
            yield _item(opening, visit, PUBLISH)
    elif visit.may("POST", APPROVAL) and who.staff_id not in opening.approved_by:
        yield _item(opening, visit, APPROVE)


def _of_live(opening: Opening, who: Staff, visit: Visit) -> Iterator[PendingTask]:
    until = opening.wishes_until
    if opening.state is State.PAUSED:
        if visit.may("POST", INCIDENTS):
            yield _item(opening, visit, PAUSED, "/incidents")
    elif opening.kind is OpeningKind.DRAW and until and visit.now >= until and visit.may("POST", HOLDING):
        yield _item(opening, visit, DRAW)
    if visit.may("POST", CONFIRMATION):
        for entry in log.every(opening.opening_id):
            if entry.at is None and entry.asked["by"] != who.staff_id:
                action = translate(words.ACTIONS[entry.action], visit.language)
                yield _item(opening, visit, CONFIRM, "/incidents", action=action)


def _item(opening: Opening, visit: Visit, text: str, below: str = "", **values: object) -> PendingTask:
    said = translate(text, visit.language, title=title(opening.plan, visit.language), **values)
    return PendingTask(said, f"/office/openings/{opening.opening_id}{below}")
