"""Mails about registrations that did not arrive: whom the desk tells instead, offers first."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.mail import undelivered
from chalicelib.mail.rules import OF_REGISTRATIONS, MailKind
from chalicelib.mail.undelivered import Undelivered
from chalicelib.office import scope
from chalicelib.office.desk import registering
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import unsent
from chalicelib.pages.staff.desk import DeskLine, line_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

AT_ONCE = 25
ADDRESS = "/office/desk/mails"


@dataclass(frozen=True)
class UndeliveredLine:
    """`line`: the registration, None if it is gone."""

    key: str
    about: str
    reason: str
    at: datetime
    line: DeskLine | None


def show(visit: Visit, by: Staff) -> Answer:
    """`?after=`: the key behind which this page begins."""
    after = visit.query.get("after")
    if after is not None and _key(after) is None:
        raise Problem(NOT_FOUND)
    found, following = undelivered.page(after, AT_ONCE)
    is_theirs = scope.theirs(by)
    lines = [line for one in found if (line := _line(visit, one, is_theirs))]
    return page(visit, "pages/staff/undelivered.html", lines=lines, following=following, begins=after is None)


def settle(visit: Visit, by: Staff) -> Answer:
    """The family knows by now, so it is no work any more. Of a registration that is there, only those may say so whose
    work it is."""
    key = _key(read_form(visit)["told"])
    if key is None:
        raise Problem(NOT_FOUND)
    if registrations.get(key[1]):
        scope.of_registration(by, visit.now, key[1])
    undelivered.forget(*key)
    return redirect(visit, ADDRESS)


def _key(given: str) -> tuple[MailKind, str] | None:
    kind, _, id_ = given.partition("#")
    return (MailKind(kind), id_) if kind in OF_REGISTRATIONS and id_.isalnum() else None


def _line(visit: Visit, one: Undelivered, is_theirs: scope.Theirs) -> UndeliveredLine | None:
    """None: it is about a session of a municipality that is not theirs."""
    record = registrations.get(one.id)
    session = programme.get(record.session_id) if record else None
    if session and not is_theirs(session.municipality):
        return None
    try:
        found = registering.look_up(one.id, visit.now)
    except Problem:  # erased, or expired: nobody is left to tell
        line = None
    else:
        line = line_of(found, session)
    return UndeliveredLine(
        f"{one.kind}#{one.id}", unsent.KINDS[one.kind], unsent.REASONS.get(one.reason, unsent.REFUSED), one.at, line
    )
