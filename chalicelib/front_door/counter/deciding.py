"""A rule issues a certificate, behind the stream: after identity was proven, and so long after the receipt was given.

Guarantee: at most one certificate for a request, however often the message comes and whoever issues at the same moment:
each write has the conditions of a clerk's (issuing.py), and that the rule is in force. What does not hold is noted in
the case once for each proof of identity, and the case stays where it is: in the inbox of its unit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.cases import acting
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed
from chalicelib.front_door.cases.ending import FIRST_DAY
from chalicelib.front_door.cases.rules import Act, Case
from chalicelib.front_door.counter import automatic, issuing, rule_table, table
from chalicelib.front_door.counter.automatic import AWAY, NOT_SEALED, Facts, IssuingRule
from chalicelib.front_door.counter.register import Register, RegisterAway
from chalicelib.front_door.counter.rules import Certificate, Identity, is_for
from chalicelib.front_door.daybook import table as daybook

YEAR = timedelta(days=365)
MOST_TRIED, AT_ONCE = 1_000, 100
# Of the ten that a page has.
SECONDS = 5.0
LEFT = N_("Not issued by the rule (version {number}): {why} A clerk decides.")


def decide(case_id: str, register: Register | None, now: datetime) -> Certificate | None:
    """None: there is nothing to issue by a rule, or it is left to a clerk. Raises Interfered if somebody changed the
    case meanwhile, and Busy: then the message comes again."""
    case = cases.get(case_id)
    if register is None or case is None or not is_for(case) or not case.is_in_hand:
        return None
    rule, identity = rule_table.in_force(case.form_id), table.identity(case_id)
    if rule is None or identity is None or table.was_tried(case_id, identity):
        return None
    why = automatic.of_request(rule, case, identity) or automatic.of_state(case, cases.history(case), identity)
    if not why:
        try:
            return _issued(case, rule, identity, register, now)
        except _LeftToClerk as left:
            why = left.why
    note = translate(LEFT, DEFAULT, number=rule.number, why=translate(why, DEFAULT))
    acting.change(case, Deed(Act.NOTED, BY_STORMLOOP, now, note=note, also=[table.trying(case_id, identity)]))
    return None


class _LeftToClerk(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _issued(case: Case, rule: IssuingRule, identity: Identity, register: Register, now: datetime) -> Certificate:
    """Raises _LeftToClerk, Interfered, Busy."""
    try:
        answer = register.says(case.form_id, identity)
    except RegisterAway:
        raise _LeftToClerk(AWAY) from None
    why = automatic.of_answer(case.form_id, answer, identity)
    if why or not isinstance(answer, Facts):
        raise _LeftToClerk(why)
    content = automatic.content(case.form_id, answer, case.contact.language)
    wanted = issuing.Issue(content, rule.valid_until(today(now)))
    try:
        return issuing.issue_by_rule(case, wanted, identity, rule, now)
    except Problem as problem:  # the seal does not answer, or is too old
        raise _LeftToClerk(NOT_SEALED) from problem


@dataclass(frozen=True)
class DryRun:
    """What a rule would have done with the requests since `since` that there still are. `issued`: those whose
    register would have been asked; what it would have said nobody knows. `left`: to a clerk, by why. `not_proven`:
    nobody showed who they are, or not for the system to know any more."""

    since: date
    asked: int
    issued: int
    left: Mapping[str, int]
    not_proven: int


def dry_run(rule: IssuingRule, now: datetime) -> DryRun:
    """Changes nothing. A query for each day of a year, the latest first, and batches of the requests; of as many days
    as there is time for."""
    latest, since = _asked_lately(rule.form_id, today(now))
    left: Counter[str] = Counter()
    asked = not_proven = 0
    for place in range(0, len(latest), AT_ONCE):
        case_ids = latest[place : place + AT_ONCE]
        found, proven = cases.several(case_ids), table.identities(case_ids)
        for case_id, case in found.items():
            asked += 1
            identity = proven.get(case_id)
            if identity is None:
                not_proven += 1
            else:
                left[automatic.of_request(rule, case, identity)] += 1
    issued = left.pop("", 0)
    return DryRun(since, asked, issued, left, not_proven)


def _asked_lately(form_id: str, day: date) -> tuple[list[str], date]:
    """The case_ids of at least MOST_TRIED requests, or of a year's, or of what SECONDS suffice for; and since when."""
    first, until = max(FIRST_DAY, day - YEAR), monotonic() + SECONDS
    found = [line.case_id for line in daybook.of_day(day) if line.form_id == form_id]
    while day > first and len(found) < MOST_TRIED and monotonic() < until:
        day -= timedelta(days=1)
        found += [line.case_id for line in daybook.of_day(day) if line.form_id == form_id]
    return found, day
