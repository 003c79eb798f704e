"""The charge for a registration and how it is paid, for its mail, its letter and its page."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.core.observability import log, where
from chalicelib.core.refusals import is_busy
from chalicelib.mail import outbox
from chalicelib.mail.mails import RegistrationMail
from chalicelib.mail.rules import MailKind, Message
from chalicelib.money.orders import following
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.paying import order_of, payable
from chalicelib.money.payees import table as payees


def follow(family_id: str) -> None:
    """The family's orders, as its registrations are now: before the mail that says what they cost. What the rules of
    money cannot work out keeps no family from hearing that its seat is there: it becomes a message of its own, which
    fails alone and ends as a dead letter, of which an alarm tells. Raises what DynamoDB raises if it is busy."""
    try:
        following.follow(family_id, datetime.now(UTC))
    except Exception as error:
        if is_busy(error):
            raise
        log.error("orders_not_followed", error=type(error).__name__, frames=where(error))
        if outbox.queue([Message(MailKind.ACCOUNT, family_id)]):
            raise


def follow_seat(booking: RegistrationMail) -> None:
    """The same for a seat that is new. Where nothing is paid it changes no order, and nothing is read."""
    if payees.of(booking.session.municipality):
        follow(booking.registration.family_id)


def with_payment(booking: RegistrationMail) -> RegistrationMail:
    """One query where somebody takes money for it; none anywhere else. What is read here is what is told: an order that
    changes in this second tells its change on the family's page."""
    known = payees.remembered()
    if known.of(booking.session.municipality) is None:
        return booking
    order = order_of(booking.registration, orders.of_family(booking.registration.family_id))
    return replace(booking, order=order, payable=payable(order, known) if order else None)
