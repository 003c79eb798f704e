"""Applying for a city pass, and deciding it: use cases of a family, of the desk and of finance.

A machine grants (`see`), where the rule follows from what was proven. A person grants or refuses. What was refused is
looked at by another person if the family objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.money.citypass import figures, table, versions
from chalicelib.money.citypass.applications import (
    Application,
    Decider,
    Member,
    PassStatus,
    ProofKind,
    Proven,
    counts_of,
    follows,
)
from chalicelib.money.citypass.rules import PassRule, RuleVersion, month_later
from chalicelib.people import access
from chalicelib.people.families.handlers import NOT_BORN
from chalicelib.people.staff.rules import Staff

# A pass's number, and a voucher's code: 31 ** 12, which nobody guesses.
CODE = 12
# So long before its end a pass may be asked for anew.
AHEAD = timedelta(days=60)

NO_RULE = N_("The city has no city pass at the moment.")
WAITS = N_("You have applied already. The city decides before {due_on}.")
HAS_ONE = N_("You have a city pass until {until}. Apply again from {again} on.")
NEEDS_ADULT = N_("Name one to ten people, at least one of them 18 or older.")
TWICE = N_("The same person stands in the list twice.")
NOT_OPEN = N_("This is decided already.")
NOT_SAME = N_("You decided this yourself. Somebody else looks at the objection.")
TOO_LATE = N_("The time to object is over, or there is nothing to object to.")
ELSEWHERE = N_(
    "Somebody of this household is in a valid city pass of another household. Find out where they live, and end the "
    "other pass or refuse this one, with the reason."
)
UNPROVEN = N_("Say first what you have seen of the household.")


@dataclass(frozen=True)
class Wanted:
    """The details with which a family applies. `income_cents`: in a year, net, as it says; None: it does not say."""

    postcode: str
    members: tuple[Member, ...]
    income_cents: int | None
    benefits: frozenset[str]


def rule_of(application: Application) -> PassRule:
    """The one by which it is decided."""
    return version_of(application).rule


def version_of(application: Application) -> RuleVersion:
    return existing(versions.get(application.rule))


def apply(family_id: str, wanted: Wanted, now: datetime) -> Application:
    """Raises Problem `not-now`, `invalid` for the members, and `changed` if another application came meanwhile."""
    day = today(now)
    version = versions.of_today(day)
    if version is None:
        raise not_now(NO_RULE)
    before = table.of_family(family_id)
    _must_be_free(before, day)
    adults, _ = counts_of(wanted.members, day)
    if not adults:
        raise invalid("members", NEEDS_ADULT)
    if any(one.born > day for one in wanted.members):
        raise invalid("members", NOT_BORN)
    if len({one.person_id for one in wanted.members}) < len(wanted.members):
        raise invalid("members", TWICE)
    new = Application(
        family_id=family_id,
        application_id=str(len(before) + 1) if not before else str(int(before[-1].application_id) + 1),
        rule=version.number,
        status=PassStatus.OPEN,
        made_at=now,
        postcode=wanted.postcode,
        members=wanted.members,
        declared_cents=wanted.income_cents,
        declared=wanted.benefits,
        due_on=day + timedelta(days=version.rule.decide_days),
    )
    try:
        table.make(new, version.rule.municipality, now)
    except Interfered:
        raise Problem(CHANGED) from None
    return new


def _must_be_free(before: Sequence[Application], day: date) -> None:
    for one in before:
        if one.is_undecided:
            raise not_now(WAITS, due_on=one.due_on)
        if one.is_valid(day) and one.until is not None and one.until - AHEAD > day:
            raise not_now(HAS_ONE, until=one.until, again=one.until - AHEAD)


def see(by: Staff, of: Application, kinds: Sequence[ProofKind], proven: Proven, now: datetime) -> Application:
    """Writes down what `by` has seen; and, where the rule follows from it, the machine grants the pass. `proven`: the
    income and the benefits of the proofs. Raises Problem `not-now` and `changed`."""
    _must_wait(of)
    access.about(of.family_id)
    mark = Decider(by.staff_id, by.name, now)
    seen = {kind: of.proven.seen.get(kind, mark) for kind in kinds}
    if ProofKind.INCOME in kinds and proven.income_cents != of.proven.income_cents:
        seen[ProofKind.INCOME] = mark
    known = Proven(
        seen,
        proven.income_cents if ProofKind.INCOME in kinds else None,
        proven.benefits if ProofKind.BENEFIT in kinds else frozenset(),
    )
    try:
        changed = table.change(of, replace(of, proven=known))
    except Interfered:
        raise Problem(CHANGED) from None
    if changed.status is PassStatus.OPEN and follows(rule_of(changed), changed):
        try:
            return _grant(changed, Decider("", "", now), now, {figures.GRANTED_BY_MACHINE: 1})
        except table.HeldElsewhere:
            return changed  # a person finds out
    return changed


def grant(by: Staff, of: Application, why: str, now: datetime) -> Application:
    """A person grants it. Of an objection: somebody else than who refused. Raises Problem `not-now` and `changed`."""
    _must_wait(of)
    access.about(of.family_id)
    _must_be_another(by, of)
    if ProofKind.HOUSEHOLD not in of.proven.seen:
        raise not_now(UNPROVEN)
    overturned = of.status is PassStatus.OBJECTED
    counted = {figures.OVERTURNED: 1} if overturned else {figures.GRANTED_BY_PERSON: 1}
    try:
        return _grant(of, Decider(by.staff_id, by.name, now, why), now, counted)
    except table.HeldElsewhere:
        raise not_now(ELSEWHERE) from None


def refuse(by: Staff, of: Application, why: str, now: datetime) -> Application:
    """A person refuses it; or, of an objection, agrees with who refused. Raises Problem `not-now` and `changed`."""
    _must_wait(of)
    access.about(of.family_id)
    _must_be_another(by, of)
    is_first = of.status is PassStatus.OPEN
    after = replace(
        of,
        status=PassStatus.REFUSED if is_first else PassStatus.UPHELD,
        against=Decider(by.staff_id, by.name, now, why),
        object_until=today(now) + timedelta(days=rule_of(of).object_days) if is_first else of.object_until,
    )
    counted = {figures.REFUSED if is_first else figures.UPHELD: 1, **_decided(of, now)}
    return _decided_against(by, of, after, counted, now)


def end(by: Staff, of: Application, why: str, now: datetime) -> Application:
    """A person ends a pass that was granted; the family may object to that too. Raises Problem `not-now`, `changed`."""
    access.about(of.family_id)
    if not of.is_valid(today(now)):
        raise not_now(NOT_OPEN)
    after = replace(
        of,
        status=PassStatus.REFUSED,
        ended_on=today(now),
        against=Decider(by.staff_id, by.name, now, why),
        object_until=today(now) + timedelta(days=rule_of(of).object_days),
    )
    return _decided_against(by, of, after, {figures.WITHDRAWN: 1}, now)


def object_to(of: Application, text: str, now: datetime) -> Application:
    """The family does not agree; by itself, or at the desk. Raises Problem `not-now` and `changed`."""
    if not of.may_object(today(now)):
        raise not_now(TOO_LATE)
    rule = rule_of(of)
    due_on = today(now) + timedelta(days=rule.decide_days)
    after = replace(of, status=PassStatus.OBJECTED, objection=text, due_on=due_on)
    try:
        return table.object_to(of, after, rule.municipality, now)
    except Interfered:
        raise Problem(CHANGED) from None


def _grant(of: Application, by: Decider, now: datetime, counted: Mapping[str, int]) -> Application:
    """Raises HeldElsewhere, and Problem `changed`. A pass that was ended comes back as it was."""
    day = today(now)
    after = replace(
        of,
        status=PassStatus.GRANTED,
        granted=by,
        number=of.number or by_chance(CODE),
        since=of.since or day,
        until=of.until or month_later(day, rule_of(of).months) - timedelta(days=1),
        ended_on=None,
    )
    numbers = {**counted, **_decided(of, now)}
    try:
        try:
            return table.grant(of, after, numbers, by.staff_id, now)
        except table.HeldElsewhere:
            if not table.free_stale(of.members, day):
                raise
            return table.grant(of, after, numbers, by.staff_id, now)
    except Interfered:
        raise Problem(CHANGED) from None


def _decided_against(
    by: Staff, of: Application, after: Application, counted: Mapping[str, int], now: datetime
) -> Application:
    try:
        return table.decide(of, after, counted, by.staff_id, now)
    except Interfered:
        raise Problem(CHANGED) from None


def _decided(of: Application, now: datetime) -> dict[str, int]:
    """Of an application, not of an objection: how long it took."""
    if of.status is not PassStatus.OPEN:
        return {}
    days = (today(now) - today(of.made_at)).days
    late = {figures.LATE: 1} if of.is_late(today(now)) else {}
    return {figures.DECIDED: 1, figures.DAYS: days, **late}


def _must_wait(of: Application) -> None:
    if not of.is_undecided:
        raise not_now(NOT_OPEN)


def _must_be_another(by: Staff, of: Application) -> None:
    """Said before; that it is so is a condition of the write (table.py)."""
    if of.status is PassStatus.OBJECTED and of.against and of.against.staff_id == by.staff_id:
        raise not_now(NOT_SAME)
