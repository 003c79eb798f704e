"""The form by which children move to another session: the family's and the desk's are the same."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.booking.registrations.handlers import wanted_transfer
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.core.http.problems import FieldError, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.pages.frame.forms import Form
from chalicelib.people.families.rules import Child
from chalicelib.programme.sessions.handlers import PublicSession, public_sessions
from chalicelib.programme.sessions.rules import SessionStatus
from chalicelib.seats.rules import birth_dates

CHOOSE = N_("Choose a session.")
OFFERED = (SessionStatus.OPEN, SessionStatus.FULL)


def options(
    children: Iterable[Child], without: str, now: datetime, is_theirs: Callable[[str], bool] = lambda _: True
) -> list[PublicSession]:
    """The sessions to which one of these children could move, by their ages. `without`: where they are now."""
    births = [one.birth_date for one in children]
    return [
        one
        for one in public_sessions(now)
        if one.status in OFFERED
        and one.session_id != without
        and is_theirs(one.municipality)
        and any(_fits(one, born) for born in births)
    ]


def typed(form: Form, key: str) -> Transfer:
    """The choice that was made; raises Problem `invalid` that names the field."""
    if not form["session_id"]:
        raise invalid("session_id", CHOOSE)
    chosen: Mapping[str, Any] = {
        "session_id": form["session_id"],
        "waitlist": form["waitlist"] == "true",
        **({"child_ids": form.all("child_ids")} if form.has("child_ids") else {}),
    }
    return wanted_transfer(chosen, key)


def wrong(form: Form, problem: Problem, language: str) -> Form:
    """The form with what is wrong beside its fields; whatever is wrong with one of the children beside all of them."""
    if not problem.errors:
        return form
    about = [
        FieldError(one.field if one.field == "session_id" else "child_ids", one.message, one.values)
        for one in problem.errors[:1]
    ]
    return form.wrong(Problem(problem.kind, errors=about), language)


def _fits(session: PublicSession, born: date) -> bool:
    first, last = birth_dates(session.starts_on, session.age_min, session.age_max)
    return first <= born <= last
