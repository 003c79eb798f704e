from typing import Any

from chalicelib.api import problems
from chalicelib.cancellation.handlers import CHANGE
from chalicelib.openapi.examples import PUBLISHED_AT
from chalicelib.openapi.operations import STAFF, Operation, Part
from chalicelib.openapi.schemas import COUNT, MOMENT, a_list, an_object, or_null, ref
from chalicelib.staff.rules import Role

PERCENT = {**COUNT, "maximum": 100}
_CONTENT = {
    "steps": a_list(
        an_object({"days_before": COUNT, "percent": PERCENT}),
        description="The earliest step first. A step applies until the end of the day that is "
        "`days_before` days before the first day; `percent` of the price is charged until then.",
    ),
    "then": {**PERCENT, "description": "The percentage that is charged when the last step is over."},
}
_RULE: dict[str, Any] = {
    "steps": [{"days_before": 14, "percent": 0}, {"days_before": 2, "percent": 50}],
    "then": 100,
}
PART = Part(
    tag="cancellation",
    about="The cost of cancelling, by the city's rule. The API only tells it: no payment passes through here.",
    schemas={
        "CancellationVersion": an_object(
            {
                "version": {**COUNT, "description": "0: our default, because the city has set none."},
                "since": {**or_null(MOMENT), "description": "The rule applies to registrations from this moment on."},
                **_CONTENT,
            }
        ),
        "CancellationRule": {
            "allOf": [
                ref("schemas", "CancellationVersion"),
                an_object({"earlier": a_list(ref("schemas", "CancellationVersion"), description="The newest first.")}),
            ]
        },
    },
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
                security=[STAFF],
                roles=[Role.MANAGER],
            )
        },
    },
)
