"""An opening from its first draft to its publication: the use cases of staff.

What was approved is what is published: each change is a new version, for which earlier approvals do not count; once it
is published nothing of the plan changes any more. All of it is kept by the conditional writes of
programme/openings/table.py.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import settings
from chalicelib.core.http.fields import MOST_ERRORS, Model, Whole
from chalicelib.core.http.fields import check as check_fields
from chalicelib.core.http.problems import CHANGED, FieldError, Problem, existing, not_now
from chalicelib.core.languages import LANGUAGES, N_, has
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.office import scope
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table
from chalicelib.programme.openings.check import Circumstances, Finding, findings, passes, years
from chalicelib.programme.openings.plans import PLAN, plan_of
from chalicelib.programme.openings.rules import Approval, Opening, OpeningKind, Plan, State
from chalicelib.programme.questions import table as questions
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import HeldFor

APPROVERS = 2
# How often a change is tried that somebody else's change of the same version came before.
TRIES = 5

PUBLISHED_ALREADY = N_(
    "This opening is published and does not change any more. To put something right, start an incident: pause, extend "
    "or restart the opening. Everybody can see it."
)
APPROVED_ALREADY = N_("You have approved this version already. Somebody else must give the second approval.")
TOO_FEW_APPROVALS = N_("Two different people must approve this version first; so far {number}.")
NOT_AS_IT_SHOULD_BE = N_("The check finds something wrong with this version. Correct what is named below.")
SESSION_GONE = N_(
    "The opening is published, but this session could not join it: {session_id}. It is no longer in the programme, "
    "belongs to another opening, or has too few free seats to hold back. Correct that and publish again."
)
# As the library of holidays calls our languages.
LANGUAGE_OF_HOLIDAYS = {"nl": "nl", "fr": "fr", "en": "en_US"}
# The reason in the ledger.
REASON = "Version {version} was approved by {number} different people and published."

AS_VERSION = N_("Give the number of the version that you mean.")
OF_VERSION = Model({"version": Whole(AS_VERSION, 1, 1_000_000)})
NEW_VERSION = Model({**OF_VERSION.fields, "plan": PLAN})


@dataclass(frozen=True)
class CheckedOpening:
    """An opening with what the check finds; nothing, if it is published."""

    opening: Opening
    findings: Sequence[Finding]

    @property
    def passes(self) -> bool:
        return passes(self.findings)

    @property
    def wrong(self) -> Sequence[Finding]:
        """The findings that prevent publication."""
        return [one for one in self.findings if not one.is_notice]


def version_wanted(document: Any) -> int:
    """The number that was sent; raises Problem `invalid`."""
    return int(check_fields(OF_VERSION, document)["version"])


def new_version_wanted(document: Any) -> tuple[int, Plan]:
    """Which version a new plan is to take the place of; raises Problem `invalid` that names what is wrong."""
    given = check_fields(NEW_VERSION, document)
    return given["version"], plan_of(given["plan"], before="plan.")


def create(plan: Plan, by: Staff, now: datetime) -> Opening:
    """A draft. Its seed is drawn here, once and for all: no later version can look for a better one. Raises Problem
    `not-allowed` if not all of its sessions are `by`'s."""
    scope.must_have_all(by, plan.session_ids)
    opening = Opening(table.new_id(now), 1, plan, State.DRAFT, secrets.token_bytes(32))
    table.create(opening)
    return opening


def get(opening_id: str) -> Opening:
    return _read(opening_id)[0]


def change(opening_id: str, version: int, plan: Plan, by: Staff) -> Opening:
    """A new version in the place of `version`; raises Problem `changed` if that is no longer the last one, and
    `not-allowed` if not all of its sessions are `by`'s."""
    scope.must_have_all(by, plan.session_ids)

    def changed(opening: Opening) -> Opening:
        return replace(_draft(opening, version), version=version + 1, plan=plan)

    return _write(opening_id, changed)


def approve(opening_id: str, version: int, by: Staff, now: datetime, language: str) -> Opening:
    """That somebody who may approves this very version, once. `language`: of whoever asks."""

    def approved(opening: Opening) -> Opening:
        _draft(opening, version)
        if by.staff_id in opening.approved_by:
            raise not_now(APPROVED_ALREADY)
        _must_pass(opening, now, language)
        approval = Approval(by.staff_id, now.replace(microsecond=0), version, by.name)
        return replace(opening, approvals=(*opening.approvals, approval))

    return _write(opening_id, approved)


def publish(opening_id: str, version: int, by: Staff, now: datetime, language: str) -> Opening:
    """First it owns its sessions, then comes the opening, with its entry in the ledger, then each of its sessions. From
    the entry in the ledger on its rules hold, also for a session that is not written yet; a crash leaves the rest to
    whoever publishes again, which is harmless. Each session is written at most once, and is one opening's."""
    opening, edition = _read(opening_id)
    if opening.state is State.DRAFT:
        _draft(opening, version)
        _must_be_approved(opening)
        _must_pass(opening, now, language)
        if not table.own(opening):  # another one was published since, with one of its sessions
            _must_pass(opening, now, language)
            raise Problem(CHANGED)
        _must_pass(opening, now, language)  # staff may have opened a session by itself until then
        opening = _published(opening, edition, by, now)
        edition += 1
    elif opening.version != version:
        raise not_now(PUBLISHED_ALREADY)
    if opening.state is not State.DRAWN:
        try:
            _give_sessions(opening, edition)
        except Interfered:  # an incident moved it
            raise Problem(CHANGED) from None
    table.forget()
    return opening


def checked(opening: Opening, now: datetime, language: str) -> CheckedOpening:
    """`language`: of the names of holidays."""
    return CheckedOpening(opening, check([opening], now, language).get(opening.opening_id, ()))


def every_checked(by: Staff, now: datetime, language: str) -> list[CheckedOpening]:
    """Those that `by` may read, drafts too, the newest first."""
    openings = table.every()
    own = scope.readable(by, openings)
    found = check(own, now, language, openings)
    return [CheckedOpening(one, found.get(one.opening_id, ())) for one in own]


def check(
    openings: Sequence[Opening], now: datetime, language: str, others: Iterable[Opening] | None = None
) -> dict[str, list[Finding]]:
    """opening_id to what is wrong with it, drafts only. Reads the programme, the free seats and the holidays once for
    all of them. `others`: every opening, if they are known."""
    drafts = [opening for opening in openings if not opening.is_live]
    if not drafts:
        return {}
    taken = {
        session_id: other.opening_id
        for other in (table.every() if others is None else others)
        if other.is_live
        for session_id in other.plan.session_ids
    }
    sessions = {one.session_id: one for one in programme.all_sessions(consistent_read=True) if not one.cancelled_at}
    seats = seats_table.get({one for draft in drafts for one in draft.plan.session_ids if one in sessions})
    free = {one.session_id: one.at(int(now.timestamp())).free for one in seats.values()}
    asked = questions.current([draft.opening_id for draft in drafts])
    untranslated = _untranslated()
    found = {}
    for draft in drafts:
        holidays = _holidays(draft.plan, sessions, language)
        own = asked[draft.opening_id]
        asks = (own and own.is_required) or any(seats[one].asks for one in draft.plan.session_ids if one in seats)
        rate = settings.mails_a_second()
        known = Circumstances(now, sessions, free, taken, holidays, untranslated, rate, asks=bool(asks))
        found[draft.opening_id] = findings(draft.plan, known)
    return found


def _must_be_approved(opening: Opening) -> None:
    if len(opening.approved_by) < APPROVERS:
        raise not_now(TOO_FEW_APPROVALS, number=len(opening.approved_by))


def _must_pass(opening: Opening, now: datetime, language: str) -> None:
    found = check([opening], now, language)[opening.opening_id]
    if not passes(found):
        wrong = [one for one in found if not one.is_notice]
        errors = [FieldError(_where(one, opening.plan), one.message, one.values) for one in wrong[:MOST_ERRORS]]
        raise not_now(NOT_AS_IT_SHOULD_BE, errors)


def _where(finding: Finding, plan: Plan) -> str:
    if finding.session_id:
        return f"plan.session_ids[{plan.session_ids.index(finding.session_id)}]"
    return f"plan.{finding.field}"


def _draft(opening: Opening, version: int) -> Opening:
    if opening.is_live:
        raise not_now(PUBLISHED_ALREADY)
    if opening.version != version:
        raise Problem(CHANGED)
    return opening


def _published(opening: Opening, edition: int, by: Staff, now: datetime) -> Opening:
    published = replace(opening, state=State.PUBLISHED, published_at=now.replace(microsecond=0))
    try:
        ledger.record(
            LedgerAct.PUBLISHED,
            by,
            REASON.format(version=opening.version, number=len(opening.approved_by)),
            now,
            opening_id=opening.opening_id,
            details={"version": opening.version, "commitment": opening.commitment},
            together_with=[table.put_of(published, edition)],
        )
    except Refused:
        raise Problem(CHANGED) from None
    return published


def _give_sessions(opening: Opening, edition: int) -> None:
    """Each session learns its opening, and when it opens; a draw's stay closed until it is drawn. What is held back is
    taken from the free seats in the same transaction, so that no seat is held back twice; whether the opening's
    questions must be answered is written there too. Each is written only if the opening is as it was read, `edition`,
    and asks what it asked: an incident may move it meanwhile. Raises Interfered."""
    asked = questions.get(opening.opening_id)
    sessions = {session.session_id: session for session in programme.all_sessions(consistent_read=True)}
    held_back = {one.session_id: one for one in opening.plan.held_back}
    for session_id in opening.plan.session_ids:
        session = sessions.get(session_id)
        if session and session.opening_id == opening.opening_id:
            continue
        held = held_back.get(session_id)
        numbers = {} if held is None else {HeldFor.STAFF: held.staff, HeldFor.REDUCED: held.reduced}
        opens_at = None if opening.kind is OpeningKind.DRAW else opening.opens_at
        as_read = [
            table.unchanged(opening.opening_id, edition),
            questions.unchanged(opening.opening_id, asked.version if asked else 0),
        ]
        asks = asked is not None and asked.is_required
        if not programme.join_opening(session_id, opening.opening_id, opens_at, numbers, as_read, asks=asks):
            raise not_now(SESSION_GONE, session_id=session_id)


def _read(opening_id: str) -> tuple[Opening, int]:
    return existing(table.get(opening_id))


def _write(opening_id: str, changed: Callable[[Opening], Opening]) -> Opening:
    """The opening as `changed` makes it. Two who approve at once both do; a new version in between is seen by `changed`
    itself."""
    for _ in range(TRIES):
        opening, edition = _read(opening_id)
        new = changed(opening)
        try:
            table.write(new, edition)
        except Interfered:
            continue
        return new
    raise Problem(CHANGED)


@lru_cache
def _untranslated() -> Mapping[str, int]:
    """How many texts of mails each language lacks. Once for a container: all templates are read for it, and they change
    by a deployment alone."""
    from chalicelib.mail.mails import texts  # noqa: PLC0415 templates and calendars, for this check only

    ours = texts()
    return {language: sum(not has(text, language) for text in ours) for language in LANGUAGES}


def _holidays(plan: Plan, sessions: dict[str, Session], language: str) -> dict[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 for this check only

    known = country_holidays(plan.country, years=years(plan, sessions), language=LANGUAGE_OF_HOLIDAYS[language])
    return dict(known)
