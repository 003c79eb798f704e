"""Open311 GeoReport v2, below /open311: discovery, services, their definitions, requests.

There is one jurisdiction, so `jurisdiction_id` is passed over, and so is `api_key`: nobody needs one. Every service is
realtime, so there are no tokens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from chalicelib.core import settings
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import BODY_TOO_LARGE, MAX_BODY_BYTES, check
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem, existing, invalid
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.handlers import CONTACT, LOCATION
from chalicelib.front_door.cases.rules import Contact, Way, case_id_of
from chalicelib.front_door.cases.sending import CaseRequest, SentCase, send
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form
from chalicelib.front_door.open311 import listing, requests, services
from chalicelib.front_door.open311.documents import TYPES, Value
from chalicelib.front_door.open311.edge import as_answer
from chalicelib.front_door.open311.requests import ServiceRequest
from chalicelib.front_door.open311.services import Posted
from chalicelib.front_door.units import table as units
from chalicelib.programme.questions.rules import said
from chalicelib.routes import OPEN311

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
POSTED = "application/x-www-form-urlencoded"
MOST_FIELDS = 200

AS_FORM = N_("Post a form in UTF-8 (application/x-www-form-urlencoded), with at most {most} fields.")
NO_SERVICE = N_("There is no such service. GET services lists those that there are.")
NEEDS_NO_KEY = N_("No key is needed.")
NOTICE = N_("There is an answer by {day}. Receipt: {receipt}.")
NOTICE_WITH_LINK = N_("There is an answer by {day}. Receipt: {receipt}. To see how it stands: {link}")
# Seconds for which whoever asked may keep what everybody is told.
KEPT = {"Cache-Control": "public, max-age=60"}


def get_document(call: Call, document: str) -> Answer:
    """discovery, services or requests."""
    name, form = _named(document)
    match name:
        case "discovery":
            return _kept(as_answer("discovery", _discovery(call), form), call)
        case "services":
            group = _names_of_units(call.language)
            listed = [services.service(one, group.get(one.owner, ""), call.language) for one in _services(call.now)]
            return _kept(as_answer("services", listed, form), call)
        case "requests":
            return _kept(_listed(call, form), call)
    raise Problem(NOT_FOUND)


def get_service(call: Call, document: str) -> Answer:
    code, form = _named(document)
    return _kept(
        as_answer("service_definition", services.definition(_service(code, call.now), call.language), form), call
    )


def get_request(call: Call, document: str) -> Answer:
    receipt, form = _named(document)
    case_id = case_id_of(receipt)
    case = cases.get(case_id) if case_id else None
    seen = existing(listing.seen_of(case) if case else None)
    return as_answer("service_requests", _requests([seen], call.language), form)


def post_request(call: Call, document: str) -> Answer:
    """A case, once it is stored."""
    name, form = _named(document)
    if name != "requests":
        raise Problem(NOT_FOUND)
    fields = _posted(call)
    code = fields.get("service_code", [""])[-1].strip()
    if not code:
        raise invalid("service_code", NO_SERVICE)
    service = _service(code, call.now)
    try:
        return _sent(service, fields, call, form)
    except Problem as problem:
        if not problem.errors:
            raise
        errors = [replace(one, field=services.as_posted(one.field, service, fields)) for one in problem.errors]
        raise Problem(problem.kind, problem.extra, errors, problem.retry_after) from None


def _sent(service: Form, fields: Mapping[str, list[str]], call: Call, form: str) -> Answer:
    """Raises Problem, whose errors name the fields of a case."""
    posted, errors = services.read(service, fields, call.language)
    if posted.place and posted.place.address:
        LOCATION.fields["address"].read(posted.place.address, "address_string", errors)
    for name, given in services.names_in(fields).items():
        CONTACT.fields["name"].read(given, name, errors)
    if errors:
        raise Problem(INVALID, errors=errors)
    contact = _contact(posted, call.language)
    sent = send(
        CaseRequest(
            form_id=service.form_id,
            version=service.version,
            answers=posted.answers,
            contact=contact,
            place=posted.place,
            way=Way.OPEN311,
            key=services.key_of(fields, call.now),
        ),
        call.now,
    )
    notice = _notice(sent, contact, call)
    receipt: Value = [{"service_request_id": sent.case.receipt, "service_notice": notice, "account_id": None}]
    return as_answer("service_requests", receipt, form)


def _contact(posted: Posted, language: str) -> Contact:
    """Raises Problem `invalid`."""
    given = {"email": posted.email or None, "phone": posted.phone or None, "name": posted.name or None}
    return Contact(**{key: value or "" for key, value in check(CONTACT, {**given, "language": language}).items()})


def _notice(sent: SentCase, contact: Contact, call: Call) -> str:
    """With the link that opens the case. Posted again it is told only where nobody said who they are: whoever guesses
    what somebody wrote within the hour learns nothing of it, and the link is in that person's mail."""
    case = sent.case
    said_of = {"day": case.answer_by, "receipt": case.receipt}
    if not sent.is_new and contact.is_reachable:
        return translate(NOTICE, call.language, **said_of)
    link = f"{_base(call)}/cases/{case.receipt}?secret={case.secret}"
    return translate(NOTICE_WITH_LINK, call.language, **said_of, link=link)


def _discovery(call: Call) -> dict[str, Value]:
    changed = max((head.since for head in forms.remembered_heads().values() if head.since), default=call.now)
    endpoint: Value = {
        "specification": SPECIFICATION,
        "url": f"{_base(call)}{OPEN311}",
        "changeset": requests.w3(changed),
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": requests.w3(changed),
        "contact": f"{_base(call)}/help",
        "key_service": translate(NEEDS_NO_KEY, call.language),
        "endpoints": [endpoint],
    }


def _listed(call: Call, form: str) -> Answer:
    """With a link to what is older, where the span has more than a list may."""
    asked = requests.wanted(call.query, call.now)
    found = listing.found(asked)
    answer = as_answer("service_requests", _requests(found.requests, call.language), form)
    if found.goes_on is None or found.goes_on < asked.since:
        return answer
    span = {"start_date": requests.w3(asked.since), "end_date": requests.w3(found.goes_on)}
    query = urlencode({**{name: value for name, value in call.query.items() if name != "page"}, **span})
    older = f'<{_base(call)}{OPEN311}/requests.{form}?{query}>; rel="next"'
    return replace(answer, headers={**answer.headers, "Link": older})


def _requests(some: Iterable[ServiceRequest], language: str) -> list[dict[str, Value]]:
    names = _names_of_units(language)
    return [requests.document(one, names.get(one.unit_id, ""), language) for one in some]


def _services(now: datetime) -> list[Form]:
    every = sorted(forms.published().values(), key=lambda form: form.form_id)
    return [form for form in every if services.is_service(form, today(now))]


def _service(code: str, now: datetime) -> Form:
    return existing(next((form for form in _services(now) if form.form_id == code), None))


def _names_of_units(language: str) -> dict[str, str]:
    return {unit_id: said(unit.name, language) for unit_id, unit in units.remembered().items()}


def _named(document: str) -> tuple[str, str]:
    """Name and format; raises Problem `not-found` for a format that there is not."""
    name, _, form = document.rpartition(".")
    if form not in TYPES:
        raise Problem(NOT_FOUND)
    return name, form


def _posted(call: Call) -> dict[str, list[str]]:
    if len(call.body) > MAX_BODY_BYTES:
        raise invalid("body", BODY_TOO_LARGE)
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != POSTED:
        raise invalid("body", AS_FORM, most=MOST_FIELDS)
    try:
        return parse_qs(call.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise invalid("body", AS_FORM, most=MOST_FIELDS) from None


def _kept(told: Answer, call: Call) -> Answer:
    return Answer(told.status, told.body, {**told.headers, **KEPT, "Content-Language": call.language})


def _base(call: Call) -> str:
    return settings.public_url() or f"https://{call.headers.get('host', '')}"
