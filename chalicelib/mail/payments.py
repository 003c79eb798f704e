"""What is charged for a registration and how it is paid, for its mail, its letter and its page."""

from dataclasses import replace

from chalicelib.mail.mails import RegistrationMail
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.paying import order_of, payable
from chalicelib.money.payees import table as payees


def with_payment(booking: RegistrationMail) -> RegistrationMail:
    """One query where somebody takes money for it; none anywhere else. What is read here is what is told: an order that
    changes in this second tells its change on the family's page."""
    known = payees.remembered()
    if known.of(booking.session.municipality) is None:
        return booking
    order = order_of(booking.registration, orders.of_family(booking.registration.family_id))
    return replace(booking, order=order, payable=payable(order, known) if order else None)
