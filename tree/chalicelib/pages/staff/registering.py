"""Registering for a family on the phone: one page, by the keyboard alone (tests/browser counts the keys)."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.booking.registrations.handlers import KEY_HEADER, checked_key
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.office import scope
from chalicelib.office.desk import registering, requests
from chalicelib.office.desk.families import desk_number
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.desk import reason_of
from chalicelib.people.families import addressees
from chalicelib.people.families.handlers import CHILD, MOST_CHILDREN
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.handlers import public_sessions
from chalicelib.programme.sessions.rules import SessionStatus

# The first is what the page begins with.
REASONS = (
    N_("The family called the desk to register."),
    N_("The family came to the desk to register."),
    N_("The family has no mail address or no internet."),
    N_("The family did not manage on the site."),
)
PARTS = tuple(CHILD.fields)
LEAST_CHILDREN = 4
KEPT = ("email", "language", "postcode", "session_id", "reason", "usual_reason")
ADDRESSEE = tuple(f"addressee.{name}" for name in requests.ADDRESSEE.fields)


def show(visit: Visit, by: Staff) -> Answer:
    """Empty, or with `?like=` a registration of the family that calls again."""
    fields = {"language": visit.language, "waitlist": "true", "session_id": visit.query.get("session_id", "")}
    if like := visit.query.get("like"):
        scope.of_registration(by, visit.now, like)
        fields |= _like(registering.look_up(like, visit.now))
    return _page(visit, by, Form(fields, {"waitlist": ["true"]}), _new_key())


def register(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    key = form["key"] or _new_key()
    ticked = {"waitlist": "true"} if form["waitlist"] == "true" else {}
    given = Form({**family(form), "session_id": form["session_id"], **ticked, "reason": reason_of(form)})
    try:
        with visit.attempting():
            wanted = requests.to_register(given.document(requests.FOR_A_FAMILY), by, visit.now)
            made, _ = registering.register_for(*wanted, checked_key(key))
    except Problem as problem:
        kept = {name: form[name] for name in (*KEPT, *ADDRESSEE)}
        again = Form(kept | _rows(_children(form)), {"waitlist": form.all("waitlist")})
        return _refused(visit, by, again, key, problem)
    return redirect(visit, f"/office/desk/registrations/{made.registration.registration_id}?done=register")


def family(form: Form) -> dict[str, str]:
    """The fields of a family, without the rows that were left empty. One field of the page says who it is: a mail
    address, the number of a family without one, or nothing for a family that has neither yet."""
    who = form["email"].strip()
    known = {"email": who} if "@" in who else {"desk_number": who.lower()} if who else {}
    said = {name: form[name].strip() for name in ADDRESSEE if form[name].strip()}
    whose = {"language": form["language"], "postcode": form["postcode"].strip()}
    return {**known, **said, **whose, **_rows(_children(form))}


def _children(form: Form) -> list[dict[str, str]]:
    rows = [{part: form[f"children[{place}].{part}"].strip() for part in PARTS} for place in range(MOST_CHILDREN)]
    return [one for one in rows if any(one.values())] or rows[:1]


def _rows(children: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {f"children[{place}].{part}": value for place, one in enumerate(children) for part, value in one.items()}


def _like(found: registering.StaffRegistration) -> dict[str, str]:
    known = found.family
    letters_to = vars(addressees.get(known.family_id)) if desk_number(known) else {}
    return {
        **{f"addressee.{name}": text for name, text in letters_to.items()},
        "email": known.email or desk_number(known) or "",
        "postcode": known.postcode,
        "language": known.language,
        **_rows({part: str(getattr(one, part)) for part in PARTS} for one in known.children),
    }


def _refused(visit: Visit, by: Staff, form: Form, key: str, problem: Problem) -> Answer:
    """The page with what was typed, and why it was not to be."""
    document: Mapping[str, Any] | None = problem.document(visit.language)
    if problem.errors:
        form = form.wrong(problem, visit.language)
        errors = dict(form.errors)
        if "desk_number" in errors:
            errors.setdefault("email", errors.pop("desk_number"))
        if KEY_HEADER in errors:  # after the button Back, with other names: that is another registration
            key = _new_key()
            errors.pop(KEY_HEADER)
        else:
            document = None
        form = Form(form.values, form.several, errors)
    if problem.extra.get("desk_number"):  # its pass is stored: the next try is the same family's
        form = Form({**form.values, "email": problem.extra["desk_number"]}, form.several, form.errors)
    return _page(visit, by, form, key, problem.kind.status, document)


def _page(
    visit: Visit, by: Staff, form: Form, key: str, status: int = 200, problem: Mapping[str, Any] | None = None
) -> Answer:
    is_theirs = scope.theirs(by)
    return page(
        visit,
        "pages/staff/register.html",
        status,
        form=form,
        key=key,
        problem=problem,
        has_addressee=any(form[name] or name in form.errors for name in ADDRESSEE),
        **rows(form),
        sessions=[
            one
            for one in public_sessions(visit.now)
            if one.status is not SessionStatus.CLOSED and is_theirs(one.municipality)
        ],
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        reasons=REASONS,
    )


def rows(form: Form) -> dict[str, int]:
    """How many children's rows the page shows, and how many it has with those that are folded away."""
    filled = sum(f"children[{place}].first_name" in form.values for place in range(MOST_CHILDREN))
    return {"filled": max(1, filled), "children": min(MOST_CHILDREN, max(LEAST_CHILDREN, filled + 1))}


def _new_key() -> str:
    return f"desk-{secrets.token_urlsafe(12)}"
