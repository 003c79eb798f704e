"""The rule of what cancelling costs: a programme manager changes it, with a reason, for later registrations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.city.ledger.rules import REASON
from chalicelib.core.http.fields import Model, Several, Whole, check
from chalicelib.core.http.problems import CHANGED, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.cancellation import table
from chalicelib.programme.cancellation.rules import ALL, MOST_DAYS, MOST_STEPS, CancellationStep, DatedRule, Rule

AS_STEPS = N_("Give at most five steps; without a step, the same part of the price is always charged.")
AS_DAYS = N_("Give a number of days from 0 to 365.")
AS_PERCENT = N_("Give a part of the price, 0 to 100 percent.")
AS_VERSION = N_("Give the number of the version that you changed; 0 for our default.")
IN_ORDER = N_("Each step must end later than the one before it, and cost more.")
THEN_MORE = N_("The percentage at the end must be higher than that of the last step.")

STEP = Model({"days_before": Whole(AS_DAYS, 0, MOST_DAYS), "percent": Whole(AS_PERCENT, 0, ALL)}, expects=AS_STEPS)
CHANGE = Model(
    {
        "version": Whole(AS_VERSION, 0, 99_999),
        "steps": Several(AS_STEPS, STEP, MOST_STEPS, least=0),
        "then": Whole(AS_PERCENT, 0, ALL),
        "reason": REASON,
    }
)


@dataclass(frozen=True)
class RuleChange:
    """`version`: the number of the one that was looked at."""

    version: int
    rule: Rule
    reason: str


def wanted(document: Any) -> RuleChange:
    """The rule that was sent or typed; raises Problem `invalid` that names what is wrong."""
    given: Mapping[str, Any] = check(CHANGE, document)
    rule = Rule(tuple(CancellationStep(**step) for step in given["steps"]), given["then"])
    if rule.fault is not None:
        is_last = rule.fault == len(rule.steps)
        raise invalid("then", THEN_MORE) if is_last else invalid(f"steps[{rule.fault}]", IN_ORDER)
    return RuleChange(given["version"], rule, given["reason"])


def change(wish: RuleChange, by: Staff, now: datetime) -> Sequence[DatedRule]:
    """The versions with the new one. What is so already needs no new version, and no entry in the ledger.

    Raises Problem `changed` if somebody else changed the rule since it was looked at.
    """
    before = table.versions()
    if wish.version != len(before):
        raise Problem(CHANGED)
    if wish.rule == current(before):
        return before
    try:
        return [*before, table.change(before, wish.rule, by, wish.reason, now)]
    except Interfered:
        raise Problem(CHANGED) from None


def current(versions: Sequence[DatedRule]) -> Rule:
    return versions[-1].rule if versions else Rule()
