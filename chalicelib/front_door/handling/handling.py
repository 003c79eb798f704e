"""The deeds of a unit's people on a case. Each act is one transaction on the condition that the case is as they saw
it (cases/acting.py), and whoever may not do it is refused by rule: the address of a case is theirs alone
(cases/scope.py), a complaint is for somebody independent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core.http.fields import LINES, Field, Model, Text, Whole, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, following, scope, table
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed, actor
from chalicelib.front_door.cases.rules import (
    CITIZEN,
    STORMLOOP,
    Act,
    Case,
    CaseStatus,
    HistoryEntry,
    case_id_of,
    is_case_id,
    unsent,
    waits_too_long,
)
from chalicelib.front_door.deadlines import MOST_DAYS
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form, FormKind
from chalicelib.front_door.handling.rules import (
    AboutCase,
    Concerned,
    concerned_by,
    independent_unit,
    lengthened,
    merged_here,
    most_more_days,
)
from chalicelib.front_door.reports import table as reports
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit, in_charge
from chalicelib.people.staff.rules import Staff

MOST_WORDS = 4_000
AS_WORDS = N_("Write it in at most 4,000 characters: the citizen reads this.")
AS_REASON = N_("Say why, in at most 4,000 characters: the citizen reads this.")
AS_NOTE = N_("Write a note of at most 4,000 characters.")
AS_WHO = N_("Choose one of the people of the unit.")
AS_UNIT = N_("Choose a unit that has people.")
AS_DAYS = N_("Give a number of days.")
TOO_LONG = N_("The deadline of this case can be lengthened by {most} more days in all.")
AS_DUPLICATE = N_("Give the receipt of the case that stays, which your unit has too.")
IS_ITSELF = N_("That is this case itself.")
STAYS_MERGED = N_("That case was merged into another one itself. Take that one.")
HOLDS_OTHERS = N_("Other cases were merged into this one. Merge the other way round.")
NOT_TOGETHER = N_("The two are not of one unit, or one of them is confidential. Forward this one first.")
NOT_INDEPENDENT = N_(
    "This complaint is about your unit, or about what you did yourself. Somebody else answers it: forward it."
)
WHO_IS_CONCERNED = N_("Say first which units this complaint is about, or that it is about none of them.")
ABOUT_OTHERS = N_("That complaint is not about all units that this one is about. Write them down there first.")
EACH_ALONE = N_("Certificates are not merged: each is issued or refused by itself.")
MAY_TELL = N_("This case is confidential. Forward it to a confidential unit, or say that it may be read there.")
SENT_AGAIN = N_("The mail that had not gone out is tried again.")
AS_INDEPENDENT = N_("All people of that unit are among those whom this complaint is about. Choose another unit.")
AS_CONCERNED = N_("Name at most 10 units.")
AS_ABOUT = N_("Give the receipt of the case that the complaint is about, or leave it empty.")
MERGED_ONES = N_("Complaints that were merged into this one are about other units too. Name those as well.")
NOBODY_LEFT = N_("No unit above has somebody who is independent. Name somebody there first.")

WORDS = Text(AS_WORDS, LINES, MOST_WORDS)
REASON = Text(AS_REASON, LINES, MOST_WORDS)
NOTE = Text(AS_NOTE, LINES, MOST_WORDS)
# Their people's addresses stand in the case: 40 kB at most.
MOST_CONCERNED = 10


@dataclass(frozen=True)
class CaseFile:
    """A case as the people of its unit see it. `unsent`: what the citizen should have heard by mail an hour ago, and
    did not. `about`: the case that it is about, and the one into which that was merged; empty: about none. `concerned`:
    whom it is about. `is_independent`: whether whoever looks may answer it. `more_days`: by how many it may still be
    lengthened."""

    case: Case
    form: Form
    history: Sequence[HistoryEntry]
    unit: Unit
    acting: Unit
    units: Mapping[str, Unit]
    about: Sequence[AboutCase]
    concerned: Concerned
    duplicates: Sequence[str]
    is_independent: bool
    unsent: Sequence[HistoryEntry]
    more_days: int


def look(by: Staff, case_id: str, now: datetime) -> CaseFile:
    """Raises Problem `not-found` for what is not theirs."""
    case = existing(table.get(case_id))
    if not scope.is_theirs(by, case.unit_id):
        existing(None)
    scope.seen(case)
    every = units.remembered()
    form = existing(forms.version(case.form_id, case.form_version))
    history = table.history(case)
    about = _about(case)
    concerned = concerned_by(case, every, about)
    return CaseFile(
        case=case,
        form=form,
        history=history,
        unit=every[case.unit_id],
        acting=existing(in_charge(case.unit_id, every)),
        units=every,
        about=about,
        concerned=concerned,
        duplicates=duplicates_of(case, history),
        is_independent=not concerned.has(by.staff_id, by.email),
        unsent=[entry for entry in unsent(case, history) if waits_too_long(entry, now)],
        more_days=most_more_days(case, form.deadline),
    )


def take(by: Staff, case_id: str, edition: int, now: datetime) -> Case:
    """It is theirs from now on."""
    found = _independent(by, case_id, edition, now)
    status = CaseStatus.IN_PROGRESS if found.case.status is not CaseStatus.WAITING_FOR_CITIZEN else None
    return _do(found, Deed(Act.TAKEN, actor(by), now, status, changes={"assignee": by.email}))


def assign(by: Staff, case_id: str, edition: int, email: str, now: datetime) -> Case:
    """It is somebody's of the unit; raises Problem `invalid` for anybody else, `not-now` for who is not independent."""
    found = _as_seen(by, case_id, edition, now)
    if not found.acting.has(email):
        raise invalid("assignee", AS_WHO)
    if found.concerned.has("", email):
        raise not_now(NOT_INDEPENDENT)
    status = None if found.case.status is CaseStatus.WAITING_FOR_CITIZEN else CaseStatus.ASSIGNED
    return _do(found, Deed(Act.ASSIGNED, actor(by), now, status, note=email, changes={"assignee": email}))


def ask(by: Staff, case_id: str, edition: int, text: str, now: datetime) -> Case:
    """Asks the citizen something. The clock runs on: the Awb lets it stand still with the citizen's consent alone."""
    found = _independent(by, case_id, edition, now)
    words = _checked("text", WORDS, text)
    changes = {"assignee": found.case.assignee or by.email}
    return _do(found, Deed(Act.ASKED, actor(by), now, CaseStatus.WAITING_FOR_CITIZEN, words, changes=changes))


def answer(by: Staff, case_id: str, edition: int, text: str, now: datetime) -> Case:
    """Answers the citizen; whoever sent a duplicate that was merged into it gets the same answer."""
    found = _ending(by, case_id, edition, now)
    words = _checked("text", WORDS, text)
    changes = {"answered_on": today(now), "assignee": found.case.assignee or by.email}
    return _do(found, Deed(Act.ANSWERED, actor(by), now, CaseStatus.ANSWERED, words, changes=changes))


def close(by: Staff, case_id: str, edition: int, text: str, now: datetime) -> Case:
    """Closes it without an answer, and says why."""
    found = _ending(by, case_id, edition, now)
    words = _checked("close_text", REASON, text)
    changes: dict[str, Any] = {"answered_on": today(now)} if found.case.is_in_hand else {}
    return _do(found, Deed(Act.CLOSED, actor(by), now, CaseStatus.CLOSED, words, changes=changes))


def reopen(by: Staff, case_id: str, edition: int, text: str, now: datetime) -> Case:
    """It is in hand again, with the time that was left; a duplicate stands by itself again."""
    found = _independent(by, case_id, edition, now)
    words = _checked("reopen_text", REASON, text)
    changes = following.resuming(found.case, found.form.deadline, now)
    return _do(found, Deed(Act.REOPENED, actor(by), now, CaseStatus.REOPENED, words, changes=changes))


def forward(by: Staff, case_id: str, edition: int, unit_id: str, text: str, is_told: bool, now: datetime) -> Case:
    """Another unit has it in hand; the clock runs on. `is_told`: somebody says that a confidential case may be read by
    a unit that is not confidential."""
    found = _as_seen(by, case_id, edition, now)
    acting_unit = in_charge(unit_id, found.units)
    if acting_unit is None or unit_id == found.case.unit_id:
        raise invalid("unit_id", AS_UNIT)
    if not found.concerned.leaves(acting_unit):
        raise invalid("unit_id", AS_INDEPENDENT)
    if found.case.is_confidential and not acting_unit.is_confidential and not is_told:
        raise invalid("is_told", MAY_TELL)
    words = _checked("forward_text", REASON, text)
    status = None if found.case.status in (CaseStatus.RECEIVED, CaseStatus.REOPENED) else CaseStatus.RECEIVED
    if found.case.status is CaseStatus.WAITING_FOR_CITIZEN:
        status = CaseStatus.IN_PROGRESS
    is_confidential = found.case.is_confidential or acting_unit.is_confidential or found.units[unit_id].is_confidential
    changes = {"unit_id": unit_id, "assignee": "", "is_confidential": is_confidential}
    also = [units.peopled(acting_unit.unit_id)]
    if is_confidential:
        changes["is_public"] = False
        also += _unseen(found.case)
    return _do(found, Deed(Act.FORWARDED, actor(by), now, status, words, unit_id, changes, also))


def lengthen(by: Staff, case_id: str, edition: int, days: Any, text: str, now: datetime) -> Case:
    """A later deadline, as far as the form's law lets it; the citizen reads why."""
    found = _independent(by, case_id, edition, now)
    more = _checked("days", Whole(AS_DAYS, 1, MOST_DAYS), days)
    if more > found.more_days:
        raise invalid("days", TOO_LONG, most=found.more_days)
    words = _checked("lengthen_text", REASON, text)
    changes = {
        "answer_by": lengthened(found.case, found.form.deadline, more),
        "more_days": found.case.more_days + more,
        "first_due": found.case.first_due or found.case.answer_by,
    }
    return _do(found, Deed(Act.LENGTHENED, actor(by), now, None, words, changes=changes))


def note(by: Staff, case_id: str, edition: int, text: str, now: datetime) -> Case:
    """Words for staff alone."""
    found = _as_seen(by, case_id, edition, now)
    return _do(found, Deed(Act.NOTED, actor(by), now, note=_checked("note", NOTE, text)))


def mail_again(by: Staff, case_id: str, edition: int, now: datetime) -> Case:
    """Mails that did not go out are sent behind this change, as behind any other. Raises Problem `not-now`."""
    found = _as_seen(by, case_id, edition, now)
    if not found.unsent:
        raise not_now(acting.NOT_FROM_HERE)
    return _do(found, Deed(Act.NOTED, actor(by), now, note=translate(SENT_AGAIN, DEFAULT)))


def say_concerned(by: Staff, case_id: str, edition: int, unit_ids: Sequence[str], receipt: str, now: datetime) -> Case:
    """Which units a complaint is about; none of them: it is about none. `receipt`: of the case that it is about; "":
    of none. Where nobody of its own unit is independent any more, it goes to the first unit above that has somebody, in
    the same write. Whoever it is about may add units and a case, and takes none away."""
    found = _as_seen(by, case_id, edition, now)
    named = tuple(sorted(unit_id for unit_id in set(unit_ids) if unit_id in found.units))
    if len(named) > MOST_CONCERNED:
        raise invalid("concerns", AS_CONCERNED)
    after = _concerning(found, named, receipt)
    concerned = concerned_by(after, found.units, _about(after))
    if not found.is_independent and not concerned.covers(found.concerned):
        raise not_now(NOT_INDEPENDENT)
    for one in table.several(found.duplicates).values():
        if not concerned.covers(concerned_by(one, found.units, _about(one))):
            raise invalid("concerns", MERGED_ONES)
    to = independent_unit(after, found.units, concerned)
    if to is None:
        raise not_now(NOBODY_LEFT)
    if to != found.case.unit_id and found.case.is_confidential and not found.units[to].is_confidential:
        raise not_now(MAY_TELL)
    changes = {"concerns": named, "concerned": after.concerned, "about": after.about}
    return _do(found, _giving(after, to, concerned, found.units, Deed(Act.CONCERNS, actor(by), now, changes=changes)))


@dataclass(frozen=True)
class Settled:
    """`is_stuck`: nobody of its unit may handle the case, and it can go to no unit above by itself."""

    case: Case
    is_stuck: bool


def settle(case: Case, now: datetime) -> Settled:
    """Behind each change of a complaint, and every morning, because people join units and leave them: nobody has it in
    hand whom it is about. It goes to the first unit above that has somebody else. Raises Interfered, Busy; again and
    again is the same."""
    if case.kind is not FormKind.COMPLAINT or not case.is_in_hand or case.is_canary:
        return Settled(case, is_stuck=False)
    every, concerned = units.remembered(), concerned_now(case)
    to = _to_independent(case, every, concerned)
    if to is None:
        # A unit without people is missed by itself, if nobody is concerned.
        return Settled(case, is_stuck=concerned != Concerned())
    if to == case.unit_id and not concerned.has("", case.assignee):
        return Settled(case, is_stuck=False)
    deed = _giving(case, to, concerned, every, Deed(Act.CONCERNS, BY_STORMLOOP, now))
    return Settled(acting.change(case, deed), is_stuck=False)


def is_stuck(case: Case) -> bool:
    """Whether a complaint in hand is about somebody, and nobody else of its unit or above may have it."""
    concerned = concerned_now(case)
    return concerned != Concerned() and _to_independent(case, units.remembered(), concerned) is None


def concerned_now(case: Case) -> Concerned:
    """Whom a complaint is about, as units are now."""
    return concerned_by(case, units.remembered(), _about(case))


def merge(by: Staff, case_id: str, edition: int, receipt: str, now: datetime) -> Case:
    """This case is a duplicate of the one with that receipt, which stays: that one's answer is this one's too. Refused
    by the write if either was changed meanwhile: so no case is merged twice, nor in a circle."""
    found = _ending(by, case_id, edition, now)
    stays_id = case_id_of(receipt)
    stays = table.get(stays_id) if stays_id else None
    if found.case.merged_into or not found.case.is_in_hand:
        raise not_now(acting.NOT_FROM_HERE)
    if stays is None or not scope.is_theirs(by, stays.unit_id):
        raise invalid("receipt", AS_DUPLICATE)
    if FormKind.CERTIFICATE in (found.case.kind, stays.kind):
        raise not_now(EACH_ALONE)  # or who asked for somebody else's is told that one's number
    if stays.case_id == found.case.case_id:
        raise invalid("receipt", IS_ITSELF)
    if stays.merged_into:
        raise invalid("receipt", STAYS_MERGED)
    if found.duplicates:
        raise not_now(HOLDS_OTHERS)
    if stays.is_confidential != found.case.is_confidential or stays.unit_id != found.case.unit_id:
        raise invalid("receipt", NOT_TOGETHER)
    if not concerned_by(stays, found.units, _about(stays)).covers(found.concerned):
        raise invalid("receipt", ABOUT_OTHERS)  # somebody whom this one is about could answer that one
    kept = Deed(Act.MERGED, actor(by), now, note=found.case.case_id)
    deed = Deed(
        Act.MERGED,
        actor(by),
        now,
        CaseStatus.CLOSED,
        changes={
            "merged_into": stays.case_id,
            "answered_on": today(now),
            "is_public": False,
        },
        also=[*acting.writes_of(stays, kept), *_unseen(found.case)],
    )
    return _do(found, deed)


def _as_seen(by: Staff, case_id: str, edition: int, now: datetime) -> CaseFile:
    """The case, if it is as they saw it; raises Problem `changed`, or `not-found` for what is not theirs."""
    found = look(by, case_id, now)
    if found.case.edition != edition:
        raise Problem(CHANGED)
    return found


def _independent(by: Staff, case_id: str, edition: int, now: datetime) -> CaseFile:
    found = _as_seen(by, case_id, edition, now)
    if not found.is_independent:
        raise not_now(NOT_INDEPENDENT)
    return found


def _ending(by: Staff, case_id: str, edition: int, now: datetime) -> CaseFile:
    """The same for an act after which nobody looks at it any more: of a complaint it is written down whom it is about
    first."""
    found = _independent(by, case_id, edition, now)
    if found.case.kind is FormKind.COMPLAINT and not _says_concerned(found):
        raise not_now(WHO_IS_CONCERNED)
    return found


def _do(found: CaseFile, deed: Deed) -> Case:
    try:
        return acting.change(found.case, deed)
    except Interfered:
        raise Problem(CHANGED) from None


def _checked(name: str, field: Field, value: Any) -> Any:
    return check(Model({name: field}), {name: value})[name]


def _unseen(case: Case) -> list[Any]:
    """Writes by which nobody outside sees it any more: it becomes something that is never shown."""
    return [reports.removing(case)] if case.is_public else []


def _says_concerned(found: CaseFile) -> bool:
    return any(entry.act is Act.CONCERNS and entry.by != STORMLOOP for entry in found.history)


def _concerning(found: CaseFile, named: tuple[str, ...], receipt: str) -> Case:
    """The case with what it is about written down. Whoever was of a unit that was named before stays concerned, even if
    they are of another one today. Raises Problem `invalid`."""
    case = found.case
    people = {email for unit_id in named for email in found.units[unit_id].people}
    if set(case.concerns) <= set(named):
        people |= set(case.concerned)
    about = case.about
    if receipt.strip():
        about = case_id_of(receipt) or ""
        # What it came with about a registration stays.
        if (
            not about
            or (case.about and not is_case_id(case.about))
            or about == case.case_id
            or table.get(about) is None
        ):
            raise invalid("about", AS_ABOUT)
    elif is_case_id(about):
        about = ""
    return replace(case, concerns=named, concerned=tuple(sorted(people)), about=about)


def _to_independent(case: Case, every: Mapping[str, Unit], concerned: Concerned) -> str | None:
    """The unit_id of the unit that may have it, if it can go there by itself."""
    to = independent_unit(case, every, concerned)
    if to is None or to == case.unit_id or not case.is_confidential or every[to].is_confidential:
        return to
    return None


def _giving(case: Case, to: str, concerned: Concerned, every: Mapping[str, Unit], deed: Deed) -> Deed:
    """The deed by which a unit has a complaint that has somebody independent, and nobody whom it is about."""
    changes, also = dict(deed.changes or {}), list[dict[str, Any]]()
    if concerned.has("", case.assignee):
        changes["assignee"] = ""
    if to != case.unit_id:
        changes |= {"unit_id": to, "assignee": ""}
        also = [units.peopled(existing(in_charge(to, every)).unit_id)]
    return replace(deed, note=", ".join(case.concerns) or "-", changes=changes, also=also)


def duplicates_of(case: Case, history: Sequence[HistoryEntry]) -> list[str]:
    """The case_ids of its duplicates; one that was opened again is none any more."""
    merged = merged_here(history)
    found = table.several(merged) if merged else {}
    return [case_id for case_id in merged if case_id in found and found[case_id].merged_into == case.case_id]


def answer_duplicates(case: Case, now: datetime) -> None:
    """Gives the last answer of a case, or why it was closed, to each of its duplicates, once: the entry in the
    duplicate's history says which answer it is, and is written on the condition that the duplicate is as it was read.
    Raises Interfered, after which it is safe to do again."""
    if case.is_in_hand or case.merged_into:
        return
    history = table.history(case)
    said = [entry for entry in history if entry.act in (Act.ANSWERED, Act.CLOSED) and entry.by != CITIZEN]
    for case_id in duplicates_of(case, history) if said else ():
        duplicate, mark = existing(table.get(case_id)), f"{case.case_id}#{said[-1].number}"
        if mark not in {entry.note for entry in table.history(duplicate)} and not duplicate.is_in_hand:
            deed = Deed(Act.ANSWERED, BY_STORMLOOP, now, None, said[-1].text, mark, {"answered_on": case.answered_on})
            acting.change(duplicate, deed)


def _about(case: Case) -> list[AboutCase]:
    """The case that a complaint is about, and the one into which that was merged; none for one that is about a
    registration, or nothing."""
    found, case_id = list[AboutCase](), case.about
    while is_case_id(case_id) and len(found) < 2 and (about := table.get(case_id)):
        found.append(AboutCase(about, table.history(about)))
        case_id = about.merged_into
    return found
