from typing import Any

from chalicelib.api import problems
from chalicelib.cancellation.changing import CHANGE
from chalicelib.cancellation.handlers import RuleVersion, RuleWithHistory
from chalicelib.openapi.examples import PUBLISHED_AT
from chalicelib.openapi.operations import Operation, Part

_RULE: dict[str, Any] = {
    "steps": [{"days_before": 14, "percent": 0}, {"days_before": 2, "percent": 50}],
    "then": 100,
}
PART = Part(
    tag="cancellation",
    about="The cost of cancelling, by the city's rule. The API only tells it: no payment passes through here.",
    schemas={"CancellationVersion": RuleVersion, "CancellationRule": RuleWithHistory},
    requests={"CancellationRuleRequest": CHANGE},
    examples={
        "CancellationVersion": {"version": 1, "since": PUBLISHED_AT, **_RULE},
        "CancellationRule": {"version": 1, "since": PUBLISHED_AT, **_RULE, "earlier": []},
        "CancellationRuleRequest": {
            "version": 0,
            "steps": [{"days_before": 21, "percent": 0}, {"days_before": 7, "percent": 25}],
            "then": 100,
            "reason": "The council's regulations of 3 March say so.",
        },
    },
    paths={
        "/api/cancellation": {
            "get": Operation("getCancellationRule", "What cancelling costs", {200: "CancellationRule"}),
        },
        "/api/staff/cancellation": {
            "put": Operation(
                "changeCancellationRule",
                "Change the cost of cancelling for registrations from now on",
                {200: "CancellationRule"},
                [problems.INVALID, problems.CHANGED],
                about="Earlier registrations keep their rule. A rule that equals the current one makes no new version.",
                body="CancellationRuleRequest",
            )
        },
    },
)
