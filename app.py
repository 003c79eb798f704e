"""Stormloop at a glance: every route and trigger, each one line of delegation into chalicelib."""

import gc

gc.disable()  # what is imported stays for ever: collecting it meanwhile only makes the cold start longer (make bench)

from typing import Any

from chalice.app import CognitoUserPoolAuthorizer, DynamoDBEvent, Response, SQSEvent

from chalicelib.api.answering import API, UseCase, answer
from chalicelib.api.health import health
from chalicelib.families.handlers import create_pass
from chalicelib.openings.passes import get_pass
from chalicelib.programme.handlers import get_session, list_sessions
from chalicelib.registrations.handlers import (
    cancel_registration,
    create_registration,
    get_registration,
    list_registrations,
)
from chalicelib.web.front_door import App

app = App(app_name="stormloop", configure_logs=False)  # chalicelib/observability.py does
app.api.binary_types = []  # what is bytes says so itself: chalicelib/api/answering.py
# The real source is in infra/template.yaml; Chalice wants something that looks like one.
NAMED_IN_TEMPLATE = "arn:aws:dynamodb:eu-west-1:000000000000:table/stormloop/stream/named-in-template"
QUEUE_IN_TEMPLATE = "arn:aws:sqs:eu-west-1:000000000000:named-in-template"
POOL_IN_TEMPLATE = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/named-in-template"


# What a body is, we see for ourselves; Chalice would refuse others in words that the contract does not know.
ANY = ["*/*"]
# Who works for the city signs in at the user pool of the template; API Gateway verifies the token.
STAFF = CognitoUserPoolAuthorizer("staff", provider_arns=[POOL_IN_TEMPLATE])


def run(use_case: UseCase, **path: str) -> Response:
    assert app.current_request
    return answer(app.current_request, use_case, API, **path)


@app.route("/api/health", content_types=ANY)
def get_health() -> Response:
    return run(health)


@app.route("/api/openapi.json", content_types=ANY)
def get_openapi() -> Response:
    from chalicelib.openapi import openapi  # imports what only describes

    return run(openapi)


@app.route("/api/sessions", content_types=ANY)
def get_sessions() -> Response:
    return run(list_sessions)


@app.route("/api/sessions/{session_id}", content_types=ANY)
def get_one_session(session_id: str) -> Response:
    return run(get_session, session_id=session_id)


@app.route("/api/passes", methods=["POST"], content_types=ANY)
def post_pass() -> Response:
    return run(create_pass)


@app.route("/api/pass", content_types=ANY)
def get_own_pass() -> Response:
    return run(get_pass)


@app.route("/api/registrations", methods=["POST"], content_types=ANY)
def post_registration() -> Response:
    return run(create_registration)


@app.route("/api/registrations", content_types=ANY)
def get_registrations() -> Response:
    return run(list_registrations)


@app.route("/api/registrations/{registration_id}", content_types=ANY)
def get_one_registration(registration_id: str) -> Response:
    return run(get_registration, registration_id=registration_id)


@app.route("/api/registrations/{registration_id}", methods=["DELETE"], content_types=ANY)
def delete_registration(registration_id: str) -> Response:
    return run(cancel_registration, registration_id=registration_id)


@app.route("/api/staff/me", authorizer=STAFF, content_types=ANY)
def get_me() -> Response:
    from chalicelib.staff.handlers import me  # what staff use costs no parent's cold start

    return run(me)


@app.route("/api/ledger", content_types=ANY)
def get_ledger() -> Response:
    from chalicelib.ledger.handlers import public_ledger

    return run(public_ledger)


@app.route("/api/staff/ledger", authorizer=STAFF, content_types=ANY)
def get_staff_ledger() -> Response:
    from chalicelib.ledger.handlers import staff_ledger

    return run(staff_ledger)


@app.route("/api/openings", content_types=ANY)
def get_openings() -> Response:
    from chalicelib.publication import public

    return run(public.list_openings)


@app.route("/api/openings/{opening_id}", content_types=ANY)
def get_one_opening(opening_id: str) -> Response:
    from chalicelib.publication import public

    return run(public.get_opening, opening_id=opening_id)


@app.route("/api/openings/{opening_id}/list", content_types=ANY)
def get_list(opening_id: str) -> Response:
    from chalicelib.publication import public

    return run(public.get_list, opening_id=opening_id)


@app.route("/api/openings/{opening_id}/wishes", content_types=ANY)
def get_wishes(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.get_wishes, opening_id=opening_id)


@app.route("/api/openings/{opening_id}/wishes", methods=["PUT"], content_types=ANY)
def put_wishes(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.put_wishes, opening_id=opening_id)


@app.route("/api/openings/{opening_id}/wishes", methods=["DELETE"], content_types=ANY)
def delete_wishes(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.delete_wishes, opening_id=opening_id)


@app.route("/api/openings/{opening_id}/draw", content_types=ANY)
def get_draw(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.get_draw, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/beacon", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_beacon(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.enter_beacon, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/draw", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_draw(opening_id: str) -> Response:
    from chalicelib.draw import handlers

    return run(handlers.start_draw, opening_id=opening_id)


@app.route("/api/staff/openings", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_opening() -> Response:
    from chalicelib.publication import handlers

    return run(handlers.create_opening)


@app.route("/api/staff/openings", authorizer=STAFF, content_types=ANY)
def get_staff_openings() -> Response:
    from chalicelib.publication import handlers

    return run(handlers.list_openings)


@app.route("/api/staff/openings/{opening_id}", authorizer=STAFF, content_types=ANY)
def get_staff_opening(opening_id: str) -> Response:
    from chalicelib.publication import handlers

    return run(handlers.get_opening, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}", methods=["PUT"], authorizer=STAFF, content_types=ANY)
def put_opening(opening_id: str) -> Response:
    from chalicelib.publication import handlers

    return run(handlers.change_opening, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/approvals", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_approval(opening_id: str) -> Response:
    from chalicelib.publication import handlers

    return run(handlers.approve_opening, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/publication", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_publication(opening_id: str) -> Response:
    from chalicelib.publication import handlers

    return run(handlers.publish_opening, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/incidents", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_incident(opening_id: str) -> Response:
    from chalicelib.incidents.handlers import report_incident

    return run(report_incident, opening_id=opening_id)


@app.route("/api/staff/openings/{opening_id}/incidents", authorizer=STAFF, content_types=ANY)
def get_incidents(opening_id: str) -> Response:
    from chalicelib.incidents.handlers import list_incidents

    return run(list_incidents, opening_id=opening_id)


@app.route(
    "/api/staff/openings/{opening_id}/incidents/{number}/approval",
    methods=["POST"],
    authorizer=STAFF,
    content_types=ANY,
)
def post_incident_approval(opening_id: str, number: str) -> Response:
    from chalicelib.incidents.handlers import approve_incident

    return run(approve_incident, opening_id=opening_id, number=number)


@app.route(
    "/api/staff/openings/{opening_id}/incidents/{number}/announcement",
    methods=["POST"],
    authorizer=STAFF,
    content_types=ANY,
)
def post_incident_announcement(opening_id: str, number: str) -> Response:
    from chalicelib.incidents.handlers import announce_incident

    return run(announce_incident, opening_id=opening_id, number=number)


@app.route("/api/registrations/{registration_id}/acceptance", methods=["POST"], content_types=ANY)
def post_acceptance(registration_id: str) -> Response:
    from chalicelib.offers.handlers import accept_registration

    return run(accept_registration, registration_id=registration_id)


@app.route("/api/registrations/{registration_id}/extension", methods=["POST"], content_types=ANY)
def post_extension(registration_id: str) -> Response:
    from chalicelib.offers.handlers import extend_registration

    return run(extend_registration, registration_id=registration_id)


@app.route("/api/staff/registrations", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_registration_of_family() -> Response:
    from chalicelib.desk.handlers import register_family

    return run(register_family)


@app.route("/api/staff/registrations", authorizer=STAFF, content_types=ANY)
def get_registrations_of_family() -> Response:
    from chalicelib.desk.handlers import find_registrations

    return run(find_registrations)


@app.route(
    "/api/staff/registrations/{registration_id}/acceptance", methods=["POST"], authorizer=STAFF, content_types=ANY
)
def post_desk_acceptance(registration_id: str) -> Response:
    from chalicelib.desk.handlers import accept_offer

    return run(accept_offer, registration_id=registration_id)


@app.route(
    "/api/staff/registrations/{registration_id}/cancellation", methods=["POST"], authorizer=STAFF, content_types=ANY
)
def post_desk_cancellation(registration_id: str) -> Response:
    from chalicelib.desk.handlers import cancel_for_family

    return run(cancel_for_family, registration_id=registration_id)


@app.route("/api/staff/sessions/{session_id}/grants", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_grant(session_id: str) -> Response:
    from chalicelib.desk.handlers import grant_seats

    return run(grant_seats, session_id=session_id)


@app.route("/api/staff/sessions/{session_id}/reserved", methods=["POST"], authorizer=STAFF, content_types=ANY)
def post_reserved(session_id: str) -> Response:
    from chalicelib.desk.handlers import reserve_seats

    return run(reserve_seats, session_id=session_id)


@app.route("/api/staff/sessions/{session_id}/capacity", methods=["PUT"], authorizer=STAFF, content_types=ANY)
def put_capacity(session_id: str) -> Response:
    from chalicelib.desk.handlers import change_capacity

    return run(change_capacity, session_id=session_id)


@app.route("/api/staff/sessions/{session_id}/closing", methods=["PUT"], authorizer=STAFF, content_types=ANY)
def put_closing(session_id: str) -> Response:
    from chalicelib.desk.handlers import move_closing

    return run(move_closing, session_id=session_id)


@app.route("/api/cancellation", content_types=ANY)
def get_cancellation() -> Response:
    from chalicelib.cancellation.handlers import get_rule

    return run(get_rule)


@app.route("/api/staff/cancellation", methods=["PUT"], authorizer=STAFF, content_types=ANY)
def put_cancellation() -> Response:
    from chalicelib.cancellation.handlers import change_rule

    return run(change_rule)


# What people look at: a page's method and address, and who answers, loaded when it is first asked for, so that it costs
# no registration's cold start. Every address that takes a form can also be looked at.
PAGES = (
    ("GET", "/", "site.programme:home"),
    ("GET", "/assets/{name}", "web.pages:get_asset"),
    ("GET", "/enter", "site.entering:enter"),
    ("GET", "/leave", "site.entering:ask_to_leave"),
    ("POST", "/leave", "site.entering:leave"),
    ("GET", "/programme", "site.programme:show"),
    # Preparing, and the opening
    ("GET", "/prepare", "site.preparing:show"),
    ("POST", "/prepare", "site.preparing:take"),
    ("GET", "/prepare/sent", "site.preparing:sent"),
    ("GET", "/family", "site.family:show"),
    ("GET", "/openings/{opening_id}/moment.ics", "site.family:calendar"),
    ("GET", "/wishes/{opening_id}", "site.wishes:show"),
    ("POST", "/wishes/{opening_id}", "site.wishes:take"),
    ("GET", "/opening/{opening_id}", "site.registering:show"),
    ("POST", "/opening/{opening_id}", "site.registering:take"),
    # A session, a registration, an offer
    ("GET", "/offer", "site.offer:show"),
    ("POST", "/offer", "site.offer:take_answer"),
    ("GET", "/registrations/{registration_id}", "site.registration:show"),
    ("GET", "/registrations/{registration_id}/calendar.ics", "site.registration:calendar"),
    ("POST", "/registrations/{registration_id}", "site.registration:take_answer"),
    ("GET", "/registrations/{registration_id}/cancel", "site.registration:ask_to_cancel"),
    ("POST", "/registrations/{registration_id}/cancel", "site.registration:cancel"),
    ("GET", "/sessions/{session_id}", "site.session:show"),
    ("POST", "/sessions/{session_id}", "site.session:register"),
    ("GET", "/children/{child_id}", "site.children:show"),
    ("POST", "/children/{child_id}", "site.children:save"),
    # Openings, status, ledger, figures
    ("GET", "/openings", "site.openings:show_all"),
    ("GET", "/openings/{opening_id}", "site.openings:show"),
    ("GET", "/status", "site.status:show"),
    ("GET", "/ledger", "site.ledger:show"),
    # Help and legal texts
    ("GET", "/help", "site.help:show"),
    ("GET", "/accessibility", "site.legal:accessibility"),
    ("GET", "/privacy", "site.legal:privacy"),
    # Swimming
    ("GET", "/swimming", "site.swimming:show"),
    ("GET", "/swimming/bookings", "site.swimming:show_bookings"),
    ("GET", "/swimming/bookings/{slot_id}", "site.swimming:show_booking"),
    ("POST", "/swimming/bookings/{slot_id}", "site.swimming:change_booking"),
    ("GET", "/swimming/pass", "site.swimming:ask_for_link"),
    ("POST", "/swimming/pass", "site.swimming:send_link"),
    ("GET", "/swimming/{slot_id}", "site.swimming:choose"),
    ("POST", "/swimming/{slot_id}", "site.swimming:book"),
    # The office
    ("GET", "/office", "office.home:show"),
    ("GET", "/office/sign-in", "office.home:sign_in"),
    ("GET", "/office/signed-in", "office.home:signed_in"),
    ("POST", "/office/sign-out", "office.home:sign_out"),
    # The office: programme and openings
    ("GET", "/office/cancellation", "office.cancellation:show"),
    ("POST", "/office/cancellation", "office.cancellation:change"),
    ("GET", "/office/programme", "office.programme:show"),
    ("GET", "/office/programme/import", "office.importing:show"),
    ("POST", "/office/programme/import", "office.importing:look"),
    ("POST", "/office/programme/import/confirmed", "office.importing:confirm"),
    ("GET", "/office/sessions/new", "office.sessions:show_new"),
    ("POST", "/office/sessions/new", "office.sessions:create"),
    ("GET", "/office/sessions/{session_id}", "office.sessions:show"),
    ("POST", "/office/sessions/{session_id}", "office.sessions:change"),
    ("GET", "/office/openings", "office.openings:show"),
    ("GET", "/office/openings/new", "office.opening:show_new"),
    ("POST", "/office/openings/new", "office.opening:create"),
    ("GET", "/office/openings/{opening_id}", "office.opening:show"),
    ("POST", "/office/openings/{opening_id}", "office.opening:change"),
    ("POST", "/office/openings/{opening_id}/approval", "office.opening:approve"),
    ("POST", "/office/openings/{opening_id}/publication", "office.opening:publish"),
    ("POST", "/office/openings/{opening_id}/beacon", "office.opening:enter_beacon"),
    ("POST", "/office/openings/{opening_id}/draw", "office.opening:draw"),
    ("GET", "/office/openings/{opening_id}/live", "office.live:show"),
    ("GET", "/office/openings/{opening_id}/live/figures", "office.live:figures"),
    ("GET", "/office/openings/{opening_id}/incidents", "office.incidents:show"),
    ("POST", "/office/openings/{opening_id}/incidents", "office.incidents:report"),
    ("POST", "/office/openings/{opening_id}/incidents/{number}/approval", "office.incidents:approve"),
    ("POST", "/office/openings/{opening_id}/incidents/{number}/announcement", "office.incidents:announce"),
    # The office: desk and attendance
    ("GET", "/office/desk", "office.desk:show"),
    ("GET", "/office/desk/register", "office.registering:show"),
    ("POST", "/office/desk/register", "office.registering:register"),
    ("GET", "/office/desk/registrations/{registration_id}", "office.desk:show_registration"),
    ("POST", "/office/desk/registrations/{registration_id}", "office.desk:change_registration"),
    ("GET", "/office/desk/registrations/{registration_id}/letter.pdf", "office.desk:get_letter"),
    ("GET", "/office/desk/registrations/{registration_id}/children/{child_id}", "office.desk:show_child"),
    ("POST", "/office/desk/registrations/{registration_id}/children/{child_id}", "office.desk:save_child"),
    ("GET", "/office/sessions/{session_id}/seats", "office.seats:show"),
    ("POST", "/office/sessions/{session_id}/seats", "office.seats:change"),
    ("GET", "/office/attendance", "office.attendance:show"),
    ("GET", "/office/attendance/tomorrow.pdf", "office.attendance:get_paper"),
    ("GET", "/office/attendance/{session_id}", "office.attendance:show_list"),
    ("GET", "/office/attendance/{session_id}/list.csv", "office.attendance:get_csv"),
    ("GET", "/office/attendance/{session_id}/list.xlsx", "office.attendance:get_xlsx"),
    # The office: council, auditor, finance
    ("GET", "/office/ledger", "office.ledger:show"),
    ("GET", "/office/ledger.csv", "office.ledger:download"),
    ("GET", "/office/statistics", "office.statistics:show"),
    ("GET", "/office/statistics.csv", "office.statistics:download"),
    # The office: costs
    ("GET", "/office/cost", "office.cost:show"),
    ("POST", "/office/cost", "office.cost:beside_aws"),
    ("GET", "/office/cost.csv", "office.cost:as_csv"),
    ("GET", "/office/cost.xlsx", "office.cost:as_xlsx"),
    ("GET", "/office/cost/estimate", "office.estimate:show"),
    ("GET", "/office/cost/estimate.csv", "office.estimate:as_csv"),
    ("GET", "/office/cost/estimate.xlsx", "office.estimate:as_xlsx"),
    ("GET", "/office/cost/alternatives", "office.alternatives:show"),
    ("GET", "/office/cost/alternatives.csv", "office.alternatives:as_csv"),
    ("GET", "/office/cost/alternatives.xlsx", "office.alternatives:as_xlsx"),
    ("GET", "/office/cost/prices", "office.prices:show"),
    ("GET", "/office/cost/prices.csv", "office.prices:as_csv"),
    ("GET", "/office/cost/prices.xlsx", "office.prices:as_xlsx"),
    # The office: texts
    ("GET", "/office/texts", "office.texts:show"),
    ("GET", "/office/texts/{key}", "office.texts:edit"),
    ("POST", "/office/texts/{key}", "office.texts:save"),
    ("POST", "/office/texts/{key}/restore", "office.texts:restore"),
    # The office: swimming
    ("GET", "/office/swimming", "office.swimming:show"),
    ("GET", "/office/swimming/patterns", "office.swimming:show_patterns"),
    ("POST", "/office/swimming/patterns", "office.swimming:add_pattern"),
    ("GET", "/office/swimming/patterns/{pattern_id}", "office.swimming:show_pattern"),
    ("POST", "/office/swimming/patterns/{pattern_id}", "office.swimming:change_pattern"),
    ("GET", "/office/swimming/closed", "office.swimming:show_closed"),
    ("POST", "/office/swimming/closed", "office.swimming:close"),
    ("GET", "/office/swimming/terms", "office.swimming:show_terms"),
    ("POST", "/office/swimming/terms", "office.swimming:set_terms"),
)


def add_page(method: str, address: str, place: str) -> None:
    def shown(**path: str) -> Response:
        from chalicelib.web.edge import show

        assert app.current_request
        return show(app.current_request, place, **path)

    app.route(address, methods=[method], name=f"{method} {address}", content_types=ANY)(shown)


for method, address, place in PAGES:
    add_page(method, address, place)


@app.on_dynamodb_record(stream_arn=NAMED_IN_TEMPLATE, name="outbox")
def outbox(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.confirmations import handlers

    return handlers.outbox(event.to_dict(), event.context)


@app.on_sqs_message(queue_arn=QUEUE_IN_TEMPLATE, name="mails")
def mails(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.confirmations import handlers  # loads templates, calendars, languages: not for a registration

    return handlers.mails(event.to_dict(), event.context)


@app.lambda_function(name="draw")
def draw(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.draw import handlers

    return handlers.draw(event, context)


@app.lambda_function(name="announce")
def announce(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.incidents import handlers

    return handlers.announce(event, context)


@app.lambda_function(name="cost")
def cost(event: dict[str, Any], context: Any) -> Any:
    from chalicelib.cost import handlers

    return handlers.count(event, context)


gc.enable()
gc.freeze()
