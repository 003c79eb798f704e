"""The rule of what cancelling costs, as requests: anybody reads it, a programme manager changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count
from chalicelib.core.http.fields import document
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.cancellation import changing, table
from chalicelib.programme.cancellation.changing import current
from chalicelib.programme.cancellation.rules import ALL, CancellationStep, DatedRule

CACHED = {"Cache-Control": "public, max-age=5"}


@dataclass(frozen=True)
class RuleVersion:
    version: Annotated[Count, "0: our default, because the city has set none."]
    since: Annotated[datetime | None, "The rule applies to registrations from this moment on."]
    steps: Annotated[
        Sequence[CancellationStep],
        "The earliest step first. A step applies until the end of the day that is `days_before` days before the first "
        "day; `percent` of the price is charged until then.",
    ]
    then: Annotated[Count, {"maximum": ALL}, "The percentage that is charged when the last step is over."]


@dataclass(frozen=True)
class RuleWithHistory(RuleVersion):
    earlier: Annotated[Sequence[RuleVersion], "The newest first."]


def get_rule(call: Call) -> Answer:
    """The rule that stands for whoever registers now, and those before it."""
    return Answer(200, shown(table.remembered()), CACHED)


def change_rule(call: Call, by: Staff) -> Answer:
    return Answer(200, shown(changing.change(changing.wanted(document(call.body)), by, call.now)))


def shown(versions: Sequence[DatedRule]) -> RuleWithHistory:
    """The newest of the versions, and before the city has set one our default."""
    rule, newest = current(versions), versions[-1] if versions else None
    earlier = [RuleVersion(one.number, one.since, one.rule.steps, one.rule.then) for one in reversed(versions[:-1])]
    return RuleWithHistory(
        newest.number if newest else 0, newest.since if newest else None, rule.steps, rule.then, earlier
    )
