"""What is done for a message about a camp: its news spread to its families, and each family told."""

from datetime import UTC, datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import family_of
from chalicelib.mail import camps, other_parent, outbox, reminders, undelivered
from chalicelib.mail.rendering import NoAddress
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import MailKind, Message
from chalicelib.mail.sending import Erased, by_us, send
from chalicelib.people.families import leaving as erasures


def news(message: Message) -> None:
    """Spreads the news of a camp; it queues the message again for the rest where one run has no time for all of it."""
    if not camps.spread(message.id, datetime.now(UTC)) and outbox.queue([message]):
        raise camps.NotQueued


def about_a_camp(message: Message) -> None:
    other_parent.tell_of_all(message)
    due_of = camps.called_off if message.kind is MailKind.CALLED_OFF else camps.changed
    try:
        due = due_of(message, by_us())
    except LookupError:
        if erasures.asked(family_of(message.id)):
            raise Erased from None
        raise
    except NoAddress:
        _tell_of_others(message, undelivered.TO_PRINT)
        raise
    if due:
        try:
            send(message, due.mail, due.family)
        except LeftAlone as left:
            _tell_of_others(message, left.why.value)
            raise
        camps.mark(due)
        undelivered.clear(message)


def _tell_of_others(message: Message, reason: str) -> None:
    """Keeps for the desk the other registrations that the family has in this camp: each has a letter of its own."""
    for one in registrations.of_family(family_of(message.id)):
        is_there = one.called_off if message.kind is MailKind.CALLED_OFF else not one.cancelled_at
        if one.session_id == message.session_id and one.registration_id != message.id and is_there:
            undelivered.keep(Message(message.kind, one.registration_id, one.session_id), reason, datetime.now(UTC))


def camp_soon(message: Message) -> None:
    other_parent.tell_of_all(message)
    due = reminders.of_camp(message, by_us())
    if due:
        send(message, due.mail, due.family)
        assert due.of is not None
        registrations.mark_mailed(due.of, due.mark)
