"""A person of finance accepts a proof: of who cancelled, or of a child that was absent on some days.

What it means follows from the council's rule: the order is worked out anew behind it (money/orders/following.py), and
what is over by then waits as a refund. Who accepted it releases none of the order's refunds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Adjustment, Order, OrderPart
from chalicelib.money.payees import table as payees
from chalicelib.money.quotes.booked import camp_days
from chalicelib.money.refunds import absences
from chalicelib.money.refunds.absences import Absence
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.rules import Version
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

AS_PROOF = N_("Choose a proof that the council's rule knows.")
AS_HANDED_IN = N_("Give the day on which it was handed in: today or before.")
AS_DAYS = N_("Give the number of days: 1 to {most}.")
AS_PLACE = N_("Choose a child and a camp of this order.")
NOBODY_CANCELLED = N_("Nobody of this order cancelled. For days on which a child was absent, use the other form.")
NOTHING_BACK = N_("The council's rule gives nothing back for this proof on this day.")
NOTED_DOWN = N_("Days of this child in this camp were given back already.")


@dataclass(frozen=True)
class Place:
    """A child in a camp that an order is for. `days`: of the camp."""

    session: Session
    child_id: str
    days: int

    @property
    def key(self) -> str:
        return f"{self.session.session_id}/{self.child_id}"


@dataclass(frozen=True)
class Provable:
    """`proofs`: names that the rules by which the order was made know; none: nothing is to be proven. `cancelled`:
    whether somebody cancelled of whom the city keeps something."""

    proofs: Sequence[str]
    places: Sequence[Place]
    cancelled: bool


def provable(order: Order) -> Provable:
    """Some three reads, where the order's tariff asks for proofs."""
    proofs = sorted({name for version in _versions(order) for kept in version.cancelling for name in kept.proofs})
    if not proofs:
        return Provable((), (), cancelled=False)
    return Provable(proofs, _places(order), cancelled=any(not gone.free for gone in order.gone))


def accept(order_id: str, proof: str, handed_in: date, by: Staff, now: datetime) -> Order:
    """Of who cancelled. Raises Problem `not-found`, `invalid`, `not-now`, `changed`."""
    order = _order(order_id)
    known = provable(order)
    _check(known, proof, handed_in, now)
    if not known.cancelled:
        raise not_now(NOBODY_CANCELLED)
    proofs: Mapping[str, date] = {**order.proofs, proof: handed_in}
    return _put(order, replace(order, proofs=proofs, proven_by=_with(order, by)))


def absent(order_id: str, place: str, days: int, proof: str, handed_in: date, by: Staff, now: datetime) -> Order:
    """`place`: as `Place.key` says it. The same Problems; `not-now` where nothing goes back, or it did already."""
    order = _order(order_id)
    known = provable(order)
    _check(known, proof, handed_in, now)
    found = next((one for one in known.places if one.key == place), None)
    if found is None:
        raise invalid("place", AS_PLACE)
    if not 1 <= days <= found.days:
        raise invalid("days", AS_DAYS, most=found.days)
    assert found.session.starts_on
    assert found.session.ends_on
    absence = Absence(
        *(found.session.session_id, found.child_id, days, found.days),
        *(found.session.starts_on, found.session.ends_on, proof, handed_in),
    )
    if any(one.adjustment_id == absence.adjustment_id for one in order.adjustments):
        raise not_now(NOTED_DOWN)
    back = max(absences.goes_back(order, one, absence, today(order.made_at)) for one in _versions(order))
    if not back:
        raise not_now(NOTHING_BACK)
    why = f"{proof}: {days}/{found.days}"
    adjustment = Adjustment(absence.adjustment_id, -back, why, by.staff_id, now.replace(microsecond=0))
    return _put(order, replace(order, adjustments=(*order.adjustments, adjustment)))


def _order(order_id: str) -> Order:
    order = orders.get(order_id)
    if order is None:
        raise Problem(NOT_FOUND)
    access.about(order.family_id)
    return order


def _put(before: Order, after: Order) -> Order:
    try:
        core_table.transact_write_patiently(orders.putting(before, after))
    except Refused:
        raise Problem(CHANGED) from None
    return after


def _check(known: Provable, proof: str, handed_in: date, now: datetime) -> None:
    if proof not in known.proofs:
        raise invalid("proof", AS_PROOF)
    if handed_in > today(now):
        raise invalid("handed_in", AS_HANDED_IN)


def _with(order: Order, by: Staff) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*order.proven_by, by.staff_id)))


def _versions(order: Order) -> list[Version]:
    """Those by which its registrations were made, which are the ones that hold for it."""
    tariff = tariffs.in_force(order.municipality)
    days = {today(order.made_at), *(today(gone.registered_at) for gone in order.gone)}
    return [version for day in sorted(days) if tariff and (version := tariff.version(day))]


def _places(order: Order) -> list[Place]:
    keys = dict.fromkeys((line.session_id, line.child_id) for line in order.lines if line.part is OrderPart.PRICE)
    sessions = programme.several({session_id for session_id, _ in keys}) if keys else {}
    payee = payees.of(order.municipality)
    country = payee.country if payee else "BE"
    return [
        Place(session, child_id, len(camp_days(session, country)))
        for session_id, child_id in keys
        if (session := sessions.get(session_id)) and session.starts_on and session.ends_on
    ]
