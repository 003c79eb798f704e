"""Days on which a child was absent with a proof, a doctor's note for example: what the council's rule gives back of
them. Plain rules.

Who comes for the other days did not cancel; so the price of the days is settled by itself, as for somebody who did not
come (money/tariffs/cancelling.py), and becomes an adjustment of the order.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from chalicelib.money.orders.rules import Order
from chalicelib.money.tariffs.cancelling import Cancelling, settle
from chalicelib.money.tariffs.rules import Version, rounded


@dataclass(frozen=True)
class Absence:
    """`days` of the `of_days` that the session has, from `first_day` to `last_day`. `proof`: its name in the tariff;
    `handed_in`: on which day."""

    session_id: str
    child_id: str
    days: int
    of_days: int
    first_day: date
    last_day: date
    proof: str
    handed_in: date

    @property
    def adjustment_id(self) -> str:
        """One for a child in a session, whatever days it was absent."""
        return f"absent#{self.session_id}#{self.child_id}"


def price_of(order: Order, session_id: str, child_id: str) -> int:
    """The present price of the child's place in cents, with its extras, fines aside."""
    return sum(
        line.amount_cents
        for line in order.lines
        if (line.session_id, line.child_id) == (session_id, child_id) and line.is_of_the_place
    )


def goes_back(order: Order, version: Version, absence: Absence, registered_on: date) -> int:
    """Cents; 0 where no rule fits this proof on this day."""
    whole = price_of(order, absence.session_id, absence.child_id)
    price = rounded(Fraction(whole * absence.days, absence.of_days), version.rounding)
    asked = Cancelling(
        registered_on=registered_on,
        cancelled_on=absence.last_day,
        first_day=absence.first_day,
        last_day=absence.last_day,
        proofs=frozenset({absence.proof}),
        proven_on=absence.handed_in,
    )
    return settle(version, min(price, whole), asked).back_cents
