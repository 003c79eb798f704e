"""Orders that are not paid in time: what is due this morning becomes messages, and each of these a mail or an end.

Two runs queue a message twice; the mail has its mark on the registration, and what has ended has no seats any more.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from chalicelib.booking.offers import links
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.mail import mails, outbox, undelivered
from chalicelib.mail.mails import RegistrationMail
from chalicelib.mail.payments import with_payment
from chalicelib.mail.returned import why_left_alone
from chalicelib.mail.rules import MailKind, Message
from chalicelib.mail.sending import by_us, send
from chalicelib.money.orders.paying import order_of
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.unpaid import ending, looking
from chalicelib.money.unpaid import table as reminders
from chalicelib.money.unpaid.looking import Due
from chalicelib.money.unpaid.rules import end_named_by
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme

AT_ONCE = 100


class NotQueued(Exception):
    """SQS did not take every message; Lambda tries again."""


def queue_due(now: datetime) -> int:
    """Queues a message for everything that is due; answers how many. Raises NotQueued and Busy; what was queued stays,
    and the next run goes on from there."""
    queued = 0
    every = looking.due(now)
    while some := list(islice(every, AT_ONCE)):
        if outbox.queue(list(_messages(some, now))):
            raise NotQueued
        for one in some:
            if one.reminder is not None:
                reminders.ask(one.order, one.reminder)
        queued += len(some)
    if queued:
        log.info("unpaid", messages=queued)
    return queued


def _messages(some: Iterable[Due], now: datetime) -> Iterator[Message]:
    for one in some:
        due_on = one.order.due_on.isoformat()
        if one.known_until:
            yield Message(MailKind.OVERDUE, one.order.order_id, f"{due_on}#{one.known_until}")
        else:
            yield Message(MailKind.UNPAID, _told_by(one.order, now), f"{due_on}#{one.reminder}")


def _told_by(order: Order, now: datetime) -> str:
    """The registration whose family, page and letter tell of the order: one that has its seat, else the first."""
    records = [one for one in registrations.of_family(order.family_id) if order_of(one, [order])]
    stands = register.standings(records, now) if records else []
    for record, standing in zip(records, stands, strict=True):
        if standing and standing.status is RegistrationStatus.CONFIRMED:
            return record.registration_id
    return order.order_id


def remind(message: Message) -> None:
    """No news if it is paid, or was put off, since the message was queued."""
    now = datetime.now(UTC)
    record = registrations.get(message.id)
    due_on, _, after = (message.session_id or "").partition("#")
    booking = _booking(record) if record else None
    if record is None or booking is None or booking.payable is None or booking.order is None:
        return
    payee = payees.of(booking.order.municipality)
    if payee is None or booking.order.due_on.isoformat() != due_on:
        return
    mark = f"{MailKind.UNPAID}:{message.session_id}"
    if not registrations.begin_mail(record.registration_id, mark, now):
        return
    until = end_named_by(int(after), booking.order, payee.unpaid, today(now))
    send(message, mails.unpaid(booking, until, by_us()), booking.family)
    if until:  # only what has been sent: who gets a letter, or no mail at all, loses no seat by itself
        reminders.tell(booking.order, until)
    registrations.mark_mailed(record.registration_id, mark)
    undelivered.clear(message)


def end(message: Message) -> None:
    """Its registrations end, unless money came in since; the mail about that follows from the seats, as always. Not of
    a family that our mails do not reach any more: it may not know that it has to pay."""
    record = registrations.get(message.id)
    family = families.get(record.family_id, record.pass_id) if record else None
    if family is None or why_left_alone(family):
        log.info("unpaid_left_to_people")
        return
    due_on, _, known_until = (message.session_id or "").partition("#")
    ended = ending.end(message.id, due_on, known_until, datetime.now(UTC))
    log.info("ended_unpaid", registrations=ended)


def _booking(record: Registration) -> RegistrationMail | None:
    session = programme.get(record.session_id, consistent=False)
    family = families.get(record.family_id, record.pass_id)
    if session is None or family is None:
        return None
    url = links.to_registration(record.registration_id, record.pass_id)
    return with_payment(RegistrationMail(record, session, family, url))
