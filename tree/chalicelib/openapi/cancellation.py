from chalicelib.core.http.problems import CHANGED
from chalicelib.openapi.examples import PUBLISHED_AT
from chalicelib.openapi.operations import Operation, Part
from chalicelib.programme.cancellation.changing import CHANGE
from chalicelib.programme.cancellation.handlers import RuleVersion, RuleWithHistory
from chalicelib.programme.cancellation.rules import CancellationStep

PART = Part(
    tag="cancellation",
    about="The cost of cancelling, by the city's rule. The API only tells it: no payment passes through here.",
    answers={
        "CancellationVersion": RuleVersion,
        "CancellationRule": RuleWithHistory(
            1, PUBLISHED_AT, [CancellationStep(14, 0), CancellationStep(2, 50)], 100, earlier=[]
        ),
    },
    requests={
        "CancellationRuleRequest": (
            CHANGE,
            {
                "version": 0,
                "steps": [{"days_before": 21, "percent": 0}, {"days_before": 7, "percent": 25}],
                "then": 100,
                "reason": "The council's regulations of 3 March say so.",
            },
        )
    },
    operations={
        "GET /api/cancellation": Operation("getCancellationRule", "What cancelling costs", "CancellationRule"),
        "PUT /api/staff/cancellation": Operation(
            "changeCancellationRule",
            "Change the cost of cancelling for registrations from now on",
            "CancellationRule",
            [CHANGED],
            about="Earlier registrations keep their rule. A rule that equals the current one makes no new version.",
            body="CancellationRuleRequest",
        ),
    },
)
