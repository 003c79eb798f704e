"""A registration ends because nobody paid it: the same cancellation as a family's own, so its seat is free, the waiting
list moves on, and a mail says why and what the city keeps."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Ended, EndedBy, Registration, RegistrationStatus
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write
from chalicelib.money.entitlements import table as declarations
from chalicelib.money.online import table as online
from chalicelib.money.online.rules import is_watched
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.paying import order_of
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.unpaid import table
from chalicelib.money.unpaid.rules import LEAST_NOTICE, Reminded, had_another_account, may_end
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme


class NotAsMeasured(Exception):
    """Money came in, or the order changed, since it was read: nothing ended."""


def end(order_id: str, due_on: str, known_until: str, now: datetime) -> int:
    """How many registrations ended. `due_on`, `known_until`: as they were measured this morning (looking.py); what a
    statement said does not become less. Again is the same: what has ended has no seats any more."""
    order = orders.get(order_id)
    payee = payees.of(order.municipality) if order else None
    if order is None or payee is None or order.due_on.isoformat() != due_on:
        return 0
    reminded = table.several([order]).get(order_id, Reminded())
    if had_another_account(order, payee):
        return 0
    if not may_end(order, payee.unpaid, reminded, date.fromisoformat(known_until), ()):
        return 0
    seated = _seated(order, now)
    if any(_is_about_to_begin(one, now) for one in seated) or _is_under_way(order, now) or _waits(order):
        log.info("unpaid_left_to_people")
        return 0
    ended = 0
    for record in seated:
        family = families.get(record.family_id, record.pass_id)
        if family is None:
            continue
        try:
            register.cancel(
                family.bearer, record.registration_id, now, _alone_while(order, record), by=Ended(EndedBy.UNPAID)
            )
        except NotAsMeasured:
            break
        ended += 1
    return ended


def _seated(order: Order, now: datetime) -> list[Registration]:
    """Those of the order that have their seats for good."""
    records = registrations.of_family(order.family_id)
    stands = register.standings(records, now)
    return [
        record
        for record, standing in zip(records, stands, strict=True)
        if standing and standing.status is RegistrationStatus.CONFIRMED and order_of(record, [order])
    ]


def _is_about_to_begin(record: Registration, now: datetime) -> bool:
    session = programme.get(record.session_id)
    first = session.starts_on if session else None
    return first is None or first <= today(now) + timedelta(LEAST_NOTICE)


def _is_under_way(order: Order, now: datetime) -> bool:
    """Whether money may still come from a payment on line: one that failed is paid now and then."""
    begun = online.attempt(order.order_id)
    if begun and begun.began + timedelta(days=1) > now:
        return True
    return any(is_watched(payment, now) for payment in online.of_order(order.order_id))


def _waits(order: Order) -> bool:
    """Whether the family has declared something by which it may owe less, and nobody has looked at it yet."""
    return any(one.waits for one in declarations.of_family(order.family_id))


def _alone_while(order: Order, record: Registration) -> Any:
    """The seats are free, and the record says why, only while the order is as it was measured: one transaction. Raises
    NotAsMeasured."""

    def free(update: Mapping[str, Any]) -> None:
        why = registrations.ending(record.registration_id, EndedBy.UNPAID)
        try:
            transact_write([{"Update": update}, why, orders.standing(order)])
        except Refused as refused:
            latest = orders.get(order.order_id)
            if latest is None or latest.edition != order.edition:
                raise NotAsMeasured from refused
            raise

    return free
