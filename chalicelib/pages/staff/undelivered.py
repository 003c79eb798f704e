"""Mails about registrations that did not arrive: whom the desk tells instead, offers first."""

import re
from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.mail import undelivered
from chalicelib.mail.rules import TO_TELL, MailKind
from chalicelib.mail.undelivered import Undelivered
from chalicelib.office import scope
from chalicelib.office.desk import registering, work
from chalicelib.office.desk.rules import registration_of
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import unsent
from chalicelib.pages.staff.desk import DeskLine, line_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

AT_ONCE = 25
# Of a message to the other parent: registration, child, how it stands.
OF_OTHER_PARENT = re.compile(r"[0-9a-z]+/[0-9a-z]+/[0-9a-z-]+")
ADDRESS = "/office/desk/mails"


@dataclass(frozen=True)
class UndeliveredLine:
    """`line`: the registration, None if it is gone. `email`: to which the mail went."""

    key: str
    about: str
    reason: str
    at: datetime
    line: DeskLine | None
    email: str | None


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
    registration_id = registration_of(key[1])
    if registrations.get(registration_id):
        scope.of_registration(by, visit.now, registration_id)
    undelivered.forget(*key)
    return redirect(visit, ADDRESS)


def _key(given: str) -> tuple[MailKind, str] | None:
    kind, _, id_ = given.partition("#")
    is_id = OF_OTHER_PARENT.fullmatch(id_) if kind == MailKind.OTHER_PARENT else id_.isalnum()
    return (MailKind(kind), id_) if kind in TO_TELL and is_id else None


def _line(visit: Visit, one: Undelivered, is_theirs: scope.Theirs) -> UndeliveredLine | None:
    """None: it is about a session of a municipality that is not theirs."""
    record = registrations.get(registration_of(one.id))
    session = programme.get(record.session_id) if record else None
    if session and not is_theirs(session.municipality):
        return None
    try:
        found = registering.look_up(registration_of(one.id), visit.now)
    except Problem:  # erased, or expired: nobody is left to tell
        line = email = None
    else:
        line, email = line_of(found, session), work.address_of(one, found.family)
    return UndeliveredLine(
        key=f"{one.kind}#{one.id}",
        about=unsent.KINDS[one.kind],
        reason=unsent.REASONS.get(one.reason, unsent.REFUSED),
        at=one.at,
        line=line,
        email=email,
    )
