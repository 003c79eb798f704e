"""From a message on the queue to a mail that SES has accepted.

Guarantee: at least once, deduplicated. The mark `mailed` on the record or pass is read before a mail and written after
it; a message that comes again finds the mark. Only a crash between SES's yes and the mark, or two copies of a message
at the very same moment, send a mail twice; no mail is lost. A message that fails stays on the queue, comes again, and
ends in the dead letters, where an alarm rings.

The queue keeps no order, so every message is measured against what is true now, not against what came before it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.booking.offers import links, timers
from chalicelib.booking.offers.advance import advance
from chalicelib.booking.offers.rules import REMINDED_BEFORE, reminded_at
from chalicelib.booking.registrations import moving, overlaps, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import (
    Ended,
    EndedBy,
    Registration,
    RegistrationStatus,
    family_of,
    reference_of,
)
from chalicelib.city.texts import table as texts
from chalicelib.core import metering, settings
from chalicelib.core.ids import named
from chalicelib.core.moments import today
from chalicelib.core.observability import log, where
from chalicelib.mail import (
    announcements,
    camps,
    mails,
    more,
    onward,
    outbox,
    queues,
    quota,
    reminders,
    results,
    returned,
    staff,
    undelivered,
    waiting,
    wishes_off,
)
from chalicelib.mail.mails import RegistrationMail, Sending
from chalicelib.mail.pace import Pace
from chalicelib.mail.quota import Waits
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import CAMP_DAYS, OF_REGISTRATIONS, REMINDERS, TO_STAFF, MailKind, Message
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import leaving as erasures
from chalicelib.people.families import sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Channel
from chalicelib.seats.waiting_list import table as waiting_list

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

# SES asks for patience: the same mail may go out in a minute, so nothing is wrong with it yet.
PATIENCE = frozenset(
    {
        "LimitExceededException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "RequestThrottled",
    }
)


# A message that was received so often, while the day's mails were used up, goes on as a copy that counts from 1: after
# five times it would be a dead letter (infra/template.yaml), although nothing is wrong with it.
LAST_WAIT = 4
# When a reminder of an offer is looked at again during a pause; by so much may an end have moved before it moves too.
LOOKS_AGAIN = timedelta(minutes=30)


class MailRefused(Exception):
    """SES did not take a mail. Carries its code alone: its words may name the address."""

    def __init__(self, code: str, is_for_now: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_for_now = is_for_now


class NotQueued(Exception):
    """The message for another parent did not get into the queue: the one that calls for it comes again."""


class Erased(Exception):
    """The family is being erased: there is nobody to write to any more."""


class _Batch(BatchProcessor):
    """One message that fails does not hold up the others; the log says where it failed, not whose it was."""

    def failure_handler(self, record: Any, exception: Any) -> Any:
        kind, error, _trace = exception
        if isinstance(error, Waits):
            log.warning("mail_waits", minutes=int(error.wait.total_seconds()) // 60)
            waiting.tell_staff(datetime.now(UTC), all_of_them=error.wait == quota.OTHERS_WAIT)
            _keep(record)
            return super().failure_handler(record, exception)
        log.error(
            "mail_failed",
            error=kind.__name__,
            code=getattr(error, "code", None),
            message_id=record.message_id,
            frames=where(error),
        )
        _keep(record)
        return super().failure_handler(record, exception)


def _keep(record: SQSRecord) -> None:
    """A registration whose mail failed, for whatever reason, keeps its record until the mail is out."""
    with suppress(ValueError):
        message = Message.from_json(record.body)
        if message.kind in OF_REGISTRATIONS:
            registrations.keep(message.id)


def deliver(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answers what Lambda is to leave on the queue, in its words."""
    result = process_partial_response(
        event=dict(event), record_handler=_deliver, processor=_Batch(EventType.SQS, raise_on_entire_batch_failure=False)
    )
    left = metering.take()
    if "used" in left:  # for what failed
        log.info("handled", **left)
    return result


def _deliver(record: SQSRecord) -> None:
    message = Message.from_json(record.body)
    metering.about(**message.about)
    try:
        DO[message.kind](message)
    except mails.NoAddress:
        _to_the_desk(record, message, undelivered.TO_PRINT)
    except LeftAlone as left:
        _to_the_desk(record, message, left.why.value)
    except Waits as waits:
        if int(record.attributes.approximate_receive_count) < LAST_WAIT or outbox.queue([message]):
            _hide(record, waits.wait)
            raise
    except Erased:
        pass
    finally:
        log.info("handled", kind=message.kind.value, **metering.take())


def _to_the_desk(record: SQSRecord, message: Message, reason: str) -> None:
    """There is nobody to write to, so the desk tells the family."""
    _keep(record)
    if message.kind is not MailKind.PASS and message.kind not in REMINDERS:  # a pass is of use with a link only
        undelivered.keep(message, reason, datetime.now(UTC))


def _hide(record: SQSRecord, wait: timedelta) -> None:
    """The message comes again after so long, and not, like one that failed, after the queue's own time."""
    try:
        queues.client().change_message_visibility(
            QueueUrl=settings.queue_url(),
            ReceiptHandle=record.receipt_handle,
            VisibilityTimeout=int(wait.total_seconds()),
        )
    except ClientError as error:  # then it comes sooner, and asks again
        log.warning("wait_refused", code=error.response["Error"]["Code"])


def _pass(message: Message) -> None:
    family_id, pass_id = message.id.split("/")
    family = families.get(family_id, pass_id)
    if family is None or families.is_mailed(family_id, pass_id):
        return
    if family.moves and not families.is_mailed(family_id, pass_id, MailKind.ADDRESS):
        _tell_old_address(message, family)
        families.mark_mailed(family_id, pass_id, MailKind.ADDRESS)
    url = onward.by_pass(family, "/family" if family.children else "/swimming")
    _send(message, mails.pass_link(family, url, _sending()), family)
    families.mark_mailed(family_id, pass_id)
    undelivered.clear(message)


def _tell_old_address(message: Message, asked: Pass) -> None:
    """Before the new one gets its link: whoever else has a link of the family cannot take it away unseen. An address
    that takes no mail, which may be why it is changed, keeps nobody from that."""
    family = next((one for one in reversed(families.of_family(asked.family_id)) if one.is_proven and one.email), None)
    if family is None or family.email == asked.email:
        return
    url = onward.by_pass(family, "/family/data")
    try:
        _send(message, mails.address_changes(family, asked.email, url, _sending()), family)
    except MailRefused as refused:
        if refused.is_for_now:
            raise
        undelivered.clear(message)
    except LeftAlone:
        pass


def _confirmed(message: Message) -> None:
    """Also gives back seats that nobody answers for. A seat is claimed after its record is put, and a cancellation
    releases the seat before it marks the record; a retry of the registration can slip in between and claim anew for a
    record that is cancelled, or deleted, a moment later. Nobody would ever release that seat but we, who are told of
    every seat that is taken."""
    record = registrations.get(message.id)
    if record is None or record.cancelled_at:
        _give_back(message)
        return
    _give_back_of_who_left(record)
    if MailKind.CONFIRMED in record.mailed:
        registrations.keep(message.id)  # a retry after a cancellation that broke off has given it a time to live again
        return
    booking = _booking(record)
    if booking.session.cancelled_at:
        return  # a mail says so, and it ends with that
    if _gives_way(booking):
        _give_back(message)
        return
    # Before the mail, so that one that SES refuses keeps nobody on two lists.
    _stop_waiting(record)
    booking = replace(booking, unknown=cares.unknown(record.family_id, record.child_ids))
    _send(message, _confirmation(booking), booking.family)
    _mark(message)


def _confirmation(booking: RegistrationMail) -> EmailMessage:
    """Of a seat to which children moved from another session it is one mail, that says both."""
    before = moving.came_from(booking.registration)
    session = programme.get(before.session_id) if before else None
    if before is None or session is None:
        return mails.confirmation(booking, _sending())
    return mails.moved(booking, RegistrationMail(before, session, booking.family), _sending())


def _kept(record: Registration) -> Session | None:
    """Where a family that waits to move keeps its seat until it accepts one here."""
    before = moving.gives_up(record, datetime.now(UTC)) if record.moved_from else None
    return programme.get(before.session_id) if before else None


def _gives_way(booking: RegistrationMail) -> bool:
    """Whether this registration gives its seats back because a child of it is in another camp on the same days. Its
    record ends before its seats are given back, so that the mail about them says why. A seat that a manager gave, with
    a reason, stays; so does that of the family that named the child first: then the other one gives way."""
    record, now = booking.registration, datetime.now(UTC)
    held = seats.get([record.session_id]).get(record.session_id)
    is_exception = held is not None and held.channels.get(record.registration_id) is Channel.EXCEPTION

    def end(other: Registration) -> None:
        registrations.give_way(other.registration_id, record.registration_id, now)
        seats.release(other.session_id, other.child_ids, other.registration_id)

    found = overlaps.settle(record, booking.session, now, None if is_exception else end)
    if found is None:
        return False
    registrations.give_way(record.registration_id, found.other.registration_id, now)
    log.info("gave_way")
    return True


def _waitlisted(message: Message) -> None:
    record = registrations.get(message.id)
    if record is None or record.cancelled_at or _seated(record):
        _take_off(message, record)
        return
    position = waiting_list.position(record.session_id, record.child_ids, message.id)
    if MailKind.WAITLISTED in record.mailed or position is None:  # None: left
        return
    booking = _booking(record)
    if booking.session.cancelled_at:  # the family came when it was just cancelled
        _news(Message(MailKind.NEWS, record.session_id))
        return
    _send(message, mails.waiting_place(booking, position, _sending(), _kept(record)), booking.family)
    _mark(message)


def _held(message: Message) -> None:
    """Offered from the waiting list, or held for a registration; no news if it was accepted or lost meanwhile."""
    record = registrations.get(message.id)
    if record is None or record.cancelled_at:
        _give_back(message)
        return
    _give_back_of_who_left(record)
    until = _held_until(record)
    if until is not None:
        waiting_list.leave(record.session_id, record.child_ids, message.id)  # as a rule its offer has seen to that
    if message.kind in record.mailed or until is None:
        return
    booking = _booking(record)
    if booking.session.cancelled_at:
        return
    if message.kind is MailKind.OFFERED:
        _remind_of_offer(record, until)
    held = mails.Held(datetime.fromtimestamp(until, UTC), links.to_offer(record.registration_id, record.pass_id))
    mail = mails.offer if message.kind is MailKind.OFFERED else mails.hold
    _send(message, mail(booking, held, _sending(), _kept(record)), booking.family)
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


def _offer_ends(message: Message) -> None:
    """Some hours before an offer lapses that nobody has answered. During a pause nothing lapses, and nobody knows how
    long it lasts: then it is looked at again; an end that moved has its reminder moved too."""
    record, now = registrations.get(message.id), datetime.now(UTC)
    if record is None or record.cancelled_at or message.kind in record.mailed:
        return
    until = _held_until(record)
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
    held = mails.Held(end, links.to_offer(record.registration_id, record.pass_id))
    had_more_time = found is not None and message.id in found.extended
    mail = mails.offer_ends(booking, held, _sending(), _kept(record), had_more_time=had_more_time)
    _send(message, mail, booking.family)
    _mark(message)


def _moment(message: Message) -> None:
    due = reminders.of_moment(message, _sending())
    if due:
        _send(message, due.mail, due.family)
        families.mark_mailed(due.family.family_id, due.family.pass_id, reminders.mark_of(message))


def _camp_soon(message: Message) -> None:
    _tell_other_parents_of(message)
    due = reminders.of_camp(message, _sending())
    if due:
        _send(message, due.mail, due.family)
        assert due.of is not None
        registrations.mark_mailed(due.of, message.kind)


def _tell_staff(message: Message) -> None:
    """What waits for somebody of the city, and who may act on it, a room above this one knows (called as in `_erase`).
    Each is told once; one whose mail fails keeps nobody else from hearing, and is told when the message comes again."""
    now = datetime.now(UTC)
    found = import_module("chalicelib.office.matters").of(message, now)
    failed: Exception | None = None
    for one in found[1] if found else ():
        matter = found[0]
        if not staff.begin(matter, one.staff.staff_id, now):
            continue
        try:
            _post(message.kind, mails.to_staff(message.kind, matter, one, _sending()), one.email, _tags(message))
        except Exception as error:  # noqa: BLE001 whatever it was, this one was not told
            staff.take_back(matter, one.staff.staff_id)
            failed = error
    if failed:
        raise failed


def _tags(message: Message) -> "list[MessageTagTypeDef]":
    return [{"Name": "kind", "Value": message.kind.value}]


def _lost(message: Message) -> None:
    """Seats are released before the record is marked; if the cancellation broke off in between, we finish it. A held
    seat that lapsed is marked by nobody but us."""
    record = registrations.get(message.id)
    if record is None:
        return
    if not record.cancelled_at:
        by = Ended(EndedBy.LAPSE) if message.kind is MailKind.LAPSED else None
        registrations.mark_cancelled(message.id, datetime.now(UTC), by)
    _give_back(message)
    _take_off(message, record)
    if message.kind is MailKind.LAPSED:
        seats.forget_lapsed(record.session_id, message.id)
    # The camp's own mail tells it, or the registration that continues it.
    if message.kind in record.mailed or record.called_off or record.moved_to:
        return
    booking = _booking(record)
    because = _because(booking)
    mail = mails.cancellation(booking, _sending(), because) if because else _LOST[message.kind](booking, _sending())
    _send(message, mail, booking.family)
    _mark(message)


_LOST = {MailKind.LAPSED: mails.lapse, MailKind.DECLINED: mails.declining, MailKind.CANCELLED: mails.cancellation}


def _advance(message: Message) -> None:
    again = advance(message.id, datetime.now(UTC))
    if again:
        timers.send_at(again, message.id, message.to_json())


def _left(message: Message) -> None:
    """Off the waiting list: the family cancelled, or a child has a seat by another registration, of its own family or
    of the other parent. No news if it has its seats, waits again, or its family has seats for all of its children."""
    record = registrations.get(message.id)
    if record is None or MailKind.LEFT in record.mailed or record.called_off:
        return
    holders = _seated(record)
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
    _send(message, mails.leaving(booking, _sending(), _because(booking)), booking.family)
    _mark(message)


def _child_left(message: Message) -> None:
    """One or more of several children lost their seats, and the record says that they left. What a registration that
    ended meanwhile still holds is given back."""
    record = registrations.get(message.id)
    if record is None:
        return
    if record.cancelled_at:
        _give_back(message)
    _tell_who_left(message, record)


def _tell_who_left(message: Message, record: Registration) -> bool:
    """One mail about all that left and were not told of yet, each with its own mark. False: there are none."""
    due = [child for child, to in record.left.items() if not to and _mark_of(child) not in record.mailed]
    if not due or MailKind.CHILD_LEFT in record.mailed:  # silenced: its family is erased
        return False
    booking = _booking(record)
    _send(message, mails.child_left(booking, due, _sending()), booking.family)
    registrations.mark_mailed(record.registration_id, *map(_mark_of, due))
    undelivered.clear(message)
    return True


def _mark_of(child_id: str) -> str:
    return f"{MailKind.CHILD_LEFT}#{child_id}"


def _give_back_of_who_left(record: Registration) -> None:
    """A child may leave while an offer for all of them is made: then it holds a seat by a registration that is not for
    it."""
    if not record.left:
        return
    for session_id, now in seats.get([record.session_id]).items():
        held = [child for child in record.left if now.holders.get(child) == record.registration_id]
        if held and seats.give_up(session_id, held, record.registration_id, record.child_ids[0]):
            log.warning("seats_given_back", seats=len(held))


def _give_back(message: Message) -> None:
    """Releases what the registration still holds. Looks before it writes: as a rule it holds nothing."""
    assert message.session_id is not None
    for session_id, now in seats.get([message.session_id]).items():
        held = [child for child, holder in now.holders.items() if holder == message.id]
        if held and seats.release(session_id, held, message.id):
            log.warning("seats_given_back", seats=len(held))


def _take_off(message: Message, record: Registration | None) -> None:
    """By its record's children; without a record the whole list is read for them."""
    if record:
        waiting_list.leave(record.session_id, record.child_ids, message.id)
    else:
        assert message.session_id is not None
        waiting_list.take_off(message.session_id, message.id)


def _expired(message: Message) -> None:
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
                _confirmed(Message(MailKind.CONFIRMED, registration_id, session_id))
            elif now.channels.get(registration_id) is Channel.WAITING_LIST:
                _held(Message(MailKind.OFFERED, registration_id, session_id))
            else:
                _held(Message(MailKind.HELD, registration_id, session_id))
        elif waits := tuple(
            place.child_id for place in waiting_list.places(session_id) if place.registration_id == registration_id
        ):
            registrations.restore(Registration(registration_id, session_id, waits, pass_id, datetime.now(UTC)))
            log.warning("record_restored", places=len(waits))
            _waitlisted(Message(MailKind.WAITLISTED, registration_id, session_id))


def _announcement(message: Message) -> None:
    due = announcements.due(message, _sending())
    if due:
        _send(message, due.mail, due.family)
        announcements.mark(message)
        undelivered.clear(message)


def _result(message: Message) -> None:
    due = results.due(message, _sending())
    if due:
        family, mail = due
        _send(message, mail, family)
        results.mark(message)
        undelivered.clear(message)


def _wish_off(message: Message) -> None:
    due = wishes_off.due(message, _sending())
    if due:
        family, mail = due
        _send(message, mail, family)
        wishes_off.mark(message)
        undelivered.clear(message)


def _news(message: Message) -> None:
    """What one run has no time for is the next one's."""
    if not camps.spread(message.id, datetime.now(UTC)) and outbox.queue([message]):
        raise camps.NotQueued


def _about_a_camp(message: Message) -> None:
    _tell_other_parents_of(message)
    due_of = camps.called_off if message.kind is MailKind.CALLED_OFF else camps.changed
    try:
        due = due_of(message, _sending())
    except LookupError:
        if erasures.asked(family_of(message.id)):
            raise Erased from None
        raise
    except mails.NoAddress:
        _tell_of_others(message, undelivered.TO_PRINT)
        raise
    if due:
        try:
            _send(message, due.mail, due.family)
        except LeftAlone as left:
            _tell_of_others(message, left.why.value)
            raise
        camps.mark(due)
        undelivered.clear(message)


def _tell_of_others(message: Message, reason: str) -> None:
    """What the family has in this camp by other registrations, for the desk: each has a letter of its own."""
    for one in registrations.of_family(family_of(message.id)):
        is_there = one.called_off if message.kind is MailKind.CALLED_OFF else not one.cancelled_at
        if one.session_id == message.session_id and one.registration_id != message.id and is_there:
            undelivered.keep(Message(message.kind, one.registration_id, one.session_id), reason, datetime.now(UTC))


def _erase(message: Message) -> None:
    """A last mail, while there is an address; then all that is kept of the family, in rooms above this one too. What it
    is of is called by its name, as routes call their use cases (people/callers.py). What is left, because it is much or
    because a draw needs it, has a timer."""
    leaving = erasures.asked(message.id)
    if leaving is None:
        return
    if not leaving.is_told:
        _say_farewell(message)
        erasures.note_told(message.id)
    undelivered.erase(message.id)
    again: datetime | None = import_module("chalicelib.rights.erasing").erase(message.id, datetime.now(UTC))
    if again:
        timers.send_at(again, message.id, message.to_json())


def _say_farewell(message: Message) -> None:
    """An address that SES refuses for good, or that we write to no more, keeps nobody from being erased."""
    family = next((one for one in reversed(families.of_family(message.id)) if one.email), None)
    if family is None:
        return
    try:
        _send(message, mails.farewell(family, _sending()), family)
    except MailRefused as refused:
        if refused.is_for_now:
            raise
        undelivered.clear(message)
    except LeftAlone:
        pass


def _tell_other_parents(record: Registration) -> None:
    """A message of its own for each parent with whom a child is shared, so that one address that fails repeats nobody
    else's mail. Raises NotQueued."""
    shared = sharing.with_whom(record.family_id, record.every_child)
    about = [Message(MailKind.OTHER_PARENT, f"{record.registration_id}/{child}", record.session_id) for child in shared]
    if about and outbox.queue(about):
        raise NotQueued


def _tell_other_parents_of(message: Message) -> None:
    """The same of all that a family has, or had, in the session of a message."""
    for one in registrations.of_family(family_of(message.id)):
        if one.session_id == message.session_id:
            _tell_other_parents(one)


def _other_parent(message: Message) -> None:
    """How the registration stands for the child, in the words and the language of the other parent; once for each way
    in which it stands, and once more when the camp comes. Nothing if it is shared no more."""
    registration_id, _, child_id = message.id.partition("/")
    record = registrations.get(registration_id)
    second = sharing.with_whom(record.family_id, [child_id]).get(child_id) if record else None
    share = sharing.share(second, child_id) if second else None
    if record is None or second is None or share is None or share.first != record.family_id:
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
        stands, mark = _SOON, f"{_SOON}#{registration_id}"
    if mark in mailed:
        return
    family = sharing.reader(second, child_id)
    if family is None:
        raise LookupError("pass")
    told = mails.OtherParent(
        child_id=child_id,
        stands=stands,
        session=None if sharing.is_confidential(record.family_id) else session,
        first_day=session.starts_on,
        last_day=session.ends_on,
        reference=reference_of(record),
        url=onward.by_pass(family, onward.START),
        before=programme.get(before.session_id) if (before := moving.came_from(record)) else None,
        is_changed=stands != _SOON and any(one == said or one.startswith(f"{said}#") for one in mailed),
    )
    # What it says stands in its id: what the desk has told of one is not told of the next.
    saying = replace(message, id="/".join((message.id, mark.replace(f"#{registration_id}", "").replace("#", "-"))))
    try:
        _send(saying, mails.other_parent(named(f"{second} {mark}", 16), told, family, _sending()), family)
    except LeftAlone as left:
        undelivered.keep(saying, left.why.value, datetime.now(UTC))
        return
    sharing.mark_mailed(second, child_id, mark)
    undelivered.clear(saying)


_CALLED_OFF, _SOON = "called-off", "soon"
_OVER = (RegistrationStatus.CANCELLED.value, _CALLED_OFF)


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


def _because(booking: RegistrationMail) -> str | None:
    incident = booking.registration.taken_back
    return announcements.because_of(incident, booking.family.language) if incident else None


def _stop_waiting(record: Registration) -> None:
    """A child with a seat waits no more, by whichever registration. Its siblings in that one neither: they would get
    seats together or not at all."""
    for other in waiting_list.waiting_by(record.session_id, record.child_ids):
        waiting = registrations.get(other)
        waiting_list.leave(record.session_id, waiting.child_ids if waiting else record.child_ids, other)


def _held_until(record: Registration) -> int | None:
    """Until when its seats are held, if they are held for a time, and are still."""
    now = int(datetime.now(UTC).timestamp())
    for session in seats.get([record.session_id]).values():
        current = session.at(now)
        if record.registration_id in current.holders.values():
            return current.until.get(record.registration_id)
    return None


def _seated(record: Registration) -> list[str]:
    """The registrations by which its children have seats, one for each child that has one."""
    now = int(datetime.now(UTC).timestamp())
    return [
        session.holders[child]
        for session in (one.at(now) for one in seats.get([record.session_id]).values())
        for child in record.child_ids
        if child in session.holders
    ]


def _booking(record: Registration) -> RegistrationMail:
    """Raises LookupError: without the pass there is no address, without the session nothing to say."""
    session = programme.get(record.session_id)
    family = families.get(record.family_id, record.pass_id)
    if family is None and erasures.asked(record.family_id):
        raise Erased
    if session is None or family is None:
        raise LookupError("session" if session is None else "pass")
    _tell_other_parents(record)
    return RegistrationMail(record, session, family, links.to_registration(record.registration_id, record.pass_id))


def _sending() -> Sending:
    return Sending(settings.sender(), datetime.now(UTC), texts.remembered())


def _send(message: Message, mail: EmailMessage, family: Pass) -> None:
    """Raises LeftAlone, Waits and MailRefused. A mail that SES refuses for good is kept with its reason, until somebody
    mends it."""
    why = returned.why_left_alone(family)
    if why:
        raise LeftAlone(why)
    try:
        _post(message.kind, mail, family.email, returned.tags(message, family))
    except MailRefused as refusal:
        if not refusal.is_for_now:
            undelivered.keep(message, refusal.code, datetime.now(UTC))
        raise


def _post(kind: MailKind, mail: EmailMessage, to: str, tags: "list[MessageTagTypeDef]") -> None:
    """Raises Waits and MailRefused."""
    quota.leave_room(kind)
    _pace.keep(settings.mails_a_second(), settings.mails_at_once())
    try:
        _ses().send_email(
            FromEmailAddress=mail["From"].addresses[0].addr_spec,
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": mail.as_bytes()}},
            ConfigurationSetName=settings.configuration_set(),
            EmailTags=tags,
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if quota.USED_UP in str(error.response["Error"].get("Message", "")).lower():
            raise quota.refused(kind) from None
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise MailRefused(code, is_for_now=code in PATIENCE or status >= 500) from None


def _mark(message: Message) -> None:
    registrations.mark_mailed(message.id, message.kind)
    undelivered.clear(message)


# What is done for each kind of message.
DO: Mapping[MailKind, Callable[[Message], None]] = {
    MailKind.PASS: _pass,
    MailKind.CONFIRMED: _confirmed,
    MailKind.WAITLISTED: _waitlisted,
    **dict.fromkeys((MailKind.OFFERED, MailKind.HELD), _held),
    **dict.fromkeys((MailKind.LAPSED, MailKind.DECLINED, MailKind.CANCELLED), _lost),
    MailKind.LEFT: _left,
    MailKind.CHILD_LEFT: _child_left,
    MailKind.EXPIRED: _expired,
    MailKind.OTHER_PARENT: _other_parent,
    MailKind.ADVANCE: _advance,
    MailKind.ANNOUNCEMENT: _announcement,
    MailKind.RESULT: _result,
    MailKind.WISH_OFF: _wish_off,
    MailKind.MORE: lambda _: more.move(datetime.now(UTC)),
    MailKind.ERASE: _erase,
    MailKind.NEWS: _news,
    **dict.fromkeys((MailKind.CALLED_OFF, MailKind.CHANGED), _about_a_camp),
    **dict.fromkeys((MailKind.MOMENT, MailKind.MOMENT_SOON), _moment),
    MailKind.CAMP_SOON: _camp_soon,
    MailKind.OFFER_ENDS: _offer_ends,
    **dict.fromkeys(TO_STAFF, _tell_staff),
}

_pace = Pace()


@lru_cache
def _ses() -> "SESV2Client":
    # A try that timed out may have sent the mail: few tries here, the queue has patience.
    config = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2})
    client: SESV2Client = metering.watch(boto3.client("sesv2", config=config))
    return client
