"""Staff act on an opening when something goes wrong: it takes effect, or waits for a second person. Families are told
then."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import AS_REASON, LedgerAct, checked_reason
from chalicelib.core import settings
from chalicelib.core.http.answers import Count, FromOne
from chalicelib.core.http.fields import (
    LINES,
    MISSING,
    UNKNOWN,
    Choice,
    Model,
    Moment,
    OrNull,
    Text,
    TrueOrFalse,
    Whole,
    check,
)
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing, invalid, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.observability import log as written
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.office.incidents import announcing, holding, measuring, rules, words
from chalicelib.office.incidents.public import PublicIncident, public_incident
from chalicelib.office.incidents.rules import NEEDS_A_SECOND, Action, ProposedIncident
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.log import LogEntry
from chalicelib.programme.openings.plans import A_WEEK, AS_HOLD
from chalicelib.programme.openings.rules import Opening, OpeningKind, State

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

IS_BEING_DRAWN = N_("The draw has begun and runs to its end. Wait for the result.")
AS_ACTION = N_("Choose pause, resume, extend, restart or turn-into-draw.")
AS_WHY = N_("Tell families in each language, nl, fr and en, what happened and what follows.")
AS_CAUSE = N_("Give the cause in each language, nl, fr and en, as far as it is known.")
AS_TEXT = N_("Write at most 1,000 characters.")
ALREADY = N_("This has taken effect already.")
SAME_PERSON = N_("The person who proposed it cannot confirm it too. Ask another approver.")

WHAT = {
    Action.PAUSE: LedgerAct.PAUSED,
    Action.RESUME: LedgerAct.RESUMED,
    Action.EXTEND: LedgerAct.EXTENDED,
    Action.RESTART: LedgerAct.VOIDED,
    Action.TURN_INTO_DRAW: LedgerAct.TURNED_INTO_DRAW,
}
# What an action asks for beside the texts; it may not be given with any other.
ITS_OWN = {
    Action.EXTEND: {"minutes"},
    Action.RESTART: {"opens_at"},
    Action.TURN_INTO_DRAW: {"wishes_until", "keep_given"},
}
OWN = ("minutes", "opens_at", "wishes_until", "keep_given")


def _in_each_language(expects: str) -> Model:
    return Model({language: Text(AS_TEXT, LINES, 1000) for language in LANGUAGES}, expects)


INCIDENT = Model(
    {
        "action": Choice(AS_ACTION, [action.value for action in Action]),
        "why": _in_each_language(AS_WHY),
        "cause": _in_each_language(AS_CAUSE),
        "reason": Text(AS_REASON, LINES, 1000),
        "minutes": OrNull(Whole(AS_HOLD, 1, A_WEEK)),
        "opens_at": OrNull(Moment()),
        "wishes_until": OrNull(Moment()),
        "keep_given": OrNull(TrueOrFalse(default=True)),
    }
)


class IncidentStatus(StrEnum):
    DONE = "done"
    NEEDS_APPROVAL = "needs-approval"


@dataclass(frozen=True, kw_only=True)
class IncidentOfStaff(PublicIncident):
    status: IncidentStatus
    reason: Annotated[str, "For the ledger."]
    proposed_by: str
    minutes: FromOne | None
    moment: Annotated[datetime | None, "The new moment of the opening, or the moment until which a draw takes wishes."]
    keep_given: bool
    told: Annotated[
        Count | None, "The number of families that are told; null until the mail to the last one is under way."
    ]


@dataclass(frozen=True)
class IncidentReport:
    """A report of staff. `cause`: language to what it came from, as far as it is known; `reason`: for the ledger."""

    asked: ProposedIncident
    cause: Mapping[str, str]
    reason: str


def wanted(document: Any) -> IncidentReport:
    """The report that was sent or typed; raises Problem `invalid` that names what is wrong."""
    sent = check(INCIDENT, document)
    reason = checked_reason(sent["reason"])
    return IncidentReport(_asked(sent), sent["cause"], reason)


def report(opening_id: str, wish: IncidentReport, by: Staff, now: datetime) -> IncidentOfStaff:
    """The incident that takes effect, or one that an approver has to confirm first.

    Raises Problem `not-found`; `not-now` where it makes no sense; `changed` if somebody else did something meanwhile.
    """
    asked = wish.asked
    opening, edition = _opening(opening_id)
    entry = LogEntry(
        opening_id=opening_id,
        number=len(log.every(opening_id)) + 1,
        action=asked.action.value,
        cause=wish.cause,
        why=asked.why,
        asked={
            "reason": wish.reason,
            "edition": edition,
            "by": by.staff_id,
            "name": by.name,
            "minutes": asked.minutes,
            "moment": asked.moment.isoformat() if asked.moment else None,
            "keep_given": asked.keep_given,
        },
    )
    if asked.action not in NEEDS_A_SECOND:
        return _take_effect(opening, entry, asked, by, now, is_new=True)
    rules.applied(opening, asked, now)
    if not log.propose(entry):
        raise Problem(CHANGED)
    return _shown(entry)


def approve(opening_id: str, number: str, by: Staff, now: datetime) -> IncidentOfStaff:
    """The second person's yes: what was proposed takes effect, if the opening is still what it was proposed for."""
    entry = _entry(opening_id, number)
    if entry.at:
        raise not_now(ALREADY)
    if entry.asked["by"] == by.staff_id:
        raise not_now(SAME_PERSON)
    opening, edition = _opening(opening_id)
    if edition != entry.asked["edition"]:
        raise Problem(CHANGED)
    return _take_effect(opening, entry, announcing.asked_of(entry), by, now, is_new=False)


def announce(opening_id: str, number: str) -> IncidentOfStaff:
    """Tells whoever has not been told yet; for when the function that does so could not be called, or gave up."""
    entry = _entry(opening_id, number)
    if not entry.at:
        raise Problem(NOT_FOUND)
    _start_telling(entry)
    return _shown(entry)


def every(opening_id: str) -> Sequence[IncidentOfStaff]:
    """The oldest first, with those that wait for an approver, and how far families have been told."""
    _opening(opening_id)
    return [_shown(entry) for entry in log.every(opening_id)]


def _asked(sent: Mapping[str, Any]) -> ProposedIncident:
    action = Action(sent["action"])
    for name in OWN:
        if name in ITS_OWN.get(action, ()):
            if sent[name] is None:
                raise invalid(name, MISSING)
        elif sent[name] is not None:
            raise invalid(name, UNKNOWN)
    return ProposedIncident(
        action=action,
        why=sent["why"],
        minutes=sent["minutes"] or 0,
        moment=sent["opens_at"] or sent["wishes_until"],
        keep_given=sent["keep_given"] is not False,
    )


def _is_being_drawn(opening: Opening) -> bool:
    """Asked after the opening was read: a draw that begins later changes the edition that was read."""
    from chalicelib.booking.draw import table as draws  # noqa: PLC0415 - of a draw only

    found = draws.frozen(opening.opening_id)
    return found is not None and found.begun is not None


def _take_effect(
    opening: Opening, entry: LogEntry, asked: ProposedIncident, by: Staff, now: datetime, *, is_new: bool
) -> IncidentOfStaff:
    """The opening, the log's entry and the ledger's are one transaction. Then families are told, and the outage is
    measured: neither may keep a pause from holding at once. No pause ends before all that is held stands still."""
    changed = rules.applied(opening, asked, now)
    if opening.kind is OpeningKind.DRAW and _is_being_drawn(opening):
        raise not_now(IS_BEING_DRAWN)
    entry = words.worded(replace(entry, at=now), asked, opening, changed)
    try:
        if opening.state is State.PAUSED:
            holding.stand_still(opening, entry.asked["edition"])
    except Interfered:
        raise Problem(CHANGED) from None
    try:
        ledger.record(
            WHAT[asked.action],
            by,
            entry.asked["reason"],
            now,
            opening_id=opening.opening_id,
            details={"incident": entry.number, **entry.moments},
            private={"proposed_by": {"staff_id": entry.asked["by"], "name": entry.asked["name"]}},
            together_with=[
                openings.put_of(changed, entry.asked["edition"]),
                log.put_of(entry, is_new=is_new),
            ],
        )
    except Refused:
        raise Problem(CHANGED) from None
    openings.forget()
    _start_telling(entry)
    outage = measuring.measured(entry.start or now, now)
    log.note_outage(entry, outage)
    return _shown(replace(entry, outage=outage))


def _start_telling(entry: LogEntry) -> None:
    """Calls the function without waiting for it. What has taken effect stays, also if nobody can be told yet: `told` is
    then null in the list, and staff ask again."""
    try:
        _lambda().invoke(
            FunctionName=settings.announce_function(),
            InvocationType="Event",
            Payload=json.dumps({"opening_id": entry.opening_id, "number": entry.number}).encode(),
        )
    except (ClientError, BotoCoreError) as error:
        written.error("announcement_not_started", error=type(error).__name__)


def _opening(opening_id: str) -> tuple[Opening, int]:
    return existing(openings.get(opening_id))


def _entry(opening_id: str, number: str) -> LogEntry:
    is_number = number.isascii() and number.isdigit() and len(number) < 5
    return existing(log.get(opening_id, int(number)) if is_number else None)


def _shown(entry: LogEntry) -> IncidentOfStaff:
    asked = announcing.asked_of(entry)
    return IncidentOfStaff(
        **vars(public_incident(entry)),
        status=IncidentStatus.DONE if entry.at else IncidentStatus.NEEDS_APPROVAL,
        reason=entry.asked["reason"],
        proposed_by=entry.asked["name"],
        minutes=asked.minutes or None,
        moment=asked.moment,
        keep_given=asked.keep_given,
        told=entry.progress.get("families") if entry.progress.get("is_over") else None,
    )


@lru_cache
def _lambda() -> "LambdaClient":
    return boto3.client("lambda", config=Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2}))
