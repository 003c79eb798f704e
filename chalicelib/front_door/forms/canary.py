"""A canary: a case that the system sends by a form, each way that its cases can go, to see that it leads to people.

It goes the real way: stored with its place in the inbox of the unit that routing says, taken and answered as its people
do, opened with its receipt; then it is removed. It is in no list, no count and no daybook, and nobody gets a mail.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Contact, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.forms.rules import Form
from chalicelib.front_door.mapping import places
from chalicelib.front_door.routing import areas
from chalicelib.front_door.routing.branches import Branch, branches
from chalicelib.front_door.units import table as units

# Answered by post, so by no mail.
SENDER = Contact(name="Stormloop", address="Stormloop")
ANSWER = "Stormloop"
# None is on its way for so long.
LEFT_BEHIND = timedelta(minutes=30)
# Where it came to a halt, as whoever wanted to publish reads it.
LOST = {
    "rule": N_("A rule of the form takes no case any more, so nothing is published. Change the rule."),
    "sent": N_("The trial case was not taken in, so nothing is published. Try again."),
    "inbox": N_("The trial case did not come into its unit’s inbox, so nothing is published. Try again."),
    "answered": N_("The trial case could not be answered, so nothing is published. Try again."),
    "receipt": N_("The receipt of the trial case did not open it, so nothing is published. Try again."),
}


class CanaryLost(Exception):
    """`step`: of LOST. `branch`: the way that it did not get through."""

    def __init__(self, step: str, branch: Branch) -> None:
        super().__init__(step)
        self.step, self.branch = step, branch

    @property
    def problem(self) -> Problem:
        return not_now(LOST[self.step])


def fly(form: Form, now: datetime) -> int:
    """Sends a canary each way by this version, a draft or published, and removes it; how many ways there are. Raises
    CanaryLost, also for a rule that never fires, as when the city's border is another one; and Busy."""
    units.forget()
    areas.forget()
    ways, faults = branches(form, areas.remembered(), places.border())
    for branch in ways:
        _fly(form, branch, now)
    if faults:
        fired = {branch.rule for branch in ways}
        lost = (Branch(n, rule.unit_id, {}, None) for n, rule in enumerate(form.routing) if n not in fired)
        raise CanaryLost("rule", next(lost, Branch(None, form.owner, {}, None)))
    return len(ways)


def _fly(form: Form, branch: Branch, now: datetime) -> None:
    request = CaseRequest(
        form_id=form.form_id,
        answers=branch.answers,
        way=Way.PAGE,
        key=f"canary-{secrets.token_hex(16)}",
        contact=SENDER,
        place=branch.place,
        is_canary=True,
    )
    try:
        case = sending.send_to(form, request, now).case
    except (Problem, Refused) as problem:
        raise CanaryLost("sent", branch) from problem
    try:
        _through(case, branch, now)
    finally:
        _remove(case.case_id)


def _through(sent: Case, branch: Branch, now: datetime) -> None:
    case = table.get(sent.case_id)
    if case is None or case.unit_id != branch.unit_id or not table.in_inbox(case):
        raise CanaryLost("inbox", branch)
    try:
        taken = acting.change(case, Deed(Act.TAKEN, BY_STORMLOOP, now, CaseStatus.IN_PROGRESS))
        answered = acting.change(taken, Deed(Act.ANSWERED, BY_STORMLOOP, now, CaseStatus.ANSWERED, text=ANSWER))
    except (Interfered, Problem) as problem:
        raise CanaryLost("answered", branch) from problem
    try:
        opened = sending.opened(sent.receipt, sent.secret)
    except Problem as problem:
        raise CanaryLost("receipt", branch) from problem
    told = [entry.text for entry in table.history(opened)]
    if opened.status is not CaseStatus.ANSWERED or ANSWER not in told or table.in_inbox(answered):
        raise CanaryLost("receipt", branch)


def sweep(unit_ids: Iterable[str], now: datetime) -> int:
    """Removes canaries whose container died on their way, from the inboxes of units; how many. One that is on its way
    now is left alone."""
    left = [
        entry.case_id
        for unit_id in unit_ids
        for entry in table.whole_inbox(unit_id)
        if entry.is_canary and now - entry.since > LEFT_BEHIND
    ]
    for case_id in left:
        _remove(case_id)
    return len(left)


def _remove(case_id: str) -> None:
    """Removes the rest of a canary, wherever it came to a halt."""
    case = table.get(case_id)
    if case:
        assert case.is_canary
        items.transact_write_patiently(table.removing(case, table.history(case)))
