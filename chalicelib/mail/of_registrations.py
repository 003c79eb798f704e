"""What is done for each message about a registration: measured against how it stands now, mended where it is left over
from a race or a crash, told to its family, and to the other parent of a child that is shared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.booking.answers import answering
from chalicelib.booking.offers import links, timers
from chalicelib.booking.offers.rules import REMINDED_BEFORE, reminded_at
from chalicelib.booking.registrations import moving, overlaps
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Ended, EndedBy, Registration, family_of
from chalicelib.core.observability import log
from chalicelib.mail import announcements, mails, other_parent, undelivered
from chalicelib.mail.mails import RegistrationMail
from chalicelib.mail.mending import give_back, give_back_of_who_left, held_until, seated, stop_waiting, take_off
from chalicelib.mail.of_camps import news
from chalicelib.mail.payments import follow, follow_seat, with_payment
from chalicelib.mail.rules import MailKind, Message
from chalicelib.mail.sending import Erased, by_us, send
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import leaving as erasures
from chalicelib.people.families import table as families
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Channel
from chalicelib.seats.waiting_list import table as waiting_list

# When a reminder of an offer is looked at again during a pause; by so much may an end have moved before it moves too.
LOOKS_AGAIN = timedelta(minutes=30)


def confirmed(message: Message) -> None:
    """Also gives back seats that nobody answers for. A seat is claimed after its record is put, and a cancellation
    releases the seat before it marks the record; a retry of the registration can slip in between and claim anew for a
    record that is cancelled, or deleted, a moment later. Nobody would ever release that seat but we, who are told of
    every seat that is taken."""
    record = registrations.get(message.id)
    if record is None or record.cancelled_at:
        give_back(message)
        return
    give_back_of_who_left(record)
    if MailKind.CONFIRMED in record.mailed:
        registrations.keep(message.id)  # a retry after a cancellation that broke off has given it a time to live again
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    if booking.session.cancelled_at:
        return  # a mail says so, and it ends with that
    if _gives_way(booking):
        give_back(message)
        return
    # Before the mail, so that one that SES refuses keeps nobody on two lists, and the mail says what is to be paid.
    stop_waiting(record)
    follow_seat(booking)
    booking = _with_questions(replace(booking, unknown=cares.unknown(record.family_id, record.child_ids)))
    send(message, _confirmation(with_payment(booking)), booking.family)
    _mark(message)


def _confirmation(booking: RegistrationMail) -> EmailMessage:
    """Of a seat to which children moved from another session it is one mail, that says both."""
    before = moving.came_from(booking.registration)
    session = programme.get(before.session_id) if before else None
    if before is None or session is None:
        return mails.confirmation(booking, by_us())
    return mails.moved(booking, RegistrationMail(before, session, booking.family), by_us())


def _with_questions(booking: RegistrationMail) -> RegistrationMail:
    return replace(booking, unanswered=answering.of_several([booking.registration], datetime.now(UTC)))


def _kept(record: Registration) -> Session | None:
    """Where a family that waits to move keeps its seat until it accepts one here."""
    before = moving.gives_up(record, datetime.now(UTC)) if record.moved_from else None
    return programme.get(before.session_id) if before else None


def _gives_way(booking: RegistrationMail) -> bool:
    """Whether this registration gives its seats back because a child of it is in another camp on the same days. Its
    record ends before its seats are given back, so that the mail about them says why. A seat that a manager gave, with
    a reason, stays; so does that of the family that named the child first: then the other one gives way."""
    record, now = booking.registration, datetime.now(UTC)

    def is_exception() -> bool:
        held = seats.get([record.session_id]).get(record.session_id)
        return held is not None and held.channels.get(record.registration_id) is Channel.EXCEPTION

    def end(other: Registration) -> None:
        registrations.give_way(other.registration_id, record.registration_id, now)
        seats.release(other.session_id, other.child_ids, other.registration_id)

    return _gave_way(record, overlaps.settle(record, booking.session, now, end, is_exception), now)


def _gave_way(record: Registration, found: overlaps.Overlap | None, now: datetime) -> bool:
    if found is None:
        return False
    registrations.give_way(record.registration_id, found.other.registration_id, now)
    log.info("gave_way")
    return True


def waitlisted(message: Message) -> None:
    record = registrations.get(message.id)
    if record is None or record.cancelled_at or seated(record):
        take_off(message, record)
        return
    position = waiting_list.position(record.session_id, record.child_ids, message.id)
    if MailKind.WAITLISTED in record.mailed or position is None:  # None: left
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    if booking.session.cancelled_at:  # the family came when it was just cancelled
        news(Message(MailKind.NEWS, record.session_id))
        return
    send(message, mails.waiting_place(booking, position, by_us(), _kept(record)), booking.family)
    _mark(message)


def on_hold(message: Message) -> None:
    """Offered from the waiting list, or held for a registration; no news if it was accepted or lost meanwhile."""
    record = registrations.get(message.id)
    if record is None or record.cancelled_at:
        give_back(message)
        return
    give_back_of_who_left(record)
    until = held_until(record)
    if until is not None:
        waiting_list.leave(record.session_id, record.child_ids, message.id)  # as a rule its offer has seen to that
    if message.kind in record.mailed or until is None:
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    if booking.session.cancelled_at:
        return
    if message.kind is MailKind.OFFERED:
        _remind_of_offer(record, until)
    elif _gave_way(record, overlaps.hold(record, booking.session, now := datetime.now(UTC)), now):
        give_back(message)
        return
    held = mails.Held(datetime.fromtimestamp(until, UTC), links.to_offer(record.registration_id, record.pass_id))
    mail = mails.offer if message.kind is MailKind.OFFERED else mails.hold
    send(message, mail(_with_questions(booking), held, by_us(), _kept(record)), booking.family)
    _mark(message)


def _remind_of_offer(record: Registration, until: int) -> None:
    """A timer of its own, before the mail; without one the family is not reminded, and has its offer all the same."""
    now = datetime.now(UTC)
    at = reminded_at(now, datetime.fromtimestamp(until, UTC))
    if at:
        try:
            _ring_for(Message(MailKind.OFFER_ENDS, record.registration_id, record.session_id), at)
        except (ClientError, BotoCoreError) as error:
            log.error("timer_unreachable", error=type(error).__name__)


def _ring_for(message: Message, at: datetime) -> None:
    timers.send_at(at, message.id, message.to_json())


def offer_ends(message: Message) -> None:
    """Some hours before an offer lapses that nobody has answered. During a pause nothing lapses, and nobody knows how
    long it lasts: then it is looked at again; an end that moved has its reminder moved too."""
    record, now = registrations.get(message.id), datetime.now(UTC)
    if record is None or record.cancelled_at or message.kind in record.mailed:
        return
    until = held_until(record)
    if until is None:
        return
    opening = openings.of_session(record.session_id, now)
    found = seats.get([record.session_id]).get(record.session_id)
    if (opening and opening.is_paused(now)) or (found and found.stopped is not None):
        _ring_for(message, now + LOOKS_AGAIN)
        return
    end = datetime.fromtimestamp(until, UTC)
    if end - now > REMINDED_BEFORE + LOOKS_AGAIN:
        _ring_for(message, end - REMINDED_BEFORE)
        return
    if not registrations.begin_mail(message.id, message.kind, now):
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    held = mails.Held(end, links.to_offer(record.registration_id, record.pass_id))
    had_more_time = found is not None and message.id in found.extended
    mail = mails.offer_ends(_with_questions(booking), held, by_us(), _kept(record), had_more_time=had_more_time)
    send(message, mail, booking.family)
    _mark(message)


def lost(message: Message) -> None:
    """Seats are released before the record is marked; if the cancellation broke off in between, we finish it. A held
    seat that lapsed is marked by nobody but us."""
    record = registrations.get(message.id)
    if record is None:
        return
    if not record.cancelled_at:
        by = Ended(EndedBy.LAPSE) if message.kind is MailKind.LAPSED else None
        registrations.mark_cancelled(message.id, datetime.now(UTC), by)
    give_back(message)
    take_off(message, record)
    if message.kind is MailKind.CANCELLED:  # what was only held never had a price
        follow(record.family_id)
    if message.kind is MailKind.LAPSED:
        seats.forget_lapsed(record.session_id, message.id)
    # The camp's own mail tells it, or the registration that continues it.
    if message.kind in record.mailed or record.called_off or record.moved_to:
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    if message.kind is MailKind.CANCELLED:  # with by whom it ended, and what the city keeps
        booking = with_payment(replace(booking, registration=registrations.get(message.id) or record))
    because = _because(booking)
    mail = mails.cancellation(booking, by_us(), because) if because else _LOST[message.kind](booking, by_us())
    send(message, mail, booking.family)
    _mark(message)


_LOST = {MailKind.LAPSED: mails.lapse, MailKind.DECLINED: mails.declining, MailKind.CANCELLED: mails.cancellation}


def left(message: Message) -> None:
    """Off the waiting list: the family cancelled, or a child has a seat by another registration, of its own family or
    of the other parent. No news if it has its seats, waits again, or its family has seats for all of its children."""
    record = registrations.get(message.id)
    if record is None or MailKind.LEFT in record.mailed or record.called_off:
        return
    holders = seated(record)
    if not record.cancelled_at:
        if _tell_who_left(message, record):
            return
        if message.id in holders or message.id in waiting_list.waiting_by(record.session_id, record.child_ids):
            return
        registrations.mark_cancelled(message.id, datetime.now(UTC))
        if len(holders) == len(record.child_ids) and {family_of(holder) for holder in holders} == {record.family_id}:
            return
    # Siblings leave one by one in the stream, so two of these may come at the very same moment.
    if not registrations.begin_mail(message.id, message.kind, datetime.now(UTC)):
        return
    booking = _booking(record)
    other_parent.tell_of(record)
    send(message, mails.leaving(booking, by_us(), _because(booking)), booking.family)
    _mark(message)


def child_left(message: Message) -> None:
    """One or more of several children lost their seats, and the record says that they left. What a registration that
    ended meanwhile still holds is given back."""
    record = registrations.get(message.id)
    if record is None:
        return
    if record.cancelled_at:
        give_back(message)
    follow(record.family_id)
    _tell_who_left(message, record)


def _tell_who_left(message: Message, record: Registration) -> bool:
    """One mail about all that left and were not told of yet, each with its own mark. False: there are none."""
    due = [child for child, to in record.left.items() if not to and _mark_of(child) not in record.mailed]
    if not due or MailKind.CHILD_LEFT in record.mailed:  # silenced: its family is erased
        return False
    booking = _booking(record)
    other_parent.tell_of(record)
    send(message, mails.child_left(booking, due, by_us()), booking.family)
    registrations.mark_mailed(record.registration_id, *map(_mark_of, due))
    undelivered.clear(message)
    return True


def _mark_of(child_id: str) -> str:
    return f"{MailKind.CHILD_LEFT}#{child_id}"


def expired(message: Message) -> None:
    """A registration whose mail did not go out for a month, for whatever reason: its seat is held, or its place on the
    waiting list is there, so its record comes back, and its mail goes out. Nothing to do for a try that broke off: it
    has neither."""
    registration_id, pass_id = message.id.split("/")
    assert message.session_id is not None
    for session_id, now in seats.get([message.session_id]).items():
        held = tuple(child for child, holder in now.holders.items() if holder == registration_id)
        if held:
            registrations.restore(Registration(registration_id, session_id, held, pass_id, datetime.now(UTC)))
            log.warning("record_restored", seats=len(held))
            if registration_id not in now.until:
                confirmed(Message(MailKind.CONFIRMED, registration_id, session_id))
            elif now.channels.get(registration_id) is Channel.WAITING_LIST:
                on_hold(Message(MailKind.OFFERED, registration_id, session_id))
            else:
                on_hold(Message(MailKind.HELD, registration_id, session_id))
        elif waits := tuple(
            place.child_id for place in waiting_list.places(session_id) if place.registration_id == registration_id
        ):
            registrations.restore(Registration(registration_id, session_id, waits, pass_id, datetime.now(UTC)))
            log.warning("record_restored", places=len(waits))
            waitlisted(Message(MailKind.WAITLISTED, registration_id, session_id))


def _booking(record: Registration) -> RegistrationMail:
    """Raises LookupError: without the pass there is no address, without the session nothing to say."""
    # A camp that changes in this second has news of its own, which reaches who registered within the minute before.
    session = programme.get(record.session_id, consistent=False)
    family = families.get(record.family_id, record.pass_id)
    if family is None and erasures.asked(record.family_id):
        raise Erased
    if session is None or family is None:
        raise LookupError("session" if session is None else "pass")
    return RegistrationMail(record, session, family, links.to_registration(record.registration_id, record.pass_id))


def _because(booking: RegistrationMail) -> str | None:
    incident = booking.registration.taken_back
    return announcements.because_of(incident, booking.family.language) if incident else None


def _mark(message: Message) -> None:
    registrations.mark_mailed(message.id, message.kind)
    undelivered.clear(message)
