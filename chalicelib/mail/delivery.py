"""From a message on the queue to a mail that SES has accepted.

Guarantee: at least once, deduplicated. The mark `mailed` on the record or pass is read before a mail and written after
it; a message that comes again finds the mark. Only a crash between SES's yes and the mark, or two copies of a message
at the very same moment, send a mail twice; no mail is lost. A message that fails stays on the queue, comes again, and
ends in the dead letters, where an alarm rings.

The queue keeps no order, so every message is measured against what is true now, not against what came before it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import ClientError

from chalicelib.booking.offers import timers
from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import metering, settings
from chalicelib.core.counters import counting
from chalicelib.core.observability import log, where
from chalicelib.links import delivering
from chalicelib.mail import (
    announcements,
    certificates,
    mails,
    more,
    of_arrived,
    of_camps,
    of_cases,
    of_city_pass,
    of_counter,
    of_families,
    of_help,
    of_registrations,
    other_parent,
    outbox,
    queues,
    quota,
    reminders,
    results,
    staff,
    undelivered,
    unpaid,
    waiting,
    wishes_off,
)
from chalicelib.mail.camps import NotQueued
from chalicelib.mail.quota import Waits
from chalicelib.mail.rendering import NoAddress
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import LINKS, LOOK, OF_REGISTRATIONS, REMINDERS, TO_STAFF, WATCH, MailKind, Message
from chalicelib.mail.sending import Erased, by_us, post, send
from chalicelib.money.online import watching
from chalicelib.money.online.rules import next_hour
from chalicelib.money.orders import following
from chalicelib.money.uitpas import ending
from chalicelib.people.families import table as families

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

# A message that was received so often, while the day's mails were used up, goes on as a copy that counts from 1: after
# five times it would be a dead letter (infra/template.yaml), although nothing is wrong with it.
LAST_WAIT = 4


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
    except NoAddress:
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
        used = metering.take()
        if message.kind in BY_RULE and used.get("used", {}).get(metering.MAIL):
            counting.did(message.kind.value, datetime.now(UTC))
        log.info("handled", kind=message.kind.value, **used)


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


def _advance(message: Message) -> None:
    again = advance(message.id, datetime.now(UTC))
    if again:
        timers.send_at(again, message.id, message.to_json())


def _payments(message: Message) -> None:
    """One timer for all payments, at most for an hour: `watch` makes it, and so does a look that leaves some, or breaks
    off: were its message to become a dead letter, nothing else would make another."""
    now = datetime.now(UTC)
    is_any_left = True
    try:
        if message != WATCH:
            found = watching.look_at_all(now, "" if message == LOOK else message.id)
            if found.after and outbox.queue([Message(MailKind.PAYMENTS, found.after)]):
                raise NotQueued
            is_any_left = found.is_any_left
    finally:
        if is_any_left:
            timers.send_at(next_hour(now), MailKind.PAYMENTS.value, LOOK.to_json())


def _events(message: Message) -> None:
    if delivering.take(message.events, datetime.now(UTC)) and outbox.queue([LINKS]):
        raise NotQueued


def _links() -> None:
    following = delivering.turn(datetime.now(UTC))
    if following.at_once and outbox.queue([LINKS]):
        raise NotQueued
    if following.at:
        timers.send_at(following.at, MailKind.LINKS.value, LINKS.to_json())


def _announcement(message: Message) -> None:
    due = announcements.due(message, by_us())
    if due:
        send(message, due.mail, due.family)
        announcements.mark(message)
        undelivered.clear(message)


def _result(message: Message) -> None:
    due = results.due(message, by_us())
    if due:
        family, mail = due
        send(message, mail, family)
        results.mark(message)
        undelivered.clear(message)


def _certificates(message: Message) -> None:
    due = certificates.due(message, by_us())
    if due:
        send(message, due.mail, due.family)
        families.mark_mailed(due.family.family_id, due.family.pass_id, due.mark)
        undelivered.clear(message)


def _wish_off(message: Message) -> None:
    due = wishes_off.due(message, by_us())
    if due:
        family, mail = due
        send(message, mail, family)
        wishes_off.mark(message)
        undelivered.clear(message)


def _moment(message: Message) -> None:
    due = reminders.of_moment(message, by_us())
    if due:
        send(message, due.mail, due.family)
        families.mark_mailed(due.family.family_id, due.family.pass_id, due.mark)


def _tell_staff(message: Message) -> None:
    """Tells staff what waits for them. Who may act on it, a room above this one knows (called by its name, as in
    of_families.py). Each is told once; one whose mail fails keeps nobody else from hearing, and is told when the
    message comes again."""
    now = datetime.now(UTC)
    found = import_module("chalicelib.office.matters").of(message, now)
    failed: Exception | None = None
    for one in found[1] if found else ():
        matter = found[0]
        if not staff.begin(matter, one.staff.staff_id, now):
            continue
        try:
            post(message.kind, mails.to_staff(message.kind, matter, one, by_us()), one.email, _tags(message))
        except Exception as error:  # noqa: BLE001 whatever it was, this one was not told
            staff.take_back(matter, one.staff.staff_id)
            failed = error
    if failed:
        raise failed


def _tags(message: Message) -> "list[MessageTagTypeDef]":
    return [{"Name": "kind", "Value": message.kind.value}]


# What the system does by itself, by a rule of the city (insight/by_rule.py); it did so if a mail went out.
BY_RULE = frozenset(
    {
        *(MailKind.OFFERED, MailKind.LAPSED, MailKind.RESULT, MailKind.CERTIFICATES, MailKind.UNPAID, MailKind.OVERDUE),
        *(MailKind.MOMENT, MailKind.MOMENT_SOON, MailKind.CAMP_SOON, MailKind.OFFER_ENDS),
    }
)
# What is done for each kind of message.
DO: Mapping[MailKind, Callable[[Message], None]] = {
    MailKind.PASS: of_families.pass_link,
    MailKind.CONFIRMED: of_registrations.confirmed,
    MailKind.WAITLISTED: of_registrations.waitlisted,
    **dict.fromkeys((MailKind.OFFERED, MailKind.HELD), of_registrations.on_hold),
    **dict.fromkeys((MailKind.LAPSED, MailKind.DECLINED, MailKind.CANCELLED), of_registrations.lost),
    MailKind.LEFT: of_registrations.left,
    MailKind.CHILD_LEFT: of_registrations.child_left,
    MailKind.EXPIRED: of_registrations.expired,
    MailKind.OTHER_PARENT: other_parent.write,
    MailKind.ADVANCE: _advance,
    MailKind.ANNOUNCEMENT: _announcement,
    MailKind.RESULT: _result,
    MailKind.WISH_OFF: _wish_off,
    MailKind.MORE: lambda _: more.move(datetime.now(UTC)),
    MailKind.ERASE: of_families.erase,
    MailKind.NEWS: of_camps.news,
    MailKind.CERTIFICATES: _certificates,
    MailKind.ACCOUNT: lambda message: following.follow(message.id, datetime.now(UTC)),
    MailKind.UITPAS: lambda message: ending.settle(message.id, datetime.now(UTC)),
    MailKind.PAYMENTS: _payments,
    MailKind.UNPAID: unpaid.remind,
    MailKind.OVERDUE: unpaid.end,
    **dict.fromkeys((MailKind.CALLED_OFF, MailKind.CHANGED), of_camps.about_a_camp),
    **dict.fromkeys((MailKind.MOMENT, MailKind.MOMENT_SOON), _moment),
    MailKind.CAMP_SOON: of_camps.camp_soon,
    MailKind.OFFER_ENDS: of_registrations.offer_ends,
    MailKind.CITY_PASS: of_city_pass.tell,
    MailKind.EVENTS: _events,
    MailKind.LINKS: lambda _: _links(),
    MailKind.CASE: of_cases.changed,
    MailKind.COUNTER: of_counter.decide,
    MailKind.HELPER: of_help.link,
    MailKind.HELP: of_help.tell,
    MailKind.ARRIVED: lambda message: of_arrived.take(message.id, datetime.now(UTC)),
    **dict.fromkeys(TO_STAFF, _tell_staff),
}
