"""The page behind the link in the mail of an offer or a hold: accept, decline, or ask for more time, without a login.

Looking at it changes nothing, because programs that check mails follow every link in them. It needs no script and
fetches nothing, and its address goes to nobody (it holds the token).
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from chalicelib.api.answering import Answer, Call, Edge, Page
from chalicelib.api.problems import INVALID, OFFER_OVER, UNAUTHORIZED, Problem
from chalicelib.confirmations.mails import Booking, words
from chalicelib.confirmations.writing import template
from chalicelib.families import table as families
from chalicelib.families.rules import Bearer, Pass
from chalicelib.languages import in_words
from chalicelib.offers import links
from chalicelib.offers.accept import accept, extend
from chalicelib.programme import table as programme
from chalicelib.registrations import register
from chalicelib.registrations.rules import Registration, Standing, Status, family_of

MOST_FIELDS = 4
STYLE = """
:root { color-scheme: light }
body { margin: 0; background: #fff; color: #1a1a1a; font: 1.0625rem/1.5 Arial, Helvetica, sans-serif }
main { max-width: 36rem; margin: 0 auto; padding: 1.25rem 1rem 2.5rem }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.25 }
p { margin: 0 0 1rem }
dl { margin: 0 0 1.5rem; border-top: 1px solid #ccc }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .5rem 0; border-bottom: 1px solid #ccc }
dt { flex: 0 0 7rem; color: #4a4a4a }
dd { flex: 1 1 14rem; margin: 0; overflow-wrap: anywhere }
.until { margin: 0 0 1.25rem; padding: .75rem 1rem; border: 2px solid #1a1a1a; border-radius: .5rem }
.until strong { display: block; font-size: 1.375rem; line-height: 1.3 }
button { display: block; width: 100%; margin: 0 0 .75rem; padding: .875rem 1.25rem; border: 2px solid #0b4f8a;
  border-radius: .5rem; background: #fff; color: #0b4f8a; font: inherit; font-weight: 700; cursor: pointer }
button.first { background: #0b4f8a; color: #fff }
button:hover { text-decoration: underline }
button:focus-visible { outline: 3px solid #1a1a1a; outline-offset: 3px }
@media (min-width: 40rem) { button { width: auto; min-width: 20rem } }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Visit:
    """Somebody with the link of a registration of this family."""

    token: str
    who: Bearer
    family: Pass
    registration_id: str


def show(call: Call) -> Answer:
    visit = _visit(call.query.get("token", ""))
    found, standing = register.look_up(visit.who, visit.registration_id, call.now)
    return _page(visit, found, standing)


def take_answer(call: Call) -> Answer:
    """The form's: `token`, and `answer`: accept, decline or extend. Again and again is the same."""
    form = _form(call.body)
    visit = _visit(form.get("token", ""))
    try:
        found, standing = _take(visit, form.get("answer"), call)
    except Problem as problem:
        return problem_page(problem, visit.family.language)
    return _page(visit, found, standing, form.get("answer"))


def problem_page(problem: Problem, language: str) -> Answer:
    document = problem.document(language)
    heading, text = document["title"], document["detail"]
    return _answer(problem.kind.status, "problem.html", language, {"heading": heading, "text": text})


EDGE = Edge(problem=lambda problem, call: problem_page(problem, call.language))


def _take(visit: Visit, answer: str | None, call: Call) -> tuple[Registration, Standing]:
    match answer:
        case "accept":
            return accept(visit.who, visit.registration_id, call.now)
        case "extend":
            return extend(visit.who, visit.registration_id, call.now)
        case "decline":
            _, standing = register.look_up(visit.who, visit.registration_id, call.now)
            if standing.status is Status.OFFERED:  # what is final is not cancelled by an old mail
                register.cancel(visit.who, visit.registration_id, call.now)
            return register.look_up(visit.who, visit.registration_id, call.now)
        case _:
            raise Problem(INVALID)


def _page(visit: Visit, found: Registration, standing: Standing, answer: str | None = None) -> Answer:
    if standing.status is Status.CANCELLED and answer != "decline":
        return problem_page(Problem(OFFER_OVER), visit.family.language)
    session = programme.get(found.session_id)
    if session is None:
        raise LookupError("session")
    language = visit.family.language
    return _answer(
        200,
        "offer.html",
        language,
        {
            **words(Booking(found, session, visit.family)),
            "status": standing.status.value,
            "answer": answer,
            "until": standing.held_until and in_words.moment(standing.held_until, language),
            "can_extend": standing.can_extend,
            "token": visit.token,
        },
    )


def _visit(token: str) -> Visit:
    """Raises Problem `unauthorized`."""
    link = links.read(token)
    family = families.get(family_of(link.registration_id), link.pass_id)
    if family is None:
        raise Problem(UNAUTHORIZED)
    children = {one.child_id: one.birth_date for one in family.children}
    who = Bearer(family.pass_id, family.family_id, family.language, family.postcode, children, family.namings)
    return Visit(token, who, family, link.registration_id)


def _form(body: bytes) -> dict[str, str]:
    """What a browser sends; Problem `invalid` for anything else."""
    try:
        fields = parse_qs(body.decode(), strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(INVALID) from None
    return {name: values[0] for name, values in fields.items()}


def _answer(status: int, name: str, language: str, values: Mapping[str, object]) -> Answer:
    page = template("html", language, name).render(language=language, style=STYLE, **values)
    return Answer(status, Page(page), {**HEADERS, "Content-Language": language})
