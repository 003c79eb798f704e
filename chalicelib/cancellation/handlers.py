"""The rule of what cancelling costs, as requests: anybody reads it, a programme manager changes it with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import Model, Several, Whole, read_json
from chalicelib.api.problems import CHANGED, Problem, invalid
from chalicelib.cancellation import table
from chalicelib.cancellation.rules import ALL, MOST_DAYS, MOST_STEPS, Rule, Step, Version
from chalicelib.languages import N_
from chalicelib.ledger.rules import REASON
from chalicelib.staff.rules import Role
from chalicelib.staff.signed_in import staff

AS_STEPS = N_("Give at most five steps; without a step, the same part of the price is always charged.")
AS_DAYS = N_("Give a number of days from 0 to 365.")
AS_PERCENT = N_("Give a part of the price, 0 to 100 percent.")
AS_VERSION = N_("Give the number of the version that you changed; 0 for our default.")
IN_ORDER = N_("Each step must end later than the one before it, and cost more.")
THEN_MORE = N_("The percentage at the end must be higher than that of the last step.")

RULE = Model(
    {
        "steps": Several(
            AS_STEPS,
            Model(
                {"days_before": Whole(AS_DAYS, 0, MOST_DAYS), "percent": Whole(AS_PERCENT, 0, ALL)}, expects=AS_STEPS
            ),
            MOST_STEPS,
            least=0,
        ),
        "then": Whole(AS_PERCENT, 0, ALL),
    }
)
CHANGE = Model({"version": Whole(AS_VERSION, 0, 99_999), **RULE.fields, "reason": REASON})
CACHED = {"Cache-Control": "public, max-age=5"}


def get_rule(call: Call) -> Answer:
    """The rule that stands for whoever registers now, and those before it."""
    return Answer(200, shown(table.remembered()), CACHED)


def change_rule(call: Call) -> Answer:
    """For whoever registers from now on. What is so already needs no new version, and no entry in the ledger."""
    by = staff(call, Role.MANAGER)
    wanted: Mapping[str, Any] = read_json(CHANGE, call.body)
    rule = Rule(tuple(Step(**step) for step in wanted["steps"]), wanted["then"])
    if rule.fault is not None:
        is_last = rule.fault == len(rule.steps)
        raise invalid("then", THEN_MORE) if is_last else invalid(f"steps[{rule.fault}]", IN_ORDER)
    before = table.versions()
    if wanted["version"] != len(before):
        raise Problem(CHANGED)
    if rule == current(before):
        return Answer(200, shown(before))
    try:
        new = table.change(before, rule, by, wanted["reason"], call.now)
    except table.Interfered:
        raise Problem(CHANGED) from None
    return Answer(200, shown([*before, new]))


def current(versions: Sequence[Version]) -> Rule:
    return versions[-1].rule if versions else Rule()


def shown(versions: Sequence[Version]) -> dict[str, Any]:
    """`version`: the number of the one that stands; 0, since null: our default, because the city has set none.
    `earlier`: the newest first."""
    return {
        **(_shown(versions[-1]) if versions else {"version": 0, "since": None, **_content(Rule())}),
        "earlier": [_shown(one) for one in reversed(versions[:-1])],
    }


def _shown(version: Version) -> dict[str, Any]:
    return {"version": version.number, "since": version.since.isoformat(), **_content(version.rule)}


def _content(rule: Rule) -> dict[str, Any]:
    steps = [{"days_before": step.days_before, "percent": step.percent} for step in rule.steps]
    return {"steps": steps, "then": rule.then}
