"""Every address of Stormloop, pages and API alike: one line says who answers, who may ask, and what it is billed as.

The routes themselves, OpenAPI's security, the office's menu and first page, what a template may offer, the activities
of the bill and the test of every route with every role (tests/test_routes.py) are made from this table. A route that
does not say *who* stops the app. Use cases are named and not imported: each is loaded when it is first asked for.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.activities import Activity
from chalicelib.people.rules import Caller, Who
from chalicelib.staff.rules import Role, Staff

ANYONE, FAMILY, FAMILY_BY_LINK, HOLDER = Caller.ANYONE, Caller.FAMILY, Caller.FAMILY_BY_LINK, Caller.HOLDER

MANAGERS, APPROVERS, DESK_STAFF, FINANCE = (Role.MANAGER,), (Role.APPROVER,), (Role.DESK,), (Role.FINANCE,)
EVERYBODY = tuple(Role)
OPENING_READERS = (Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.DESK)
INCIDENT_READERS = (Role.MANAGER, Role.APPROVER, Role.AUDITOR)
LEDGER_READERS = (Role.AUDITOR, Role.MANAGER, Role.APPROVER)
STATISTICS_READERS = (Role.AUDITOR, Role.MANAGER, Role.FINANCE)
LIST_READERS = (Role.LEADER, Role.DESK, Role.MANAGER)
# A manager, then somebody who approves; who is which, draw/starting.py says.
BEACON_STAFF = (Role.MANAGER, Role.APPROVER)

LOOKING, PREPARING, REGISTERING, OFFERS = Activity.LOOKING, Activity.PREPARING, Activity.REGISTERING, Activity.OFFERS
SWIMMING, DESK, OFFICE, DRAW = Activity.SWIMMING, Activity.DESK, Activity.OFFICE, Activity.DRAW
ANNOUNCING, SYSTEM = Activity.ANNOUNCING, Activity.SYSTEM


class Route(NamedTuple):
    """`use_case`: module and function below chalicelib; it is called with the call, with who asks where `who` wants to
    know, and with the names in the address. `activity`: what it is billed as (docs/cost.md)."""

    method: str
    address: str
    use_case: str
    who: Who
    activity: Activity

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api")

    @property
    def roles(self) -> tuple[Role, ...]:
        """Of staff, one of which is needed; none where it is not for staff."""
        return self.who if isinstance(self.who, tuple) else ()


# fmt: off
ROUTES = (
    # The public API: docs/api.md
    Route("GET", "/api/health", "api.health:health", ANYONE, SYSTEM),
    Route("GET", "/api/openapi.json", "openapi:openapi", ANYONE, LOOKING),
    Route("GET", "/api/sessions", "programme.handlers:list_sessions", ANYONE, LOOKING),
    Route("GET", "/api/sessions/{session_id}", "programme.handlers:get_session", ANYONE, LOOKING),
    Route("POST", "/api/passes", "families.handlers:create_pass", ANYONE, PREPARING),
    Route("GET", "/api/pass", "openings.passes:get_pass", FAMILY_BY_LINK, PREPARING),
    Route("POST", "/api/registrations", "registrations.handlers:create_registration", FAMILY, REGISTERING),
    Route("GET", "/api/registrations", "registrations.handlers:list_registrations", FAMILY, REGISTERING),
    Route("GET", "/api/registrations/{registration_id}", "registrations.handlers:get_registration", FAMILY, REGISTERING),
    Route("DELETE", "/api/registrations/{registration_id}", "registrations.handlers:cancel_registration", FAMILY, REGISTERING),
    Route("GET", "/api/ledger", "ledger.handlers:public_ledger", ANYONE, LOOKING),
    Route("GET", "/api/openings", "publication.public:list_openings", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}", "publication.public:get_opening", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}/list", "publication.public:get_list", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}/wishes", "draw.handlers:get_wishes", FAMILY, PREPARING),
    Route("PUT", "/api/openings/{opening_id}/wishes", "draw.handlers:put_wishes", FAMILY, PREPARING),
    Route("DELETE", "/api/openings/{opening_id}/wishes", "draw.handlers:delete_wishes", FAMILY, PREPARING),
    Route("GET", "/api/openings/{opening_id}/draw", "draw.handlers:get_draw", ANYONE, DRAW),
    Route("POST", "/api/registrations/{registration_id}/acceptance", "offers.handlers:accept_registration", FAMILY, OFFERS),
    Route("POST", "/api/registrations/{registration_id}/extension", "offers.handlers:extend_registration", FAMILY, OFFERS),
    Route("GET", "/api/cancellation", "cancellation.handlers:get_rule", ANYONE, LOOKING),
    # The API of staff
    Route("GET", "/api/staff/me", "staff.handlers:me", EVERYBODY, OFFICE),
    Route("GET", "/api/staff/ledger", "ledger.handlers:staff_ledger", LEDGER_READERS, OFFICE),
    Route("POST", "/api/staff/openings/{opening_id}/beacon", "draw.handlers:enter_beacon", BEACON_STAFF, DRAW),
    Route("POST", "/api/staff/openings/{opening_id}/draw", "draw.handlers:start_draw", MANAGERS, DRAW),
    Route("POST", "/api/staff/openings", "publication.handlers:create_opening", MANAGERS, OFFICE),
    Route("GET", "/api/staff/openings", "publication.handlers:list_openings", OPENING_READERS, OFFICE),
    Route("GET", "/api/staff/openings/{opening_id}", "publication.handlers:get_opening", OPENING_READERS, OFFICE),
    Route("PUT", "/api/staff/openings/{opening_id}", "publication.handlers:change_opening", MANAGERS, OFFICE),
    Route("POST", "/api/staff/openings/{opening_id}/approvals", "publication.handlers:approve_opening", APPROVERS, OFFICE),
    Route("POST", "/api/staff/openings/{opening_id}/publication", "publication.handlers:publish_opening", MANAGERS, OFFICE),
    Route("POST", "/api/staff/openings/{opening_id}/incidents", "incidents.handlers:report_incident", MANAGERS, ANNOUNCING),
    Route("GET", "/api/staff/openings/{opening_id}/incidents", "incidents.handlers:list_incidents", INCIDENT_READERS, ANNOUNCING),
    Route("POST", "/api/staff/openings/{opening_id}/incidents/{number}/approval", "incidents.handlers:approve_incident", APPROVERS, ANNOUNCING),
    Route("POST", "/api/staff/openings/{opening_id}/incidents/{number}/announcement", "incidents.handlers:announce_incident", MANAGERS, ANNOUNCING),
    Route("POST", "/api/staff/registrations", "desk.handlers:register_family", DESK_STAFF, DESK),
    Route("GET", "/api/staff/registrations", "desk.handlers:find_registrations", DESK_STAFF, DESK),
    Route("POST", "/api/staff/registrations/{registration_id}/acceptance", "desk.handlers:accept_offer", DESK_STAFF, DESK),
    Route("POST", "/api/staff/registrations/{registration_id}/cancellation", "desk.handlers:cancel_for_family", DESK_STAFF, DESK),
    Route("POST", "/api/staff/sessions/{session_id}/grants", "desk.handlers:grant_seats", MANAGERS, DESK),
    Route("POST", "/api/staff/sessions/{session_id}/reserved", "desk.handlers:reserve_seats", MANAGERS, DESK),
    Route("PUT", "/api/staff/sessions/{session_id}/capacity", "desk.handlers:change_capacity", MANAGERS, DESK),
    Route("PUT", "/api/staff/sessions/{session_id}/closing", "desk.handlers:move_closing", MANAGERS, DESK),
    Route("PUT", "/api/staff/cancellation", "cancellation.handlers:change_rule", MANAGERS, OFFICE),
    # Pages of families and of everybody
    Route("GET", "/", "site.programme:home", ANYONE, LOOKING),
    Route("GET", "/assets/{name}", "web.pages:get_asset", ANYONE, LOOKING),
    Route("GET", "/enter", "site.entering:enter", ANYONE, PREPARING),
    Route("GET", "/leave", "site.entering:ask_to_leave", ANYONE, PREPARING),
    Route("POST", "/leave", "site.entering:leave", ANYONE, PREPARING),
    Route("GET", "/programme", "site.programme:show", ANYONE, LOOKING),
    # Preparing, and the opening
    Route("GET", "/prepare", "site.preparing:show", ANYONE, PREPARING),
    Route("POST", "/prepare", "site.preparing:take", ANYONE, PREPARING),
    Route("GET", "/prepare/sent", "site.preparing:sent", ANYONE, PREPARING),
    Route("GET", "/family", "site.family:show", FAMILY, PREPARING),
    Route("GET", "/openings/{opening_id}/moment.ics", "site.family:calendar", FAMILY, PREPARING),
    Route("GET", "/wishes/{opening_id}", "site.wishes:show", FAMILY, PREPARING),
    Route("POST", "/wishes/{opening_id}", "site.wishes:take", FAMILY, PREPARING),
    Route("GET", "/opening/{opening_id}", "site.registering:show", FAMILY, REGISTERING),
    Route("POST", "/opening/{opening_id}", "site.registering:take", FAMILY, REGISTERING),
    # A session, a registration, an offer
    Route("GET", "/offer", "site.offer:show", HOLDER, OFFERS),
    Route("POST", "/offer", "site.offer:take_answer", HOLDER, OFFERS),
    Route("GET", "/registrations/{registration_id}", "site.registration:show", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/calendar.ics", "site.registration:calendar", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}", "site.registration:take_answer", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/cancel", "site.registration:ask_to_cancel", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}/cancel", "site.registration:cancel", HOLDER, REGISTERING),
    Route("GET", "/sessions/{session_id}", "site.session:show", ANYONE, LOOKING),
    Route("POST", "/sessions/{session_id}", "site.session:register", FAMILY, REGISTERING),
    Route("GET", "/children/{child_id}", "site.children:show", FAMILY, PREPARING),
    Route("POST", "/children/{child_id}", "site.children:save", FAMILY, PREPARING),
    # Openings, status, ledger, figures
    Route("GET", "/openings", "site.openings:show_all", ANYONE, LOOKING),
    Route("GET", "/openings/{opening_id}", "site.openings:show", ANYONE, LOOKING),
    Route("GET", "/status", "site.status:show", ANYONE, LOOKING),
    Route("GET", "/ledger", "site.ledger:show", ANYONE, LOOKING),
    # Help and legal texts
    Route("GET", "/help", "site.help:show", ANYONE, LOOKING),
    Route("GET", "/accessibility", "site.legal:accessibility", ANYONE, LOOKING),
    Route("GET", "/privacy", "site.legal:privacy", ANYONE, LOOKING),
    # Swimming
    Route("GET", "/swimming", "site.swimming:show", ANYONE, SWIMMING),
    Route("GET", "/swimming/bookings", "site.swimming:show_bookings", ANYONE, SWIMMING),
    Route("GET", "/swimming/bookings/{slot_id}", "site.swimming:show_booking", ANYONE, SWIMMING),
    Route("POST", "/swimming/bookings/{slot_id}", "site.swimming:change_booking", ANYONE, SWIMMING),
    Route("GET", "/swimming/pass", "site.swimming:ask_for_link", ANYONE, SWIMMING),
    Route("POST", "/swimming/pass", "site.swimming:send_link", ANYONE, SWIMMING),
    Route("GET", "/swimming/{slot_id}", "site.swimming:choose", ANYONE, SWIMMING),
    Route("POST", "/swimming/{slot_id}", "site.swimming:book", ANYONE, SWIMMING),
    # The office
    Route("GET", "/office", "office.home:show", EVERYBODY, OFFICE),
    Route("GET", "/office/sign-in", "office.home:sign_in", ANYONE, OFFICE),
    Route("GET", "/office/signed-in", "office.home:signed_in", ANYONE, OFFICE),
    Route("POST", "/office/sign-out", "office.home:sign_out", ANYONE, OFFICE),
    # The office: programme and openings
    Route("GET", "/office/cancellation", "office.cancellation:show", MANAGERS, OFFICE),
    Route("POST", "/office/cancellation", "office.cancellation:change", MANAGERS, OFFICE),
    Route("GET", "/office/programme", "office.programme:show", MANAGERS, OFFICE),
    Route("GET", "/office/programme/import", "office.importing:show", MANAGERS, OFFICE),
    Route("POST", "/office/programme/import", "office.importing:look", MANAGERS, OFFICE),
    Route("POST", "/office/programme/import/confirmed", "office.importing:confirm", MANAGERS, OFFICE),
    Route("GET", "/office/sessions/new", "office.sessions:show_new", MANAGERS, OFFICE),
    Route("POST", "/office/sessions/new", "office.sessions:create", MANAGERS, OFFICE),
    Route("GET", "/office/sessions/{session_id}", "office.sessions:show", MANAGERS, OFFICE),
    Route("POST", "/office/sessions/{session_id}", "office.sessions:change", MANAGERS, OFFICE),
    Route("GET", "/office/openings", "office.openings:show", OPENING_READERS, OFFICE),
    Route("GET", "/office/openings/new", "office.opening:show_new", MANAGERS, OFFICE),
    Route("POST", "/office/openings/new", "office.opening:create", MANAGERS, OFFICE),
    Route("GET", "/office/openings/{opening_id}", "office.opening:show", OPENING_READERS, OFFICE),
    Route("POST", "/office/openings/{opening_id}", "office.opening:change", MANAGERS, OFFICE),
    Route("POST", "/office/openings/{opening_id}/approval", "office.opening:approve", APPROVERS, OFFICE),
    Route("POST", "/office/openings/{opening_id}/publication", "office.opening:publish", MANAGERS, OFFICE),
    Route("POST", "/office/openings/{opening_id}/beacon", "office.opening:enter_beacon", BEACON_STAFF, DRAW),
    Route("POST", "/office/openings/{opening_id}/draw", "office.opening:draw", MANAGERS, DRAW),
    Route("GET", "/office/openings/{opening_id}/live", "office.live:show", OPENING_READERS, OFFICE),
    Route("GET", "/office/openings/{opening_id}/live/figures", "office.live:figures", OPENING_READERS, OFFICE),
    Route("GET", "/office/openings/{opening_id}/incidents", "office.incidents:show", INCIDENT_READERS, ANNOUNCING),
    Route("POST", "/office/openings/{opening_id}/incidents", "office.incidents:report", MANAGERS, ANNOUNCING),
    Route("POST", "/office/openings/{opening_id}/incidents/{number}/approval", "office.incidents:approve", APPROVERS, ANNOUNCING),
    Route("POST", "/office/openings/{opening_id}/incidents/{number}/announcement", "office.incidents:announce", MANAGERS, ANNOUNCING),
    # The office: desk and attendance
    Route("GET", "/office/desk", "office.desk:show", DESK_STAFF, DESK),
    Route("GET", "/office/desk/register", "office.registering:show", DESK_STAFF, DESK),
    Route("POST", "/office/desk/register", "office.registering:register", DESK_STAFF, DESK),
    Route("GET", "/office/desk/registrations/{registration_id}", "office.desk:show_registration", DESK_STAFF, DESK),
    Route("POST", "/office/desk/registrations/{registration_id}", "office.desk:change_registration", DESK_STAFF, DESK),
    Route("GET", "/office/desk/registrations/{registration_id}/letter.pdf", "office.desk:get_letter", DESK_STAFF, DESK),
    Route("GET", "/office/desk/registrations/{registration_id}/children/{child_id}", "office.desk:show_child", DESK_STAFF, DESK),
    Route("POST", "/office/desk/registrations/{registration_id}/children/{child_id}", "office.desk:save_child", DESK_STAFF, DESK),
    Route("GET", "/office/sessions/{session_id}/seats", "office.seats:show", MANAGERS, OFFICE),
    Route("POST", "/office/sessions/{session_id}/seats", "office.seats:change", MANAGERS, OFFICE),
    Route("GET", "/office/attendance", "office.attendance:show", LIST_READERS, OFFICE),
    Route("GET", "/office/attendance/tomorrow.pdf", "office.attendance:get_paper", LIST_READERS, OFFICE),
    Route("GET", "/office/attendance/{session_id}", "office.attendance:show_list", LIST_READERS, OFFICE),
    Route("GET", "/office/attendance/{session_id}/list.csv", "office.attendance:get_csv", LIST_READERS, OFFICE),
    Route("GET", "/office/attendance/{session_id}/list.xlsx", "office.attendance:get_xlsx", LIST_READERS, OFFICE),
    # The office: council, auditor, finance
    Route("GET", "/office/ledger", "office.ledger:show", LEDGER_READERS, OFFICE),
    Route("GET", "/office/ledger.csv", "office.ledger:download", LEDGER_READERS, OFFICE),
    Route("GET", "/office/statistics", "office.statistics:show", STATISTICS_READERS, OFFICE),
    Route("GET", "/office/statistics.csv", "office.statistics:download", STATISTICS_READERS, OFFICE),
    # The office: costs
    Route("GET", "/office/cost", "office.cost:show", FINANCE, OFFICE),
    Route("POST", "/office/cost", "office.cost:beside_aws", FINANCE, OFFICE),
    Route("GET", "/office/cost.csv", "office.cost:as_csv", FINANCE, OFFICE),
    Route("GET", "/office/cost.xlsx", "office.cost:as_xlsx", FINANCE, OFFICE),
    Route("GET", "/office/cost/estimate", "office.estimate:show", FINANCE, OFFICE),
    Route("GET", "/office/cost/estimate.csv", "office.estimate:as_csv", FINANCE, OFFICE),
    Route("GET", "/office/cost/estimate.xlsx", "office.estimate:as_xlsx", FINANCE, OFFICE),
    Route("GET", "/office/cost/alternatives", "office.alternatives:show", FINANCE, OFFICE),
    Route("GET", "/office/cost/alternatives.csv", "office.alternatives:as_csv", FINANCE, OFFICE),
    Route("GET", "/office/cost/alternatives.xlsx", "office.alternatives:as_xlsx", FINANCE, OFFICE),
    Route("GET", "/office/cost/prices", "office.prices:show", FINANCE, OFFICE),
    Route("GET", "/office/cost/prices.csv", "office.prices:as_csv", FINANCE, OFFICE),
    Route("GET", "/office/cost/prices.xlsx", "office.prices:as_xlsx", FINANCE, OFFICE),
    # The office: texts
    Route("GET", "/office/texts", "office.texts:show", EVERYBODY, OFFICE),
    Route("GET", "/office/texts/{key}", "office.texts:edit", EVERYBODY, OFFICE),
    Route("POST", "/office/texts/{key}", "office.texts:save", MANAGERS, OFFICE),
    Route("POST", "/office/texts/{key}/restore", "office.texts:restore", MANAGERS, OFFICE),
    # The office: swimming
    Route("GET", "/office/swimming", "office.swimming:show", MANAGERS, SWIMMING),
    Route("GET", "/office/swimming/patterns", "office.swimming:show_patterns", MANAGERS, SWIMMING),
    Route("POST", "/office/swimming/patterns", "office.swimming:add_pattern", MANAGERS, SWIMMING),
    Route("GET", "/office/swimming/patterns/{pattern_id}", "office.swimming:show_pattern", MANAGERS, SWIMMING),
    Route("POST", "/office/swimming/patterns/{pattern_id}", "office.swimming:change_pattern", MANAGERS, SWIMMING),
    Route("GET", "/office/swimming/closed", "office.swimming:show_closed", MANAGERS, SWIMMING),
    Route("POST", "/office/swimming/closed", "office.swimming:close", MANAGERS, SWIMMING),
    Route("GET", "/office/swimming/terms", "office.swimming:show_terms", MANAGERS, SWIMMING),
    Route("POST", "/office/swimming/terms", "office.swimming:set_terms", MANAGERS, SWIMMING),
)
# fmt: on


def by_name(routes: Sequence[Route]) -> Mapping[tuple[str, str], Route]:
    """Raises LookupError for a route that stands in the table twice, or does not say who may ask."""
    found = {(route.method, route.address): route for route in routes}
    if len(found) != len(routes) or not all(route.who for route in routes):
        raise LookupError("a route stands in the table twice, or does not say who may ask")
    return found


_BY_NAME = by_name(ROUTES)


def find(method: str, address: str) -> Route | None:
    """`address`: as the table has it, with its parameters' names."""
    return _BY_NAME.get((method, address))


def may(staff: Staff | None, method: str, address: str) -> bool:
    """Whether this staff member may ask that route: what a menu or a page offers."""
    return staff is not None and not staff.roles.isdisjoint(_BY_NAME[method, address].roles)
