"""Registering for a family on the phone: one page, by the keyboard alone (tests/browser counts the keys)."""

import secrets
from collections.abc import Mapping
from typing import Any

from chalicelib.api.answering import Answer
from chalicelib.api.problems import Problem
from chalicelib.desk import handlers, registering
from chalicelib.desk.families import desk_number
from chalicelib.families.handlers import MOST_CHILDREN
from chalicelib.languages import LANGUAGES, N_
from chalicelib.office.desk import reason_of
from chalicelib.programme.handlers import list_sessions
from chalicelib.registrations.handlers import KEY_HEADER
from chalicelib.staff.rules import Staff
from chalicelib.web.forms import Form, read_form
from chalicelib.web.pages import NAMES_OF_LANGUAGES, ask, page, redirect
from chalicelib.web.visit import Visit

# The first is what the page begins with.
REASONS = (
    N_("The family called the desk to register."),
    N_("The family came to the desk to register."),
    N_("The family has no mail address or no internet."),
    N_("The family did not manage on the site."),
)
PARTS = ("first_name", "last_name", "birth_date")
LEAST_CHILDREN = 4


def show(visit: Visit, by: Staff) -> Answer:
    """Empty, or with `?like=` a registration of the family that calls again."""
    fields = {"language": visit.language, "waitlist": "true", "session_id": visit.query.get("session_id", "")}
    if visit.query.get("like"):
        fields |= _family(registering.look_up(visit.query["like"], visit.now))
    return _page(visit, Form(fields, {"waitlist": ["true"]}), _new_key())


def register(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    content, again = typed(form)
    key = form["key"] or _new_key()
    try:
        made = ask(visit, handlers.register_family, content, headers={KEY_HEADER: key})
    except Problem as problem:
        return _refused(visit, again, key, problem)
    return redirect(visit, f"/office/desk/registrations/{made['registration_id']}?done=register")


def typed(form: Form) -> tuple[dict[str, Any], Form]:
    """What the API takes, and the form as it is shown again. One field says who it is: a mail address, the number of a
    family without one, or nothing for a family that has neither yet."""
    family = form["email"].strip()
    rows = [{part: form[f"children[{place}].{part}"].strip() for part in PARTS} for place in range(MOST_CHILDREN)]
    children = [one for one in rows if any(one.values())] or rows[:1]
    content = {
        "email": family if "@" in family else None,
        "desk_number": family.lower() if family and "@" not in family else None,
        "language": form["language"],
        "postcode": form["postcode"].strip(),
        "children": children,
        "session_id": form["session_id"],
        "waitlist": form["waitlist"] == "true",
        "reason": reason_of(form),
    }
    kept = {name: form[name] for name in ("email", "language", "postcode", "session_id", "reason", "usual_reason")}
    return content, Form(kept | _rows(children), {"waitlist": form.all("waitlist")})


def _rows(children: list[dict[str, str]]) -> dict[str, str]:
    return {f"children[{place}].{part}": value for place, one in enumerate(children) for part, value in one.items()}


def _family(found: registering.Found) -> dict[str, str]:
    family = found.family
    children = [
        {"first_name": one.first_name, "last_name": one.last_name, "birth_date": one.birth_date.isoformat()}
        for one in family.children
    ]
    return {
        "email": family.email or desk_number(family) or "",
        "postcode": family.postcode,
        "language": family.language,
        **_rows(children),
    }


def _refused(visit: Visit, form: Form, key: str, problem: Problem) -> Answer:
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
    return _page(visit, form, key, problem.kind.status, document)


def _page(visit: Visit, form: Form, key: str, status: int = 200, problem: Mapping[str, Any] | None = None) -> Answer:
    return page(
        visit,
        "office/register.html",
        status,
        form=form,
        key=key,
        problem=problem,
        **rows(form),
        sessions=[one for one in ask(visit, list_sessions)["sessions"] if one["status"] != "closed"],
        languages_offered=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        reasons=REASONS,
    )


def rows(form: Form) -> dict[str, int]:
    """How many children's rows the page shows, and how many it has with those that are folded away."""
    filled = sum(f"children[{place}].first_name" in form.values for place in range(MOST_CHILDREN))
    return {"filled": max(1, filled), "children": min(MOST_CHILDREN, max(LEAST_CHILDREN, filled + 1))}


def _new_key() -> str:
    return f"desk-{secrets.token_urlsafe(12)}"
