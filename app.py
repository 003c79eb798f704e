"""Stormloop at a glance: two doors, one table of routes (chalicelib/routes.py), and the triggers behind them."""

import gc

gc.disable()  # what is imported stays for ever: collecting it meanwhile only makes the cold start longer (make bench)

from collections.abc import Callable
from typing import Any

from chalice.app import CognitoUserPoolAuthorizer, DynamoDBEvent, Response, SQSEvent

# A family's way to its seat: its first request finds all of it loaded. Every other use case is loaded when it is first
# asked for (chalicelib/people/callers.py).
import chalicelib.booking.registrations.handlers
import chalicelib.programme.openings.passes
import chalicelib.programme.sessions.handlers  # noqa: F401
from chalicelib.core.http.answering import answer
from chalicelib.pages.frame.front_door import App
from chalicelib.people.callers import API, behind
from chalicelib.people.rules import Within
from chalicelib.routes import ROUTES, Route

app = App(app_name="stormloop", configure_logs=False)  # chalicelib/core/observability.py does
app.api.binary_types = []  # what is bytes says so itself: chalicelib/core/http/answering.py
# The real source is in infra/template.yaml; Chalice wants something that looks like one.
NAMED_IN_TEMPLATE = "arn:aws:dynamodb:eu-west-1:000000000000:table/stormloop/stream/named-in-template"
QUEUE_IN_TEMPLATE = "arn:aws:sqs:eu-west-1:000000000000:named-in-template"
POOL_IN_TEMPLATE = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/named-in-template"


# What a body is, we see for ourselves; Chalice would refuse others in words that the contract does not know.
ANY = ["*/*"]
# Who works for the city signs in at the user pool of the template; API Gateway verifies the token.
STAFF = CognitoUserPoolAuthorizer("staff", provider_arns=[POOL_IN_TEMPLATE])


def serving(route: Route) -> Callable[..., Response]:
    use_case = behind(route.who, route.use_case, route.within or Within.NOTHING, f"{route.method} {route.address}")

    def to_program(**path: str) -> Response:
        assert app.current_request
        return answer(app.current_request, use_case, API, **path)

    def to_person(**path: str) -> Response:
        from chalicelib.pages.frame.edge import PAGES  # templates and forms: not for a program's cold start

        assert app.current_request
        return answer(app.current_request, use_case, PAGES, **path)

    def to_open311(**path: str) -> Response:
        from chalicelib.front_door.open311.edge import OPEN311

        assert app.current_request
        return answer(app.current_request, use_case, OPEN311, **path)

    if route.is_open311:
        return to_open311
    return to_program if route.is_api else to_person


for route in ROUTES:
    app.route(
        route.address,
        methods=[route.method],
        name=f"{route.method} {route.address}",
        authorizer=STAFF if route.is_api and route.roles else None,
        content_types=ANY,
    )(serving(route))


@app.on_dynamodb_record(stream_arn=NAMED_IN_TEMPLATE, name="outbox")
def outbox(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.mail import handlers

    return handlers.outbox(event.to_dict(), event.context)


@app.on_sqs_message(queue_arn=QUEUE_IN_TEMPLATE, name="mails")
def mails(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.mail import handlers  # loads templates, calendars, languages: not for a registration

    return handlers.mails(event.to_dict(), event.context)


@app.lambda_function(name="returned")
def returned(event: dict[str, Any], context: Any) -> None:
    from chalicelib.mail import handlers

    handlers.returned(event, context)


@app.lambda_function(name="draw")
def draw(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.booking.draw import handlers

    return handlers.draw(event, context)


@app.lambda_function(name="bank")
def bank(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.money.statements import handlers

    return handlers.bank(event, context)


@app.lambda_function(name="announce")
def announce(event: dict[str, Any], context: Any) -> Any:
    if event.get("is_weekly"):
        from chalicelib.rights import weekly

        return weekly.sweep(event, context)
    if event.get("is_daily"):
        from chalicelib.insight import by_itself_days
        from chalicelib.office import daily

        return daily.run(event, context, {**daily.every_day(), "sums": by_itself_days.run})
    from chalicelib.office.incidents import handlers

    return handlers.announce(event, context)


@app.lambda_function(name="cost")
def cost(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.insight.cost import handlers

    return handlers.count(event, context)


gc.enable()
gc.freeze()
