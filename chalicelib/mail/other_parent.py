"""The other parent of a child that is shared is told how its registrations stand, by messages and mails of its own."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.booking.registrations import moving, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, family_of, reference_of
from chalicelib.core.ids import named
from chalicelib.core.moments import today
from chalicelib.mail import mails, onward, outbox, undelivered
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import CAMP_DAYS, MailKind, Message
from chalicelib.mail.sending import by_us, send
from chalicelib.people.families import sharing
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

_CALLED_OFF, _SOON = "called-off", "soon"
_OVER = (RegistrationStatus.CANCELLED.value, _CALLED_OFF)


class NotQueued(Exception):
    """The message for another parent did not get into the queue: the one that calls for it comes again."""


def tell_of(record: Registration) -> None:
    """A message of its own for each parent with whom a child is shared, so that one address that fails repeats nobody
    else's mail. Raises NotQueued."""
    shared = sharing.with_whom(record.family_id, record.every_child)
    about = [Message(MailKind.OTHER_PARENT, f"{record.registration_id}/{child}", record.session_id) for child in shared]
    if about and outbox.queue(about):
        raise NotQueued


def tell_of_all(message: Message) -> None:
    """The same of all that a family has, or had, in the session of a message."""
    for one in registrations.of_family(family_of(message.id)):
        if one.session_id == message.session_id:
            tell_of(one)


def write(message: Message) -> None:
    """How the registration stands for the child, in the words and the language of the other parent; once for each way
    in which it stands, and once more when the camp comes. Nothing if it is shared no more, or may not be told."""
    registration_id, _, child_id = message.id.partition("/")
    record = registrations.get(registration_id)
    second = sharing.with_whom(record.family_id, [child_id]).get(child_id) if record else None
    share = sharing.share(second, child_id) if second else None
    if record is None or second is None or share is None or share.first != record.family_id:
        return
    if sharing.is_confidential(record.family_id):
        return
    session, mailed = programme.get(record.session_id), sharing.mailed(second, child_id)
    if session is None:
        raise LookupError("session")
    stands = _stands_for(record, child_id, session)
    if stands is None or mailed is None:
        return
    mark = said = f"{stands}#{registration_id}"
    if stands not in _OVER and session.sequence:  # a camp that changed is told of anew
        mark = f"{said}#{session.sequence}"
    if mark in mailed and _comes(stands, session):
        stands, mark = _SOON, f"{_SOON}#{registration_id}#{session.starts_on}"
    if mark in mailed:
        return
    reader = sharing.reader(second, child_id)
    if reader is None:
        raise LookupError("pass")
    family, child = reader
    told = mails.OtherParent(
        first_name=child.first_name,
        stands=stands,
        session=session,
        reference=reference_of(record),
        url=onward.by_pass(family, onward.START),
        before=programme.get(before.session_id) if (before := moving.came_from(record)) else None,
        is_changed=stands != _SOON and any(one == said or one.startswith(f"{said}#") for one in mailed),
    )
    # What it says stands in its id: what the desk has told of one is not told of the next.
    saying = replace(message, id="/".join((message.id, mark.replace(f"#{registration_id}", "").replace("#", "-"))))
    try:
        send(saying, mails.other_parent(named(f"{second} {mark}", 16), told, family, by_us()), family)
    except LeftAlone as left:
        undelivered.keep(saying, left.why.value, datetime.now(UTC))
        return
    sharing.mark_mailed(second, child_id, mark)
    undelivered.clear(saying)


def _comes(stands: str, session: Session) -> bool:
    """Whether it is time to remind of a seat that is final."""
    days = (session.starts_on - today(datetime.now(UTC))).days if session.starts_on else 0
    return stands == RegistrationStatus.CONFIRMED.value and 0 < days <= CAMP_DAYS


def _stands_for(record: Registration, child_id: str, session: Session) -> str | None:
    """None: another registration tells it, it never came to be, or it ends in a moment with its camp."""
    if record.left.get(child_id) or record.moved_to:
        return None
    if record.called_off:
        return _CALLED_OFF if child_id in record.child_ids else None
    if session.cancelled_at and not record.cancelled_at:
        return None
    if child_id in record.left:
        return RegistrationStatus.CANCELLED.value
    stands = register.standings([record], datetime.now(UTC))[0]
    return stands.status.value if stands else None
