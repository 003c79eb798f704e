"""Camps that are called off: whether their money goes back from here."""

from chalicelib.money.orders import table as orders
from chalicelib.money.payees import table as payees


def goes_back_by_itself(family_id: str, session_id: str, municipality: str) -> bool:
    """Whether an order of the family has this camp: what it paid for it is over as soon as the order is worked out
    anew, and then waits for its release (listing.py), so that nobody has to be told to pay it back. One query, where
    families pay the city; else no read."""
    if payees.of(municipality) is None:
        return False
    return any(
        session_id in {line.session_id for line in order.lines} | {gone.session_id for gone in order.gone}
        for order in orders.of_family(family_id)
    )
