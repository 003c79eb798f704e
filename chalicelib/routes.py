"""Every address of Stormloop, pages and API alike: one line says who answers, who may ask, and what it is billed as.

The routes themselves, OpenAPI's security, the office's menu and first page, what a template may offer, the activities
of the bill and the test of every route with every role (tests/test_routes.py) are made from this table. A route that
does not say *who* stops the app. Use cases are named and not imported: each is loaded when it is first asked for.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.core.activities import Activity
from chalicelib.people.rules import Caller, Who, Within
from chalicelib.people.staff.rules import Role, Staff

ANYONE, FAMILY, FAMILY_BY_LINK, HOLDER = Caller.ANYONE, Caller.FAMILY, Caller.FAMILY_BY_LINK, Caller.HOLDER

MANAGERS, APPROVERS, DESK_STAFF, FINANCE = (Role.MANAGER,), (Role.APPROVER,), (Role.DESK,), (Role.FINANCE,)
AUDITORS = (Role.AUDITOR,)
ASSISTANCE_READERS = (Role.MANAGER, Role.AUDITOR)
EVERYBODY = tuple(Role)
OPENING_READERS = (Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.DESK)
INCIDENT_READERS = (Role.MANAGER, Role.APPROVER, Role.AUDITOR)
LEDGER_READERS = (Role.AUDITOR, Role.MANAGER, Role.APPROVER)
STATISTICS_READERS = (Role.AUDITOR, Role.MANAGER, Role.FINANCE)
PROOF_READERS = (Role.DESK, Role.FINANCE)
WAITING_READERS = (Role.DESK, Role.MANAGER)
LIST_READERS = (Role.LEADER, Role.DESK, Role.MANAGER)
CITY_PASS_RULERS = (Role.MANAGER, Role.FINANCE)
CITY_PASS_DECIDERS = (Role.DESK, Role.FINANCE)
CITY_PASS_READERS = (Role.FINANCE, Role.AUDITOR, Role.MANAGER)
# Who enters a tariff, and who accepts one: somebody else of them.
TARIFF_STAFF = (Role.FINANCE, Role.MANAGER)
CITY_PASS_STAFF = (Role.DESK, Role.FINANCE, Role.AUDITOR, Role.MANAGER)
CITY_PASS_TRACERS = (Role.FINANCE, Role.AUDITOR)
CASE_HANDLERS = (Role.HANDLER,)
KNOWN_READERS = (Role.DESK, Role.MANAGER)
# Who hears what rings at the front door, and looks.
WATCHERS = (Role.MANAGER, Role.AUDITOR)
# A manager, then somebody who approves; who is which, booking/draw/starting.py says.
BEACON_STAFF = (Role.MANAGER, Role.APPROVER)

LOOKING, PREPARING, REGISTERING, OFFERS = Activity.LOOKING, Activity.PREPARING, Activity.REGISTERING, Activity.OFFERS
SWIMMING, DESK, OFFICE, DRAW = Activity.SWIMMING, Activity.DESK, Activity.OFFICE, Activity.DRAW
ANNOUNCING, MONEY, CASES, SYSTEM = Activity.ANNOUNCING, Activity.MONEY, Activity.CASES, Activity.SYSTEM

SESSION, CHILDREN, REGISTRATION, OF_FAMILY, CHOSEN, NOTHING = (
    *(Within.SESSION, Within.CHILDREN, Within.REGISTRATION, Within.FAMILY),
    *(Within.CHOSEN, Within.NOTHING),
)
OF_CASE = Within.CASE
OPENING, WHOLE_OPENING, WHOLE_CITY = Within.OPENING, Within.WHOLE_OPENING, Within.WHOLE_CITY

OPEN311 = "/open311"


class Route(NamedTuple):
    """`use_case`: module and function below chalicelib; it is called with the call, with who asks where `who` wants to
    know, and with the names in the address. `activity`: what it is billed as (docs/cost.md). `within`: each route of
    staff says what of the city it is about; no other does."""

    method: str
    address: str
    use_case: str
    who: Who
    activity: Activity
    within: Within | None = None

    @property
    def is_api(self) -> bool:
        """Whether programs ask it: ours, or the standard's."""
        return self.address.startswith(("/api", OPEN311))

    @property
    def is_open311(self) -> bool:
        """Whether it is of Open311, which has its own documents and its own errors."""
        return self.address.startswith(OPEN311)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Of staff, one of which is needed; none where it is not for staff."""
        return self.who if isinstance(self.who, tuple) else ()


# fmt: off
ROUTES = (
    # The public API: docs/api.md
    Route("GET", "/api/health", "core.http.health:health", ANYONE, SYSTEM),
    Route("GET", "/api/openapi.json", "openapi:openapi", ANYONE, LOOKING),
    Route("GET", "/api/sessions", "programme.sessions.handlers:list_sessions", ANYONE, LOOKING),
    Route("GET", "/api/sessions/{session_id}", "programme.sessions.handlers:get_session", ANYONE, LOOKING),
    Route("GET", "/api/sessions/{session_id}/questions", "programme.questions.handlers:list_questions", ANYONE, LOOKING),
    Route("POST", "/api/passes", "people.families.handlers:create_pass", ANYONE, PREPARING),
    Route("GET", "/api/pass", "programme.openings.passes:get_pass", FAMILY_BY_LINK, PREPARING),
    Route("DELETE", "/api/pass", "rights.handlers:forget_links", FAMILY, PREPARING),
    Route("POST", "/api/pass/corrections", "rights.handlers:correct_family", FAMILY, PREPARING),
    Route("GET", "/api/family", "rights.handlers:get_family", FAMILY, PREPARING),
    Route("DELETE", "/api/family", "rights.handlers:delete_family", FAMILY, PREPARING),
    Route("POST", "/api/registrations", "booking.registrations.handlers:create_registration", FAMILY, REGISTERING),
    Route("GET", "/api/registrations", "booking.registrations.handlers:list_registrations", FAMILY, REGISTERING),
    Route("GET", "/api/registrations/{registration_id}/answers", "booking.answers.handlers:get_answers", FAMILY, REGISTERING),
    Route("PUT", "/api/registrations/{registration_id}/answers", "booking.answers.handlers:put_answers", FAMILY, REGISTERING),
    Route("GET", "/api/registrations/{registration_id}", "booking.registrations.handlers:get_registration", FAMILY, REGISTERING),
    Route("DELETE", "/api/registrations/{registration_id}", "booking.registrations.handlers:cancel_registration", FAMILY, REGISTERING),
    Route("DELETE", "/api/registrations/{registration_id}/children/{child_id}", "booking.registrations.handlers:cancel_child", FAMILY, REGISTERING),
    Route("POST", "/api/registrations/{registration_id}/transfer", "booking.registrations.handlers:transfer_registration", FAMILY, REGISTERING),
    Route("GET", "/api/account", "money.orders.handlers:get_account", FAMILY, MONEY),
    Route("GET", "/api/ledger", "city.ledger.handlers:public_ledger", ANYONE, LOOKING),
    Route("GET", "/api/openings", "office.publication.public:list_openings", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}", "office.publication.public:get_opening", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}/list", "office.publication.public:get_list", ANYONE, LOOKING),
    Route("GET", "/api/openings/{opening_id}/wishes", "booking.draw.handlers:get_wishes", FAMILY, PREPARING),
    Route("PUT", "/api/openings/{opening_id}/wishes", "booking.draw.handlers:put_wishes", FAMILY, PREPARING),
    Route("DELETE", "/api/openings/{opening_id}/wishes", "booking.draw.handlers:delete_wishes", FAMILY, PREPARING),
    Route("GET", "/api/openings/{opening_id}/draw", "booking.draw.handlers:get_draw", ANYONE, DRAW),
    Route("POST", "/api/registrations/{registration_id}/acceptance", "booking.offers.handlers:accept_registration", FAMILY, OFFERS),
    Route("POST", "/api/registrations/{registration_id}/extension", "booking.offers.handlers:extend_registration", FAMILY, OFFERS),
    Route("POST", "/api/quotes", "money.quotes.handlers:get_quote", FAMILY, MONEY),
    Route("GET", "/api/cancellation", "programme.cancellation.handlers:get_rule", ANYONE, LOOKING),
    Route("POST", "/api/orders/{order_id}/payments", "money.online.handlers:begin_payment", FAMILY, MONEY),
    Route("POST", "/api/payments/provider", "money.online.handlers:provider_calls", ANYONE, MONEY),
    Route("GET", "/api/tax-certificates", "money.certificates.handlers:list_certificates", FAMILY, MONEY),
    Route("GET", "/api/tax-certificates/{certificate}/certificate.pdf", "money.certificates.handlers:get_pdf", FAMILY, MONEY),
    Route("GET", "/api/forms", "front_door.forms.handlers:list_forms", ANYONE, CASES),
    Route("GET", "/api/forms/{form_id}", "front_door.forms.handlers:get_form", ANYONE, CASES),
    Route("POST", "/api/cases", "front_door.cases.handlers:create_case", ANYONE, CASES),
    Route("POST", "/api/photos", "front_door.photos.handlers:create_upload", ANYONE, CASES),
    Route("GET", "/api/photos/{key}", "front_door.photos.handlers:get_photo", ANYONE, CASES),
    Route("GET", "/api/cases/{receipt}", "front_door.cases.handlers:get_case", ANYONE, CASES),
    # Open311 GeoReport v2, whose addresses end in the format: .json or .xml
    Route("GET", "/open311/{document}", "front_door.open311.handlers:get_document", ANYONE, CASES),
    Route("POST", "/open311/{document}", "front_door.open311.handlers:post_request", ANYONE, CASES),
    Route("GET", "/open311/services/{document}", "front_door.open311.handlers:get_service", ANYONE, CASES),
    Route("GET", "/open311/requests/{document}", "front_door.open311.handlers:get_request", ANYONE, CASES),
    # The API of staff
    Route("GET", "/api/staff/tax-certificates.xml", "money.certificates.handlers:get_file", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/api/staff/me", "people.staff.handlers:me", EVERYBODY, OFFICE, NOTHING),
    Route("GET", "/api/staff/ledger", "office.ledger:staff_ledger", LEDGER_READERS, OFFICE, CHOSEN),
    Route("POST", "/api/staff/openings/{opening_id}/beacon", "booking.draw.handlers:enter_beacon", BEACON_STAFF, DRAW, WHOLE_OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/draw", "booking.draw.handlers:start_draw", MANAGERS, DRAW, WHOLE_OPENING),
    Route("POST", "/api/staff/openings", "office.publication.handlers:create_opening", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/api/staff/openings", "office.publication.handlers:list_openings", OPENING_READERS, OFFICE, CHOSEN),
    Route("GET", "/api/staff/openings/{opening_id}", "office.publication.handlers:get_opening", OPENING_READERS, OFFICE, OPENING),
    Route("PUT", "/api/staff/openings/{opening_id}", "office.publication.handlers:change_opening", MANAGERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/approvals", "office.publication.handlers:approve_opening", APPROVERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/publication", "office.publication.handlers:publish_opening", MANAGERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/incidents", "office.incidents.handlers:report_incident", MANAGERS, ANNOUNCING, WHOLE_OPENING),
    Route("GET", "/api/staff/openings/{opening_id}/incidents", "office.incidents.handlers:list_incidents", INCIDENT_READERS, ANNOUNCING, OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/incidents/{number}/approval", "office.incidents.handlers:approve_incident", APPROVERS, ANNOUNCING, WHOLE_OPENING),
    Route("POST", "/api/staff/openings/{opening_id}/incidents/{number}/announcement", "office.incidents.handlers:announce_incident", MANAGERS, ANNOUNCING, WHOLE_OPENING),
    Route("POST", "/api/staff/registrations", "office.desk.handlers:register_family", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/api/staff/registrations", "office.desk.handlers:find_registrations", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/api/staff/registrations/search", "office.desk.handlers:search_registrations", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/api/staff/work", "office.desk.handlers:list_work", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/api/staff/work", "office.desk.handlers:handle_work", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/api/staff/families/{family_id}/conversations", "office.desk.handlers:note_down", DESK_STAFF, DESK, OF_FAMILY),
    Route("GET", "/api/staff/sessions/{session_id}/waiting-list", "office.desk.handlers:list_waiting", WAITING_READERS, DESK, SESSION),
    Route("POST", "/api/staff/registrations/{registration_id}/acceptance", "office.desk.handlers:accept_offer", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/api/staff/registrations/{registration_id}/cancellation", "office.desk.handlers:cancel_for_family", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/api/staff/registrations/{registration_id}/transfer", "office.desk.handlers:move_for_family", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/api/staff/namings", "office.desk.handlers:list_namings", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/namings/{child_id}", "office.desk.handlers:move_naming", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/namings/{child_id}/joining", "office.desk.handlers:join_children", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/namings/{child_id}/parting", "office.desk.handlers:tell_children_apart", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/families/joining", "office.desk.handlers:join_families", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/families/corrections", "office.desk.handlers:correct_family", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/api/staff/families/limits", "office.desk.handlers:allow_children", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/api/staff/sessions/{session_id}/grants", "office.desk.handlers:grant_seats", MANAGERS, DESK, SESSION),
    Route("POST", "/api/staff/sessions/{session_id}/reserved", "office.desk.handlers:reserve_seats", MANAGERS, DESK, SESSION),
    Route("PUT", "/api/staff/sessions/{session_id}/capacity", "office.desk.handlers:change_capacity", MANAGERS, DESK, SESSION),
    Route("POST", "/api/staff/sessions/{session_id}/changes", "office.camps.handlers:change_session", MANAGERS, OFFICE, SESSION),
    Route("POST", "/api/staff/sessions/{session_id}/cancellation", "office.camps.handlers:cancel_session", MANAGERS, OFFICE, SESSION),
    Route("PUT", "/api/staff/sessions/{session_id}/closing", "office.desk.handlers:move_closing", MANAGERS, DESK, SESSION),
    Route("GET", "/api/staff/sessions/{session_id}/attendance/{date}", "office.attendance.handlers:get_day", LIST_READERS, OFFICE, CHILDREN),
    Route("PUT", "/api/staff/sessions/{session_id}/attendance/{date}", "office.attendance.handlers:mark_day", LIST_READERS, OFFICE, CHILDREN),
    Route("GET", "/api/staff/refunds.xml", "money.refunds.handlers:get_file", FINANCE, MONEY, WHOLE_CITY),
    Route("PUT", "/api/staff/cancellation", "programme.cancellation.handlers:change_rule", MANAGERS, OFFICE, WHOLE_CITY),
    # The API of finance: the bank
    Route("POST", "/api/staff/statements", "money.statements.handlers:hand_in", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/api/staff/receivables", "money.statements.handlers:list_receivables", FINANCE, MONEY, WHOLE_CITY),
    # Pages of families and of everybody
    Route("GET", "/", "pages.family.programme:home", ANYONE, LOOKING),
    Route("GET", "/assets/{name}", "pages.frame.pages:get_asset", ANYONE, LOOKING),
    Route("GET", "/logos/{name}", "pages.frame.pages:get_logo", ANYONE, LOOKING),
    Route("GET", "/enter", "pages.family.entering:enter", ANYONE, PREPARING),
    Route("POST", "/enter", "pages.family.entering:confirm", ANYONE, PREPARING),
    Route("GET", "/leave", "pages.family.entering:ask_to_leave", ANYONE, PREPARING),
    Route("POST", "/leave", "pages.family.entering:leave", ANYONE, PREPARING),
    Route("GET", "/programme", "pages.family.programme:show", ANYONE, LOOKING),
    # The front door
    Route("GET", "/forms", "pages.family.forms:list_forms", ANYONE, CASES),
    Route("GET", "/forms/{form_id}", "pages.family.forms:show", ANYONE, CASES),
    Route("POST", "/forms/{form_id}", "pages.family.forms:send", ANYONE, CASES),
    Route("GET", "/cases", "pages.family.cases:enter", ANYONE, CASES),
    Route("POST", "/cases", "pages.family.cases:look_up", ANYONE, CASES),
    Route("GET", "/cases/{receipt}", "pages.family.cases:show", ANYONE, CASES),
    Route("POST", "/cases/{receipt}", "pages.family.cases:act", ANYONE, CASES),
    Route("GET", "/cases/{receipt}/receipt.pdf", "pages.family.cases:print_receipt", ANYONE, CASES),
    Route("GET", "/receipts", "pages.family.receipts:list_days", ANYONE, CASES),
    Route("GET", "/receipts/{day}", "pages.family.receipts:show_day", ANYONE, CASES),
    Route("GET", "/receipts/{day}/list.csv", "pages.family.receipts:get_file", ANYONE, CASES),
    # Preparing, and the opening
    Route("GET", "/prepare", "pages.family.preparing:show", ANYONE, PREPARING),
    Route("POST", "/prepare", "pages.family.preparing:take", ANYONE, PREPARING),
    Route("GET", "/prepare/sent", "pages.family.preparing:sent", ANYONE, PREPARING),
    Route("GET", "/family", "pages.family.family:show", FAMILY, PREPARING),
    Route("GET", "/family/corrections", "pages.family.corrections:show", FAMILY, PREPARING),
    Route("POST", "/family/corrections", "pages.family.corrections:take", FAMILY, PREPARING),
    Route("GET", "/family/data", "pages.family.rights:show", FAMILY, PREPARING),
    Route("GET", "/family/data.json", "pages.family.rights:download", FAMILY, PREPARING),
    Route("POST", "/family/links", "pages.family.rights:forget_links", FAMILY, PREPARING),
    Route("GET", "/family/erase", "pages.family.rights:ask_to_erase", FAMILY, PREPARING),
    Route("POST", "/family/erase", "pages.family.rights:erase", FAMILY, PREPARING),
    Route("GET", "/account", "pages.family.account:show", FAMILY, MONEY),
    Route("GET", "/account/orders/{order_id}/slip.pdf", "pages.family.account:slip", FAMILY, MONEY),
    Route("GET", "/openings/{opening_id}/moment.ics", "pages.family.family:calendar", FAMILY, PREPARING),
    Route("GET", "/wishes/{opening_id}", "pages.family.wishes:show", FAMILY, PREPARING),
    Route("POST", "/wishes/{opening_id}", "pages.family.wishes:take", FAMILY, PREPARING),
    Route("GET", "/opening/{opening_id}", "pages.family.registering:show", FAMILY, REGISTERING),
    Route("POST", "/opening/{opening_id}", "pages.family.registering:take", FAMILY, REGISTERING),
    # A session, a registration, an offer
    Route("GET", "/offer", "pages.family.offer:show", HOLDER, OFFERS),
    Route("POST", "/offer", "pages.family.offer:take_answer", HOLDER, OFFERS),
    Route("GET", "/registrations/{registration_id}", "pages.family.registration:show", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/calendar.ics", "pages.family.registration:calendar", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/slip.pdf", "pages.family.account:slip_of_registration", HOLDER, MONEY),
    Route("GET", "/registrations/{registration_id}/children/{child_id}", "pages.family.registration:show_child", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}/children/{child_id}", "pages.family.registration:save_child", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}", "pages.family.registration:take_answer", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/answers", "pages.family.answers:show", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}/answers", "pages.family.answers:save", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/cancel", "pages.family.registration:ask_to_cancel", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}/cancel", "pages.family.registration:cancel", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/children/{child_id}/cancel", "pages.family.registration:ask_to_cancel_child", HOLDER, REGISTERING),
    Route("POST", "/registrations/{registration_id}/children/{child_id}/cancel", "pages.family.registration:cancel_child", HOLDER, REGISTERING),
    Route("GET", "/registrations/{registration_id}/extras", "pages.family.extras:show", FAMILY, MONEY),
    Route("POST", "/registrations/{registration_id}/extras", "pages.family.extras:choose", FAMILY, MONEY),
    Route("GET", "/registrations/{registration_id}/move", "pages.family.moving:show", FAMILY, REGISTERING),
    Route("POST", "/registrations/{registration_id}/move", "pages.family.moving:move", FAMILY, REGISTERING),
    Route("GET", "/sessions/{session_id}", "pages.family.session:show", ANYONE, LOOKING),
    Route("POST", "/sessions/{session_id}", "pages.family.session:register", FAMILY, REGISTERING),
    Route("GET", "/children/{child_id}", "pages.family.children:show", FAMILY, PREPARING),
    Route("POST", "/children/{child_id}", "pages.family.children:save", FAMILY, PREPARING),
    Route("GET", "/shared/{key}/cancel", "pages.family.sharing:ask_to_cancel", FAMILY, REGISTERING),
    Route("POST", "/shared/{key}/cancel", "pages.family.sharing:cancel", FAMILY, REGISTERING),
    Route("GET", "/children/{child_id}/sharing", "pages.family.sharing:show", FAMILY, PREPARING),
    Route("POST", "/children/{child_id}/sharing", "pages.family.sharing:change", FAMILY, PREPARING),
    # Helpers, and public computers
    Route("GET", "/assistance", "pages.family.assistance:show", FAMILY, PREPARING),
    Route("POST", "/assistance", "pages.family.assistance:change", FAMILY, PREPARING),
    Route("GET", "/assistance/{help_id}/receipt.pdf", "pages.family.assistance:get_receipt", FAMILY, PREPARING),
    Route("GET", "/helping", "pages.family.helping:show", ANYONE, PREPARING),
    Route("POST", "/helping", "pages.family.helping:change", ANYONE, PREPARING),
    Route("GET", "/helping/enter", "pages.family.helping:enter", ANYONE, PREPARING),
    Route("POST", "/helping/enter", "pages.family.helping:come", ANYONE, PREPARING),
    Route("GET", "/public-computer", "pages.family.public_computer:show", ANYONE, PREPARING),
    Route("POST", "/public-computer", "pages.family.public_computer:change", ANYONE, PREPARING),
    Route("GET", "/idle", "pages.family.public_computer:idle", ANYONE, PREPARING),
    # What a family pays
    Route("GET", "/account/conditions", "pages.family.conditions:show", FAMILY, MONEY),
    Route("POST", "/account/conditions", "pages.family.conditions:change", FAMILY, MONEY),
    Route("GET", "/account/orders/{order_id}/pay", "pages.family.paying_online:show", FAMILY, MONEY),
    Route("GET", "/account/orders/{order_id}/uitpas", "pages.family.uitpas:show", FAMILY, MONEY),
    Route("POST", "/account/orders/{order_id}/uitpas", "pages.family.uitpas:use", FAMILY, MONEY),
    Route("POST", "/account/orders/{order_id}/pay", "pages.family.paying_online:pay", FAMILY, MONEY),
    # Tax certificates
    Route("GET", "/account/certificates", "pages.family.certificates:show", FAMILY, MONEY),
    Route("POST", "/account/certificates", "pages.family.certificates:change", FAMILY, MONEY),
    Route("GET", "/account/certificates/{certificate}/certificate.pdf", "pages.family.certificates:get_pdf", FAMILY, MONEY),
    # Openings, status, ledger, figures
    Route("GET", "/openings", "pages.family.openings:show_all", ANYONE, LOOKING),
    Route("GET", "/openings/{opening_id}", "pages.family.openings:show", ANYONE, LOOKING),
    Route("GET", "/status", "pages.family.status:show", ANYONE, LOOKING),
    Route("GET", "/ledger", "pages.family.ledger:show", ANYONE, LOOKING),
    # Photos, the city's map, reports that anybody may see
    Route("GET", "/map/{name}", "pages.frame.city_map:get_file", ANYONE, CASES),
    Route("GET", "/photos/new", "pages.family.photos:new", ANYONE, CASES),
    Route("GET", "/photos/{key}", "pages.family.photos:show", ANYONE, CASES),
    Route("GET", "/photos/{key}/small.jpg", "pages.family.photos:get_small", ANYONE, CASES),
    Route("GET", "/reports", "pages.family.reports:show", ANYONE, CASES),
    Route("GET", "/reports.geojson", "pages.family.reports:as_geojson", ANYONE, CASES),
    Route("GET", "/reports/{report_id}/photos/{number}", "pages.family.reports:get_photo", ANYONE, CASES),
    Route("GET", "/figures/cases", "pages.family.case_figures:show", ANYONE, CASES),
    Route("GET", "/figures/cases.csv", "pages.family.case_figures:download", ANYONE, CASES),
    # Help and legal texts
    Route("GET", "/help", "pages.family.help:show", ANYONE, LOOKING),
    Route("GET", "/accessibility", "pages.family.legal:accessibility", ANYONE, LOOKING),
    Route("GET", "/privacy", "pages.family.legal:privacy", ANYONE, LOOKING),
    # Swimming
    Route("GET", "/swimming", "pages.family.swimming:show", ANYONE, SWIMMING),
    Route("GET", "/swimming/bookings", "pages.family.swimming:show_bookings", ANYONE, SWIMMING),
    Route("GET", "/swimming/bookings/{slot_id}", "pages.family.swimming:show_booking", ANYONE, SWIMMING),
    Route("GET", "/swimming/bookings/{slot_id}/calendar.ics", "pages.family.swimming:calendar", ANYONE, SWIMMING),
    Route("POST", "/swimming/bookings/{slot_id}", "pages.family.swimming:change_booking", ANYONE, SWIMMING),
    Route("GET", "/swimming/pass", "pages.family.swimming:ask_for_link", ANYONE, SWIMMING),
    Route("POST", "/swimming/pass", "pages.family.swimming:send_link", ANYONE, SWIMMING),
    Route("GET", "/swimming/{slot_id}", "pages.family.swimming:choose", ANYONE, SWIMMING),
    Route("POST", "/swimming/{slot_id}", "pages.family.swimming:book", ANYONE, SWIMMING),
    # The city pass
    Route("GET", "/certificates/verify", "pages.family.verifying:ask", ANYONE, CASES),
    Route("GET", "/certificates/verify/{number}", "pages.family.verifying:show", ANYONE, CASES),
    Route("GET", "/cases/{receipt}/certificate", "pages.family.own_certificate:show", ANYONE, CASES),
    Route("GET", "/cases/{receipt}/certificate.pdf", "pages.family.verifying:download", ANYONE, CASES),
    Route("GET", "/cases/{receipt}/identity", "pages.family.own_certificate:begin", ANYONE, CASES),
    Route("GET", "/certificates/signed-in", "pages.family.own_certificate:back", ANYONE, CASES),
    Route("POST", "/certificates/signed-in", "pages.family.own_certificate:confirm", ANYONE, CASES),
    Route("GET", "/figures/certificates", "pages.family.certificate_figures:show", ANYONE, CASES),
    Route("GET", "/figures/certificates.csv", "pages.family.certificate_figures:download", ANYONE, CASES),
    Route("GET", "/citypass", "pages.family.city_pass:show", ANYONE, MONEY),
    Route("POST", "/citypass", "pages.family.city_pass:ask", ANYONE, MONEY),
    Route("GET", "/citypass/apply", "pages.family.city_pass_own:show_application", FAMILY, MONEY),
    Route("POST", "/citypass/apply", "pages.family.city_pass_own:apply", FAMILY, MONEY),
    Route("GET", "/citypass/mine", "pages.family.city_pass_own:show", FAMILY, MONEY),
    Route("POST", "/citypass/mine", "pages.family.city_pass_own:act", FAMILY, MONEY),
    Route("GET", "/citypass/vouchers/{code}", "pages.family.city_pass_own:show_voucher", FAMILY, MONEY),
    Route("GET", "/citypass/redeem", "pages.family.city_pass_provider:show", ANYONE, MONEY),
    Route("POST", "/citypass/redeem", "pages.family.city_pass_provider:act", ANYONE, MONEY),
    # The office
    Route("GET", "/office", "pages.staff.home:show", EVERYBODY, OFFICE, CHOSEN),
    Route("GET", "/office/sign-in", "pages.staff.home:sign_in", ANYONE, OFFICE),
    Route("GET", "/office/sign-in/page", "pages.staff.home:sign_in_page", ANYONE, OFFICE),
    Route("GET", "/office/signed-in", "pages.staff.home:signed_in", ANYONE, OFFICE),
    Route("POST", "/office/sign-out", "pages.staff.home:sign_out", ANYONE, OFFICE),
    # The office: programme and openings
    Route("GET", "/office/cancellation", "pages.staff.cancellation:show", MANAGERS, OFFICE, NOTHING),
    Route("POST", "/office/cancellation", "pages.staff.cancellation:change", MANAGERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/parents", "pages.staff.sharing:show", MANAGERS, OFFICE, NOTHING),
    Route("POST", "/office/parents", "pages.staff.sharing:change", MANAGERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/by-itself", "pages.staff.by_itself:show", STATISTICS_READERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/by-itself.csv", "pages.staff.by_itself:download", STATISTICS_READERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/by-itself/rules", "pages.staff.by_itself:show_rules", STATISTICS_READERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/by-itself/before", "pages.staff.by_itself:show_before", MANAGERS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/by-itself/before", "pages.staff.by_itself:enter_before", MANAGERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/webhooks", "pages.staff.webhooks:show", MANAGERS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/webhooks", "pages.staff.webhooks:propose", MANAGERS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/webhooks/{webhook_id}", "pages.staff.webhooks:settle", MANAGERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/faces", "pages.staff.faces:show_all", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/faces/{place}", "pages.staff.faces:show", MANAGERS, OFFICE, CHOSEN),
    Route("POST", "/office/faces/{place}", "pages.staff.faces:change", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/programme", "pages.staff.programme:show", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/programme/registration", "pages.staff.opening_sessions:show", MANAGERS, OFFICE, CHOSEN),
    Route("POST", "/office/programme/registration", "pages.staff.opening_sessions:change", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/programme/import", "pages.staff.importing:show", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/programme/import/template", "pages.staff.importing:get_template", MANAGERS, OFFICE, NOTHING),
    Route("POST", "/office/programme/import", "pages.staff.importing:look", MANAGERS, OFFICE, CHOSEN),
    Route("POST", "/office/programme/import/confirmed", "pages.staff.importing:confirm", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/sessions/new", "pages.staff.sessions:show_new", MANAGERS, OFFICE, NOTHING),
    Route("POST", "/office/sessions/new", "pages.staff.sessions:create", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/sessions/{session_id}", "pages.staff.sessions:show", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}", "pages.staff.sessions:change", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/deletion", "pages.staff.sessions:delete", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/sessions/{session_id}/cancellation", "pages.staff.camps:ask_to_cancel", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/cancellation", "pages.staff.camps:cancel", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/sessions/{session_id}/uitpas", "pages.staff.uitpas:show", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/uitpas", "pages.staff.uitpas:change", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/sessions/{session_id}/questions", "pages.staff.questions:show_session", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/questions", "pages.staff.questions:change_session", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/openings", "pages.staff.openings:show", OPENING_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/openings/new", "pages.staff.opening:show_new", MANAGERS, OFFICE, CHOSEN),
    Route("POST", "/office/openings/new", "pages.staff.opening:create", MANAGERS, OFFICE, CHOSEN),
    Route("GET", "/office/openings/{opening_id}", "pages.staff.opening:show", OPENING_READERS, OFFICE, OPENING),
    Route("POST", "/office/openings/{opening_id}", "pages.staff.opening:change", MANAGERS, OFFICE, WHOLE_OPENING),
    Route("GET", "/office/openings/{opening_id}/questions", "pages.staff.questions:show_opening", MANAGERS, OFFICE, OPENING),
    Route("POST", "/office/openings/{opening_id}/questions", "pages.staff.questions:change_opening", MANAGERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/approval", "pages.staff.opening:approve", APPROVERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/publication", "pages.staff.opening:publish", MANAGERS, OFFICE, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/beacon", "pages.staff.opening:enter_beacon", BEACON_STAFF, DRAW, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/draw", "pages.staff.opening:draw", MANAGERS, DRAW, WHOLE_OPENING),
    Route("GET", "/office/openings/{opening_id}/live", "pages.staff.live:show", OPENING_READERS, OFFICE, OPENING),
    Route("GET", "/office/openings/{opening_id}/live/figures", "pages.staff.live:figures", OPENING_READERS, OFFICE, OPENING),
    Route("GET", "/office/openings/{opening_id}/incidents", "pages.staff.incidents:show", INCIDENT_READERS, ANNOUNCING, OPENING),
    Route("POST", "/office/openings/{opening_id}/incidents", "pages.staff.incidents:report", MANAGERS, ANNOUNCING, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/incidents/{number}/approval", "pages.staff.incidents:approve", APPROVERS, ANNOUNCING, WHOLE_OPENING),
    Route("POST", "/office/openings/{opening_id}/incidents/{number}/announcement", "pages.staff.incidents:announce", MANAGERS, ANNOUNCING, WHOLE_OPENING),
    # The office: desk and attendance
    Route("GET", "/office/desk", "pages.staff.desk:show", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/office/desk", "pages.staff.desk:look", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/office/desk/work", "pages.staff.desk:handle_work", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/office/desk/families/{family_id}", "pages.staff.desk_family:show", DESK_STAFF, DESK, OF_FAMILY),
    Route("POST", "/office/desk/families/{family_id}", "pages.staff.desk_family:change", DESK_STAFF, DESK, OF_FAMILY),
    Route("GET", "/office/sessions/{session_id}/waiting-list", "pages.staff.waiting_list:show", WAITING_READERS, DESK, SESSION),
    Route("GET", "/office/desk/mails", "pages.staff.undelivered:show", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/office/desk/mails", "pages.staff.undelivered:settle", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/office/desk/namings", "pages.staff.namings:show", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/office/desk/namings", "pages.staff.namings:allow", DESK_STAFF, DESK, WHOLE_CITY),
    Route("GET", "/office/desk/namings/{child_id}", "pages.staff.namings:show_child", DESK_STAFF, DESK, WHOLE_CITY),
    Route("POST", "/office/desk/namings/{child_id}", "pages.staff.namings:decide", DESK_STAFF, DESK, WHOLE_CITY),
    Route("GET", "/office/desk/families/{family_id}/corrections", "pages.staff.corrections:show", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/office/desk/families/{family_id}/corrections", "pages.staff.corrections:take", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/office/desk/register", "pages.staff.registering:show", DESK_STAFF, DESK, CHOSEN),
    Route("POST", "/office/desk/register", "pages.staff.registering:register", DESK_STAFF, DESK, CHOSEN),
    Route("GET", "/office/desk/registrations/{registration_id}", "pages.staff.desk:show_registration", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}", "pages.staff.desk:change_registration", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/letter.pdf", "pages.staff.desk:get_letter", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/move", "pages.staff.moving:show", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}/move", "pages.staff.moving:move", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/answers", "pages.staff.answers:show", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}/answers", "pages.staff.answers:save", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/fines", "pages.staff.fines:show", PROOF_READERS, MONEY, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}/fines", "pages.staff.fines:change", PROOF_READERS, MONEY, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/children/{child_id}", "pages.staff.desk:show_child", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}/children/{child_id}", "pages.staff.desk:save_child", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/desk/registrations/{registration_id}/children/{child_id}/parents", "pages.staff.parents:show", DESK_STAFF, DESK, REGISTRATION),
    Route("POST", "/office/desk/registrations/{registration_id}/children/{child_id}/parents", "pages.staff.parents:change", DESK_STAFF, DESK, REGISTRATION),
    Route("GET", "/office/sessions/{session_id}/seats", "pages.staff.seats:show", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/seats", "pages.staff.seats:change", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/sessions/{session_id}/leaders", "pages.staff.leaders:show", MANAGERS, OFFICE, SESSION),
    Route("POST", "/office/sessions/{session_id}/leaders", "pages.staff.leaders:name", MANAGERS, OFFICE, SESSION),
    Route("GET", "/office/attendance", "pages.staff.attendance:show", LIST_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/attendance/tomorrow.pdf", "pages.staff.attendance:get_paper", LIST_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/attendance/{session_id}", "pages.staff.attendance:show_list", LIST_READERS, OFFICE, CHILDREN),
    Route("GET", "/office/attendance/{session_id}/list.csv", "pages.staff.attendance:get_csv", LIST_READERS, OFFICE, CHILDREN),
    Route("GET", "/office/attendance/{session_id}/list.xlsx", "pages.staff.attendance:get_xlsx", LIST_READERS, OFFICE, CHILDREN),
    Route("GET", "/office/attendance/{session_id}/gate", "pages.staff.gate:show", LIST_READERS, OFFICE, CHILDREN),
    Route("POST", "/office/attendance/{session_id}/gate", "pages.staff.gate:take", LIST_READERS, OFFICE, CHILDREN),
    Route("GET", "/office/attendance/{session_id}/groups", "pages.staff.groups:show", LIST_READERS, OFFICE, CHILDREN),
    Route("POST", "/office/attendance/{session_id}/groups", "pages.staff.groups:change", LIST_READERS, OFFICE, CHILDREN),
    # The office: taking in what comes by phone, at the desk, by post and by mail
    Route("GET", "/office/intake", "pages.staff.intake:show", DESK_STAFF, CASES, NOTHING),
    Route("POST", "/office/intake", "pages.staff.intake:take", DESK_STAFF, CASES, NOTHING),
    Route("POST", "/office/intake/mail", "pages.staff.intake:read_mail", DESK_STAFF, CASES, NOTHING),
    Route("GET", "/office/intake/mails", "pages.staff.intake:list_mails", DESK_STAFF, CASES, NOTHING),
    Route("POST", "/office/intake/mails", "pages.staff.intake:settle_mail", DESK_STAFF, CASES, NOTHING),
    Route("GET", "/office/intake/mails/{left_id}", "pages.staff.intake:show_mail", DESK_STAFF, CASES, NOTHING),
    Route("POST", "/office/intake/scan", "pages.staff.intake:add_scan", DESK_STAFF, CASES, NOTHING),
    Route("GET", "/office/intake/known", "pages.staff.known_answers:show_all", KNOWN_READERS, CASES, NOTHING),
    Route("GET", "/office/intake/known/{answer_id}", "pages.staff.known_answers:show", MANAGERS, CASES, NOTHING),
    Route("POST", "/office/intake/known/{answer_id}", "pages.staff.known_answers:change", MANAGERS, CASES, WHOLE_CITY),
    # The office: helpers
    Route("GET", "/office/assistance", "pages.staff.assistance:show", ASSISTANCE_READERS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/assistance", "pages.staff.assistance:change", MANAGERS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/assistance/looks", "pages.staff.assistance:show_looks", AUDITORS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/assistance/looks", "pages.staff.assistance:look", AUDITORS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/desk/families/{family_id}/assistance", "pages.staff.assistance:show_family", DESK_STAFF, DESK, OF_FAMILY),
    Route("POST", "/office/desk/families/{family_id}/assistance", "pages.staff.assistance:change_family", DESK_STAFF, DESK, OF_FAMILY),
    Route("GET", "/office/desk/families/{family_id}/assistance/{help_id}/receipt.pdf", "pages.staff.assistance:get_receipt", DESK_STAFF, DESK, OF_FAMILY),
    # The office: what families declared
    Route("GET", "/office/entitlements", "pages.staff.entitlements:show", PROOF_READERS, MONEY, CHOSEN),
    Route("GET", "/office/entitlements/{family_id}", "pages.staff.entitlements:show_family", PROOF_READERS, MONEY, OF_FAMILY),
    Route("POST", "/office/entitlements/{family_id}", "pages.staff.entitlements:change", PROOF_READERS, MONEY, OF_FAMILY),
    Route("GET", "/office/entitlements/{family_id}/{declaration_id}/proof", "pages.staff.entitlements:get_paper", PROOF_READERS, MONEY, OF_FAMILY),
    # The office: cases
    Route("GET", "/office/cases", "pages.staff.cases:show_inbox", CASE_HANDLERS, CASES, CHOSEN),
    Route("GET", "/office/cases/{case_id}", "pages.staff.cases:show_case", CASE_HANDLERS, CASES, OF_CASE),
    Route("POST", "/office/cases/{case_id}", "pages.staff.cases:act", CASE_HANDLERS, CASES, OF_CASE),
    Route("GET", "/office/case-templates", "pages.staff.cases:show_templates", CASE_HANDLERS, CASES, NOTHING),
    Route("POST", "/office/case-templates", "pages.staff.cases:change_template", CASE_HANDLERS, CASES, NOTHING),
    # The office: council, auditor, finance
    Route("GET", "/office/ledger", "pages.staff.ledger:show", LEDGER_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/ledger.csv", "pages.staff.ledger:download", LEDGER_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/accesses", "pages.staff.accesses:show", AUDITORS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/accesses", "pages.staff.accesses:look", AUDITORS, OFFICE, WHOLE_CITY),
    Route("GET", "/office/statistics", "pages.staff.statistics:show", STATISTICS_READERS, OFFICE, CHOSEN),
    Route("GET", "/office/statistics.csv", "pages.staff.statistics:download", STATISTICS_READERS, OFFICE, CHOSEN),
    # The office: the bank
    Route("GET", "/office/statements", "pages.staff.statements:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/statements", "pages.staff.statements:hand_in", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/statements/{statement_id}", "pages.staff.statements:show_statement", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/receivables", "pages.staff.receivables:show", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/receivables.csv", "pages.staff.receivables:as_csv", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/money/tasks", "pages.staff.money_tasks:show", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/money/tasks/{task_id}", "pages.staff.money_tasks:show_task", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/money/tasks/{task_id}", "pages.staff.money_tasks:act", FINANCE, MONEY, WHOLE_CITY),
    # The office: whether anything is forgotten
    Route("GET", "/office/watch", "pages.staff.watch:show", WATCHERS, CASES, WHOLE_CITY),
    Route("POST", "/office/watch", "pages.staff.watch:act", WATCHERS, CASES, WHOLE_CITY),
    Route("GET", "/office/watch/late", "pages.staff.watch:show_late", EVERYBODY, CASES, CHOSEN),
    Route("GET", "/office/watch/links", "pages.staff.watch:show_links", WATCHERS, CASES, WHOLE_CITY),
    Route("POST", "/office/watch/links", "pages.staff.watch:change_links", WATCHERS, CASES, WHOLE_CITY),
    # The office: costs
    Route("GET", "/office/cost", "pages.staff.cost:show", FINANCE, OFFICE, NOTHING),
    Route("POST", "/office/cost", "pages.staff.cost:beside_aws", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost.csv", "pages.staff.cost:as_csv", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost.xlsx", "pages.staff.cost:as_xlsx", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/estimate", "pages.staff.estimate:show", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/estimate.csv", "pages.staff.estimate:as_csv", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/estimate.xlsx", "pages.staff.estimate:as_xlsx", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/alternatives", "pages.staff.alternatives:show", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/alternatives.csv", "pages.staff.alternatives:as_csv", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/alternatives.xlsx", "pages.staff.alternatives:as_xlsx", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/prices", "pages.staff.prices:show", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/prices.csv", "pages.staff.prices:as_csv", FINANCE, OFFICE, NOTHING),
    Route("GET", "/office/cost/prices.xlsx", "pages.staff.prices:as_xlsx", FINANCE, OFFICE, NOTHING),
    # The office: money
    Route("GET", "/office/payees", "pages.staff.payees:show_all", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/payees/{place}", "pages.staff.payees:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/payees/{place}", "pages.staff.payees:change", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/payees/{place}/proposal", "pages.staff.payees:settle", FINANCE, MONEY, WHOLE_CITY),
    # The office: tariffs
    Route("GET", "/office/tariffs", "pages.staff.tariffs:show_all", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("POST", "/office/tariffs", "pages.staff.tariffs:begin", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/tariffs/{place}/{number}", "pages.staff.tariffs:show", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("POST", "/office/tariffs/{place}/{number}", "pages.staff.tariffs:change", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/tariffs/{place}/{number}/tariff.json", "pages.staff.tariffs:get_document", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/tariffs/{place}/{number}/family", "pages.staff.tariff_family:show", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("POST", "/office/tariffs/{place}/{number}/family", "pages.staff.tariff_family:attempt", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/tariffs/{place}/{number}/{part}/{item}", "pages.staff.tariff_parts:show", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("POST", "/office/tariffs/{place}/{number}/{part}/{item}", "pages.staff.tariff_parts:change", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/tariffs/{place}/{number}/{part}/{item}/conditions", "pages.staff.tariff_parts:show_conditions", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("POST", "/office/tariffs/{place}/{number}/{part}/{item}/conditions", "pages.staff.tariff_parts:change_conditions", TARIFF_STAFF, OFFICE, CHOSEN),
    Route("GET", "/office/money", "pages.staff.money_home:show", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/refunds", "pages.staff.refunds:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/refunds", "pages.staff.refunds:release", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/refunds/files", "pages.staff.refunds:make_file", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/refunds/files/{number}", "pages.staff.refunds:get_file", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/refunds/{order_id}", "pages.staff.refund:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/refunds/{order_id}", "pages.staff.refund:change", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/books", "pages.staff.books:show", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/books.csv", "pages.staff.books:as_csv", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/books.xlsx", "pages.staff.books:as_xlsx", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/books/numbers", "pages.staff.book_numbers:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/books/numbers", "pages.staff.book_numbers:change", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/books/{day}", "pages.staff.books:show_day", FINANCE, MONEY, WHOLE_CITY),
    # The office: tax certificates
    Route("GET", "/office/certificates", "pages.staff.certificates:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/certificates", "pages.staff.certificates:change", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/certificates/{year}", "pages.staff.certificates:show_year", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/certificates/{year}", "pages.staff.certificates:act", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/certificates/{year}/belcotax.xml", "pages.staff.certificates:get_file", FINANCE, MONEY, WHOLE_CITY),
    # The office: the front door
    Route("GET", "/office/units", "pages.staff.units:show_all", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/units/{unit_id}", "pages.staff.units:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/units/{unit_id}", "pages.staff.units:change", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/areas", "pages.staff.areas:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/areas", "pages.staff.areas:take", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/areas/{area_id}", "pages.staff.areas:change", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms", "pages.staff.forms:show_all", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms", "pages.staff.forms:begin", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}", "pages.staff.forms:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms/{form_id}", "pages.staff.forms:act", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}/preview", "pages.staff.forms:preview", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}/publication", "pages.staff.forms:compare", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms/{form_id}/publication", "pages.staff.forms:publish", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}/questions", "pages.staff.questions:show_form", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms/{form_id}/questions", "pages.staff.questions:change_form", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}/routing", "pages.staff.form_routing:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms/{form_id}/routing", "pages.staff.form_routing:change", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/forms/{form_id}/parts/{part}", "pages.staff.form_parts:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/forms/{form_id}/parts/{part}", "pages.staff.form_parts:change", MANAGERS, CASES, WHOLE_CITY),
    # The office: reports that anybody may see, and photos
    Route("GET", "/office/cases/{case_id}/public", "pages.staff.public_reports:show", CASE_HANDLERS, CASES, OF_CASE),
    Route("POST", "/office/cases/{case_id}/public", "pages.staff.public_reports:change", CASE_HANDLERS, CASES, OF_CASE),
    Route("GET", "/office/cases/{case_id}/photos/{number}", "pages.staff.public_reports:get_photo", CASE_HANDLERS, CASES, OF_CASE),
    Route("GET", "/office/cases/{case_id}/files/{number}", "pages.staff.case_files:save", CASE_HANDLERS, CASES, OF_CASE),
    # The office: texts
    Route("GET", "/office/texts", "pages.staff.texts:show", EVERYBODY, OFFICE, NOTHING),
    Route("GET", "/office/texts/{key}", "pages.staff.texts:edit", EVERYBODY, OFFICE, NOTHING),
    Route("POST", "/office/texts/{key}", "pages.staff.texts:save", MANAGERS, OFFICE, WHOLE_CITY),
    Route("POST", "/office/texts/{key}/restore", "pages.staff.texts:restore", MANAGERS, OFFICE, WHOLE_CITY),
    # The office: the city pass
    Route("GET", "/office/certificate-rules", "pages.staff.certificate_rules:show", MANAGERS, CASES, WHOLE_CITY),
    Route("POST", "/office/certificate-rules", "pages.staff.certificate_rules:change", MANAGERS, CASES, WHOLE_CITY),
    Route("GET", "/office/counter", "pages.staff.counter:show", CASE_HANDLERS, CASES, CHOSEN),
    Route("POST", "/office/counter", "pages.staff.counter:withdraw", CASE_HANDLERS, CASES, CHOSEN),
    Route("GET", "/office/counter/{case_id}", "pages.staff.counter:show_request", CASE_HANDLERS, CASES, OF_CASE),
    Route("POST", "/office/counter/{case_id}", "pages.staff.counter:decide", CASE_HANDLERS, CASES, OF_CASE),
    Route("GET", "/office/counter/{case_id}/certificate.pdf", "pages.staff.counter:get_file", CASE_HANDLERS, CASES, OF_CASE),
    Route("GET", "/office/citypass", "pages.staff.city_pass:show", CITY_PASS_STAFF, MONEY, CHOSEN),
    Route("POST", "/office/citypass", "pages.staff.city_pass:told", CITY_PASS_DECIDERS, MONEY, CHOSEN),
    Route("GET", "/office/citypass/families/{family_id}", "pages.staff.city_pass:show_family", CITY_PASS_DECIDERS, MONEY, OF_FAMILY),
    Route("POST", "/office/citypass/families/{family_id}", "pages.staff.city_pass:apply", CITY_PASS_DECIDERS, MONEY, OF_FAMILY),
    Route("GET", "/office/citypass/families/{family_id}/{application_id}", "pages.staff.city_pass:show_application", CITY_PASS_DECIDERS, MONEY, CHOSEN),
    Route("POST", "/office/citypass/families/{family_id}/{application_id}", "pages.staff.city_pass:decide", CITY_PASS_DECIDERS, MONEY, CHOSEN),
    Route("GET", "/office/citypass/families/{family_id}/{application_id}/letter.pdf", "pages.staff.city_pass:get_letter", CITY_PASS_DECIDERS, MONEY, CHOSEN),
    Route("GET", "/office/citypass/providers", "pages.staff.city_pass_providers:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/citypass/providers", "pages.staff.city_pass_providers:change", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/payouts", "pages.staff.city_pass_payouts:show", FINANCE, MONEY, WHOLE_CITY),
    Route("POST", "/office/citypass/payouts", "pages.staff.city_pass_payouts:undo", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/payouts.csv", "pages.staff.city_pass_payouts:download", FINANCE, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/vouchers", "pages.staff.city_pass_vouchers:show", CITY_PASS_TRACERS, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/figures", "pages.staff.city_pass_figures:show", CITY_PASS_READERS, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/figures.csv", "pages.staff.city_pass_figures:download", CITY_PASS_READERS, MONEY, WHOLE_CITY),
    Route("GET", "/office/citypass/rules", "pages.staff.city_pass_rules:show", CITY_PASS_RULERS, MONEY, WHOLE_CITY),
    Route("POST", "/office/citypass/rules", "pages.staff.city_pass_rules:change", CITY_PASS_RULERS, MONEY, WHOLE_CITY),
    # The office: swimming
    Route("GET", "/office/swimming", "pages.staff.swimming:show", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("GET", "/office/swimming/patterns", "pages.staff.swimming:show_patterns", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("POST", "/office/swimming/patterns", "pages.staff.swimming:add_pattern", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("GET", "/office/swimming/patterns/{pattern_id}", "pages.staff.swimming:show_pattern", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("POST", "/office/swimming/patterns/{pattern_id}", "pages.staff.swimming:change_pattern", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("GET", "/office/swimming/closed", "pages.staff.swimming:show_closed", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("POST", "/office/swimming/closed", "pages.staff.swimming:close", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("GET", "/office/swimming/terms", "pages.staff.swimming:show_terms", MANAGERS, SWIMMING, WHOLE_CITY),
    Route("POST", "/office/swimming/terms", "pages.staff.swimming:set_terms", MANAGERS, SWIMMING, WHOLE_CITY),
)
# fmt: on


def by_name(routes: Sequence[Route]) -> Mapping[tuple[str, str], Route]:
    """Raises LookupError for a route that stands in the table twice, does not say who may ask or, one of staff, of what
    it is."""
    found = {(route.method, route.address): route for route in routes}
    if len(found) != len(routes) or not all(route.who for route in routes):
        raise LookupError("a route stands in the table twice, or does not say who may ask")
    if any(bool(route.roles) != (route.within is not None) for route in routes):
        raise LookupError("a route of staff does not say what of the city it is about")
    return found


_BY_NAME = by_name(ROUTES)


def find(method: str, address: str) -> Route | None:
    """`address`: as the table has it, with its parameters' names."""
    return _BY_NAME.get((method, address))


def may(staff: Staff | None, method: str, address: str) -> bool:
    """Whether this staff member may ask that route: what a menu or a page offers."""
    return staff is not None and not staff.roles.isdisjoint(_BY_NAME[method, address].roles)
