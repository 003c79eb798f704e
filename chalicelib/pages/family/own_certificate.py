"""A request for a certificate, as whoever has its receipt and secret sees it: show who you are, download it.

A sign-in counts for a request only after whoever signed in said that it is theirs: else somebody could send the link of
their own request to another person, whose sign-in would prove that person's identity for it.
"""

import hmac

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, NOT_NOW, Problem, existing
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.counter import identity, issuing, table
from chalicelib.front_door.counter.identity import SignIn
from chalicelib.front_door.counter.rules import is_for
from chalicelib.front_door.forms import table as forms
from chalicelib.pages.frame.cookies import IDENTITY
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import said

BACK = "/certificates/signed-in"


def show(visit: Visit, receipt: str) -> Answer:
    return _page(visit, _case(receipt, visit.query.get("secret", "")))


def begin(visit: Visit, receipt: str) -> Answer:
    """To the provider's page. Which request it is for stands in a cookie of this browser."""
    case = _case(receipt, visit.query.get("secret", ""))
    if not identity.is_there() or not case.is_in_hand:
        raise Problem(NOT_FOUND)
    begun = identity.begun()
    visit.set_cookie(IDENTITY, ".".join((begun.state, begun.verifier, begun.nonce, case.receipt, case.secret)))
    return Answer(303, None, {"Location": identity.address(begun, visit.base + BACK)})


def back(visit: Visit) -> Answer:
    """Back from there: asks whether the request is theirs, before anything is proven. Without a code: they turned
    back."""
    _, case = _begun(visit, visit.query.get("state", ""))
    if not visit.query.get("code"):
        visit.forget_cookie(IDENTITY)
        return redirect(visit, _address(case))
    return page(
        visit,
        "pages/family/own_certificate_confirm.html",
        case=case,
        title=_title(case, visit.language),
        name=case.answers.get("name", "") or case.contact.name,
        code=visit.query["code"],
        state=visit.query.get("state", ""),
    )


def confirm(visit: Visit) -> Answer:
    form = read_form(visit)
    begun, case = _begun(visit, form["state"])
    visit.forget_cookie(IDENTITY)
    if form["do"] != "mine":
        return redirect(visit, _address(case))
    try:
        with visit.attempting():
            who = identity.proven(begun, form["code"], visit.base + BACK, visit.now)
            issuing.prove_by_sign_in(case, who)
    except Interfered:
        return _page(visit, case, Problem(CHANGED))
    except Problem as problem:
        if problem.kind is not NOT_NOW:
            raise
        return _page(visit, case, problem)
    return redirect(visit, f"{_address(case)}&done=proven")


def _begun(visit: Visit, state: str) -> tuple[SignIn, Case]:
    """The sign-in that this browser began, and the request that it was for. Raises Problem `not-found`."""
    parts = visit.cookies.get(IDENTITY, "").split(".")
    if len(parts) != 5 or not hmac.compare_digest(parts[0].encode(), state.encode()):
        raise Problem(NOT_FOUND)
    return SignIn(*parts[:3]), _case(parts[3], parts[4])


def _case(receipt: str, secret: str) -> Case:
    case = sending.opened(receipt, secret)
    if not is_for(case):
        raise Problem(NOT_FOUND)
    return case


def _address(case: Case) -> str:
    return f"/cases/{case.receipt}/certificate?secret={case.secret}"


def _title(case: Case, language: str) -> str:
    return said(existing(forms.version(case.form_id, case.form_version)).title, language)


def _page(visit: Visit, case: Case, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/family/own_certificate.html",
        status=problem.kind.status if problem else 200,
        case=case,
        title=_title(case, visit.language),
        issued=table.of_case(case.case_id),
        identity=table.identity(case.case_id),
        provider=identity.provider() if identity.is_there() else "",
        done=visit.query.get("done"),
        problem=refused(visit, problem),
    )
