"""From a browser's request to a page and back: cookies in and out, what every page says in its headers, and how a
problem looks to a person."""

from dataclasses import replace
from urllib.parse import quote

from chalice.app import Request

from chalicelib.core import settings
from chalicelib.core.http.answering import Answer, Call, Edge, Page
from chalicelib.core.http.problems import NOT_ALLOWED, NOT_SIGNED_IN, UNAUTHORIZED, Problem
from chalicelib.core.languages import translate
from chalicelib.pages.frame import signing_in
from chalicelib.pages.frame.cookies import HELP, PUBLIC
from chalicelib.pages.frame.helped import (
    OUTSIDE_HELP,
    begin_idling_anew,
    helped,
    helping_still,
    note_answer,
)
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import OFFICE, Visit, visit
from chalicelib.people.staff.rules import ROLE_NAMES, Role

# These work although nobody can be asked who it is; then they are the way out.
BEFORE_SIGNING_IN = (*(f"{OFFICE}/sign-in{one}" for one in ("", "/page")), f"{OFFICE}/signed-in", f"{OFFICE}/sign-out")
# A page asks for this by itself, again and again: nobody need sit there.
ASKED_BY_ITSELF = f"{OFFICE}/openings/{{opening_id}}/live/figures"
# What search engines may list, as anybody sees it: no page about a family, nor one for staff, nor a link of a mail.
TO_BE_FOUND = frozenset(
    {
        "/",
        "/accessibility",
        "/assets/{name}",
        "/certificates/verify",
        "/citypass",
        "/forms",
        "/forms/{form_id}",
        "/figures/cases",
        "/figures/certificates",
        "/help",
        "/ledger",
        "/logos/{name}",
        "/openings",
        "/openings/{opening_id}",
        "/prepare",
        "/privacy",
        "/programme",
        "/receipts",
        "/receipts/{day}",
        "/reports",
        "/sessions/{session_id}",
        "/status",
        "/swimming",
    }
)
# No script, style, picture or form of anybody else's; and nobody else's page around ours. The address of a page is told
# to our own pages only: with nothing told at all, browsers send forms as if they came from nowhere.
OWN_FORMS = "form-action 'self'"
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    f"font-src 'self'; connect-src 'self'; {OWN_FORMS}; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def _enter(call: Call, request: Request) -> Call:
    return visit(call, request)


def _recognize(call: Call) -> Call:
    assert isinstance(call, Visit), "pages are for visits"
    if not call.path.startswith(OFFICE) or call.path in BEFORE_SIGNING_IN:
        return helped(call) if HELP in call.cookies else call
    return replace(call, sender=signing_in.signed_in(call, is_work=call.address != ASKED_BY_ITSELF))


def _problem(problem: Problem, call: Call) -> Answer:
    assert isinstance(call, Visit), "pages are for visits"
    if problem.kind is NOT_SIGNED_IN and call.method == "GET":
        return redirect(call, f"{OFFICE}/sign-in?next={quote(call.path, safe='')}")
    if problem.kind.slug == OUTSIDE_HELP:
        call = helping_still(call)
    template = "pages/staff/problem.html" if call.path.startswith(OFFICE) else "pages/family/problem.html"
    document = problem.document(call.language)
    if problem.kind is NOT_ALLOWED:
        roles = _roles(document["roles"], call.language)
        document["detail"] = translate(NOT_ALLOWED.detail, call.language, roles=roles)
    shown = page(
        call,
        template,
        problem.kind.status,
        problem=document,
        errors=[one["message"] for one in document.get("errors", ())],
        needs_pass=problem.kind is UNAUTHORIZED,
        needs_sign_in=problem.kind is NOT_SIGNED_IN,
    )
    if problem.retry_after is None:
        return shown
    return replace(shown, headers={**shown.headers, "Retry-After": str(problem.retry_after)})


def _roles(named: str, language: str) -> str:
    """`named`: as a program wants them, "desk, auditor"."""
    return ", ".join(translate(ROLE_NAMES[Role(one)], language) for one in named.split(", "))


def _leave(result: Answer, call: Call) -> Answer:
    assert isinstance(call, Visit), "pages are for visits"
    headers = {**SECURITY, **result.headers}
    # Signing out leads through Cognito, and a browser holds a form to all of its way.
    if call.path.startswith(OFFICE) and "Content-Security-Policy" not in result.headers:
        policy = SECURITY["Content-Security-Policy"]
        headers["Content-Security-Policy"] = policy.replace(OWN_FORMS, f"{OWN_FORMS} {settings.staff_sign_in()}")
    if call.address not in TO_BE_FOUND or call.token is not None:
        headers["X-Robots-Tag"] = "noindex"
    if call.act_id:
        note_answer(call, result.status)
    if PUBLIC in call.cookies and isinstance(result.body, Page):
        begin_idling_anew(call)
    if call.to_set:
        headers["Set-Cookie"] = call.to_set
    return replace(result, headers=headers)


PAGES = Edge(enter=_enter, recognize=_recognize, problem=_problem, leave=_leave)
